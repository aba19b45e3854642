/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "legacy/namespaces.h"
#include "net/socks5-dialer.h"
#include "proto/bytestreams-codec.h"
#include "proto/ibb-codec.h"
#include "proto/s5b-address.h"
#include "transport-world.h"
#include "wait.h"

/* How long the ends of a bytestream wait for a peer that does nothing; all of it at
 * once, for it takes the time it takes. */

#define SID "a0"

static gboolean
ignore_cb (FerryElement *stanza,
           gpointer      user_data)
{
  guint *n_ignored = user_data;

  (*n_ignored)++;

  return TRUE;
}

static GSocketConnection *
call (TransportWorld *world)
{
  g_autofree char *address = ferry_s5b_address_new (SID, ROMEO, JULIET);
  g_autoptr(FerrySocks5Dialer) dialer = ferry_socks5_dialer_new ();
  guint16 port = ferry_socks5_listener_get_port (world->parties[0].listener);
  g_autoptr(GSocketAddress) place = g_inet_socket_address_new_from_string ("127.0.0.1", port);
  g_autoptr(GAsyncResult) done = NULL;

  ferry_socks5_dialer_dial_async (dialer, G_SOCKET_CONNECTABLE (place), address, NULL,
                                  wait_done_cb, &done);

  return ferry_socks5_dialer_dial_finish (dialer, wait_for_result (&done), NULL);
}

/* Not before, and not long after. */
static void
finish (TransportWorld *world,
        guint           index,
        GAsyncResult  **done,
        gint64          when)
{
  Party *party = &world->parties[index];

  party->stream = ferry_transport_open_finish (party->transport, wait_for_result (done),
                                               &party->error);
  g_clear_object (done);
  g_assert_cmpint (g_get_monotonic_time (), >=, when - G_USEC_PER_SEC / 2); /* GLib rounds */
  g_assert_cmpint (g_get_monotonic_time (), <, when + 4 * G_USEC_PER_SEC);
}

/* The requester: a peer that connects and says no more. Peers: gloox, slixmpp. The
 * target: neither a request nor an <open/>, for as long as libpurple takes to come back. */
static void
test_ends (TransportWorld *world,
           gconstpointer   data)
{
  static const FerryRoute route = { "iq", "set", "query", FERRY_NS_BYTESTREAMS };
  gint64 begin = g_get_monotonic_time ();
  GAsyncResult *done[2] = { NULL, NULL };
  guint n_ignored = 0;
  g_autoptr(GSocketConnection) stream = NULL;

  world->stream_sid = SID;
  world_make_transport (world, 0, FERRY_NS_BYTESTREAMS);
  ferry_router_add_handler (world->parties[1].router, &route, ignore_cb, &n_ignored);
  world->falls_back = TRUE;
  world->stream_sid = "b0";
  world_make_transport (world, 1, FERRY_NS_BYTESTREAMS);

  for (guint i = 0; i < 2; i++)
    {
      ferry_element_unref (party_prepare (&world->parties[i]));
      ferry_transport_open_async (world->parties[i].transport, NULL, wait_done_cb, &done[i]);
    }

  stream = call (world);
  g_assert_nonnull (stream);
  finish (world, 0, &done[0], begin + 10 * G_USEC_PER_SEC);
  world_assert_failed (world, 0, "says nothing");
  g_assert_cmpuint (n_ignored, ==, 1);

  finish (world, 1, &done[1], begin + 35 * G_USEC_PER_SEC);
  world_assert_failed (world, 1, "never opened");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/core/transport-patience/ends", TransportWorld, NULL, world_set_up, test_ends,
              world_tear_down);

  return g_test_run ();
}
