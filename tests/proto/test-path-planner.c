/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "proto/path-planner.h"

#define PORT 5086

/* What is known is told in lines: "if ADDRESS INTERFACE FLAGS", "pcp|pmp|upnp|hole ADDRESS PORT",
 * "stun ADDRESS keeps|changes|ours", "proxy HOST MS own|foreign FAULT". */

static void
learn_interface (FerryPathFacts *facts,
                 const char     *line)
{
  FerryIpAddress address;
  char host[64], interface[16], letters[8] = "";
  FerryAddressFlags flags = 0;

  g_assert_cmpint (sscanf (line, "if %63s %15s %7s", host, interface, letters), >=, 2);
  g_assert_true (ferry_ip_address_parse (host, &address));
  flags |= strchr (letters, 't') != NULL ? FERRY_ADDRESS_TEMPORARY : 0;
  flags |= strchr (letters, 'd') != NULL ? FERRY_ADDRESS_DEPRECATED : 0;
  flags |= strchr (letters, 'v') != NULL ? FERRY_ADDRESS_VIRTUAL : 0;
  flags |= strchr (letters, 'u') != NULL ? FERRY_ADDRESS_TUNNEL : 0;
  g_ptr_array_add (facts->addresses, ferry_interface_address_new (&address, interface, flags));
}

static gboolean
learn_mapping (FerryPathFacts *facts,
               const char     *line)
{
  static const char *const words[] = { "pcp", "pmp", "upnp", "hole" };
  static const FerryMappingMethod methods[] = {
    FERRY_MAPPING_PCP, FERRY_MAPPING_NAT_PMP, FERRY_MAPPING_UPNP, FERRY_MAPPING_PCP,
  };
  FerryPortMapping mapping = { .internal_port = PORT, .lifetime = 600 };
  char word[16], host[64];
  guint port;

  if (sscanf (line, "%15s %63s %u", word, host, &port) != 3)
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_equal (word, words[i]))
      {
        mapping.method = methods[i];
        mapping.is_pinhole = i == 3;
        g_assert_true (ferry_ip_address_parse (host, &mapping.external));
        mapping.external_port = port;
        if (mapping.is_pinhole)
          mapping.internal = mapping.external;
        g_array_append_val (facts->mappings, mapping);
        return TRUE;
      }

  return FALSE;
}

static void
learn_reflexive (FerryPathFacts *facts,
                 const char     *line)
{
  FerryReflexive reflexive = { .keeps_ports = FALSE };
  char host[64], word[16];

  g_assert_cmpint (sscanf (line, "stun %63s %15s", host, word), ==, 2);
  g_assert_true (ferry_ip_address_parse (host, &reflexive.seen));
  reflexive.is_ours = g_str_equal (word, "ours");
  reflexive.keeps_ports = !g_str_equal (word, "changes");
  if (reflexive.seen.len == 4)
    facts->reflexive4 = reflexive;
  else
    facts->reflexive6 = reflexive;
}

static void
learn_proxy (FerryPathFacts *facts,
             const char     *line)
{
  char host[64], whose[16], fault[32] = "";
  int delay;
  FerryPathProxy *proxy;

  g_assert_cmpint (sscanf (line, "proxy %63s %d %15s %31[^\n]", host, &delay, whose, fault), >=, 3);
  proxy = ferry_path_proxy_new ("proxy.example", host, 7777);
  proxy->delay = delay;
  proxy->is_foreign = g_str_equal (whose, "foreign");
  proxy->fault = *fault != '\0' ? g_strdup (fault) : NULL;
  g_ptr_array_add (facts->proxies, proxy);
}

static FerryPathFacts *
learn (const char *text)
{
  FerryPathFacts *facts = ferry_path_facts_new ();
  g_auto(GStrv) lines = g_strsplit (text, "\n", -1);

  facts->port = PORT;

  for (char **line = lines; *line != NULL; line++)
    if (g_str_has_prefix (*line, "if "))
      learn_interface (facts, *line);
    else if (g_str_has_prefix (*line, "stun "))
      learn_reflexive (facts, *line);
    else if (g_str_has_prefix (*line, "proxy "))
      learn_proxy (facts, *line);
    else if (!learn_mapping (facts, *line))
      g_assert_cmpstr (*line, ==, "");

  return facts;
}

/* "host way, host:port way" of those offered, ports where they are not the usual ones; of the
 * others a line each. */
static void
describe (GPtrArray *hosts,
          GString   *offered,
          GString   *left_out)
{
  for (guint i = 0; i < hosts->len; i++)
    {
      const FerryPlannedHost *host = g_ptr_array_index (hosts, i);
      gboolean is_proxy = host->origin == FERRY_ORIGIN_PROXY;

      g_assert_cmpint (host->jid != NULL, ==, is_proxy);
      if (host->left_out != NULL)
        {
          g_string_append_printf (left_out, "%s: %s\n", host->host, host->left_out);
          continue;
        }

      g_assert_cmpuint (left_out->len, ==, 0); /* those that are offered come first */
      g_string_append_printf (offered, "%s%s", offered->len > 0 ? ", " : "", host->host);
      if (host->port != PORT && !is_proxy)
        g_string_append_printf (offered, ":%u", host->port);
      g_string_append_printf (offered, " %s", ferry_path_origin_to_string (host->origin));
      if (host->via != NULL)
        g_string_append_printf (offered, " %s", host->via);
    }
}

static const FerryPathRules all = {
  .may_direct = TRUE, .may_proxy = TRUE, .may_punch = TRUE, .max_direct = 6, .max_proxies = 2,
};

#define LAN "if 192.168.1.5 eth0\n"

static const struct
{
  const char *what;
  const char *facts;
  const char *offered;
  const char *left_out;
} cases[] = {
  { "nothing is known", "", "", "" },
  { "a local network, nobody to ask", LAN, "192.168.1.5 interface eth0",
    ": nobody told us how we look from outside\n" },
  { "a public address", "if 198.51.100.7 eth0\nstun 198.51.100.7 ours",
    "198.51.100.7 interface eth0", "198.51.100.7: nobody translates our addresses\n" },
  { "a router that keeps ports", LAN "stun 203.0.113.9 keeps",
    "192.168.1.5 interface eth0, 203.0.113.9 hole punching", "" },
  { "a router that changes ports", LAN "stun 203.0.113.9 changes", "192.168.1.5 interface eth0",
    "203.0.113.9: the router changes ports\n" },

  /* Mappings. */
  { "the port itself is mapped", LAN "stun 203.0.113.9 keeps\npcp 203.0.113.9 5086",
    "192.168.1.5 interface eth0, 203.0.113.9 mapped PCP",
    "203.0.113.9: a mapping does better\n" },
  { "another port is mapped", LAN "stun 203.0.113.9 keeps\npmp 203.0.113.9 40000",
    "192.168.1.5 interface eth0, 203.0.113.9:40000 mapped NAT-PMP",
    "203.0.113.9: a mapping does better\n" },
  { "mapped, and nobody to ask", LAN "upnp 203.0.113.9 5086",
    "192.168.1.5 interface eth0, 203.0.113.9 mapped UPnP",
    ": nobody told us how we look from outside\n" },
  { "three methods, one router", LAN "upnp 203.0.113.9 3\npmp 203.0.113.9 2\npcp 203.0.113.9 1\n"
    "stun 203.0.113.9 changes", "192.168.1.5 interface eth0, 203.0.113.9:1 mapped PCP",
    "203.0.113.9: another mapping leads there\n203.0.113.9: another mapping leads there\n"
    "203.0.113.9: the router changes ports\n" },
  { "mapped to nobody", LAN "upnp 0.0.0.0 5086\npmp 127.0.0.1 5086\npcp 203.0.113.9 0\n"
    "stun 203.0.113.9 keeps", "192.168.1.5 interface eth0, 203.0.113.9 hole punching",
    "203.0.113.9: not of our port\n127.0.0.1: a loopback address\n"
    "0.0.0.0: an address at which nobody is reached\n" },

  /* Two translators, one behind the other. */
  { "a carrier's translator", LAN "stun 203.0.113.9 keeps\nupnp 100.64.3.4 5086",
    "192.168.1.5 interface eth0, 203.0.113.9 hole punching, 100.64.3.4 mapped UPnP", "" },
  { "a second router", LAN "stun 203.0.113.9 changes\nupnp 10.0.0.2 5086",
    "192.168.1.5 interface eth0, 10.0.0.2 mapped UPnP", "203.0.113.9: the router changes ports\n" },
  { "not what others see", LAN "stun 203.0.113.9 keeps\npcp 198.51.100.1 5086",
    "192.168.1.5 interface eth0, 203.0.113.9 hole punching, 198.51.100.1 mapped PCP", "" },
  { "private, and nobody to ask", LAN "pmp 10.0.0.2 5086",
    "192.168.1.5 interface eth0, 10.0.0.2 mapped NAT-PMP",
    ": nobody told us how we look from outside\n" },

  /* IPv6. */
  { "both families", "if 2001:db8::5 eth0\nif fd00::5 eth0\n" LAN "stun 2001:db8::5 ours\n"
    "stun 203.0.113.9 keeps", "192.168.1.5 interface eth0, fd00::5 interface eth0, "
    "2001:db8::5 interface eth0, 203.0.113.9 hole punching", "" },
  { "a temporary address is enough", "if 2001:db8::5 eth0\nif 2001:db8::77 eth0 t",
    "2001:db8::77 interface eth0", "2001:db8::5: a temporary address stands in for it\n" },
  { "of that network alone", "if 2001:db8::5 eth0\nif 2001:db8:0:1::7 eth0 t\nif 2001:db8::7 eth1 t",
    "2001:db8::5 interface eth0, 2001:db8:0:1::7 interface eth0, 2001:db8::7 interface eth1", "" },
  { "deprecated ones are of the past", "if 2001:db8::5 eth0\nif 2001:db8::77 eth0 td\n"
    "if 2001:db8::78 eth0 d", "2001:db8::5 interface eth0",
    "2001:db8::77: deprecated: for old connections only\n"
    "2001:db8::78: deprecated: for old connections only\n" },
  { "a pinhole is no other place", "if 2001:db8::5 eth0\nhole 2001:db8::5 5086",
    "2001:db8::5 interface eth0", "2001:db8::5: the same place as another\n" },
  { "a pinhole for the lasting one", "if 2001:db8::5 eth0\nif 2001:db8::77 eth0 t\n"
    "hole 2001:db8::5 5086", "2001:db8::5 interface eth0, 2001:db8::77 interface eth0",
    "2001:db8::5: the same place as another\n" },
  { "IPv6 translated", "if fd00::5 eth0\nstun 2001:db8::9 keeps",
    "fd00::5 interface eth0, 2001:db8::9 hole punching", "" },
  { "no address of the family", "if fd00::5 eth0\nstun 203.0.113.9 keeps",
    "fd00::5 interface eth0", "" },

  /* Interfaces of other kinds. */
  { "bridges and what nobody reaches", "if 172.17.0.1 docker0 v\nif 127.0.0.1 lo\n"
    "if 169.254.1.1 eth0\nif 2002:c000:201::1 tun0\nif ::1 lo\nstun 203.0.113.9 changes\n" LAN,
    "192.168.1.5 interface eth0",
    "172.17.0.1: a bridge to containers or virtual machines\n127.0.0.1: a loopback address\n"
    "169.254.1.1: a link-local address\n"
    "2002:c000:201::1: an address at which nobody is reached\n::1: a loopback address\n"
    "203.0.113.9: the router changes ports\n" },
  { "a tunnel is no short way", "if 10.8.0.2 tun0 u\n" LAN "stun 203.0.113.9 keeps\nupnp 10.1.1.1 1",
    "192.168.1.5 interface eth0, 203.0.113.9 hole punching, 10.8.0.2 interface tun0, "
    "10.1.1.1:1 mapped UPnP", "" },
  { "the same address twice", LAN "if 192.168.1.5 eth1\nstun 192.168.1.5 ours",
    "192.168.1.5 interface eth0", "192.168.1.5: the same place as another\n"
    "192.168.1.5: nobody translates our addresses\n" },

  /* Too many. */
  { "the routers' before the seventh interface", "if 10.0.0.1 a\nif 10.0.1.1 b\nif 10.0.2.1 c\n"
    "if 10.0.3.1 d\nif 10.0.4.1 e\nif 10.0.5.1 f\nstun 203.0.113.9 keeps\npcp 203.0.113.9 1\n"
    "if 2001:db8::5 a", "10.0.0.1 interface a, 10.0.1.1 interface b, 10.0.2.1 interface c, "
    "10.0.3.1 interface d, 10.0.4.1 interface e, 203.0.113.9:1 mapped PCP",
    "10.0.5.1: there are enough better ones\n2001:db8::5: there are enough better ones\n"
    "203.0.113.9: a mapping does better\n" },
  { "the hopeless first", "if 10.0.0.1 a\nif 10.0.1.1 b\nif 10.0.2.1 c\nif 10.0.3.1 d\n"
    "if 10.0.4.1 e\nstun 203.0.113.9 keeps\npcp 100.64.0.1 1\nif 10.8.0.2 tun0 u",
    "10.0.0.1 interface a, 10.0.1.1 interface b, 10.0.2.1 interface c, 10.0.3.1 interface d, "
    "10.0.4.1 interface e, 203.0.113.9 hole punching",
    "10.8.0.2: there are enough better ones\n100.64.0.1: there are enough better ones\n" },

  /* Proxies. */
  { "the quicker before the slower, ours before others'",
    "proxy a.example 30 own\nproxy b.example 1 foreign\nproxy c.example 20 own",
    "c.example proxy, a.example proxy", "b.example: there are enough better ones\n" },
  { "others' where ours are of no use", "proxy a.example -1 own\n"
    "proxy b.example 9 foreign\nproxy c.example 5 own it refuses us\nproxy d.example 8 foreign",
    "d.example proxy, b.example proxy", "a.example: not tried yet\nc.example: it refuses us\n" },
  { "a proxy that two servers name", "proxy a.example 1 foreign\nproxy A.example 2 own",
    "A.example proxy", "a.example: the same place as another\n" },
};

static void
test_orders_and_leaves_out (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(FerryPathFacts) facts = learn (cases[i].facts);
      g_autoptr(GPtrArray) hosts = ferry_path_plan (facts, &all);
      g_autoptr(GString) offered = g_string_new (NULL);
      g_autoptr(GString) left_out = g_string_new (NULL);

      g_test_message ("%s", cases[i].what);
      describe (hosts, offered, left_out);
      g_assert_cmpstr (offered->str, ==, cases[i].offered);
      g_assert_cmpstr (left_out->str, ==, cases[i].left_out);
    }
}

static const char everything[] = LAN "if 127.0.0.1 lo\nstun 203.0.113.9 keeps\npcp 100.64.0.1 9\n"
                                 "proxy a.example 1 own\nproxy b.example 2 own\n";

static const struct
{
  const char     *what;
  FerryPathRules  rules;
  const char     *offered;
  const char     *reason;   /* of the first that is not */
} sessions[] = {
  { "all", { TRUE, TRUE, TRUE, FALSE, 6, 2 }, "192.168.1.5 interface eth0, "
    "203.0.113.9 hole punching, 100.64.0.1:9 mapped PCP, a.example proxy, b.example proxy",
    "a loopback address" },
  { "relays only", { FALSE, TRUE, TRUE, FALSE, 6, 2 }, "a.example proxy, b.example proxy",
    "nothing direct is to be offered" },
  { "no relays", { TRUE, FALSE, FALSE, FALSE, 6, 2 },
    "192.168.1.5 interface eth0, 100.64.0.1:9 mapped PCP", "a loopback address" },
  { "neither", { FALSE, FALSE, FALSE, FALSE, 6, 2 }, "", "nothing direct is to be offered" },
  { "a test", { TRUE, FALSE, FALSE, TRUE, 6, 2 },
    "192.168.1.5 interface eth0, 127.0.0.1 interface lo, 100.64.0.1:9 mapped PCP",
    "the peer does not punch holes" },
  { "a patient peer", { TRUE, TRUE, TRUE, FALSE, 2, 1 },
    "192.168.1.5 interface eth0, 203.0.113.9 hole punching, a.example proxy",
    "a loopback address" },
  { "one host", { TRUE, TRUE, TRUE, FALSE, 1, 0 }, "192.168.1.5 interface eth0",
    "a loopback address" },
  { "none", { TRUE, TRUE, TRUE, FALSE, 0, 0 }, "", "there are enough better ones" },
};

static void
test_keeps_to_what_the_session_allows (void)
{
  g_autoptr(FerryPathFacts) facts = learn (everything);

  for (gsize i = 0; i < G_N_ELEMENTS (sessions); i++)
    {
      g_autoptr(GPtrArray) hosts = ferry_path_plan (facts, &sessions[i].rules);
      g_autoptr(GString) offered = g_string_new (NULL);
      g_autoptr(GString) left_out = g_string_new (NULL);

      g_test_message ("%s", sessions[i].what);
      describe (hosts, offered, left_out);
      g_assert_cmpuint (hosts->len, ==, 6);
      g_assert_cmpstr (offered->str, ==, sessions[i].offered);
      for (guint j = 0; j < hosts->len; j++)
        {
          const FerryPlannedHost *host = g_ptr_array_index (hosts, j);

          if (host->left_out != NULL)
            {
              g_assert_cmpstr (host->left_out, ==, sessions[i].reason);
              break;
            }
        }
    }
}

static void
test_needs_a_port (void)
{
  g_autoptr(FerryPathFacts) facts = learn (everything);
  g_autoptr(GPtrArray) hosts = NULL;

  facts->port = 0;
  hosts = ferry_path_plan (facts, &all);

  for (guint i = 0; i < hosts->len; i++)
    {
      const FerryPlannedHost *host = g_ptr_array_index (hosts, i);

      if (host->origin == FERRY_ORIGIN_PROXY)
        g_assert_null (host->left_out);
      else
        g_assert_cmpstr (host->left_out, ==, "no port can be had");
    }
}

/* Whatever is known: within the limits, nothing twice, nothing lost. */
static void
test_keeps_its_limits (void)
{
  static const char *const lines[] = {
    LAN, "if 10.0.0.1 a\n", "if 2001:db8::5 a\n", "if 2001:db8::6 a t\n", "if 10.8.0.2 tun0 u\n",
    "stun 203.0.113.9 keeps\n", "pcp 203.0.113.9 5086\n", "upnp 203.0.113.9 9\n",
    "pmp 10.0.0.2 9\n", "proxy a.example 1 own\n", "proxy b.example 1 foreign\n",
    "proxy c.example 3 own\n",
  };

  for (guint bits = 0; bits < 1 << G_N_ELEMENTS (lines); bits++)
    {
      FerryPathRules rules = all;
      g_autoptr(GString) text = g_string_new (NULL);
      g_autoptr(FerryPathFacts) facts = NULL;
      g_autoptr(GPtrArray) hosts = NULL;
      guint n[2] = { 0, 0 };
      guint n_known = 0;

      for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
        if ((bits & 1 << i) != 0)
          g_string_append (text, lines[i]);
      facts = learn (text->str);
      rules.max_direct = bits % 5;
      hosts = ferry_path_plan (facts, &rules);

      for (guint i = 0; i < hosts->len; i++)
        {
          const FerryPlannedHost *host = g_ptr_array_index (hosts, i);

          n_known += host->origin != FERRY_ORIGIN_PREDICTED;
          for (guint j = 0; j < i && host->left_out == NULL; j++)
            {
              const FerryPlannedHost *other = g_ptr_array_index (hosts, j);

              g_assert_false (g_str_equal (host->host, other->host) && host->port == other->port);
            }
          n[host->origin == FERRY_ORIGIN_PROXY] += host->left_out == NULL;
        }

      g_assert_cmpuint (n[0], <=, rules.max_direct);
      g_assert_cmpuint (n[1], <=, rules.max_proxies);
      g_assert_cmpuint (n_known, ==, facts->addresses->len + facts->mappings->len +
                                     facts->proxies->len);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/proto/path-planner/orders-and-leaves-out", test_orders_and_leaves_out);
  g_test_add_func ("/proto/path-planner/keeps-to-what-the-session-allows",
                   test_keeps_to_what_the_session_allows);
  g_test_add_func ("/proto/path-planner/needs-a-port", test_needs_a_port);
  g_test_add_func ("/proto/path-planner/keeps-its-limits", test_keeps_its_limits);

  return g_test_run ();
}
