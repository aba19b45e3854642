/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FerryStarttls:
 *
 * The clear text before TLS (RFC 6120 §5): opens a stream, asks for TLS, and
 * believes nothing else. It owns no socket: send what start() and receive() hand
 * out, feed what comes, and shake hands once is_ready().
 */
typedef struct _FerryStarttls FerryStarttls;

FerryStarttls *ferry_starttls_new      (const char           *domain);
void           ferry_starttls_free     (FerryStarttls        *self);

/* Returns: (transfer full): the stream header to send */
GBytes        *ferry_starttls_start    (FerryStarttls        *self);
/* @to_send: (out) (nullable) (transfer full): what to send before reading on.
 *
 * Returns: %FALSE with @error set when there will be no TLS: %FERRY_PROTO_ERROR_UNSUPPORTED
 *   (the server has none), _REFUSED (with the server's reason), _MALFORMED (also if
 *   anything follows the go-ahead: somebody has put it there), _TOO_LARGE */
gboolean       ferry_starttls_receive  (FerryStarttls        *self,
                                        const guint8         *data,
                                        gsize                 len,
                                        GBytes              **to_send,
                                        GError              **error);
/* The server has said to go ahead: the next byte on the wire is TLS. */
gboolean       ferry_starttls_is_ready (const FerryStarttls  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FerryStarttls, ferry_starttls_free)

G_END_DECLS
