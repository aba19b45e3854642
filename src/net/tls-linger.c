/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-tls-linger"

#include "config.h"

#include "net/peer-close.h"
#include "net/tls-linger.h"

#define LIMIT 2 /* seconds */

static void
linger_done_cb (GObject      *base,
                GAsyncResult *result,
                gpointer      user_data)
{
  ferry_peer_close_finish (result, NULL);
  g_io_stream_close (G_IO_STREAM (base), NULL, NULL);
}

static gboolean
linger_begin_cb (gpointer base)
{
  ferry_peer_close_async (base, LIMIT, NULL, linger_done_cb, NULL);

  return G_SOURCE_REMOVE;
}

void
ferry_tls_linger (GIOStream    *base,
                  GMainContext *context)
{
  g_autoptr(GSource) source = g_idle_source_new ();

  g_socket_shutdown (g_socket_connection_get_socket (G_SOCKET_CONNECTION (base)), FALSE, TRUE,
                     NULL);
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, linger_begin_cb, g_object_ref (base), g_object_unref);
  g_source_attach (source, context);
}
