/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * ferry_socks5_probe_async:
 * @place: where somebody says that a SOCKS5 server is
 * @desktop_proxy: (nullable): it is reached through this, by its name
 * @timeout: seconds, for all of it
 *
 * Whether there is one, that asks for no password: connects, greets it (RFC 1928 §3), hangs up.
 * Fails with %FERRY_PROTO_ERROR when it is another kind of server, and with %G_IO_ERROR.
 */
void   ferry_socks5_probe_async  (GSocketConnectable   *place,
                                  GProxyResolver       *desktop_proxy,
                                  guint                 timeout,
                                  GCancellable         *cancellable,
                                  GAsyncReadyCallback   callback,
                                  gpointer              user_data);
/* Returns: µs that it took to connect; -1 with @error */
gint64 ferry_socks5_probe_finish (GAsyncResult         *result,
                                  GError              **error);

G_END_DECLS
