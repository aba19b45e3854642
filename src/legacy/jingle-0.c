/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "legacy/jingle-0.h"
#include "legacy/jingle-file-transfer-0.h"
#include "legacy/namespaces.h"
#include "proto/ibb-codec.h"
#include "proto/jingle-dialect.h"
#include "proto/jingle-session.h"
#include "proto/s5b-codec.h"

#define GENERATION (&ferry_jingle_generation_0)

/* Protocols 3.4: what had no word of its own yet is said in the words there were. */
static const char *const reasons[FERRY_JINGLE_N_REASONS] = {
  [FERRY_JINGLE_REASON_ALTERNATIVE_SESSION] = "alternative-session",
  [FERRY_JINGLE_REASON_BUSY] = "busy",
  [FERRY_JINGLE_REASON_CANCEL] = "cancel",
  [FERRY_JINGLE_REASON_CONNECTIVITY_ERROR] = "connectivity-error",
  [FERRY_JINGLE_REASON_DECLINE] = "decline",
  [FERRY_JINGLE_REASON_EXPIRED] = "expired",
  [FERRY_JINGLE_REASON_FAILED_APPLICATION] = "general-error",
  [FERRY_JINGLE_REASON_FAILED_TRANSPORT] = "connectivity-error",
  [FERRY_JINGLE_REASON_GENERAL_ERROR] = "general-error",
  [FERRY_JINGLE_REASON_GONE] = "gone",
  [FERRY_JINGLE_REASON_INCOMPATIBLE_PARAMETERS] = "general-error",
  [FERRY_JINGLE_REASON_MEDIA_ERROR] = "media-error",
  [FERRY_JINGLE_REASON_SECURITY_ERROR] = "security-error",
  [FERRY_JINGLE_REASON_SUCCESS] = "success",
  [FERRY_JINGLE_REASON_TIMEOUT] = "timeout",
  [FERRY_JINGLE_REASON_UNSUPPORTED_APPLICATIONS] = "unsupported-applications",
  [FERRY_JINGLE_REASON_UNSUPPORTED_TRANSPORTS] = "unsupported-transports",
};

const FerryJingleGeneration ferry_jingle_generation_0 = {
  .ns = FERRY_NS_JINGLE_0,
  .errors_ns = FERRY_NS_JINGLE_ERRORS_0,
  .names_parties = TRUE,
  .is_lax_about_security = TRUE,
  .reasons = reasons,
};

#define S5B          { .ns = FERRY_NS_S5B_0 }
#define IN_BAND      { .ns = FERRY_NS_JINGLE_IBB_0, .is_in_band = TRUE }
#define IN_BAND_BARE { .ns = FERRY_NS_JINGLE_IBB_0, .is_in_band = TRUE, .is_early = TRUE }
#define BYTESTREAMS  { .ns = FERRY_NS_JINGLE_BYTESTREAMS_0, .is_early = TRUE,                 \
                       .takes_any = TRUE, .both_replace = TRUE }
/* Protocols 11, row 5: of the next generation, where the peer has no other. */
#define NEWER        { .ns = FERRY_NS_S5B_1 },                                                \
                     { .ns = FERRY_NS_JINGLE_IBB_1, .is_in_band = TRUE }

/* SEL-2: which form of ibb:0 we propose depends on what it comes with. */
const FerryJingleWay ferry_jingle_0_ways[] = { S5B, BYTESTREAMS, IN_BAND, IN_BAND_BARE, NEWER, { 0 } };
static const FerryJingleWay bare_ways[] = { BYTESTREAMS, IN_BAND_BARE, { 0 } };

static const FerryJingleApplication *const applications[] = {
  &ferry_jingle_file_transfer_0,
  &ferry_jingle_file_transfer_1,
  NULL,
};

static const FerryJingleApplication *const applications_1[] = {
  &ferry_jingle_file_transfer_1,
  NULL,
};

static const FerryJingleFlavour flavour = {
  .generation = GENERATION,
  .applications = applications,
  .ways = ferry_jingle_0_ways,
};

static const FerryJingleFlavour bare_flavour = {
  .generation = GENERATION,
  .applications = applications,
  .ways = bare_ways,
  .offers_all = TRUE,
};

static const FerryJingleFlavour flavour_1 = {
  .generation = GENERATION,
  .applications = applications_1,
  .ways = ferry_jingle_0_ways,
};

static const char *
jingle_0_get_sid (const FerryElement *iq)
{
  return ferry_jingle_dialect_get_sid (GENERATION, iq);
}

static gboolean
jingle_0_is_opening (const FerryElement *iq)
{
  return ferry_jingle_dialect_is_opening (GENERATION, iq);
}

static gboolean
never_is_opening (const FerryElement *iq)
{
  return FALSE;
}

static FerryElement *
jingle_0_refuse (const FerryElement *iq)
{
  return ferry_jingle_dialect_refuse (GENERATION, iq);
}

static FerryElement *
jingle_0_busy (const FerryElement *iq)
{
  return ferry_jingle_refuse (GENERATION, iq, FERRY_JINGLE_REFUSE_BUSY, NULL);
}

static FerrySession *
jingle_0_offer (const FerrySessionConfig *config)
{
  return ferry_jingle_session_offer (&flavour, config);
}

static FerrySession *
jingle_0_request (const FerrySessionConfig *config)
{
  return ferry_jingle_session_request (&flavour, config);
}

static FerrySession *
jingle_0_answer (const FerrySessionConfig *config)
{
  return ferry_jingle_session_answer (&flavour, config);
}

static FerrySession *
bare_offer (const FerrySessionConfig *config)
{
  return ferry_jingle_session_offer (&bare_flavour, config);
}

static FerrySession *
bare_request (const FerrySessionConfig *config)
{
  return ferry_jingle_session_request (&bare_flavour, config);
}

/* SEL-2: who knows bytestreams:0 knows ibb:0 by the same document. */
static const FerryJingleFlavour *
choose_form (const FerrySessionConfig *config)
{
  gboolean is_bare = config->features != NULL &&
                     g_strv_contains (config->features, FERRY_NS_JINGLE_BYTESTREAMS_0);

  return is_bare ? &bare_flavour : &flavour;
}

static FerrySession *
ibb_offer (const FerrySessionConfig *config)
{
  return ferry_jingle_session_offer (choose_form (config), config);
}

static FerrySession *
ibb_request (const FerrySessionConfig *config)
{
  return ferry_jingle_session_request (choose_form (config), config);
}

static FerrySession *
ft1_offer (const FerrySessionConfig *config)
{
  return ferry_jingle_session_offer (&flavour_1, config);
}

static FerrySession *
ft1_request (const FerrySessionConfig *config)
{
  return ferry_jingle_session_request (&flavour_1, config);
}

static const FerryDialectEntrance entrances[] = {
  { FALSE, "jingle", FERRY_NS_JINGLE_0 },
  { 0 },
};

static const char *const features[] = {
  FERRY_NS_JINGLE_0, FERRY_NS_FILE_TRANSFER_0, FERRY_NS_S5B_0, NULL
};
static const char *const bytestreams_features[] = {
  FERRY_NS_JINGLE_0, FERRY_NS_FILE_TRANSFER_0, FERRY_NS_JINGLE_BYTESTREAMS_0, NULL
};
static const char *const ibb_features[] = {
  FERRY_NS_JINGLE_0, FERRY_NS_FILE_TRANSFER_0, FERRY_NS_JINGLE_IBB_0, NULL
};
static const char *const ft1_features[] = {
  FERRY_NS_JINGLE_0, FERRY_NS_FILE_TRANSFER_1, NULL
};

static const char *const transports[] = {
  FERRY_NS_S5B_0, FERRY_NS_JINGLE_IBB_0, NULL
};
static const char *const bytestreams_transports[] = {
  FERRY_NS_JINGLE_BYTESTREAMS_0, FERRY_NS_JINGLE_IBB_0, NULL
};
static const char *const ibb_transports[] = {
  FERRY_NS_JINGLE_IBB_0, NULL
};
static const char *const ft1_transports[] = {
  FERRY_NS_S5B_0, FERRY_NS_S5B_1, FERRY_NS_JINGLE_IBB_0, FERRY_NS_JINGLE_IBB_1, NULL
};
static const char *const accepts[] = {
  FERRY_NS_S5B_0, FERRY_NS_JINGLE_BYTESTREAMS_0, FERRY_NS_S5B_1,
  FERRY_NS_JINGLE_IBB_0, FERRY_NS_JINGLE_IBB_1, NULL
};

/* SEL-5: whatever comes in is answered by the first of them. J-15 is younger than they. */
#define DIALECT                                                                               \
  .accepts = accepts,                                                                         \
  .entrances = entrances,                                                                     \
  .hashes = 1u << FERRY_HASH_MD5,                                                             \
  .resumes = FERRY_RESUMES_HASHED,                                                            \
  .is_securable = TRUE,                                                                       \
  .get_sid = jingle_0_get_sid,                                                                \
  .answer = jingle_0_answer,                                                                  \
  .refuse = jingle_0_refuse,                                                                  \
  .busy = jingle_0_busy

const FerryDialect ferry_jingle_0_dialect = {
  DIALECT,
  .name = "jingle-0",
  .features = features,
  .transports = transports,
  .is_opening = jingle_0_is_opening,
  .offer = jingle_0_offer,
  .request = jingle_0_request,
};

const FerryDialect ferry_jingle_0_bytestreams_dialect = {
  DIALECT,
  .name = "jingle-0-bytestreams",
  .features = bytestreams_features,
  .transports = bytestreams_transports,
  .is_opening = never_is_opening,
  .offer = bare_offer,
  .request = bare_request,
};

const FerryDialect ferry_jingle_0_ibb_dialect = {
  DIALECT,
  .name = "jingle-0-ibb",
  .features = ibb_features,
  .transports = ibb_transports,
  .is_opening = never_is_opening,
  .offer = ibb_offer,
  .request = ibb_request,
};

const FerryDialect ferry_jingle_0_ft1_dialect = {
  DIALECT,
  .name = "jingle-0-ft1",
  .features = ft1_features,
  .transports = ft1_transports,
  .is_opening = never_is_opening,
  .offer = ft1_offer,
  .request = ft1_request,
};
