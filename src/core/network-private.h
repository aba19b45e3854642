/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/network.h"

G_BEGIN_DECLS

/* What it learns the network by: the parts of net/, or what a test has in their place. */
typedef struct
{
  GPtrArray *(*list_addresses)      (gboolean              with_loopback);
  guint16    (*reserve_port)        (FerrySocks5Listener  *listener);

  void       (*query_async)         (GInetSocketAddress   *server,
                                     const FerryIpAddress *own,
                                     guint                 timeout,
                                     GCancellable         *cancellable,
                                     GAsyncReadyCallback   callback,
                                     gpointer              user_data);
  gboolean   (*query_finish)        (GAsyncResult         *result,
                                     FerryReflexive       *reflexive,
                                     GError              **error);

  /* Has a signal "changed", as #FerryPortMappings. */
  GObject   *(*mappings_new)        (const char           *lease_file);
  void       (*mappings_start)      (GObject              *mappings,
                                     guint16               port);
  gboolean   (*mappings_is_settled) (GObject              *mappings);
  GArray    *(*mappings_get)        (GObject              *mappings);
  void       (*mappings_stop_async) (GObject              *mappings,
                                     GAsyncReadyCallback   callback,
                                     gpointer              user_data);
  void       (*mappings_stop_finish) (GObject             *mappings,
                                      GAsyncResult        *result);
} FerryNetworkSenses;

/* network-senses.c: the real ones. */
extern const FerryNetworkSenses ferry_network_senses;

/* A STUN server by name. */
typedef struct
{
  char    *host; /* (owned) */
  guint16  port;
} FerryStunServer;

struct _FerryNetwork
{
  GObject                   parent_instance;
  FerryRouter              *router;         /* (owned) */
  FerrySocks5Listener      *listener;       /* (owned) */
  FerryProxies             *proxies;        /* (owned) (nullable) */
  FerrySettings            *settings;       /* (owned): STUN server, mapping and relay only change */
  const FerryNetworkSenses *senses;         /* static */
  GProxyResolver           *resolver;       /* (owned): of the desktop */

  FerryPathFacts           *facts;          /* (owned) */
  gboolean                  is_started;
  gboolean                  is_online;      /* our server was there, once */
  gboolean                  knows_desktop;  /* whether there is a desktop proxy */
  GProxyResolver           *desktop_proxy;  /* (owned) (nullable) */
  GObject                  *mappings;       /* (owned) (nullable) */
  GPtrArray                *stun_servers;   /* (owned): FerryStunServer (owned): of our server */
  char                     *stun_fault;     /* (owned) (nullable) */
  GCancellable             *round;          /* (owned) (nullable): of what is being found out */
  guint                     n_open;         /* questions of this round */
  GPtrArray                *waiters;        /* (owned): GTask (owned) of wait_async() */
  GPtrArray                *stoppers;       /* (owned): GTask (owned) of stop_async() */
  guint                     n_leaving;      /* mappings being given back */
  guint                     settling_id;    /* timeout: until changes of the network have ended */
  guint                     push_ids[2];    /* handlers of pushed services */
  gint64                    slept;          /* µs: that this machine has slept in all */
};

/* Before start(). @senses: static */
void     ferry_network_set_senses   (FerryNetwork             *self,
                                     const FerryNetworkSenses *senses);
void     ferry_network_set_resolver (FerryNetwork             *self,
                                     GProxyResolver           *resolver);

/* network.c: something is known better. */
void     ferry_network_changed      (FerryNetwork             *self);

/* network-question.c: one question of this round, to be answered once. */
typedef struct _FerryNetworkQuestion FerryNetworkQuestion;

FerryNetworkQuestion *ferry_network_ask       (FerryNetwork         *self);
/* Returns: (nullable) (transfer none): while the network lives and the answer is wanted */
FerryNetwork         *ferry_network_get_asker (FerryNetworkQuestion *question);
/* Of the round. */
GCancellable         *ferry_network_get_round (FerryNetworkQuestion *question);
/* The last of it. Consumes @question. Returns: (nullable) (transfer full): as get_asker() */
FerryNetwork         *ferry_network_answer    (FerryNetworkQuestion *question);

/* network-round.c: finds out everything anew. */
void     ferry_network_begin_round  (FerryNetwork             *self);
/* … if there is a desktop proxy now, or none any more. */
void     ferry_network_check_desktop (FerryNetwork            *self);
/* Returns: whether the addresses of this machine are others than before */
gboolean ferry_network_look_at_addresses (FerryNetwork        *self);
void     ferry_network_take_proxies (FerryNetwork             *self);
/* Gives back what routers gave us; then those who stop are told. */
void     ferry_network_leave_routers (FerryNetwork            *self);

/* network-watch.c: when to do so. */
void     ferry_network_watch        (FerryNetwork             *self);
void     ferry_network_unwatch      (FerryNetwork             *self);
/* Whether this machine has slept since this was asked last. */
gboolean ferry_network_has_slept    (FerryNetwork             *self);

/* network-services.c: which STUN servers our own server names (XEP-0215). */
void     ferry_network_ask_services (FerryNetwork             *self);
void     ferry_network_watch_services (FerryNetwork           *self);
void     ferry_network_unwatch_services (FerryNetwork         *self);

/* network-stun.c */
FerryStunServer *ferry_stun_server_new  (const char           *host,
                                         guint16               port);
void             ferry_stun_server_free (FerryStunServer      *self);
/* How we look from outside, for IPv4 and IPv6. */
void     ferry_network_ask_stun     (FerryNetwork             *self);

G_END_DECLS
