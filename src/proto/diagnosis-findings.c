/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/network-diagnosis-private.h"

#define MAX_ADDRESSES 4               /* named in one line */
#define SLOW          G_USEC_PER_SEC  /* through the server and back */

/* One line for each test. What is missing without anybody missing it is SKIPPED: a red mark is
 * for what is to be mended. */

static void
finding_free (gpointer data)
{
  FerryFinding *self = data;

  g_free (self->subject);
  g_free (self->detail);
  g_free (self->text);
  g_free (self);
}

/* @subject, @detail: (nullable) (transfer full) */
static void
add (GPtrArray    *findings,
     FerryTest     test,
     FerryVerdict  verdict,
     FerryFound    found,
     char         *subject,
     char         *detail)
{
  FerryFinding *self = g_new0 (FerryFinding, 1);

  self->test = test;
  self->verdict = verdict;
  self->found = found;
  self->subject = subject;
  self->detail = detail;
  self->text = ferry_found_fill (ferry_found_get_text (found), subject, detail);
  g_ptr_array_add (findings, self);
}

static void
add_plain (GPtrArray    *findings,
           FerryTest     test,
           FerryVerdict  verdict,
           FerryFound    found)
{
  add (findings, test, verdict, found, NULL, NULL);
}

/* Nothing was heard: for now, or at all. */
static void
add_silent (const FerrySight *sight,
            GPtrArray        *findings,
            FerryTest         test,
            FerryVerdict      verdict)
{
  if (sight->results->is_settled)
    add_plain (findings, test, verdict, FERRY_FOUND_SILENT);
  else
    add_plain (findings, test, FERRY_VERDICT_PENDING, FERRY_FOUND_PENDING);
}

static char *
dup_duration (gint64 duration)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT " ms", (duration + 500) / 1000);
}

static char *
dup_address (const FerryIpAddress *address)
{
  return address->len != 0 ? ferry_ip_address_to_string (address) : g_strdup ("?");
}

static char *
dup_endpoint (const FerryIpAddress *address,
              guint16               port)
{
  g_autofree char *host = dup_address (address);

  return g_strdup_printf (address->len == 16 ? "[%s]:%u" : "%s:%u", host, port);
}

/* @only_global: leaves out what is meant for this network alone */
static char *
dup_addresses (const FerrySight *sight,
               gboolean          only_global)
{
  GPtrArray *addresses = sight->facts->addresses;
  GString *out = g_string_new (NULL);
  guint n = 0;

  for (guint i = 0; i < addresses->len; i++)
    {
      const FerryInterfaceAddress *address = addresses->pdata[i];
      gboolean is_global = ferry_ip_address_get_scope (&address->address) == FERRY_IP_GLOBAL;
      g_autofree char *text = NULL;

      if (!_ferry_sight_counts (address) || (only_global && !is_global) || n++ >= MAX_ADDRESSES)
        continue;
      text = ferry_ip_address_to_string (&address->address);
      g_string_append_printf (out, "%s%s", out->len > 0 ? ", " : "", text);
    }
  if (n > MAX_ADDRESSES)
    g_string_append (out, ", …");

  return g_string_free (out, FALSE);
}

static void
find_addresses (const FerrySight *sight,
                GPtrArray        *findings)
{
  if (!sight->has_ipv4 && !sight->has_ipv6)
    add_plain (findings, FERRY_TEST_ADDRESSES, FERRY_VERDICT_BAD, FERRY_FOUND_NO_ADDRESS);
  else if (sight->has_global4 || sight->global6 != NULL)
    add (findings, FERRY_TEST_ADDRESSES, FERRY_VERDICT_GOOD, FERRY_FOUND_GLOBAL_ADDRESSES,
         dup_addresses (sight, TRUE), NULL);
  else
    add (findings, FERRY_TEST_ADDRESSES, FERRY_VERDICT_POOR,
         sight->has_shared4 ? FERRY_FOUND_CARRIER_ADDRESSES : FERRY_FOUND_PRIVATE_ADDRESSES,
         dup_addresses (sight, FALSE), NULL);
}

static void
find_seen (GPtrArray            *findings,
           FerryTest             test,
           const FerryReflexive *reflexive)
{
  FerryVerdict verdict = FERRY_VERDICT_POOR;
  FerryFound found = FERRY_FOUND_SEEN_CHANGES_PORTS;

  if (reflexive->is_ours || reflexive->keeps_ports)
    {
      verdict = FERRY_VERDICT_GOOD;
      found = reflexive->is_ours ? FERRY_FOUND_SEEN_AS_IS : FERRY_FOUND_SEEN_KEEPS_PORTS;
    }
  add (findings, test, verdict, found, dup_address (&reflexive->seen), NULL);
}

/* Where others get in, how we look from outside is no question. */
static FerryVerdict
judge_ignorance (const FerrySight *sight)
{
  switch (sight->kind)
    {
    case FERRY_NETWORK_PUBLIC:
    case FERRY_NETWORK_MAPPED:
    case FERRY_NETWORK_IPV6_ONLY:
      return FERRY_VERDICT_SKIPPED;

    case FERRY_NETWORK_KEEPS_PORTS:
    case FERRY_NETWORK_CARRIER:
    case FERRY_NETWORK_SYMMETRIC:
    case FERRY_NETWORK_UNKNOWN:
    case FERRY_NETWORK_RELAYED:
    case FERRY_NETWORK_OFFLINE:
    default:
      return FERRY_VERDICT_POOR;
    }
}

/* One family that works shows that the server is there: the other may not be its own. */
static void
find_stun (const FerrySight     *sight,
           GPtrArray            *findings,
           FerryTest             test,
           const FerryReflexive *reflexive,
           const FerryReflexive *other)
{
  const FerryTestResults *results = sight->results;
  gboolean is_ipv4 = test == FERRY_TEST_STUN4;
  FerryVerdict bad = other->seen.len != 0 ? FERRY_VERDICT_SKIPPED : FERRY_VERDICT_BAD;

  if (reflexive->seen.len != 0)
    find_seen (findings, test, reflexive);
  else if (is_ipv4 ? !sight->has_ipv4 : sight->global6 == NULL)
    add_plain (findings, test, FERRY_VERDICT_SKIPPED,
               is_ipv4 ? FERRY_FOUND_NO_IPV4 : FERRY_FOUND_NO_IPV6);
  else if (!results->has_stun_server && results->is_settled)
    add_plain (findings, test, results->is_online ? judge_ignorance (sight) : FERRY_VERDICT_SKIPPED,
               results->is_online ? FERRY_FOUND_NO_STUN_SERVER : FERRY_FOUND_NOT_ONLINE);
  else if (results->stun_fault != NULL && other->seen.len == 0)
    add (findings, test, bad, FERRY_FOUND_FAULT, g_strdup (results->stun_fault), NULL);
  else
    add_silent (sight, findings, test, bad);
}

/* IPv4 first; of a router that knows IPv6 alone, the pinhole. */
static const FerryPortMapping *
get_mapping (const FerrySight   *sight,
             FerryMappingMethod  method)
{
  const FerryPortMapping *pinhole = NULL;

  for (guint i = 0; i < sight->facts->mappings->len; i++)
    {
      const FerryPortMapping *mapping = &g_array_index (sight->facts->mappings, FerryPortMapping, i);

      if (mapping->method == method && !mapping->is_pinhole)
        return mapping;
      if (mapping->method == method)
        pinhole = mapping;
    }

  return pinhole;
}

static gboolean
needs_mapping (const FerrySight *sight)
{
  return sight->open == NULL && sight->kind != FERRY_NETWORK_PUBLIC &&
         sight->kind != FERRY_NETWORK_IPV6_ONLY && sight->kind != FERRY_NETWORK_OFFLINE;
}

static void
find_mapping (const FerrySight   *sight,
              GPtrArray          *findings,
              FerryTest           test,
              FerryMappingMethod  method)
{
  const FerryPortMapping *mapping = get_mapping (sight, method);
  const char *fault = sight->results->faults[method];

  if (mapping != NULL)
    {
      gboolean is_inside = !mapping->is_pinhole &&
                           (mapping->external.len != 4 ||
                            _ferry_sight_contradicts (sight, &mapping->external));

      add (findings, test, is_inside ? FERRY_VERDICT_POOR : FERRY_VERDICT_GOOD,
           is_inside ? FERRY_FOUND_MAPPED_INSIDE : FERRY_FOUND_MAPPED,
           dup_endpoint (&mapping->external, mapping->external_port), NULL);
    }
  else if (sight->results->is_settled && sight->facts->port == 0)
    add_plain (findings, test, FERRY_VERDICT_BAD, FERRY_FOUND_NO_PORT);
  else if (!sight->results->may_map)
    add_plain (findings, test, FERRY_VERDICT_SKIPPED, FERRY_FOUND_MAPPING_OFF);
  else if (!needs_mapping (sight) && (fault != NULL || sight->results->is_settled))
    add_plain (findings, test, FERRY_VERDICT_SKIPPED, FERRY_FOUND_MAPPING_NEEDLESS);
  else if (fault != NULL)
    add (findings, test, FERRY_VERDICT_BAD, FERRY_FOUND_FAULT, g_strdup (fault), NULL);
  else
    add_silent (sight, findings, test, FERRY_VERDICT_BAD);
}

static void
find_ipv6 (const FerrySight *sight,
           GPtrArray        *findings)
{
  if (sight->global6 == NULL)
    add_plain (findings, FERRY_TEST_IPV6, FERRY_VERDICT_POOR, FERRY_FOUND_NO_IPV6);
  else
    add (findings, FERRY_TEST_IPV6, FERRY_VERDICT_GOOD,
         sight->pinhole != NULL ? FERRY_FOUND_IPV6_OPEN : FERRY_FOUND_IPV6_GLOBAL,
         dup_address (sight->pinhole != NULL ? &sight->pinhole->internal : sight->global6), NULL);
}

/* All that is about direct paths has the same to say. */
static void
find_nothing_direct (GPtrArray    *findings,
                     FerryVerdict  verdict,
                     FerryFound    found)
{
  for (guint test = FERRY_TEST_ADDRESSES; test <= FERRY_TEST_IPV6; test++)
    add_plain (findings, test, verdict, found);
}

static void
find_direct (const FerrySight *sight,
             GPtrArray        *findings)
{
  const FerryPathFacts *facts = sight->facts;
  gboolean may_direct = sight->results->may_direct;

  /* At first not even the desktop has been asked for a proxy. */
  if (!sight->results->is_settled && (!may_direct || facts->addresses->len == 0))
    {
      find_nothing_direct (findings, FERRY_VERDICT_PENDING, FERRY_FOUND_PENDING);
      return;
    }

  if (!may_direct)
    {
      find_nothing_direct (findings, FERRY_VERDICT_SKIPPED, FERRY_FOUND_NOT_WANTED);
      return;
    }

  find_addresses (sight, findings);
  find_stun (sight, findings, FERRY_TEST_STUN4, &facts->reflexive4, &facts->reflexive6);
  find_stun (sight, findings, FERRY_TEST_STUN6, &facts->reflexive6, &facts->reflexive4);
  find_mapping (sight, findings, FERRY_TEST_PCP, FERRY_MAPPING_PCP);
  find_mapping (sight, findings, FERRY_TEST_NAT_PMP, FERRY_MAPPING_NAT_PMP);
  find_mapping (sight, findings, FERRY_TEST_UPNP, FERRY_MAPPING_UPNP);
  find_ipv6 (sight, findings);
}

static void
find_proxy (GPtrArray            *findings,
            const FerryPathProxy *proxy)
{
  if (proxy->fault != NULL)
    add (findings, FERRY_TEST_PROXY, FERRY_VERDICT_BAD, FERRY_FOUND_PROXY_FAULT,
         g_strdup (proxy->jid), g_strdup (proxy->fault));
  else if (proxy->delay >= 0)
    add (findings, FERRY_TEST_PROXY, FERRY_VERDICT_GOOD, FERRY_FOUND_PROXY_GOOD,
         g_strdup (proxy->jid), dup_duration (proxy->delay));
  else
    add (findings, FERRY_TEST_PROXY, FERRY_VERDICT_POOR, FERRY_FOUND_PROXY_UNTRIED,
         g_strdup (proxy->jid), NULL);
}

static void
find_proxies (const FerrySight *sight,
              GPtrArray        *findings)
{
  GPtrArray *proxies = sight->facts->proxies;

  for (guint i = 0; i < proxies->len; i++)
    if (!((const FerryPathProxy *) proxies->pdata[i])->is_foreign)
      find_proxy (findings, proxies->pdata[i]);
  if (sight->n_proxies > 0)
    return;

  if (!sight->results->is_online)
    add_plain (findings, FERRY_TEST_PROXY, FERRY_VERDICT_SKIPPED, FERRY_FOUND_NOT_ONLINE);
  else if (!sight->results->is_settled)
    add_plain (findings, FERRY_TEST_PROXY, FERRY_VERDICT_PENDING, FERRY_FOUND_PENDING);
  else
    add_plain (findings, FERRY_TEST_PROXY, FERRY_VERDICT_POOR, FERRY_FOUND_NO_PROXY);
}

static void
find_in_band (const FerrySight *sight,
              GPtrArray        *findings)
{
  gint64 delay = sight->results->in_band_delay;

  if (!sight->results->is_online)
    add_plain (findings, FERRY_TEST_IN_BAND, FERRY_VERDICT_SKIPPED, FERRY_FOUND_NOT_ONLINE);
  else if (delay < 0)
    add_silent (sight, findings, FERRY_TEST_IN_BAND, FERRY_VERDICT_BAD);
  else
    add (findings, FERRY_TEST_IN_BAND, delay > SLOW ? FERRY_VERDICT_POOR : FERRY_VERDICT_GOOD,
         delay > SLOW ? FERRY_FOUND_IN_BAND_SLOW : FERRY_FOUND_IN_BAND, dup_duration (delay), NULL);
}

GPtrArray *
_ferry_diagnosis_find (const FerrySight *sight)
{
  GPtrArray *findings = g_ptr_array_new_with_free_func (finding_free);

  find_direct (sight, findings);
  find_proxies (sight, findings);
  find_in_band (sight, findings);

  return findings;
}
