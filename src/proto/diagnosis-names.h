/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What kind of place this is, from the best to the worst. */
typedef enum
{
  FERRY_NETWORK_PUBLIC,       /* an address of ours is global and open: others reach us */
  FERRY_NETWORK_MAPPED,       /* behind a router that lets us in when asked */
  FERRY_NETWORK_KEEPS_PORTS,  /* behind a router in which holes can be punched */
  FERRY_NETWORK_IPV6_ONLY,    /* reached by IPv6, with nothing of IPv4 */
  FERRY_NETWORK_CARRIER,      /* behind a carrier's translator, whatever our own router says */
  FERRY_NETWORK_SYMMETRIC,    /* a new port for every connection: only proxies help */
  FERRY_NETWORK_UNKNOWN,      /* nobody told us how we look from outside */
  FERRY_NETWORK_RELAYED,      /* by our user's wish, or behind a desktop proxy: nothing direct */
  FERRY_NETWORK_OFFLINE,      /* no address at all */
} FerryNetworkKind;

/* What was tested. */
typedef enum
{
  FERRY_TEST_ADDRESSES,
  FERRY_TEST_STUN4,
  FERRY_TEST_STUN6,
  FERRY_TEST_PCP,
  FERRY_TEST_NAT_PMP,
  FERRY_TEST_UPNP,
  FERRY_TEST_IPV6,
  FERRY_TEST_PROXY,
  FERRY_TEST_IN_BAND,
} FerryTest;

typedef enum
{
  FERRY_VERDICT_GOOD,
  FERRY_VERDICT_POOR,    /* works, or would, with a drawback */
  FERRY_VERDICT_BAD,
  FERRY_VERDICT_SKIPPED, /* not wanted, or nothing to test */
  FERRY_VERDICT_PENDING, /* not known yet */
} FerryVerdict;

/* The ways files may go. */
typedef enum
{
  FERRY_WAY_DIRECT, /* to an address of our own */
  FERRY_WAY_MAPPED, /* by a port that the router opened */
  FERRY_WAY_PUNCHED,
  FERRY_WAY_IPV6,
  FERRY_WAY_PROXY,
  FERRY_WAY_IN_BAND,
} FerryWay;

#define FERRY_N_WAYS 6

#define FERRY_N_ADVICE 7

/* What to do about it; sentences for people are made of these by the roofs. A bit each. */
typedef enum
{
  FERRY_ADVICE_NONE = 0,
  FERRY_ADVICE_ENABLE_MAPPING = 1 << 0,  /* switch on UPnP or PCP in the router */
  FERRY_ADVICE_DOUBLE_NAT = 1 << 1,      /* one router behind another, or a carrier's */
  FERRY_ADVICE_ASK_FOR_IPV6 = 1 << 2,
  FERRY_ADVICE_NO_PROXY = 1 << 3,        /* the server's operator should run one */
  FERRY_ADVICE_BROKEN_PROXY = 1 << 4,    /* … should repair it: its address is not reachable */
  FERRY_ADVICE_NO_STUN = 1 << 5,         /* … should announce one (XEP-0215), or set one by hand */
  FERRY_ADVICE_FIREWALL = 1 << 6,        /* something drops what comes in */
} FerryAdvice;

/* Words of an interface: "public", "mapped", "keeps-ports", …: do not change. */
const char *ferry_network_kind_to_string (FerryNetworkKind kind);
const char *ferry_test_to_string         (FerryTest        test);
const char *ferry_verdict_to_string      (FerryVerdict     verdict);
const char *ferry_way_to_string          (FerryWay         way);
/* @advice: a single bit */
const char *ferry_advice_to_string       (FerryAdvice      advice);

G_END_DECLS
