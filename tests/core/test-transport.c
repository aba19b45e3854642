/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "core/transport-ibb.h"
#include "proto/ibb-codec.h"
#include "proto/s5b-codec.h"
#include "transport-world.h"
#include "wait.h"

static void
test_s5b_connects_directly (TransportWorld *world,
                            gconstpointer   data)
{
  world->parties[GPOINTER_TO_UINT (data)].settings->paths = FERRY_PATH_DIRECT;
  world_negotiate (world, FERRY_NS_S5B_1, NULL);
  world_open_both (world);

  world_assert_open_over (world, FERRY_PATH_DIRECT);
  world_assert_carries (world, 0, 3000000);
}

/* Whoever insists on it. */
static void
test_s5b_goes_through_a_proxy (TransportWorld *world,
                               gconstpointer   data)
{
  gint64 begin;

  world->parties[GPOINTER_TO_UINT (data)].settings->paths = FERRY_PATH_PROXY | FERRY_PATH_IN_BAND;
  world_discover_proxy (world);
  world_negotiate (world, FERRY_NS_S5B_1, NULL);
  begin = g_get_monotonic_time ();
  world_open_both (world);

  world_assert_open_over (world, FERRY_PATH_PROXY);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, G_USEC_PER_SEC);
  world_assert_carries (world, 0, 500000);
}

/* The figure: a second until proxies are tried, and not five until direct hosts are
 * given up. */
static void
test_s5b_leaves_a_black_hole (TransportWorld *world,
                              gconstpointer   data)
{
  BlackHole hole;
  gint64 begin;

  black_hole_init (&hole);
  world_discover_proxy (world);
  world_negotiate (world, FERRY_NS_S5B_1, &hole);
  begin = g_get_monotonic_time ();
  world_open_both (world);

  world_assert_open_over (world, FERRY_PATH_PROXY);
  g_test_message ("%" G_GINT64_FORMAT " ms", (g_get_monotonic_time () - begin) / 1000);
  g_assert_cmpint (g_get_monotonic_time () - begin, >, 900000);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 2000000); /* 1.3 s where nothing else runs */
  world_assert_carries (world, 0, 10000);
  black_hole_clear (&hole);
}

static void
test_s5b_says_what_it_tried (TransportWorld *world,
                             gconstpointer   data)
{
  world->parties[0].settings->paths = FERRY_PATH_PROXY;
  lab_proxy_break (world->proxy);
  world_discover_proxy (world);
  world_negotiate (world, FERRY_NS_S5B_1, NULL);
  world_open_both (world);

  for (guint i = 0; i < 2; i++)
    {
      g_assert_null (world->parties[i].stream);
      g_assert_nonnull (world->parties[i].error);
      g_test_message ("%s", world->parties[i].error->message);
    }
  g_assert_nonnull (strstr (world->parties[0].error->message, "not-allowed"));
  g_assert_nonnull (strstr (world->parties[1].error->message, "127.0.0.1"));
}

/* SEC-14: without the setting of the tests nobody is made to dial this machine. */
static void
test_s5b_never_dials_loopback (TransportWorld *world,
                               gconstpointer   data)
{
  g_autoptr(FerryElement) offer = NULL;
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GError) error = NULL;

  world->parties[1].settings->allow_loopback = FALSE;
  world_make_transports (world, FERRY_NS_S5B_1);
  offer = fake_stanza ("<transport xmlns='%s' sid='x'>"
                       "<candidate cid='a' host='127.0.0.1' priority='9' port='5086'/>"
                       "<candidate cid='b' host='localhost' priority='8' port='5086'/></transport>",
                       FERRY_NS_S5B_1);
  g_assert_true (ferry_transport_set_remote (world->parties[1].transport, offer, &error));
  ferry_transport_open_async (world->parties[1].transport, NULL, wait_done_cb, &done);

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(FerryElement) report =
        fake_stanza ("<transport xmlns='%s' sid='x'><candidate-error/></transport>", FERRY_NS_S5B_1);
      g_autoptr(FerryStanzaError) answer =
        ferry_transport_receive_info (world->parties[1].transport, report);

      g_assert_cmpint (answer != NULL, ==, i == 1); /* S5B1-8 */
    }

  g_assert_null (ferry_transport_open_finish (world->parties[1].transport, wait_for_result (&done),
                                              &error));
  g_assert_nonnull (strstr (error->message, "a loopback address"));
}

static guint16
find_closed_port (void)
{
  g_autoptr(GSocketListener) listener = g_socket_listener_new ();
  guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);

  g_socket_listener_close (listener);

  return port;
}

/* SEC-17: a name of many addresses is not one connection. */
static void
test_s5b_begins_twenty_connections (TransportWorld *world,
                                    gconstpointer   data)
{
  g_autoptr(GString) candidates = g_string_new (NULL);
  guint16 port = find_closed_port ();
  g_autoptr(FerryElement) offer = NULL;
  g_autoptr(FerryElement) report = NULL;
  g_autoptr(FerryStanzaError) refusal = NULL;
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < 12; i++)
    g_string_append_printf (candidates, "<candidate cid='c%u' host='localhost' priority='%u' "
                            "port='%u'/>", i, 100 - i, port);
  world_make_transports (world, FERRY_NS_S5B_1);
  offer = fake_stanza ("<transport xmlns='%s' sid='x'>%s</transport>", FERRY_NS_S5B_1,
                       candidates->str);
  report = fake_stanza ("<transport xmlns='%s' sid='x'><candidate-error/></transport>",
                        FERRY_NS_S5B_1);
  g_assert_true (ferry_transport_set_remote (world->parties[1].transport, offer, &error));
  ferry_transport_open_async (world->parties[1].transport, NULL, wait_done_cb, &done);
  refusal = ferry_transport_receive_info (world->parties[1].transport, report);
  g_assert_null (refusal);

  g_assert_null (ferry_transport_open_finish (world->parties[1].transport, wait_for_result (&done),
                                              &error));
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, "refused"));
  g_assert_nonnull (strstr (error->message, "too many attempts"));
}

/* SEC-15: to ask a stranger is not to tell it where we are. */
static void
test_s5b_hides_from_strangers (TransportWorld *world,
                               gconstpointer   data)
{
  Party *party = &world->parties[0];
  gboolean is_stranger = GPOINTER_TO_INT (data);
  FerryTransportContext context = {
    .router = party->router, .listener = party->listener, .proxies = party->proxies,
    .settings = party->settings, .profile = ferry_peer_profile_get_default (),
    .own_jid = ROMEO, .peer_jid = JULIET, .role = FERRY_ROLE_INITIATOR,
    .proposer = TRUE, .is_stranger = is_stranger,
  };
  g_autoptr(FerryElement) offer = NULL;
  guint n_direct = 0;

  world_discover_proxy (world);
  party->transport = ferry_transport_new (FERRY_NS_S5B_1, &context);
  offer = party_prepare (party);
  for (guint i = 0; i < ferry_element_get_n_children (offer); i++)
    n_direct += g_str_equal (ferry_element_get_attribute (ferry_element_get_child (offer, i), "type"),
                             "direct");

  g_assert_cmpint (n_direct > 0, ==, !is_stranger);
  g_assert_cmpuint (ferry_element_get_n_children (offer), ==, n_direct + 1); /* the proxy */
}

/* SEC-11: forty candidates in a session. */
static void
test_s5b_refuses_too_many_candidates (TransportWorld *world,
                                      gconstpointer   data)
{
  world_make_transports (world, FERRY_NS_S5B_1);

  for (guint i = 0; i < 4; i++)
    {
      g_autoptr(GString) candidates = g_string_new (NULL);
      g_autoptr(FerryElement) transport = NULL;
      g_autoptr(FerryStanzaError) refusal = NULL;

      for (guint n = 0; n < 15; n++)
        g_string_append_printf (candidates, "<candidate cid='c%u' host='192.0.2.%u' priority='1'/>",
                                15 * i + n, 15 * i + n);
      transport = fake_stanza ("<transport xmlns='%s' sid='x'>%s</transport>", FERRY_NS_S5B_1,
                               candidates->str);

      if (i == 0)
        g_assert_true (ferry_transport_set_remote (world->parties[1].transport, transport, NULL));
      else
        refusal = ferry_transport_receive_info (world->parties[1].transport, transport);
      g_assert_cmpint (refusal != NULL, ==, i >= 2);
    }
}

static void
test_gives_up_when_told (TransportWorld *world,
                         gconstpointer   data)
{
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  world_negotiate (world, data, NULL);
  ferry_transport_open_async (world->parties[1].transport, cancellable, wait_done_cb, &done);
  wait_until_idle ();
  g_cancellable_cancel (cancellable);
  g_assert_null (ferry_transport_open_finish (world->parties[1].transport, wait_for_result (&done),
                                              &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_ibb_carries_bytes (TransportWorld *world,
                        gconstpointer   data)
{
  static const gsize sizes[] = { 0, 1, 4096, 2000001 };

  world_negotiate (world, FERRY_NS_JINGLE_IBB_1, NULL);
  world_open_both (world);
  world_assert_open_over (world, FERRY_PATH_IN_BAND);
  world_assert_carries (world, GPOINTER_TO_UINT (data) & 1, sizes[GPOINTER_TO_UINT (data) / 2]);
}

/* SEC-3, XEP-0047 */
static void
test_ibb_refuses_unknown_streams (TransportWorld *world,
                                  gconstpointer   data)
{
  static const struct { const char *payload; FerryCondition condition; } cases[] = {
    { "<open xmlns='http://jabber.org/protocol/ibb' sid='x' block-size='4096'/>",
      FERRY_CONDITION_NOT_ACCEPTABLE },
    { "<data xmlns='http://jabber.org/protocol/ibb' sid='x' seq='0'>AAAA</data>",
      FERRY_CONDITION_ITEM_NOT_FOUND },
    { "<close xmlns='http://jabber.org/protocol/ibb' sid='x'/>", FERRY_CONDITION_ITEM_NOT_FOUND },
  };

  world_negotiate (world, FERRY_NS_JINGLE_IBB_1, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(FerryElement) payload = ferry_element_parse (cases[i].payload, -1, NULL);
      g_autoptr(GAsyncResult) done = NULL;
      g_autoptr(FerryElement) reply = NULL;
      g_autoptr(FerryStanzaError) error = NULL;

      ferry_router_request_async (world->parties[0].router, FERRY_IQ_SET, JULIET, payload, 30, NULL,
                                  wait_done_cb, &done);
      reply = ferry_router_request_finish (world->parties[0].router, wait_for_result (&done), NULL);
      error = ferry_stanza_error_from_stanza (reply);
      g_assert_nonnull (error);
      g_assert_cmpint (error->condition, ==, cases[i].condition);
    }
}

#define ADD(path, data, func) \
  g_test_add ("/core/transport/" path, TransportWorld, data, world_set_up, func, world_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("s5b/connects-directly/initiator-insists", GUINT_TO_POINTER (0), test_s5b_connects_directly);
  ADD ("s5b/connects-directly/responder-insists", GUINT_TO_POINTER (1), test_s5b_connects_directly);
  ADD ("s5b/goes-through-a-proxy/initiator-insists", GUINT_TO_POINTER (0), test_s5b_goes_through_a_proxy);
  ADD ("s5b/goes-through-a-proxy/responder-insists", GUINT_TO_POINTER (1), test_s5b_goes_through_a_proxy);
  ADD ("s5b/leaves-a-black-hole", NULL, test_s5b_leaves_a_black_hole);
  ADD ("s5b/says-what-it-tried", NULL, test_s5b_says_what_it_tried);
  ADD ("s5b/never-dials-loopback", NULL, test_s5b_never_dials_loopback);
  ADD ("s5b/begins-twenty-connections", NULL, test_s5b_begins_twenty_connections);
  ADD ("s5b/hides-from-strangers/contact", GINT_TO_POINTER (FALSE), test_s5b_hides_from_strangers);
  ADD ("s5b/hides-from-strangers/stranger", GINT_TO_POINTER (TRUE), test_s5b_hides_from_strangers);
  ADD ("s5b/refuses-too-many-candidates", NULL, test_s5b_refuses_too_many_candidates);
  ADD ("s5b/gives-up-when-told", FERRY_NS_S5B_1, test_gives_up_when_told);
  ADD ("ibb/gives-up-when-told", FERRY_NS_JINGLE_IBB_1, test_gives_up_when_told);
  ADD ("ibb/carries-nothing", GUINT_TO_POINTER (0), test_ibb_carries_bytes);
  ADD ("ibb/carries-a-byte-back", GUINT_TO_POINTER (3), test_ibb_carries_bytes);
  ADD ("ibb/carries-a-block", GUINT_TO_POINTER (4), test_ibb_carries_bytes);
  ADD ("ibb/carries-a-file", GUINT_TO_POINTER (6), test_ibb_carries_bytes);
  ADD ("ibb/refuses-unknown-streams", NULL, test_ibb_refuses_unknown_streams);

  return g_test_run ();
}
