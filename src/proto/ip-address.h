/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* An IP address as bytes in network order: a value. */
typedef struct
{
  guint8 bytes[16];
  guint  len; /* 4 or 16; 0: none */
} FerryIpAddress;

/* Who can be reached at it. */
typedef enum
{
  FERRY_IP_NOBODY,     /* unspecified, multicast, broadcast, reserved */
  FERRY_IP_LOOPBACK,
  FERRY_IP_LINK_LOCAL,
  FERRY_IP_PRIVATE,    /* RFC 1918, RFC 4193 */
  FERRY_IP_SHARED,     /* 100.64/10, behind a carrier's translator (RFC 6598) */
  FERRY_IP_TRANSLATED, /* another address in disguise: NAT64, 6to4 */
  FERRY_IP_GLOBAL,
} FerryIpScope;

/* @len: 4 or 16 */
FerryIpAddress  ferry_ip_address           (const guint8         *bytes,
                                            guint                 len);
/* A literal, without brackets and zone. Returns: %FALSE: it is none, and @address is none */
gboolean        ferry_ip_address_parse     (const char           *text,
                                            FerryIpAddress       *address);
/* Returns: (transfer full): RFC 5952 for IPv6 */
char           *ferry_ip_address_to_string (const FerryIpAddress *self);
gboolean        ferry_ip_address_equal     (const FerryIpAddress *a,
                                            const FerryIpAddress *b);
/* The IPv4 address inside ::ffff:a.b.c.d; any other as it is. */
FerryIpAddress  ferry_ip_address_unmap     (const FerryIpAddress *self);
/* Of what it unmaps to. */
FerryIpScope    ferry_ip_address_get_scope (const FerryIpAddress *self);
/* Whether both lie in the same block that is not global: 10/8, 172.16/12, fc00::/7, ... */
gboolean        ferry_ip_address_is_beside (const FerryIpAddress *a,
                                            const FerryIpAddress *b);
/* For what is shown to others: the host's part is hidden ("203.0.113.x", "2001:db8:x").
 * @host: any text; a name stays. Returns: (transfer full) */
char           *ferry_ip_address_mask      (const char           *host);

G_END_DECLS
