/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "legacy/namespaces.h"
#include "transport-world.h"
#include "wait.h"

/* urn:xmpp:jingle:transports:s5b:0 over real sockets. Its rules alone are the engine's
 * tests. */

static void
test_connects_directly (TransportWorld *world,
                        gconstpointer   data)
{
  world->parties[GPOINTER_TO_UINT (data)].settings->paths = FERRY_PATH_DIRECT;
  world_negotiate (world, FERRY_NS_S5B_0, NULL);
  world_open_both (world);

  world_assert_open_over (world, FERRY_PATH_DIRECT);
  world_assert_carries (world, 0, 3000000);
}

/* S5B0-18 */
static void
test_goes_through_a_proxy (TransportWorld *world,
                           gconstpointer   data)
{
  world->parties[GPOINTER_TO_UINT (data)].settings->paths = FERRY_PATH_PROXY;
  world_discover_proxy (world);
  world_negotiate (world, FERRY_NS_S5B_0, NULL);
  world_open_both (world);

  world_assert_open_over (world, FERRY_PATH_PROXY);
  world_assert_carries (world, 0, 500000);
}

static guint
get_remote_port (Party *party)
{
  g_autoptr(GSocketAddress) place =
    g_socket_connection_get_remote_address (G_SOCKET_CONNECTION (party->stream), NULL);

  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (place));
}

/* S5B0-9: both have reached the other before either hears of it. */
static void
test_lets_the_initiator_choose (TransportWorld *world,
                                gconstpointer   data)
{
  GAsyncResult *done[2] = { NULL, NULL };
  guint16 port;

  world->holds_infos = TRUE;
  world_negotiate (world, FERRY_NS_S5B_0, NULL);
  port = ferry_socks5_listener_get_port (world->parties[1].listener);

  for (guint i = 0; i < 2; i++)
    ferry_transport_open_async (world->parties[i].transport, NULL, wait_done_cb, &done[i]);
  while (world->parties[0].n_said == 0 || world->parties[1].n_said == 0)
    g_main_context_iteration (NULL, TRUE);
  world_release_infos (world);

  for (guint i = 0; i < 2; i++)
    {
      Party *party = &world->parties[i];

      party->stream = ferry_transport_open_finish (party->transport, wait_for_result (&done[i]),
                                                   &party->error);
      g_object_unref (done[i]);
    }

  world_assert_open_over (world, FERRY_PATH_DIRECT);
  g_assert_cmpuint (get_remote_port (&world->parties[0]), ==, port);
  world_assert_carries (world, 0, 100000);
}

/* S5B0-15: neither may say where it is. */
static void
test_fails_on_both_sides (TransportWorld *world,
                          gconstpointer   data)
{
  BlackHole hole;

  black_hole_init (&hole);
  for (guint i = 0; i < 2; i++)
    world->parties[i].settings->paths = FERRY_PATH_DIRECT;
  world_negotiate (world, FERRY_NS_S5B_0, &hole);
  world_open_both (world);

  for (guint i = 0; i < 2; i++)
    {
      world_assert_failed (world, i, "no answer");
      g_assert_cmpuint (world->parties[i].n_said, ==, 1); /* S5B0-10 */
    }
  black_hole_clear (&hole);
}

/* S5B0-17: where nothing was tried there is nothing to report. */
static void
test_says_nothing_of_no_hosts (TransportWorld *world,
                               gconstpointer   data)
{
  g_autoptr(FerryElement) none = fake_stanza ("<transport xmlns='" FERRY_NS_S5B_0 "'/>");
  g_autoptr(FerryElement) report =
    fake_stanza ("<transport xmlns='" FERRY_NS_S5B_0 "'><streamhost-error/></transport>");
  Party *party = &world->parties[0];
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(FerryElement) offer = NULL;
  g_autoptr(FerryStanzaError) refusal = NULL;

  world_make_transport (world, 0, FERRY_NS_S5B_0);
  offer = party_prepare (party);
  g_assert_true (ferry_transport_set_remote (party->transport, none, NULL));
  ferry_transport_open_async (party->transport, NULL, wait_done_cb, &done);
  wait_until_idle ();
  refusal = ferry_transport_receive_info (party->transport, report);
  g_assert_null (refusal);

  party->stream = ferry_transport_open_finish (party->transport, wait_for_result (&done),
                                               &party->error);
  world_assert_failed (world, 0, "the peer offered no host");
  g_assert_cmpuint (party->n_said, ==, 0);
}

/* S5B0-20: the session's, where the peer names no stream. S5B0-21: another is refused. */
static void
test_knows_its_stream (TransportWorld *world,
                       gconstpointer   data)
{
  static const struct { const char *sid; gboolean is_ours; } cases[] = {
    { "", TRUE },
    { "sid='a73sjjvkla37jfea'", TRUE },
    { "sid='other'", FALSE },
  };

  world->stream_sid = "a73sjjvkla37jfea";
  world_make_transports (world, FERRY_NS_S5B_0);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(FerryElement) said =
        fake_stanza ("<transport xmlns='" FERRY_NS_S5B_0 "' %s/>", cases[i].sid);

      for (guint n = 0; n < 2; n++)
        {
          g_autoptr(GError) error = NULL;
          gboolean is_taken = ferry_transport_set_remote (world->parties[n].transport, said, &error);

          g_assert_cmpint (is_taken, ==, cases[i].is_ours);
        }
    }

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(FerryElement) said = party_prepare (&world->parties[i]);

      g_assert_cmpstr (ferry_element_get_attribute (said, "sid"), ==, world->stream_sid);
      g_assert_null (ferry_element_get_attribute (said, "dstaddr"));
      g_assert_cmpuint (ferry_element_get_n_children (said), >, 0);
    }
}

/* S5B0-7: of one host no more may be said than whose it is. */
static void
test_understands_a_bare_name (TransportWorld *world,
                              gconstpointer   data)
{
  g_autoptr(FerryElement) used =
    fake_stanza ("<transport xmlns='" FERRY_NS_S5B_0 "'><streamhost-used jid='" ROMEO "'/></transport>");
  g_autoptr(FerryElement) unknown =
    fake_stanza ("<transport xmlns='" FERRY_NS_S5B_0 "'><streamhost-used jid='" JULIET "'/></transport>");
  FerryTransport *transport;
  g_autoptr(FerryElement) said = NULL;
  g_autoptr(FerryStanzaError) refusal = NULL;
  g_autoptr(FerryStanzaError) agreement = NULL;

  world_make_transport (world, 0, FERRY_NS_S5B_0);
  transport = world->parties[0].transport;
  said = party_prepare (&world->parties[0]);
  refusal = ferry_transport_receive_info (transport, unknown);
  g_assert_nonnull (refusal);
  agreement = ferry_transport_receive_info (transport, used);
  g_assert_null (agreement);
}

#define ADD(path, data, func) \
  g_test_add ("/core/transport-s5b-0/" path, TransportWorld, data, world_set_up, func, world_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("connects-directly/initiator-insists", GUINT_TO_POINTER (0), test_connects_directly);
  ADD ("connects-directly/responder-insists", GUINT_TO_POINTER (1), test_connects_directly);
  ADD ("goes-through-a-proxy/initiator-insists", GUINT_TO_POINTER (0), test_goes_through_a_proxy);
  ADD ("goes-through-a-proxy/responder-insists", GUINT_TO_POINTER (1), test_goes_through_a_proxy);
  ADD ("lets-the-initiator-choose", NULL, test_lets_the_initiator_choose);
  ADD ("fails-on-both-sides", NULL, test_fails_on_both_sides);
  ADD ("says-nothing-of-no-hosts", NULL, test_says_nothing_of_no_hosts);
  ADD ("knows-its-stream", NULL, test_knows_its_stream);
  ADD ("understands-a-bare-name", NULL, test_understands_a_bare_name);

  return g_test_run ();
}
