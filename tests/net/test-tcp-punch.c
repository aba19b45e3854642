/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <linux/filter.h>
#include <sys/socket.h>

#include "net/shared-port.h"
#include "net/socks5-dialer.h"
#include "net/socks5-listener.h"
#include "net/tcp-punch.h"

#define HASH "0123456789abcdef0123456789abcdef01234567"

static const char *const expected[] = { HASH, NULL };

static void
accepted_cb (GSocketConnection *stream,
             const char        *address,
             gpointer           user_data)
{
  g_ptr_array_add (user_data, g_object_ref (stream));
}

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_assert_null (*(GAsyncResult **) user_data);
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static gboolean
over_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;

  return G_SOURCE_REMOVE;
}

static void
spin (guint milliseconds)
{
  gboolean over = FALSE;

  g_timeout_add (milliseconds, over_cb, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

static GInetSocketAddress *
get_place (const char *host,
           guint16     port)
{
  return G_INET_SOCKET_ADDRESS (g_inet_socket_address_new_from_string (host, port));
}

static void
punch (guint16        from,
       const char    *host,
       guint16        to,
       guint          timeout,
       GCancellable  *cancellable,
       GAsyncResult **done)
{
  g_autoptr(GInetSocketAddress) place = get_place (host, to);

  ferry_tcp_punch_async (from, place, timeout, cancellable, done_cb, done);
}

static GSocketConnection *
finish (GAsyncResult **done,
        GError       **error)
{
  GSocketConnection *connection;

  while (*done == NULL)
    g_main_context_iteration (NULL, TRUE);

  connection = ferry_tcp_punch_finish (*done, error);
  g_clear_object (done);

  return connection;
}

static guint16
get_port (GSocketAddress *place)
{
  g_autoptr(GSocketAddress) owned = place;

  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (owned));
}

/* One byte each way. */
static void
assert_joined (GSocketConnection *a,
               GSocketConnection *b)
{
  GSocketConnection *ends[2] = { a, b };

  for (guint i = 0; i < 2; i++)
    {
      char byte = 0;

      g_assert_cmpint (g_socket_send (g_socket_connection_get_socket (ends[i]), "P", 1, NULL, NULL),
                       ==, 1);
      g_assert_cmpint (g_socket_receive (g_socket_connection_get_socket (ends[1 - i]), &byte, 1,
                                         NULL, NULL), ==, 1);
      g_assert_cmpint (byte, ==, 'P');
    }
}

static const char *const hosts[] = { "127.0.0.1", "::1" };

/* Takes the place of a router that drops what nobody has asked for: listens, and hears
 * nothing. Returns: (transfer full) */
static GSocket *
listen_deaf (guint16 port)
{
  struct sock_filter nothing = BPF_STMT (BPF_RET | BPF_K, 0);
  struct sock_fprog program = { 1, &nothing };
  GSocket *socket = ferry_shared_port_bind (G_SOCKET_FAMILY_IPV6, port, NULL);

  g_assert_nonnull (socket);
  g_assert_cmpint (setsockopt (g_socket_get_fd (socket), SOL_SOCKET, SO_ATTACH_FILTER, &program,
                               sizeof program), ==, 0);
  g_assert_true (g_socket_listen (socket, NULL));

  return socket;
}

/* RFC 9293 §3.5, figure 7: what each end sends is dropped, but where the other one has sent
 * something before. */
static void
test_meets_in_the_middle (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
    {
      g_autoptr(GSocket) ours = ferry_shared_port_reserve (0, NULL);
      g_autoptr(GSocket) theirs = ferry_shared_port_reserve (0, NULL);
      guint16 ports[2] = { ferry_shared_port_get (ours), ferry_shared_port_get (theirs) };
      g_autoptr(GSocket) our_router = listen_deaf (ports[0]);
      g_autoptr(GSocket) their_router = listen_deaf (ports[1]);
      gint64 begin = g_get_monotonic_time ();
      GAsyncResult *done[2] = { NULL, NULL };
      g_autoptr(GSocketConnection) we = NULL;
      g_autoptr(GSocketConnection) they = NULL;
      g_autoptr(GError) error = NULL;

      g_assert_true (our_router != NULL && their_router != NULL);
      punch (ports[0], hosts[i], ports[1], 3, NULL, &done[0]);
      spin (50);
      g_assert_null (done[0]);
      punch (ports[1], hosts[i], ports[0], 3, NULL, &done[1]);
      we = finish (&done[0], &error);
      g_assert_no_error (error);
      they = finish (&done[1], &error);
      g_assert_no_error (error);
      g_assert_cmpint (g_get_monotonic_time () - begin, <, 500000);
      assert_joined (we, they);
    }
}

/* The other one listens, too: whichever comes of it, it is one connection from port to port. */
static void
test_reaches_who_listens (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
    {
      g_autoptr(FerrySocks5Listener) ours = ferry_socks5_listener_new (0);
      g_autoptr(FerrySocks5Listener) theirs = ferry_socks5_listener_new (0);
      guint16 from = ferry_socks5_listener_reserve (ours, NULL);
      guint16 to = ferry_socks5_listener_reserve (theirs, NULL);
      g_autoptr(GPtrArray) accepted = g_ptr_array_new_with_free_func (g_object_unref);
      g_autoptr(GInetSocketAddress) we = get_place (hosts[i], from);
      g_autoptr(GSocketConnection) taken = NULL;
      g_autoptr(GSocketConnection) connection = NULL;
      g_autoptr(GAsyncResult) done = NULL;
      g_autoptr(GError) error = NULL;

      ferry_socks5_listener_expect (ours, expected, accepted_cb, accepted, NULL);
      ferry_socks5_listener_expect (theirs, expected, accepted_cb, accepted, NULL);
      punch (from, hosts[i], to, 3, NULL, &done);
      connection = finish (&done, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (get_port (g_socket_connection_get_local_address (connection, NULL)), ==,
                        from);
      g_assert_cmpuint (get_port (g_socket_connection_get_remote_address (connection, NULL)), ==,
                        to);

      /* And we are its silent guest. */
      spin (20);
      taken = ferry_socks5_listener_take_silent (theirs, we);
      g_assert_nonnull (taken);
      assert_joined (connection, taken);
    }
}

static GSocketConnection *
speak (GSocketConnection  *connection,
       GError            **error)
{
  g_autoptr(FerrySocks5Dialer) dialer = ferry_socks5_dialer_new ();
  g_autoptr(GAsyncResult) done = NULL;

  ferry_socks5_dialer_speak_async (dialer, connection, HASH, NULL, done_cb, &done);
  while (done == NULL)
    g_main_context_iteration (NULL, TRUE);

  return ferry_socks5_dialer_dial_finish (dialer, done, error);
}

/* What it takes for the rule who speaks first: both may be servers of one connection, and then
 * one of them changes its mind; or the other serves what it has punched itself. */
static void
test_is_served_by_either_end (void)
{
  for (guint taking = 0; taking < 2; taking++)
    {
      g_autoptr(FerrySocks5Listener) listener = ferry_socks5_listener_new (0);
      g_autoptr(FerrySocks5Listener) other = ferry_socks5_listener_new (0);
      g_autoptr(GPtrArray) accepted = g_ptr_array_new_with_free_func (g_object_unref);
      g_autoptr(GSocketConnection) knock = NULL;
      g_autoptr(GSocketConnection) opened = NULL;
      g_autoptr(GSocketConnection) client = NULL;
      g_autoptr(GInetSocketAddress) place = NULL;
      g_autoptr(GAsyncResult) done = NULL;
      g_autoptr(GError) error = NULL;
      guint16 ports[2];

      ferry_socks5_listener_expect (listener, expected, accepted_cb, accepted, NULL);
      ferry_socks5_listener_expect (other, expected, accepted_cb, accepted, NULL);
      ports[0] = ferry_socks5_listener_get_port (listener);
      ports[1] = ferry_socks5_listener_get_port (other);

      if (taking)
        {
          punch (ports[0], "127.0.0.1", ports[1], 3, NULL, &done);
          knock = finish (&done, &error);
          ferry_socks5_listener_adopt (listener, knock);
          spin (20);
          place = get_place ("127.0.0.1", ports[0]);
          opened = ferry_socks5_listener_take_silent (other, place);
        }
      else
        {
          punch (ports[1], "127.0.0.1", ports[0], 3, NULL, &done);
          opened = finish (&done, &error);
        }

      g_assert_no_error (error);
      g_assert_nonnull (opened);
      client = speak (opened, &error);
      g_assert_no_error (error);
      spin (5);
      g_assert_cmpuint (accepted->len, ==, 1);
      assert_joined (client, accepted->pdata[0]);
    }
}

static void
test_leaves_a_connection_alone (void)
{
  g_autoptr(FerrySocks5Listener) ours = ferry_socks5_listener_new (0);
  g_autoptr(FerrySocks5Listener) theirs = ferry_socks5_listener_new (0);
  guint16 from = ferry_socks5_listener_reserve (ours, NULL);
  guint16 to = ferry_socks5_listener_reserve (theirs, NULL);
  g_autoptr(GPtrArray) accepted = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GSocketConnection) first = NULL;
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GError) error = NULL;

  ferry_socks5_listener_expect (theirs, expected, accepted_cb, accepted, NULL);
  punch (from, "127.0.0.1", to, 3, NULL, &done);
  first = finish (&done, &error);
  g_assert_no_error (error);
  punch (from, "127.0.0.1", to, 3, NULL, &done);
  g_assert_null (finish (&done, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
}

static void
test_gives_up_in_time (void)
{
  g_autoptr(GSocket) ours = ferry_shared_port_reserve (0, NULL);
  g_autoptr(GSocket) theirs = ferry_shared_port_reserve (0, NULL);
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GError) error = NULL;
  gint64 begin = g_get_monotonic_time ();

  punch (ferry_shared_port_get (ours), "127.0.0.1", ferry_shared_port_get (theirs), 1, NULL, &done);
  g_assert_null (finish (&done, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_cmpint (g_get_monotonic_time () - begin, >, 900000);
}

static void
test_gives_up_when_told (void)
{
  g_autoptr(GSocket) ours = ferry_shared_port_reserve (0, NULL);
  g_autoptr(GSocket) theirs = ferry_shared_port_reserve (0, NULL);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GError) error = NULL;
  gint64 cancelled;

  punch (ferry_shared_port_get (ours), "127.0.0.1", ferry_shared_port_get (theirs), 5, cancellable,
         &done);
  spin (350); /* it is in a pause of 400 ms */
  cancelled = g_get_monotonic_time ();
  g_cancellable_cancel (cancellable);
  g_assert_null (finish (&done, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - cancelled, <, 150000);
}

/* How often somebody is knocked at whose address a peer gave us. */
static void
test_knocks_less_and_less (void)
{
  g_autoptr(GSocket) ours = ferry_shared_port_reserve (0, NULL);
  g_autoptr(FerrySocks5Listener) theirs = ferry_socks5_listener_new (0);
  guint16 to = ferry_socks5_listener_reserve (theirs, NULL);
  g_autoptr(GPtrArray) accepted = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GSocketConnection) connection = NULL;
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GError) error = NULL;
  gint64 opened;

  punch (ferry_shared_port_get (ours), "127.0.0.1", to, 5, NULL, &done);
  spin (800); /* it has come at 0, 100, 300, 700, and comes at 1500 */
  ferry_socks5_listener_expect (theirs, expected, accepted_cb, accepted, NULL);
  opened = g_get_monotonic_time ();
  connection = finish (&done, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_get_monotonic_time () - opened, >, 300000);
}

static void
test_keeps_its_port_to_itself (void)
{
  g_autoptr(GSocket) kept = ferry_shared_port_reserve (0, NULL);
  guint16 port = ferry_shared_port_get (kept);
  static const GSocketFamily families[] = { G_SOCKET_FAMILY_IPV4, G_SOCKET_FAMILY_IPV6 };

  g_assert_cmpuint (port, !=, 0);

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GSocket) shared = ferry_shared_port_bind (families[i], port, &error);
      g_autoptr(GSocket) other = g_socket_new (families[i], G_SOCKET_TYPE_STREAM,
                                               G_SOCKET_PROTOCOL_TCP, NULL);
      g_autoptr(GInetAddress) any = g_inet_address_new_any (families[i]);
      g_autoptr(GSocketAddress) place = g_inet_socket_address_new (any, port);
      g_autoptr(GSocket) second = NULL;

      g_assert_no_error (error);
      g_assert_nonnull (shared);
      g_assert_false (g_socket_bind (other, place, TRUE, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
      g_clear_error (&error);

      /* Another Ferry. */
      second = ferry_shared_port_reserve (port, &error);
      g_assert_null (second);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/net/tcp-punch/meets-in-the-middle", test_meets_in_the_middle);
  g_test_add_func ("/net/tcp-punch/reaches-who-listens", test_reaches_who_listens);
  g_test_add_func ("/net/tcp-punch/is-served-by-either-end", test_is_served_by_either_end);
  g_test_add_func ("/net/tcp-punch/leaves-a-connection-alone", test_leaves_a_connection_alone);
  g_test_add_func ("/net/tcp-punch/gives-up-in-time", test_gives_up_in_time);
  g_test_add_func ("/net/tcp-punch/gives-up-when-told", test_gives_up_when_told);
  g_test_add_func ("/net/tcp-punch/knocks-less-and-less", test_knocks_less_and_less);
  g_test_add_func ("/net/shared-port/keeps-its-port-to-itself", test_keeps_its_port_to_itself);

  return g_test_run ();
}
