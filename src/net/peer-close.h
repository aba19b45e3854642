/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * ferry_peer_close_async:
 * @limit: seconds to wait
 *
 * Waits until the peer closes its end of @stream, whose other direction is closed and
 * drained already. A program that closes a socket with bytes in it unread resets the
 * connection: a close in good order says that it has taken everything in. Where @stream
 * is no socket, encrypted or not, it is done at once, for closing the output of such a one
 * has waited for the peer.
 *
 * Fails with %G_IO_ERROR_TIMED_OUT, with %G_IO_ERROR_CANCELLED, or as the connection does.
 */
void     ferry_peer_close_async  (GIOStream            *stream,
                                  guint                 limit,
                                  GCancellable         *cancellable,
                                  GAsyncReadyCallback   callback,
                                  gpointer              user_data);
gboolean ferry_peer_close_finish (GAsyncResult         *result,
                                  GError              **error);

G_END_DECLS
