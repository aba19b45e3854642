/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/network-diagnosis-private.h"

/* Which ways files may go from here, to how many people, and why. */

static FerryWayFinding
way (FerryVerdict verdict,
     FerryReason  reason)
{
  return (FerryWayFinding) { .verdict = verdict, .reason = reason };
}

static FerryWayFinding
judge_direct (const FerrySight *sight)
{
  if (sight->kind == FERRY_NETWORK_PUBLIC)
    return way (FERRY_VERDICT_GOOD, FERRY_REASON_OPEN);

  return way (FERRY_VERDICT_POOR, FERRY_REASON_INSIDE);
}

static FerryWayFinding
judge_mapped (const FerrySight *sight)
{
  if (sight->open != NULL)
    return way (FERRY_VERDICT_GOOD, FERRY_REASON_MAPPED);
  if (sight->kind == FERRY_NETWORK_PUBLIC || sight->kind == FERRY_NETWORK_IPV6_ONLY)
    return way (FERRY_VERDICT_SKIPPED, FERRY_REASON_NOT_NEEDED);
  if (sight->inside != NULL)
    return way (FERRY_VERDICT_BAD, FERRY_REASON_MAPPED_INSIDE);
  if (!sight->results->may_map)
    return way (FERRY_VERDICT_SKIPPED, FERRY_REASON_NOT_WANTED);

  return way (FERRY_VERDICT_BAD, FERRY_REASON_NOT_MAPPED);
}

static FerryWayFinding
judge_punched (const FerrySight *sight)
{
  const FerryReflexive *reflexive = &sight->facts->reflexive4;

  if (sight->kind == FERRY_NETWORK_PUBLIC || sight->kind == FERRY_NETWORK_MAPPED ||
      sight->kind == FERRY_NETWORK_IPV6_ONLY)
    return way (FERRY_VERDICT_SKIPPED, FERRY_REASON_NOT_NEEDED);
  if (reflexive->seen.len == 0 || reflexive->is_ours)
    return way (FERRY_VERDICT_BAD, FERRY_REASON_NO_STUN);

  return reflexive->keeps_ports ? way (FERRY_VERDICT_POOR, FERRY_REASON_KEEPS_PORTS)
                                : way (FERRY_VERDICT_BAD, FERRY_REASON_CHANGES_PORTS);
}

static FerryWayFinding
judge_ipv6 (const FerrySight *sight)
{
  return sight->global6 != NULL ? way (FERRY_VERDICT_POOR, FERRY_REASON_IPV6)
                                : way (FERRY_VERDICT_BAD, FERRY_REASON_NO_IPV6);
}

static FerryWayFinding
judge_proxy (const FerrySight *sight)
{
  if (sight->proxy != NULL)
    return way (FERRY_VERDICT_GOOD, FERRY_REASON_PROXY);
  if (!sight->results->is_online)
    return way (FERRY_VERDICT_SKIPPED, FERRY_REASON_NOT_ONLINE);
  if (sight->n_broken > 0 && sight->n_broken == sight->n_proxies)
    return way (FERRY_VERDICT_BAD, FERRY_REASON_BROKEN_PROXY);

  return sight->n_proxies > 0 ? way (FERRY_VERDICT_POOR, FERRY_REASON_UNKNOWN)
                              : way (FERRY_VERDICT_BAD, FERRY_REASON_NO_PROXY);
}

static FerryWayFinding
judge_in_band (const FerrySight *sight)
{
  if (!sight->results->is_online)
    return way (FERRY_VERDICT_SKIPPED, FERRY_REASON_NOT_ONLINE);

  return sight->results->in_band_delay >= 0 ? way (FERRY_VERDICT_GOOD, FERRY_REASON_IN_BAND)
                                            : way (FERRY_VERDICT_BAD, FERRY_REASON_NO_ANSWER);
}

void
_ferry_diagnosis_judge_ways (const FerrySight *sight,
                             FerryWayFinding  *ways)
{
  gboolean is_direct = sight->kind != FERRY_NETWORK_RELAYED && sight->kind != FERRY_NETWORK_OFFLINE;
  FerryReason reason = sight->kind == FERRY_NETWORK_OFFLINE ? FERRY_REASON_NO_ADDRESS
                                                            : FERRY_REASON_NOT_WANTED;
  FerryWayFinding closed = way (sight->kind == FERRY_NETWORK_OFFLINE ? FERRY_VERDICT_BAD
                                                                     : FERRY_VERDICT_SKIPPED,
                                reason);

  ways[FERRY_WAY_DIRECT] = is_direct ? judge_direct (sight) : closed;
  ways[FERRY_WAY_MAPPED] = is_direct ? judge_mapped (sight) : closed;
  ways[FERRY_WAY_PUNCHED] = is_direct ? judge_punched (sight) : closed;
  ways[FERRY_WAY_IPV6] = is_direct ? judge_ipv6 (sight) : closed;
  ways[FERRY_WAY_PROXY] = judge_proxy (sight);
  ways[FERRY_WAY_IN_BAND] = judge_in_band (sight);
}
