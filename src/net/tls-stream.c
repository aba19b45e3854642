/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-tls-stream"

#include "config.h"

#include <string.h>

#include "net/deadline.h"
#include "net/tls-stream-private.h"

struct _FerryTlsStream
{
  GIOStream        parent_instance;

  FerryTlsChannel *channel; /* (owned) */
  GInputStream    *input;   /* (owned) */
  GOutputStream   *output;  /* (owned) */
  char            *cipher;  /* (owned) */
};

G_DEFINE_FINAL_TYPE (FerryTlsStream, ferry_tls_stream, G_TYPE_IO_STREAM)

typedef struct
{
  FerryTlsChannel *channel;  /* (owned) */
  FerryDeadline   *deadline; /* (owned) */
  guint            timeout;  /* seconds */
  GError          *error;    /* (owned) (nullable): of the worker */
} Handshake;

static void
handshake_free (Handshake *handshake)
{
  g_clear_pointer (&handshake->channel, ferry_tls_channel_unref);
  g_clear_pointer (&handshake->deadline, ferry_deadline_free);
  g_clear_error (&handshake->error);
  g_free (handshake);
}

static char *
describe_cipher (gnutls_session_t session)
{
  gboolean is_1_3 = gnutls_protocol_get_version (session) == GNUTLS_TLS1_3;

  return g_strdup_printf ("TLS %s, %s", is_1_3 ? "1.3" : "1.2",
                          gnutls_cipher_get_name (gnutls_cipher_get (session)));
}

static FerryTlsStream *
stream_new (FerryTlsChannel *channel)
{
  FerryTlsStream *self = g_object_new (FERRY_TYPE_TLS_STREAM, NULL);

  self->channel = ferry_tls_channel_ref (channel);
  self->input = ferry_tls_input_new (channel);
  self->output = ferry_tls_output_new (channel);
  self->cipher = describe_cipher (channel->session);

  return self;
}

/* Back where it was asked for. The worker has given its reference away. */
static gboolean
handshake_done_cb (gpointer user_data)
{
  GTask *task = user_data;
  Handshake *handshake = g_task_get_task_data (task);
  gboolean is_late = ferry_deadline_has_passed (handshake->deadline);

  g_clear_pointer (&handshake->deadline, ferry_deadline_free);

  if (handshake->error == NULL)
    g_task_return_pointer (task, stream_new (handshake->channel), g_object_unref);
  else if (is_late)
    g_task_return_new_error (task, FERRY_TLS_ERROR, FERRY_TLS_ERROR_TIMED_OUT,
                             "The handshake took more than %u seconds", handshake->timeout);
  else
    g_task_return_error (task, g_steal_pointer (&handshake->error));

  return G_SOURCE_REMOVE;
}

static gpointer
handshake_thread (gpointer user_data)
{
  GTask *task = user_data;
  Handshake *handshake = g_task_get_task_data (task);
  g_autoptr(GSource) done = NULL;

  ferry_tls_channel_handshake (handshake->channel,
                               ferry_deadline_get_cancellable (handshake->deadline),
                               &handshake->error);

  /* Not g_main_context_invoke(): it may run the callback right here. */
  done = g_idle_source_new ();
  g_source_set_priority (done, g_task_get_priority (task));
  g_source_set_callback (done, handshake_done_cb, task, g_object_unref);
  g_source_attach (done, g_task_get_context (task));

  return NULL;
}

/* A thread of its own: it may wait for as long as a peer likes, and those of GIO's pool are few. */
void
ferry_tls_stream_handshake_async (GIOStream           *base,
                                  const FerryTlsTerms *terms,
                                  guint                timeout,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  GError *error = NULL;
  Handshake *handshake;

  g_return_if_fail (G_IS_IO_STREAM (base) && terms != NULL);
  g_return_if_fail (terms->srp_phrase != NULL ? terms->srp_user != NULL : terms->identity != NULL);

  task = g_task_new (base, cancellable, callback, user_data);
  handshake = g_new0 (Handshake, 1);
  g_task_set_source_tag (task, ferry_tls_stream_handshake_async);
  g_task_set_task_data (task, handshake, (GDestroyNotify) handshake_free);
  handshake->timeout = timeout;
  handshake->channel = ferry_tls_channel_new (base, terms, &error);

  if (handshake->channel == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  handshake->deadline = ferry_deadline_new (timeout, cancellable);
  g_thread_unref (g_thread_new ("ferry-tls", handshake_thread, g_steal_pointer (&task)));
}

FerryTlsStream *
ferry_tls_stream_handshake_finish (GAsyncResult  *result,
                                   GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, ferry_tls_stream_handshake_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

GIOStream *
ferry_tls_stream_unwrap (GIOStream *stream)
{
  g_return_val_if_fail (G_IS_IO_STREAM (stream), NULL);

  return FERRY_IS_TLS_STREAM (stream) ? FERRY_TLS_STREAM (stream)->channel->base : stream;
}

gboolean
ferry_tls_stream_has_unread (FerryTlsStream *self)
{
  g_return_val_if_fail (FERRY_IS_TLS_STREAM (self), FALSE);

  return ferry_tls_channel_has_unread (self->channel);
}

GBytes *
ferry_tls_stream_get_certificate (FerryTlsStream *self)
{
  g_return_val_if_fail (FERRY_IS_TLS_STREAM (self), NULL);

  return self->channel->peer;
}

const char *
ferry_tls_stream_get_cipher (FerryTlsStream *self)
{
  g_return_val_if_fail (FERRY_IS_TLS_STREAM (self), NULL);

  return self->cipher;
}

gboolean
ferry_tls_stream_export (FerryTlsStream  *self,
                         const char      *label,
                         guint8          *key,
                         gsize            n_bytes,
                         GError         **error)
{
  int status;

  g_return_val_if_fail (FERRY_IS_TLS_STREAM (self), FALSE);

  g_mutex_lock (&self->channel->mutex);
  status = gnutls_prf_rfc5705 (self->channel->session, strlen (label), label, 0, NULL, n_bytes,
                               (char *) key);
  g_mutex_unlock (&self->channel->mutex);

  if (status < 0)
    g_set_error_literal (error, FERRY_TLS_ERROR, FERRY_TLS_ERROR_RECORD, gnutls_strerror (status));

  return status >= 0;
}

static GInputStream *
ferry_tls_stream_get_input_stream (GIOStream *stream)
{
  return FERRY_TLS_STREAM (stream)->input;
}

static GOutputStream *
ferry_tls_stream_get_output_stream (GIOStream *stream)
{
  return FERRY_TLS_STREAM (stream)->output;
}

/* Not as GIO would do it, one half after the other: they may be busy. */
static gboolean
ferry_tls_stream_close (GIOStream     *stream,
                        GCancellable  *cancellable,
                        GError       **error)
{
  return ferry_tls_channel_break (FERRY_TLS_STREAM (stream)->channel, cancellable, error);
}

static void
ferry_tls_stream_finalize (GObject *object)
{
  FerryTlsStream *self = FERRY_TLS_STREAM (object);

  g_clear_object (&self->input);
  g_clear_object (&self->output);
  g_clear_pointer (&self->channel, ferry_tls_channel_unref);
  g_free (self->cipher);

  G_OBJECT_CLASS (ferry_tls_stream_parent_class)->finalize (object);
}

static void
ferry_tls_stream_class_init (FerryTlsStreamClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ferry_tls_stream_finalize;
  G_IO_STREAM_CLASS (klass)->get_input_stream = ferry_tls_stream_get_input_stream;
  G_IO_STREAM_CLASS (klass)->get_output_stream = ferry_tls_stream_get_output_stream;
  G_IO_STREAM_CLASS (klass)->close_fn = ferry_tls_stream_close;
}

static void
ferry_tls_stream_init (FerryTlsStream *self)
{
}
