/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "proto/s5b-address.h"

/**
 * ferry_s5b_address_new:
 * @sid: of the bytestream, not of the Jingle session (SOCKS-11)
 * @requester: full JID of the party whose host it is
 * @target: full JID of the party that dials
 *
 * DST.ADDR = SHA1 (sid ‖ requester ‖ target) in lower-case hex (XEP-0065 §5.3.2).
 *
 * Returns: (transfer full): forty characters
 */
char *
ferry_s5b_address_new (const char *sid,
                       const char *requester,
                       const char *target)
{
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA1);

  g_return_val_if_fail (sid != NULL && requester != NULL && target != NULL, NULL);

  g_checksum_update (checksum, (const guchar *) sid, strlen (sid));
  g_checksum_update (checksum, (const guchar *) requester, strlen (requester));
  g_checksum_update (checksum, (const guchar *) target, strlen (target));

  return g_strdup (g_checksum_get_string (checksum));
}

/**
 * ferry_s5b_address_is_valid:
 * @address: (nullable)
 *
 * Returns: whether it is forty lower-case hexadecimal digits (SOCKS-1)
 */
gboolean
ferry_s5b_address_is_valid (const char *address)
{
  return address != NULL &&
         strlen (address) == FERRY_S5B_ADDRESS_LENGTH &&
         strspn (address, "0123456789abcdef") == FERRY_S5B_ADDRESS_LENGTH;
}

/* Takes the same time wherever they differ: the address is a bearer token (SOCKS-6). */
gboolean
ferry_s5b_address_equal (const char *a,
                         const char *b)
{
  gsize len = strlen (a);
  guint8 difference = 0;

  if (strlen (b) != len)
    return FALSE;

  for (gsize i = 0; i < len; i++)
    difference |= a[i] ^ b[i];

  return difference == 0;
}
