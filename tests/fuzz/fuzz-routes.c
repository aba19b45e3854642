/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "fuzz.h"
#include "net/routes.h"

static void
check_route (GSocketFamily  family,
             const char    *text)
{
  static const guint8 nowhere[16];
  FerryDefaultRoute route;

  if (!ferry_routes_parse (family, text, &route))
    return;

  if (route.router.len != (family == G_SOCKET_FAMILY_IPV4 ? 4 : 16) ||
      memcmp (route.router.bytes, nowhere, route.router.len) == 0)
    g_error ("A router of nowhere");
  if (route.interface[0] == '\0' || strstr (text, route.interface) == NULL)
    g_error ("A link of no name");
}

/* Whatever the kernel's files say. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  FerryIpAddress address;
  guint32 flags;

  check_route (G_SOCKET_FAMILY_IPV4, text);
  check_route (G_SOCKET_FAMILY_IPV6, text);

  ferry_ip_address_parse ("2001:db8::1", &address);
  ferry_routes_parse_flags (text, &address, &flags);

  return 0;
}
