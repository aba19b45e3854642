/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <sys/socket.h>

#include "net/drain.h"

/* Two ends of a TCP connection on loopback. */
typedef struct
{
  GSocketConnection *ends[2];
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
  g_clear_error (&fixture->error);
}

static void
drained_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Fixture *fixture = user_data;

  fixture->ok = ferry_drain_finish (result, &fixture->error);
  fixture->is_done = TRUE;
}

/* Writes more than two kernels hold. */
static void
fill (Fixture *fixture)
{
  g_autofree char *zeros = g_malloc0 (65536);
  GSocket *socket = g_socket_connection_get_socket (fixture->ends[0]);

  g_socket_set_blocking (socket, FALSE);
  while (g_socket_send (socket, zeros, 65536, NULL, NULL) > 0)
    continue;
}

static void
start (Fixture      *fixture,
       guint         idle_limit,
       GCancellable *cancellable)
{
  ferry_drain_async (G_IO_STREAM (fixture->ends[0]), idle_limit, cancellable, drained_cb, fixture);
}

static void
spin (Fixture *fixture,
      guint    milliseconds)
{
  gint64 end = g_get_monotonic_time () + milliseconds * 1000;

  while (g_get_monotonic_time () < end && !fixture->is_done)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
}

static void
wait_for (Fixture *fixture)
{
  while (!fixture->is_done)
    g_main_context_iteration (NULL, TRUE);
}

/* FT-4 */
static void
test_waits_for_the_last_byte (Fixture       *fixture,
                              gconstpointer  data)
{
  GSocket *socket = g_socket_connection_get_socket (fixture->ends[1]);
  g_autofree char *buffer = g_malloc (65536);

  fill (fixture);
  start (fixture, 60, NULL);
  spin (fixture, 150);
  g_assert_false (fixture->is_done);

  g_socket_set_blocking (socket, FALSE);
  while (!fixture->is_done)
    {
      while (g_socket_receive (socket, buffer, 65536, NULL, NULL) > 0)
        continue;
      g_main_context_iteration (NULL, TRUE);
    }
  g_assert_no_error (fixture->error);
  g_assert_true (fixture->ok);
}

static void
test_notices_a_reset (Fixture       *fixture,
                      gconstpointer  data)
{
  const struct linger hard = { 1, 0 };

  fill (fixture);
  start (fixture, 60, NULL);
  spin (fixture, 50);
  g_assert_false (fixture->is_done);

  setsockopt (g_socket_get_fd (g_socket_connection_get_socket (fixture->ends[1])), SOL_SOCKET,
              SO_LINGER, &hard, sizeof hard);
  g_io_stream_close (G_IO_STREAM (fixture->ends[1]), NULL, NULL);
  wait_for (fixture);
  g_assert_false (fixture->ok);
  g_assert_nonnull (fixture->error);
}

static void
test_notices_a_stall (Fixture       *fixture,
                      gconstpointer  data)
{
  fill (fixture);
  start (fixture, 1, NULL);
  wait_for (fixture);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
}

static void
test_can_be_cancelled (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();

  fill (fixture);
  start (fixture, 60, cancellable);
  spin (fixture, 50);
  g_cancellable_cancel (cancellable);
  wait_for (fixture);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_has_nothing_to_wait_for (Fixture       *fixture,
                              gconstpointer  data)
{
  g_autoptr(GInputStream) in = g_memory_input_stream_new ();
  g_autoptr(GOutputStream) out = g_memory_output_stream_new_resizable ();
  g_autoptr(GIOStream) other = g_simple_io_stream_new (in, out);

  ferry_drain_async (other, 60, NULL, drained_cb, fixture);
  wait_for (fixture);
  g_assert_true (fixture->ok);

  fixture->is_done = FALSE;
  start (fixture, 60, NULL);
  wait_for (fixture);
  g_assert_true (fixture->ok);
}

#define ADD(path, func) \
  g_test_add ("/net/drain/" path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("waits-for-the-last-byte", test_waits_for_the_last_byte);
  ADD ("notices-a-reset", test_notices_a_reset);
  ADD ("notices-a-stall", test_notices_a_stall);
  ADD ("can-be-cancelled", test_can_be_cancelled);
  ADD ("has-nothing-to-wait-for", test_has_nothing_to_wait_for);

  return g_test_run ();
}
