/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-path-watch"

#include "config.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "net/path-watch.h"
#include "net/tls-stream.h"

#define INTERVAL   1000 /* ms */
#define N_UNHEARD  2    /* probes of a closed window that nobody answers; one may be on its way */
#define N_ASKED    3    /* keep-alives */

struct _FerryPathWatch
{
  GSocket            *socket;      /* (owned) (nullable): %NULL: there is nothing to watch */
  GSource            *ticker;      /* (owned) (nullable) */
  gint64              limit;       /* µs */
  gint64              since;       /* µs, monotonic: from when on something was on its way and
                                    * nothing was acknowledged; 0: neither */
  FerryPathWatchFunc  dead;
  gpointer            user_data;
};

static void
set_option (GSocket *socket,
            int      level,
            int      option,
            int      value)
{
  g_autoptr(GError) error = NULL;

  if (!g_socket_set_option (socket, level, option, value, &error))
    g_debug ("%s", error->message);
}

/* Six tenths of the silence until the first question, four tenths until each next. */
static void
keep_alive (GSocket *socket,
            guint    silence)
{
  set_option (socket, IPPROTO_TCP, TCP_KEEPIDLE, MAX (silence * 6 / 10, 1));
  set_option (socket, IPPROTO_TCP, TCP_KEEPINTVL, MAX (silence * 4 / 10, 1));
  set_option (socket, IPPROTO_TCP, TCP_KEEPCNT, N_ASKED);
  set_option (socket, SOL_SOCKET, SO_KEEPALIVE, TRUE);
}

/* With a closed window nothing is on its way but probes, which come ever more seldom. The kernel
 * forgets those before with each answer. */
static gboolean
is_waiting (const struct tcp_info *info)
{
  return info->tcpi_unacked > 0 || info->tcpi_probes >= N_UNHEARD;
}

/* How long ago the last acknowledgement was says little of what was sent only since. */
static gboolean
is_dead (FerryPathWatch        *self,
         const struct tcp_info *info,
         gint64                 now)
{
  gint64 last_heard = now - info->tcpi_last_ack_recv * G_TIME_SPAN_MILLISECOND;

  if (!is_waiting (info))
    {
      self->since = 0;
      return FALSE;
    }

  if (self->since == 0)
    self->since = now;
  self->since = MAX (self->since, last_heard);

  return now - self->since >= self->limit;
}

static gboolean
path_watch_look_cb (gpointer user_data)
{
  FerryPathWatch *self = user_data;
  struct tcp_info info = { 0 };
  socklen_t size = sizeof info;

  /* It is closed, or was reset: whoever uses it hears of that. */
  if (g_socket_is_closed (self->socket)
      || getsockopt (g_socket_get_fd (self->socket), IPPROTO_TCP, TCP_INFO, &info, &size) != 0
      || info.tcpi_state == TCP_CLOSE)
    return G_SOURCE_CONTINUE;

  if (!is_dead (self, &info, g_get_monotonic_time ()))
    return G_SOURCE_CONTINUE;

  g_debug ("%u packets on their way, %u probes, and nothing heard for %u ms", info.tcpi_unacked,
           info.tcpi_probes, info.tcpi_last_ack_recv);
  g_clear_pointer (&self->ticker, g_source_unref);
  self->dead (self->user_data);

  return G_SOURCE_REMOVE;
}

static void
begin (FerryPathWatch *self)
{
  self->ticker = g_timeout_source_new (INTERVAL);
  g_source_set_callback (self->ticker, path_watch_look_cb, self, NULL);
  g_source_attach (self->ticker, g_main_context_get_thread_default ());
}

FerryPathWatch *
ferry_path_watch_new (GIOStream          *stream,
                      guint               silence,
                      FerryPathWatchFunc  dead,
                      gpointer            user_data)
{
  FerryPathWatch *self;
  GIOStream *base;

  g_return_val_if_fail (G_IS_IO_STREAM (stream), NULL);
  g_return_val_if_fail (silence > 0 && dead != NULL, NULL);

  self = g_new0 (FerryPathWatch, 1);
  self->limit = silence * G_TIME_SPAN_SECOND;
  self->dead = dead;
  self->user_data = user_data;
  base = ferry_tls_stream_unwrap (stream);

  if (G_IS_TCP_CONNECTION (base))
    {
      self->socket = g_object_ref (g_socket_connection_get_socket (G_SOCKET_CONNECTION (base)));
      keep_alive (self->socket, silence);
      begin (self);
    }

  return self;
}

void
ferry_path_watch_free (FerryPathWatch *self)
{
  if (self->ticker != NULL)
    g_source_destroy (self->ticker);

  g_clear_pointer (&self->ticker, g_source_unref);
  g_clear_object (&self->socket);
  g_free (self);
}
