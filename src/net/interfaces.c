/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-interfaces"

#include "config.h"

#include <ifaddrs.h>
#include <linux/ethtool.h>
#include <linux/if_addr.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <nice/interfaces.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "net/inet-address.h"
#include "net/interfaces.h"
#include "net/routes.h"

/* What a link is called that other machines on this one are behind, whatever made it. */
static const char *const virtual_names[] = {
  "br-", "cni", "docker", "lxc", "lxd", "podman", "vboxnet", "virbr", "vmnet",
};

static const char *const tunnel_kinds[] = {
  "gre", "ipip", "ppp", "sit", "tun", "wireguard", "xfrm",
};

/* What all addresses of one look are judged by. */
typedef struct
{
  struct ifaddrs    *all;       /* (owned) */
  char              *flags;     /* (owned) (nullable): of IPv6 addresses */
  FerryDefaultRoute  routes[2]; /* IPv4, IPv6; without a name: none */
  int                socket;    /* to ask the kernel by; -1: none */
} Look;

static gboolean
look_init (Look *look)
{
  *look = (Look) { .socket = -1 };

  if (getifaddrs (&look->all) != 0)
    return FALSE;

  look->flags = ferry_routes_read_flags ();
  look->socket = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  ferry_routes_read (G_SOCKET_FAMILY_IPV4, &look->routes[0]);
  ferry_routes_read (G_SOCKET_FAMILY_IPV6, &look->routes[1]);

  return TRUE;
}

static void
look_clear (Look *look)
{
  freeifaddrs (look->all);
  g_free (look->flags);
  if (look->socket >= 0)
    close (look->socket);
}

static FerryIpAddress
get_address (const struct sockaddr *address)
{
  if (address != NULL && address->sa_family == AF_INET)
    return ferry_ip_address
      ((const guint8 *) &((const struct sockaddr_in *) (const void *) address)->sin_addr, 4);
  if (address != NULL && address->sa_family == AF_INET6)
    return ferry_ip_address
      ((const guint8 *) &((const struct sockaddr_in6 *) (const void *) address)->sin6_addr, 16);

  return (FerryIpAddress) { .len = 0 };
}

/* Which link @address is of. Returns: (nullable) */
static const struct ifaddrs *
find_link (const Look           *look,
           const FerryIpAddress *address)
{
  for (const struct ifaddrs *i = look->all; i != NULL; i = i->ifa_next)
    {
      FerryIpAddress one = get_address (i->ifa_addr);

      if (one.len != 0 && ferry_ip_address_equal (&one, address))
        return i;
    }

  return NULL;
}

/* "bridge", "tun", "wireguard", "veth", or the name of a card's driver. Asked of the kernel, not
 * of /sys, which may be that of another network namespace. Returns: (transfer full) */
static char *
dup_kind (const Look *look,
          const char *interface)
{
  struct ethtool_drvinfo info = { .cmd = ETHTOOL_GDRVINFO };
  struct ifreq request = { .ifr_data = (char *) &info };

  if (look->socket < 0 || strlen (interface) >= sizeof request.ifr_name)
    return g_strdup ("");

  strcpy (request.ifr_name, interface);
  if (ioctl (look->socket, SIOCETHTOOL, &request) != 0)
    return g_strdup ("");

  return g_strndup (info.driver, sizeof info.driver);
}

static gboolean
has_prefix (const char        *text,
            const char *const *prefixes,
            gsize              n_prefixes)
{
  for (gsize i = 0; i < n_prefixes; i++)
    if (g_str_has_prefix (text, prefixes[i]))
      return TRUE;

  return FALSE;
}

/* Whether a card of this machine is plugged into the bridge: then it is a network like others. */
static gboolean
has_real_port (const char *bridge)
{
  g_autofree char *path = g_build_filename ("/sys/class/net", bridge, "brif", NULL);
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *port;

  while (dir != NULL && (port = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *device = g_build_filename ("/sys/class/net", port, "device", NULL);

      if (g_file_test (device, G_FILE_TEST_EXISTS))
        return TRUE;
    }

  return FALSE;
}

static gboolean
is_way_out (const Look *look,
            const char *interface)
{
  return g_str_equal (look->routes[0].interface, interface) ||
         g_str_equal (look->routes[1].interface, interface);
}

static gboolean
is_virtual (const Look           *look,
            const char           *interface,
            const char           *kind,
            const FerryIpAddress *address)
{
  if (is_way_out (look, interface))
    return FALSE;
  if (has_prefix (interface, virtual_names, G_N_ELEMENTS (virtual_names)))
    return TRUE;

  return g_str_equal (kind, "bridge") && !has_real_port (interface) &&
         ferry_ip_address_get_scope (address) == FERRY_IP_PRIVATE;
}

static FerryAddressFlags
judge (const Look           *look,
       const struct ifaddrs *link,
       const FerryIpAddress *address,
       guint32               kernel_flags)
{
  g_autofree char *kind = dup_kind (look, link->ifa_name);
  FerryAddressFlags flags = 0;

  if (kernel_flags & IFA_F_TEMPORARY)
    flags |= FERRY_ADDRESS_TEMPORARY;
  if (kernel_flags & IFA_F_DEPRECATED)
    flags |= FERRY_ADDRESS_DEPRECATED;
  if (is_virtual (look, link->ifa_name, kind, address))
    flags |= FERRY_ADDRESS_VIRTUAL;
  if ((link->ifa_flags & IFF_POINTOPOINT) != 0 ||
      has_prefix (kind, tunnel_kinds, G_N_ELEMENTS (tunnel_kinds)))
    flags |= FERRY_ADDRESS_TUNNEL;

  return flags;
}

static gboolean
is_wanted (const FerryIpAddress *address,
           gboolean              with_loopback)
{
  FerryIpScope scope = ferry_ip_address_get_scope (address);

  if (scope == FERRY_IP_LOOPBACK)
    return with_loopback;

  return scope != FERRY_IP_NOBODY && scope != FERRY_IP_LINK_LOCAL;
}

static gboolean
has_address (GPtrArray            *found,
             const FerryIpAddress *address)
{
  for (guint i = 0; i < found->len; i++)
    {
      FerryInterfaceAddress *one = g_ptr_array_index (found, i);

      if (ferry_ip_address_equal (&one->address, address))
        return TRUE;
    }

  return FALSE;
}

/* @text: may name its link: fe80::1%eth0 */
static void
add (GPtrArray  *found,
     const Look *look,
     const char *text,
     guint       len,
     gboolean    with_loopback)
{
  g_autofree char *literal = g_strndup (text, strcspn (text, "%"));
  const struct ifaddrs *link;
  FerryIpAddress address;
  guint32 flags = 0;

  if (!ferry_ip_address_parse (literal, &address) || address.len != len ||
      !is_wanted (&address, with_loopback) || has_address (found, &address))
    return;

  link = find_link (look, &address);
  if (link == NULL)
    return;

  if (len == 16 && look->flags != NULL)
    ferry_routes_parse_flags (look->flags, &address, &flags);
  if (flags & (IFA_F_TENTATIVE | IFA_F_DADFAILED))
    return;

  g_ptr_array_add (found, ferry_interface_address_new (&address, link->ifa_name,
                                                       judge (look, link, &address, flags)));
}

/* libnice leaves out some of the bridges to containers and virtual machines by itself. */
GPtrArray *
ferry_interfaces_list (gboolean with_loopback)
{
  GPtrArray *found =
    g_ptr_array_new_with_free_func ((GDestroyNotify) ferry_interface_address_free);
  GList *all = nice_interfaces_get_local_ips (with_loopback);
  Look look;

  if (look_init (&look))
    {
      for (GList *l = all; l != NULL; l = l->next)
        add (found, &look, l->data, 4, with_loopback);
      for (GList *l = all; l != NULL; l = l->next)
        add (found, &look, l->data, 16, with_loopback);
      look_clear (&look);
    }

  g_list_free_full (all, g_free);
  return found;
}

gboolean
ferry_interfaces_get_router (GSocketFamily   family,
                             FerryIpAddress *router,
                             FerryIpAddress *own)
{
  FerryDefaultRoute route;

  if (!ferry_routes_read (family, &route) || !ferry_routes_get_own (&route, own))
    return FALSE;

  *router = route.router;
  return TRUE;
}
