/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What may happen before there is a stream. */

#include "config.h"

#include <string.h>

#include "tls-pair.h"
#include "tls-wire.h"

#define KEY_UPDATE (5 + 5 + 1 + 16) /* bytes: header, message, its type, tag (RFC 8446 §5.2) */

typedef void (*MakeTerms) (FerryTlsTerms *client,
                           FerryTlsTerms *server);

/* Both are Romeo: his signatures are always of one length, Juliet's are not. */
static void
make_certificates (FerryTlsTerms *client,
                   FerryTlsTerms *server)
{
  *client = tls_pair_terms (FALSE);
  *server = tls_pair_terms (TRUE);
  client->sha1 = server->sha1;
  client->sha256 = server->sha256;
  server->identity = client->identity;
}

static void
make_phrases (FerryTlsTerms *client,
              FerryTlsTerms *server)
{
  *client = tls_pair_srp_terms (FALSE, "correct horse battery");
  *server = tls_pair_srp_terms (TRUE, "correct horse battery");
}

/* Returns: bytes that a handshake in good order takes */
static guint64
measure (MakeTerms make,
         gboolean  to_server)
{
  g_autoptr(TlsWire) wire = tls_wire_new (NULL, NULL);
  g_auto(TlsPair) pair = { NULL };
  FerryTlsTerms client, server;

  make (&client, &server);
  tls_pair_handshake (&pair, tls_wire_get_client (wire), &client, tls_wire_get_server (wire),
                      &server, 10);
  g_assert_no_error (pair.client_error);
  g_assert_no_error (pair.server_error);

  return tls_wire_get_bytes (wire, to_server);
}

/* TLS 1.3 servers are done when the client may not be: the last to come is their word. */
static void
assert_cut (const GError *error,
            gboolean      may_be_phrase)
{
  if (may_be_phrase && g_error_matches (error, FERRY_TLS_ERROR, FERRY_TLS_ERROR_PHRASE))
    return;

  g_assert_error (error, FERRY_TLS_ERROR, FERRY_TLS_ERROR_TRUNCATED);
}

static void
cut_everywhere (MakeTerms make,
                gboolean  to_server)
{
  guint64 n_bytes = measure (make, to_server);

  for (guint64 i = 1; i < n_bytes; i += 1 + n_bytes / 40)
    {
      const TlsWireManners cut = { .cut_at = i };
      g_autoptr(TlsWire) wire = tls_wire_new (to_server ? &cut : NULL, to_server ? NULL : &cut);
      g_auto(TlsPair) pair = { NULL };
      FerryTlsTerms client, server;
      gboolean is_srp;

      make (&client, &server);
      is_srp = client.srp_phrase != NULL;
      tls_pair_handshake (&pair, tls_wire_get_client (wire), &client, tls_wire_get_server (wire),
                          &server, 10);
      assert_cut (pair.client_error, is_srp);
      if (to_server || pair.server_error != NULL)
        assert_cut (pair.server_error, FALSE);
    }
}

static void
test_notices_every_cut (void)
{
  cut_everywhere (make_certificates, TRUE);
  cut_everywhere (make_certificates, FALSE);
  cut_everywhere (make_phrases, TRUE);
  cut_everywhere (make_phrases, FALSE);
}

/* Every byte of it is protected, if only by what is made of it. */
static void
test_notices_every_change (void)
{
  for (guint way = 0; way < 2; way++)
    {
      guint64 n_bytes = measure (make_certificates, way == 0);

      for (guint64 i = 1; i < n_bytes; i += 1 + n_bytes / 40)
        {
          const TlsWireManners flip = { .flip_at = i };
          g_autoptr(TlsWire) wire = tls_wire_new (way == 0 ? &flip : NULL, way == 0 ? NULL : &flip);
          g_auto(TlsPair) pair = { NULL };
          FerryTlsTerms client, server;

          /* A length that was made larger has one of them wait for what will not come. */
          make_certificates (&client, &server);
          tls_pair_handshake (&pair, tls_wire_get_client (wire), &client,
                              tls_wire_get_server (wire), &server, 1);
          g_assert_true (pair.client_error != NULL || pair.server_error != NULL);
        }
    }
}

static void
test_goes_without_a_word (void)
{
  const guint64 n_bytes = measure (make_certificates, FALSE) - KEY_UPDATE;
  const TlsWireManners stall = { .stall_at = n_bytes };
  g_autoptr(TlsWire) wire = tls_wire_new (NULL, &stall);
  g_auto(TlsPair) pair = { NULL };
  FerryTlsTerms client, server;
  gint64 begun = g_get_monotonic_time ();

  make_certificates (&client, &server);
  tls_pair_handshake (&pair, tls_wire_get_client (wire), &client, tls_wire_get_server (wire),
                      &server, 10);
  g_assert_no_error (pair.client_error);
  g_assert_no_error (pair.server_error);
  g_assert_cmpint (g_get_monotonic_time () - begun, >=, 1900 * 1000);
}

/* The same with one byte less: it is not the wait that makes it go. */
static void
test_waits_for_the_handshake (void)
{
  const guint64 n_bytes = measure (make_certificates, FALSE) - KEY_UPDATE;
  const TlsWireManners stall = { .stall_at = n_bytes - 1 };
  g_autoptr(TlsWire) wire = tls_wire_new (NULL, &stall);
  g_auto(TlsPair) pair = { NULL };
  FerryTlsTerms client, server;

  make_certificates (&client, &server);
  tls_pair_handshake (&pair, tls_wire_get_client (wire), &client, tls_wire_get_server (wire),
                      &server, 3);
  g_assert_error (pair.client_error, FERRY_TLS_ERROR, FERRY_TLS_ERROR_TIMED_OUT);
  g_assert_error (pair.server_error, FERRY_TLS_ERROR, FERRY_TLS_ERROR_TIMED_OUT);
}

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  GAsyncResult **slot = user_data;

  *slot = g_object_ref (result);
}

static gboolean
tick_cb (gpointer user_data)
{
  ++*(guint *) user_data;

  return G_SOURCE_CONTINUE;
}

static void
test_has_a_time_limit (void)
{
  for (guint is_server = 0; is_server < 2; is_server++)
    {
      g_autoptr(GIOStream) ours = NULL, theirs = NULL;
      g_autoptr(GAsyncResult) result = NULL;
      g_autoptr(GError) error = NULL;
      FerryTlsTerms terms = tls_pair_terms (is_server);
      guint n_ticks = 0;
      guint ticker = g_timeout_add (10, tick_cb, &n_ticks);

      tls_pair_sockets (&ours, &theirs);
      ferry_tls_stream_handshake_async (ours, &terms, 1, NULL, done_cb, &result);
      while (result == NULL)
        g_main_context_iteration (NULL, TRUE);

      g_assert_null (ferry_tls_stream_handshake_finish (result, &error));
      g_assert_error (error, FERRY_TLS_ERROR, FERRY_TLS_ERROR_TIMED_OUT);
      g_assert_cmpuint (n_ticks, >, 20); /* the main loop went on */
      g_assert_false (g_io_stream_is_closed (ours)); /* it is the caller's */
      g_source_remove (ticker);
    }
}

static gboolean
cancel_cb (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);

  return G_SOURCE_REMOVE;
}

static void
test_can_be_cancelled (void)
{
  g_autoptr(GIOStream) ours = NULL, theirs = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  FerryTlsTerms terms = tls_pair_terms (FALSE);
  gint64 begun = g_get_monotonic_time ();

  tls_pair_sockets (&ours, &theirs);
  ferry_tls_stream_handshake_async (ours, &terms, 30, cancellable, done_cb, &result);
  g_timeout_add (50, cancel_cb, cancellable);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  g_assert_null (ferry_tls_stream_handshake_finish (result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - begun, <, 5 * G_USEC_PER_SEC);
}

static const char *const nonsense[] = {
  "GET / HTTP/1.1\r\nHost: montague.lit\r\n\r\n",
  "<?xml version='1.0'?><stream:stream xmlns='jabber:client' to='montague.lit'>",
  "\x05\x01",
  "\x16\x03\x01\xff\xff\x01",
  "\x16\x03\x01\x40\x01\x01",
  "\x16\x03\x03\x00\x04\x0e\x00\x00",
  "\x17\x03\x03\x00\x20 application data, and no key of it",
  "\x15\x03\x03\x02\x02\x28 a fatal alert",
  "\x80\x2e\x01\x03\x01 an old hello",
  "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n",
};

static void
feed (const char *words,
      gboolean    is_server)
{
  g_autoptr(GIOStream) ours = NULL, theirs = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  FerryTlsTerms terms = tls_pair_terms (is_server);
  GOutputStream *out;

  tls_pair_sockets (&ours, &theirs);
  out = g_io_stream_get_output_stream (theirs);
  g_assert_true (g_output_stream_write_all (out, words, strlen (words), NULL, NULL, NULL));
  g_socket_shutdown (g_socket_connection_get_socket (G_SOCKET_CONNECTION (theirs)), FALSE, TRUE,
                     NULL);

  ferry_tls_stream_handshake_async (ours, &terms, 10, NULL, done_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  g_assert_null (ferry_tls_stream_handshake_finish (result, &error));
  g_assert_true (g_error_matches (error, FERRY_TLS_ERROR, FERRY_TLS_ERROR_HANDSHAKE) ||
                 g_error_matches (error, FERRY_TLS_ERROR, FERRY_TLS_ERROR_TRUNCATED));
}

static void
test_refuses_nonsense (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (nonsense); i++)
    {
      feed (nonsense[i], TRUE);
      feed (nonsense[i], FALSE);
    }
}

static void
test_knows_http_for_no_tls (void)
{
  g_autoptr(TlsWire) wire = tls_wire_new (NULL, NULL);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  FerryTlsTerms terms = tls_pair_terms (TRUE);

  /* The path stays open: it is the words that are wrong. */
  g_output_stream_write_all (g_io_stream_get_output_stream (tls_wire_get_client (wire)),
                             nonsense[0], strlen (nonsense[0]), NULL, NULL, NULL);
  ferry_tls_stream_handshake_async (tls_wire_get_server (wire), &terms, 10, NULL, done_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  g_assert_null (ferry_tls_stream_handshake_finish (result, &error));
  g_assert_error (error, FERRY_TLS_ERROR, FERRY_TLS_ERROR_HANDSHAKE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/net/tls-handshake/notices-every-cut", test_notices_every_cut);
  g_test_add_func ("/net/tls-handshake/notices-every-change", test_notices_every_change);
  g_test_add_func ("/net/tls-handshake/goes-without-a-word", test_goes_without_a_word);
  g_test_add_func ("/net/tls-handshake/waits-for-the-handshake", test_waits_for_the_handshake);
  g_test_add_func ("/net/tls-handshake/has-a-time-limit", test_has_a_time_limit);
  g_test_add_func ("/net/tls-handshake/can-be-cancelled", test_can_be_cancelled);
  g_test_add_func ("/net/tls-handshake/refuses-nonsense", test_refuses_nonsense);
  g_test_add_func ("/net/tls-handshake/knows-http-for-no-tls", test_knows_http_for_no_tls);

  return g_test_run ();
}
