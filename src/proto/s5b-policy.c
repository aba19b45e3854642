/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "proto/s5b-policy.h"

/* The peer chooses which addresses we dial (SEC-14, SEC-16): it must not be able
 * to make us knock at this machine, at the router, or at a neighbour's database. */

typedef enum
{
  NEVER,
  LOOPBACK,
  PRIVATE,
} Rule;

typedef struct
{
  guint8 prefix[16];
  guint  bits;
  Rule   rule;
} Range;

static const Range ranges_4[] = {
  { { 0 }, 8, NEVER },
  { { 127 }, 8, LOOPBACK },
  { { 10 }, 8, PRIVATE },
  { { 100, 64 }, 10, PRIVATE },      /* RFC 6598 */
  { { 169, 254 }, 16, NEVER },       /* link-local; includes cloud metadata services */
  { { 172, 16 }, 12, PRIVATE },
  { { 192, 168 }, 16, PRIVATE },
  { { 224 }, 4, NEVER },             /* multicast */
  { { 240 }, 4, NEVER },             /* reserved, broadcast */
};

static const Range ranges_6[] = {
  { { [15] = 1 }, 128, LOOPBACK },
  { { 0 }, 96, NEVER },              /* unspecified, IPv4-compatible */
  { { 0x00, 0x64, 0xff, 0x9b }, 96, NEVER }, /* NAT64 would reach any IPv4 address */
  { { 0x20, 0x02 }, 16, NEVER },     /* 6to4, the same */
  { { 0xfc }, 7, PRIVATE },          /* RFC 4193 */
  { { 0xfe, 0x80 }, 10, NEVER },     /* link-local: the interface is not known */
  { { 0xfe, 0xc0 }, 10, NEVER },     /* site-local, deprecated */
  { { 0xff }, 8, NEVER },            /* multicast */
};

/* Services that act on what a stranger sends them. */
static const guint16 known_services[] = {
  1433, 1521, 2049, 2375, 2379, 3306, 3389, 5432, 5900, 5984, 6379, 8009, 9042, 9200, 9300, 10250,
  11211, 27017,
};

static gboolean
is_in_range (const FerryIpAddress *address,
             const Range          *range)
{
  guint whole = range->bits / 8;
  guint rest = range->bits % 8;

  if (memcmp (address->bytes, range->prefix, whole) != 0)
    return FALSE;

  return rest == 0 || (address->bytes[whole] ^ range->prefix[whole]) >> (8 - rest) == 0;
}

static const Range *
find_range (const FerryIpAddress *address)
{
  const Range *ranges = address->len == 4 ? ranges_4 : ranges_6;
  gsize n_ranges = address->len == 4 ? G_N_ELEMENTS (ranges_4) : G_N_ELEMENTS (ranges_6);

  for (gsize i = 0; i < n_ranges; i++)
    if (is_in_range (address, &ranges[i]))
      return &ranges[i];

  return NULL;
}

/* The IPv4 address inside ::ffff:a.b.c.d is judged instead of it. */
static FerryIpAddress
unmap (const FerryIpAddress *address)
{
  static const guint8 mapped[12] = { [10] = 0xff, [11] = 0xff };

  if (address->len == 16 && memcmp (address->bytes, mapped, sizeof mapped) == 0)
    return ferry_ip_address (address->bytes + 12, 4);

  return *address;
}

static gboolean
is_own (const FerryS5bPolicy *self,
        const FerryIpAddress *address)
{
  for (guint i = 0; i < self->n_own; i++)
    if (self->own[i].len == address->len &&
        memcmp (self->own[i].bytes, address->bytes, address->len) == 0)
      return TRUE;

  return FALSE;
}

static gboolean
has_own_in (const FerryS5bPolicy *self,
            const Range          *range,
            guint                 len)
{
  for (guint i = 0; i < self->n_own; i++)
    if (self->own[i].len == len && is_in_range (&self->own[i], range))
      return TRUE;

  return FALSE;
}

static const char *
object_to_port (guint16       port,
                FerryS5bTrust trust)
{
  if (port == 0 || (port < 1024 && port != 80 && port != 443))
    return "a port of system services";

  if (trust == FERRY_S5B_TRUST_PEER)
    for (gsize i = 0; i < G_N_ELEMENTS (known_services); i++)
      if (port == known_services[i])
        return "a port of another service";

  return NULL;
}

static const char *
object_to_range (const FerryS5bPolicy *self,
                 const FerryIpAddress *address,
                 FerryS5bTrust         trust)
{
  const Range *range = find_range (address);

  if (range == NULL)
    return NULL;

  switch (range->rule)
    {
    case LOOPBACK:
      return self->allow_loopback ? NULL : "a loopback address";

    case PRIVATE:
      if (trust == FERRY_S5B_TRUST_SERVER)
        return NULL;
      if (trust == FERRY_S5B_TRUST_PEER_PROXY)
        return "a proxy in a private network";
      return has_own_in (self, range, address->len) ? NULL : "a private network that is not ours";

    case NEVER:
    default:
      return "an address that no host can have";
    }
}

/* @len: 4 or 16 */
FerryIpAddress
ferry_ip_address (const guint8 *bytes,
                  guint         len)
{
  FerryIpAddress address = { .len = len };

  memcpy (address.bytes, bytes, MIN (len, sizeof address.bytes));

  return address;
}

/**
 * ferry_s5b_policy_objection:
 * @address: the very address that would be connected to, after resolution
 *
 * Returns: (nullable): why it must not be dialled; %NULL: go ahead
 */
const char *
ferry_s5b_policy_objection (const FerryS5bPolicy *self,
                            const FerryIpAddress *address,
                            guint16               port,
                            FerryS5bTrust         trust)
{
  FerryIpAddress unmapped;
  const char *objection;

  g_return_val_if_fail (self != NULL && address != NULL, "no address");
  g_return_val_if_fail (address->len == 4 || address->len == 16, "no address");

  unmapped = unmap (address);

  objection = object_to_port (port, trust);
  if (objection != NULL)
    return objection;

  if (self->own_port != 0 && port == self->own_port && is_own (self, &unmapped))
    return "our own listener";

  return object_to_range (self, &unmapped, trust);
}
