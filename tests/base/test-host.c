/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "base/host.h"

static void
test_takes_what_people_write (void)
{
  static const struct
  {
    const char *text;
    const char *host;
    guint16     port;
  } cases[] = {
    { "stun.montague.lit", "stun.montague.lit", 3478 },
    { "stun.montague.lit:80", "stun.montague.lit", 80 },
    { "192.0.2.1", "192.0.2.1", 3478 },
    { "192.0.2.1:65535", "192.0.2.1", 65535 },
    { "2001:db8::1", "2001:db8::1", 3478 },
    { "[2001:db8::1]", "2001:db8::1", 3478 },
    { "[2001:db8::1]:3479", "2001:db8::1", 3479 },
    { "[::ffff:192.0.2.1]:3479", "::ffff:192.0.2.1", 3479 },
    { "müller.example", "müller.example", 3478 },
    { "a_b-c.example.", "a_b-c.example.", 3478 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *host = NULL;
      guint16 port = 0;

      g_test_message ("%s", cases[i].text);
      g_assert_true (ferry_host_parse (cases[i].text, 3478, &host, &port));
      g_assert_cmpstr (host, ==, cases[i].host);
      g_assert_cmpuint (port, ==, cases[i].port);
    }
}

static void
test_refuses_the_rest (void)
{
  static const char *const texts[] = {
    "", ":", ":1", "a:", "a:0", "a:65536", "a:-1", "a:1x", "a b", "a/b", "user@host", "a\n",
    "[", "]", "[]", "[]:1", "[a]:1", "[192.0.2.1]:1", "[2001:db8::1", "2001:db8::1]",
    "[2001:db8::1]x", "[2001:db8::1]:", "[2001:db8::1]:0", "[[::1]]:1", "fe80::1%eth0",
    "[fe80::1%eth0]:1", "2001:db8::g", "a%b", "\xff\xfe", "a?b", "a;b",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *host = NULL;
      guint16 port = 7;

      g_test_message ("%" G_GSIZE_FORMAT, i);
      g_assert_false (ferry_host_parse (texts[i], 3478, &host, &port));
      g_assert_null (host);
      g_assert_cmpuint (port, ==, 7);
    }
}

static void
test_judges_hosts (void)
{
  g_autofree char *name = g_strnfill (254, 'a');

  g_assert_true (ferry_host_is_valid ("::1"));
  g_assert_true (ferry_host_is_valid ("proxy.montague.lit"));
  g_assert_false (ferry_host_is_valid (NULL));
  g_assert_false (ferry_host_is_valid (""));
  g_assert_false (ferry_host_is_valid ("[::1]"));
  g_assert_false (ferry_host_is_valid ("a:1"));
  g_assert_false (ferry_host_is_valid (name));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/host/takes-what-people-write", test_takes_what_people_write);
  g_test_add_func ("/base/host/refuses-the-rest", test_refuses_the_rest);
  g_test_add_func ("/base/host/judges-hosts", test_judges_hosts);

  return g_test_run ();
}
