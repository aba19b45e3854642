/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "hostile-stream.h"
#include "tls-pair.h"

/* Whom to trust: one row per promise. @client, @server: the error of that side; -1: none */
typedef struct
{
  const char *name;
  int         client;
  int         server;
  void      (*change) (FerryTlsTerms *client,
                       FerryTlsTerms *server);
} Case;

static const char wrong_sha256[] =
  "0000000000000000000000000000000000000000000000000000000000000000";
static const char wrong_sha1[] = "0000000000000000000000000000000000000000";

static void
change_nothing (FerryTlsTerms *client,
                FerryTlsTerms *server)
{
}

static void
announce_sha1_only (FerryTlsTerms *client,
                    FerryTlsTerms *server)
{
  client->sha256 = NULL;
  server->sha256 = NULL;
}

static void
announce_sha256_only (FerryTlsTerms *client,
                      FerryTlsTerms *server)
{
  client->sha1 = NULL;
  server->sha1 = NULL;
}

static void
pin_both (FerryTlsTerms *client,
          FerryTlsTerms *server)
{
  client->pinned_sha256 = client->sha256;
  server->pinned_sha256 = server->sha256;
}

static void
announce_wrong_server (FerryTlsTerms *client,
                       FerryTlsTerms *server)
{
  client->sha256 = wrong_sha256;
}

static void
announce_wrong_server_sha1 (FerryTlsTerms *client,
                            FerryTlsTerms *server)
{
  client->sha1 = wrong_sha1;
}

static void
announce_wrong_client (FerryTlsTerms *client,
                       FerryTlsTerms *server)
{
  server->sha256 = wrong_sha256;
}

static void
announce_wrong_client_sha1 (FerryTlsTerms *client,
                            FerryTlsTerms *server)
{
  server->sha1 = wrong_sha1;
}

static void
pin_another_server (FerryTlsTerms *client,
                    FerryTlsTerms *server)
{
  client->pinned_sha256 = wrong_sha256;
}

static void
pin_another_client (FerryTlsTerms *client,
                    FerryTlsTerms *server)
{
  server->pinned_sha256 = wrong_sha256;
}

static void
announce_nothing (FerryTlsTerms *client,
                  FerryTlsTerms *server)
{
  server->sha1 = NULL;
  server->sha256 = NULL;
}

static void
know_a_phrase (FerryTlsTerms *client,
               FerryTlsTerms *server)
{
  *client = tls_pair_srp_terms (FALSE, "correct horse battery");
  *server = tls_pair_srp_terms (TRUE, "correct horse battery");
}

static void
write_it_in_two_ways (FerryTlsTerms *client,
                      FerryTlsTerms *server)
{
  *client = tls_pair_srp_terms (FALSE, "caf\xc3\xa9");
  *server = tls_pair_srp_terms (TRUE, "cafe\xcc\x81");
}

static void
say_the_full_name (FerryTlsTerms *client,
                   FerryTlsTerms *server)
{
  know_a_phrase (client, server);
  client->srp_user = TLS_USER "/orchard";
}

static void
say_another_name (FerryTlsTerms *client,
                  FerryTlsTerms *server)
{
  know_a_phrase (client, server);
  client->srp_user = "romeo@montague.li";
}

static void
know_two_phrases (FerryTlsTerms *client,
                  FerryTlsTerms *server)
{
  know_a_phrase (client, server);
  client->srp_phrase = "correct horse batterie";
}

static void
know_a_phrase_as_client (FerryTlsTerms *client,
                         FerryTlsTerms *server)
{
  *client = tls_pair_srp_terms (FALSE, "correct horse battery");
}

static void
know_a_phrase_as_server (FerryTlsTerms *client,
                         FerryTlsTerms *server)
{
  *server = tls_pair_srp_terms (TRUE, "correct horse battery");
}

static const Case cases[] = {
  { "trusts-what-was-announced", -1, -1, change_nothing },
  { "trusts-sha1-alone", -1, -1, announce_sha1_only },
  { "trusts-sha256-alone", -1, -1, announce_sha256_only },
  { "trusts-what-is-pinned", -1, -1, pin_both },
  { "client-refuses-another-certificate", FERRY_TLS_ERROR_CERTIFICATE,
    FERRY_TLS_ERROR_CERTIFICATE, announce_wrong_server },
  { "client-refuses-another-sha1", FERRY_TLS_ERROR_CERTIFICATE, FERRY_TLS_ERROR_CERTIFICATE,
    announce_wrong_server_sha1 },
  { "server-refuses-another-certificate", FERRY_TLS_ERROR_CERTIFICATE,
    FERRY_TLS_ERROR_CERTIFICATE, announce_wrong_client },
  { "server-refuses-another-sha1", FERRY_TLS_ERROR_CERTIFICATE, FERRY_TLS_ERROR_CERTIFICATE,
    announce_wrong_client_sha1 },
  { "client-notices-a-changed-certificate", FERRY_TLS_ERROR_CHANGED, FERRY_TLS_ERROR_CERTIFICATE,
    pin_another_server },
  { "server-notices-a-changed-certificate", FERRY_TLS_ERROR_CERTIFICATE, FERRY_TLS_ERROR_CHANGED,
    pin_another_client },
  { "refuses-what-nobody-announced", FERRY_TLS_ERROR_CERTIFICATE, FERRY_TLS_ERROR_CERTIFICATE,
    announce_nothing },
  { "trusts-a-phrase", -1, -1, know_a_phrase },
  { "trusts-a-phrase-however-it-is-written", -1, -1, write_it_in_two_ways },
  { "takes-the-full-name-for-the-bare-one", -1, -1, say_the_full_name },
  { "refuses-another-name", FERRY_TLS_ERROR_PHRASE, FERRY_TLS_ERROR_PHRASE, say_another_name },
  { "refuses-another-phrase", FERRY_TLS_ERROR_PHRASE, FERRY_TLS_ERROR_PHRASE, know_two_phrases },
  { "refuses-the-only-phrase-of-a-client", FERRY_TLS_ERROR_HANDSHAKE, FERRY_TLS_ERROR_HANDSHAKE,
    know_a_phrase_as_client },
  { "refuses-the-only-phrase-of-a-server", FERRY_TLS_ERROR_HANDSHAKE, FERRY_TLS_ERROR_HANDSHAKE,
    know_a_phrase_as_server },
};

static void
assert_error (const GError *error,
              int           code)
{
  if (code < 0)
    g_assert_no_error (error);
  else
    g_assert_error (error, FERRY_TLS_ERROR, code);
}

static void
assert_passes (FerryTlsStream *from,
               FerryTlsStream *to)
{
  g_autoptr(GError) error = NULL;
  char buffer[5] = "";
  gsize n = 0;

  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (from)), "hello", 5, NULL,
                             NULL, &error);
  g_assert_no_error (error);
  g_input_stream_read_all (g_io_stream_get_input_stream (G_IO_STREAM (to)), buffer, 5, &n, NULL,
                           &error);
  g_assert_no_error (error);
  g_assert_cmpmem (buffer, n, "hello", 5);
}

static void
run_case (const Case *test,
          GIOStream  *a,
          GIOStream  *b)
{
  g_auto(TlsPair) pair = { NULL };
  FerryTlsTerms client = tls_pair_terms (FALSE);
  FerryTlsTerms server = tls_pair_terms (TRUE);

  test->change (&client, &server);
  tls_pair_handshake (&pair, a, &client, b, &server, 10);
  assert_error (pair.client_error, test->client);
  assert_error (pair.server_error, test->server);

  if (pair.client == NULL || pair.server == NULL)
    return;

  if (client.srp_phrase == NULL)
    {
      g_assert_cmpstr (ferry_tls_stream_get_cipher (pair.client), ==, "TLS 1.3, AES-256-GCM");
      g_assert_true (g_bytes_equal (ferry_tls_stream_get_certificate (pair.client),
                                    ferry_tls_identity_get_certificate (server.identity)));
      g_assert_true (g_bytes_equal (ferry_tls_stream_get_certificate (pair.server),
                                    ferry_tls_identity_get_certificate (client.identity)));
    }
  else
    {
      g_assert_null (ferry_tls_stream_get_certificate (pair.client));
      g_assert_null (ferry_tls_stream_get_certificate (pair.server));
    }

  assert_passes (pair.client, pair.server);
  assert_passes (pair.server, pair.client);
}

static void
test_case (gconstpointer data)
{
  const Case *test = data;
  const HostileManners slow = { .slice = 7 };
  g_autoptr(GIOStream) a = NULL, b = NULL, c = NULL, d = NULL;

  tls_pair_sockets (&a, &b);
  run_case (test, a, b);

  hostile_stream_pair (&slow, &slow, &c, &d);
  run_case (test, c, d);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/net/tls-trust/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }

  return g_test_run ();
}
