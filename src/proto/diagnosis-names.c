/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/diagnosis-names.h"

/* What programs read: no word here ever changes. */

static const char *
get_name (const char *const *names,
          gsize              n_names,
          guint              value)
{
  g_return_val_if_fail (value < n_names, "?");

  return names[value];
}

const char *
ferry_network_kind_to_string (FerryNetworkKind kind)
{
  static const char *const names[] = {
    [FERRY_NETWORK_PUBLIC] = "public",
    [FERRY_NETWORK_MAPPED] = "mapped",
    [FERRY_NETWORK_KEEPS_PORTS] = "keeps-ports",
    [FERRY_NETWORK_IPV6_ONLY] = "ipv6-only",
    [FERRY_NETWORK_CARRIER] = "carrier",
    [FERRY_NETWORK_SYMMETRIC] = "symmetric",
    [FERRY_NETWORK_UNKNOWN] = "unknown",
    [FERRY_NETWORK_RELAYED] = "relayed",
    [FERRY_NETWORK_OFFLINE] = "offline",
  };

  return get_name (names, G_N_ELEMENTS (names), kind);
}

const char *
ferry_test_to_string (FerryTest test)
{
  static const char *const names[] = {
    [FERRY_TEST_ADDRESSES] = "addresses",
    [FERRY_TEST_STUN4] = "stun-ipv4",
    [FERRY_TEST_STUN6] = "stun-ipv6",
    [FERRY_TEST_PCP] = "pcp",
    [FERRY_TEST_NAT_PMP] = "nat-pmp",
    [FERRY_TEST_UPNP] = "upnp",
    [FERRY_TEST_IPV6] = "ipv6",
    [FERRY_TEST_PROXY] = "proxy",
    [FERRY_TEST_IN_BAND] = "in-band",
  };

  return get_name (names, G_N_ELEMENTS (names), test);
}

const char *
ferry_verdict_to_string (FerryVerdict verdict)
{
  static const char *const names[] = {
    [FERRY_VERDICT_GOOD] = "good",
    [FERRY_VERDICT_POOR] = "poor",
    [FERRY_VERDICT_BAD] = "bad",
    [FERRY_VERDICT_SKIPPED] = "skipped",
    [FERRY_VERDICT_PENDING] = "pending",
  };

  return get_name (names, G_N_ELEMENTS (names), verdict);
}

const char *
ferry_way_to_string (FerryWay way)
{
  static const char *const names[] = {
    [FERRY_WAY_DIRECT] = "interface",
    [FERRY_WAY_MAPPED] = "mapped",
    [FERRY_WAY_PUNCHED] = "hole punching",
    [FERRY_WAY_IPV6] = "ipv6",
    [FERRY_WAY_PROXY] = "proxy",
    [FERRY_WAY_IN_BAND] = "in-band",
  };

  return get_name (names, G_N_ELEMENTS (names), way);
}

const char *
ferry_advice_to_string (FerryAdvice advice)
{
  static const char *const names[FERRY_N_ADVICE] = {
    "enable-mapping",
    "double-nat",
    "ask-for-ipv6",
    "no-proxy",
    "broken-proxy",
    "no-stun",
    "firewall",
  };

  g_return_val_if_fail (advice != FERRY_ADVICE_NONE, "?");

  return get_name (names, G_N_ELEMENTS (names), (guint) g_bit_nth_lsf (advice, -1));
}
