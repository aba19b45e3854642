/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define FERRY_SHORT_CODE_NONCE  32 /* bytes */
#define FERRY_SHORT_CODE_DIGITS 9

/* A short number that two people compare, bound to both certificates and to the TLS session.
 *
 * Whoever begins commits to a nonce (SHA-256 over it and what it is bound to), the other shows
 * its own, then the first is revealed: who stands between can make no more than one guess in 10^9,
 * since it must choose before it knows. Pure functions; the messages are proto/chat-stanza. */

/* What the number is bound to. Borrowed. */
typedef struct
{
  const char   *initiator_sha256; /* certificates, lower-case hex */
  const char   *responder_sha256;
  const guint8 *channel;          /* exported from the TLS session */
  gsize         n_channel;        /* bytes */
} FerryShortCodeBinding;

/* Returns: (transfer full): lower-case hex */
char    *ferry_short_code_commit (const guint8                *nonce,
                                  const FerryShortCodeBinding *binding);
/* In constant time. */
gboolean ferry_short_code_check  (const char                  *commitment,
                                  const guint8                *nonce,
                                  const FerryShortCodeBinding *binding);
/* Returns: (transfer full): "472 918 305". @first: of who committed; @second: of the other */
char    *ferry_short_code_new    (const guint8                *first,
                                  const guint8                *second,
                                  const FerryShortCodeBinding *binding);

G_END_DECLS
