/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/ip-address.h"

G_BEGIN_DECLS

/* How a router is asked to let connections in. */
typedef enum
{
  FERRY_MAPPING_PCP,     /* RFC 6887 */
  FERRY_MAPPING_NAT_PMP, /* RFC 6886 */
  FERRY_MAPPING_UPNP,    /* Internet Gateway Device */
} FerryMappingMethod;

#define FERRY_N_MAPPING_METHODS 3

/* One TCP port that a router hands through to us: a value. */
typedef struct
{
  FerryMappingMethod method;
  FerryIpAddress     internal;      /* ours */
  guint16            internal_port;
  FerryIpAddress     external;      /* the router's; for a pinhole ours */
  guint16            external_port;
  guint              lifetime;      /* seconds */
  gboolean           is_pinhole;    /* IPv6: let through, not translated */
} FerryPortMapping;

/* "PCP", "NAT-PMP", "UPnP" */
const char *ferry_mapping_method_to_string (FerryMappingMethod method);

G_END_DECLS
