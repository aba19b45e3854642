/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>

#include "test-client.h"

#define NS_STREAMS "urn:ietf:params:xml:ns:xmpp-streams"

static GTlsCertificate *certificate; /* for ferry.test */
static char *ca_file;                /* trusts it */

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
  TestClient client = { 0 };

  test_client_start (&client, server, FERRY_TLS_DIRECT, ca_file);
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
  test_client_clear (&client);
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
  TestClient client = { 0 };

  test_client_start (&client, server, FERRY_TLS_DIRECT, ca_file);
  WAIT_FOR (client.received->len > 0);
  test_spin (20);
  g_assert_cmpuint (client.received->len, ==, 1);
  g_assert_cmpstr (ferry_element_get_attribute (client.received->pdata[0], "from"), ==,
                   "juliet@ferry.test/balcony");
  test_client_clear (&client);
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
  TestClient client = { 0 };

  test_client_start (&client, server, FERRY_TLS_DIRECT, ca_file);
  WAIT_FOR (client.received->len > 0);
  g_assert_true (ferry_element_is (client.received->pdata[0], "message", FERRY_NS_CLIENT));
  heard = fake_server_dup_heard (server);
  g_assert_true (strstr (heard, "big7") != NULL);
  test_client_clear (&client);
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
      TestClient client = { 0 };

      g_test_message ("case %u", i);
      test_client_start (&client, server, FERRY_TLS_DIRECT, ca_file);
      g_assert_no_error (client.error);
      WAIT_FOR (client.is_closed);
      g_assert_error (client.close_error, FERRY_CONNECTION_ERROR, cases[i].code);
      g_assert_null (ferry_stanza_port_get_jid (FERRY_STANZA_PORT (client.connection)));
      g_assert_cmpuint (client.received->len, ==, 0);
      test_client_clear (&client);
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
      TestClient client = { 0 };
      gint64 start;

      test_client_start (&client, server, FERRY_TLS_DIRECT, ca_file);
      g_assert_no_error (client.error);
      start = g_get_monotonic_time ();
      ferry_connection_close (client.connection);
      WAIT_FOR (client.is_closed);
      g_assert_no_error (client.close_error);
      g_assert_cmpint (g_get_monotonic_time () - start, <,
                       i == 0 ? G_USEC_PER_SEC : 4 * G_USEC_PER_SEC);
      test_client_clear (&client);
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
  TestClient client = { 0 };
  int n = 0;

  test_client_start (&client, server, FERRY_TLS_DIRECT, ca_file);
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
      test_spin (20);
      g_free (heard);
      heard = fake_server_dup_heard (server);
    }

  test_client_clear (&client);
}

typedef struct
{
  FerryElement *answer;
  guint         n_received;
  gsize         peak;      /* bytes that waited, at most */
} Echo;

static void
echo_received_cb (FerryStanzaPort *port,
                  FerryElement    *stanza,
                  gpointer         user_data)
{
  Echo *echo = user_data;

  echo->n_received++;
  ferry_stanza_port_send (port, echo->answer);
  echo->peak = MAX (echo->peak, ferry_stanza_port_get_buffered (port));
}

/* Many short stanzas come in at once, and each is answered by a long one: more than a
 * socket holds is queued before any of it can be handed on. The main loop must not wait
 * for itself, and whoever was told to wait must be told when to go on. */
static void
test_outgrows_a_socket (void)
{
  enum { N = 300, SIZE = 9000 };
  g_autofree char *text = g_strnfill (SIZE, 'x');
  g_autofree char *xml =
    g_strdup_printf ("<message xmlns='jabber:client'><body>%s</body></message>", text);
  g_autoptr(FerryElement) answer = ferry_element_parse (xml, -1, NULL);
  g_autoptr(FerryElement) ready =
    ferry_element_parse ("<presence xmlns='jabber:client'/>", -1, NULL);
  g_autoptr(GString) all = g_string_new (NULL);
  FakeScript script = { .tls = FERRY_TLS_DIRECT, .await = "<presence" };
  g_autoptr(FakeServer) server = NULL;
  TestClient client = { 0 };
  Echo echo = { .answer = answer };

  for (int i = 0; i < N; i++)
    g_string_append (all, "<message from='a@b'/>");
  script.then = all->str;
  server = fake_server_new (&script, certificate);

  test_client_start (&client, server, FERRY_TLS_DIRECT, ca_file);
  g_signal_connect (client.connection, "received", G_CALLBACK (echo_received_cb), &echo);
  ferry_stanza_port_send (FERRY_STANZA_PORT (client.connection), ready);
  WAIT_FOR (echo.n_received == N);
  g_assert_cmpuint (echo.peak, >, 512 * 1024);
  WAIT_FOR (ferry_stanza_port_get_buffered (FERRY_STANZA_PORT (client.connection)) == 0);
  g_assert_cmpuint (client.n_drained, >, 0);
  test_client_clear (&client);
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

  g_test_add_func ("/net/connection/carries-stanzas", test_carries_stanzas);
  g_test_add_func ("/net/connection/drops-a-forged-sender", test_drops_a_forged_sender);
  g_test_add_func ("/net/connection/answers-what-is-too-large", test_answers_what_is_too_large);
  g_test_add_func ("/net/connection/says-why-it-ended", test_says_why_it_ended);
  g_test_add_func ("/net/connection/says-goodbye", test_says_goodbye);
  g_test_add_func ("/net/connection/counts-what-waits", test_counts_what_waits);
  g_test_add_func ("/net/connection/outgrows-a-socket", test_outgrows_a_socket);

  result = g_test_run ();
  g_unlink (ca_file);
  g_free (ca_file);
  g_object_unref (certificate);

  return result;
}
