/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "proto/ip-address.h"

G_BEGIN_DECLS

#define FERRY_MAX_INTERFACE_NAME 15 /* IFNAMSIZ - 1 */

/* The way to all that is not on our own links: a value. */
typedef struct
{
  FerryIpAddress router;
  char           interface[FERRY_MAX_INTERFACE_NAME + 1];
  guint32        metric;
} FerryDefaultRoute;

/* The best default route in @text, which is that of /proc/net/route (IPv4) or
 * /proc/net/ipv6_route. What is not understood of it is passed over.
 * Returns: %FALSE: there is none, or it leads to no router */
gboolean        ferry_routes_parse       (GSocketFamily            family,
                                          const char              *text,
                                          FerryDefaultRoute       *route);
/* @text: of /proc/net/if_inet6. @flags: (out): IFA_F_* of @address */
gboolean        ferry_routes_parse_flags (const char              *text,
                                          const FerryIpAddress    *address,
                                          guint32                 *flags);
/* The flags of all addresses, to be parsed. Returns: (transfer full) (nullable) */
char           *ferry_routes_read_flags  (void);
/* This machine's route, now. */
gboolean        ferry_routes_read        (GSocketFamily            family,
                                          FerryDefaultRoute       *route);
/* Where the router of @route is; a link-local address needs its link named.
 * Returns: (transfer full) */
GSocketAddress *ferry_routes_new_address (const FerryDefaultRoute *route,
                                          guint16                  port);
/* Our address on the way to everything. */
gboolean        ferry_routes_get_own     (const FerryDefaultRoute *route,
                                          FerryIpAddress          *own);

G_END_DECLS
