/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "legacy/namespaces.h"
#include "legacy/si-87.h"
#include "legacy/si-session.h"
#include "legacy/si.h"
#include "proto/bytestreams-codec.h"
#include "proto/ibb-codec.h"
#include "proto/iq.h"

/* SI87-7 */
static gboolean
si_87_is_opening (const FerryElement *iq)
{
  const FerryElement *si = ferry_iq_get_payload (iq);

  return si != NULL && ferry_element_is (si, "si", FERRY_NS_SI) && ferry_si_is_87 (si);
}

static FerrySession *
si_87_offer (const FerrySessionConfig *config)
{
  return ferry_si_session_new (&ferry_si_text_87, FERRY_ROLE_INITIATOR, config);
}

static FerrySession *
si_87_answer (const FerrySessionConfig *config)
{
  return ferry_si_session_new (&ferry_si_text_87, FERRY_ROLE_RESPONDER, config);
}

/* SI87-4 */
static const char *const features[] = {
  FERRY_NS_SI,
  FERRY_NS_SI_FILEXFER,
  NULL,
};

/* Their names in the offer are shorter; what they are is the same. */
static const char *const transports[] = {
  FERRY_NS_BYTESTREAMS,
  FERRY_NS_IBB,
  NULL,
};

const FerryDialect ferry_si_87_dialect = {
  .name = "si-87",
  .features = features,
  .transports = transports,
  .hides_transports = TRUE,
  .entrances = ferry_si_entrances,
  .hashes = 1u << FERRY_HASH_SHA1,
  .get_sid = ferry_si_get_sid,
  .is_opening = si_87_is_opening,
  .offer = si_87_offer,
  .answer = si_87_answer,
  .refuse = ferry_si_refuse_iq,
  .busy = ferry_si_busy,
};
