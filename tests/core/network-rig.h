/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/network-private.h"
#include "fake-port.h"

G_BEGIN_DECLS

#define ROMEO  "romeo@montague.lit/orchard"
#define SERVER "montague.lit"

/* A network of which nothing is real: what the parts of net/ would find is written here. */
typedef struct
{
  /* What there is. */
  const char *addresses;   /* of this machine, with blanks between */
  const char *proxy;       /* of the desktop: an URI; %NULL: the desktop does not know */
  gboolean    is_slow;     /* STUN servers and the desktop wait for rig_answer_all() */
  const char *seen;        /* what STUN servers say; %NULL: nothing */
  gboolean    never_stops; /* routers do not take back */

  /* What was done. */
  GString    *asked;       /* STUN servers, with blanks behind */
  GPtrArray  *waiting;     /* (owned): GTask (owned): of slow ones */
  guint       n_lookups;   /* of desktop proxies */
  GObject    *mappings;    /* (unowned) (nullable) */
  guint       n_mapped;    /* how often routers were asked */
  guint       n_stopped;
  guint16     port;        /* that they were asked for */
} Rig;

extern Rig rig;

typedef struct
{
  FakePort            *port;
  FerryRouter         *router;
  FerrySocks5Listener *listener;
  FerrySettings       *settings;
  FerryNetwork        *network;
  guint                n_changed;
} Fixture;

/* @data: (nullable): void (*) (FerrySettings *): what is set otherwise */
void     rig_set_up            (Fixture       *fixture,
                                gconstpointer  data);
void     rig_tear_down         (Fixture       *fixture,
                                gconstpointer  data);
/* Our server is there. */
void     rig_go_online         (Fixture       *fixture);
/* Routers answer: @external: (nullable): none of them lets anything in */
void     rig_let_routers_answer (const char   *external);
/* Those that are slow: now. */
void     rig_answer_all        (void);
/* Answers the next question to our server, which must be one of @xmlns. */
void     rig_answer_server     (Fixture       *fixture,
                                const char    *name,
                                const char    *xmlns,
                                const char    *children);
/* Our server names STUN servers. */
void     rig_announce          (Fixture       *fixture,
                                const char    *xmlns,
                                const char    *services);
void     rig_wait_ms           (guint          ms);

G_END_DECLS
