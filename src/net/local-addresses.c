/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-local-addresses"

#include "config.h"

#include <nice/interfaces.h>

#include "net/local-addresses.h"

static gboolean
is_wanted (GInetAddress *address,
           gboolean      with_loopback)
{
  if (g_inet_address_get_is_loopback (address))
    return with_loopback;

  return !g_inet_address_get_is_link_local (address) && !g_inet_address_get_is_any (address) &&
         !g_inet_address_get_is_multicast (address);
}

/* @zone is part of some IPv6 addresses: fe80::1%eth0 */
static GInetAddress *
parse_without_zone (const char *text)
{
  g_autofree char *address = g_strndup (text, strcspn (text, "%"));

  return g_inet_address_new_from_string (address);
}

static void
add_family (GPtrArray     *found,
            GList         *all,
            GSocketFamily  family,
            gboolean       with_loopback,
            guint          limit)
{
  for (GList *l = all; l != NULL && found->len < limit; l = l->next)
    {
      g_autoptr(GInetAddress) address = parse_without_zone (l->data);
      g_autofree char *text = NULL;

      if (address == NULL || g_inet_address_get_family (address) != family ||
          !is_wanted (address, with_loopback))
        continue;

      text = g_inet_address_to_string (address);

      if (!g_ptr_array_find_with_equal_func (found, text, g_str_equal, NULL))
        g_ptr_array_add (found, g_steal_pointer (&text));
    }
}

/* libnice leaves out the bridges of containers and virtual machines by itself. */
char **
ferry_local_addresses_list (gboolean with_loopback,
                            guint    limit)
{
  GList *all = nice_interfaces_get_local_ips (with_loopback);
  GPtrArray *found = g_ptr_array_new ();

  add_family (found, all, G_SOCKET_FAMILY_IPV4, with_loopback, limit);
  add_family (found, all, G_SOCKET_FAMILY_IPV6, with_loopback, limit);
  g_list_free_full (all, g_free);
  g_ptr_array_add (found, NULL);

  return (char **) g_ptr_array_free (found, FALSE);
}
