/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>

#include "fake-server.h"
#include "net/connection.h"

#define NS_SASL "urn:ietf:params:xml:ns:xmpp-sasl"
#define NS_STREAMS "urn:ietf:params:xml:ns:xmpp-streams"

/* One client, and what became of it. */
typedef struct
{
  FerryConnection *connection;
  GCancellable    *cancellable;
  gboolean         is_done;
  GError          *error;        /* of connecting */
  gboolean         is_closed;
  GError          *close_error;
  GPtrArray       *received;
  guint            n_drained;
  guint            n_asked;
  gboolean         allows;       /* any certificate */
} Client;

static GTlsCertificate *certificate; /* for ferry.test */
static char *ca_file;                /* trusts it */

static void
connected_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  Client *client = user_data;

  ferry_connection_connect_finish (FERRY_CONNECTION (source), result, &client->error);
  client->is_done = TRUE;
}

static void
received_cb (FerryStanzaPort *port,
             FerryElement    *stanza,
             Client          *client)
{
  g_ptr_array_add (client->received, ferry_element_ref (stanza));
}

static void
drained_cb (FerryStanzaPort *port,
            Client          *client)
{
  client->n_drained++;
}

static void
closed_cb (FerryConnection *connection,
           GError          *error,
           Client          *client)
{
  g_assert_false (client->is_closed);
  client->is_closed = TRUE;
  client->close_error = error != NULL ? g_error_copy (error) : NULL;
}

static gboolean
certificate_cb (FerryConnection *connection,
                GTlsCertificate *unknown,
                guint            problems,
                Client          *client)
{
  g_assert_true (G_IS_TLS_CERTIFICATE (unknown));
  g_assert_cmpuint (problems, !=, 0);
  client->n_asked++;
  return client->allows;
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

/* Waits for *@what to be true, or not to be NULL; fails after some seconds. */
#define WAIT_FOR(what) \
  G_STMT_START \
    { \
      gint64 limit = g_get_monotonic_time () + 8 * G_USEC_PER_SEC; \
      while (!(what)) \
        { \
          g_assert_cmpint (g_get_monotonic_time (), <, limit); \
          spin (1); \
        } \
    } \
  G_STMT_END

/* Returns when connecting has ended, well or not. */
static void
client_start (Client       *client,
              FakeServer   *server,
              FerryTlsMode  tls,
              const char   *trusted)
{
  g_autofree char *place = g_strdup_printf ("127.0.0.1:%u", fake_server_get_port (server));
  FerryConnectionSettings settings = {
    .jid = "romeo@ferry.test/orchard", .password = "wherefore", .server = place, .tls = tls,
    .ca_file = trusted,
  };

  client->connection = ferry_connection_new ();
  client->cancellable = g_cancellable_new ();
  client->received = g_ptr_array_new_with_free_func ((GDestroyNotify) ferry_element_unref);
  g_signal_connect (client->connection, "received", G_CALLBACK (received_cb), client);
  g_signal_connect (client->connection, "drained", G_CALLBACK (drained_cb), client);
  g_signal_connect (client->connection, "closed", G_CALLBACK (closed_cb), client);
  g_signal_connect (client->connection, "certificate-unknown", G_CALLBACK (certificate_cb), client);
  ferry_connection_connect_async (client->connection, &settings, client->cancellable,
                                  connected_cb, client);
  WAIT_FOR (client->is_done);
}

static void
client_clear (Client *client)
{
  g_assert_finalize_object (g_steal_pointer (&client->connection));
  g_clear_object (&client->cancellable);
  g_clear_pointer (&client->received, g_ptr_array_unref);
  g_clear_error (&client->error);
  g_clear_error (&client->close_error);
}

static void
test_logs_in (void)
{
  static const FerryTlsMode modes[] = { FERRY_TLS_DIRECT, FERRY_TLS_STARTTLS };

  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      const FakeScript script = { .tls = modes[i] };
      g_autoptr(FakeServer) server = fake_server_new (&script, certificate);
      Client client = { 0 };

      client_start (&client, server, modes[i], ca_file);
      g_assert_no_error (client.error);
      g_assert_true (ferry_connection_is_secure (client.connection));
      g_assert_cmpstr (ferry_stanza_port_get_jid (FERRY_STANZA_PORT (client.connection)), ==,
                       "romeo@ferry.test/orchard");
      g_assert_cmpuint (client.n_asked, ==, 0);
      spin (20);
      g_assert_cmpuint (client.received->len, ==, 0);
      client_clear (&client);
    }
}

static void
test_keeps_the_password_without_tls (void)
{
  const FakeScript script = { .tls = FERRY_TLS_NONE };
  g_autoptr(FakeServer) server = fake_server_new (&script, NULL);
  g_autofree char *heard = NULL;
  Client client = { 0 };

  client_start (&client, server, FERRY_TLS_NONE, NULL);
  g_assert_error (client.error, FERRY_CONNECTION_ERROR, FERRY_CONNECTION_ERROR_AUTH);
  client_clear (&client);
  spin (20);
  heard = fake_server_dup_heard (server);
  g_assert_nonnull (strstr (heard, "<stream:stream"));
  g_assert_null (strstr (heard, "<auth"));
}

static void
test_says_why_it_could_not_log_in (void)
{
  static const struct
  {
    FakeScript           script;
    FerryConnectionError code;
  } cases[] = {
    { { .tls = FERRY_TLS_DIRECT, .auth_answer =
        "<failure xmlns='" NS_SASL "'><not-authorized/></failure></stream:stream>" },
      FERRY_CONNECTION_ERROR_AUTH },
    { { .tls = FERRY_TLS_DIRECT, .auth_answer =
        "<failure xmlns='" NS_SASL "'><not-authorized/><text>No</text></failure>" },
      FERRY_CONNECTION_ERROR_AUTH },
    { { .tls = FERRY_TLS_DIRECT, .auth_answer =
        "<failure xmlns='" NS_SASL "'><temporary-auth-failure/></failure>" },
      FERRY_CONNECTION_ERROR_REFUSED },
    { { .tls = FERRY_TLS_DIRECT, .auth_answer = "" }, FERRY_CONNECTION_ERROR_LOST },
    { { .tls = FERRY_TLS_DIRECT, .mechanism = "X-UNKNOWN" }, FERRY_CONNECTION_ERROR_AUTH },
    { { .tls = FERRY_TLS_DIRECT, .auth_answer =
        "<stream:error><host-unknown xmlns='" NS_STREAMS "'/></stream:error></stream:stream>" },
      FERRY_CONNECTION_ERROR_NOT_FOUND },
    { { .tls = FERRY_TLS_STARTTLS, .features = "<stream:features/>" },
      FERRY_CONNECTION_ERROR_TLS },
    { { .tls = FERRY_TLS_STARTTLS, .proceed =
        "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/><message><body>x</body></message>" },
      FERRY_CONNECTION_ERROR_TLS },
    { { .tls = FERRY_TLS_STARTTLS, .proceed =
        "<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>" }, FERRY_CONNECTION_ERROR_TLS },
    { { .tls = FERRY_TLS_STARTTLS, .features = "</nonsense>" }, FERRY_CONNECTION_ERROR_TLS },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(FakeServer) server = fake_server_new (&cases[i].script, certificate);
      Client client = { 0 };

      g_test_message ("case %u", i);
      client_start (&client, server, cases[i].script.tls, ca_file);
      g_assert_error (client.error, FERRY_CONNECTION_ERROR, (int) cases[i].code);
      g_assert_false (client.is_closed);
      client_clear (&client);
    }
}

static void
test_asks_about_a_strange_certificate (void)
{
  g_autoptr(GTlsCertificate) other = fake_server_make_certificate ("other.test");
  const struct { GTlsCertificate *certificate; const char *trusted; gboolean allows; int code; }
  cases[] = {
    { certificate, NULL, FALSE, FERRY_CONNECTION_ERROR_CERTIFICATE },
    { certificate, NULL, TRUE, -1 },
    { other, ca_file, FALSE, FERRY_CONNECTION_ERROR_CERTIFICATE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const FakeScript script = { .tls = FERRY_TLS_STARTTLS };
      g_autoptr(FakeServer) server = fake_server_new (&script, cases[i].certificate);
      Client client = { .allows = cases[i].allows };

      client_start (&client, server, FERRY_TLS_STARTTLS, cases[i].trusted);
      g_assert_cmpuint (client.n_asked, ==, 1);

      if (cases[i].code < 0)
        g_assert_no_error (client.error);
      else
        g_assert_error (client.error, FERRY_CONNECTION_ERROR, cases[i].code);

      client_clear (&client);
    }
}

static void
test_wants_the_right_name (void)
{
  g_autoptr(GTlsCertificate) other = fake_server_make_certificate ("other.test");
  g_autofree char *pem = NULL;
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "ferry-other-XXXXXX", NULL);
  const FakeScript script = { .tls = FERRY_TLS_DIRECT };
  g_autoptr(FakeServer) server = fake_server_new (&script, other);
  Client client = { 0 };

  g_object_get (other, "certificate-pem", &pem, NULL);
  g_close (g_mkstemp (path), NULL);
  g_file_set_contents (path, pem, -1, NULL);
  client_start (&client, server, FERRY_TLS_DIRECT, path);
  g_assert_error (client.error, FERRY_CONNECTION_ERROR, FERRY_CONNECTION_ERROR_CERTIFICATE);
  client_clear (&client);
  g_unlink (path);
}

static void
test_carries_stanzas (void)
{
  const FakeScript script = {
    .tls = FERRY_TLS_DIRECT,
    .say = "<iq type='set' id='a&amp;b' from='juliet@ferry.test/balcony' xml:lang='it'>"
           "<p:query xmlns:p='urn:example:1'><p:inner/><item xmlns=''>a&lt;b</item></p:query></iq>",
    .await = "</message>",
    .then = "<message from='juliet@ferry.test/balcony'><body>ciao</body></message>",
  };
  g_autoptr(FakeServer) server = fake_server_new (&script, certificate);
  g_autoptr(FerryElement) expected = ferry_element_parse (
    "<iq xmlns='jabber:client' type='set' id='a&amp;b' from='juliet@ferry.test/balcony' "
    "xml:lang='it'><query xmlns='urn:example:1'><inner/><item xmlns=''>a&lt;b</item></query></iq>",
    -1, NULL);
  g_autoptr(FerryElement) sent = ferry_element_parse (
    "<message xmlns='jabber:client' to='juliet@ferry.test'><body>a&lt;b</body></message>", -1,
    NULL);
  g_autofree char *first = NULL;
  g_autofree char *heard = NULL;
  Client client = { 0 };

  client_start (&client, server, FERRY_TLS_DIRECT, ca_file);
  g_assert_no_error (client.error);
  WAIT_FOR (client.received->len == 1);
  first = ferry_element_print (client.received->pdata[0]);
  g_test_message ("%s", first);
  g_assert_true (ferry_element_equal (client.received->pdata[0], expected));

  ferry_stanza_port_send (FERRY_STANZA_PORT (client.connection), sent);
  WAIT_FOR (client.received->len == 2);
  g_assert_cmpstr (ferry_element_find_text (client.received->pdata[1], "body", FERRY_NS_CLIENT),
                   ==, "ciao");
  heard = fake_server_dup_heard (server);
  g_assert_nonnull (strstr (heard, "<body>a&lt;b</body>"));
  client_clear (&client);
}

static void
test_drops_a_forged_sender (void)
{
  const FakeScript script = {
    .tls = FERRY_TLS_DIRECT,
    .say = "<message xmlns:x='urn:x' from='mallory@ferry.test/x' x:from='boss@ferry.test/desk'>"
           "<body>Send me everything</body></message>"
           "<message from='juliet@ferry.test/balcony'><body>hi</body></message>",
  };
  g_autoptr(FakeServer) server = fake_server_new (&script, certificate);
  Client client = { 0 };

  client_start (&client, server, FERRY_TLS_DIRECT, ca_file);
  WAIT_FOR (client.received->len > 0);
  spin (20);
  g_assert_cmpuint (client.received->len, ==, 1);
  g_assert_cmpstr (ferry_element_get_attribute (client.received->pdata[0], "from"), ==,
                   "juliet@ferry.test/balcony");
  client_clear (&client);
}

static void
test_answers_what_is_too_large (void)
{
  g_autofree char *long_text = g_strnfill (FERRY_XML_MAX_BYTES + 1, 'x');
  g_autofree char *stanza = g_strdup_printf (
    "<iq type='set' id='big7' from='mallory@ferry.test/x'><q xmlns='urn:q'>%s</q></iq>", long_text);
  const FakeScript script = {
    .tls = FERRY_TLS_DIRECT, .say = stanza, .await = "</error>",
    .then = "<message from='juliet@ferry.test/balcony'><body>hi</body></message>",
  };
  g_autoptr(FakeServer) server = fake_server_new (&script, certificate);
  g_autofree char *heard = NULL;
  Client client = { 0 };

  client_start (&client, server, FERRY_TLS_DIRECT, ca_file);
  WAIT_FOR (client.received->len > 0);
  g_assert_true (ferry_element_is (client.received->pdata[0], "message", FERRY_NS_CLIENT));
  heard = fake_server_dup_heard (server);
  g_assert_true (strstr (heard, "big7") != NULL);
  client_clear (&client);
}

static void
test_says_why_it_ended (void)
{
  static const struct { const char *say; int code; } cases[] = {
    { "<stream:error><conflict xmlns='" NS_STREAMS "'/></stream:error></stream:stream>",
      FERRY_CONNECTION_ERROR_CONFLICT },
    { "<stream:error><conflict xmlns='" NS_STREAMS "'/></stream:error>",
      FERRY_CONNECTION_ERROR_CONFLICT },
    { "<stream:error><policy-violation xmlns='" NS_STREAMS "'/></stream:error></stream:stream>",
      FERRY_CONNECTION_ERROR_REFUSED },
    { "<stream:error><system-shutdown xmlns='" NS_STREAMS "'/></stream:error></stream:stream>",
      FERRY_CONNECTION_ERROR_LOST },
    { "</stream:stream>", FERRY_CONNECTION_ERROR_LOST },
    { "<unfinished", FERRY_CONNECTION_ERROR_LOST },
    { "<!DOCTYPE bomb>", FERRY_CONNECTION_ERROR_LOST },
    { "&nonsense;<<<", FERRY_CONNECTION_ERROR_LOST },
    { "", FERRY_CONNECTION_ERROR_LOST },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const FakeScript script = { .tls = FERRY_TLS_DIRECT, .say = cases[i].say, .hangs_up = TRUE };
      g_autoptr(FakeServer) server = fake_server_new (&script, certificate);
      Client client = { 0 };

      g_test_message ("case %u", i);
      client_start (&client, server, FERRY_TLS_DIRECT, ca_file);
      g_assert_no_error (client.error);
      WAIT_FOR (client.is_closed);
      g_assert_error (client.close_error, FERRY_CONNECTION_ERROR, cases[i].code);
      g_assert_null (ferry_stanza_port_get_jid (FERRY_STANZA_PORT (client.connection)));
      g_assert_cmpuint (client.received->len, ==, 0);
      client_clear (&client);
    }
}

static void
test_says_goodbye (void)
{
  /* A server that answers, and one that does not. */
  const FakeScript scripts[] = {
    { .tls = FERRY_TLS_DIRECT, .await = "</stream:stream>", .then = "</stream:stream>" },
    { .tls = FERRY_TLS_DIRECT, .await = "</never>" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (scripts); i++)
    {
      g_autoptr(FakeServer) server = fake_server_new (&scripts[i], certificate);
      Client client = { 0 };
      gint64 start;

      client_start (&client, server, FERRY_TLS_DIRECT, ca_file);
      g_assert_no_error (client.error);
      start = g_get_monotonic_time ();
      ferry_connection_close (client.connection);
      WAIT_FOR (client.is_closed);
      g_assert_no_error (client.close_error);
      g_assert_cmpint (g_get_monotonic_time () - start, <,
                       i == 0 ? G_USEC_PER_SEC : 4 * G_USEC_PER_SEC);
      client_clear (&client);
    }
}

static void
test_can_be_cancelled (void)
{
  const FakeScript script = { .is_silent = TRUE };
  g_autoptr(FakeServer) server = fake_server_new (&script, certificate);
  static const FerryTlsMode modes[] = { FERRY_TLS_DIRECT, FERRY_TLS_STARTTLS, FERRY_TLS_NONE };

  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    for (guint closes = 0; closes < 2; closes++)
      {
        g_autofree char *place = g_strdup_printf ("127.0.0.1:%u", fake_server_get_port (server));
        FerryConnectionSettings settings = {
          .jid = "romeo@ferry.test", .password = "x", .server = place, .tls = modes[i],
        };
        Client client = { .connection = ferry_connection_new (),
                          .cancellable = g_cancellable_new () };

        ferry_connection_connect_async (client.connection, &settings, client.cancellable,
                                        connected_cb, &client);
        spin (50);
        g_assert_false (client.is_done);

        if (closes)
          ferry_connection_close (client.connection);
        else
          g_cancellable_cancel (client.cancellable);

        WAIT_FOR (client.is_done);
        g_assert_error (client.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
        spin (20);
        client_clear (&client);
      }
}

static void
test_counts_what_waits (void)
{
  const FakeScript script = { .tls = FERRY_TLS_DIRECT, .is_deaf = TRUE };
  g_autoptr(FakeServer) server = fake_server_new (&script, certificate);
  g_autofree char *text = g_strnfill (60000, 'x');
  g_autofree char *xml =
    g_strdup_printf ("<message xmlns='jabber:client'><body>%s</body></message>", text);
  g_autoptr(FerryElement) stanza = ferry_element_parse (xml, -1, NULL);
  g_autofree char *heard = NULL;
  FerryStanzaPort *port;
  Client client = { 0 };
  int n = 0;

  client_start (&client, server, FERRY_TLS_DIRECT, ca_file);
  g_assert_no_error (client.error);
  port = FERRY_STANZA_PORT (client.connection);
  g_assert_cmpuint (ferry_stanza_port_get_buffered (port), ==, 0);

  for (n = 0; ferry_stanza_port_get_buffered (port) < 200000 && n < 1000; n++)
    ferry_stanza_port_send (port, stanza);

  g_assert_cmpint (n, <, 1000);
  g_assert_cmpuint (client.n_drained, ==, 0);
  WAIT_FOR (ferry_stanza_port_get_buffered (port) == 0);
  g_assert_cmpuint (client.n_drained, >, 0);
  g_assert_cmpuint (client.n_drained, <=, 2);

  while (heard == NULL || strlen (heard) <= (gsize) n * 60000)
    {
      spin (20);
      g_free (heard);
      heard = fake_server_dup_heard (server);
    }

  client_clear (&client);
}

static void
make_authority (void)
{
  g_autofree char *pem = NULL;

  certificate = fake_server_make_certificate ("ferry.test");
  g_object_get (certificate, "certificate-pem", &pem, NULL);
  ca_file = g_build_filename (g_get_tmp_dir (), "ferry-ca-XXXXXX", NULL);
  g_close (g_mkstemp (ca_file), NULL);
  g_assert_true (g_file_set_contents (ca_file, pem, -1, NULL));
}

int
main (int   argc,
      char *argv[])
{
  int result;

  g_test_init (&argc, &argv, NULL);
  make_authority ();

  g_test_add_func ("/net/connection/logs-in", test_logs_in);
  g_test_add_func ("/net/connection/keeps-the-password-without-tls",
                   test_keeps_the_password_without_tls);
  g_test_add_func ("/net/connection/says-why-it-could-not-log-in",
                   test_says_why_it_could_not_log_in);
  g_test_add_func ("/net/connection/asks-about-a-strange-certificate",
                   test_asks_about_a_strange_certificate);
  g_test_add_func ("/net/connection/wants-the-right-name", test_wants_the_right_name);
  g_test_add_func ("/net/connection/carries-stanzas", test_carries_stanzas);
  g_test_add_func ("/net/connection/drops-a-forged-sender", test_drops_a_forged_sender);
  g_test_add_func ("/net/connection/answers-what-is-too-large", test_answers_what_is_too_large);
  g_test_add_func ("/net/connection/says-why-it-ended", test_says_why_it_ended);
  g_test_add_func ("/net/connection/says-goodbye", test_says_goodbye);
  g_test_add_func ("/net/connection/can-be-cancelled", test_can_be_cancelled);
  g_test_add_func ("/net/connection/counts-what-waits", test_counts_what_waits);

  result = g_test_run ();
  g_unlink (ca_file);
  g_free (ca_file);
  g_object_unref (certificate);

  return result;
}
