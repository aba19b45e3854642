/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "proto/network-diagnosis.h"

/* A place in the network, as the tests found it. */
typedef struct
{
  const char       *name;
  const char       *addresses;      /* with flags as letters: "192.168.1.20 100.64.0.2!t" */
  const char       *seen;           /* "203.0.113.7": translated; "=…": ours; "#…": keeps ports */
  const char       *seen6;
  const char       *mapping;        /* the outer address of a port opened by UPnP */
  const char       *pinhole;
  const char       *router;         /* what the router calls its outside, without a mapping */
  const char       *proxies;        /* "good", "broken", "untried", "foreign" */
  gboolean          is_offline;     /* not signed in */
  gboolean          is_silent;      /* signed in, but nothing comes back */
  gboolean          is_relayed;
  gboolean          is_unmapped;    /* mapping is not wanted */
  gboolean          is_portless;    /* the fixed port is taken */
  gboolean          has_stun;
  const char       *stun_fault;
  FerryNetworkKind  kind;
  FerryAdvice       advice;
  const char       *ways;           /* a verdict each, in the order of FerryWay: "gpbs" */
} Place;

#define MAP   FERRY_ADVICE_ENABLE_MAPPING
#define NAT   FERRY_ADVICE_DOUBLE_NAT
#define IPV6  FERRY_ADVICE_ASK_FOR_IPV6
#define PROXY FERRY_ADVICE_NO_PROXY
#define MEND  FERRY_ADVICE_BROKEN_PROXY
#define STUN  FERRY_ADVICE_NO_STUN
#define WALL  FERRY_ADVICE_FIREWALL

static const Place places[] = {
  /* Public. */
  { .name = "an address of its own", .addresses = "203.0.113.7", .seen = "=203.0.113.7",
    .has_stun = TRUE, .proxies = "good",
    .kind = FERRY_NETWORK_PUBLIC, .ways = "gssbgg" },
  { .name = "… and nobody to ask", .addresses = "203.0.113.7",
    .kind = FERRY_NETWORK_PUBLIC, .ways = "gssbbg" },
  { .name = "… and nobody answers", .addresses = "203.0.113.7", .has_stun = TRUE,
    .stun_fault = "timed out", .proxies = "good",
    .kind = FERRY_NETWORK_PUBLIC, .advice = WALL, .ways = "gssbgg" },
  { .name = "dual stack", .addresses = "203.0.113.7 2001:db8::7", .seen = "=203.0.113.7",
    .seen6 = "=2001:db8::7", .has_stun = TRUE, .proxies = "good",
    .kind = FERRY_NETWORK_PUBLIC, .ways = "gsspgg" },

  /* Mapped. */
  { .name = "UPnP", .addresses = "192.168.1.20", .seen = "203.0.113.7", .mapping = "203.0.113.7",
    .has_stun = TRUE, .proxies = "good",
    .kind = FERRY_NETWORK_MAPPED, .ways = "pgsbgg" },
  { .name = "UPnP without STUN", .addresses = "192.168.1.20", .mapping = "203.0.113.7",
    .kind = FERRY_NETWORK_MAPPED, .ways = "pgsbbg" },
  { .name = "a port of the carrier's own translator", .addresses = "100.64.0.20",
    .seen = "203.0.113.7", .mapping = "203.0.113.7", .has_stun = TRUE, .proxies = "good",
    .kind = FERRY_NETWORK_MAPPED, .ways = "pgsbgg" },

  /* Keeps ports. */
  { .name = "port-keeping", .addresses = "192.168.1.20", .seen = "#203.0.113.7", .has_stun = TRUE,
    .proxies = "good",
    .kind = FERRY_NETWORK_KEEPS_PORTS, .advice = MAP, .ways = "pbpbgg" },
  { .name = "port-keeping, mapping not wanted", .addresses = "192.168.1.20",
    .seen = "#203.0.113.7", .has_stun = TRUE, .is_unmapped = TRUE, .proxies = "good",
    .kind = FERRY_NETWORK_KEEPS_PORTS, .ways = "pspbgg" },
  { .name = "port-keeping, no proxy", .addresses = "192.168.1.20", .seen = "#203.0.113.7",
    .has_stun = TRUE,
    .kind = FERRY_NETWORK_KEEPS_PORTS, .advice = MAP | PROXY, .ways = "pbpbbg" },
  { .name = "a cloud's one-to-one translation", .addresses = "203.0.113.9",
    .seen = "#198.51.100.9", .has_stun = TRUE, .proxies = "good",
    .kind = FERRY_NETWORK_KEEPS_PORTS, .advice = MAP, .ways = "pbpbgg" },

  /* IPv6 alone. */
  { .name = "IPv6 alone", .addresses = "2001:db8::7", .seen6 = "=2001:db8::7", .has_stun = TRUE,
    .proxies = "good",
    .kind = FERRY_NETWORK_IPV6_ONLY, .ways = "psspgg" },
  { .name = "IPv6 alone, with a pinhole", .addresses = "2001:db8::7", .pinhole = "2001:db8::7",
    .proxies = "good",
    .kind = FERRY_NETWORK_IPV6_ONLY, .ways = "psspgg" },
  { .name = "IPv6 for the house alone", .addresses = "fd00::7", .proxies = "good",
    .kind = FERRY_NETWORK_UNKNOWN, .advice = STUN, .ways = "pbbbgg" },

  /* Carrier. */
  { .name = "mapped, but seen elsewhere", .addresses = "192.168.1.20", .seen = "203.0.113.7",
    .mapping = "198.51.100.4", .has_stun = TRUE, .proxies = "good",
    .kind = FERRY_NETWORK_CARRIER, .advice = NAT | IPV6, .ways = "pbbbgg" },
  { .name = "mapped in a private network", .addresses = "192.168.1.20", .mapping = "10.0.0.4",
    .proxies = "good",
    .kind = FERRY_NETWORK_CARRIER, .advice = NAT | IPV6 | STUN, .ways = "pbbbgg" },
  { .name = "mapped in 100.64/10", .addresses = "192.168.1.20", .mapping = "100.64.0.9",
    .seen = "#203.0.113.7", .has_stun = TRUE, .proxies = "good",
    .kind = FERRY_NETWORK_CARRIER, .advice = NAT | IPV6, .ways = "pbpbgg" },
  { .name = "a router that says so, but maps nothing", .addresses = "192.168.1.20",
    .router = "100.64.0.9", .seen = "203.0.113.7", .has_stun = TRUE, .proxies = "good",
    .kind = FERRY_NETWORK_CARRIER, .advice = NAT | IPV6, .ways = "pbbbgg" },
  { .name = "an address of 100.64/10", .addresses = "100.64.0.20", .seen = "203.0.113.7",
    .has_stun = TRUE, .proxies = "good",
    .kind = FERRY_NETWORK_CARRIER, .advice = NAT | IPV6, .ways = "pbbbgg" },
  { .name = "… with IPv6 beside it", .addresses = "100.64.0.20 2001:db8::7",
    .seen = "203.0.113.7", .has_stun = TRUE, .proxies = "good",
    .kind = FERRY_NETWORK_CARRIER, .advice = NAT, .ways = "pbbpgg" },
  { .name = "a VPN of 100.64/10 is no carrier", .addresses = "192.168.1.20 100.64.0.20!t",
    .seen = "#203.0.113.7", .has_stun = TRUE, .proxies = "good",
    .kind = FERRY_NETWORK_KEEPS_PORTS, .advice = MAP, .ways = "pbpbgg" },

  /* Symmetric. */
  { .name = "symmetric", .addresses = "192.168.1.20", .seen = "203.0.113.7", .has_stun = TRUE,
    .proxies = "good",
    .kind = FERRY_NETWORK_SYMMETRIC, .advice = MAP | IPV6, .ways = "pbbbgg" },
  { .name = "symmetric with IPv6", .addresses = "192.168.1.20 2001:db8::7", .seen = "203.0.113.7",
    .has_stun = TRUE, .proxies = "good",
    .kind = FERRY_NETWORK_SYMMETRIC, .advice = MAP, .ways = "pbbpgg" },
  { .name = "symmetric, proxy missing", .addresses = "192.168.1.20", .seen = "203.0.113.7",
    .has_stun = TRUE,
    .kind = FERRY_NETWORK_SYMMETRIC, .advice = MAP | IPV6 | PROXY, .ways = "pbbbbg" },
  { .name = "symmetric, proxy faulty", .addresses = "192.168.1.20", .seen = "203.0.113.7",
    .has_stun = TRUE, .proxies = "broken",
    .kind = FERRY_NETWORK_SYMMETRIC, .advice = MAP | IPV6 | MEND, .ways = "pbbbbg" },
  { .name = "symmetric, one proxy of two faulty", .addresses = "192.168.1.20",
    .seen = "203.0.113.7", .has_stun = TRUE, .proxies = "broken good",
    .kind = FERRY_NETWORK_SYMMETRIC, .advice = MAP | IPV6 | MEND, .ways = "pbbbgg" },
  { .name = "symmetric, proxy not tried", .addresses = "192.168.1.20", .seen = "203.0.113.7",
    .has_stun = TRUE, .proxies = "untried",
    .kind = FERRY_NETWORK_SYMMETRIC, .advice = MAP | IPV6, .ways = "pbbbpg" },
  { .name = "symmetric, others' proxies are not ours", .addresses = "192.168.1.20",
    .seen = "203.0.113.7", .has_stun = TRUE, .proxies = "foreign",
    .kind = FERRY_NETWORK_SYMMETRIC, .advice = MAP | IPV6 | PROXY, .ways = "pbbbbg" },
  { .name = "symmetric, in-band silent", .addresses = "192.168.1.20", .seen = "203.0.113.7",
    .has_stun = TRUE, .proxies = "good", .is_silent = TRUE,
    .kind = FERRY_NETWORK_SYMMETRIC, .advice = MAP | IPV6, .ways = "pbbbgb" },

  /* Unknown. */
  { .name = "no STUN server", .addresses = "192.168.1.20", .proxies = "good",
    .kind = FERRY_NETWORK_UNKNOWN, .advice = MAP | STUN, .ways = "pbbbgg" },
  { .name = "STUN server dead", .addresses = "192.168.1.20", .has_stun = TRUE,
    .stun_fault = "timed out", .proxies = "good",
    .kind = FERRY_NETWORK_UNKNOWN, .advice = MAP | WALL, .ways = "pbbbgg" },
  { .name = "STUN server beside us", .addresses = "192.168.1.20", .seen = "=192.168.1.20",
    .has_stun = TRUE, .proxies = "good",
    .kind = FERRY_NETWORK_UNKNOWN, .advice = MAP, .ways = "pbbbgg" },
  { .name = "not signed in", .addresses = "192.168.1.20", .is_offline = TRUE,
    .kind = FERRY_NETWORK_UNKNOWN, .advice = MAP, .ways = "pbbbss" },

  /* Relayed. */
  { .name = "relay only", .is_relayed = TRUE, .proxies = "good",
    .kind = FERRY_NETWORK_RELAYED, .ways = "ssssgg" },
  { .name = "relay only, without a proxy", .is_relayed = TRUE,
    .kind = FERRY_NETWORK_RELAYED, .advice = PROXY, .ways = "ssssbg" },
  { .name = "relay only, not signed in", .is_relayed = TRUE, .is_offline = TRUE,
    .kind = FERRY_NETWORK_RELAYED, .ways = "ssssss" },

  /* Offline. */
  { .name = "no address", .is_offline = TRUE,
    .kind = FERRY_NETWORK_OFFLINE, .ways = "bbbbss" },
  { .name = "containers alone", .addresses = "172.17.0.1!v 127.0.0.1 ::1", .is_offline = TRUE,
    .kind = FERRY_NETWORK_OFFLINE, .ways = "bbbbss" },
};

static void
add_addresses (FerryPathFacts *facts,
               const char     *words)
{
  g_auto(GStrv) names = g_strsplit (words != NULL ? words : "", " ", -1);

  for (guint i = 0; names[i] != NULL && *names[i] != '\0'; i++)
    {
      g_auto(GStrv) parts = g_strsplit (names[i], "!", 2);
      FerryIpAddress address;
      FerryAddressFlags flags = 0;

      g_assert_true (ferry_ip_address_parse (parts[0], &address));
      if (parts[1] != NULL)
        flags = *parts[1] == 't' ? FERRY_ADDRESS_TUNNEL : FERRY_ADDRESS_VIRTUAL;
      g_ptr_array_add (facts->addresses, ferry_interface_address_new (&address, "eth0", flags));
    }
}

static void
add_mapping (FerryPathFacts     *facts,
             FerryMappingMethod  method,
             const char         *external,
             gboolean            is_pinhole)
{
  FerryPortMapping mapping = { .method = method, .internal_port = 4711, .external_port = 4711,
                               .lifetime = 3600, .is_pinhole = is_pinhole };

  if (external == NULL)
    return;

  g_assert_true (ferry_ip_address_parse (external, &mapping.external));
  mapping.internal = mapping.external;
  g_array_append_val (facts->mappings, mapping);
}

static void
add_proxies (FerryPathFacts *facts,
             const char     *words)
{
  g_auto(GStrv) names = g_strsplit (words != NULL ? words : "", " ", -1);

  for (guint i = 0; names[i] != NULL && *names[i] != '\0'; i++)
    {
      FerryPathProxy *proxy = ferry_path_proxy_new ("proxy.example.org", "192.0.2.5", 5000);

      proxy->delay = g_str_equal (names[i], "good") ? 12400 : -1;
      proxy->is_foreign = g_str_equal (names[i], "foreign");
      if (g_str_equal (names[i], "broken"))
        proxy->fault = g_strdup ("refused");
      g_ptr_array_add (facts->proxies, proxy);
    }
}

static FerryReflexive
reflexive_from_text (const char *text)
{
  FerryReflexive reflexive = { .is_ours = FALSE };

  if (text == NULL)
    return reflexive;

  reflexive.is_ours = *text == '=';
  reflexive.keeps_ports = *text == '#' || *text == '=';
  g_assert_true (ferry_ip_address_parse (text + strspn (text, "=#"), &reflexive.seen));

  return reflexive;
}

static FerryPathFacts *
facts_of_place (const Place *place)
{
  FerryPathFacts *facts = ferry_path_facts_new ();

  add_addresses (facts, place->addresses);
  add_mapping (facts, FERRY_MAPPING_UPNP, place->mapping, FALSE);
  add_mapping (facts, FERRY_MAPPING_PCP, place->pinhole, TRUE);
  add_proxies (facts, place->proxies);
  facts->reflexive4 = reflexive_from_text (place->seen);
  facts->reflexive6 = reflexive_from_text (place->seen6);
  facts->port = place->is_portless ? 0 : 4711;

  return facts;
}

static FerryTestResults
results_of_place (const Place *place)
{
  FerryTestResults results = {
    .is_settled = TRUE,
    .is_online = !place->is_offline,
    .may_direct = !place->is_relayed,
    .may_map = !place->is_relayed && !place->is_unmapped,
    .has_stun_server = place->has_stun,
    .stun_fault = place->stun_fault,
    .in_band_delay = place->is_offline || place->is_silent ? -1 : 31000,
  };

  if (place->router != NULL)
    g_assert_true (ferry_ip_address_parse (place->router, &results.router_external));

  return results;
}

static FerryDiagnosis *
diagnose (const Place *place)
{
  g_autoptr(FerryPathFacts) facts = facts_of_place (place);
  const FerryTestResults results = results_of_place (place);

  g_test_message ("%s", place->name != NULL ? place->name : "unnamed");

  return ferry_network_diagnose (facts, &results);
}

static void
test_names_the_kind (void)
{
  guint seen = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autoptr(FerryDiagnosis) diagnosis = diagnose (&places[i]);

      g_assert_cmpstr (ferry_network_kind_to_string (diagnosis->kind), ==,
                       ferry_network_kind_to_string (places[i].kind));
      seen |= 1u << diagnosis->kind;
    }

  g_assert_cmpuint (seen, ==, (1u << (FERRY_NETWORK_OFFLINE + 1)) - 1); /* the table is whole */
}

static void
test_gives_advice (void)
{
  guint seen = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autoptr(FerryDiagnosis) diagnosis = diagnose (&places[i]);

      g_assert_cmphex (diagnosis->advice, ==, places[i].advice);
      seen |= diagnosis->advice;
    }

  g_assert_cmphex (seen, ==, (1u << FERRY_N_ADVICE) - 1);
}

static void
test_says_which_ways_are_open (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autoptr(FerryDiagnosis) diagnosis = diagnose (&places[i]);
      const char *expected = places[i].ways;
      char letters[FERRY_N_WAYS + 1] = { 0 };

      for (guint way = 0; way < FERRY_N_WAYS; way++)
        {
          letters[way] = *ferry_verdict_to_string (diagnosis->ways[way].verdict);
          g_assert_cmpstr (ferry_reason_get_text (diagnosis->ways[way].reason), !=, "");
        }
      g_assert_cmpstr (letters, ==, expected);
    }
}

/* Each test once, proxies as often as there are, in the order of the tests. */
static void
test_has_a_finding_for_each_test (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autoptr(FerryDiagnosis) diagnosis = diagnose (&places[i]);
      guint seen = 0;
      FerryTest last = 0;

      for (guint j = 0; j < diagnosis->findings->len; j++)
        {
          const FerryFinding *finding = diagnosis->findings->pdata[j];

          g_assert_cmpint (finding->test, >=, last);
          g_assert_true (finding->test > last || finding->test == FERRY_TEST_PROXY || j == 0);
          g_assert_cmpint (finding->verdict, !=, FERRY_VERDICT_PENDING);
          g_assert_cmpstr (finding->text, !=, "");
          g_assert_null (strstr (finding->text, "%s"));
          last = finding->test;
          seen |= 1u << finding->test;
        }
      g_assert_cmphex (seen, ==, (1u << (FERRY_TEST_IN_BAND + 1)) - 1);
    }
}

static const FerryFinding *
find (FerryDiagnosis *diagnosis,
      FerryTest       test)
{
  for (guint i = 0; i < diagnosis->findings->len; i++)
    {
      const FerryFinding *finding = diagnosis->findings->pdata[i];

      if (finding->test == test)
        return finding;
    }

  g_assert_not_reached ();
}

static const struct
{
  Place         place;
  FerryTest     test;
  FerryVerdict  verdict;
  const char   *text;
} found[] = {
  { { .addresses = "192.168.1.20 172.17.0.1!v" }, FERRY_TEST_ADDRESSES, FERRY_VERDICT_POOR,
    "Only for your own network: 192.168.1.20" },
  { { .addresses = "192.168.1.20 2001:db8::7" }, FERRY_TEST_ADDRESSES, FERRY_VERDICT_GOOD,
    "Valid everywhere: 2001:db8::7" },
  { { .addresses = "10.0.0.1 10.0.0.2 10.0.0.3 10.0.0.4 10.0.0.5" }, FERRY_TEST_ADDRESSES,
    FERRY_VERDICT_POOR,
    "Only for your own network: 10.0.0.1, 10.0.0.2, 10.0.0.3, 10.0.0.4, …" },
  { { .addresses = "100.64.0.20" }, FERRY_TEST_ADDRESSES, FERRY_VERDICT_POOR,
    "Shared with other customers of your provider: 100.64.0.20" },
  { { .addresses = NULL }, FERRY_TEST_ADDRESSES, FERRY_VERDICT_BAD, "None" },
  { { .is_relayed = TRUE }, FERRY_TEST_ADDRESSES, FERRY_VERDICT_SKIPPED,
    "Not tested: nothing is to go directly" },
  { { .addresses = "192.168.1.20", .seen = "#203.0.113.7" }, FERRY_TEST_STUN4,
    FERRY_VERDICT_GOOD, "As 203.0.113.7; your router keeps ports" },
  { { .addresses = "192.168.1.20", .seen = "203.0.113.7" }, FERRY_TEST_STUN4,
    FERRY_VERDICT_POOR, "As 203.0.113.7; your router changes ports" },
  { { .addresses = "192.168.1.20" }, FERRY_TEST_STUN4, FERRY_VERDICT_POOR,
    "Your server names no STUN server, and none is set" },
  { { .addresses = "203.0.113.7" }, FERRY_TEST_STUN4, FERRY_VERDICT_SKIPPED,
    "Your server names no STUN server, and none is set" },
  { { .addresses = "192.168.1.20", .is_offline = TRUE }, FERRY_TEST_STUN4, FERRY_VERDICT_SKIPPED,
    "Not tested: you are not signed in" },
  { { .addresses = "192.168.1.20", .has_stun = TRUE, .stun_fault = "timed out" },
    FERRY_TEST_STUN4, FERRY_VERDICT_BAD, "Does not work: timed out" },
  { { .addresses = "2001:db8::7" }, FERRY_TEST_STUN4, FERRY_VERDICT_SKIPPED,
    "Not tested: there is no IPv4 here" },
  { { .addresses = "2001:db8::7", .seen6 = "=2001:db8::7" }, FERRY_TEST_STUN6,
    FERRY_VERDICT_GOOD, "As 2001:db8::7, which is your own address" },
  { { .addresses = "192.168.1.20 2001:db8::7", .seen = "#203.0.113.7", .has_stun = TRUE },
    FERRY_TEST_STUN6, FERRY_VERDICT_SKIPPED, "No answer" },
  { { .addresses = "192.168.1.20" }, FERRY_TEST_STUN6, FERRY_VERDICT_SKIPPED,
    "There is no IPv6 here" },
  { { .addresses = "192.168.1.20", .mapping = "203.0.113.7" }, FERRY_TEST_UPNP,
    FERRY_VERDICT_GOOD, "Others get in at 203.0.113.7:4711" },
  { { .addresses = "192.168.1.20", .mapping = "10.0.0.7" }, FERRY_TEST_UPNP,
    FERRY_VERDICT_POOR, "Opened at 10.0.0.7:4711, but another router stands before it" },
  { { .addresses = "192.168.1.20", .mapping = "203.0.113.7" }, FERRY_TEST_PCP,
    FERRY_VERDICT_SKIPPED, "Not there, and not needed" },
  { { .addresses = "192.168.1.20" }, FERRY_TEST_NAT_PMP, FERRY_VERDICT_BAD, "No answer" },
  { { .addresses = "192.168.1.20", .is_unmapped = TRUE }, FERRY_TEST_NAT_PMP,
    FERRY_VERDICT_SKIPPED, "Switched off" },
  { { .addresses = "192.168.1.20", .is_unmapped = TRUE, .is_portless = TRUE }, FERRY_TEST_UPNP,
    FERRY_VERDICT_BAD, "There is no port to open: if a fixed one is set, it is taken" },
  { { .addresses = "2001:db8::7", .pinhole = "2001:db8::7" }, FERRY_TEST_PCP,
    FERRY_VERDICT_GOOD, "Others get in at [2001:db8::7]:4711" },
  { { .addresses = "2001:db8::7", .pinhole = "2001:db8::7" }, FERRY_TEST_IPV6,
    FERRY_VERDICT_GOOD, "2001:db8::7, and your router lets others in" },
  { { .addresses = "2001:db8::7" }, FERRY_TEST_IPV6, FERRY_VERDICT_GOOD,
    "2001:db8::7, unless a firewall keeps others out" },
  { { .addresses = "192.168.1.20" }, FERRY_TEST_IPV6, FERRY_VERDICT_POOR,
    "There is no IPv6 here" },
  { { .proxies = "good" }, FERRY_TEST_PROXY, FERRY_VERDICT_GOOD,
    "proxy.example.org answers after 12 ms" },
  { { .proxies = "broken" }, FERRY_TEST_PROXY, FERRY_VERDICT_BAD,
    "proxy.example.org cannot be used: refused" },
  { { .proxies = "untried" }, FERRY_TEST_PROXY, FERRY_VERDICT_POOR,
    "proxy.example.org has not been tried" },
  { { .proxies = "foreign" }, FERRY_TEST_PROXY, FERRY_VERDICT_POOR, "Your server has none" },
  { { .is_offline = TRUE }, FERRY_TEST_PROXY, FERRY_VERDICT_SKIPPED,
    "Not tested: you are not signed in" },
  { { .name = "" }, FERRY_TEST_IN_BAND, FERRY_VERDICT_GOOD, "Works: 31 ms there and back" },
  { { .is_silent = TRUE }, FERRY_TEST_IN_BAND, FERRY_VERDICT_BAD, "No answer" },
};

static void
test_says_what_it_found (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (found); i++)
    {
      g_autoptr(FerryDiagnosis) diagnosis = diagnose (&found[i].place);
      const FerryFinding *finding = find (diagnosis, found[i].test);

      g_assert_cmpstr (finding->text, ==, found[i].text);
      g_assert_cmpstr (ferry_verdict_to_string (finding->verdict), ==,
                       ferry_verdict_to_string (found[i].verdict));
    }
}

static void
test_tells_slow_servers (void)
{
  g_autoptr(FerryPathFacts) facts = ferry_path_facts_new ();
  const FerryTestResults results = { .is_settled = TRUE, .is_online = TRUE, .may_direct = TRUE,
                                     .in_band_delay = 2 * G_USEC_PER_SEC };
  g_autoptr(FerryDiagnosis) diagnosis = ferry_network_diagnose (facts, &results);
  const FerryFinding *finding = find (diagnosis, FERRY_TEST_IN_BAND);

  g_assert_cmpint (finding->verdict, ==, FERRY_VERDICT_POOR);
  g_assert_cmpstr (finding->text, ==, "Works, but is slow: 2000 ms there and back");
}

/* Why a method failed is told where it is missed, and only there. */
static void
test_tells_faults_that_matter (void)
{
  static const Place closed = { .addresses = "192.168.1.20", .seen = "203.0.113.7" };
  static const Place open = { .addresses = "203.0.113.7", .seen = "=203.0.113.7" };

  for (guint method = 0; method < FERRY_N_MAPPING_METHODS; method++)
    {
      g_autoptr(FerryPathFacts) closed_facts = facts_of_place (&closed);
      g_autoptr(FerryPathFacts) open_facts = facts_of_place (&open);
      FerryTestResults results = results_of_place (&closed);
      g_autoptr(FerryDiagnosis) missed = NULL;
      g_autoptr(FerryDiagnosis) needless = NULL;

      results.faults[method] = "the router refuses";
      missed = ferry_network_diagnose (closed_facts, &results);
      needless = ferry_network_diagnose (open_facts, &results);
      g_assert_cmpstr (find (missed, FERRY_TEST_PCP + method)->text, ==,
                       "Does not work: the router refuses");
      g_assert_cmpint (find (needless, FERRY_TEST_PCP + method)->verdict, ==,
                       FERRY_VERDICT_SKIPPED);
    }
}

/* While it goes on, what has not answered is not yet blamed, and nothing is advised. */
static void
test_waits_with_judgement (void)
{
  static const Place place = { .addresses = "192.168.1.20", .has_stun = TRUE };
  g_autoptr(FerryPathFacts) facts = facts_of_place (&place);
  FerryTestResults results = results_of_place (&place);
  g_autoptr(FerryDiagnosis) diagnosis = NULL;
  guint pending = 0;

  results.is_settled = FALSE;
  results.in_band_delay = -1;
  diagnosis = ferry_network_diagnose (facts, &results);

  g_assert_cmphex (diagnosis->advice, ==, FERRY_ADVICE_NONE);
  for (guint i = 0; i < diagnosis->findings->len; i++)
    {
      const FerryFinding *finding = diagnosis->findings->pdata[i];

      g_assert_cmpint (finding->verdict, !=, FERRY_VERDICT_BAD);
      pending += finding->verdict == FERRY_VERDICT_PENDING;
    }
  g_assert_cmpuint (pending, ==, 6); /* STUN, three mappings, proxies, in-band */
}

/* Before anything is known, nothing is wrong, and nothing is out of the question. */
static void
test_says_nothing_too_early (void)
{
  static const Place beginnings[] = { { .name = "nothing" }, { .is_relayed = TRUE } };

  for (gsize i = 0; i < G_N_ELEMENTS (beginnings); i++)
    {
      g_autoptr(FerryPathFacts) facts = facts_of_place (&beginnings[i]);
      FerryTestResults results = results_of_place (&beginnings[i]);
      g_autoptr(FerryDiagnosis) diagnosis = NULL;

      results.is_settled = FALSE;
      results.in_band_delay = -1;
      diagnosis = ferry_network_diagnose (facts, &results);
      for (guint j = 0; j < diagnosis->findings->len; j++)
        g_assert_cmpint (((FerryFinding *) diagnosis->findings->pdata[j])->verdict, ==,
                         FERRY_VERDICT_PENDING);
    }
}

/* Names are an interface; sentences are there for every value. */
static void
test_has_words_for_everything (void)
{
  static const char *const kinds[] = { "public", "mapped", "keeps-ports", "ipv6-only", "carrier",
                                       "symmetric", "unknown", "relayed", "offline" };
  static const char *const advice[] = { "enable-mapping", "double-nat", "ask-for-ipv6", "no-proxy",
                                        "broken-proxy", "no-stun", "firewall" };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_assert_cmpstr (ferry_network_kind_to_string (i), ==, kinds[i]);
      g_assert_nonnull (ferry_network_kind_get_title (i));
      g_assert_nonnull (ferry_network_kind_get_text (i));
    }
  for (guint i = 0; i < G_N_ELEMENTS (advice); i++)
    {
      g_assert_cmpstr (ferry_advice_to_string (1 << i), ==, advice[i]);
      g_assert_nonnull (ferry_advice_get_text (1 << i));
    }
  for (guint i = 0; i <= FERRY_TEST_IN_BAND; i++)
    {
      g_assert_nonnull (ferry_test_to_string (i));
      g_assert_nonnull (ferry_test_get_title (i));
    }
  for (guint i = 0; i < FERRY_N_WAYS; i++)
    {
      g_assert_nonnull (ferry_way_to_string (i));
      g_assert_nonnull (ferry_way_get_title (i));
    }
  for (guint i = 0; i <= FERRY_FOUND_PENDING; i++)
    g_assert_nonnull (ferry_found_get_text (i));
  for (guint i = 0; i <= FERRY_REASON_NO_ANSWER; i++)
    g_assert_nonnull (ferry_reason_get_text (i));
}

static void
test_fills_gaps_once (void)
{
  static const struct
  {
    const char *sentence;
    const char *subject;
    const char *detail;
    const char *text;
  } cases[] = {
    { "plain", NULL, NULL, "plain" },
    { "%s cannot: %s", "one", "two", "one cannot: two" },
    { "%s cannot: %s", "%s", "%n", "%s cannot: %n" }, /* what fills is no sentence */
    { "as %s", NULL, NULL, "as ?" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = ferry_found_fill (cases[i].sentence, cases[i].subject,
                                                cases[i].detail);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/proto/network-diagnosis/names-the-kind", test_names_the_kind);
  g_test_add_func ("/proto/network-diagnosis/gives-advice", test_gives_advice);
  g_test_add_func ("/proto/network-diagnosis/says-which-ways-are-open",
                   test_says_which_ways_are_open);
  g_test_add_func ("/proto/network-diagnosis/has-a-finding-for-each-test",
                   test_has_a_finding_for_each_test);
  g_test_add_func ("/proto/network-diagnosis/says-what-it-found", test_says_what_it_found);
  g_test_add_func ("/proto/network-diagnosis/tells-slow-servers", test_tells_slow_servers);
  g_test_add_func ("/proto/network-diagnosis/tells-faults-that-matter",
                   test_tells_faults_that_matter);
  g_test_add_func ("/proto/network-diagnosis/waits-with-judgement", test_waits_with_judgement);
  g_test_add_func ("/proto/network-diagnosis/says-nothing-too-early", test_says_nothing_too_early);
  g_test_add_func ("/proto/diagnosis-words/has-words-for-everything",
                   test_has_words_for_everything);
  g_test_add_func ("/proto/diagnosis-words/fills-gaps-once", test_fills_gaps_once);

  return g_test_run ();
}
