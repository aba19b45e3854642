/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/path-facts.h"

G_BEGIN_DECLS

/* How we came to a host that others may reach us at. */
typedef enum
{
  FERRY_ORIGIN_HOST,      /* an address of an interface */
  FERRY_ORIGIN_MAPPED,    /* a router's, which hands the port through */
  FERRY_ORIGIN_PREDICTED, /* a router's, with a hole that both ends punch */
  FERRY_ORIGIN_PROXY,
} FerryPathOrigin;

/* One host, to be offered or not. */
typedef struct
{
  FerryPathOrigin  origin;
  char            *host;     /* (owned): empty: a prediction, and not known */
  guint16          port;
  char            *jid;      /* (owned) (nullable): of the proxy */
  char            *via;      /* (owned) (nullable): the interface, or the method of the mapping */
  char            *left_out; /* (owned) (nullable): English: why it is not offered; %NULL: it is */
} FerryPlannedHost;

/* What this session allows. */
typedef struct
{
  gboolean may_direct;     /* our addresses may be told (SEC-15), and direct paths are wanted */
  gboolean may_proxy;
  gboolean may_punch;      /* both ends can; with may_direct */
  gboolean allow_loopback; /* tests and demo only */
  guint    max_direct;     /* hosts, those of origin PROXY not counted */
  guint    max_proxies;
} FerryPathRules;

/**
 * ferry_path_plan:
 *
 * Orders, limits and types what we offer: the one place that decides it. Best first: the
 * interfaces of the local network, global IPv6, mappings, the prediction, mappings behind a
 * carrier's translator, proxies by delay, our own server's before others'.
 *
 * Returns: (transfer full) (element-type FerryPlannedHost): those offered in their order of
 *   preference, and after them those left out
 */
GPtrArray *ferry_path_plan         (const FerryPathFacts *facts,
                                    const FerryPathRules *rules);
void       ferry_planned_host_free (FerryPlannedHost     *self);
/* "interface", "mapped", "hole punching", "proxy" */
const char *ferry_path_origin_to_string (FerryPathOrigin origin);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FerryPlannedHost, ferry_planned_host_free)

G_END_DECLS
