/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/ip-address.h"

G_BEGIN_DECLS

/* The codec of the Port Control Protocol, as far as it maps TCP ports (RFC 6887). */

/* A question: a value. */
typedef struct
{
  FerryIpAddress own;
  guint16        port;
  guint8         nonce[12];
  FerryIpAddress external;      /* wished for; none: any */
  guint16        external_port; /* wished for; 0: any */
  guint32        lifetime;      /* seconds; 0: give it back, and nothing is wished for */
} FerryPcpMap;

typedef enum
{
  FERRY_PCP_ANSWER_MAP,          /* to the question, be it yes or no */
  FERRY_PCP_ANSWER_ANNOUNCEMENT, /* to nobody: the router tells that it is there */
  FERRY_PCP_ANSWER_UNSUPPORTED,  /* the router does not speak this version */
} FerryPcpAnswerKind;

typedef struct
{
  FerryPcpAnswerKind kind;
  guint8             result;        /* 0: well */
  guint32            lifetime;      /* seconds: of the mapping, or of the refusal */
  guint32            epoch;         /* seconds since the router began; not of UNSUPPORTED */
  FerryIpAddress     external;      /* of MAP; as it is said, be it nonsense */
  guint16            external_port; /* likewise */
} FerryPcpAnswer;

/* Returns: (transfer full) */
GBytes     *ferry_pcp_map_to_bytes     (const FerryPcpMap *self);
/* Returns: %FALSE: it is no answer to @self, and @answer is not to be looked at */
gboolean    ferry_pcp_map_parse_answer (const FerryPcpMap *self,
                                        const guint8      *data,
                                        gsize              size,
                                        FerryPcpAnswer    *answer);
/* English, to follow "the router ": "does not allow it" */
const char *ferry_pcp_result_to_string (guint8             result);
/* Whether the router has lost what it knew between two answers (§8.5). @elapsed: seconds, ours */
gboolean    ferry_pcp_has_forgotten    (guint32            epoch_before,
                                        guint32            epoch,
                                        gint64             elapsed);

G_END_DECLS
