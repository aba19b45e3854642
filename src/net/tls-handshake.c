/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-tls-handshake"

#include "config.h"

#include "net/tls-channel.h"

#define WORD_LIMIT   2000 /* ms that a client waits for the server's word */
#define MAX_WARNINGS 64 /* things of no consequence that a peer may say */

static gboolean
is_fingerprint (const char *expected, /* (nullable): any */
                char       *actual)   /* taken */
{
  g_autofree char *taken = actual;

  return expected == NULL || g_strcmp0 (expected, taken) == 0;
}

/* The announced one is looked at first: if it is another one than that, it is not the contact
 * who has changed it. */
static void
judge (FerryTlsChannel *self,
       GBytes          *certificate)
{
  if (!ferry_tls_certificate_check (certificate, &self->verdict))
    return;

  if (self->sha1 == NULL && self->sha256 == NULL && self->pinned == NULL)
    g_set_error_literal (&self->verdict, FERRY_TLS_ERROR, FERRY_TLS_ERROR_CERTIFICATE,
                         "The peer has announced no certificate");
  else if (!is_fingerprint (self->sha1, ferry_tls_certificate_dup_sha1 (certificate)) ||
           !is_fingerprint (self->sha256, ferry_tls_certificate_dup_sha256 (certificate)))
    g_set_error_literal (&self->verdict, FERRY_TLS_ERROR, FERRY_TLS_ERROR_CERTIFICATE,
                         "The peer's certificate is not the one that was announced");
  else if (!is_fingerprint (self->pinned, ferry_tls_certificate_dup_sha256 (certificate)))
    g_set_error_literal (&self->verdict, FERRY_TLS_ERROR, FERRY_TLS_ERROR_CHANGED,
                         "The peer's certificate is not the one that is known");
}

int
ferry_tls_channel_judge (gnutls_session_t session)
{
  FerryTlsChannel *self = gnutls_session_get_ptr (session);
  guint n = 0;
  const gnutls_datum_t *chain = gnutls_certificate_get_peers (session, &n);

  g_clear_error (&self->verdict);
  g_clear_pointer (&self->peer, g_bytes_unref);

  if (chain == NULL || n == 0 ||
      gnutls_certificate_type_get2 (session, GNUTLS_CTYPE_PEERS) != GNUTLS_CRT_X509)
    {
      g_set_error_literal (&self->verdict, FERRY_TLS_ERROR, FERRY_TLS_ERROR_CERTIFICATE,
                           "The peer has shown no certificate");
    }
  else
    {
      self->peer = g_bytes_new (chain[0].data, chain[0].size);
      judge (self, self->peer);
    }

  return self->verdict == NULL ? 0 : GNUTLS_E_CERTIFICATE_ERROR;
}

/* Everything after its handshake comes from a server that has taken our certificate: it sends
 * none of it before it has judged that, and our Finished. */
static int
handshake_message_cb (gnutls_session_t      session,
                      unsigned int          type,
                      unsigned int          when,
                      unsigned int          is_incoming,
                      const gnutls_datum_t *message)
{
  FerryTlsChannel *self = gnutls_session_get_ptr (session);

  if (type == GNUTLS_HANDSHAKE_FINISHED && !is_incoming)
    self->has_finished = TRUE;
  else if ((type == GNUTLS_HANDSHAKE_KEY_UPDATE || type == GNUTLS_HANDSHAKE_NEW_SESSION_TICKET) &&
           is_incoming)
    self->is_confirmed = TRUE;

  return 0;
}

static gboolean
set_fault (FerryTlsChannel  *self,
           int               status,
           GError          **error)
{
  g_propagate_error (error, ferry_tls_channel_name_fault (self, status));

  return FALSE;
}

/* It failed on our side: the peer is told why, as far as its alerts can say it. */
static gboolean
give_up (FerryTlsChannel  *self,
         int               status,
         GCancellable     *cancellable,
         GError          **error)
{
  if (status != GNUTLS_E_FATAL_ALERT_RECEIVED && status != GNUTLS_E_PREMATURE_TERMINATION)
    gnutls_alert_send_appropriate (self->session, status);

  ferry_tls_channel_flush (self, cancellable, NULL);
  return set_fault (self, status, error);
}

static gboolean
shake (FerryTlsChannel  *self,
       GCancellable     *cancellable,
       GError          **error)
{
  guint n_warnings = 0;

  for (;;)
    {
      int status = gnutls_handshake (self->session);
      gboolean is_unread = self->in_start < self->in_end;

      if (status < 0 && (gnutls_error_is_fatal (status) ||
                         ((status != GNUTLS_E_AGAIN || is_unread) && ++n_warnings > MAX_WARNINGS)))
        return give_up (self, status, cancellable, error);

      if (!ferry_tls_channel_flush (self, cancellable, error))
        return FALSE;

      if (status == GNUTLS_E_SUCCESS)
        return TRUE;

      if (is_unread)
        continue;

      if (!ferry_tls_channel_fill (self, cancellable, error))
        return FALSE;

      if (self->end != FERRY_TLS_END_NONE)
        return set_fault (self, GNUTLS_E_PREMATURE_TERMINATION, error);
    }
}

/* Mutual or not at all (XTLS-16): a server that did not ask for our certificate has not seen it. */
static gboolean
check_mutual (FerryTlsChannel  *self,
              GCancellable     *cancellable,
              GError          **error)
{
  if (self->srp_phrase != NULL)
    return TRUE;

  if (self->peer == NULL)
    g_set_error_literal (&self->verdict, FERRY_TLS_ERROR, FERRY_TLS_ERROR_CERTIFICATE,
                         "The peer has shown no certificate");
  else if (!self->is_server && !gnutls_certificate_client_get_request_status (self->session))
    g_set_error_literal (&self->verdict, FERRY_TLS_ERROR, FERRY_TLS_ERROR_CERTIFICATE,
                         "The peer did not ask for our certificate");

  return self->verdict == NULL ||
         give_up (self, GNUTLS_E_CERTIFICATE_ERROR, cancellable, error);
}

/* The server's word that it has taken the client's certificate: in TLS 1.3 a client is done
 * before it was judged. A new key is something that every peer understands and none shows. */
static gboolean
give_word (FerryTlsChannel  *self,
           GCancellable     *cancellable,
           GError          **error)
{
  int status = gnutls_session_key_update (self->session, 0);

  if (status < 0)
    return set_fault (self, status, error);

  return ferry_tls_channel_flush (self, cancellable, error);
}

static gboolean
word_limit_cb (gpointer limit)
{
  g_cancellable_cancel (limit);

  return G_SOURCE_REMOVE;
}

static void
word_cancelled_cb (GCancellable *cancellable,
                   GCancellable *limit)
{
  g_cancellable_cancel (limit);
}

/* With a cancellable that ends with the caller's, or in a while. */
static gboolean
hear_word (FerryTlsChannel  *self,
           GCancellable     *limit,
           GError          **error)
{
  for (;;)
    {
      int status = gnutls_record_recv (self->session, &self->early, 1);

      self->has_early = status > 0;
      if (status == 0)
        self->end = FERRY_TLS_END_CLOSED;

      if (status >= 0 || self->is_confirmed)
        return TRUE;

      if (gnutls_error_is_fatal (status) || status == GNUTLS_E_REHANDSHAKE)
        return give_up (self, status, limit, error);

      if (g_cancellable_set_error_if_cancelled (limit, error))
        return FALSE;

      if (self->in_start < self->in_end)
        continue;

      if (!ferry_tls_channel_fill (self, limit, error))
        return FALSE;

      if (self->end != FERRY_TLS_END_NONE)
        return set_fault (self, GNUTLS_E_PREMATURE_TERMINATION, error);
    }
}

/* A server that says nothing, as not all do, has at least not refused us. */
static gboolean
await_word (FerryTlsChannel  *self,
            GCancellable     *cancellable,
            GError          **error)
{
  g_autoptr(GCancellable) limit = g_cancellable_new ();
  g_autoptr(GSource) timer = g_timeout_source_new (WORD_LIMIT);
  g_autoptr(GError) failure = NULL;
  gulong id = g_cancellable_connect (cancellable, G_CALLBACK (word_cancelled_cb),
                                     g_object_ref (limit), g_object_unref);
  gboolean ok;

  g_source_set_callback (timer, word_limit_cb, g_object_ref (limit), g_object_unref);
  g_source_attach (timer, self->context);
  ok = hear_word (self, limit, &failure);
  g_source_destroy (timer);
  g_cancellable_disconnect (cancellable, id);

  if (ok || (g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CANCELLED) &&
             !g_cancellable_is_cancelled (cancellable)))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

gboolean
ferry_tls_channel_handshake (FerryTlsChannel  *self,
                             GCancellable     *cancellable,
                             GError          **error)
{
  gnutls_handshake_set_hook_function (self->session, GNUTLS_HANDSHAKE_ANY, GNUTLS_HOOK_POST,
                                      handshake_message_cb);

  if (!shake (self, cancellable, error) || !check_mutual (self, cancellable, error))
    return FALSE;

  if (gnutls_protocol_get_version (self->session) != GNUTLS_TLS1_3)
    return TRUE;

  return self->is_server ? give_word (self, cancellable, error)
                         : await_word (self, cancellable, error);
}
