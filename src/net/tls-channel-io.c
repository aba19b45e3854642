/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-tls-channel"

#include "config.h"

#include "net/tls-channel.h"
#include "net/tls-linger.h"

#define BATCH (64 * 1024) /* bytes encrypted before they are written: four full records */

/* With @mutex held. */
static void
fail (FerryTlsChannel *self,
      int              status)
{
  const char *alert = gnutls_alert_get_name (gnutls_alert_get (self->session));

  self->end = FERRY_TLS_END_FAILED;

  if (status == GNUTLS_E_FATAL_ALERT_RECEIVED)
    self->end_error = g_error_new (FERRY_TLS_ERROR, FERRY_TLS_ERROR_RECORD, "The peer gave up: %s",
                                   alert != NULL ? alert : "an unknown alert");
  else
    self->end_error = g_error_new_literal (FERRY_TLS_ERROR, FERRY_TLS_ERROR_RECORD,
                                           gnutls_strerror (status));

  if (status != GNUTLS_E_FATAL_ALERT_RECEIVED)
    gnutls_alert_send_appropriate (self->session, status);
}

/* Whether to go on after something that is no data: a key update, a warning. TLS 1.2 would also
 * negotiate again, which we never do (SEC-32). */
static gboolean
survives (FerryTlsChannel *self,
          int              status)
{
  if (!gnutls_error_is_fatal (status) && status != GNUTLS_E_REHANDSHAKE)
    return self->in_start < self->in_end;

  fail (self, status);
  return FALSE;
}

gsize
ferry_tls_channel_decrypt (FerryTlsChannel *self,
                           guint8          *buffer,
                           gsize            count)
{
  gsize n = 0;

  g_mutex_lock (&self->mutex);
  while (n < count && self->end == FERRY_TLS_END_NONE)
    {
      gssize size = gnutls_record_recv (self->session, buffer + n, count - n);

      if (size == 0)
        self->end = FERRY_TLS_END_CLOSED;
      else if (size > 0)
        n += size;
      else if (!survives (self, size))
        break;
    }
  g_mutex_unlock (&self->mutex);

  return n;
}

/* An alert of ours, if nobody else is writing; who does takes it along. */
static void
say_why (FerryTlsChannel *self,
         GCancellable    *cancellable)
{
  if (!g_mutex_trylock (&self->writing))
    return;

  if (!self->is_torn && !self->is_closed)
    ferry_tls_channel_flush (self, cancellable, NULL);

  g_mutex_unlock (&self->writing);
}

static gssize
read_some (FerryTlsChannel  *self,
           guint8           *buffer,
           gsize             count,
           GCancellable     *cancellable,
           GError          **error)
{
  gsize n = 0;

  if (self->has_early)
    buffer[n++] = self->early;
  self->has_early = FALSE;

  for (;;)
    {
      n += ferry_tls_channel_decrypt (self, buffer + n, count - n);
      if (n > 0)
        return n;

      if (self->end == FERRY_TLS_END_CLOSED)
        return 0;

      if (self->end == FERRY_TLS_END_FAILED)
        {
          say_why (self, cancellable);
          g_propagate_error (error, g_error_copy (self->end_error));
          return -1;
        }

      if (!ferry_tls_channel_fill (self, cancellable, error))
        return -1;
    }
}

gssize
ferry_tls_channel_read (FerryTlsChannel  *self,
                        void             *buffer,
                        gsize             count,
                        GCancellable     *cancellable,
                        GError          **error)
{
  gssize n;

  g_mutex_lock (&self->reading);
  n = read_some (self, buffer, count, cancellable, error);
  g_mutex_unlock (&self->reading);

  return n;
}

/* With @reading held. Returns: whether there is any */
static gboolean
fill_without_waiting (FerryTlsChannel *self)
{
  GInputStream *in = g_io_stream_get_input_stream (self->base);
  gssize n;

  if (!G_IS_POLLABLE_INPUT_STREAM (in) ||
      !g_pollable_input_stream_can_poll (G_POLLABLE_INPUT_STREAM (in)))
    return FALSE;

  n = g_pollable_input_stream_read_nonblocking (G_POLLABLE_INPUT_STREAM (in), self->in,
                                                FERRY_TLS_IN_SIZE, NULL, NULL);
  self->in_start = 0;
  self->in_end = MAX (n, 0);
  return n > 0;
}

gboolean
ferry_tls_channel_has_unread (FerryTlsChannel *self)
{
  gboolean has;

  g_mutex_lock (&self->reading);
  do
    self->has_early = self->has_early || ferry_tls_channel_decrypt (self, &self->early, 1) > 0;
  while (!self->has_early && self->end == FERRY_TLS_END_NONE && fill_without_waiting (self));
  has = self->has_early;
  g_mutex_unlock (&self->reading);

  return has;
}

/* Returns: bytes of @buffer that are in @out now; or a status of GnuTLS's */
static gssize
encrypt (FerryTlsChannel *self,
         const guint8    *buffer,
         gsize            count)
{
  gsize n = 0;
  gssize size = 0;

  count = MIN (count, BATCH);

  g_mutex_lock (&self->mutex);
  while (n < count && size >= 0)
    {
      size = gnutls_record_send (self->session, buffer + n, count - n);
      n += MAX (size, 0);
    }
  g_mutex_unlock (&self->mutex);

  return n > 0 ? (gssize) n : size;
}

/* With @writing held. */
static gssize
write_some (FerryTlsChannel  *self,
            const guint8     *buffer,
            gsize             count,
            GCancellable     *cancellable,
            GError          **error)
{
  gssize n;

  if (self->is_torn || self->is_closed)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE,
                           "Nothing more can be sent over the encrypted stream");
      return -1;
    }

  n = encrypt (self, buffer, count);
  if (n < 0)
    {
      g_set_error_literal (error, FERRY_TLS_ERROR, FERRY_TLS_ERROR_RECORD, gnutls_strerror (n));
      return -1;
    }

  return ferry_tls_channel_flush (self, cancellable, error) ? n : -1;
}

gssize
ferry_tls_channel_write (FerryTlsChannel  *self,
                         const void       *buffer,
                         gsize             count,
                         GCancellable     *cancellable,
                         GError          **error)
{
  gssize n;

  g_mutex_lock (&self->writing);
  n = write_some (self, buffer, count, cancellable, error);
  g_mutex_unlock (&self->writing);

  return n;
}

/* With @writing held. */
static gboolean
say_goodbye (FerryTlsChannel  *self,
             GCancellable     *cancellable,
             GError          **error)
{
  int status;

  g_mutex_lock (&self->mutex);
  status = gnutls_bye (self->session, GNUTLS_SHUT_WR);
  g_mutex_unlock (&self->mutex);

  if (status < 0)
    {
      g_set_error_literal (error, FERRY_TLS_ERROR, FERRY_TLS_ERROR_RECORD,
                           gnutls_strerror (status));
      return FALSE;
    }

  return ferry_tls_channel_flush (self, cancellable, error);
}

gboolean
ferry_tls_channel_close (FerryTlsChannel  *self,
                         GCancellable     *cancellable,
                         GError          **error)
{
  gboolean ok = TRUE;

  g_mutex_lock (&self->writing);
  if (!self->is_closed)
    {
      if (!self->is_torn)
        ok = say_goodbye (self, cancellable, error);
      self->is_closed = TRUE;
      /* Cut or not, there is no more: the peer must not wait for it. */
      ok = ferry_tls_channel_half_close (self, cancellable, ok ? error : NULL) && ok;
    }
  g_mutex_unlock (&self->writing);

  return ok;
}

/* Whether the peer may still be saying something, which would turn our close into a reset. */
static gboolean
must_linger (FerryTlsChannel *self)
{
  return self->end == FERRY_TLS_END_NONE && !self->is_torn && G_IS_SOCKET_CONNECTION (self->base);
}

/* With @reading and @writing held, and nobody let in any more. Where the output was not closed
 * in good order, that of the base is not either. */
static gboolean
close_base (FerryTlsChannel  *self,
            GCancellable     *cancellable,
            GError          **error)
{
  g_autoptr(GCancellable) at_once = g_cancellable_new ();

  if (must_linger (self))
    {
      ferry_tls_linger (self->base, self->context);
      return TRUE;
    }

  if (self->is_closed && !self->is_torn)
    return g_io_stream_close (self->base, cancellable, error);

  g_cancellable_cancel (at_once);
  g_io_stream_close (self->base, at_once, NULL);
  return TRUE;
}

gboolean
ferry_tls_channel_break (FerryTlsChannel  *self,
                         GCancellable     *cancellable,
                         GError          **error)
{
  g_autoptr(GCancellable) read_stop = NULL;
  g_autoptr(GCancellable) write_stop = NULL;
  gboolean was_broken;
  gboolean ok;

  g_mutex_lock (&self->mutex);
  was_broken = self->is_broken;
  self->is_broken = TRUE;
  read_stop = g_object_ref (self->read_stop);
  write_stop = g_object_ref (self->write_stop);
  g_mutex_unlock (&self->mutex);

  if (was_broken)
    return TRUE;

  g_cancellable_cancel (read_stop);
  g_cancellable_cancel (write_stop);

  g_mutex_lock (&self->reading);
  g_mutex_lock (&self->writing);
  ok = close_base (self, cancellable, error);
  self->is_closed = TRUE;
  g_mutex_unlock (&self->writing);
  g_mutex_unlock (&self->reading);

  return ok;
}
