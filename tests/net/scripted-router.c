/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "proto/ip-address.h"
#include "scripted-router.h"

#define EPOCH 1234 /* seconds */

#define PCP_VERSION 2
#define PCP_SIZE 60
#define PCP_MAP 1
#define PCP_TCP 6

#define NAT_PMP_MAP_TCP 2

typedef struct
{
  guint8 bytes[PCP_SIZE];
  gsize  size;
} Answer;

static guint
get_16 (const guint8 *bytes)
{
  return (guint) bytes[0] << 8 | bytes[1];
}

static guint32
get_32 (const guint8 *bytes)
{
  return (guint32) get_16 (bytes) << 16 | get_16 (bytes + 2);
}

static void
put_16 (guint8 *bytes,
        guint   number)
{
  bytes[0] = (guint8) (number >> 8);
  bytes[1] = (guint8) number;
}

static void
put_32 (guint8  *bytes,
        guint32  number)
{
  put_16 (bytes, number >> 16);
  put_16 (bytes + 2, number & 0xffff);
}

/* @nonce: whose mapping it is: nobody else can change it. NAT-PMP has none.
 * Returns: the port outside */
static guint16
map (ScriptedRouter *self,
     guint16         port,
     guint16         wished,
     guint32         lifetime,
     const guint8   *nonce)
{
  static const guint8 nobody[12];
  gpointer key = GUINT_TO_POINTER (port);
  const guint8 *owner = g_hash_table_lookup (self->mapped, key);

  nonce = nonce != NULL ? nonce : nobody;
  if (lifetime != 0)
    self->n_asked++;
  if (self->refuses != 0 || (owner != NULL && memcmp (owner, nonce, sizeof nobody) != 0))
    return 0;

  if (lifetime == 0)
    {
      g_hash_table_remove (self->mapped, key);
      g_ptr_array_add (self->deleted, key);
      return 0;
    }

  g_hash_table_insert (self->mapped, key, g_memdup2 (nonce, sizeof nobody));
  return self->external_port != 0 ? self->external_port : wished;
}

static FerryIpAddress
get_external (ScriptedRouter *self)
{
  FerryIpAddress address;

  g_assert_true (ferry_ip_address_parse (self->external, &address));
  return address;
}

/* RFC 6887 §7.2, §11.1 */
static void
answer_pcp (ScriptedRouter *self,
            const guint8   *request,
            Answer         *answer)
{
  guint32 lifetime = get_32 (request + 4);
  FerryIpAddress external = get_external (self);
  guint8 *bytes = answer->bytes;

  g_assert_cmpuint (request[1], ==, PCP_MAP);
  g_assert_cmpuint (request[36], ==, PCP_TCP);
  memcpy (self->nonce, request + 24, sizeof self->nonce);

  memcpy (bytes, request, PCP_SIZE);
  bytes[1] |= 0x80;
  bytes[3] = self->refuses;
  put_32 (bytes + 8, EPOCH);
  memset (bytes + 12, 0, 12);
  put_16 (bytes + 42, map (self, (guint16) get_16 (request + 40),
                           (guint16) get_16 (request + 42), lifetime, self->nonce));
  memset (bytes + 44, 0, 16);
  if (external.len == 4)
    memset (bytes + 54, 0xff, 2);
  memcpy (bytes + 60 - external.len, external.bytes, external.len);
  answer->size = PCP_SIZE;
}

/* RFC 6886 §3.2, §3.3 */
static void
answer_nat_pmp (ScriptedRouter *self,
                const guint8   *request,
                Answer         *answer)
{
  FerryIpAddress external = get_external (self);
  guint8 *bytes = answer->bytes;

  bytes[1] = request[1] | 0x80;
  put_16 (bytes + 2, self->refuses);
  put_32 (bytes + 4, EPOCH);
  if (request[1] == NAT_PMP_MAP_TCP)
    {
      memcpy (bytes + 8, request + 4, 2);
      put_16 (bytes + 10, map (self, (guint16) get_16 (request + 4),
                               (guint16) get_16 (request + 6), get_32 (request + 8), NULL));
      memcpy (bytes + 12, request + 8, 4);
      answer->size = 16;
    }
  else
    {
      memcpy (bytes + 8, external.bytes, 4);
      answer->size = 12;
    }
}

/* Each says that the port is somewhere where it is not. */
static void
lie (ScriptedRouter *self,
     const Answer   *truth,
     GSocketAddress *to)
{
  guint8 bytes[1400] = { 0 };
  gsize size = truth->size;

  memcpy (bytes, truth->bytes, size);
  udp_peer_send (self->other, to, bytes, size);

  put_16 (bytes + (size == PCP_SIZE ? 42 : 10), 6666);
  for (gsize i = 0; i < size; i++)
    udp_peer_send (self->peer, to, bytes, i);
  udp_peer_send (self->peer, to, bytes, 1101);
  udp_peer_send (self->peer, to, bytes, sizeof bytes);

  /* The version, the kind, the nonce, the protocol and the port */
  for (gsize i = 0; i < size; i++)
    {
      gboolean is_pcp_bound = i < 2 || (i >= 24 && i < 37) || i == 40 || i == 41;
      gboolean is_nat_pmp_bound = i < 2 || (size == 16 && (i == 8 || i == 9));

      if (!(size == PCP_SIZE ? is_pcp_bound : is_nat_pmp_bound))
        continue;
      bytes[i] ^= 0x55;
      udp_peer_send (self->peer, to, bytes, size);
      bytes[i] ^= 0x55;
    }
}

static void
router_cb (UdpPeer        *peer,
           const guint8   *data,
           gsize           size,
           GSocketAddress *from,
           gpointer        user_data)
{
  static const guint8 unsupported[] = { 0, 0x80, 0, 1, 0, 0, 0, 0 };
  static const guint8 babble[] = "What a lovely day";
  ScriptedRouter *self = user_data;
  Answer answer = { { 0 } };
  gboolean is_pcp = data[0] == PCP_VERSION;

  g_assert_cmpuint (size, ==, is_pcp ? PCP_SIZE : data[1] == NAT_PMP_MAP_TCP ? 12 : 2);

  if (self->babbles)
    {
      udp_peer_send (peer, from, babble, sizeof babble);
      return;
    }

  if (self->is_silent || (!is_pcp && !self->speaks_nat_pmp) ||
      (is_pcp && !self->speaks_pcp && !self->speaks_nat_pmp))
    return;

  if (is_pcp && !self->speaks_pcp)
    {
      udp_peer_send (peer, from, unsupported, sizeof unsupported);
      return;
    }

  if (is_pcp)
    answer_pcp (self, data, &answer);
  else
    answer_nat_pmp (self, data, &answer);

  if (self->lies)
    lie (self, &answer, from);
  udp_peer_send (peer, from, answer.bytes, answer.size);
}

void
scripted_router_start (ScriptedRouter *self,
                       GSocketFamily   family)
{
  self->peer = udp_peer_new (family, router_cb, self);
  self->other = udp_peer_new (family, NULL, NULL);
  self->mapped = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->deleted = g_ptr_array_new ();
  if (self->external == NULL)
    self->external = family == G_SOCKET_FAMILY_IPV4 ? "203.0.113.7" : "2001:db8::7";
}

void
scripted_router_stop (ScriptedRouter *self)
{
  udp_peer_free (self->peer);
  udp_peer_free (self->other);
  g_hash_table_unref (self->mapped);
  g_ptr_array_unref (self->deleted);
}

static void
announce (UdpPeer *peer)
{
  static const guint8 announcement[24] = { PCP_VERSION, 0x80, [11] = 3 }; /* epoch: 3 s */
  g_autoptr(GSocketAddress) all = g_inet_socket_address_new_from_string ("224.0.0.1", 5350);

  udp_peer_send (peer, all, announcement, sizeof announcement);
}

void
scripted_router_reboot (ScriptedRouter *self)
{
  g_hash_table_remove_all (self->mapped);
  announce (self->peer);
}

void
scripted_router_slander (ScriptedRouter *self)
{
  announce (self->other);
}

gboolean
scripted_router_has (ScriptedRouter *self,
                     guint16         port)
{
  return g_hash_table_contains (self->mapped, GUINT_TO_POINTER (port));
}

guint
scripted_router_n_deleted (ScriptedRouter *self,
                           guint16         port)
{
  guint n = 0;

  for (guint i = 0; i < self->deleted->len; i++)
    n += g_ptr_array_index (self->deleted, i) == GUINT_TO_POINTER (port);

  return n;
}
