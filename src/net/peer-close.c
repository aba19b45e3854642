/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-peer-close"

#include "config.h"

#include "net/peer-close.h"
#include "net/tls-stream.h"

#define MAX_WORDS 16 /* reads of what a peer says for whatever reason */

typedef struct
{
  guint    limit;    /* seconds */
  guint    n_words;
  GSource *readable; /* (owned) (nullable) */
  GSource *timeout;  /* (owned) (nullable) */
} Wait;

static void
stop (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);

  g_clear_pointer (source, g_source_unref);
}

static void
wait_free (Wait *wait)
{
  stop (&wait->readable);
  stop (&wait->timeout);
  g_free (wait);
}

/* The bytes of an encrypted stream are of no interest: only its end is. */
static GInputStream *
get_input (GTask *task)
{
  return g_io_stream_get_input_stream (ferry_tls_stream_unwrap (g_task_get_source_object (task)));
}

/* Reads what is there. Returns: whether the wait is over, and the task has returned. */
static gboolean
look (GTask *task)
{
  Wait *wait = g_task_get_task_data (task);
  GInputStream *in = get_input (task);
  g_autoptr(GError) error = NULL;
  char words[256];
  gssize n = g_pollable_input_stream_read_nonblocking (G_POLLABLE_INPUT_STREAM (in), words,
                                                       sizeof words,
                                                       g_task_get_cancellable (task), &error);

  if (n > 0 && ++wait->n_words < MAX_WORDS)
    return FALSE;
  if (n < 0 && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    return FALSE;

  if (n == 0)
    g_task_return_boolean (task, TRUE);
  else if (n < 0)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                             "The peer talks instead of closing the stream");

  return TRUE;
}

static gboolean
peer_close_readable_cb (GObject  *stream,
                        gpointer  user_data)
{
  g_autoptr(GTask) task = g_object_ref (user_data);
  Wait *wait = g_task_get_task_data (task);

  if (!look (task))
    return G_SOURCE_CONTINUE;

  stop (&wait->timeout);
  stop (&wait->readable);
  return G_SOURCE_REMOVE;
}

static gboolean
peer_close_limit_cb (gpointer user_data)
{
  g_autoptr(GTask) task = g_object_ref (user_data);
  Wait *wait = g_task_get_task_data (task);

  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                           "The peer did not close the stream for %u seconds", wait->limit);
  stop (&wait->readable);
  stop (&wait->timeout);
  return G_SOURCE_REMOVE;
}

static void
watch (GTask *task)
{
  Wait *wait = g_task_get_task_data (task);
  GInputStream *in = get_input (task);

  wait->readable = g_pollable_input_stream_create_source (G_POLLABLE_INPUT_STREAM (in),
                                                          g_task_get_cancellable (task));
  g_source_set_callback (wait->readable, G_SOURCE_FUNC (peer_close_readable_cb),
                         g_object_ref (task), g_object_unref);
  g_source_attach (wait->readable, g_task_get_context (task));

  wait->timeout = g_timeout_source_new_seconds (wait->limit);
  g_source_set_callback (wait->timeout, peer_close_limit_cb, g_object_ref (task), g_object_unref);
  g_source_attach (wait->timeout, g_task_get_context (task));
}

void
ferry_peer_close_async (GIOStream           *stream,
                        guint                limit,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (stream, cancellable, callback, user_data);
  Wait *wait = g_new0 (Wait, 1);

  g_task_set_source_tag (task, ferry_peer_close_async);
  g_task_set_task_data (task, wait, (GDestroyNotify) wait_free);
  wait->limit = limit;

  if (!G_IS_SOCKET_CONNECTION (ferry_tls_stream_unwrap (stream)))
    g_task_return_boolean (task, TRUE);
  else if (!look (task))
    watch (task);
}

gboolean
ferry_peer_close_finish (GAsyncResult  *result,
                         GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
