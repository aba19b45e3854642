/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/diagnosis-names.h"

G_BEGIN_DECLS

/* What a test found; a sentence each. */
typedef enum
{
  FERRY_FOUND_NOT_WANTED,
  FERRY_FOUND_NO_ADDRESS,
  FERRY_FOUND_PRIVATE_ADDRESSES, /* which */
  FERRY_FOUND_CARRIER_ADDRESSES, /* which */
  FERRY_FOUND_GLOBAL_ADDRESSES,  /* which */
  FERRY_FOUND_NO_STUN_SERVER,
  FERRY_FOUND_NO_IPV4,
  FERRY_FOUND_NO_IPV6,
  FERRY_FOUND_SILENT,
  FERRY_FOUND_FAULT,             /* which */
  FERRY_FOUND_SEEN_AS_IS,        /* address */
  FERRY_FOUND_SEEN_KEEPS_PORTS,  /* address */
  FERRY_FOUND_SEEN_CHANGES_PORTS, /* address */
  FERRY_FOUND_MAPPING_OFF,
  FERRY_FOUND_MAPPED,            /* address and port */
  FERRY_FOUND_MAPPED_INSIDE,     /* address and port */
  FERRY_FOUND_MAPPING_NEEDLESS,
  FERRY_FOUND_NO_PORT,
  FERRY_FOUND_IPV6_OPEN,         /* address */
  FERRY_FOUND_IPV6_GLOBAL,       /* address */
  FERRY_FOUND_NOT_ONLINE,
  FERRY_FOUND_NO_PROXY,
  FERRY_FOUND_PROXY_GOOD,        /* which, and how long it took */
  FERRY_FOUND_PROXY_UNTRIED,     /* which */
  FERRY_FOUND_PROXY_FAULT,       /* which, and why */
  FERRY_FOUND_IN_BAND,           /* how long it took */
  FERRY_FOUND_IN_BAND_SLOW,      /* how long it took */
  FERRY_FOUND_PENDING,
} FerryFound;

/* Why a way is open or not; a sentence each. */
typedef enum
{
  FERRY_REASON_UNKNOWN,
  FERRY_REASON_NOT_WANTED,
  FERRY_REASON_NO_ADDRESS,
  FERRY_REASON_OPEN,          /* to everybody */
  FERRY_REASON_INSIDE,        /* to those in the same network, and those who can be reached */
  FERRY_REASON_MAPPED,
  FERRY_REASON_NOT_NEEDED,
  FERRY_REASON_NOT_MAPPED,
  FERRY_REASON_MAPPED_INSIDE,
  FERRY_REASON_KEEPS_PORTS,
  FERRY_REASON_CHANGES_PORTS,
  FERRY_REASON_NO_STUN,
  FERRY_REASON_IPV6,
  FERRY_REASON_NO_IPV6,
  FERRY_REASON_PROXY,
  FERRY_REASON_NO_PROXY,
  FERRY_REASON_BROKEN_PROXY,
  FERRY_REASON_IN_BAND,
  FERRY_REASON_NOT_ONLINE,
  FERRY_REASON_NO_ANSWER,
} FerryReason;

/* English for people, static; msgids of the window. */
const char *ferry_network_kind_get_title (FerryNetworkKind kind);
const char *ferry_network_kind_get_text  (FerryNetworkKind kind);
const char *ferry_test_get_title         (FerryTest        test);
const char *ferry_advice_get_text        (FerryAdvice      advice);
/* With a "%s" for each gap. */
const char *ferry_found_get_text         (FerryFound       found);
/* English for people, static; of the command line alone. */
const char *ferry_way_get_title          (FerryWay         way);
const char *ferry_reason_get_text        (FerryReason      reason);
/* A sentence with its gaps filled. @subject, @detail: (nullable). Returns: (transfer full) */
char       *ferry_found_fill             (const char      *sentence,
                                          const char      *subject,
                                          const char      *detail);

G_END_DECLS
