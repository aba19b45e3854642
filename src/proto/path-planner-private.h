/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/path-planner.h"

G_BEGIN_DECLS

/* The order of preference. */
typedef enum
{
  RANK_LOCAL,     /* the network around us */
  RANK_GLOBAL_6,
  RANK_MAPPED,
  RANK_PREDICTED,
  RANK_TUNNEL,    /* reaches those in the same VPN, and slowly */
  RANK_CARRIER,   /* mapped, but only by the inner one of two translators */
  RANK_PROXY,
} Rank;

typedef struct
{
  FerryPlannedHost *host;    /* (owned) (nullable): %NULL: given away */
  Rank              rank;
  guint             len;     /* of the address: IPv4 before IPv6 */
  gboolean          foreign; /* a proxy */
  gint64            delay;   /* µs: of a proxy */
} Entry;

typedef struct
{
  const FerryPathFacts *facts;
  const FerryPathRules *rules;
  GPtrArray            *entries; /* (owned): Entry */
} Plan;

/* path-planner-objections.c: why something is not offered. Returns: (nullable): no reason */
const char           *_ferry_path_object_to_interface  (const Plan                  *plan,
                                                        const FerryInterfaceAddress *own);
const char           *_ferry_path_object_to_mapping    (const Plan                  *plan,
                                                        const FerryPortMapping      *mapping,
                                                        const char                  *host);
const char           *_ferry_path_object_to_prediction (const Plan                  *plan,
                                                        const FerryReflexive        *reflexive,
                                                        guint                        len);
const char           *_ferry_path_object_to_proxy      (const Plan                  *plan,
                                                        const FerryPathProxy        *proxy);
/* @len: of addresses of the family */
const FerryReflexive *_ferry_path_get_reflexive        (const Plan                  *plan,
                                                        guint                        len);

G_END_DECLS
