/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "legacy/jingle-0.h"
#include "legacy/namespaces.h"
#include "legacy/stream-0.h"
#include "proto/ibb-codec.h"
#include "proto/jingle-dialect.h"
#include "proto/jingle-xml-stream.h"
#include "proto/s5b-codec.h"

#define GENERATION (&ferry_jingle_generation_0)

static const FerryJingleApplication *const applications[] = {
  &ferry_jingle_xml_stream,
  &ferry_jingle_xml_stream_tmp,
  NULL,
};

static const FerryJingleApplication *const draft_applications[] = {
  &ferry_jingle_xml_stream_tmp,
  NULL,
};

static const FerryJingleFlavour flavour = {
  .generation = GENERATION,
  .applications = applications,
  .ways = ferry_jingle_0_ways,
};

static const FerryJingleFlavour draft_flavour = {
  .generation = GENERATION,
  .applications = draft_applications,
  .ways = ferry_jingle_0_ways,
};

static const char *
stream_0_get_sid (const FerryElement *iq)
{
  return ferry_jingle_dialect_get_sid (GENERATION, iq);
}

static gboolean
stream_0_is_opening (const FerryElement *iq)
{
  return ferry_jingle_dialect_is_opening_of (GENERATION, applications, iq);
}

static gboolean
never_is_opening (const FerryElement *iq)
{
  return FALSE;
}

/* XS-2 */
static FerrySession *
stream_0_offer (const FerrySessionConfig *config)
{
  return ferry_jingle_session_offer (ferry_jingle_dialect_is_draft (config->features)
                                       ? &draft_flavour : &flavour, config);
}

static FerrySession *
draft_offer (const FerrySessionConfig *config)
{
  return ferry_jingle_session_offer (&draft_flavour, config);
}

static FerrySession *
stream_0_answer (const FerrySessionConfig *config)
{
  return ferry_jingle_session_answer (&flavour, config);
}

static FerryElement *
stream_0_refuse (const FerryElement *iq)
{
  return ferry_jingle_dialect_refuse (GENERATION, iq);
}

static FerryElement *
stream_0_busy (const FerryElement *iq)
{
  return ferry_jingle_refuse (GENERATION, iq, FERRY_JINGLE_REFUSE_BUSY, NULL);
}

static FerryElement *
stream_0_tie (const FerryElement *iq)
{
  return ferry_jingle_refuse (GENERATION, iq, FERRY_JINGLE_REFUSE_TIE_BREAK, NULL);
}

static const FerryDialectEntrance entrances[] = {
  { FALSE, "jingle", FERRY_NS_JINGLE_0 },
  { 0 },
};

static const char *const features[] = { FERRY_NS_JINGLE_0, FERRY_NS_XML_STREAM, NULL };
static const char *const draft_features[] = { FERRY_NS_JINGLE_0, FERRY_NS_XML_STREAM_TMP, NULL };

/* XS-1 */
static const char *const transports[] = { FERRY_NS_S5B_0, FERRY_NS_JINGLE_IBB_0, NULL };
static const char *const accepts[] = {
  FERRY_NS_S5B_0, FERRY_NS_JINGLE_BYTESTREAMS_0, FERRY_NS_S5B_1,
  FERRY_NS_JINGLE_IBB_0, FERRY_NS_JINGLE_IBB_1, NULL
};

#define DIALECT                                                                               \
  .transports = transports,                                                                   \
  .accepts = accepts,                                                                         \
  .entrances = entrances,                                                                     \
  .is_securable = TRUE,                                                                       \
  .get_sid = stream_0_get_sid,                                                                \
  .answer = stream_0_answer,                                                                  \
  .refuse = stream_0_refuse,                                                                  \
  .busy = stream_0_busy,                                                                      \
  .tie = stream_0_tie

const FerryDialect ferry_stream_0_dialect = {
  DIALECT,
  .name = "stream-0",
  .features = features,
  .is_opening = stream_0_is_opening,
  .offer = stream_0_offer,
};

const FerryDialect ferry_stream_0_draft_dialect = {
  DIALECT,
  .name = "stream-0-draft",
  .features = draft_features,
  .is_opening = never_is_opening,
  .offer = draft_offer,
};
