/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "legacy/namespaces.h"
#include "legacy/si-session.h"
#include "legacy/si.h"
#include "proto/bytestreams-codec.h"
#include "proto/ibb-codec.h"
#include "proto/iq.h"

static const FerryElement *
get_si (const FerryElement *iq)
{
  const FerryElement *si = ferry_iq_get_payload (iq);

  return si != NULL && ferry_element_is (si, "si", FERRY_NS_SI) ? si : NULL;
}

const char *
ferry_si_get_sid (const FerryElement *iq)
{
  const FerryElement *si = get_si (iq);

  return si != NULL ? ferry_element_get_attribute (si, "id") : NULL;
}

/* C-1: whatever is not of the older text, broken offers too. */
static gboolean
si_is_opening (const FerryElement *iq)
{
  const FerryElement *si = get_si (iq);

  return si != NULL && !ferry_si_is_87 (si);
}

static FerrySession *
si_offer (const FerrySessionConfig *config)
{
  return ferry_si_session_new (&ferry_si_text_95, FERRY_ROLE_INITIATOR, config);
}

static FerrySession *
si_answer (const FerrySessionConfig *config)
{
  return ferry_si_session_new (&ferry_si_text_95, FERRY_ROLE_RESPONDER, config);
}

/* Every request is an offer: one without an id is none, and the id of any other belongs to
 * something else. */
FerryElement *
ferry_si_refuse_iq (const FerryElement *iq)
{
  return ferry_si_refuse (&ferry_si_text_95, iq,
                          ferry_si_get_sid (iq) == NULL ? FERRY_SI_REFUSE_BAD_PROFILE
                                                        : FERRY_SI_REFUSE_CONFLICT);
}

FerryElement *
ferry_si_busy (const FerryElement *iq)
{
  return ferry_si_refuse (&ferry_si_text_95, iq, FERRY_SI_REFUSE_BUSY);
}

/* SI95-6 */
static const char *const features[] = {
  FERRY_NS_SI,
  FERRY_NS_SI_FILE_TRANSFER,
  NULL,
};

/* SIFT-2 */
static const char *const transports[] = {
  FERRY_NS_BYTESTREAMS,
  FERRY_NS_IBB,
  NULL,
};

const FerryDialectEntrance ferry_si_entrances[] = {
  { FALSE, "si", FERRY_NS_SI },
  { 0 },
};

const FerryDialect ferry_si_dialect = {
  .name = "si",
  .features = features,
  .transports = transports,
  .hides_transports = TRUE,
  .is_guess = TRUE, /* SEL-9 */
  .entrances = ferry_si_entrances,
  .hashes = 1u << FERRY_HASH_MD5,
  .get_sid = ferry_si_get_sid,
  .is_opening = si_is_opening,
  .offer = si_offer,
  .answer = si_answer,
  .refuse = ferry_si_refuse_iq,
  .busy = ferry_si_busy,
};
