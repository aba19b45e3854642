/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-socks5-probe"

#include "config.h"

#include "net/deadline.h"
#include "net/socks5-probe.h"
#include "proto/socks5-client.h"

typedef struct
{
  FerryDeadline     *deadline;   /* (owned) */
  GSocketConnection *connection; /* (owned) (nullable) */
  FerrySocks5Client  handshake;
  GBytes            *greeting;   /* (owned) (nullable) */
  guint8             answer[2];
  gint64             began;      /* µs, monotonic */
  gint64             delay;      /* µs */
} Probe;

static void
probe_free (Probe *probe)
{
  g_clear_pointer (&probe->deadline, ferry_deadline_free);
  g_clear_object (&probe->connection);
  g_clear_pointer (&probe->greeting, g_bytes_unref);
  g_free (probe);
}

/* @error: (transfer full) */
static void
probe_fail (GTask  *task,
            GError *error)
{
  Probe *probe = g_task_get_task_data (task);

  if (ferry_deadline_has_passed (probe->deadline))
    {
      g_error_free (error);
      error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "No answer in time");
    }

  g_task_return_error (task, error);
}

static void
probe_read_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  g_autoptr(GBytes) request = NULL;
  g_autoptr(GError) error = NULL;
  Probe *probe = g_task_get_task_data (task);
  gsize n_read = 0;

  if (!g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &n_read, &error))
    probe_fail (task, g_steal_pointer (&error));
  else if (n_read < sizeof probe->answer)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED,
                             "It hung up when it was greeted");
  else if (!ferry_socks5_client_receive (&probe->handshake, probe->answer, &request, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_int (task, probe->delay);
}

static void
probe_written_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  g_autoptr(GError) error = NULL;
  Probe *probe = g_task_get_task_data (task);
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (probe->connection));

  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, &error))
    {
      probe_fail (task, g_steal_pointer (&error));
      return;
    }

  g_input_stream_read_all_async (input, probe->answer, sizeof probe->answer, G_PRIORITY_DEFAULT,
                                 ferry_deadline_get_cancellable (probe->deadline), probe_read_cb,
                                 g_steal_pointer (&task));
}

static void
probe_connected_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  g_autoptr(GError) error = NULL;
  Probe *probe = g_task_get_task_data (task);
  GOutputStream *output;

  probe->connection = g_socket_client_connect_finish (G_SOCKET_CLIENT (source), result, &error);
  if (probe->connection == NULL)
    {
      probe_fail (task, g_steal_pointer (&error));
      return;
    }

  probe->delay = g_get_monotonic_time () - probe->began;
  probe->greeting = ferry_socks5_client_start (&probe->handshake, "");
  g_assert (ferry_socks5_client_get_needed (&probe->handshake) == sizeof probe->answer);
  output = g_io_stream_get_output_stream (G_IO_STREAM (probe->connection));
  g_output_stream_write_all_async (output, g_bytes_get_data (probe->greeting, NULL),
                                   g_bytes_get_size (probe->greeting), G_PRIORITY_DEFAULT,
                                   ferry_deadline_get_cancellable (probe->deadline),
                                   probe_written_cb, g_steal_pointer (&task));
}

void
ferry_socks5_probe_async (GSocketConnectable  *place,
                          GProxyResolver      *desktop_proxy,
                          guint                timeout,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GTask) task = NULL;
  Probe *probe;

  g_return_if_fail (G_IS_SOCKET_CONNECTABLE (place));

  probe = g_new0 (Probe, 1);
  probe->deadline = ferry_deadline_new (timeout, cancellable);
  probe->began = g_get_monotonic_time ();
  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, ferry_socks5_probe_async);
  g_task_set_task_data (task, probe, (GDestroyNotify) probe_free);

  if (desktop_proxy != NULL)
    g_socket_client_set_proxy_resolver (client, desktop_proxy);
  else
    g_socket_client_set_enable_proxy (client, FALSE);

  g_socket_client_connect_async (client, place, ferry_deadline_get_cancellable (probe->deadline),
                                 probe_connected_cb, g_steal_pointer (&task));
}

gint64
ferry_socks5_probe_finish (GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), -1);

  return g_task_propagate_int (G_TASK (result), error);
}
