/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-drain"

#include "config.h"

#include <linux/sockios.h>
#include <sys/ioctl.h>

#include "net/drain.h"
#include "net/tls-stream.h"

#define INTERVAL 20 /* ms; the kernel does not tell */

typedef struct
{
  guint   idle_limit; /* seconds */
  int     n_left;     /* bytes */
  gint64  moved;      /* µs, monotonic: when @n_left was less than before */
  GError *error;      /* (owned) (nullable) */
} Drain;

static void
drain_free (Drain *drain)
{
  g_clear_error (&drain->error);
  g_free (drain);
}

/* Returns: whether the wait is over; the error in @drain says how, if badly. */
static gboolean
check (Drain     *drain,
       GIOStream *stream)
{
  GSocketConnection *connection = G_SOCKET_CONNECTION (ferry_tls_stream_unwrap (stream));
  GSocket *socket = g_socket_connection_get_socket (connection);
  gint64 now = g_get_monotonic_time ();
  int n_left = 0;

  /* A connection that was reset keeps its count, and its error once. */
  if (ioctl (g_socket_get_fd (socket), SIOCOUTQ, &n_left) != 0 || n_left == 0 ||
      !g_socket_check_connect_result (socket, &drain->error))
    return TRUE;

  if (n_left != drain->n_left)
    {
      drain->n_left = n_left;
      drain->moved = now;
    }

  if (now - drain->moved < drain->idle_limit * G_USEC_PER_SEC)
    return FALSE;

  g_set_error (&drain->error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "No byte moved for %u seconds",
               drain->idle_limit);
  return TRUE;
}

static gboolean
look (GTask *task)
{
  Drain *drain = g_task_get_task_data (task);

  if (g_task_return_error_if_cancelled (task))
    return TRUE;

  if (!check (drain, g_task_get_source_object (task)))
    return FALSE;

  if (drain->error != NULL)
    g_task_return_error (task, g_steal_pointer (&drain->error));
  else
    g_task_return_boolean (task, TRUE);

  return TRUE;
}

static gboolean
drain_look_cb (gpointer user_data)
{
  return look (user_data) ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

void
ferry_drain_async (GIOStream           *stream,
                   guint                idle_limit,
                   GCancellable        *cancellable,
                   GAsyncReadyCallback  callback,
                   gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (stream, cancellable, callback, user_data);
  g_autoptr(GSource) source = NULL;
  Drain *drain = g_new0 (Drain, 1);

  g_task_set_source_tag (task, ferry_drain_async);
  g_task_set_task_data (task, drain, (GDestroyNotify) drain_free);
  drain->idle_limit = idle_limit;

  if (!G_IS_TCP_CONNECTION (ferry_tls_stream_unwrap (stream)))
    {
      g_task_return_boolean (task, TRUE);
    }
  else if (!look (task))
    {
      source = g_timeout_source_new (INTERVAL);
      g_task_attach_source (task, source, drain_look_cb);
    }
}

gboolean
ferry_drain_finish (GAsyncResult  *result,
                    GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
