/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/s5b-connector.h"
#include "net/socks5-dialer.h"
#include "proto/path-planner.h"
#include "proto/s5b-policy.h"

G_BEGIN_DECLS

struct _FerryS5bConnector
{
  GObject                 parent_instance;

  FerryRouter            *router;          /* (owned) */
  FerrySocks5Listener    *listener;        /* (owned) (nullable) */
  FerryProxies           *proxies;         /* (owned) (nullable) */
  FerryNetwork           *network;         /* (owned) (nullable) */
  FerrySocks5Dialer      *dialer;          /* (owned) */
  const FerryPeerProfile *profile;         /* static */
  const FerryS5bRules    *rules;           /* static */
  FerryPaths              paths;           /* allowed */
  gboolean                relay_only;      /* nobody but our own server learns where we are */
  gboolean                allow_loopback;
  FerryRole               role;
  gboolean                hides_hosts;     /* ours, until the peer has agreed: SEC-15 */
  char                   *own_jid;         /* (owned) */
  char                   *peer_jid;        /* (owned) */
  char                   *sid;             /* (owned) (nullable): of the stream, once known */
  gboolean                peer_punches;    /* and so do we, in this age of S5B */
  FerryPathReport        *report;          /* (owned) (nullable) */
  const FerryS5bConnectorFuncs *funcs;     /* static */
  gpointer                user_data;

  FerryS5bEngine         *engine;          /* (owned) (nullable): once the sid is known */
  GPtrArray              *planned;         /* (owned): FerryPlannedHost: what of ours is offered */
  GPtrArray              *own;             /* (owned) (nullable): FerryS5bCandidate: the same */
  GPtrArray              *theirs;          /* (owned): FerryS5bCandidate: all that the peer named */
  guint                   n_assisted;      /* places that the peer named for holes */
  GPtrArray              *knocked;         /* (owned): … of them, those that we knock at */
  GCancellable           *knocking;        /* (owned) */
  guint                   expectation;     /* of the listener; 0: none */
  GHashTable             *connections;     /* (owned): id → S5bConnection (owned) */
  guint                   n_attempts;      /* connections begun */
  GSource                *deadline;        /* (owned) (nullable) */
  GCancellable           *activating;      /* (owned) */
  GTask                  *opening;         /* (owned) (nullable) */
  GSource                *cancelled;       /* (owned) (nullable): watches its cancellable */

  gboolean                is_stopped;      /* open, failed or given up */

  FerryPaths              path;            /* taken; 0: none yet */
  const char             *way;             /* (nullable): static: the same, more precisely */
  char                   *local;           /* (owned) (nullable) */
  char                   *remote;          /* (owned) (nullable) */
};

/* s5b-connector.c: whether the peer may be reached without anybody in between, and we by it. */
gboolean _ferry_s5b_connector_is_direct (FerryS5bConnector   *self);

/* s5b-connector-inbound.c */
void        _ferry_s5b_connector_accepted_cb   (GSocketConnection    *stream,
                                                const char           *address,
                                                gpointer              user_data);
void        _ferry_s5b_connector_sweep         (FerryS5bConnector    *self);

G_END_DECLS
