/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "proto/path-facts.h"

G_BEGIN_DECLS

/* The addresses of this machine, as libnice lists them, with what the kernel knows of each.
 * Link-local ones are not among them, nor those that may turn out to be another's. IPv4 before
 * IPv6. Returns: (transfer full) (element-type FerryInterfaceAddress) */
GPtrArray *ferry_interfaces_list       (gboolean        with_loopback);
/* The router that everything else goes by. @own: (out): our address on the way to it.
 * Returns: %FALSE: there is none of this family */
gboolean   ferry_interfaces_get_router (GSocketFamily   family,
                                        FerryIpAddress *router,
                                        FerryIpAddress *own);

G_END_DECLS
