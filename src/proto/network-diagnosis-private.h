/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/network-diagnosis.h"

G_BEGIN_DECLS

/* Facts and results, counted: what kind, advice, findings and ways are judged by. Borrows. */
typedef struct
{
  const FerryPathFacts   *facts;
  const FerryTestResults *results;
  FerryNetworkKind        kind;
  gboolean                has_ipv4;
  gboolean                has_ipv6;
  gboolean                has_global4;
  gboolean                has_shared4;  /* of a carrier's own network */
  const FerryIpAddress   *global6;      /* (nullable) */
  const FerryPortMapping *open;         /* (nullable): IPv4, and others really get in there */
  const FerryPortMapping *inside;       /* (nullable): IPv4, with another router before it */
  const FerryPortMapping *pinhole;      /* (nullable) */
  const FerryPathProxy   *proxy;        /* (nullable): of our own server, the quickest that works */
  guint                   n_proxies;    /* of our own server */
  guint                   n_broken;
} FerrySight;

/* An address of ours by which people could be met: not this machine's, nor its guests'. */
gboolean   _ferry_sight_counts       (const FerryInterfaceAddress *address);
/* Whether somebody translates after the router that calls @external its own. */
gboolean   _ferry_sight_contradicts  (const FerrySight            *self,
                                      const FerryIpAddress        *external);

GPtrArray *_ferry_diagnosis_find     (const FerrySight            *sight);
void       _ferry_diagnosis_judge_ways (const FerrySight          *sight,
                                        FerryWayFinding           *ways);

G_END_DECLS
