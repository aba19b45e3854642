/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "legacy/jingle-1.h"
#include "legacy/jingle-file-transfer-0.h"
#include "legacy/jingle-file-transfer-3.h"
#include "legacy/namespaces.h"
#include "proto/ibb-codec.h"
#include "proto/jingle-dialect.h"
#include "proto/jingle-session.h"
#include "proto/s5b-codec.h"

#define GENERATION (&ferry_jingle_generation_1)

/* XEP-0260 0.2 and its time had transports :0 in Jingle :1 (protocols 11, row 5). */
const FerryJingleWay ferry_jingle_1_ways[] = {
  { .ns = FERRY_NS_S5B_1 },
  { .ns = FERRY_NS_JINGLE_IBB_1, .is_in_band = TRUE },
  { .ns = FERRY_NS_S5B_0 },
  { .ns = FERRY_NS_JINGLE_IBB_0, .is_in_band = TRUE },
  { 0 },
};

static const FerryDialectEntrance entrances[] = {
  { FALSE, "jingle", FERRY_NS_JINGLE_1 },
  { 0 },
};

static const char *const transports[] = {
  FERRY_NS_S5B_1,
  FERRY_NS_JINGLE_IBB_1, /* FB-9: never before another one */
  NULL,
};

static const char *const mixed_transports[] = {
  FERRY_NS_S5B_1,
  FERRY_NS_S5B_0,
  FERRY_NS_JINGLE_IBB_1,
  FERRY_NS_JINGLE_IBB_0,
  NULL,
};

static const char *
jingle_1_get_sid (const FerryElement *iq)
{
  return ferry_jingle_dialect_get_sid (GENERATION, iq);
}

static gboolean
jingle_1_is_opening (const FerryElement *iq)
{
  return ferry_jingle_dialect_is_opening (GENERATION, iq);
}

static FerryElement *
jingle_1_refuse (const FerryElement *iq)
{
  return ferry_jingle_dialect_refuse (GENERATION, iq);
}

static FerryElement *
jingle_1_busy (const FerryElement *iq)
{
  return ferry_jingle_refuse (GENERATION, iq, FERRY_JINGLE_REFUSE_BUSY, NULL);
}

static FerryElement *
jingle_1_tie (const FerryElement *iq)
{
  return ferry_jingle_refuse (GENERATION, iq, FERRY_JINGLE_REFUSE_TIE_BREAK, NULL);
}

/* The sessions of a dialect that offers one version and takes others. */
#define SESSIONS(name, ...)                                                                   \
  static const FerryJingleApplication *const name##_applications[] = { __VA_ARGS__, NULL };   \
  static const FerryJingleFlavour name##_flavour = {                                          \
    .generation = GENERATION,                                                                 \
    .applications = name##_applications,                                                      \
    .ways = ferry_jingle_1_ways,                                                                             \
  };                                                                                          \
  static FerrySession *                                                                       \
  name##_offer (const FerrySessionConfig *config)                                             \
  {                                                                                           \
    return ferry_jingle_session_offer (&name##_flavour, config);                              \
  }                                                                                           \
  static FerrySession *                                                                       \
  name##_request (const FerrySessionConfig *config)                                           \
  {                                                                                           \
    return ferry_jingle_session_request (&name##_flavour, config);                            \
  }                                                                                           \
  static FerrySession *                                                                       \
  name##_answer (const FerrySessionConfig *config)                                            \
  {                                                                                           \
    return ferry_jingle_session_answer (&name##_flavour, config);                             \
  }

SESSIONS (jingle_1, &ferry_jingle_file_transfer_5, &ferry_jingle_file_transfer_4,
          &ferry_jingle_file_transfer_3, &ferry_jingle_file_transfer_1)
SESSIONS (jingle_1_ft4, &ferry_jingle_file_transfer_4)
SESSIONS (jingle_1_ft3, &ferry_jingle_file_transfer_3)
SESSIONS (jingle_1_ft1, &ferry_jingle_file_transfer_1)

/* SEL-5: whatever comes in is answered by the first of them. */
#define DIALECT(dialect, title)                                                               \
  .name = title,                                                                              \
  .features = dialect##_features,                                                             \
  .accepts = mixed_transports,                                                                \
  .entrances = entrances,                                                                     \
  .is_securable = TRUE,                                                                       \
  .get_sid = jingle_1_get_sid,                                                                \
  .is_opening = jingle_1_is_opening,                                                          \
  .offer = dialect##_offer,                                                                   \
  .request = dialect##_request,                                                               \
  .answer = dialect##_answer,                                                                 \
  .refuse = jingle_1_refuse,                                                                  \
  .busy = jingle_1_busy,                                                                      \
  .tie = jingle_1_tie

static const char *const jingle_1_features[] = {
  FERRY_NS_JINGLE_1, FERRY_NS_FILE_TRANSFER_5, NULL
};
static const char *const jingle_1_ft4_features[] = {
  FERRY_NS_JINGLE_1, FERRY_NS_FILE_TRANSFER_4, NULL
};
static const char *const jingle_1_ft3_features[] = {
  FERRY_NS_JINGLE_1, FERRY_NS_FILE_TRANSFER_3, NULL
};
static const char *const jingle_1_ft1_features[] = {
  FERRY_NS_JINGLE_1, FERRY_NS_FILE_TRANSFER_1, NULL
};

const FerryDialect ferry_jingle_1_dialect = {
  DIALECT (jingle_1, "jingle-1"),
  .transports = transports,
  .hashes = 1u << FERRY_HASH_SHA256,
  .resumes = FERRY_RESUMES_ALWAYS,
};

/* Their receivers know SHA-1 at least. */
#define OLD_HASHES (1u << FERRY_HASH_SHA1 | 1u << FERRY_HASH_SHA256)

const FerryDialect ferry_jingle_1_ft4_dialect = {
  DIALECT (jingle_1_ft4, "jingle-1-ft4"),
  .transports = transports,
  .hashes = OLD_HASHES,
  .resumes = FERRY_RESUMES_HASHED,
};

const FerryDialect ferry_jingle_1_ft3_dialect = {
  DIALECT (jingle_1_ft3, "jingle-1-ft3"),
  .transports = transports,
  .hashes = OLD_HASHES,
  .resumes = FERRY_RESUMES_HASHED,
};

const FerryDialect ferry_jingle_1_ft1_dialect = {
  DIALECT (jingle_1_ft1, "jingle-1-ft1"),
  .transports = mixed_transports,
  .hashes = 1u << FERRY_HASH_MD5,
};
