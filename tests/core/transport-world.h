/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "black-hole.h"
#include "core/transport.h"
#include "lab-proxy.h"

G_BEGIN_DECLS

#define ROMEO  "romeo@montague.lit/orchard"
#define JULIET "juliet@capulet.lit/balcony"

/* Romeo and Juliet with all that transports need. What Jingle would carry between
 * them, the world hands over itself, later and in order, as a server does. */

typedef struct _TransportWorld TransportWorld;

typedef struct
{
  TransportWorld      *world;
  const char          *jid;
  FakePort            *port;
  FerryRouter         *router;
  FerryProxies        *proxies;
  FerrySocks5Listener *listener;
  FerrySettings       *settings;
  FerryNetwork        *network;   /* (owned) (nullable) */
  gboolean             relay_only;
  FerryPathReport     *report;
  FerryTransport      *transport;
  GIOStream           *stream;
  GError              *error;
  guint                n_said;    /* infos */
  guint                n_refused; /* infos that were answered with an error */
} Party;

struct _TransportWorld
{
  FakeServer *server;
  LabProxy   *proxy;
  Party       parties[2];     /* the first proposes */
  const char *stream_sid;     /* (nullable): of the negotiation */
  gboolean    falls_back;
  gboolean    punches;        /* both advertise it */
  gboolean    holds_infos;    /* until released */
  GQueue      infos;
};

void          world_set_up          (TransportWorld   *self,
                                     gconstpointer     data);
/* Proves that nothing leaks. */
void          world_tear_down       (TransportWorld   *self,
                                     gconstpointer     data);
void          world_release_infos   (TransportWorld   *self);
/* Makes the party's end alone. */
void          world_make_transport  (TransportWorld   *self,
                                     guint             index,
                                     const char       *ns);
void          world_make_transports (TransportWorld   *self,
                                     const char       *ns);
/* Returns: (transfer full) */
FerryElement *party_prepare         (Party            *self);
/* As session-initiate and session-accept would. @hole: (nullable): where both parties are */
void          world_negotiate       (TransportWorld   *self,
                                     const char       *ns,
                                     const BlackHole  *hole);
void          world_open_both       (TransportWorld   *self);
void          world_discover_proxy  (TransportWorld   *self);
/* That no proxy joins streams of @sid but ours. */
void          world_expect_proxied  (TransportWorld   *self,
                                     const char       *sid);

void          world_assert_open_over (TransportWorld  *self,
                                      FerryPaths       path);
void          world_assert_failed   (TransportWorld   *self,
                                     guint             index,
                                     const char       *text);
/* Sends @size bytes from one party to the other, each in a thread. */
void          world_assert_carries  (TransportWorld   *self,
                                     guint             from,
                                     gsize             size);

G_END_DECLS
