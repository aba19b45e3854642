/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <sys/socket.h>

#include "net/own-close.h"
#include "net/peer-close.h"

/* Two ends of a TCP connection on loopback. */
typedef struct
{
  GSocketConnection *ends[2];
  GCancellable      *cancellable;
  gboolean           is_done;
  gboolean           ok;
  GError            *error;
} Fixture;

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(GSocketListener) listener = g_socket_listener_new ();
  guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);
  g_autoptr(GSocketClient) client = g_socket_client_new ();

  g_socket_client_set_enable_proxy (client, FALSE);
  fixture->cancellable = g_cancellable_new ();
  fixture->ends[0] = g_socket_client_connect_to_host (client, "127.0.0.1", port, NULL, NULL);
  fixture->ends[1] = g_socket_listener_accept (listener, NULL, NULL, NULL);
  g_assert_nonnull (fixture->ends[0]);
  g_assert_nonnull (fixture->ends[1]);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  g_clear_object (&fixture->ends[0]);
  g_clear_object (&fixture->ends[1]);
  g_clear_object (&fixture->cancellable);
  g_clear_error (&fixture->error);
}

static void
closed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Fixture *fixture = user_data;

  fixture->ok = ferry_peer_close_finish (result, &fixture->error);
  fixture->is_done = TRUE;
}

/* As the sender does after its last byte. */
static void
send_and_wait (Fixture *fixture,
               guint    limit)
{
  GSocket *socket = g_socket_connection_get_socket (fixture->ends[0]);

  g_assert_cmpint (g_socket_send (socket, "file", 4, NULL, NULL), ==, 4);
  g_assert_true (g_socket_shutdown (socket, FALSE, TRUE, NULL));
  ferry_peer_close_async (G_IO_STREAM (fixture->ends[0]), limit, fixture->cancellable, closed_cb,
                          fixture);

  for (guint i = 0; i < 20; i++)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
  g_assert_false (fixture->is_done);
}

static void
wait_for (Fixture *fixture)
{
  while (!fixture->is_done)
    g_main_context_iteration (NULL, TRUE);
}

static void
read_all (Fixture *fixture)
{
  char bytes[4];

  g_assert_true (g_input_stream_read_all (
    g_io_stream_get_input_stream (G_IO_STREAM (fixture->ends[1])), bytes, 4, NULL, NULL, NULL));
}

static void
test_knows_a_close_in_good_order (Fixture       *fixture,
                                  gconstpointer  data)
{
  send_and_wait (fixture, 60);
  read_all (fixture);
  g_clear_object (&fixture->ends[1]);
  wait_for (fixture);
  g_assert_no_error (fixture->error);
  g_assert_true (fixture->ok);
}

/* The peer's program gave up, though its kernel had acknowledged every byte. */
static void
test_is_not_fooled_by_unread_bytes (Fixture       *fixture,
                                    gconstpointer  data)
{
  send_and_wait (fixture, 60);
  g_clear_object (&fixture->ends[1]);
  wait_for (fixture);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
  g_assert_false (fixture->ok);
}

/* All was read, and was not what it should be. */
static void
test_is_told_of_a_bad_end (Fixture       *fixture,
                           gconstpointer  data)
{
  send_and_wait (fixture, 60);
  ferry_own_close_announce (G_IO_STREAM (fixture->ends[1]), 4);
  read_all (fixture);
  ferry_own_close_spoil (G_IO_STREAM (fixture->ends[1]));
  g_clear_object (&fixture->ends[1]);
  wait_for (fixture);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
  g_assert_false (fixture->ok);
}

static void
test_gives_up_in_time (Fixture       *fixture,
                       gconstpointer  data)
{
  send_and_wait (fixture, 1);
  wait_for (fixture);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
}

static void
test_does_not_listen_for_ever (Fixture       *fixture,
                               gconstpointer  data)
{
  g_autofree char *words = g_malloc0 (65536);

  send_and_wait (fixture, 60);
  g_assert_cmpint (g_socket_send (g_socket_connection_get_socket (fixture->ends[1]), words, 65536,
                                  NULL, NULL), ==, 65536);
  wait_for (fixture);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
}

static void
test_obeys_the_cancellable (Fixture       *fixture,
                            gconstpointer  data)
{
  send_and_wait (fixture, 60);
  g_cancellable_cancel (fixture->cancellable);
  wait_for (fixture);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add ("/net/peer-close/" path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

  ADD ("knows-a-close-in-good-order", test_knows_a_close_in_good_order);
  ADD ("is-not-fooled-by-unread-bytes", test_is_not_fooled_by_unread_bytes);
  ADD ("is-told-of-a-bad-end", test_is_told_of_a_bad_end);
  ADD ("gives-up-in-time", test_gives_up_in_time);
  ADD ("does-not-listen-for-ever", test_does_not_listen_for_ever);
  ADD ("obeys-the-cancellable", test_obeys_the_cancellable);

#undef ADD

  return g_test_run ();
}
