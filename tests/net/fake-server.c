/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <gnutls/crypto.h>
#include <gnutls/x509.h>

#include "fake-server.h"

#define STREAM \
  "<?xml version='1.0'?><stream:stream xmlns='jabber:client' from='ferry.test' id='x' " \
  "xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
#define NS_TLS "urn:ietf:params:xml:ns:xmpp-tls"
#define NS_SASL "urn:ietf:params:xml:ns:xmpp-sasl"

struct _FakeServer
{
  FakeScript       script;
  GTlsCertificate *certificate;
  GSocketListener *listener;
  GCancellable    *over;
  GThread         *thread;
  guint16          port;
  GMutex           mutex;
  GString         *heard;     /* under @mutex */
};

/* One connection, in the server's thread. */
typedef struct
{
  FakeServer *server;
  GIOStream  *stream;
  GString    *unread;
} Talk;

static gboolean
say (Talk       *talk,
     const char *text)
{
  return g_output_stream_write_all (g_io_stream_get_output_stream (talk->stream), text,
                                    strlen (text), NULL, talk->server->over, NULL);
}

static gboolean
hear (Talk *talk)
{
  char buffer[4096];
  gssize n = g_input_stream_read (g_io_stream_get_input_stream (talk->stream), buffer,
                                  sizeof buffer, talk->server->over, NULL);

  if (n <= 0)
    return FALSE;

  g_string_append_len (talk->unread, buffer, n);
  g_mutex_lock (&talk->server->mutex);
  g_string_append_len (talk->server->heard, buffer, n);
  g_mutex_unlock (&talk->server->mutex);

  return TRUE;
}

/* Reads until @text has come, and forgets what came up to it. */
static gboolean
await (Talk       *talk,
       const char *text)
{
  const char *found;

  while ((found = strstr (talk->unread->str, text)) == NULL)
    {
      if (!hear (talk))
        return FALSE;
    }

  g_string_erase (talk->unread, 0, found - talk->unread->str + strlen (text));
  return TRUE;
}

static gboolean
start_tls (Talk *talk)
{
  static const char *const protocols[] = { "xmpp-client", NULL };
  GIOStream *secure = g_tls_server_connection_new (talk->stream, talk->server->certificate, NULL);

  g_tls_connection_set_advertised_protocols (G_TLS_CONNECTION (secure), protocols);
  g_object_unref (talk->stream);
  talk->stream = secure;
  g_string_truncate (talk->unread, 0);

  return g_tls_connection_handshake (G_TLS_CONNECTION (secure), talk->server->over, NULL);
}

static gboolean
open_stream (Talk       *talk,
             const char *features)
{
  return await (talk, "<stream:stream") && await (talk, ">") && say (talk, STREAM) &&
         say (talk, features);
}

static gboolean
offer_starttls (Talk *talk)
{
  const FakeScript *script = &talk->server->script;
  const char *features = "<stream:features><starttls xmlns='" NS_TLS "'/></stream:features>";

  return open_stream (talk, script->features != NULL ? script->features : features) &&
         await (talk, "<starttls") && await (talk, ">") &&
         say (talk, script->proceed != NULL ? script->proceed : "<proceed xmlns='" NS_TLS "'/>");
}

static gboolean
let_in (Talk *talk)
{
  const FakeScript *script = &talk->server->script;
  const char *mechanism = script->mechanism != NULL ? script->mechanism : "PLAIN";
  g_autofree char *features =
    g_strdup_printf ("<stream:features><mechanisms xmlns='" NS_SASL "'><mechanism>%s</mechanism>"
                     "</mechanisms></stream:features>", mechanism);

  if (!open_stream (talk, features) || !await (talk, "<auth") || !await (talk, ">"))
    return FALSE;

  if (script->auth_answer != NULL)
    {
      say (talk, script->auth_answer);
      return FALSE;
    }

  return say (talk, "<success xmlns='" NS_SASL "'/>") &&
         open_stream (talk, "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"
                            "</stream:features>") &&
         await (talk, "</iq>") &&
         say (talk, "<iq type='result' id='_xmpp_bind1'>"
                    "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
                    "<jid>romeo@ferry.test/orchard</jid></bind></iq>");
}

static void
run_script (Talk *talk)
{
  const FakeScript *script = &talk->server->script;

  if (script->is_silent)
    {
      await (talk, "</never>");
      return;
    }

  if ((script->tls == FERRY_TLS_DIRECT && !start_tls (talk)) ||
      (script->tls == FERRY_TLS_STARTTLS && !(offer_starttls (talk) && start_tls (talk))) ||
      !let_in (talk))
    return;

  if ((script->say != NULL && !say (talk, script->say)) ||
      (script->await != NULL && !await (talk, script->await)) ||
      (script->then != NULL && !say (talk, script->then)))
    return;

  if (script->is_deaf)
    g_usleep (G_USEC_PER_SEC / 2);

  while (!script->hangs_up && hear (talk))
    continue;
}

static gpointer
server_thread (gpointer data)
{
  FakeServer *self = data;
  GSocketConnection *connection;

  while ((connection = g_socket_listener_accept (self->listener, NULL, self->over, NULL)) != NULL)
    {
      Talk talk = { self, G_IO_STREAM (connection), g_string_new (NULL) };

      run_script (&talk);

      if (talk.stream != NULL)
        g_io_stream_close (talk.stream, NULL, NULL);

      g_clear_object (&talk.stream);
      g_string_free (talk.unread, TRUE);
    }

  return NULL;
}

FakeServer *
fake_server_new (const FakeScript *script,
                 GTlsCertificate  *certificate)
{
  FakeServer *self = g_new0 (FakeServer, 1);

  self->script = *script;
  self->certificate = certificate;
  self->listener = g_socket_listener_new ();
  self->port = g_socket_listener_add_any_inet_port (self->listener, NULL, NULL);
  self->over = g_cancellable_new ();
  self->heard = g_string_new (NULL);
  g_mutex_init (&self->mutex);
  self->thread = g_thread_new ("fake-server", server_thread, self);

  return self;
}

void
fake_server_free (FakeServer *self)
{
  g_cancellable_cancel (self->over);
  g_thread_join (self->thread);
  g_socket_listener_close (self->listener);
  g_object_unref (self->listener);
  g_object_unref (self->over);
  g_string_free (self->heard, TRUE);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

guint16
fake_server_get_port (FakeServer *self)
{
  return self->port;
}

char *
fake_server_dup_heard (FakeServer *self)
{
  char *heard;

  g_mutex_lock (&self->mutex);
  heard = g_strdup (self->heard->str);
  g_mutex_unlock (&self->mutex);

  return heard;
}

GTlsCertificate *
fake_server_make_certificate (const char *domain)
{
  gnutls_x509_privkey_t key;
  gnutls_x509_crt_t crt;
  gnutls_datum_t crt_pem;
  gnutls_datum_t key_pem;
  GTlsCertificate *certificate;
  g_autofree char *both = NULL;

  gnutls_x509_privkey_init (&key);
  gnutls_x509_privkey_generate (key, GNUTLS_PK_ECDSA,
                                GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0);
  gnutls_x509_crt_init (&crt);
  gnutls_x509_crt_set_version (crt, 3);
  gnutls_x509_crt_set_serial (crt, "\1", 1);
  gnutls_x509_crt_set_activation_time (crt, time (NULL) - 3600);
  gnutls_x509_crt_set_expiration_time (crt, time (NULL) + 3600);
  gnutls_x509_crt_set_dn_by_oid (crt, GNUTLS_OID_X520_COMMON_NAME, 0, domain, strlen (domain));
  gnutls_x509_crt_set_subject_alt_name (crt, GNUTLS_SAN_DNSNAME, domain, strlen (domain),
                                        GNUTLS_FSAN_SET);
  gnutls_x509_crt_set_basic_constraints (crt, 1, -1);
  gnutls_x509_crt_set_key (crt, key);
  g_assert_cmpint (gnutls_x509_crt_sign2 (crt, crt, key, GNUTLS_DIG_SHA256, 0), ==, 0);
  gnutls_x509_crt_export2 (crt, GNUTLS_X509_FMT_PEM, &crt_pem);
  gnutls_x509_privkey_export2 (key, GNUTLS_X509_FMT_PEM, &key_pem);
  both = g_strdup_printf ("%s%s", crt_pem.data, key_pem.data);
  certificate = g_tls_certificate_new_from_pem (both, -1, NULL);
  g_assert_nonnull (certificate);

  gnutls_free (crt_pem.data);
  gnutls_free (key_pem.data);
  gnutls_x509_crt_deinit (crt);
  gnutls_x509_privkey_deinit (key);

  return certificate;
}
