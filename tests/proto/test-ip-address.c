/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/ip-address.h"
#include "proto/path-facts.h"

static FerryIpAddress
parse (const char *text)
{
  FerryIpAddress address;

  g_assert_true (ferry_ip_address_parse (text, &address));

  return address;
}

/* RFC 5952 §4 and §5 */
static void
test_writes_the_one_form_of_each (void)
{
  static const char *const cases[][2] = {
    { "192.0.2.7", "192.0.2.7" },
    { "0.0.0.0", "0.0.0.0" },
    { "2001:0DB8:0:0:0:0:0:1", "2001:db8::1" },
    { "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1" },
    { "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1" },
    { "2001:0:0:1:0:0:0:1", "2001:0:0:1::1" },
    { "::", "::" },
    { "::ffff:192.0.2.7", "::ffff:192.0.2.7" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      FerryIpAddress address = parse (cases[i][0]);
      g_autofree char *text = ferry_ip_address_to_string (&address);

      g_assert_cmpstr (text, ==, cases[i][1]);
    }
}

static void
test_reads_nothing_but_literals (void)
{
  static const char *const texts[] = {
    "", "example.org", "192.0.2", "192.0.2.256", "192.0.2.07", "192.0.2.7 ", " 192.0.2.7",
    "0xc0000207", "3221225991", "192.0.2.7:80", "[::1]", "fe80::1%eth0", "::1::", "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9", "::12345", "::192.0.2.256",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      FerryIpAddress address = { .bytes = { 1 }, .len = 4 };

      g_test_message ("%s", texts[i]);
      g_assert_false (ferry_ip_address_parse (texts[i], &address));
      g_assert_cmpuint (address.len, ==, 0);
    }
}

static void
test_knows_who_reaches_it (void)
{
  static const struct
  {
    const char   *text;
    FerryIpScope  scope;
  } cases[] = {
    { "203.0.113.7", FERRY_IP_GLOBAL },
    { "2001:db8::7", FERRY_IP_GLOBAL },
    { "::ffff:203.0.113.7", FERRY_IP_GLOBAL },
    { "0.0.0.0", FERRY_IP_NOBODY },
    { "0.255.255.255", FERRY_IP_NOBODY },
    { "1.0.0.0", FERRY_IP_GLOBAL },
    { "126.255.255.255", FERRY_IP_GLOBAL },
    { "127.0.0.1", FERRY_IP_LOOPBACK },
    { "127.255.255.255", FERRY_IP_LOOPBACK },
    { "128.0.0.0", FERRY_IP_GLOBAL },
    { "::1", FERRY_IP_LOOPBACK },
    { "::ffff:127.0.0.1", FERRY_IP_LOOPBACK },
    { "::2", FERRY_IP_NOBODY },
    { "::", FERRY_IP_NOBODY },
    { "::192.0.2.7", FERRY_IP_NOBODY },
    { "9.255.255.255", FERRY_IP_GLOBAL },
    { "10.0.0.0", FERRY_IP_PRIVATE },
    { "10.255.255.255", FERRY_IP_PRIVATE },
    { "11.0.0.0", FERRY_IP_GLOBAL },
    { "172.15.255.255", FERRY_IP_GLOBAL },
    { "172.16.0.0", FERRY_IP_PRIVATE },
    { "172.31.255.255", FERRY_IP_PRIVATE },
    { "172.32.0.0", FERRY_IP_GLOBAL },
    { "192.167.255.255", FERRY_IP_GLOBAL },
    { "192.168.0.0", FERRY_IP_PRIVATE },
    { "192.168.255.255", FERRY_IP_PRIVATE },
    { "192.169.0.0", FERRY_IP_GLOBAL },
    { "::ffff:192.168.0.1", FERRY_IP_PRIVATE },
    { "fbff::1", FERRY_IP_GLOBAL },
    { "fc00::1", FERRY_IP_PRIVATE },
    { "fdff::1", FERRY_IP_PRIVATE },
    { "fe00::1", FERRY_IP_GLOBAL },
    { "100.63.255.255", FERRY_IP_GLOBAL },
    { "100.64.0.0", FERRY_IP_SHARED },
    { "100.127.255.255", FERRY_IP_SHARED },
    { "100.128.0.0", FERRY_IP_GLOBAL },
    { "169.253.255.255", FERRY_IP_GLOBAL },
    { "169.254.169.254", FERRY_IP_LINK_LOCAL },
    { "169.255.0.0", FERRY_IP_GLOBAL },
    { "fe80::1", FERRY_IP_LINK_LOCAL },
    { "febf::1", FERRY_IP_LINK_LOCAL },
    { "fec0::1", FERRY_IP_NOBODY },
    { "feff::1", FERRY_IP_NOBODY },
    { "ff02::1", FERRY_IP_NOBODY },
    { "223.255.255.255", FERRY_IP_GLOBAL },
    { "224.0.0.1", FERRY_IP_NOBODY },
    { "240.0.0.1", FERRY_IP_NOBODY },
    { "255.255.255.255", FERRY_IP_NOBODY },
    { "64:ff9b::cb00:7107", FERRY_IP_TRANSLATED },
    { "64:ff9b:0:0:0:1::", FERRY_IP_GLOBAL },
    { "2002:cb00:7107::1", FERRY_IP_TRANSLATED },
    { "2003::1", FERRY_IP_GLOBAL },
  };
  FerryIpAddress none = { .bytes = { 203 }, .len = 0 };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      FerryIpAddress address = parse (cases[i].text);

      g_test_message ("%s", cases[i].text);
      g_assert_cmpint (ferry_ip_address_get_scope (&address), ==, cases[i].scope);
    }
  g_assert_cmpint (ferry_ip_address_get_scope (&none), ==, FERRY_IP_NOBODY);
}

static void
test_finds_neighbours (void)
{
  static const struct
  {
    const char *a;
    const char *b;
    gboolean    is_beside;
  } cases[] = {
    { "192.168.1.7", "192.168.250.1", TRUE },
    { "192.168.1.7", "10.0.0.1", FALSE },
    { "10.0.0.1", "10.255.0.1", TRUE },
    { "172.16.0.1", "10.0.0.1", FALSE },
    { "100.64.0.1", "100.127.0.1", TRUE },
    { "fd12::7", "fc99::1", TRUE },
    { "fd12::7", "192.168.1.7", FALSE },
    { "203.0.113.7", "203.0.113.8", FALSE },
    { "2001:db8::7", "2001:db8::8", FALSE },
    { "fe80::1", "fec0::1", FALSE },
    { "::2", "::3", TRUE },
  };
  FerryIpAddress none = { .len = 0 };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      FerryIpAddress a = parse (cases[i].a);
      FerryIpAddress b = parse (cases[i].b);

      g_test_message ("%s, %s", cases[i].a, cases[i].b);
      g_assert_cmpint (ferry_ip_address_is_beside (&a, &b), ==, cases[i].is_beside);
      g_assert_cmpint (ferry_ip_address_is_beside (&b, &a), ==, cases[i].is_beside);
      g_assert_false (ferry_ip_address_is_beside (&a, &none));
    }
}

static void
test_tells_them_apart (void)
{
  FerryIpAddress a = parse ("192.0.2.7");
  FerryIpAddress same = parse ("192.0.2.7");
  FerryIpAddress other = parse ("192.0.2.8");
  FerryIpAddress mapped = parse ("::ffff:192.0.2.7");
  FerryIpAddress longer = parse ("c000:207::");
  FerryIpAddress none = { .len = 0 };
  FerryIpAddress nobody = { .bytes = { [10] = 0xff, [11] = 0xff, [12] = 192 }, .len = 4 };
  FerryIpAddress unmapped = ferry_ip_address_unmap (&mapped);

  same.bytes[15] = 1; /* behind its end */
  g_assert_true (ferry_ip_address_equal (&a, &same));
  g_assert_false (ferry_ip_address_equal (&a, &other));
  g_assert_false (ferry_ip_address_equal (&a, &mapped));
  g_assert_false (ferry_ip_address_equal (&a, &longer));
  g_assert_false (ferry_ip_address_equal (&a, &none));
  g_assert_true (ferry_ip_address_equal (&none, &none));
  g_assert_true (ferry_ip_address_equal (&a, &unmapped));
  unmapped = ferry_ip_address_unmap (&longer);
  g_assert_true (ferry_ip_address_equal (&longer, &unmapped));
  unmapped = ferry_ip_address_unmap (&nobody);
  g_assert_true (ferry_ip_address_equal (&nobody, &unmapped));
}

static void
test_hides_the_host (void)
{
  static const char *const cases[][2] = {
    { "203.0.113.7", "203.0.113.x" },
    { "2001:db8:1234:5678::7", "2001:db8:x" },
    { "2001:db8::", "2001:db8:x" },
    { "::1", "0:0:x" },
    { "[2001:db8:1234::7]", "2001:db8:x" },
    { "fe80::1234:5678:9abc:def0%wlp3s0", "fe80:0:x" },
    { "[fe80::1234:5678:9abc:def0%wlp3s0]", "fe80:0:x" },
    { "::ffff:203.0.113.7", "203.0.113.x" },
    { "proxy.example.org", "proxy.example.org" },
    { "", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *masked = ferry_ip_address_mask (cases[i][0]);

      g_assert_cmpstr (masked, ==, cases[i][1]);
    }
}

static void
test_copies_a_proxy_whole (void)
{
  g_autoptr(FerryPathProxy) proxy = ferry_path_proxy_new ("proxy.example.org", "192.0.2.1", 7777);
  g_autoptr(FerryPathProxy) copy = NULL;

  g_assert_cmpint (proxy->delay, ==, -1);
  proxy->is_foreign = TRUE;
  proxy->delay = 12;
  proxy->fault = g_strdup ("it does not answer");
  copy = ferry_path_proxy_copy (proxy);
  g_assert_cmpstr (copy->jid, ==, "proxy.example.org");
  g_assert_cmpstr (copy->host, ==, "192.0.2.1");
  g_assert_cmpstr (copy->fault, ==, "it does not answer");
  g_assert_cmpuint (copy->port, ==, 7777);
  g_assert_cmpint (copy->delay, ==, 12);
  g_assert_true (copy->is_foreign);
  g_assert_true (copy->jid != proxy->jid && copy->fault != proxy->fault);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/proto/ip-address/writes-the-one-form-of-each",
                   test_writes_the_one_form_of_each);
  g_test_add_func ("/proto/ip-address/reads-nothing-but-literals", test_reads_nothing_but_literals);
  g_test_add_func ("/proto/ip-address/knows-who-reaches-it", test_knows_who_reaches_it);
  g_test_add_func ("/proto/ip-address/finds-neighbours", test_finds_neighbours);
  g_test_add_func ("/proto/ip-address/tells-them-apart", test_tells_them_apart);
  g_test_add_func ("/proto/ip-address/hides-the-host", test_hides_the_host);
  g_test_add_func ("/proto/path-facts/copies-a-proxy-whole", test_copies_a_proxy_whole);

  return g_test_run ();
}
