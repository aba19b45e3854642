/* SPDX-License-Identifier: GPL-3.0-or-later */

/* TLS as other people's programs understand it: those of OpenSSL and GnuTLS, over loopback. Says
 * so where one is missing, and skips. */

#include "config.h"

#include <string.h>

#include <glib/gstdio.h>

#include "tls-pair.h"

#define PHRASE       "correct horse battery staple"
#define SRP_PRIORITY "NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+SRP"
#define LIMIT        10  /* seconds for a handshake */
#define ALL_TRIES    200 /* of 25 ms, to reach a program that is only starting */

/* A folder for keys, a program, and our end of the connection to it. */
typedef struct
{
  char        *folder;      /* (owned) */
  char        *key;         /* (owned) (nullable): of the peer: a path */
  char        *certificate; /* (owned) (nullable): likewise */
  char        *sha256;      /* (owned) (nullable): of it, as OpenSSL sees it */
  GSubprocess *process;     /* (owned) (nullable) */
  GIOStream   *base;        /* (owned) (nullable) */
} Peer;

static void
peer_clear (Peer *peer)
{
  if (peer->process != NULL)
    {
      g_subprocess_force_exit (peer->process);
      g_subprocess_wait (peer->process, NULL, NULL);
    }

  g_clear_object (&peer->process);
  g_clear_object (&peer->base);
  if (peer->folder != NULL)
    {
      g_autoptr(GDir) dir = g_dir_open (peer->folder, 0, NULL);
      const char *name;

      while ((name = g_dir_read_name (dir)) != NULL)
        {
          g_autofree char *path = g_build_filename (peer->folder, name, NULL);

          g_unlink (path);
        }
      g_rmdir (peer->folder);
    }

  g_free (peer->folder);
  g_free (peer->key);
  g_free (peer->certificate);
  g_free (peer->sha256);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Peer, peer_clear)

static gboolean
skip_without (const char *program)
{
  g_autofree char *path = g_find_program_in_path (program);
  g_autofree char *why = g_strdup_printf ("NOT TESTED: there is no %s", program);

  if (path == NULL)
    g_test_skip (why);

  return path == NULL;
}

/* Returns: what it says */
static char *
run (const char *const *argv,
     const char        *input) /* (nullable) */
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GSubprocess) process =
    g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                             G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error);
  char *text = NULL;

  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, input, NULL, &text, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_successful (process));

  return text;
}

/* Has OpenSSL make the peer's key and certificate, and tell the fingerprint. */
static void
make_key (Peer       *peer,
          const char *kind) /* as `openssl req -newkey` has it */
{
  g_auto(GStrv) digits = NULL;
  g_autofree char *text = NULL;
  g_autofree char *upper = NULL;

  peer->folder = g_dir_make_tmp ("ferry-test-XXXXXX", NULL);
  peer->key = g_build_filename (peer->folder, "key.pem", NULL);
  peer->certificate = g_build_filename (peer->folder, "certificate.pem", NULL);
  g_free (run ((const char *const[]) { "openssl", "req", "-x509", "-newkey", kind, "-nodes",
                                       "-subj", "/CN=peer", "-keyout", peer->key, "-out",
                                       peer->certificate, NULL }, NULL));
  text = run ((const char *const[]) { "openssl", "x509", "-in", peer->certificate, "-noout",
                                      "-fingerprint", "-sha256", NULL }, NULL);
  digits = g_strsplit (strchr (g_strstrip (text), '=') + 1, ":", -1);
  upper = g_strjoinv ("", digits);
  peer->sha256 = g_ascii_strdown (upper, -1);
}

static guint16
find_free_port (void)
{
  g_autoptr(GSocketListener) listener = g_socket_listener_new ();
  guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);

  g_socket_listener_close (listener);

  return port;
}

static void
start (Peer              *peer,
       const char *const *argv)
{
  g_autoptr(GError) error = NULL;

  peer->process = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDIN_PIPE |
                                           G_SUBPROCESS_FLAGS_STDOUT_SILENCE |
                                           G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error);
  g_assert_no_error (error);
}

/* The program listens; it may take a moment. */
static void
reach (Peer    *peer,
       guint16  port)
{
  g_autoptr(GSocketClient) client = g_socket_client_new ();

  g_socket_client_set_enable_proxy (client, FALSE);
  for (guint i = 0; i < ALL_TRIES && peer->base == NULL; i++)
    {
      peer->base = G_IO_STREAM (g_socket_client_connect_to_host (client, "127.0.0.1", port, NULL,
                                                                 NULL));
      if (peer->base == NULL)
        g_usleep (25 * 1000);
    }
  g_assert_nonnull (peer->base);
}

/* We listen. @argv: with "PORT" or "HOST:PORT" in it */
static void
be_reached (Peer              *peer,
            const char *const *argv)
{
  g_autoptr(GSocketListener) listener = g_socket_listener_new ();
  guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);
  g_autofree char *at = g_strdup_printf ("127.0.0.1:%u", port);
  g_autofree char *number = g_strdup_printf ("%u", port);
  g_autoptr(GPtrArray) filled = g_ptr_array_new ();
  g_autoptr(GError) error = NULL;

  for (guint i = 0; argv[i] != NULL; i++)
    g_ptr_array_add (filled, g_str_equal (argv[i], "HOST:PORT") ? at
                             : g_str_equal (argv[i], "PORT") ? number : (char *) argv[i]);
  g_ptr_array_add (filled, NULL);

  start (peer, (const char *const *) filled->pdata);
  peer->base = G_IO_STREAM (g_socket_listener_accept (listener, NULL, NULL, &error));
  g_assert_no_error (error);
}

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  GAsyncResult **slot = user_data;

  *slot = g_object_ref (result);
}

static FerryTlsStream *
handshake (Peer                *peer,
           const FerryTlsTerms *terms,
           GError             **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  ferry_tls_stream_handshake_async (peer->base, terms, LIMIT, NULL, done_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return ferry_tls_stream_handshake_finish (result, error);
}

/* What the program's user types. */
static void
type (Peer       *peer,
      const char *line)
{
  g_autoptr(GError) error = NULL;
  GOutputStream *keyboard = g_subprocess_get_stdin_pipe (peer->process);

  g_output_stream_write_all (keyboard, line, strlen (line), NULL, NULL, &error);
  g_assert_no_error (error);
  g_output_stream_flush (keyboard, NULL, NULL);
}

static void
assert_reads (FerryTlsStream *stream,
              const char     *text)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *buffer = g_malloc0 (strlen (text) + 1);

  g_input_stream_read_all (g_io_stream_get_input_stream (G_IO_STREAM (stream)), buffer,
                           strlen (text), NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (buffer, ==, text);
}

static void
assert_writes (FerryTlsStream *stream,
               const char     *text)
{
  g_autoptr(GError) error = NULL;

  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (stream)), text,
                             strlen (text), NULL, NULL, &error);
  g_assert_no_error (error);
}

typedef struct
{
  const char *name;
  const char *version;  /* option */
  const char *key;      /* as `openssl req -newkey` has it */
  const char *cipher;   /* what comes of it; %NULL: CERTIFICATE */
  gboolean    is_wrong; /* another certificate was announced */
  gboolean    is_bare;  /* the peer shows none, or asks for none */
} OpensslCase;

static const OpensslCase openssl_cases[] = {
  { "1.3-ed25519", "-tls1_3", "ed25519", "TLS 1.3, AES-256-GCM", FALSE, FALSE },
  { "1.3-rsa", "-tls1_3", "rsa:2048", "TLS 1.3, AES-256-GCM", FALSE, FALSE },
  { "1.2-ed25519", "-tls1_2", "ed25519", "TLS 1.2, AES-256-GCM", FALSE, FALSE },
  { "1.2-rsa", "-tls1_2", "rsa:2048", "TLS 1.2, AES-256-GCM", FALSE, FALSE },
  { "1.3-another-certificate", "-tls1_3", "ed25519", NULL, TRUE, FALSE },
  { "1.2-another-certificate", "-tls1_2", "ed25519", NULL, TRUE, FALSE },
  { "1.3-not-mutual", "-tls1_3", "ed25519", NULL, FALSE, TRUE },
  { "1.2-not-mutual", "-tls1_2", "ed25519", NULL, FALSE, TRUE },
  { "1.3-weak-certificate", "-tls1_3", "rsa:1024", NULL, FALSE, FALSE },
};

static FerryTlsTerms
terms_of (const OpensslCase *test,
          const Peer        *peer,
          gboolean           is_server)
{
  return (FerryTlsTerms) {
    .is_server = is_server,
    .identity = tls_pair_get_romeo (),
    .sha256 = test->is_wrong ? ferry_tls_identity_get_sha256 (tls_pair_get_juliet ())
                             : peer->sha256,
  };
}

static void
finish_case (const OpensslCase   *test,
             Peer                *peer,
             const FerryTlsTerms *terms)
{
  g_autoptr(GError) error = NULL;
  gint64 begun = g_get_monotonic_time ();
  g_autoptr(FerryTlsStream) stream = handshake (peer, terms, &error);

  if (test->cipher == NULL)
    {
      g_assert_error (error, FERRY_TLS_ERROR, FERRY_TLS_ERROR_CERTIFICATE);
      return;
    }

  g_assert_no_error (error);
  g_assert_cmpstr (ferry_tls_stream_get_cipher (stream), ==, test->cipher);
  g_assert_cmpint (g_get_monotonic_time () - begun, <, 1900 * 1000); /* it gave us its word */
  type (peer, "Art thou not Romeo\n");
  assert_reads (stream, "Art thou not Romeo\n");
  assert_writes (stream, "Neither, fair saint\n");
}

static void
test_openssl_client (gconstpointer data)
{
  const OpensslCase *test = data;
  g_auto(Peer) peer = { NULL };
  FerryTlsTerms terms;

  if (skip_without ("openssl"))
    return;

  make_key (&peer, test->key);
  terms = terms_of (test, &peer, TRUE);
  be_reached (&peer, (const char *const[]) { "openssl", "s_client", "-connect", "HOST:PORT",
                                             test->version, "-quiet", "-cipher",
                                             "DEFAULT@SECLEVEL=0", test->is_bare ? NULL : "-cert",
                                             peer.certificate, "-key", peer.key, NULL });
  finish_case (test, &peer, &terms);
}

static void
test_openssl_server (gconstpointer data)
{
  const OpensslCase *test = data;
  guint16 port = find_free_port ();
  g_autofree char *number = g_strdup_printf ("127.0.0.1:%u", port);
  g_auto(Peer) peer = { NULL };
  FerryTlsTerms terms;

  if (skip_without ("openssl"))
    return;

  make_key (&peer, test->key);
  terms = terms_of (test, &peer, FALSE);
  start (&peer, (const char *const[]) { "openssl", "s_server", "-accept", number, test->version,
                                        "-quiet", "-cipher", "DEFAULT@SECLEVEL=0", "-cert",
                                        peer.certificate, "-key", peer.key,
                                        test->is_bare ? NULL : "-Verify", "1", NULL });
  reach (&peer, port);
  finish_case (test, &peer, &terms);
}

/* SEC-32: what is agreed is agreed. In s_client "R" alone asks for another handshake. */
static void
test_never_renegotiates (void)
{
  const OpensslCase test = { NULL, "-tls1_2", "ed25519", "", FALSE, FALSE };
  g_auto(Peer) peer = { NULL };
  g_autoptr(FerryTlsStream) stream = NULL;
  g_autoptr(GError) error = NULL;
  FerryTlsTerms terms;
  char byte;

  if (skip_without ("openssl"))
    return;

  make_key (&peer, test.key);
  terms = terms_of (&test, &peer, TRUE);
  be_reached (&peer, (const char *const[]) { "openssl", "s_client", "-connect", "HOST:PORT",
                                             test.version, "-cert", peer.certificate, "-key",
                                             peer.key, NULL });
  stream = handshake (&peer, &terms, &error);
  g_assert_no_error (error);
  type (&peer, "R\n");
  g_assert_cmpint (g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (stream)), &byte,
                                        1, NULL, &error), ==, -1);
  g_assert_error (error, FERRY_TLS_ERROR, FERRY_TLS_ERROR_RECORD);
}

typedef struct
{
  const char *name;
  const char *user;   /* the peer's, … */
  const char *phrase; /* … and its phrase */
  gboolean    is_good;
} SrpCase;

static const SrpCase srp_cases[] = {
  { "right-phrase", TLS_USER, PHRASE, TRUE },
  { "wrong-phrase", TLS_USER, PHRASE "s", FALSE },
};

static void
finish_srp_case (const SrpCase *test,
                 Peer          *peer,
                 gboolean       is_server)
{
  FerryTlsTerms terms = tls_pair_srp_terms (is_server, PHRASE);
  g_autoptr(GError) error = NULL;
  g_autoptr(FerryTlsStream) stream = handshake (peer, &terms, &error);

  if (!test->is_good)
    {
      g_assert_error (error, FERRY_TLS_ERROR, FERRY_TLS_ERROR_PHRASE);
      return;
    }

  g_assert_no_error (error);
  g_assert_null (ferry_tls_stream_get_certificate (stream));
  g_assert_true (g_str_has_prefix (ferry_tls_stream_get_cipher (stream), "TLS 1.2, AES-256"));

  if (is_server)
    {
      type (peer, "Art thou not Romeo\n");
      assert_reads (stream, "Art thou not Romeo\n");
      assert_writes (stream, "Neither, fair saint\n");
    }
  else
    {
      assert_writes (stream, "Neither, fair saint\n");
      assert_reads (stream, "Neither, fair saint\n");
    }
}

static void
test_gnutls_client (gconstpointer data)
{
  const SrpCase *test = data;
  g_auto(Peer) peer = { NULL };

  if (skip_without ("gnutls-cli"))
    return;

  be_reached (&peer, (const char *const[]) {
    "gnutls-cli", "--port", "PORT", "--priority", SRP_PRIORITY, "--srpusername", test->user,
    "--srppasswd", test->phrase, "127.0.0.1", NULL });
  finish_srp_case (test, &peer, TRUE);
}

static void
test_gnutls_server (gconstpointer data)
{
  const SrpCase *test = data;
  guint16 port = find_free_port ();
  g_autofree char *number = g_strdup_printf ("%u", port);
  g_autofree char *passwords = NULL;
  g_autofree char *groups = NULL;
  g_autofree char *input = g_strdup_printf ("%s\n%s\n", test->phrase, test->phrase);
  g_auto(Peer) peer = { NULL };

  if (skip_without ("gnutls-serv") || skip_without ("srptool"))
    return;

  peer.folder = g_dir_make_tmp ("ferry-test-XXXXXX", NULL);
  passwords = g_build_filename (peer.folder, "passwords", NULL);
  groups = g_build_filename (peer.folder, "groups", NULL);
  g_free (run ((const char *const[]) { "srptool", "--create-conf", groups, NULL }, NULL));
  g_free (run ((const char *const[]) { "srptool", "--passwd", passwords, "--passwd-conf", groups,
                                       "--username", test->user, "--index", "3", NULL }, input));
  start (&peer, (const char *const[]) { "gnutls-serv", "--echo", "--port", number, "--priority",
                                        SRP_PRIORITY, "--srppasswd",
                                        passwords, "--srppasswdconf", groups, NULL });
  reach (&peer, port);
  finish_srp_case (test, &peer, FALSE);
}

static void
add (const char    *peer,
     const char    *name,
     gconstpointer  test,
     GTestDataFunc  func)
{
  g_autofree char *path = g_strdup_printf ("/net/tls-peers/%s/%s", peer, name);

  g_test_add_data_func (path, test, func);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (openssl_cases); i++)
    {
      add ("openssl-client", openssl_cases[i].name, &openssl_cases[i], test_openssl_client);
      add ("openssl-server", openssl_cases[i].name, &openssl_cases[i], test_openssl_server);
    }

  for (guint i = 0; i < G_N_ELEMENTS (srp_cases); i++)
    {
      add ("gnutls-client", srp_cases[i].name, &srp_cases[i], test_gnutls_client);
      add ("gnutls-server", srp_cases[i].name, &srp_cases[i], test_gnutls_server);
    }

  g_test_add_func ("/net/tls-peers/openssl-client/never-renegotiates", test_never_renegotiates);

  return g_test_run ();
}
