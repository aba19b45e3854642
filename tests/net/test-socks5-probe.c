/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "net/socks5-probe.h"
#include "proto/proto-error.h"

/* What a server says to whoever has greeted it. */
typedef struct
{
  const char *answer;
  gsize       len;
  gboolean    hangs_up; /* after that; else it is silent */
} Server;

typedef struct
{
  GSocketService *service;
  guint16         port;
  const Server   *server;
  GByteArray     *heard;    /* (owned) */
  GPtrArray      *guests;   /* (owned) */
  guint8          buffer[64];
} Host;

static void
heard_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  Host *host = user_data;
  gssize n = g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL);
  GSocketConnection *guest = host->guests->len > 0 ? host->guests->pdata[0] : NULL;

  if (n <= 0 || guest == NULL)
    return;

  g_byte_array_append (host->heard, host->buffer, n);
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (guest)),
                             host->server->answer, host->server->len, NULL, NULL, NULL);
  if (host->server->hangs_up)
    g_io_stream_close (G_IO_STREAM (guest), NULL, NULL);
}

static gboolean
incoming_cb (GSocketService    *service,
             GSocketConnection *connection,
             GObject           *source,
             Host              *host)
{
  g_ptr_array_add (host->guests, g_object_ref (connection));
  g_input_stream_read_async (g_io_stream_get_input_stream (G_IO_STREAM (connection)), host->buffer,
                             sizeof host->buffer, G_PRIORITY_DEFAULT, NULL, heard_cb, host);

  return TRUE;
}

static void
host_set_up (Host         *host,
             const Server *server)
{
  g_autoptr(GError) error = NULL;

  host->server = server;
  host->heard = g_byte_array_new ();
  host->guests = g_ptr_array_new_with_free_func (g_object_unref);
  host->service = g_socket_service_new ();
  host->port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (host->service), NULL, &error);
  g_assert_no_error (error);
  g_signal_connect (host->service, "incoming", G_CALLBACK (incoming_cb), host);
}

static void
host_tear_down (Host *host)
{
  for (guint i = 0; i < host->guests->len; i++)
    g_io_stream_close (host->guests->pdata[i], NULL, NULL);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_ptr_array_unref (host->guests);
  g_socket_service_stop (host->service);
  g_socket_listener_close (G_SOCKET_LISTENER (host->service));
  g_object_unref (host->service);
  g_byte_array_unref (host->heard);
}

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static gint64
probe (GSocketConnectable  *place,
       GProxyResolver      *desktop_proxy,
       GCancellable        *cancellable,
       GError             **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  ferry_socks5_probe_async (place, desktop_proxy, 1, cancellable, done_cb, &result);
  if (cancellable != NULL)
    g_cancellable_cancel (cancellable);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return ferry_socks5_probe_finish (result, error);
}

static gint64
probe_server (const Server  *server,
              GError       **error)
{
  Host host = { 0 };
  g_autoptr(GSocketConnectable) place = NULL;
  gint64 delay;

  host_set_up (&host, server);
  place = g_network_address_new ("127.0.0.1", host.port);
  delay = probe (place, NULL, NULL, error);
  while (host.heard->len == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpmem (host.heard->data, host.heard->len, "\5\1\0", 3); /* and nothing else */
  host_tear_down (&host);

  return delay;
}

static void
test_finds_a_proxy (void)
{
  static const Server server = { "\5\0", 2, FALSE };
  g_autoptr(GError) error = NULL;
  gint64 delay = probe_server (&server, &error);

  g_assert_no_error (error);
  g_assert_cmpint (delay, >=, 0);
  g_assert_cmpint (delay, <, 5 * G_USEC_PER_SEC);
}

static void
test_knows_others (void)
{
  static const struct { Server server; gboolean is_proto; int code; } cases[] = {
    { { "\5\377", 2, FALSE }, TRUE, FERRY_PROTO_ERROR_UNSUPPORTED },
    { { "\5\2", 2, FALSE }, TRUE, FERRY_PROTO_ERROR_UNSUPPORTED },
    { { "\4\0", 2, FALSE }, TRUE, FERRY_PROTO_ERROR_UNSUPPORTED },
    { { "HTTP/1.1 400 Bad Request\r\n", 26, TRUE }, TRUE, FERRY_PROTO_ERROR_UNSUPPORTED },
    { { "\5", 1, TRUE }, FALSE, G_IO_ERROR_CONNECTION_CLOSED },
    { { "", 0, TRUE }, FALSE, G_IO_ERROR_CONNECTION_CLOSED },
    { { "", 0, FALSE }, FALSE, G_IO_ERROR_TIMED_OUT },
    { { "\5", 1, FALSE }, FALSE, G_IO_ERROR_TIMED_OUT },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_test_message ("%" G_GSIZE_FORMAT, i);
      g_assert_cmpint (probe_server (&cases[i].server, &error), ==, -1);
      g_assert_true (g_error_matches (error, cases[i].is_proto ? FERRY_PROTO_ERROR : G_IO_ERROR,
                                      cases[i].code));
    }
}

static void
test_hears_of_nobody (void)
{
  static const Server server = { "", 0, FALSE };
  Host host = { 0 };
  g_autoptr(GSocketConnectable) place = NULL;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) refused = NULL;
  g_autoptr(GError) cancelled = NULL;

  host_set_up (&host, &server);
  place = g_network_address_new ("127.0.0.1", host.port);
  host_tear_down (&host);

  g_assert_cmpint (probe (place, NULL, NULL, &refused), ==, -1);
  g_assert_error (refused, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  g_assert_cmpint (probe (place, NULL, cancellable, &cancelled), ==, -1);
  g_assert_error (cancelled, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* The desktop proxy gets the name; nobody here looks it up. */
static void
test_goes_through_a_desktop_proxy (void)
{
  static const Server server = { "\5\0\5\0\0\1\0\0\0\0\0\0\5\0", 14, FALSE };
  Host host = { 0 };
  g_autoptr(GProxyResolver) resolver = NULL;
  g_autoptr(GSocketConnectable) place = g_network_address_new ("proxy.montague.invalid", 7625);
  g_autofree char *uri = NULL;
  g_autoptr(GError) error = NULL;

  host_set_up (&host, &server);
  uri = g_strdup_printf ("socks5://127.0.0.1:%u", host.port);
  resolver = g_simple_proxy_resolver_new (uri, NULL);
  g_assert_cmpint (probe (place, resolver, NULL, &error), >=, 0);
  g_assert_no_error (error);
  g_assert_cmpuint (host.guests->len, ==, 1);
  host_tear_down (&host);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/net/socks5-probe/finds-a-proxy", test_finds_a_proxy);
  g_test_add_func ("/net/socks5-probe/knows-others", test_knows_others);
  g_test_add_func ("/net/socks5-probe/hears-of-nobody", test_hears_of_nobody);
  g_test_add_func ("/net/socks5-probe/goes-through-a-desktop-proxy",
                   test_goes_through_a_desktop_proxy);

  return g_test_run ();
}
