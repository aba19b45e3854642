/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-tls-channel"

#include "config.h"

#include <errno.h>
#include <string.h>

#include "net/tls-channel.h"

#define MAX_HANDSHAKE (48 * 1024) /* bytes of one message; a certificate is the largest */

/* One use of the base: it ends with the caller's cancellable, or with ours. */
typedef struct
{
  GCancellable *inner; /* (owned) */
  GCancellable *outer; /* (nullable) */
  gulong        id;
} Use;

static void
use_cancelled_cb (GCancellable *outer,
                  GCancellable *inner)
{
  g_cancellable_cancel (inner);
}

/* @slot: read_stop or write_stop. One that an earlier caller has cancelled is of no use now. */
static gboolean
use_begin (FerryTlsChannel  *self,
           Use              *use,
           GCancellable    **slot,
           GCancellable     *outer,
           GError          **error)
{
  g_mutex_lock (&self->mutex);
  if (self->is_broken)
    {
      g_mutex_unlock (&self->mutex);
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "The encrypted stream is closed");
      return FALSE;
    }

  if (g_cancellable_is_cancelled (*slot))
    {
      g_object_unref (*slot);
      *slot = g_cancellable_new ();
    }

  use->inner = g_object_ref (*slot);
  g_mutex_unlock (&self->mutex);

  use->outer = outer;
  use->id = outer == NULL ? 0 : g_cancellable_connect (outer, G_CALLBACK (use_cancelled_cb),
                                                       g_object_ref (use->inner), g_object_unref);
  return TRUE;
}

/* Takes @failure, if there is one. */
static void
use_end (FerryTlsChannel  *self,
         Use              *use,
         GError           *failure,
         GError          **error)
{
  gboolean is_broken;

  if (use->id != 0)
    g_cancellable_disconnect (use->outer, use->id);

  g_object_unref (use->inner);

  if (failure == NULL)
    return;

  g_mutex_lock (&self->mutex);
  is_broken = self->is_broken;
  g_mutex_unlock (&self->mutex);

  if (is_broken && g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_clear_error (&failure);
      failure = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CLOSED,
                                     "The encrypted stream is closed");
    }

  g_propagate_error (error, failure);
}

static void
set_truncated (FerryTlsChannel *self)
{
  g_mutex_lock (&self->mutex);
  self->end = FERRY_TLS_END_FAILED;
  self->end_error = g_error_new_literal (FERRY_TLS_ERROR, FERRY_TLS_ERROR_TRUNCATED,
                                         "The stream ended without close_notify");
  g_mutex_unlock (&self->mutex);
}

gboolean
ferry_tls_channel_fill (FerryTlsChannel  *self,
                        GCancellable     *cancellable,
                        GError          **error)
{
  GError *failure = NULL;
  Use use;
  gssize n;

  g_assert (self->in_start == self->in_end);

  if (!use_begin (self, &use, &self->read_stop, cancellable, error))
    return FALSE;

  n = g_input_stream_read (g_io_stream_get_input_stream (self->base), self->in, FERRY_TLS_IN_SIZE,
                           use.inner, &failure);
  use_end (self, &use, failure, error);

  self->in_start = 0;
  self->in_end = MAX (n, 0);

  if (n == 0)
    set_truncated (self);

  return n >= 0;
}

/* Bytes that nobody knows whether they went: no record can follow them. */
gboolean
ferry_tls_channel_flush (FerryTlsChannel  *self,
                         GCancellable     *cancellable,
                         GError          **error)
{
  GError *failure = NULL;
  GByteArray *full;
  Use use;

  g_mutex_lock (&self->mutex);
  full = self->out;
  self->out = self->spare;
  self->spare = full;
  g_mutex_unlock (&self->mutex);

  if (full->len == 0)
    return TRUE;

  if (!use_begin (self, &use, &self->write_stop, cancellable, error))
    return FALSE;

  self->is_torn |= !g_output_stream_write_all (g_io_stream_get_output_stream (self->base),
                                               full->data, full->len, NULL, use.inner, &failure);
  use_end (self, &use, failure, error);
  g_byte_array_set_size (full, 0);

  return !self->is_torn;
}

/* Where the base waits for its peer to know of it, this too must end when all is broken. */
gboolean
ferry_tls_channel_half_close (FerryTlsChannel  *self,
                              GCancellable     *cancellable,
                              GError          **error)
{
  GError *failure = NULL;
  Use use;
  gboolean ok;

  if (!use_begin (self, &use, &self->write_stop, cancellable, error))
    return FALSE;

  if (G_IS_SOCKET_CONNECTION (self->base))
    ok = g_socket_shutdown (g_socket_connection_get_socket (G_SOCKET_CONNECTION (self->base)),
                            FALSE, TRUE, &failure);
  else
    ok = g_output_stream_close (g_io_stream_get_output_stream (self->base), use.inner, &failure);

  use_end (self, &use, failure, error);
  return ok;
}

static ssize_t
channel_pull_cb (gnutls_transport_ptr_t  user_data,
                 void                   *data,
                 size_t                  size)
{
  FerryTlsChannel *self = user_data;

  size = MIN (size, self->in_end - self->in_start);
  if (size == 0)
    {
      gnutls_transport_set_errno (self->session, EAGAIN);
      return -1;
    }

  memcpy (data, self->in + self->in_start, size);
  self->in_start += size;
  return size;
}

static int
channel_pull_timeout_cb (gnutls_transport_ptr_t user_data,
                         unsigned int           ms)
{
  FerryTlsChannel *self = user_data;

  return self->in_start < self->in_end;
}

static ssize_t
channel_push_cb (gnutls_transport_ptr_t  user_data,
                 const void             *data,
                 size_t                  size)
{
  FerryTlsChannel *self = user_data;

  g_byte_array_append (self->out, data, size);
  return size;
}

/* No tickets: a session that is resumed shows no certificate. */
static int
start_session (FerryTlsChannel *self)
{
  const guint flags = GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL | GNUTLS_NO_TICKETS |
                      GNUTLS_FORCE_CLIENT_CERT;
  int status = gnutls_init (&self->session,
                            flags | (self->is_server ? GNUTLS_SERVER : GNUTLS_CLIENT));

  if (status < 0)
    return status;

  gnutls_session_set_ptr (self->session, self);
  gnutls_transport_set_ptr (self->session, self);
  gnutls_transport_set_pull_function (self->session, channel_pull_cb);
  gnutls_transport_set_pull_timeout_function (self->session, channel_pull_timeout_cb);
  gnutls_transport_set_push_function (self->session, channel_push_cb);
  gnutls_handshake_set_max_packet_length (self->session, MAX_HANDSHAKE);

  return ferry_tls_channel_set_up (self);
}

static FerryTlsChannel *
make (GIOStream           *base,
      const FerryTlsTerms *terms)
{
  FerryTlsChannel *self = g_new0 (FerryTlsChannel, 1);

  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->reading);
  g_mutex_init (&self->writing);
  g_mutex_init (&self->mutex);
  self->base = g_object_ref (base);
  self->context = g_main_context_ref_thread_default ();
  self->is_server = terms->is_server;
  self->identity = terms->identity != NULL ? ferry_tls_identity_ref (terms->identity) : NULL;
  self->sha1 = g_strdup (terms->sha1);
  self->sha256 = g_strdup (terms->sha256);
  self->pinned = g_strdup (terms->pinned_sha256);
  self->srp_user = g_strdup (terms->srp_user);
  self->srp_phrase = g_strdup (terms->srp_phrase);
  self->in = g_malloc (FERRY_TLS_IN_SIZE);
  self->out = g_byte_array_new ();
  self->spare = g_byte_array_new ();
  self->read_stop = g_cancellable_new ();
  self->write_stop = g_cancellable_new ();

  return self;
}

FerryTlsChannel *
ferry_tls_channel_new (GIOStream            *base,
                       const FerryTlsTerms  *terms,
                       GError              **error)
{
  g_autoptr(FerryTlsChannel) self = make (base, terms);
  int status = start_session (self);

  if (status < 0)
    {
      g_set_error (error, FERRY_TLS_ERROR, FERRY_TLS_ERROR_HANDSHAKE,
                   "TLS could not be set up: %s", gnutls_strerror (status));
      return NULL;
    }

  return g_steal_pointer (&self);
}

FerryTlsChannel *
ferry_tls_channel_ref (FerryTlsChannel *self)
{
  g_atomic_ref_count_inc (&self->refs);

  return self;
}

static void
free_terms (FerryTlsChannel *self)
{
  if (self->srp_phrase != NULL)
    gnutls_memset (self->srp_phrase, 0, strlen (self->srp_phrase));

  g_free (self->srp_phrase);
  g_free (self->srp_user);
  g_free (self->pinned);
  g_free (self->sha256);
  g_free (self->sha1);
  g_clear_pointer (&self->identity, ferry_tls_identity_unref);
}

void
ferry_tls_channel_unref (FerryTlsChannel *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;

  g_clear_pointer (&self->session, gnutls_deinit);
  if (self->srp_credentials != NULL && self->is_server)
    gnutls_srp_free_server_credentials (self->srp_credentials);
  else if (self->srp_credentials != NULL)
    gnutls_srp_free_client_credentials (self->srp_credentials);

  free_terms (self);
  g_clear_error (&self->verdict);
  g_clear_error (&self->end_error);
  g_clear_pointer (&self->peer, g_bytes_unref);
  g_byte_array_unref (self->out);
  g_byte_array_unref (self->spare);
  g_object_unref (self->read_stop);
  g_object_unref (self->write_stop);
  g_object_unref (self->base);
  g_main_context_unref (self->context);
  g_mutex_clear (&self->reading);
  g_mutex_clear (&self->writing);
  g_mutex_clear (&self->mutex);
  g_free (self->in);
  g_free (self);
}
