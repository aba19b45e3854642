/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Somebody on loopback who takes datagrams and answers as the test wants, in its main loop. */
typedef struct _UdpPeer UdpPeer;

typedef void (*UdpPeerFunc) (UdpPeer        *peer,
                             const guint8   *data,
                             gsize           size,
                             GSocketAddress *from,
                             gpointer        user_data);

/* @func: (nullable): says nothing to anything */
UdpPeer        *udp_peer_new         (GSocketFamily   family,
                                      UdpPeerFunc     func,
                                      gpointer        user_data);
void            udp_peer_free        (UdpPeer        *self);
/* (transfer none) */
GSocketAddress *udp_peer_get_address (UdpPeer        *self);
guint           udp_peer_get_count   (UdpPeer        *self);
void            udp_peer_send        (UdpPeer        *self,
                                      GSocketAddress *to,
                                      const guint8   *data,
                                      gsize           size);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (UdpPeer, udp_peer_free)

G_END_DECLS
