/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Says that we have no more to say on @base, a socket, and closes it once the peer is silent too,
 * or soon. Closed with bytes in it unread, be it a close_notify that is on its way, a connection
 * is reset: and the peer would take that for a failure. From any thread; waits in @context. */
void ferry_tls_linger (GIOStream    *base,
                       GMainContext *context);

G_END_DECLS
