/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/network-diagnosis-private.h"

/* What kind of network this is, and what would make it a better one. Nothing here asks
 * anybody: see core/doctor. */

gboolean
_ferry_sight_counts (const FerryInterfaceAddress *address)
{
  switch (ferry_ip_address_get_scope (&address->address))
    {
    case FERRY_IP_PRIVATE:
    case FERRY_IP_SHARED:
    case FERRY_IP_TRANSLATED:
    case FERRY_IP_GLOBAL:
      return (address->flags & FERRY_ADDRESS_VIRTUAL) == 0;

    case FERRY_IP_NOBODY:
    case FERRY_IP_LOOPBACK:
    case FERRY_IP_LINK_LOCAL:
    default:
      return FALSE;
    }
}

gboolean
_ferry_sight_contradicts (const FerrySight     *self,
                          const FerryIpAddress *external)
{
  const FerryIpAddress *seen = &self->facts->reflexive4.seen;

  if (external->len != 4)
    return FALSE;

  return ferry_ip_address_get_scope (external) != FERRY_IP_GLOBAL ||
         (seen->len != 0 && !ferry_ip_address_equal (seen, external));
}

/* Peers: VPNs of the kind of Tailscale give their members addresses of 100.64/10, too; they are
 * tunnels, and say nothing of the carrier. */
static void
see_address (FerrySight                  *self,
             const FerryInterfaceAddress *address)
{
  FerryIpScope scope = ferry_ip_address_get_scope (&address->address);

  if (!_ferry_sight_counts (address))
    return;

  if (address->address.len == 4)
    {
      self->has_ipv4 = TRUE;
      self->has_global4 |= scope == FERRY_IP_GLOBAL;
      self->has_shared4 |= scope == FERRY_IP_SHARED &&
                           (address->flags & FERRY_ADDRESS_TUNNEL) == 0;
      return;
    }

  self->has_ipv6 = TRUE;
  if (scope == FERRY_IP_GLOBAL && self->global6 == NULL &&
      (address->flags & FERRY_ADDRESS_DEPRECATED) == 0)
    self->global6 = &address->address;
}

static void
see_mapping (FerrySight             *self,
             const FerryPortMapping *mapping)
{
  if (mapping->is_pinhole)
    self->pinhole = mapping;
  else if (mapping->external.len != 4 || _ferry_sight_contradicts (self, &mapping->external))
    self->inside = mapping;
  else
    self->open = mapping;
}

static void
see_proxy (FerrySight           *self,
           const FerryPathProxy *proxy)
{
  if (proxy->is_foreign)
    return;

  self->n_proxies++;
  if (proxy->fault != NULL)
    self->n_broken++;
  else if (proxy->delay >= 0 && (self->proxy == NULL || proxy->delay < self->proxy->delay))
    self->proxy = proxy;
}

static gboolean
has_addresses (const FerrySight *self)
{
  return self->has_ipv4 || self->has_ipv6;
}

static gboolean
is_public (const FerrySight *self)
{
  const FerryReflexive *reflexive = &self->facts->reflexive4;

  return self->has_global4 && (reflexive->seen.len == 0 || reflexive->is_ours);
}

/* RFC 6598, or a router that calls an address its own by which nobody sees us. */
static gboolean
is_behind_carrier (const FerrySight *self)
{
  return self->has_shared4 || (self->inside != NULL && self->inside->external.len == 4) ||
         _ferry_sight_contradicts (self, &self->results->router_external) ||
         ferry_ip_address_get_scope (&self->facts->reflexive4.seen) == FERRY_IP_SHARED;
}

/* The first that fits, as they rank by what they allow. */
static FerryNetworkKind
judge_kind (const FerrySight *self)
{
  const FerryReflexive *reflexive = &self->facts->reflexive4;

  if (!self->results->may_direct)
    return FERRY_NETWORK_RELAYED;
  /* What answers us is a network, if only within this machine. */
  if (!has_addresses (self) && self->results->in_band_delay < 0)
    return FERRY_NETWORK_OFFLINE;
  if (is_public (self))
    return FERRY_NETWORK_PUBLIC;
  if (self->open != NULL)
    return FERRY_NETWORK_MAPPED;
  if (is_behind_carrier (self))
    return FERRY_NETWORK_CARRIER;
  if (!self->has_ipv4)
    return self->global6 != NULL ? FERRY_NETWORK_IPV6_ONLY : FERRY_NETWORK_UNKNOWN;
  /* A server beside us has seen nothing of the world. */
  if (reflexive->seen.len == 0 || reflexive->is_ours)
    return FERRY_NETWORK_UNKNOWN;

  return reflexive->keeps_ports ? FERRY_NETWORK_KEEPS_PORTS : FERRY_NETWORK_SYMMETRIC;
}

/* Whether people would have to do something before others get in. */
static FerryAdvice
advise_router (const FerrySight *self)
{
  FerryAdvice advice = FERRY_ADVICE_NONE;
  gboolean is_closed = self->kind == FERRY_NETWORK_KEEPS_PORTS ||
                       self->kind == FERRY_NETWORK_SYMMETRIC ||
                       (self->kind == FERRY_NETWORK_UNKNOWN && self->has_ipv4);

  if (is_closed && self->results->may_map && self->inside == NULL)
    advice |= FERRY_ADVICE_ENABLE_MAPPING;
  if (self->kind == FERRY_NETWORK_CARRIER)
    advice |= FERRY_ADVICE_DOUBLE_NAT;
  if ((self->kind == FERRY_NETWORK_CARRIER || self->kind == FERRY_NETWORK_SYMMETRIC) &&
      self->global6 == NULL)
    advice |= FERRY_ADVICE_ASK_FOR_IPV6;

  return advice;
}

static gboolean
needs_stun (const FerrySight *self)
{
  return self->kind == FERRY_NETWORK_UNKNOWN || self->kind == FERRY_NETWORK_CARRIER;
}

static gboolean
needs_proxy (const FerrySight *self)
{
  return self->kind != FERRY_NETWORK_PUBLIC && self->kind != FERRY_NETWORK_MAPPED &&
         self->kind != FERRY_NETWORK_OFFLINE;
}

static FerryAdvice
advise_server (const FerrySight *self)
{
  const FerryTestResults *results = self->results;
  FerryAdvice advice = FERRY_ADVICE_NONE;
  gboolean is_seen = self->facts->reflexive4.seen.len != 0 ||
                     self->facts->reflexive6.seen.len != 0;

  if (!results->is_online)
    return advice;

  if (self->n_proxies == 0 && needs_proxy (self))
    advice |= FERRY_ADVICE_NO_PROXY;
  if (self->n_broken > 0)
    advice |= FERRY_ADVICE_BROKEN_PROXY;
  if (!results->has_stun_server && needs_stun (self))
    advice |= FERRY_ADVICE_NO_STUN;
  if (results->may_direct && results->has_stun_server && !is_seen && has_addresses (self))
    advice |= FERRY_ADVICE_FIREWALL;

  return advice;
}

static void
look (FerrySight             *self,
      const FerryPathFacts   *facts,
      const FerryTestResults *results)
{
  self->facts = facts;
  self->results = results;

  for (guint i = 0; i < facts->addresses->len; i++)
    see_address (self, facts->addresses->pdata[i]);
  for (guint i = 0; i < facts->mappings->len; i++)
    see_mapping (self, &g_array_index (facts->mappings, FerryPortMapping, i));
  for (guint i = 0; i < facts->proxies->len; i++)
    see_proxy (self, facts->proxies->pdata[i]);
  self->kind = judge_kind (self);
}

FerryDiagnosis *
ferry_network_diagnose (const FerryPathFacts   *facts,
                        const FerryTestResults *results)
{
  FerrySight sight = { 0 };
  FerryDiagnosis *self;

  g_return_val_if_fail (facts != NULL && results != NULL, NULL);

  look (&sight, facts, results);
  self = g_new0 (FerryDiagnosis, 1);
  self->kind = sight.kind;
  if (results->is_settled)
    self->advice = advise_router (&sight) | advise_server (&sight);
  self->findings = _ferry_diagnosis_find (&sight);
  _ferry_diagnosis_judge_ways (&sight, self->ways);

  return self;
}

void
ferry_diagnosis_free (FerryDiagnosis *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->findings);
  g_free (self);
}
