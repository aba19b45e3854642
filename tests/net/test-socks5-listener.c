/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "net/socks5-dialer.h"
#include "net/socks5-listener.h"
#include "proto/proto-error.h"

#define HASH "0123456789abcdef0123456789abcdef01234567"
#define OTHER "76543210fedcba9876543210fedcba9876543210"
#define REQUEST "\5\1\0\3\50" HASH "\0\0"

static const char *const expected[] = { HASH, OTHER, NULL };

static void
accepted_cb (GSocketConnection *stream,
             const char        *address,
             gpointer           user_data)
{
  GPtrArray *accepted = user_data;

  g_ptr_array_add (accepted, g_object_ref (stream));
}

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static gboolean
timeout_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
spin (guint milliseconds)
{
  gboolean over = FALSE;

  g_timeout_add (milliseconds, timeout_cb, &over);

  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

static GSocketConnection *
dial (guint16      port,
      const char  *host,
      const char  *address,
      GError     **error)
{
  g_autoptr(FerrySocks5Dialer) dialer = ferry_socks5_dialer_new ();
  g_autoptr(GSocketAddress) place = g_inet_socket_address_new_from_string (host, port);
  g_autoptr(GAsyncResult) result = NULL;

  ferry_socks5_dialer_set_timeout (dialer, 3);
  ferry_socks5_dialer_dial_async (dialer, G_SOCKET_CONNECTABLE (place), address, NULL,
                                  done_cb, &result);

  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return ferry_socks5_dialer_dial_finish (dialer, result, error);
}

/* A plain TCP connection, without a word. */
static GSocketConnection *
connect_to (guint16 port)
{
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GError) error = NULL;
  GSocketConnection *connection;

  g_socket_client_set_enable_proxy (client, FALSE);
  connection = g_socket_client_connect_to_host (client, "127.0.0.1", port, NULL, &error);
  g_assert_no_error (error);

  return connection;
}

/* Sends @bytes; waits until the other side says something or hangs up. Returns
 * how much it said, -1 when it stays silent. */
static gssize
converse (GSocketConnection *connection,
          const char        *bytes,
          gsize              len,
          char               answer[64])
{
  GSocket *socket = g_socket_connection_get_socket (connection);
  gssize n = -1;

  g_socket_set_blocking (socket, FALSE);
  g_socket_send (socket, bytes, len, NULL, NULL);

  for (int i = 0; i < 20 && n < 0; i++)
    {
      g_autoptr(GError) error = NULL;

      spin (5);
      n = g_socket_receive (socket, answer, 64, NULL, &error);

      if (n < 0 && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        n = 0;
    }

  return n;
}

static void
test_hands_over_who_knows_the_hash (void)
{
  static const struct { const char *host; const char *address; } cases[] = {
    { "127.0.0.1", HASH }, { "127.0.0.1", OTHER }, { "::1", HASH },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(FerrySocks5Listener) listener = ferry_socks5_listener_new (0);
      g_autoptr(GPtrArray) accepted = g_ptr_array_new_with_free_func (g_object_unref);
      g_autoptr(GError) error = NULL;
      g_autoptr(GSocketConnection) ours = NULL;
      guint id = ferry_socks5_listener_expect (listener, expected, accepted_cb, accepted, &error);
      char byte = 0;

      g_assert_no_error (error);
      g_assert_cmpuint (id, !=, 0);

      ours = dial (ferry_socks5_listener_get_port (listener), cases[i].host, cases[i].address,
                   &error);
      g_assert_no_error (error);
      spin (5);
      g_assert_cmpuint (accepted->len, ==, 1);

      g_assert_cmpint (g_socket_send (g_socket_connection_get_socket (ours), "P", 1, NULL, NULL),
                       ==, 1);
      g_assert_cmpint (g_socket_receive (g_socket_connection_get_socket (accepted->pdata[0]),
                                         &byte, 1, NULL, NULL), ==, 1);
      g_assert_cmpint (byte, ==, 'P');

      ferry_socks5_listener_forget (listener, id);
      g_assert_finalize_object (g_steal_pointer (&listener));
    }
}

/* SOCKS-7: a fast sender's first bytes come with its request, and wait in the kernel. */
static void
test_leaves_early_bytes_alone (void)
{
  static const char all[] = "\5\1\0" REQUEST "early";
  g_autoptr(FerrySocks5Listener) listener = ferry_socks5_listener_new (0);
  g_autoptr(GPtrArray) accepted = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GSocketConnection) ours = NULL;
  char bytes[16];

  ferry_socks5_listener_expect (listener, expected, accepted_cb, accepted, NULL);
  ours = connect_to (ferry_socks5_listener_get_port (listener));
  g_assert_cmpint (g_socket_send (g_socket_connection_get_socket (ours), all, sizeof all - 1, NULL,
                                  NULL), ==, sizeof all - 1);
  while (accepted->len == 0)
    g_main_context_iteration (NULL, TRUE);
  spin (20);
  g_assert_cmpint (g_socket_receive (g_socket_connection_get_socket (accepted->pdata[0]), bytes,
                                     sizeof bytes, NULL, NULL), ==, 5);
  g_assert_cmpmem (bytes, 5, "early", 5);
}

static void
test_refuses_who_does_not (void)
{
  g_autoptr(FerrySocks5Listener) listener = ferry_socks5_listener_new (0);
  g_autoptr(GPtrArray) accepted = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GError) error = NULL;
  g_autoptr(GSocketConnection) ours = NULL;

  ferry_socks5_listener_expect (listener, expected, accepted_cb, accepted, NULL);
  ours = dial (ferry_socks5_listener_get_port (listener), "127.0.0.1",
               "0000000000000000000000000000000000000000", &error);
  g_assert_null (ours);
  g_assert_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_REFUSED);
  g_assert_cmpuint (accepted->len, ==, 0);
}

static void
test_is_open_only_while_somebody_waits (void)
{
  g_autoptr(FerrySocks5Listener) listener = ferry_socks5_listener_new (0);
  g_autoptr(GPtrArray) accepted = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GError) error = NULL;
  guint first = ferry_socks5_listener_expect (listener, expected, accepted_cb, accepted, NULL);
  guint second = ferry_socks5_listener_expect (listener, expected, accepted_cb, accepted, NULL);
  guint16 port = ferry_socks5_listener_get_port (listener);

  g_assert_cmpuint (port, !=, 0);
  ferry_socks5_listener_forget (listener, first);
  g_assert_cmpuint (ferry_socks5_listener_get_port (listener), ==, port);
  ferry_socks5_listener_forget (listener, second);
  g_assert_cmpuint (ferry_socks5_listener_get_port (listener), ==, 0);
  spin (5);
  g_assert_null (dial (port, "127.0.0.1", HASH, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
}

/* A router that maps it, and a peer that was told it, go on being right. */
static void
test_keeps_its_port (void)
{
  g_autoptr(FerrySocks5Listener) listener = ferry_socks5_listener_new (0);
  guint16 port = ferry_socks5_listener_reserve (listener, NULL);

  g_assert_cmpuint (port, !=, 0);

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(GPtrArray) accepted = g_ptr_array_new_with_free_func (g_object_unref);
      g_autoptr(GSocketConnection) ours = NULL;
      g_autoptr(GError) error = NULL;
      guint id;

      g_assert_cmpuint (ferry_socks5_listener_get_port (listener), ==, 0);
      id = ferry_socks5_listener_expect (listener, expected, accepted_cb, accepted, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (ferry_socks5_listener_get_port (listener), ==, port);
      g_assert_cmpuint (ferry_socks5_listener_reserve (listener, NULL), ==, port);
      ours = dial (port, "127.0.0.1", HASH, &error);
      g_assert_no_error (error);
      ferry_socks5_listener_forget (listener, id);
      g_assert_null (dial (port, "127.0.0.1", HASH, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
    }
}

static GInetSocketAddress *
get_local (GSocketConnection *connection)
{
  return G_INET_SOCKET_ADDRESS (g_socket_connection_get_local_address (connection, NULL));
}

/* Whoever takes a guest over speaks first, which nobody may have done before. */
static void
test_gives_away_the_silent_only (void)
{
  static const struct { const char *said; gboolean from_elsewhere; gboolean is_given; } cases[] = {
    { "", FALSE, TRUE }, { "", TRUE, FALSE }, { "\5", FALSE, FALSE }, { "\5\1", FALSE, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (guint pause = 0; pause <= 20; pause += 20)
      {
        g_autoptr(FerrySocks5Listener) listener = ferry_socks5_listener_new (0);
        g_autoptr(GPtrArray) accepted = g_ptr_array_new_with_free_func (g_object_unref);
        g_autoptr(GSocketConnection) guest = NULL;
        g_autoptr(GSocketConnection) other = NULL;
        g_autoptr(GSocketConnection) given = NULL;
        g_autoptr(GInetSocketAddress) place = NULL;
        char answer[64];

        ferry_socks5_listener_expect (listener, expected, accepted_cb, accepted, NULL);
        guest = connect_to (ferry_socks5_listener_get_port (listener));
        other = connect_to (ferry_socks5_listener_get_port (listener));
        spin (20);
        converse (other, "\5\1\0", 3, answer);
        g_socket_send (g_socket_connection_get_socket (guest), cases[i].said,
                       strlen (cases[i].said), NULL, NULL);
        if (pause > 0)
          spin (pause); /* what was said has been read by now, or lies there */
        place = get_local (cases[i].from_elsewhere ? other : guest);
        given = ferry_socks5_listener_take_silent (listener, place);
        g_assert_cmpint (given != NULL, ==, cases[i].is_given);

        if (given == NULL)
          continue;

        g_assert_null (ferry_socks5_listener_take_silent (listener, place));
        g_assert_cmpint (converse (given, "now", 3, answer), ==, -1);
        g_assert_cmpint (converse (guest, "then", 4, answer), ==, 3);
      }
}

/* SEC-24: who was let in by another way keeps to the same limits. */
static void
test_adopts_while_it_is_open (void)
{
  g_autoptr(FerrySocks5Listener) listener = ferry_socks5_listener_new (0);
  g_autoptr(FerrySocks5Listener) other = ferry_socks5_listener_new (0);
  g_autoptr(GPtrArray) accepted = g_ptr_array_new_with_free_func (g_object_unref);
  char answer[64];

  ferry_socks5_listener_expect (other, expected, accepted_cb, accepted, NULL);

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(GSocketConnection) ours = connect_to (ferry_socks5_listener_get_port (other));
      g_autoptr(GInetSocketAddress) place = get_local (ours);
      g_autoptr(GSocketConnection) theirs = NULL;

      spin (20);
      theirs = ferry_socks5_listener_take_silent (other, place);
      g_assert_nonnull (theirs);
      if (i == 1)
        ferry_socks5_listener_expect (listener, expected, accepted_cb, accepted, NULL);
      ferry_socks5_listener_adopt (listener, theirs);
      g_assert_cmpint (converse (ours, "\5\1\0", 3, answer), ==, i == 1 ? 2 : 0);
    }

  g_assert_cmpuint (accepted->len, ==, 0);
}

static void
test_survives_fragments (void)
{
  g_autoptr(FerrySocks5Listener) listener = ferry_socks5_listener_new (0);
  g_autoptr(GPtrArray) accepted = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GSocketConnection) guest = NULL;
  static const char bytes[] = "\5\1\0" REQUEST;
  char answer[64];

  ferry_socks5_listener_expect (listener, expected, accepted_cb, accepted, NULL);
  guest = connect_to (ferry_socks5_listener_get_port (listener));

  for (gsize i = 0; i < sizeof bytes - 1; i++)
    {
      g_socket_send (g_socket_connection_get_socket (guest), bytes + i, 1, NULL, NULL);
      spin (1);
    }

  g_assert_cmpint (converse (guest, "P", 1, answer), >=, 2);
  g_assert_cmpuint (accepted->len, ==, 1);
  g_assert_cmpint (g_socket_receive (g_socket_connection_get_socket (accepted->pdata[0]),
                                     answer, 64, NULL, NULL), ==, 1);
}

static void
test_hangs_up_on_nonsense (void)
{
  static const struct { const char *bytes; gsize len; gssize answered; } cases[] = {
    { "GET / HTTP/1.0\r\n\r\n", 18, 0 }, { "\4\1", 2, 0 }, { "\5\1\2", 3, 2 }, { "\5\0", 2, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(FerrySocks5Listener) listener = ferry_socks5_listener_new (0);
      g_autoptr(GPtrArray) accepted = g_ptr_array_new_with_free_func (g_object_unref);
      g_autoptr(GSocketConnection) guest = NULL;
      char answer[64] = "";
      gssize n;

      ferry_socks5_listener_expect (listener, expected, accepted_cb, accepted, NULL);
      guest = connect_to (ferry_socks5_listener_get_port (listener));
      n = converse (guest, cases[i].bytes, cases[i].len, answer);
      g_assert_cmpint (n, >=, 0);

      if (n > 0)
        {
          g_assert_cmpmem (answer, n, "\5\377", 2);
          n = converse (guest, "", 0, answer);
        }

      g_assert_cmpint (n, ==, 0);
      g_assert_cmpuint (accepted->len, ==, 0);
    }
}

static void
test_keeps_four_guests_of_one_source (void)
{
  g_autoptr(FerrySocks5Listener) listener = ferry_socks5_listener_new (0);
  g_autoptr(GPtrArray) accepted = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) guests = g_ptr_array_new_with_free_func (g_object_unref);
  char answer[64];

  g_test_summary ("SEC-24");
  ferry_socks5_listener_expect (listener, expected, accepted_cb, accepted, NULL);

  for (int i = 0; i < 5; i++)
    {
      g_ptr_array_add (guests, connect_to (ferry_socks5_listener_get_port (listener)));
      spin (5);
    }

  g_assert_cmpint (converse (guests->pdata[4], "", 0, answer), ==, 0);
  g_assert_cmpint (converse (guests->pdata[0], "\5\1\0", 3, answer), ==, 2);

  /* Whoever leaves makes room. */
  g_ptr_array_remove_index (guests, 3);
  spin (5);
  g_ptr_array_add (guests, connect_to (ferry_socks5_listener_get_port (listener)));
  g_assert_cmpint (converse (guests->pdata[4], "\5\1\0", 3, answer), ==, 2);
}

static void
test_accepts_four_connections_a_session (void)
{
  g_autoptr(FerrySocks5Listener) listener = ferry_socks5_listener_new (0);
  g_autoptr(GPtrArray) accepted = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) dialled = g_ptr_array_new_with_free_func (g_object_unref);

  g_test_summary ("SEC-25");
  ferry_socks5_listener_expect (listener, expected, accepted_cb, accepted, NULL);

  for (int i = 0; i < 5; i++)
    {
      GSocketConnection *ours = dial (ferry_socks5_listener_get_port (listener), "127.0.0.1",
                                      HASH, NULL);

      if (ours != NULL)
        g_ptr_array_add (dialled, ours);
    }

  g_assert_cmpuint (dialled->len, ==, 4);
  g_assert_cmpuint (accepted->len, ==, 4);
}

static void
test_does_not_wait_for_the_slow (void)
{
  g_autoptr(FerrySocks5Listener) listener = ferry_socks5_listener_new (0);
  g_autoptr(GPtrArray) accepted = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GSocketConnection) guest = NULL;
  char answer[64];

  g_test_summary ("Five seconds for all of it, not for each byte");
  ferry_socks5_listener_expect (listener, expected, accepted_cb, accepted, NULL);
  guest = connect_to (ferry_socks5_listener_get_port (listener));
  spin (3000);
  g_assert_cmpint (converse (guest, "\5\1\0", 3, answer), ==, 2);
  spin (2300);
  g_assert_cmpint (converse (guest, REQUEST, sizeof REQUEST - 1, answer), ==, 0);
  g_assert_cmpuint (accepted->len, ==, 0);
}

static void
test_reports_a_taken_port (void)
{
  g_autoptr(FerrySocks5Listener) first = ferry_socks5_listener_new (0);
  g_autoptr(FerrySocks5Listener) second = NULL;
  g_autoptr(GError) error = NULL;

  ferry_socks5_listener_expect (first, expected, accepted_cb, NULL, NULL);
  second = ferry_socks5_listener_new (ferry_socks5_listener_get_port (first));
  g_assert_cmpuint (ferry_socks5_listener_expect (second, expected, accepted_cb, NULL, &error),
                    ==, 0);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
  g_assert_cmpuint (ferry_socks5_listener_get_port (second), ==, 0);
}

/* SEC-24: wherever they come from. */
static void
test_keeps_thirty_two_guests (void)
{
  g_autoptr(FerrySocks5Listener) listener = ferry_socks5_listener_new (0);
  g_autoptr(GPtrArray) accepted = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) guests = g_ptr_array_new_with_free_func (g_object_unref);
  guint n_kept = 0;
  guint16 port;

  ferry_socks5_listener_expect (listener, expected, accepted_cb, accepted, NULL);
  port = ferry_socks5_listener_get_port (listener);

  for (guint i = 0; i < 40; i++)
    {
      g_autofree char *source = g_strdup_printf ("127.0.1.%u", i / 4 + 1);
      g_autoptr(GSocketAddress) local = g_inet_socket_address_new_from_string (source, 0);
      g_autoptr(GSocketClient) client = g_socket_client_new ();
      g_autoptr(GError) error = NULL;

      g_socket_client_set_enable_proxy (client, FALSE);
      g_socket_client_set_local_address (client, local);
      g_ptr_array_add (guests, g_socket_client_connect_to_host (client, "127.0.0.1", port, NULL,
                                                                &error));
      g_assert_no_error (error);
      spin (2);
    }

  for (guint i = 0; i < guests->len; i++)
    {
      char answer[64];

      n_kept += converse (guests->pdata[i], "\5\1\0", 3, answer) == 2;
    }
  g_assert_cmpuint (n_kept, ==, 32);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/net/socks5-listener/hands-over-who-knows-the-hash",
                   test_hands_over_who_knows_the_hash);
  g_test_add_func ("/net/socks5-listener/leaves-early-bytes-alone", test_leaves_early_bytes_alone);
  g_test_add_func ("/net/socks5-listener/refuses-who-does-not", test_refuses_who_does_not);
  g_test_add_func ("/net/socks5-listener/is-open-only-while-somebody-waits",
                   test_is_open_only_while_somebody_waits);
  g_test_add_func ("/net/socks5-listener/keeps-its-port", test_keeps_its_port);
  g_test_add_func ("/net/socks5-listener/gives-away-the-silent-only",
                   test_gives_away_the_silent_only);
  g_test_add_func ("/net/socks5-listener/adopts-while-it-is-open", test_adopts_while_it_is_open);
  g_test_add_func ("/net/socks5-listener/survives-fragments", test_survives_fragments);
  g_test_add_func ("/net/socks5-listener/hangs-up-on-nonsense", test_hangs_up_on_nonsense);
  g_test_add_func ("/net/socks5-listener/keeps-four-guests-of-one-source",
                   test_keeps_four_guests_of_one_source);
  g_test_add_func ("/net/socks5-listener/keeps-thirty-two-guests", test_keeps_thirty_two_guests);
  g_test_add_func ("/net/socks5-listener/accepts-four-connections-a-session",
                   test_accepts_four_connections_a_session);
  g_test_add_func ("/net/socks5-listener/does-not-wait-for-the-slow",
                   test_does_not_wait_for_the_slow);
  g_test_add_func ("/net/socks5-listener/reports-a-taken-port", test_reports_a_taken_port);

  return g_test_run ();
}
