/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "proto/ip-address.h"

G_BEGIN_DECLS

/* Between our addresses and GIO's. */

/* Returns: (transfer full) (nullable): %NULL: @address is none */
GInetAddress   *ferry_inet_address_new        (const FerryIpAddress *address);
/* Returns: (transfer full) (nullable): %NULL: @address is none */
GSocketAddress *ferry_inet_address_new_socket (const FerryIpAddress *address,
                                               guint16               port);
FerryIpAddress  ferry_inet_address_get_ip     (GInetAddress         *address);

G_END_DECLS
