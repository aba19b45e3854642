/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  FERRY_SOCKS5_SERVER_AWAIT_GREETING, /* VER and NMETHODS */
  FERRY_SOCKS5_SERVER_AWAIT_METHODS,
  FERRY_SOCKS5_SERVER_AWAIT_REQUEST,  /* up to the length of DST.ADDR */
  FERRY_SOCKS5_SERVER_AWAIT_ADDRESS,  /* DST.ADDR and DST.PORT */
  FERRY_SOCKS5_SERVER_ASKED,          /* the owner has to accept or refuse */
  FERRY_SOCKS5_SERVER_OPEN,
  FERRY_SOCKS5_SERVER_FAILED,
} FerrySocks5ServerState;

/* The longest handshake there is (SEC-24); no buffer need be larger. */
#define FERRY_SOCKS5_SERVER_MAX_READ 257

/**
 * FerrySocks5Server:
 *
 * The listening half of a SOCKS5 handshake, as XEP-0065 §5.3.2 uses it. Like
 * #FerrySocks5Client it owns no socket and never reads ahead: read exactly
 * get_needed() bytes, pass them to receive(), send what it hands out. When
 * get_address() is not %NULL, the peer has asked: answer with accept() or
 * refuse(). After accept() the next byte on the wire is payload.
 */
typedef struct
{
  /*< private >*/
  FerrySocks5ServerState state;
  gsize                  needed;
  char                   address[256];
} FerrySocks5Server;

void        ferry_socks5_server_init        (FerrySocks5Server        *self);
gsize       ferry_socks5_server_get_needed  (const FerrySocks5Server  *self);
gboolean    ferry_socks5_server_receive     (FerrySocks5Server        *self,
                                             const guint8             *data,
                                             GBytes                  **to_send,
                                             GError                  **error);
const char *ferry_socks5_server_get_address (const FerrySocks5Server  *self);
GBytes     *ferry_socks5_server_accept      (FerrySocks5Server        *self);
GBytes     *ferry_socks5_server_refuse      (FerrySocks5Server        *self);

G_END_DECLS
