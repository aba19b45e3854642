/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <fcntl.h>
#include <linux/if_addr.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "net/interfaces.h"
#include "net/routes.h"
#include "own-network.h"

#define HEAD_4 \
  "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
#define LINK_4 "eth0\t0001A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n"
#define ZERO_6 "00000000000000000000000000000000"
#define FE80_1 "fe800000000000000000000000000001"
#define FE80_2 "fe800000000000000000000000000002"
#define LO_6 \
  ZERO_6 " 00 " ZERO_6 " 00 " ZERO_6 " ffffffff 00000001 00000000 00200200       lo\n"

typedef struct
{
  const char *text;
  const char *router;    /* (nullable): there is none */
  const char *interface;
} RouteCase;

/* The numbers of /proc/net/route are this machine's: these are a little-endian one's. */
static const RouteCase cases_4[] = {
  { HEAD_4 "eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n" LINK_4,
    "192.168.1.1", "eth0" },
  { HEAD_4 "eth0\t00000000\t0101A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0\n"
    "wlan0\t00000000\tFE02A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n", "192.168.2.254", "wlan0" },
  { HEAD_4 "eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
    "wlan0\t00000000\tFE02A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n", "192.168.1.1", "eth0" },
  { "\n\n \t \neth0\t00000000\t0101A8C0\t0003\t0\t0\t0\t00000000", "192.168.1.1", "eth0" },
  { "", NULL },
  { HEAD_4 LINK_4, NULL },
  /* point to point; down; forbidden; half of the world; without a router */
  { HEAD_4 "ppp0\t00000000\t00000000\t0001\t0\t0\t0\t00000000\t0\t0\t0\n", NULL },
  { HEAD_4 "eth0\t00000000\t0101A8C0\t0002\t0\t0\t0\t00000000\t0\t0\t0\n", NULL },
  { HEAD_4 "eth0\t00000000\t0101A8C0\t0203\t0\t0\t0\t00000000\t0\t0\t0\n", NULL },
  { HEAD_4 "tun0\t00000000\t0101A8C0\t0003\t0\t0\t0\t00000080\t0\t0\t0\n", NULL },
  { HEAD_4 "eth0\t00000000\t00000000\t0003\t0\t0\t0\t00000000\t0\t0\t0\n", NULL },
  /* damaged */
  { "eth0\t00000000\t0101A8C0\t0003\t0\t0\t0\n", NULL },
  { "eth0\t00000000\t0101A8C0FF\t0003\t0\t0\t0\t00000000\t0\t0\t0\n", NULL },
  { "eth0\t00000000\t0101A8G0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n", NULL },
  { "eth0\t00000000\t-101A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n", NULL },
  { "eth0\t00000000\t0101A8C0\t0003\t0\t0\t-1\t00000000\t0\t0\t0\n", NULL },
  { "a-name-longer-than-any\t00000000\t0101A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n", NULL },
};

static const RouteCase cases_6[] = {
  { LO_6 ZERO_6 " 00 " ZERO_6 " 00 " FE80_1 " 00000400 00000003 00000000 00450003     eth0\n",
    "fe80::1", "eth0" },
  { ZERO_6 " 00 " ZERO_6 " 00 " FE80_1 " 00000400 00000003 00000000 00450003     eth0\n"
    ZERO_6 " 00 " ZERO_6 " 00 " FE80_2 " 00000064 00000003 00000000 00450003    wlan0\n" LO_6,
    "fe80::2", "wlan0" },
  { ZERO_6 " 00 " ZERO_6 " 00 20010db8000000000000000000000001 00000400 0 0 00000003 eth0\n",
    "2001:db8::1", "eth0" },
  { LO_6, NULL },
  { ZERO_6 " 00 " ZERO_6 " 00 " ZERO_6 " 00000400 00000003 00000000 00000001     ppp0\n", NULL },
  { ZERO_6 " 03 " ZERO_6 " 00 " FE80_1 " 00000400 00000003 00000000 00000003     eth0\n", NULL },
  /* of some sources only */
  { ZERO_6 " 00 20010db8000000000000000000000000 20 " FE80_1 " 00000400 0 0 00000003 eth0\n",
    NULL },
  { ZERO_6 " 00 " ZERO_6 " 00 fe80 00000400 00000003 00000000 00450003     eth0\n", NULL },
  { ZERO_6 " 00 " ZERO_6 " 00 " FE80_1 " 00000400 00000003 00000000\n", NULL },
  { "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n", NULL },
};

static void
check_route (GSocketFamily    family,
             const RouteCase *one)
{
  FerryDefaultRoute route;
  g_autofree char *router = NULL;

  if (one->router == NULL)
    {
      g_assert_false (ferry_routes_parse (family, one->text, &route));
      return;
    }

  g_assert_true (ferry_routes_parse (family, one->text, &route));
  router = ferry_ip_address_to_string (&route.router);
  g_assert_cmpstr (router, ==, one->router);
  g_assert_cmpstr (route.interface, ==, one->interface);
}

static void
test_finds_the_router (void)
{
#if G_BYTE_ORDER == G_LITTLE_ENDIAN
  for (gsize i = 0; i < G_N_ELEMENTS (cases_4); i++)
    check_route (G_SOCKET_FAMILY_IPV4, &cases_4[i]);
#endif

  for (gsize i = 0; i < G_N_ELEMENTS (cases_6); i++)
    check_route (G_SOCKET_FAMILY_IPV6, &cases_6[i]);
}

/* However it is cut, nothing is read that is not there, and no other router comes out. */
static void
test_survives_what_is_cut (void)
{
  const char *text = cases_6[1].text;
  FerryIpAddress first;
  FerryIpAddress second;
  gsize len = strlen (text);

  ferry_ip_address_parse ("fe80::1", &first);
  ferry_ip_address_parse ("fe80::2", &second);

  for (gsize i = 0; i <= len; i++)
    {
      g_autofree char *cut = g_strndup (text, i);
      g_autofree char *head = g_strdup (text + i);
      FerryDefaultRoute route;

      if (ferry_routes_parse (G_SOCKET_FAMILY_IPV6, cut, &route))
        g_assert_true (ferry_ip_address_equal (&route.router, &first) ||
                       ferry_ip_address_equal (&route.router, &second));
      if (ferry_routes_parse (G_SOCKET_FAMILY_IPV6, head, &route))
        g_assert_true (ferry_ip_address_equal (&route.router, &first) ||
                       ferry_ip_address_equal (&route.router, &second));
    }
}

static void
test_passes_over_long_lines (void)
{
  g_autofree char *noise = g_strnfill (100000, 'f');
  g_autofree char *text = g_strconcat (noise, "\n", cases_6[0].text, noise, " ", noise, NULL);
  const RouteCase one = { text, "fe80::1", "eth0" };

  check_route (G_SOCKET_FAMILY_IPV6, &one);
}

static void
test_reads_flags (void)
{
  static const char text[] =
    "20010db8000000000000000000000001 02 40 00 80     eth0\n"
    "20010db8000000000000000000000002 02 40 00 21     eth0\n"
    "20010db8000000000000000000000003 1f3 40 00 01    eth499\n"
    "20010db8000000000000000000000004 02 40\n"
    "20010db8000000000000000000000004 02 40 00 xx     eth0\n"
    "20010db8 02 40 00 01     eth0\n";
  const struct
  {
    const char *address;
    gboolean    is_there;
    guint32     flags;
  } cases[] = {
    { "2001:db8::1", TRUE, IFA_F_PERMANENT },
    { "2001:db8::2", TRUE, IFA_F_TEMPORARY | IFA_F_DEPRECATED },
    { "2001:db8::3", TRUE, IFA_F_TEMPORARY },
    { "2001:db8::4", FALSE },
    { "2001:db8::5", FALSE },
    { "192.0.2.1", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      FerryIpAddress address;
      guint32 flags = 0;

      g_assert_true (ferry_ip_address_parse (cases[i].address, &address));
      g_assert_cmpint (ferry_routes_parse_flags (text, &address, &flags), ==, cases[i].is_there);
      g_assert_cmpuint (flags, ==, cases[i].flags);
    }
}

static gboolean
is_listed (GPtrArray      *all,
           FerryIpAddress *address)
{
  for (guint i = 0; i < all->len; i++)
    if (ferry_ip_address_equal (&((FerryInterfaceAddress *) g_ptr_array_index (all, i))->address,
                                address))
      return TRUE;

  return FALSE;
}

static void
test_lists_addresses (void)
{
  g_autoptr(GPtrArray) all = ferry_interfaces_list (TRUE);
  g_autoptr(GPtrArray) remote = ferry_interfaces_list (FALSE);
  FerryIpAddress loopback;
  gboolean is_ipv6 = FALSE;

  ferry_ip_address_parse ("127.0.0.1", &loopback);
  g_assert_true (is_listed (all, &loopback));
  g_assert_false (is_listed (remote, &loopback));

  for (guint i = 0; i < remote->len; i++)
    {
      FerryInterfaceAddress *one = g_ptr_array_index (remote, i);
      FerryIpScope scope = ferry_ip_address_get_scope (&one->address);

      g_assert_true (scope != FERRY_IP_LOOPBACK && scope != FERRY_IP_LINK_LOCAL);
      g_assert_true (one->interface != NULL && *one->interface != '\0');
      g_assert_true (is_listed (all, &one->address));
      g_assert_true (one->address.len == 16 || !is_ipv6); /* IPv4 first */
      is_ipv6 = one->address.len == 16;
    }
}

/* Whatever network this runs in: the way out begins at an address of ours. */
static void
test_knows_our_address_on_the_way_out (void)
{
  static const GSocketFamily families[] = { G_SOCKET_FAMILY_IPV4, G_SOCKET_FAMILY_IPV6 };
  g_autoptr(GPtrArray) all = ferry_interfaces_list (TRUE);

  for (gsize i = 0; i < G_N_ELEMENTS (families); i++)
    {
      FerryIpAddress router;
      FerryIpAddress own;

      if (ferry_interfaces_get_router (families[i], &router, &own))
        {
          g_assert_cmpuint (router.len, ==, own.len);
          g_assert_false (ferry_ip_address_equal (&router, &own));
          g_assert_true (is_listed (all, &own) ||
                         ferry_ip_address_get_scope (&own) == FERRY_IP_LINK_LOCAL);
        }
    }
}

/* As a VPN does; it is there as long as the file is open. */
static int
open_tunnel (void)
{
  struct ifreq request = { .ifr_name = "vpn", .ifr_flags = IFF_TUN | IFF_NO_PI };
  int fd = open ("/dev/net/tun", O_RDWR | O_CLOEXEC);

  if (fd >= 0 && ioctl (fd, TUNSETIFF, &request) != 0)
    {
      close (fd);
      fd = -1;
    }

  return fd;
}

/* @flags: -1: it is not listed */
static void
check_flags (GPtrArray  *all,
             const char *address,
             int         flags)
{
  FerryIpAddress wanted;

  g_assert_true (ferry_ip_address_parse (address, &wanted));
  for (guint i = 0; i < all->len; i++)
    {
      FerryInterfaceAddress *one = g_ptr_array_index (all, i);

      if (ferry_ip_address_equal (&one->address, &wanted))
        {
          g_assert_cmpint (one->flags, ==, flags);
          return;
        }
    }

  g_assert_cmpint (flags, ==, -1);
}

static void
test_judges_links (void)
{
  static const char *const commands[] = {
    "link add eth0 type veth peer name far0",
    "link set far0 up",
    "link set eth0 up",
    "addr add 192.168.1.10/24 dev eth0",
    "addr add 2001:db8:1::10/64 dev eth0 nodad",
    "addr add 2001:db8:1::11/64 dev eth0 nodad preferred_lft 0",
    "link add inner type bridge",
    "addr add 10.0.3.1/24 dev inner",
    "link set inner up",
    "link add outer type bridge",
    "link set outer up",
    "addr add 192.168.5.10/24 dev outer",
    "link set vpn up",
    "addr add 10.8.0.2/24 dev vpn",
    "route add default via 192.168.5.1 dev outer",
    "-6 route add default via fe80::1 dev eth0",
  };
  g_autoptr(GPtrArray) all = NULL;
  FerryIpAddress router;
  FerryIpAddress own;
  int tunnel;

  if (!own_network_begin ())
    return;

  g_assert_true (own_network_enter ());
  tunnel = open_tunnel ();

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (!own_network_ip (commands[i]))
      g_test_message ("ip %s: failed", commands[i]);

  all = ferry_interfaces_list (FALSE);
  check_flags (all, "192.168.1.10", 0);
  check_flags (all, "2001:db8:1::10", 0);
  check_flags (all, "2001:db8:1::11", FERRY_ADDRESS_DEPRECATED);
  check_flags (all, "10.0.3.1", FERRY_ADDRESS_VIRTUAL);
  check_flags (all, "192.168.5.10", 0); /* a bridge, and our way out */
  check_flags (all, "10.8.0.2", tunnel >= 0 ? FERRY_ADDRESS_TUNNEL : -1);
  check_flags (all, "127.0.0.1", -1);

  g_assert_true (ferry_interfaces_get_router (G_SOCKET_FAMILY_IPV4, &router, &own));
  check_flags (all, "192.168.5.10", 0);
  g_assert_true (is_listed (all, &own));
  g_assert_true (ferry_interfaces_get_router (G_SOCKET_FAMILY_IPV6, &router, &own));
  g_assert_true (is_listed (all, &own));

  if (tunnel >= 0)
    close (tunnel);
}


int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/net/routes/finds-the-router", test_finds_the_router);
  g_test_add_func ("/net/routes/survives-what-is-cut", test_survives_what_is_cut);
  g_test_add_func ("/net/routes/passes-over-long-lines", test_passes_over_long_lines);
  g_test_add_func ("/net/routes/reads-flags", test_reads_flags);
  g_test_add_func ("/net/interfaces/lists-addresses", test_lists_addresses);
  g_test_add_func ("/net/interfaces/knows-our-address-on-the-way-out",
                   test_knows_our_address_on_the_way_out);
  g_test_add_func ("/net/interfaces/judges-links", test_judges_links);

  return g_test_run ();
}
