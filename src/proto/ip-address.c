/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <arpa/inet.h>
#include <string.h>

#include "proto/ip-address.h"

/* The longest literal, and what may stand around it. */
#define MAX_LITERAL (INET6_ADDRSTRLEN + 32)

typedef struct
{
  guint8       prefix[16];
  guint        bits;
  FerryIpScope scope;
} Block;

static const Block blocks_4[] = {
  { { 0 }, 8, FERRY_IP_NOBODY },
  { { 127 }, 8, FERRY_IP_LOOPBACK },
  { { 10 }, 8, FERRY_IP_PRIVATE },
  { { 100, 64 }, 10, FERRY_IP_SHARED },
  { { 169, 254 }, 16, FERRY_IP_LINK_LOCAL }, /* includes cloud metadata services */
  { { 172, 16 }, 12, FERRY_IP_PRIVATE },
  { { 192, 168 }, 16, FERRY_IP_PRIVATE },
  { { 224 }, 4, FERRY_IP_NOBODY },           /* multicast */
  { { 240 }, 4, FERRY_IP_NOBODY },           /* reserved, broadcast */
};

static const Block blocks_6[] = {
  { { [15] = 1 }, 128, FERRY_IP_LOOPBACK },
  { { 0 }, 96, FERRY_IP_NOBODY },            /* unspecified, IPv4-compatible */
  { { 0x00, 0x64, 0xff, 0x9b }, 96, FERRY_IP_TRANSLATED }, /* NAT64 */
  { { 0x20, 0x02 }, 16, FERRY_IP_TRANSLATED }, /* 6to4 */
  { { 0xfc }, 7, FERRY_IP_PRIVATE },
  { { 0xfe, 0x80 }, 10, FERRY_IP_LINK_LOCAL },
  { { 0xfe, 0xc0 }, 10, FERRY_IP_NOBODY },   /* site-local, deprecated */
  { { 0xff }, 8, FERRY_IP_NOBODY },          /* multicast */
};

static gboolean
is_in_block (const FerryIpAddress *address,
             const Block          *block)
{
  guint whole = block->bits / 8;
  guint rest = block->bits % 8;

  if (memcmp (address->bytes, block->prefix, whole) != 0)
    return FALSE;

  return rest == 0 || (address->bytes[whole] ^ block->prefix[whole]) >> (8 - rest) == 0;
}

static const Block *
find_block (const FerryIpAddress *address)
{
  const Block *blocks = address->len == 4 ? blocks_4 : blocks_6;
  gsize n_blocks = address->len == 4 ? G_N_ELEMENTS (blocks_4) : G_N_ELEMENTS (blocks_6);

  for (gsize i = 0; i < n_blocks; i++)
    if (is_in_block (address, &blocks[i]))
      return &blocks[i];

  return NULL;
}

FerryIpAddress
ferry_ip_address (const guint8 *bytes,
                  guint         len)
{
  FerryIpAddress address = { .len = len };

  memcpy (address.bytes, bytes, MIN (len, sizeof address.bytes));

  return address;
}

gboolean
ferry_ip_address_parse (const char     *text,
                        FerryIpAddress *address)
{
  guint8 bytes[16];

  g_return_val_if_fail (text != NULL && address != NULL, FALSE);

  *address = (FerryIpAddress) { .len = 0 };
  if (inet_pton (AF_INET, text, bytes) == 1)
    *address = ferry_ip_address (bytes, 4);
  else if (inet_pton (AF_INET6, text, bytes) == 1)
    *address = ferry_ip_address (bytes, 16);

  return address->len != 0;
}

char *
ferry_ip_address_to_string (const FerryIpAddress *self)
{
  char text[INET6_ADDRSTRLEN];

  g_return_val_if_fail (self != NULL && (self->len == 4 || self->len == 16), g_strdup (""));

  inet_ntop (self->len == 4 ? AF_INET : AF_INET6, self->bytes, text, sizeof text);

  return g_strdup (text);
}

gboolean
ferry_ip_address_equal (const FerryIpAddress *a,
                        const FerryIpAddress *b)
{
  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  return a->len == b->len && memcmp (a->bytes, b->bytes, MIN (a->len, sizeof a->bytes)) == 0;
}

FerryIpAddress
ferry_ip_address_unmap (const FerryIpAddress *self)
{
  static const guint8 mapped[12] = { [10] = 0xff, [11] = 0xff };

  g_return_val_if_fail (self != NULL, (FerryIpAddress) { .len = 0 });

  if (self->len == 16 && memcmp (self->bytes, mapped, sizeof mapped) == 0)
    return ferry_ip_address (self->bytes + 12, 4);

  return *self;
}

FerryIpScope
ferry_ip_address_get_scope (const FerryIpAddress *self)
{
  FerryIpAddress unmapped = ferry_ip_address_unmap (self);
  const Block *block;

  if (unmapped.len != 4 && unmapped.len != 16)
    return FERRY_IP_NOBODY;

  block = find_block (&unmapped);

  return block == NULL ? FERRY_IP_GLOBAL : block->scope;
}

gboolean
ferry_ip_address_is_beside (const FerryIpAddress *a,
                            const FerryIpAddress *b)
{
  const Block *block;

  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  if (a->len != b->len || (a->len != 4 && a->len != 16))
    return FALSE;

  block = find_block (a);

  return block != NULL && find_block (b) == block;
}

/* The address in @host, which may stand in brackets and have a zone: hiding must not be escaped
 * by them. */
static gboolean
find_literal (const char     *host,
              FerryIpAddress *address)
{
  char literal[MAX_LITERAL];
  gsize skip = host[0] == '[' ? 1 : 0;

  g_strlcpy (literal, host + skip, sizeof literal);
  literal[strcspn (literal, "%]")] = '\0';

  return ferry_ip_address_parse (literal, address);
}

char *
ferry_ip_address_mask (const char *host)
{
  FerryIpAddress address;

  g_return_val_if_fail (host != NULL, NULL);

  if (!find_literal (host, &address))
    return g_strdup (host);

  address = ferry_ip_address_unmap (&address);
  if (address.len == 4)
    return g_strdup_printf ("%u.%u.%u.x", address.bytes[0], address.bytes[1], address.bytes[2]);

  return g_strdup_printf ("%x:%x:x", address.bytes[0] << 8 | address.bytes[1],
                          address.bytes[2] << 8 | address.bytes[3]);
}
