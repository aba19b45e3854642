/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "proto/proto-error.h"
#include "proto/socks5-server.h"

#define VERSION         0x05
#define AUTH_NONE       0x00
#define AUTH_UNFIT      0xff
#define CMD_CONNECT     0x01
#define REP_SUCCESS     0x00
#define REP_REFUSED     0x05
#define ATYP_DOMAIN     0x03
#define REQUEST_LEN     5 /* up to and with the length of DST.ADDR */
#define PORT_LEN        2

static gboolean
fail (FerrySocks5Server  *self,
      GError            **error,
      const char         *what,
      guint               value)
{
  self->state = FERRY_SOCKS5_SERVER_FAILED;
  self->needed = 0;
  g_set_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED, "%s %u", what, value);

  return FALSE;
}

/* RFC 1928 §3:  VER | NMETHODS */
static gboolean
receive_greeting (FerrySocks5Server  *self,
                  const guint8       *data,
                  GError            **error)
{
  if (data[0] != VERSION)
    return fail (self, error, "Caller speaks SOCKS version", data[0]);

  if (data[1] == 0)
    return fail (self, error, "Number of methods offered:", data[1]);

  self->state = FERRY_SOCKS5_SERVER_AWAIT_METHODS;
  self->needed = data[1];

  return TRUE;
}

/* RFC 1928 §3:  METHODS. Any list with "no authentication" in it will do (SOCKS-5). */
static gboolean
receive_methods (FerrySocks5Server  *self,
                 const guint8       *data,
                 GBytes            **to_send,
                 GError            **error)
{
  static const guint8 chosen[] = { VERSION, AUTH_NONE };
  static const guint8 unfit[] = { VERSION, AUTH_UNFIT };

  if (memchr (data, AUTH_NONE, self->needed) == NULL)
    {
      *to_send = g_bytes_new_static (unfit, sizeof unfit);
      return fail (self, error, "Caller insists on authentication method", data[0]);
    }

  *to_send = g_bytes_new_static (chosen, sizeof chosen);
  self->state = FERRY_SOCKS5_SERVER_AWAIT_REQUEST;
  self->needed = REQUEST_LEN;

  return TRUE;
}

/* RFC 1928 §4:  VER | CMD | RSV | ATYP | LEN */
static gboolean
receive_request (FerrySocks5Server  *self,
                 const guint8       *data,
                 GError            **error)
{
  if (data[0] != VERSION)
    return fail (self, error, "Caller changed to SOCKS version", data[0]);

  if (data[1] != CMD_CONNECT)
    return fail (self, error, "Caller wants SOCKS command", data[1]);

  if (data[2] != 0)
    return fail (self, error, "Caller fills the reserved octet with", data[2]);

  if (data[3] != ATYP_DOMAIN)
    return fail (self, error, "Caller names an address of type", data[3]);

  if (data[4] == 0)
    return fail (self, error, "Length of the address asked for:", data[4]);

  self->state = FERRY_SOCKS5_SERVER_AWAIT_ADDRESS;
  self->needed = (gsize) data[4] + PORT_LEN;

  return TRUE;
}

/* RFC 1928 §4:  DST.ADDR | DST.PORT. The port is 0 (SOCKS-1). */
static gboolean
receive_address (FerrySocks5Server  *self,
                 const guint8       *data,
                 GError            **error)
{
  gsize len = self->needed - PORT_LEN;
  guint port = data[len] << 8 | data[len + 1];

  if (port != 0)
    return fail (self, error, "Caller asks for port", port);

  if (memchr (data, '\0', len) != NULL)
    return fail (self, error, "Caller's address holds the octet", 0);

  memcpy (self->address, data, len);
  self->address[len] = '\0';
  self->state = FERRY_SOCKS5_SERVER_ASKED;
  self->needed = 0;

  return TRUE;
}

/* RFC 1928 §6:  VER | REP | RSV | ATYP | LEN | BND.ADDR | BND.PORT
 *
 * BND repeats DST to the letter (SOCKS-2). Peer: Dino compares all 47 octets.
 */
static GBytes *
build_reply (const FerrySocks5Server *self,
             guint8                   reply)
{
  guint8 len = strlen (self->address);
  guint8 head[] = { VERSION, reply, 0, ATYP_DOMAIN, len };
  guint8 port[PORT_LEN] = { 0, 0 };
  GByteArray *bytes = g_byte_array_sized_new (sizeof head + len + sizeof port);

  g_byte_array_append (bytes, head, sizeof head);
  g_byte_array_append (bytes, (const guint8 *) self->address, len);
  g_byte_array_append (bytes, port, sizeof port);

  return g_byte_array_free_to_bytes (bytes);
}

void
ferry_socks5_server_init (FerrySocks5Server *self)
{
  g_return_if_fail (self != NULL);

  memset (self, 0, sizeof *self);
  self->needed = 2;
}

/**
 * ferry_socks5_server_get_needed:
 *
 * Returns: how many bytes to read next; 0 when it is our turn, or all is over
 */
gsize
ferry_socks5_server_get_needed (const FerrySocks5Server *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->needed;
}

/**
 * ferry_socks5_server_receive:
 * @data: exactly get_needed() bytes
 * @to_send: (out) (nullable) (transfer full): what to send before anything
 *   else, even if the handshake has failed
 *
 * Returns: %FALSE with @error set when the handshake has failed for good
 */
gboolean
ferry_socks5_server_receive (FerrySocks5Server  *self,
                             const guint8       *data,
                             GBytes            **to_send,
                             GError            **error)
{
  g_return_val_if_fail (self != NULL && self->needed > 0, FALSE);
  g_return_val_if_fail (data != NULL && to_send != NULL, FALSE);

  *to_send = NULL;

  switch (self->state)
    {
    case FERRY_SOCKS5_SERVER_AWAIT_GREETING:
      return receive_greeting (self, data, error);

    case FERRY_SOCKS5_SERVER_AWAIT_METHODS:
      return receive_methods (self, data, to_send, error);

    case FERRY_SOCKS5_SERVER_AWAIT_REQUEST:
      return receive_request (self, data, error);

    case FERRY_SOCKS5_SERVER_AWAIT_ADDRESS:
      return receive_address (self, data, error);

    case FERRY_SOCKS5_SERVER_ASKED:
    case FERRY_SOCKS5_SERVER_OPEN:
    case FERRY_SOCKS5_SERVER_FAILED:
    default:
      g_return_val_if_reached (FALSE);
    }
}

/**
 * ferry_socks5_server_get_address:
 *
 * Returns: (nullable): what the peer asks for, once it has asked
 */
const char *
ferry_socks5_server_get_address (const FerrySocks5Server *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->address[0] != '\0' ? self->address : NULL;
}

/* Returns: (transfer full): the reply to send; payload follows */
GBytes *
ferry_socks5_server_accept (FerrySocks5Server *self)
{
  g_return_val_if_fail (self != NULL && self->state == FERRY_SOCKS5_SERVER_ASKED, NULL);

  self->state = FERRY_SOCKS5_SERVER_OPEN;

  return build_reply (self, REP_SUCCESS);
}

/* Returns: (transfer full): the reply to send before closing (SOCKS-6) */
GBytes *
ferry_socks5_server_refuse (FerrySocks5Server *self)
{
  g_return_val_if_fail (self != NULL && self->state == FERRY_SOCKS5_SERVER_ASKED, NULL);

  self->state = FERRY_SOCKS5_SERVER_FAILED;

  return build_reply (self, REP_REFUSED);
}
