/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "network-rig.h"
#include "proto/disco.h"
#include "proto/external-services.h"
#include "wait.h"

#define STUN2 FERRY_NS_EXTERNAL_SERVICES
#define STUN1 FERRY_NS_EXTERNAL_SERVICES_1

static void
assert_seen (const FerryReflexive *reflexive,
             const char           *text)
{
  g_autofree char *seen = NULL;

  if (reflexive->seen.len != 0)
    seen = ferry_ip_address_to_string (&reflexive->seen);
  g_assert_cmpstr (seen, ==, text);
}

static void
want_none (FerrySettings *settings)
{
  settings->relay_only = TRUE;
}

static void
want_stun_by_hand (FerrySettings *settings)
{
  settings->stun_server = g_strdup ("127.0.0.1:3479");
}

static void
want_no_mapping (FerrySettings *settings)
{
  settings->map_ports = FALSE;
}

static void
want_no_loopback (FerrySettings *settings)
{
  settings->allow_loopback = FALSE;
}

static void
start (Fixture *fixture)
{
  ferry_network_start (fixture->network);
  wait_until_idle ();
}

/* Routers are asked while we log in. */
static void
test_begins_before_login (Fixture       *fixture,
                          gconstpointer  data)
{
  const FerryPathFacts *facts = ferry_network_get_facts (fixture->network);

  g_assert_false (ferry_network_is_direct (fixture->network)); /* it is not known yet */
  start (fixture);
  ferry_network_start (fixture->network);
  wait_until_idle ();
  g_assert_true (ferry_network_is_direct (fixture->network));
  g_assert_cmpuint (facts->addresses->len, ==, 2);
  g_assert_cmpuint (facts->port, ==, 5086);
  g_assert_cmpuint (rig.n_lookups, ==, 1);
  g_assert_cmpuint (rig.n_mapped, ==, 1);
  g_assert_cmpuint (rig.port, ==, 5086);
  g_assert_cmpstr (rig.asked->str, ==, "");
  g_assert_false (ferry_network_is_settled (fixture->network));

  rig_let_routers_answer ("203.0.113.7");
  g_assert_true (ferry_network_is_settled (fixture->network));
  g_assert_cmpuint (facts->mappings->len, ==, 1);
  g_assert_cmpuint (g_array_index (facts->mappings, FerryPortMapping, 0).external_port, ==, 4711);
  g_assert_cmpuint (fixture->n_changed, >, 0);
}

/* XEP-0215: STUN before TURN, UDP alone, each place once. */
static void
test_asks_whom_our_server_names (Fixture       *fixture,
                                 gconstpointer  data)
{
  const FerryPathFacts *facts = ferry_network_get_facts (fixture->network);

  rig.seen = NULL;
  start (fixture);
  rig_let_routers_answer (NULL);
  rig_go_online (fixture);
  g_assert_false (ferry_network_is_settled (fixture->network));
  rig_announce (fixture, STUN2,
                "<service type='turn' host='127.0.0.1' port='1001' transport='udp'/>"
                "<service type='stun' host='127.0.0.1' port='1002' transport='tcp'/>"
                "<service type='stun' host='127.0.0.1' port='1003'/>"
                "<service type='stun' host='::1' transport='udp'/>"
                "<service type='stun' host='127.0.0.1' port='1003' transport='udp'/>"
                "<service type='turns' host='127.0.0.1' port='1005' transport='tcp'/>");
  g_assert_cmpstr (rig.asked->str, ==, "[::1]:3478 127.0.0.1:1003 127.0.0.1:1001 ");
  g_assert_true (ferry_network_is_settled (fixture->network));
  g_assert_true (ferry_network_has_stun_server (fixture->network));
  g_assert_cmpstr (ferry_network_get_stun_fault (fixture->network), ==, "127.0.0.1: No answer");
  assert_seen (&facts->reflexive4, NULL);
  g_assert_cmpuint (fake_port_get_n_sent (fixture->port), ==, 0);
}

static void
test_learns_how_it_looks (Fixture       *fixture,
                          gconstpointer  data)
{
  const FerryPathFacts *facts = ferry_network_get_facts (fixture->network);

  rig.addresses = "127.0.0.1 203.0.113.7";
  start (fixture);
  rig_go_online (fixture);
  rig_announce (fixture, STUN1, "<service type='stun' host='127.0.0.1'/>");
  g_assert_cmpstr (rig.asked->str, ==, "127.0.0.1:3478 ");
  assert_seen (&facts->reflexive4, "203.0.113.7");
  assert_seen (&facts->reflexive6, NULL);
  g_assert_true (facts->reflexive4.is_ours);
  g_assert_true (facts->reflexive4.keeps_ports);
  g_assert_null (ferry_network_get_stun_fault (fixture->network));
}

static void
test_does_without (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(FerryElement) request = NULL;

  start (fixture);
  rig_let_routers_answer (NULL);
  rig_go_online (fixture);
  rig_answer_server (fixture, "query", FERRY_NS_DISCO_INFO, "<feature var='other'/>");
  g_assert_true (ferry_network_is_settled (fixture->network));
  g_assert_false (ferry_network_has_stun_server (fixture->network));

  ferry_network_online (fixture->network);
  wait_until_idle ();
  rig_answer_server (fixture, "query", FERRY_NS_DISCO_INFO, "<feature var='" STUN2 "'/>");
  request = fake_port_take (fixture->port);
  fake_port_answer_error (fixture->port, request, FERRY_CONDITION_FORBIDDEN);
  wait_until_idle ();
  g_assert_true (ferry_network_is_settled (fixture->network));
  g_assert_cmpstr (rig.asked->str, ==, "");
}

static void
test_asks_only_whom_the_user_names (Fixture       *fixture,
                                    gconstpointer  data)
{
  start (fixture);
  g_assert_cmpstr (rig.asked->str, ==, "127.0.0.1:3479 "); /* that takes no login */
  rig_go_online (fixture);
  g_assert_cmpuint (fake_port_get_n_sent (fixture->port), ==, 0);
  g_assert_cmpstr (rig.asked->str, ==, "127.0.0.1:3479 127.0.0.1:3479 ");
  g_assert_true (ferry_network_has_stun_server (fixture->network));
}

/* Answers that a hostile server could give. */
static void
test_believes_no_nonsense (Fixture       *fixture,
                           gconstpointer  data)
{
  static const char *const answers[] = { "0.0.0.0", "224.0.0.1", "127.0.0.1", "169.254.1.1",
                                         "255.255.255.255", "2001:db8::1" };
  const FerryPathFacts *facts = ferry_network_get_facts (fixture->network);

  rig.addresses = "127.0.0.1";
  start (fixture);
  rig_go_online (fixture);
  rig_announce (fixture, STUN2, "<service type='stun' host='127.0.0.1'/>");
  assert_seen (&facts->reflexive4, "203.0.113.7");

  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_test_message ("%s", answers[i]);
      rig.seen = answers[i];
      ferry_network_online (fixture->network);
      wait_until_idle ();
      rig_announce (fixture, STUN2, "<service type='stun' host='127.0.0.1'/>");
      assert_seen (&facts->reflexive4, NULL);
      g_assert_nonnull (ferry_network_get_stun_fault (fixture->network));
    }
}

/* Our server does not make us knock at this machine. */
static void
test_knocks_at_no_doors (Fixture       *fixture,
                         gconstpointer  data)
{
  start (fixture);
  rig_go_online (fixture);
  rig_announce (fixture, STUN2,
                "<service type='stun' host='127.0.0.1'/><service type='stun' host='::1'/>"
                "<service type='stun' host='0.0.0.0'/><service type='stun' host='224.0.0.1'/>");
  g_assert_cmpstr (rig.asked->str, ==, "");
}

/* Nobody is asked anything, and nothing is known. */
static void
assert_is_in_hiding (Fixture *fixture)
{
  const FerryPathFacts *facts = ferry_network_get_facts (fixture->network);

  g_assert_false (ferry_network_is_direct (fixture->network));
  g_assert_true (ferry_network_is_settled (fixture->network));
  g_assert_cmpuint (fake_port_get_n_sent (fixture->port), ==, 0);
  g_assert_cmpuint (facts->addresses->len, ==, 0);
  g_assert_cmpuint (facts->mappings->len, ==, 0);
  g_assert_cmpuint (facts->port, ==, 0);
  assert_seen (&facts->reflexive4, NULL);
  assert_seen (&facts->reflexive6, NULL);
  g_assert_cmpstr (rig.asked->str, ==, "");
  g_assert_cmpuint (rig.n_mapped, ==, 0);
  g_assert_null (ferry_network_get_mappings (fixture->network));
}

static void
test_hides_if_relays_are_wanted (Fixture       *fixture,
                                 gconstpointer  data)
{
  start (fixture);
  rig_go_online (fixture);
  g_assert_true (ferry_network_is_relay_only (fixture->network));
  g_assert_null (ferry_network_get_desktop_proxy (fixture->network));
  assert_is_in_hiding (fixture);
}

static void
test_hides_behind_a_desktop_proxy (Fixture       *fixture,
                                   gconstpointer  data)
{
  GProxyResolver *way;
  g_auto(GStrv) uris = NULL;

  rig.proxy = "socks5://127.0.0.1:9050";
  start (fixture);
  rig_go_online (fixture);
  assert_is_in_hiding (fixture);
  g_assert_false (ferry_network_is_relay_only (fixture->network));

  /* Wherever it goes, it goes that way. */
  way = ferry_network_get_desktop_proxy (fixture->network);
  uris = g_proxy_resolver_lookup (way, "none://192.168.1.1:7625", NULL, NULL);
  g_assert_cmpuint (g_strv_length (uris), ==, 1);
  g_assert_cmpstr (uris[0], ==, rig.proxy);
}

static void
test_hides_while_the_desktop_is_silent (Fixture       *fixture,
                                        gconstpointer  data)
{
  rig.proxy = NULL;
  start (fixture);
  rig_go_online (fixture);
  assert_is_in_hiding (fixture);
}

static void
test_obeys_at_once (Fixture       *fixture,
                    gconstpointer  data)
{
  const FerryPathFacts *facts = ferry_network_get_facts (fixture->network);

  rig.addresses = "127.0.0.1";
  start (fixture);
  rig_go_online (fixture);
  rig_announce (fixture, STUN2, "<service type='stun' host='127.0.0.1'/>");
  rig_let_routers_answer ("203.0.113.7");
  assert_seen (&facts->reflexive4, "203.0.113.7");

  fixture->settings->relay_only = TRUE;
  ferry_network_configure (fixture->network, fixture->settings);
  g_assert_false (ferry_network_is_direct (fixture->network));
  wait_until_idle ();
  g_assert_cmpuint (rig.n_stopped, ==, 1);
  g_string_truncate (rig.asked, 0);
  rig.n_mapped = 0;
  assert_is_in_hiding (fixture);

  fixture->settings->relay_only = FALSE;
  fixture->settings->map_ports = FALSE;
  fixture->settings->stun_server = g_strdup ("[::1]:7");
  rig.addresses = "::1";
  rig.seen = "2001:db8::7";
  ferry_network_configure (fixture->network, fixture->settings);
  wait_until_idle ();
  g_assert_true (ferry_network_is_direct (fixture->network));
  g_assert_cmpstr (rig.asked->str, ==, "[::1]:7 ");
  g_assert_cmpuint (rig.n_mapped, ==, 0);
  assert_seen (&facts->reflexive4, NULL);
  assert_seen (&facts->reflexive6, "2001:db8::7");
}

static void
test_leaves_routers_alone (Fixture       *fixture,
                           gconstpointer  data)
{
  start (fixture);
  g_assert_cmpuint (rig.n_mapped, ==, 0);
  g_assert_true (ferry_network_is_settled (fixture->network));
  g_assert_cmpuint (ferry_network_get_facts (fixture->network)->addresses->len, ==, 2);
}

/* No offer is delayed by what never answers. */
static void
test_waits_a_little (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr(GAsyncResult) timed = NULL;
  g_autoptr(GAsyncResult) settled = NULL;
  g_autoptr(GAsyncResult) at_once = NULL;
  g_autoptr(GAsyncResult) cancelled = NULL;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  gint64 began;

  start (fixture);
  began = g_get_monotonic_time ();
  ferry_network_wait_async (fixture->network, 50, NULL, wait_done_cb, &timed);
  g_assert_true (ferry_network_wait_finish (fixture->network, wait_for_result (&timed), NULL));
  g_assert_cmpint (g_get_monotonic_time () - began, >=, 49 * 1000);

  ferry_network_wait_async (fixture->network, 60000, cancellable, wait_done_cb, &cancelled);
  g_cancellable_cancel (cancellable);
  g_assert_false (ferry_network_wait_finish (fixture->network, wait_for_result (&cancelled),
                                             &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  wait_until_idle ();
  ferry_network_wait_async (fixture->network, 60000, NULL, wait_done_cb, &settled);
  rig_let_routers_answer (NULL);
  g_assert_true (ferry_network_wait_finish (fixture->network, wait_for_result (&settled), NULL));
  ferry_network_wait_async (fixture->network, 60000, NULL, wait_done_cb, &at_once);
  g_assert_true (ferry_network_wait_finish (fixture->network, wait_for_result (&at_once), NULL));
}

/* Changes come in bursts; one look is enough. */
static void
test_looks_again_when_the_network_changes (Fixture       *fixture,
                                           gconstpointer  data)
{
  const FerryPathFacts *facts = ferry_network_get_facts (fixture->network);

  start (fixture);
  rig_let_routers_answer ("203.0.113.7");
  rig_go_online (fixture);
  rig_announce (fixture, STUN2, "<service type='stun' host='127.0.0.1'/>");
  rig.addresses = "127.0.0.2";
  rig.seen = "203.0.113.8";

  for (guint i = 0; i < 5; i++)
    g_signal_emit_by_name (g_network_monitor_get_default (), "network-changed", TRUE);

  g_assert_cmpuint (rig.n_lookups, ==, 1);
  g_assert_false (ferry_network_is_settled (fixture->network));
  rig_wait_ms (700);
  g_assert_cmpuint (rig.n_lookups, ==, 2);
  g_assert_cmpuint (rig.n_mapped, ==, 2);
  g_assert_cmpuint (facts->addresses->len, ==, 1);
  assert_seen (&facts->reflexive4, NULL); /* the old one is another network's */
  rig_announce (fixture, STUN2, "<service type='stun' host='127.0.0.1'/>");
  assert_seen (&facts->reflexive4, "203.0.113.8");
}

/* Monitors miss some. */
static void
test_notices_when_it_is_asked (Fixture       *fixture,
                               gconstpointer  data)
{
  g_autoptr(GAsyncResult) done = NULL;

  start (fixture);
  rig_let_routers_answer (NULL);
  rig.addresses = "127.0.0.2";
  ferry_network_wait_async (fixture->network, 1000, NULL, wait_done_cb, &done);
  g_assert_true (ferry_network_wait_finish (fixture->network, wait_for_result (&done), NULL));
  g_assert_cmpuint (ferry_network_get_facts (fixture->network)->addresses->len, ==, 1);
  g_assert_cmpuint (rig.n_mapped, ==, 2);
}

/* Tor is switched on: from the next offer on nothing direct is told. */
static void
test_follows_the_desktop (Fixture       *fixture,
                          gconstpointer  data)
{
  g_autoptr(GAsyncResult) same = NULL;
  g_autoptr(GAsyncResult) hidden = NULL;
  g_autoptr(GAsyncResult) silent = NULL;
  g_autoptr(GAsyncResult) back = NULL;

  start (fixture);
  rig_let_routers_answer ("203.0.113.7");
  ferry_network_wait_async (fixture->network, 1000, NULL, wait_done_cb, &same);
  g_assert_true (ferry_network_wait_finish (fixture->network, wait_for_result (&same), NULL));
  g_assert_cmpuint (rig.n_mapped, ==, 1); /* nothing else is asked again */

  rig.proxy = "socks5://127.0.0.1:9050";
  ferry_network_wait_async (fixture->network, 1000, NULL, wait_done_cb, &hidden);
  g_assert_true (ferry_network_wait_finish (fixture->network, wait_for_result (&hidden), NULL));
  g_assert_false (ferry_network_is_direct (fixture->network));
  g_assert_nonnull (ferry_network_get_desktop_proxy (fixture->network));
  g_assert_cmpuint (ferry_network_get_facts (fixture->network)->addresses->len, ==, 0);
  g_assert_cmpuint (rig.n_stopped, ==, 1);

  rig.proxy = NULL; /* whoever knows it does not answer: it stays */
  ferry_network_wait_async (fixture->network, 100, NULL, wait_done_cb, &silent);
  g_assert_true (ferry_network_wait_finish (fixture->network, wait_for_result (&silent), NULL));
  g_assert_false (ferry_network_knows_desktop (fixture->network));
  g_assert_false (ferry_network_is_direct (fixture->network));
  g_assert_nonnull (ferry_network_get_desktop_proxy (fixture->network));

  rig.proxy = "direct://";
  ferry_network_wait_async (fixture->network, 100, NULL, wait_done_cb, &back);
  g_assert_true (ferry_network_wait_finish (fixture->network, wait_for_result (&back), NULL));
  g_assert_true (ferry_network_is_direct (fixture->network));
  g_assert_cmpuint (rig.n_mapped, ==, 2);
}

/* What was asked in another network is no answer in this one. */
static void
test_forgets_late_answers (Fixture       *fixture,
                           gconstpointer  data)
{
  const FerryPathFacts *facts = ferry_network_get_facts (fixture->network);
  g_autoptr(FerryElement) late = NULL;

  rig.addresses = "127.0.0.1";
  start (fixture);
  rig_go_online (fixture);
  rig.is_slow = TRUE;
  rig_announce (fixture, STUN2, "<service type='stun' host='127.0.0.1'/>");
  g_assert_cmpuint (rig.waiting->len, ==, 1);

  rig.is_slow = FALSE;
  rig.addresses = "127.0.0.2";
  ferry_network_begin_round (fixture->network);
  wait_until_idle ();
  late = fake_port_take (fixture->port);
  ferry_network_begin_round (fixture->network);
  wait_until_idle ();
  rig_answer_all ();
  fake_port_answer (fixture->port, late, "<query xmlns='http://jabber.org/protocol/disco#info'>"
                                         "<feature var='" STUN2 "'/></query>");
  wait_until_idle ();
  assert_seen (&facts->reflexive4, NULL);
  g_assert_cmpuint (fake_port_get_n_sent (fixture->port), ==, 1);
}

/* DISC-8 */
static void
test_takes_what_is_pushed (Fixture       *fixture,
                           gconstpointer  data)
{
  static const char *const others[] = { "juliet@capulet.lit/balcony", "capulet.lit",
                                        "x.montague.lit" };
  g_autoptr(FerryElement) reply = NULL;

  start (fixture);
  rig_go_online (fixture);
  rig_announce (fixture, STUN2, "<service type='stun' host='127.0.0.1'/>");

  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autoptr(FerryElement) refusal = NULL;

      fake_port_inject (fixture->port, "<iq type='set' id='a' from='%s'><services xmlns='" STUN2
                        "'/></iq>", others[i]);
      wait_until_idle ();
      refusal = fake_port_take (fixture->port);
      g_assert_true (ferry_iq_is (refusal, FERRY_IQ_ERROR));
      g_assert_cmpuint (fake_port_get_n_sent (fixture->port), ==, 0);
    }

  fake_port_inject (fixture->port, "<iq type='set' id='b' from='" SERVER "'><services xmlns='" STUN2
                    "'/></iq>");
  wait_until_idle ();
  reply = fake_port_take (fixture->port);
  g_assert_true (ferry_iq_is (reply, FERRY_IQ_RESULT));
  rig_announce (fixture, STUN2, "<service type='stun' host='127.0.0.1' port='77'/>");
  g_assert_nonnull (strstr (rig.asked->str, "127.0.0.1:77 "));
}

static void
test_gives_back_what_it_got (Fixture       *fixture,
                             gconstpointer  data)
{
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GAsyncResult) again = NULL;

  start (fixture);
  rig_let_routers_answer ("203.0.113.7");
  ferry_network_stop_async (fixture->network, wait_done_cb, &done);
  ferry_network_stop_finish (fixture->network, wait_for_result (&done));
  g_assert_cmpuint (rig.n_stopped, ==, 1);
  g_assert_null (rig.mappings);
  g_assert_cmpuint (ferry_network_get_facts (fixture->network)->mappings->len, ==, 0);

  ferry_network_stop_async (fixture->network, wait_done_cb, &again);
  ferry_network_stop_finish (fixture->network, wait_for_result (&again));
  g_assert_cmpuint (rig.n_stopped, ==, 1);

  start (fixture);
  g_assert_cmpuint (rig.n_mapped, ==, 2);
}

static void
test_ends_all_the_same (Fixture       *fixture,
                        gconstpointer  data)
{
  g_autoptr(GAsyncResult) done = NULL;
  gint64 began = g_get_monotonic_time ();

  rig.never_stops = TRUE;
  start (fixture);
  rig_let_routers_answer ("203.0.113.7");
  ferry_network_stop_async (fixture->network, wait_done_cb, &done);
  ferry_network_stop_finish (fixture->network, wait_for_result (&done));
  g_assert_cmpint (g_get_monotonic_time () - began, <, 3 * G_USEC_PER_SEC);
}

#define ADD(path, data, func) \
  g_test_add ("/core/network/" path, Fixture, data, rig_set_up, func, rig_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("begins-before-login", NULL, test_begins_before_login);
  ADD ("asks-whom-our-server-names", NULL, test_asks_whom_our_server_names);
  ADD ("learns-how-it-looks", NULL, test_learns_how_it_looks);
  ADD ("does-without", NULL, test_does_without);
  ADD ("asks-only-whom-the-user-names", want_stun_by_hand, test_asks_only_whom_the_user_names);
  ADD ("believes-no-nonsense", NULL, test_believes_no_nonsense);
  ADD ("knocks-at-no-doors", want_no_loopback, test_knocks_at_no_doors);
  ADD ("hides-if-relays-are-wanted", want_none, test_hides_if_relays_are_wanted);
  ADD ("hides-behind-a-desktop-proxy", NULL, test_hides_behind_a_desktop_proxy);
  ADD ("hides-while-the-desktop-is-silent", NULL, test_hides_while_the_desktop_is_silent);
  ADD ("obeys-at-once", NULL, test_obeys_at_once);
  ADD ("leaves-routers-alone", want_no_mapping, test_leaves_routers_alone);
  ADD ("waits-a-little", NULL, test_waits_a_little);
  ADD ("looks-again-when-the-network-changes", NULL, test_looks_again_when_the_network_changes);
  ADD ("notices-when-it-is-asked", NULL, test_notices_when_it_is_asked);
  ADD ("follows-the-desktop", NULL, test_follows_the_desktop);
  ADD ("forgets-late-answers", NULL, test_forgets_late_answers);
  ADD ("takes-what-is-pushed", NULL, test_takes_what_is_pushed);
  ADD ("gives-back-what-it-got", NULL, test_gives_back_what_it_got);
  ADD ("ends-all-the-same", NULL, test_ends_all_the_same);

  return g_test_run ();
}
