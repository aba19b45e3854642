/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/big-endian.h"
#include "proto/nat-pmp.h"

#define VERSION        0
#define ANSWER_BIT     0x80
#define OPCODE_ADDRESS 0
#define OPCODE_MAP_TCP 2
#define ADDRESS_SIZE   12   /* of the answers */
#define MAP_SIZE       16
#define MIN_ERROR_SIZE 8
#define MIN_PCP_SIZE   24   /* of a router that speaks only later versions */
#define MAX_PCP_SIZE   1100

#define RESULT_UNSUPPORTED_VERSION 1

/* §3.5 */
static const char *const results[] = {
  "agrees",
  "does not speak this version",
  "does not allow it",
  "has no network itself",
  "has no room for it",
  "does not map ports",
};

const char *
ferry_nat_pmp_result_to_string (guint16 result)
{
  return result < G_N_ELEMENTS (results) ? results[result] : "refuses without a known reason";
}

/* §3.2: Vers=0 | OP=0 */
GBytes *
ferry_nat_pmp_address_to_bytes (void)
{
  static const guint8 bytes[] = { VERSION, OPCODE_ADDRESS };

  return g_bytes_new_static (bytes, sizeof bytes);
}

/* §3.3:
 *
 *    0: Vers=0 | OP=2 | Reserved (16)
 *    4: Internal Port (16) | Suggested External Port (16)
 *    8: Requested Port Mapping Lifetime in Seconds (32)
 *
 * Port 0 with no lifetime would take away everything that this machine has (§3.4).
 */
GBytes *
ferry_nat_pmp_map_to_bytes (guint16 port,
                            guint16 external_port,
                            guint32 lifetime)
{
  guint8 bytes[12] = { VERSION, OPCODE_MAP_TCP };

  g_return_val_if_fail (port != 0, NULL);

  ferry_put_be16 (bytes + 4, port);
  ferry_put_be16 (bytes + 6, lifetime == 0 ? 0 : external_port);
  ferry_put_be32 (bytes + 8, lifetime);

  return g_bytes_new (bytes, sizeof bytes);
}

/* RFC 6887 §9: PCP alone, which has taken our opcodes for its own, ANNOUNCE and PEER. */
static gboolean
is_of_another_version (const guint8 *data,
                       gsize         size)
{
  return size >= MIN_PCP_SIZE && size <= MAX_PCP_SIZE && size % 4 == 0 &&
         data[0] != VERSION && data[3] == RESULT_UNSUPPORTED_VERSION &&
         (data[1] == (ANSWER_BIT | OPCODE_ADDRESS) || data[1] == (ANSWER_BIT | OPCODE_MAP_TCP));
}

/* Refusals may be cut behind the epoch. */
static gboolean
has_size (gsize   size,
          gsize   expected,
          guint16 result)
{
  return size == expected || (result != 0 && size < expected);
}

/* §3.2:                                §3.3:
 *
 *    0: Vers=0 | OP=128 | Result (16)     0: Vers=0 | OP=130 | Result (16)
 *    4: Seconds Since Epoch (32)          4: Seconds Since Epoch (32)
 *    8: External IPv4 Address (32)        8: Internal Port (16) | Mapped External Port (16)
 *                                        12: Port Mapping Lifetime in Seconds (32)
 *
 * That version 0 does not speak version 0 is no answer to us but to what we asked by PCP.
 */
gboolean
ferry_nat_pmp_parse_answer (guint16            port,
                            const guint8      *data,
                            gsize              size,
                            FerryNatPmpAnswer *answer)
{
  g_return_val_if_fail (answer != NULL, FALSE);

  *answer = (FerryNatPmpAnswer) { .kind = FERRY_NAT_PMP_ANSWER_UNSUPPORTED };
  if (size < MIN_ERROR_SIZE)
    return FALSE;
  if (is_of_another_version (data, size))
    {
      answer->result = RESULT_UNSUPPORTED_VERSION;
      return TRUE;
    }

  answer->result = ferry_get_be16 (data + 2);
  answer->epoch = ferry_get_be32 (data + 4);
  if (data[0] != VERSION || answer->result == RESULT_UNSUPPORTED_VERSION)
    return FALSE;

  if (data[1] == (ANSWER_BIT | OPCODE_ADDRESS))
    {
      answer->kind = FERRY_NAT_PMP_ANSWER_ADDRESS;
      if (size == ADDRESS_SIZE)
        answer->external = ferry_ip_address (data + 8, 4);
      return has_size (size, ADDRESS_SIZE, answer->result);
    }
  if (data[1] != (ANSWER_BIT | OPCODE_MAP_TCP) || !has_size (size, MAP_SIZE, answer->result))
    return FALSE;

  answer->kind = FERRY_NAT_PMP_ANSWER_MAP;
  if (size < MAP_SIZE)
    return TRUE;
  answer->external_port = ferry_get_be16 (data + 10);
  answer->lifetime = ferry_get_be32 (data + 12);

  return ferry_get_be16 (data + 8) == port;
}

/* An eighth for bad clocks, two seconds for the rest. */
gboolean
ferry_nat_pmp_has_forgotten (guint32 epoch_before,
                             guint32 epoch,
                             gint64  elapsed)
{
  gint64 expected = epoch_before + elapsed * 7 / 8;

  return epoch < expected - 2;
}
