/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <libsoup/soup.h>
#include <string.h>

#include "net/port-mappings-private.h"
#include "test-client.h"

#define ROUTER   "127.0.0.2"
#define STRANGER "127.0.0.3"
#define SHORT    (200 * 1024) /* bytes */
#define FAR      (64 * 1024 * 1024)

static gsize n_written;

/* Much that is packed into little. Returns: (transfer full) */
static GBytes *
pack (void)
{
  g_autoptr(GOutputStream) packed = g_memory_output_stream_new_resizable ();
  g_autoptr(GZlibCompressor) zlib = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9);
  g_autoptr(GOutputStream) output =
    g_converter_output_stream_new (packed, G_CONVERTER (zlib));
  g_autofree char *text = g_malloc0 (FAR);

  g_assert_true (g_output_stream_write_all (output, text, FAR, NULL, NULL, NULL));
  g_assert_true (g_output_stream_close (output, NULL, NULL));

  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (packed));
}

/* Speaks HTTP as far as is needed to never stop answering. */
static gboolean
endless_run_cb (GThreadedSocketService *service,
                GSocketConnection      *connection,
                GObject                *source_object,
                gpointer                user_data)
{
  static const char head[] = "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n";
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  g_autofree char *block = g_strnfill (64 * 1024, '<');

  g_input_stream_read (input, block, 1024, NULL, NULL);
  g_output_stream_write_all (output, head, strlen (head), NULL, NULL, NULL);
  while (n_written < FAR && g_output_stream_write_all (output, block, 64 * 1024, NULL, NULL, NULL))
    n_written += 64 * 1024;

  return TRUE;
}

static void
server_cb (SoupServer        *server,
           SoupServerMessage *message,
           const char        *path,
           GHashTable        *query,
           gpointer           user_data)
{
  guint *n_heard = user_data;

  ++*n_heard;
  if (strcmp (path, "/elsewhere") == 0)
    {
      soup_server_message_set_redirect (message, SOUP_STATUS_FOUND, "http://127.0.0.4:9/");
      return;
    }
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  if (strcmp (path, "/packed") == 0)
    {
      g_autoptr(GBytes) packed = pack ();

      soup_message_headers_append (soup_server_message_get_response_headers (message),
                                   "Content-Encoding", "gzip");
      soup_message_body_append_bytes (soup_server_message_get_response_body (message), packed);
      return;
    }
  soup_server_message_set_response (message, "text/plain", SOUP_MEMORY_TAKE,
                                    g_strnfill (SHORT, 'x'), SHORT);
}

static SoupServer *
server_new (guint *n_heard,
            char **uri)
{
  g_autoptr(GInetAddress) inet = g_inet_address_new_from_string (ROUTER);
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new (inet, 0);
  g_autoptr(GError) error = NULL;
  SoupServer *server = soup_server_new (NULL, NULL);
  GSList *uris;

  soup_server_add_handler (server, NULL, server_cb, n_heard, NULL);
  soup_server_listen (server, address, 0, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (server);
  *uri = g_uri_to_string (uris->data);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);

  return server;
}

/* @from: whose address it speaks from */
static SoupSession *
session_new (const char *from)
{
  g_autoptr(GInetAddress) inet = g_inet_address_new_from_string (from);
  g_autoptr(GInetSocketAddress) address =
    G_INET_SOCKET_ADDRESS (g_inet_socket_address_new (inet, 0));

  return soup_session_new_with_options ("local-address", address, "proxy-resolver", NULL, NULL);
}

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* Returns: how long the answer was; -1 with @error set: there was none */
static gssize
ask (SoupSession  *session,
     SoupMessage  *message,
     GError      **error)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GBytes) body = NULL;

  soup_session_send_and_read_async (session, message, G_PRIORITY_DEFAULT, NULL, done_cb, &result);
  WAIT_FOR (result != NULL);
  body = soup_session_send_and_read_finish (session, result, error);

  return body != NULL ? (gssize) g_bytes_get_size (body) : -1;
}

static gssize
get (SoupSession  *session,
     const char   *uri,
     GError      **error)
{
  g_autoptr(SoupMessage) message = soup_message_new ("GET", uri);

  g_assert_nonnull (message);
  return ask (session, message, error);
}

static void
test_stops_reading_answers_without_end (void)
{
  g_autoptr(GSocketService) service = g_threaded_socket_service_new (2);
  guint16 port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (service), NULL, NULL);
  g_autofree char *uri = g_strdup_printf ("http://127.0.0.1:%u/", port);
  guint n_heard = 0;
  g_autofree char *good_uri = NULL;
  g_autoptr(SoupServer) server = server_new (&n_heard, &good_uri);
  g_autoptr(SoupSession) session = session_new ("127.0.0.1");
  g_autoptr(GError) error = NULL;

  g_signal_connect (service, "run", G_CALLBACK (endless_run_cb), NULL);
  ferry_igd_limits_apply (G_OBJECT (session), G_OBJECT (server), "127.0.0.1");

  g_assert_cmpint (get (session, uri, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (n_written, <, FAR);
  g_clear_error (&error);

  /* … and what has an end is read to it, also after that. */
  for (guint i = 0; i < 3; i++)
    {
      g_assert_cmpint (get (session, good_uri, &error), ==, SHORT);
      g_assert_no_error (error);
    }
  g_socket_service_stop (service);
}

static void
test_unpacks_nothing (void)
{
  guint n_heard = 0;
  g_autofree char *uri = NULL;
  g_autoptr(SoupServer) server = server_new (&n_heard, &uri);
  g_autoptr(SoupSession) session = session_new ("127.0.0.1");
  g_autofree char *packed = g_strconcat (uri, "packed", NULL);
  g_autoptr(GError) error = NULL;
  gssize size;

  ferry_igd_limits_apply (G_OBJECT (session), G_OBJECT (server), "127.0.0.1");
  size = get (session, packed, &error);
  g_assert_no_error (error);
  g_assert_cmpint (size, >, 0);
  g_assert_cmpint (size, <, SHORT);
}

static void
test_hears_nobody_but_the_router (void)
{
  guint n_heard = 0;
  g_autofree char *uri = NULL;
  g_autoptr(SoupServer) server = server_new (&n_heard, &uri);
  g_autoptr(SoupSession) own = session_new ("127.0.0.1");
  g_autoptr(SoupSession) router = session_new (ROUTER);
  g_autoptr(SoupSession) stranger = session_new (STRANGER);
  g_autoptr(GError) error = NULL;

  ferry_igd_limits_apply (G_OBJECT (own), G_OBJECT (server), ROUTER);

  g_assert_cmpint (get (stranger, uri, &error), ==, -1);
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_cmpuint (n_heard, ==, 0);

  g_assert_cmpint (get (router, uri, &error), ==, SHORT);
  g_assert_no_error (error);
  g_assert_cmpuint (n_heard, ==, 1);
}

static void
test_stops_reading_questions_without_end (void)
{
  guint n_heard = 0;
  g_autofree char *uri = NULL;
  g_autoptr(SoupServer) server = server_new (&n_heard, &uri);
  g_autoptr(SoupSession) own = session_new ("127.0.0.1");
  g_autoptr(SoupSession) router = session_new (ROUTER);
  g_autoptr(SoupMessage) message = soup_message_new ("POST", uri);
  g_autoptr(SoupMessage) modest = soup_message_new ("POST", uri);
  g_autofree char *text = g_strnfill (FAR, 'x');
  g_autoptr(GBytes) body = g_bytes_new_static (text, FAR);
  g_autoptr(GBytes) some = g_bytes_new_static (text, SHORT);
  g_autoptr(GError) error = NULL;

  ferry_igd_limits_apply (G_OBJECT (own), G_OBJECT (server), ROUTER);

  soup_message_set_request_body_from_bytes (message, "text/xml", body);
  g_assert_cmpint (ask (router, message, &error), ==, -1);
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_cmpuint (n_heard, ==, 0);

  soup_message_set_request_body_from_bytes (modest, "text/xml", some);
  g_assert_cmpint (ask (router, modest, &error), ==, SHORT);
  g_assert_no_error (error);
  g_assert_cmpuint (n_heard, ==, 1);
}

static void
test_leads_to_the_router_alone (void)
{
  static const struct
  {
    const char *uri;
    gboolean    is_open;
  } cases[] = {
    { "http://192.168.1.1:5000/description.xml", TRUE },
    { "http://192.168.1.1/", TRUE },
    { "http://192.168.1.10/", FALSE },
    { "http://192.168.1.1.example.org/", FALSE },
    { "http://192.168.1.1@192.168.1.9/", FALSE },
    { "http://example.org/192.168.1.1", FALSE },
    { "http://127.0.0.1:8080/", FALSE },
    { "http://localhost/", FALSE },
    { "http://[::1]/", FALSE },
    { "http://[::ffff:192.168.1.1]/", FALSE },
    { "http://3232235777/", FALSE }, /* the router's, as a number: who writes so is up to no good */
    { "file:///etc/passwd", FALSE },
  };
  g_autoptr(GProxyResolver) guard = ferry_igd_guard_new ("192.168.1.1");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_auto(GStrv) ways = g_proxy_resolver_lookup (guard, cases[i].uri, NULL, &error);

      g_test_message ("%s", cases[i].uri);
      g_assert_cmpint (ways != NULL, ==, cases[i].is_open);
      if (ways == NULL)
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
      else
        g_assert_cmpstr (ways[0], ==, "direct://");
    }
}

static void
test_follows_nobody_elsewhere (void)
{
  guint n_heard = 0;
  g_autofree char *uri = NULL;
  g_autoptr(SoupServer) server = server_new (&n_heard, &uri);
  g_autoptr(SoupSession) session = session_new ("127.0.0.1");
  g_autoptr(GProxyResolver) guard = ferry_igd_guard_new (ROUTER);
  g_autofree char *elsewhere = g_strconcat (uri, "elsewhere", NULL);
  g_autoptr(GError) error = NULL;

  g_assert_nonnull (server);
  g_object_set (session, "proxy-resolver", guard, NULL);
  g_assert_cmpint (get (session, uri, &error), ==, SHORT);
  g_assert_no_error (error);
  g_assert_cmpint (get (session, elsewhere, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  g_assert_cmpuint (n_heard, ==, 2);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/net/igd-limits/stops-reading-answers-without-end",
                   test_stops_reading_answers_without_end);
  g_test_add_func ("/net/igd-limits/unpacks-nothing", test_unpacks_nothing);
  g_test_add_func ("/net/igd-limits/hears-nobody-but-the-router",
                   test_hears_nobody_but_the_router);
  g_test_add_func ("/net/igd-limits/stops-reading-questions-without-end",
                   test_stops_reading_questions_without_end);
  g_test_add_func ("/net/igd-guard/leads-to-the-router-alone", test_leads_to_the_router_alone);
  g_test_add_func ("/net/igd-guard/follows-nobody-elsewhere", test_follows_nobody_elsewhere);

  return g_test_run ();
}
