/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "legacy/namespaces.h"
#include "legacy/rel-codec.h"
#include "legacy/rel-session.h"
#include "legacy/rel.h"
#include "proto/bytestreams-codec.h"
#include "proto/ibb-codec.h"
#include "proto/iq.h"

static const FerryElement *
get_query (const FerryElement *iq,
           const char         *ns)
{
  const FerryElement *query = ferry_iq_get_payload (iq);

  return query != NULL && ferry_element_is (query, "query", ns) ? query : NULL;
}

/* An offer has none: its answer will tell one. */
static const char *
rel_get_sid (const FerryElement *iq)
{
  const FerryElement *query = get_query (iq, FERRY_NS_REL);

  return query != NULL ? ferry_element_get_attribute (query, "cid") : NULL;
}

static gboolean
rel_is_opening (const FerryElement *iq)
{
  return get_query (iq, FERRY_NS_REL_APPLICATION) != NULL;
}

static FerrySession *
rel_offer (const FerrySessionConfig *config)
{
  return ferry_rel_session_new (FERRY_ROLE_INITIATOR, config);
}

static FerrySession *
rel_answer (const FerrySessionConfig *config)
{
  return ferry_rel_session_new (FERRY_ROLE_RESPONDER, config);
}

static FerryElement *
rel_refuse (const FerryElement *iq)
{
  return ferry_rel_refuse (iq, rel_get_sid (iq) != NULL ? FERRY_REL_REFUSE_CID
                                                        : FERRY_REL_REFUSE_MALFORMED);
}

static FerryElement *
rel_busy (const FerryElement *iq)
{
  return ferry_rel_refuse (iq, FERRY_REL_REFUSE_BUSY);
}

/* REL-1, FN-1 */
static const char *const features[] = {
  FERRY_NS_REL,
  FERRY_NS_FEATURE_NEG,
  NULL,
};

static const char *const transports[] = {
  FERRY_NS_BYTESTREAMS,
  FERRY_NS_IBB,
  NULL,
};

static const FerryDialectEntrance entrances[] = {
  { FALSE, "query", FERRY_NS_REL_APPLICATION },
  { TRUE, "query", FERRY_NS_REL },
  { 0 },
};

/* Methods are negotiated: listing 2 advertises none. */
const FerryDialect ferry_rel_dialect = {
  .name = "rel",
  .features = features,
  .transports = transports,
  .hides_transports = TRUE,
  .entrances = entrances,
  .is_anonymous = TRUE,
  .get_sid = rel_get_sid,
  .is_opening = rel_is_opening,
  .offer = rel_offer,
  .answer = rel_answer,
  .refuse = rel_refuse,
  .busy = rel_busy,
};
