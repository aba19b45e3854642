/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/iq.h"
#include "proto/jingle-codec.h"
#include "proto/jingle-dialect.h"
#include "proto/jingle-session.h"
#include "proto/s5b-codec.h"

static const FerryJingleApplication *const applications_1[] = {
  &ferry_jingle_file_transfer_5,
  NULL,
};

static const FerryJingleFlavour flavour_1 = {
  .generation = &ferry_jingle_generation_1,
  .applications = applications_1,
  .in_band_ns = FERRY_NS_JINGLE_IBB_1,
};

static const char *
get_attribute (const FerryElement *iq,
               const char         *name)
{
  const FerryElement *jingle = ferry_iq_get_payload (iq);

  if (jingle == NULL || !ferry_element_is (jingle, "jingle", FERRY_NS_JINGLE_1))
    return NULL;

  return ferry_element_get_attribute (jingle, name);
}

static const char *
jingle_1_get_sid (const FerryElement *iq)
{
  return get_attribute (iq, "sid");
}

static gboolean
jingle_1_is_opening (const FerryElement *iq)
{
  return g_strcmp0 (get_attribute (iq, "action"), "session-initiate") == 0;
}

static FerrySession *
jingle_1_offer (const FerrySessionConfig *config)
{
  return ferry_jingle_session_new (&flavour_1, FERRY_ROLE_INITIATOR, config);
}

static FerrySession *
jingle_1_answer (const FerrySessionConfig *config)
{
  return ferry_jingle_session_new (&flavour_1, FERRY_ROLE_RESPONDER, config);
}

static FerryElement *
jingle_1_refuse (const FerryElement *iq)
{
  const FerryElement *payload = ferry_iq_get_payload (iq);
  g_autoptr(FerryJingle) jingle = NULL;

  if (payload != NULL)
    jingle = ferry_jingle_parse (payload, &ferry_jingle_generation_1, NULL);

  return ferry_jingle_refuse (&ferry_jingle_generation_1, iq,
                              jingle != NULL ? FERRY_JINGLE_REFUSE_UNKNOWN_SESSION
                                             : FERRY_JINGLE_REFUSE_MALFORMED,
                              NULL);
}

static FerryElement *
jingle_1_busy (const FerryElement *iq)
{
  return ferry_jingle_refuse (&ferry_jingle_generation_1, iq, FERRY_JINGLE_REFUSE_BUSY, NULL);
}

static FerryElement *
jingle_1_tie (const FerryElement *iq)
{
  return ferry_jingle_refuse (&ferry_jingle_generation_1, iq, FERRY_JINGLE_REFUSE_TIE_BREAK,
                              NULL);
}

static const char *const features_1[] = {
  FERRY_NS_JINGLE_1,
  FERRY_NS_FILE_TRANSFER_5,
  NULL,
};

static const FerryDialectEntrance entrances_1[] = {
  { FALSE, "jingle", FERRY_NS_JINGLE_1 },
  { 0 },
};

static const char *const transports_1[] = {
  FERRY_NS_S5B_1,
  FERRY_NS_JINGLE_IBB_1, /* FB-9: never before another one */
  NULL,
};

const FerryDialect ferry_jingle_1_dialect = {
  .name = "jingle-1",
  .features = features_1,
  .transports = transports_1,
  .entrances = entrances_1,
  .hashes = 1u << FERRY_HASH_SHA256,
  .get_sid = jingle_1_get_sid,
  .is_opening = jingle_1_is_opening,
  .offer = jingle_1_offer,
  .answer = jingle_1_answer,
  .refuse = jingle_1_refuse,
  .busy = jingle_1_busy,
  .tie = jingle_1_tie,
};
