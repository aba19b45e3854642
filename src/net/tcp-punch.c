/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-tcp-punch"

#include "config.h"

#include <errno.h>
#include <sys/socket.h>

#include "net/deadline.h"
#include "net/shared-port.h"
#include "net/tcp-punch.h"

/* Between attempts, as long as we are refused: a router may refuse what is early. It doubles, so
 * that nobody can have us knock at somebody all the time. */
#define FIRST_PAUSE 100 /* ms */
#define LAST_PAUSE  800

typedef struct
{
  guint16             port;
  GInetSocketAddress *place;    /* (owned) */
  FerryDeadline      *deadline; /* (owned) */
  GSocket            *socket;   /* (owned) (nullable): of the attempt under way */
  guint               pause;    /* ms: before the next one */
} Punch;

static void punch_attempt (GTask *task);

static void
punch_free (Punch *punch)
{
  if (punch->socket != NULL)
    g_socket_close (punch->socket, NULL);
  g_clear_object (&punch->socket);
  g_clear_object (&punch->place);
  g_clear_pointer (&punch->deadline, ferry_deadline_free);
  g_free (punch);
}

/* @error: (transfer full) */
static void
punch_fail (GTask  *task,
            GError *error)
{
  Punch *punch = g_task_get_task_data (task);

  if (ferry_deadline_has_passed (punch->deadline))
    {
      g_error_free (error);
      error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "No hole could be punched");
    }

  g_task_return_error (task, error);
}

static gboolean
punch_paused_cb (GCancellable *cancellable,
                 gpointer      user_data)
{
  punch_attempt (g_object_ref (user_data));

  return G_SOURCE_REMOVE;
}

/* Ends early with the time, or by our caller's wish; the attempt finds out. */
static void
punch_pause (GTask *task)
{
  Punch *punch = g_task_get_task_data (task);
  GCancellable *cancellable = ferry_deadline_get_cancellable (punch->deadline);
  g_autoptr(GSource) pause = g_cancellable_source_new (cancellable);

  g_source_set_ready_time (pause, g_get_monotonic_time () + punch->pause * G_TIME_SPAN_MILLISECOND);
  punch->pause = MIN (2 * punch->pause, LAST_PAUSE);
  g_task_attach_source (task, pause, G_SOURCE_FUNC (punch_paused_cb));
}

/* Whether the time may yet bring what now does not work. */
static gboolean
is_passing (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_HOST_UNREACHABLE);
}

static void
punch_drop_socket (Punch *punch)
{
  g_socket_close (punch->socket, NULL);
  g_clear_object (&punch->socket);
}

/* The attempt has ended, well if @error is %NULL. Consumes @task and @error. */
static void
punch_attempted (GTask  *task,
                 GError *error)
{
  g_autoptr(GTask) owned = task;
  Punch *punch = g_task_get_task_data (owned);
  g_autoptr(GSocket) socket = NULL;

  if (error == NULL)
    {
      socket = g_steal_pointer (&punch->socket);
      g_task_return_pointer (owned, g_socket_connection_factory_create_connection (socket),
                             g_object_unref);
      return;
    }

  punch_drop_socket (punch);

  if (is_passing (error) &&
      !g_cancellable_is_cancelled (ferry_deadline_get_cancellable (punch->deadline)))
    {
      g_error_free (error);
      punch_pause (owned);
    }
  else
    {
      punch_fail (owned, error);
    }
}

static gboolean
punch_connected_cb (GSocket      *socket,
                    GIOCondition  condition,
                    gpointer      user_data)
{
  GTask *task = g_object_ref (user_data);
  Punch *punch = g_task_get_task_data (task);
  GCancellable *cancellable = ferry_deadline_get_cancellable (punch->deadline);
  GError *error = NULL;

  if (!g_cancellable_set_error_if_cancelled (cancellable, &error))
    g_socket_check_connect_result (socket, &error);
  punch_attempted (task, error);

  return G_SOURCE_REMOVE;
}

/* Begins to. Not g_socket_connect(): it does not tell that a connection between the two places
 * stands already, or has just ended. */
static gboolean
punch_connect (Punch   *punch,
               GError **error)
{
  GSocketAddress *place = G_SOCKET_ADDRESS (punch->place);
  struct sockaddr_storage native;
  gssize size = g_socket_address_get_native_size (place);
  int saved;

  if (!g_socket_address_to_native (place, &native, sizeof native, error))
    return FALSE;

  if (connect (g_socket_get_fd (punch->socket), (struct sockaddr *) &native, size) == 0 ||
      errno == EINPROGRESS)
    return TRUE;

  saved = errno;
  if (saved == EADDRNOTAVAIL || saved == EADDRINUSE)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE,
                 "There is a connection to that place already");
  else
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved), "%s", g_strerror (saved));

  return FALSE;
}

/* Consumes @task. */
static void
punch_attempt (GTask *task)
{
  g_autoptr(GTask) owned = task;
  Punch *punch = g_task_get_task_data (owned);
  GCancellable *cancellable = ferry_deadline_get_cancellable (punch->deadline);
  g_autoptr(GSource) source = NULL;
  GError *error = NULL;

  if (!g_cancellable_set_error_if_cancelled (cancellable, &error))
    punch->socket =
      ferry_shared_port_bind (g_socket_address_get_family (G_SOCKET_ADDRESS (punch->place)),
                              punch->port, &error);

  if (punch->socket == NULL)
    {
      punch_fail (owned, error);
      return;
    }

  if (!punch_connect (punch, &error))
    {
      punch_attempted (g_steal_pointer (&owned), error);
      return;
    }

  source = g_socket_create_source (punch->socket, G_IO_OUT, cancellable);
  g_task_attach_source (owned, source, G_SOURCE_FUNC (punch_connected_cb));
}

void
ferry_tcp_punch_async (guint16              port,
                       GInetSocketAddress  *place,
                       guint                timeout,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  GTask *task;
  Punch *punch;

  g_return_if_fail (port != 0);
  g_return_if_fail (G_IS_INET_SOCKET_ADDRESS (place));

  punch = g_new0 (Punch, 1);
  punch->port = port;
  punch->place = g_object_ref (place);
  punch->deadline = ferry_deadline_new (timeout, cancellable);
  punch->pause = FIRST_PAUSE;

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, ferry_tcp_punch_async);
  g_task_set_task_data (task, punch, (GDestroyNotify) punch_free);
  punch_attempt (task);
}

GSocketConnection *
ferry_tcp_punch_finish (GAsyncResult  *result,
                        GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
