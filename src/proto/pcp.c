/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "proto/big-endian.h"
#include "proto/pcp.h"

#define VERSION         2
#define ANSWER_BIT      0x80
#define OPCODE_ANNOUNCE 0
#define OPCODE_MAP      1
#define PROTOCOL_TCP    6
#define HEADER_SIZE     24
#define MAP_SIZE        60   /* with the header, without options */
#define MAX_SIZE        1100 /* §7 */
#define OLD_ERROR_SIZE  8    /* of NAT-PMP, which we may meet instead */

#define RESULT_UNSUPP_VERSION 1

/* §7.4 */
static const char *const results[] = {
  "agrees",
  "does not speak this version",
  "does not allow it",
  "does not understand the question",
  "does not map ports",
  "does not know what was asked for beside it",
  "does not understand what was asked for beside it",
  "has no network itself",
  "has no room for it",
  "does not map TCP",
  "has given us as many as it gives to one",
  "cannot give this port or address",
  "sees us at another address: something lies between",
  "does not allow as many peers",
};

const char *
ferry_pcp_result_to_string (guint8 result)
{
  return result < G_N_ELEMENTS (results) ? results[result] : "refuses without a known reason";
}

/* IPv4 travels as ::ffff:a.b.c.d, also 0.0.0.0, which says "any" (§5). */
static void
put_address (guint8               *at,
             const FerryIpAddress *address,
             guint                 family_len)
{
  memset (at, 0, 16);
  if (family_len == 4)
    memset (at + 10, 0xff, 2);

  if (address->len == 16)
    memcpy (at, address->bytes, 16);
  else if (address->len == 4)
    memcpy (at + 12, address->bytes, 4);
}

/* §7.1 and §11.1:
 *
 *    0: Version=2 | R=0, Opcode=1 | Reserved (16)
 *    4: Requested Lifetime (32)
 *    8: PCP Client's IP Address (128)
 *   24: Mapping Nonce (96)
 *   36: Protocol=6 | Reserved (24)
 *   40: Internal Port (16) | Suggested External Port (16)
 *   44: Suggested External IP Address (128)
 */
GBytes *
ferry_pcp_map_to_bytes (const FerryPcpMap *self)
{
  guint8 bytes[MAP_SIZE] = { VERSION, OPCODE_MAP };
  FerryIpAddress any = { .len = 0 };
  gboolean is_end;

  g_return_val_if_fail (self != NULL && (self->own.len == 4 || self->own.len == 16), NULL);

  is_end = self->lifetime == 0;
  ferry_put_be32 (bytes + 4, self->lifetime);
  put_address (bytes + 8, &self->own, self->own.len);
  memcpy (bytes + 24, self->nonce, sizeof self->nonce);
  bytes[36] = PROTOCOL_TCP;
  ferry_put_be16 (bytes + 40, self->port);
  ferry_put_be16 (bytes + 42, is_end ? 0 : self->external_port);
  put_address (bytes + 44, is_end ? &any : &self->external, self->own.len);

  return g_bytes_new (bytes, sizeof bytes);
}

/* §9 and appendix A: from whatever version, the first four bytes lie as in ours. What speaks only
 * version 0 is NAT-PMP, which knows better than to refuse its own version. */
static gboolean
is_of_another_version (const guint8 *data,
                       gsize         size)
{
  if (size < OLD_ERROR_SIZE || data[3] != RESULT_UNSUPP_VERSION || data[0] == VERSION)
    return FALSE;

  if (data[0] == 0)
    return data[1] >= ANSWER_BIT && data[2] == 0;

  return size >= HEADER_SIZE && data[1] == (ANSWER_BIT | OPCODE_MAP);
}

/* §11.4: the nonce, the protocol and the port tell whose answer it is; the rest may differ. */
static gboolean
is_about (const FerryPcpMap *self,
          const guint8      *data)
{
  return memcmp (data + 24, self->nonce, sizeof self->nonce) == 0 &&
         data[36] == PROTOCOL_TCP &&
         ferry_get_be16 (data + 40) == self->port;
}

/* §7.2 and §11.1:
 *
 *    0: Version=2 | R=1, Opcode | Reserved (8) | Result Code (8)
 *    4: Lifetime (32)
 *    8: Epoch Time (32)
 *   12: Reserved (96)
 *   24: as in the question, with what is assigned instead of what was suggested
 */
gboolean
ferry_pcp_map_parse_answer (const FerryPcpMap *self,
                            const guint8      *data,
                            gsize              size,
                            FerryPcpAnswer    *answer)
{
  FerryIpAddress external;

  g_return_val_if_fail (self != NULL && answer != NULL, FALSE);

  *answer = (FerryPcpAnswer) { .kind = FERRY_PCP_ANSWER_UNSUPPORTED };
  if (size > MAX_SIZE || size % 4 != 0)
    return FALSE;
  if (is_of_another_version (data, size))
    {
      answer->result = RESULT_UNSUPP_VERSION;
      return TRUE;
    }
  if (size < HEADER_SIZE || data[0] != VERSION)
    return FALSE;

  answer->result = data[3];
  answer->lifetime = ferry_get_be32 (data + 4);
  answer->epoch = ferry_get_be32 (data + 8);
  if (data[1] == (ANSWER_BIT | OPCODE_ANNOUNCE))
    {
      answer->kind = FERRY_PCP_ANSWER_ANNOUNCEMENT;
      return answer->result == 0;
    }
  if (data[1] != (ANSWER_BIT | OPCODE_MAP) || size < MAP_SIZE || !is_about (self, data))
    return FALSE;

  answer->kind = FERRY_PCP_ANSWER_MAP;
  answer->external_port = ferry_get_be16 (data + 42);
  external = ferry_ip_address (data + 44, 16);
  answer->external = ferry_ip_address_unmap (&external);

  return TRUE;
}

/* Two seconds for rounding, a sixteenth for bad clocks. */
gboolean
ferry_pcp_has_forgotten (guint32 epoch_before,
                         guint32 epoch,
                         gint64  elapsed)
{
  gint64 server = (gint64) epoch - epoch_before;

  if (server < -1)
    return TRUE;

  return elapsed + 2 < server - server / 16 || server + 2 < elapsed - elapsed / 16;
}
