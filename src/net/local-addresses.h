/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Addresses of this machine's interfaces, for candidates; libnice lists them.
 * Loopback only if @with_loopback. No link-local ones. IPv4 before IPv6. At most @limit.
 * Returns: (transfer full): %NULL-terminated strings without brackets or zone */
char **ferry_local_addresses_list (gboolean with_loopback,
                                   guint    limit);

G_END_DECLS
