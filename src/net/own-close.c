/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-own-close"

#include "config.h"

#include <sys/socket.h>

#include "net/ibb-stream.h"
#include "net/own-close.h"
#include "net/tls-stream.h"

void
ferry_own_close_announce (GIOStream *stream,
                          gint64     n_bytes)
{
  GIOStream *base = ferry_tls_stream_unwrap (stream);

  /* Nobody knows how many bytes they are once they are encrypted. */
  if (FERRY_IS_IBB_STREAM (base))
    ferry_ibb_stream_hold_end (FERRY_IBB_STREAM (base), base == stream ? n_bytes : -1);
}

/* A connection that is closed without lingering is reset. */
static void
reset_when_closed (GSocket *socket)
{
  const struct linger none = { .l_onoff = 1, .l_linger = 0 };

  if (!g_socket_is_closed (socket) &&
      setsockopt (g_socket_get_fd (socket), SOL_SOCKET, SO_LINGER, &none, sizeof none) != 0)
    g_debug ("The connection will not be reset");
}

void
ferry_own_close_spoil (GIOStream *stream)
{
  GIOStream *base = ferry_tls_stream_unwrap (stream);

  if (FERRY_IS_IBB_STREAM (base))
    ferry_ibb_stream_refuse_end (FERRY_IBB_STREAM (base));
  else if (G_IS_SOCKET_CONNECTION (base))
    reset_when_closed (g_socket_connection_get_socket (G_SOCKET_CONNECTION (base)));
}
