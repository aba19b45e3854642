/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "udp-peer.h"

struct _UdpPeer
{
  GSocket        *socket;   /* (owned) */
  GSocketAddress *address;  /* (owned) */
  GSource        *readable; /* (owned) */
  UdpPeerFunc     func;     /* (nullable) */
  gpointer        user_data;
  guint           count;
};

static gboolean
readable_cb (GSocket      *socket,
             GIOCondition  condition,
             gpointer      user_data)
{
  UdpPeer *self = user_data;
  g_autoptr(GSocketAddress) from = NULL;
  guint8 data[2048];
  gssize n = g_socket_receive_from (socket, &from, (char *) data, sizeof data, NULL, NULL);

  if (n < 0)
    return G_SOURCE_CONTINUE;

  self->count++;
  if (self->func != NULL)
    self->func (self, data, (gsize) n, from, self->user_data);

  return G_SOURCE_CONTINUE;
}

UdpPeer *
udp_peer_new (GSocketFamily family,
              UdpPeerFunc   func,
              gpointer      user_data)
{
  UdpPeer *self = g_new0 (UdpPeer, 1);
  g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback (family);
  g_autoptr(GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_autoptr(GError) error = NULL;

  self->socket = g_socket_new (family, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, &error);
  g_assert_no_error (error);
  g_socket_set_blocking (self->socket, FALSE);
  g_socket_bind (self->socket, any, FALSE, &error);
  g_assert_no_error (error);
  self->address = g_socket_get_local_address (self->socket, &error);
  g_assert_no_error (error);
  self->func = func;
  self->user_data = user_data;
  self->readable = g_socket_create_source (self->socket, G_IO_IN, NULL);
  g_source_set_callback (self->readable, G_SOURCE_FUNC (readable_cb), self, NULL);
  g_source_attach (self->readable, NULL);

  return self;
}

void
udp_peer_free (UdpPeer *self)
{
  g_source_destroy (self->readable);
  g_source_unref (self->readable);
  g_object_unref (self->address);
  g_object_unref (self->socket);
  g_free (self);
}

GSocketAddress *
udp_peer_get_address (UdpPeer *self)
{
  return self->address;
}

guint
udp_peer_get_count (UdpPeer *self)
{
  return self->count;
}

void
udp_peer_send (UdpPeer        *self,
               GSocketAddress *to,
               const guint8   *data,
               gsize           size)
{
  g_socket_send_to (self->socket, to, (const char *) data, size, NULL, NULL);
}
