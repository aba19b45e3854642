/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <arpa/inet.h>
#include <string.h>

#include "proto/s5b-policy.h"

static FerryIpAddress
parse (const char *text)
{
  guint8 bytes[16];

  if (inet_pton (AF_INET, text, bytes) == 1)
    return ferry_ip_address (bytes, 4);

  g_assert_cmpint (inet_pton (AF_INET6, text, bytes), ==, 1);

  return ferry_ip_address (bytes, 16);
}

/* We are at home (192.168.1.7) and in a VPN (fd12::7), and listen at port 5086. */
static const char *
judge (const char    *address,
       guint16        port,
       FerryS5bTrust  trust,
       gboolean       allow_loopback)
{
  FerryIpAddress own[] = { parse ("192.168.1.7"), parse ("fd12::7"), parse ("203.0.113.7"),
                           parse ("127.0.0.1") };
  FerryS5bPolicy policy = { own, G_N_ELEMENTS (own), 5086, allow_loopback };
  FerryIpAddress ip = parse (address);

  return ferry_s5b_policy_objection (&policy, &ip, port, trust);
}

/* SEC-14, SEC-16 */
static const struct
{
  const char *address;
  guint16     port;
  gboolean    as_host;   /* of the peer's own */
  gboolean    as_proxy;  /* offered by the peer */
  gboolean    as_server; /* our own server's proxy */
} cases[] = {
  { "198.51.100.4", 7625, TRUE, TRUE, TRUE },
  { "2001:db8::4", 7625, TRUE, TRUE, TRUE },
  { "127.0.0.1", 7625, FALSE, FALSE, FALSE },
  { "127.255.0.1", 7625, FALSE, FALSE, FALSE },
  { "::1", 7625, FALSE, FALSE, FALSE },
  { "::ffff:127.0.0.1", 7625, FALSE, FALSE, FALSE },
  { "0.0.0.0", 7625, FALSE, FALSE, FALSE },
  { "0.1.2.3", 7625, FALSE, FALSE, FALSE },
  { "::", 7625, FALSE, FALSE, FALSE },
  { "::127.0.0.1", 7625, FALSE, FALSE, FALSE },
  { "169.254.169.254", 7625, FALSE, FALSE, FALSE },
  { "fe80::1", 7625, FALSE, FALSE, FALSE },
  { "febf::1", 7625, FALSE, FALSE, FALSE },
  { "fec0::1", 7625, FALSE, FALSE, FALSE },
  { "224.0.0.251", 7625, FALSE, FALSE, FALSE },
  { "ff02::fb", 7625, FALSE, FALSE, FALSE },
  { "240.0.0.1", 7625, FALSE, FALSE, FALSE },
  { "255.255.255.255", 7625, FALSE, FALSE, FALSE },
  { "64:ff9b::7f00:1", 7625, FALSE, FALSE, FALSE },
  { "2002:7f00:1::", 7625, FALSE, FALSE, FALSE },
  /* private: only where we are too, and no proxies but those of our own server */
  { "192.168.1.20", 7625, TRUE, FALSE, TRUE },
  { "192.168.250.20", 7625, TRUE, FALSE, TRUE },
  { "::ffff:192.168.1.20", 7625, TRUE, FALSE, TRUE },
  { "10.0.0.20", 7625, FALSE, FALSE, TRUE },
  { "172.16.0.20", 7625, FALSE, FALSE, TRUE },
  { "172.31.255.20", 7625, FALSE, FALSE, TRUE },
  { "172.32.0.20", 7625, TRUE, TRUE, TRUE },
  { "100.64.0.1", 7625, FALSE, FALSE, TRUE },
  { "100.128.0.1", 7625, TRUE, TRUE, TRUE },
  { "fd99::1", 7625, TRUE, FALSE, TRUE },
  /* ports */
  { "198.51.100.4", 80, TRUE, TRUE, TRUE },
  { "198.51.100.4", 443, TRUE, TRUE, TRUE },
  { "198.51.100.4", 25, FALSE, FALSE, FALSE },
  { "198.51.100.4", 22, FALSE, FALSE, FALSE },
  { "198.51.100.4", 0, FALSE, FALSE, FALSE },
  { "198.51.100.4", 1023, FALSE, FALSE, FALSE },
  { "198.51.100.4", 1024, TRUE, TRUE, TRUE },
  { "198.51.100.4", 6379, FALSE, TRUE, TRUE },
  { "198.51.100.4", 3306, FALSE, TRUE, TRUE },
  { "198.51.100.4", 11211, FALSE, TRUE, TRUE },
  /* ourselves */
  { "203.0.113.7", 5086, FALSE, FALSE, FALSE },
  { "203.0.113.7", 5087, TRUE, TRUE, TRUE },
  { "192.168.1.7", 5086, FALSE, FALSE, FALSE },
  { "::ffff:192.168.1.7", 5086, FALSE, FALSE, FALSE },
};

static void
test_judges_addresses (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *address = cases[i].address;
      guint16 port = cases[i].port;

      g_test_message ("%s port %u", address, port);
      g_assert_cmpint (judge (address, port, FERRY_S5B_TRUST_PEER, FALSE) == NULL,
                       ==, cases[i].as_host);
      g_assert_cmpint (judge (address, port, FERRY_S5B_TRUST_PEER_PROXY, FALSE) == NULL,
                       ==, cases[i].as_proxy);
      g_assert_cmpint (judge (address, port, FERRY_S5B_TRUST_SERVER, FALSE) == NULL,
                       ==, cases[i].as_server);
    }
}

static void
test_opens_loopback_only_when_told (void)
{
  static const char *const loopback[] = { "127.0.0.1", "::1", "::ffff:127.0.0.1" };

  for (gsize i = 0; i < G_N_ELEMENTS (loopback); i++)
    {
      g_assert_null (judge (loopback[i], 7625, FERRY_S5B_TRUST_PEER, TRUE));
      g_assert_nonnull (judge (loopback[i], 7625, FERRY_S5B_TRUST_PEER, FALSE));
    }

  g_assert_nonnull (judge ("127.0.0.1", 5086, FERRY_S5B_TRUST_PEER, TRUE)); /* our own listener */
  g_assert_nonnull (judge ("0.0.0.0", 7625, FERRY_S5B_TRUST_PEER, TRUE));
}

/* Somebody else looks it up: by its name we can only guess. */
static void
test_judges_hosts_by_their_names (void)
{
  static const struct { const char *host; guint16 port; FerryS5bTrust trust; gboolean is_good; } rows[] = {
    { "proxy.capulet.lit", 7625, FERRY_S5B_TRUST_PEER_PROXY, TRUE },
    { "proxy.capulet.lit.", 7625, FERRY_S5B_TRUST_PEER_PROXY, TRUE },
    { "proxy.capulet.lit", 25, FERRY_S5B_TRUST_PEER_PROXY, FALSE },
    { "proxy.capulet.lit", 6379, FERRY_S5B_TRUST_PEER, FALSE },
    { "198.51.100.4", 7625, FERRY_S5B_TRUST_PEER_PROXY, TRUE },
    { "192.168.1.1", 7625, FERRY_S5B_TRUST_PEER_PROXY, FALSE },
    { "192.168.1.1", 7625, FERRY_S5B_TRUST_SERVER, TRUE },
    { "127.0.0.1", 7625, FERRY_S5B_TRUST_SERVER, FALSE },
    { "::1", 7625, FERRY_S5B_TRUST_SERVER, FALSE },
    { "localhost", 7625, FERRY_S5B_TRUST_SERVER, FALSE },
    { "LOCALHOST.", 7625, FERRY_S5B_TRUST_SERVER, FALSE },
    { "a.localhost", 7625, FERRY_S5B_TRUST_SERVER, FALSE },
    { "Printer.LOCAL", 7625, FERRY_S5B_TRUST_PEER_PROXY, FALSE },
    { "router.home.arpa", 7625, FERRY_S5B_TRUST_PEER_PROXY, FALSE },
    { "intranet", 7625, FERRY_S5B_TRUST_PEER_PROXY, FALSE },
    { "", 7625, FERRY_S5B_TRUST_PEER_PROXY, FALSE },
  };
  const FerryS5bPolicy policy = { 0 };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("%s", rows[i].host);
      g_assert_cmpint (ferry_s5b_policy_object_to_host (&policy, rows[i].host, rows[i].port,
                                                        rows[i].trust) == NULL, ==,
                       rows[i].is_good);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/proto/s5b-policy/judges-addresses", test_judges_addresses);
  g_test_add_func ("/proto/s5b-policy/opens-loopback-only-when-told",
                   test_opens_loopback_only_when_told);
  g_test_add_func ("/proto/s5b-policy/judges-hosts-by-their-names",
                   test_judges_hosts_by_their_names);

  return g_test_run ();
}
