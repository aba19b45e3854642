/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>

#include "test-client.h"

#define NS_SASL "urn:ietf:params:xml:ns:xmpp-sasl"
#define NS_STREAMS "urn:ietf:params:xml:ns:xmpp-streams"

static GTlsCertificate *certificate; /* for ferry.test */
static char *ca_file;                /* trusts it */

static void
test_logs_in (void)
{
  static const FerryTlsMode modes[] = { FERRY_TLS_DIRECT, FERRY_TLS_STARTTLS };

  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      const FakeScript script = { .tls = modes[i] };
      g_autoptr(FakeServer) server = fake_server_new (&script, certificate);
      TestClient client = { 0 };

      test_client_start (&client, server, modes[i], ca_file);
      g_assert_no_error (client.error);
      g_assert_true (ferry_connection_is_secure (client.connection));
      g_assert_cmpstr (ferry_stanza_port_get_jid (FERRY_STANZA_PORT (client.connection)), ==,
                       "romeo@ferry.test/orchard");
      g_assert_cmpuint (client.n_asked, ==, 0);
      test_spin (20);
      g_assert_cmpuint (client.received->len, ==, 0);
      test_client_clear (&client);
    }
}

static void
test_keeps_the_password_without_tls (void)
{
  const FakeScript script = { .tls = FERRY_TLS_NONE };
  g_autoptr(FakeServer) server = fake_server_new (&script, NULL);
  g_autofree char *heard = NULL;
  TestClient client = { 0 };

  test_client_start (&client, server, FERRY_TLS_NONE, NULL);
  g_assert_error (client.error, FERRY_CONNECTION_ERROR, FERRY_CONNECTION_ERROR_AUTH);
  test_client_clear (&client);
  test_spin (20);
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
      TestClient client = { 0 };

      g_test_message ("case %u", i);
      test_client_start (&client, server, cases[i].script.tls, ca_file);
      g_assert_error (client.error, FERRY_CONNECTION_ERROR, (int) cases[i].code);
      g_assert_false (client.is_closed);
      test_client_clear (&client);
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
      TestClient client = { .allows = cases[i].allows };

      test_client_start (&client, server, FERRY_TLS_STARTTLS, cases[i].trusted);
      g_assert_cmpuint (client.n_asked, ==, 1);

      if (cases[i].code < 0)
        g_assert_no_error (client.error);
      else
        g_assert_error (client.error, FERRY_CONNECTION_ERROR, cases[i].code);

      test_client_clear (&client);
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
  TestClient client = { 0 };

  g_object_get (other, "certificate-pem", &pem, NULL);
  g_close (g_mkstemp (path), NULL);
  g_file_set_contents (path, pem, -1, NULL);
  test_client_start (&client, server, FERRY_TLS_DIRECT, path);
  g_assert_error (client.error, FERRY_CONNECTION_ERROR, FERRY_CONNECTION_ERROR_CERTIFICATE);
  test_client_clear (&client);
  g_unlink (path);
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
        TestClient client = { .connection = ferry_connection_new (),
                          .cancellable = g_cancellable_new () };

        ferry_connection_connect_async (client.connection, &settings, client.cancellable,
                                        test_client_connected_cb, &client);
        test_spin (50);
        g_assert_false (client.is_done);

        if (closes)
          ferry_connection_close (client.connection);
        else
          g_cancellable_cancel (client.cancellable);

        WAIT_FOR (client.is_done);
        g_assert_error (client.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
        test_spin (20);
        test_client_clear (&client);
      }
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

  g_test_add_func ("/net/login/logs-in", test_logs_in);
  g_test_add_func ("/net/login/keeps-the-password-without-tls",
                   test_keeps_the_password_without_tls);
  g_test_add_func ("/net/login/says-why-it-could-not-log-in", test_says_why_it_could_not_log_in);
  g_test_add_func ("/net/login/asks-about-a-strange-certificate",
                   test_asks_about_a_strange_certificate);
  g_test_add_func ("/net/login/wants-the-right-name", test_wants_the_right_name);
  g_test_add_func ("/net/login/can-be-cancelled", test_can_be_cancelled);

  result = g_test_run ();
  g_unlink (ca_file);
  g_free (ca_file);
  g_object_unref (certificate);

  return result;
}
