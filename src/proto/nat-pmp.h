/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/ip-address.h"

G_BEGIN_DECLS

/* The codec of the NAT Port Mapping Protocol, as far as it maps TCP ports (RFC 6886). */

typedef enum
{
  FERRY_NAT_PMP_ANSWER_ADDRESS,
  FERRY_NAT_PMP_ANSWER_MAP,
  FERRY_NAT_PMP_ANSWER_UNSUPPORTED, /* the router does not speak this version */
} FerryNatPmpAnswerKind;

typedef struct
{
  FerryNatPmpAnswerKind kind;
  guint16               result;        /* 0: well */
  guint32               epoch;         /* seconds since the router began; not of UNSUPPORTED */
  FerryIpAddress        external;      /* of ADDRESS; as it is said, be it nonsense */
  guint16               external_port; /* of MAP; likewise */
  guint32               lifetime;      /* of MAP: seconds */
} FerryNatPmpAnswer;

/* Which address the router has outside. Returns: (transfer full) */
GBytes     *ferry_nat_pmp_address_to_bytes (void);
/* @external_port: wished for; 0: any. @lifetime: seconds; 0: give it back.
 * Returns: (transfer full) */
GBytes     *ferry_nat_pmp_map_to_bytes     (guint16            port,
                                            guint16            external_port,
                                            guint32            lifetime);
/* @port: that a mapping was asked for. Returns: %FALSE: it is no answer to us, and @answer is
 * not to be looked at */
gboolean    ferry_nat_pmp_parse_answer     (guint16            port,
                                            const guint8      *data,
                                            gsize              size,
                                            FerryNatPmpAnswer *answer);
/* English, to follow "the router ": "does not allow it" */
const char *ferry_nat_pmp_result_to_string (guint16            result);
/* Whether the router has lost what it knew between two answers (§3.6). @elapsed: seconds, ours */
gboolean    ferry_nat_pmp_has_forgotten    (guint32            epoch_before,
                                            guint32            epoch,
                                            gint64             elapsed);

G_END_DECLS
