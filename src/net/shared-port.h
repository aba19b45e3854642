/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* One TCP port of our own that several sockets have: one that listens, and those that punch holes
 * for it (SO_REUSEPORT). No other program gets it meanwhile. */

/* A socket that only keeps @port, for both families where the machine has them; it must never
 * listen. @port: 0: any. Returns: (transfer full) */
GSocket *ferry_shared_port_reserve (guint16         port,
                                    GError        **error);
/* Another socket at a port that is kept. @family: IPV6: for both.
 * Returns: (transfer full) */
GSocket *ferry_shared_port_bind    (GSocketFamily   family,
                                    guint16         port,
                                    GError        **error);
/* Returns: 0: it is bound to none */
guint16  ferry_shared_port_get     (GSocket        *socket);

G_END_DECLS
