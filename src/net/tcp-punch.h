/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * ferry_tcp_punch_async:
 * @port: of our listener: it is what the connection comes from, too (SO_REUSEPORT)
 * @place: the peer's, as predicted
 * @timeout: seconds
 *
 * TCP simultaneous open (RFC 9293 §3.5): both ends connect to each other at about the same time,
 * each from the port the other one knows. Tries again while it is refused.
 */
void               ferry_tcp_punch_async  (guint16               port,
                                           GInetSocketAddress   *place,
                                           guint                 timeout,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
/* Returns: (transfer full): nothing was said on it yet */
GSocketConnection *ferry_tcp_punch_finish (GAsyncResult         *result,
                                           GError              **error);

G_END_DECLS
