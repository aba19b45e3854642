/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/transport-s5b.h"
#include "net/socks5-dialer.h"
#include "proto/s5b-engine.h"
#include "proto/s5b-policy.h"

G_BEGIN_DECLS

struct _FerryTransportS5b
{
  GObject                 parent_instance;

  const FerryS5bVariant  *variant;         /* static */
  FerryRouter            *router;          /* (owned) */
  FerrySocks5Listener    *listener;        /* (owned) (nullable) */
  FerryProxies           *proxies;         /* (owned) (nullable) */
  FerrySocks5Dialer      *dialer;          /* (owned) */
  const FerryPeerProfile *profile;         /* static */
  FerryPaths              paths;           /* allowed */
  gboolean                allow_loopback;
  FerryRole               role;
  gboolean                proposer;
  gboolean                hides_hosts;     /* ours, until the peer has agreed: SEC-15 */
  char                   *own_jid;         /* (owned) */
  char                   *peer_jid;        /* (owned) */
  char                   *sid;             /* (owned) (nullable): of the stream, once known */

  FerryS5bEngine         *engine;          /* (owned) (nullable): once the sid is known */
  GPtrArray              *theirs;          /* (owned) (nullable): candidates the peer began with */
  guint                   expectation;     /* of the listener; 0: none */
  GHashTable             *connections;     /* (owned): id → S5bConnection (owned) */
  guint                   n_attempts;      /* connections begun */
  GSource                *deadline;        /* (owned) (nullable) */
  GCancellable           *activating;      /* (owned) */
  GTask                  *opening;         /* (owned) (nullable) */
  GSource                *cancelled;       /* (owned) (nullable): watches the cancellable of opening */

  gboolean                is_stopped;      /* open, failed or given up */

  FerryPaths              path;            /* taken; 0: none yet */
  char                   *local;           /* (owned) (nullable) */
  char                   *remote;          /* (owned) (nullable) */
};

/* One connection, or an attempt at it. */
typedef struct
{
  guint              id;
  GCancellable      *cancellable; /* (owned) */
  GSocketConnection *stream;      /* (owned) (nullable): once it stands */
  gboolean           inbound;
} S5bConnection;

/* transport-s5b.c */
FerryS5bVerdict _ferry_transport_s5b_handle        (FerryTransportS5b    *self,
                                                    const FerryS5bEvent  *event);

/* transport-s5b-effects.c */
void            _ferry_transport_s5b_run           (FerryTransportS5b    *self,
                                                    const FerryS5bEffect *effect);
void            _ferry_transport_s5b_stop          (FerryTransportS5b    *self);
void            _ferry_transport_s5b_fail          (FerryTransportS5b    *self,
                                                    GError               *error);

/* transport-s5b-offer.c */
void            _ferry_transport_s5b_prepare_async (FerryTransport       *transport,
                                                    GCancellable         *cancellable,
                                                    GAsyncReadyCallback   callback,
                                                    gpointer              user_data);

/* transport-s5b-connections.c */
void            _ferry_s5b_connection_free         (S5bConnection        *connection);
void            _ferry_transport_s5b_dial          (FerryTransportS5b    *self,
                                                    const FerryS5bEffect *effect);
void            _ferry_transport_s5b_accepted_cb   (GSocketConnection    *stream,
                                                    const char           *address,
                                                    gpointer              user_data);
void            _ferry_transport_s5b_sweep         (FerryTransportS5b    *self);

G_END_DECLS
