/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/s5b-engine.h"

G_BEGIN_DECLS

/* Two engines and the network between them, all in memory: a world. It can be
 * copied at any moment, so that every order of what is under way can be tried. */

#define MSEC    G_GINT64_CONSTANT (1000)
#define N_ITEMS 64

/* What comes of a dial. */
typedef enum
{
  ANSWERS,
  REFUSES,    /* no such port */
  HOLE,       /* nothing ever comes back */
  PICKY,      /* listens, but only for H(initiator, responder) */
  CONTRARY,   /* … only for H(responder, initiator) */
} Reach;

/* How far each side gets. Hosts are named d0, d1 (Romeo's), D0, D1 (Juliet's), p, P (proxies). */
typedef struct
{
  Reach    direct[2];   /* by who dials */
  Reach    proxy[2];
  guint    n_direct[2]; /* offered */
  gboolean has_proxy[2];
  gboolean proxy_refuses; /* to activate */
  gboolean loses_answers; /* of both, to what is said */
  gboolean is_deaf[2];    /* refuses what the other says */
  gboolean punches;       /* … both; a and A are where their routers are */
  Reach    punch;
} Net;

typedef enum
{
  ITEM_NONE,
  ITEM_MESSAGE,
  ITEM_RESULT,
  ITEM_INBOUND,
  ITEM_LOST,
  ITEM_ACTIVATION,
  ITEM_ANSWER,
  ITEM_START,
} ItemKind;

typedef struct
{
  ItemKind     kind;
  gint64       when;
  guint        side;    /* whom it is for */
  FerryS5bInfo info;
  const char  *cid;     /* interned, as are: */
  const char  *jid;
  const char  *host;
  guint16      port;
  guint        link;
  gboolean     ok;
  gboolean     refused;
} Item;

/* A connection, or an attempt. */
typedef struct
{
  guint       dialler;
  guint       dial;     /* its id there */
  guint       inbound;  /* its id at the other end; 0: none yet */
  const char *host;     /* interned */
  gboolean    is_proxy;
  gboolean    is_open;
  gboolean    is_dropped;
} Link;

typedef struct
{
  FerryS5bEngine *engine[2];
  const Net      *net;
  const FerryS5bRules *rules;
  gint64          now;
  Item            items[N_ITEMS];
  guint           n_items;
  Link            links[N_ITEMS];
  guint           n_links;
  int             used[2];     /* link; -1: none */
  gint64          used_at[2];
  gboolean        failed[2];
  guint           reports[2];  /* candidate-used and -error sent */
} World;

World    world_new           (const Net           *net,
                              const FerryS5bRules *rules);
World    world_copy          (const World *world);
void     world_clear         (World       *world);
void     world_start         (World       *world);
/* Romeo hears of the agreement later. */
void     world_start_late    (World       *world);
/* Lets the item at @index happen. */
void     world_deliver       (World       *world,
                              guint        index);
/* Who wants to be woken first. Returns FALSE if nobody does. */
gboolean world_find_deadline (const World *world,
                              guint       *side,
                              gint64      *deadline);
void     world_wake          (World       *world,
                              guint        side,
                              gint64       deadline);
/* All that is left, as time would have it. */
void     world_play          (World       *world);

/* Tries every order, as far as @depth; from there on the natural one. Early timers too,
 * as long as they only start dials. @check: judges each ending. Returns how many. */
guint    world_explore       (const World *world,
                              guint        depth,
                              void       (*check) (const World *ending));
/* Both have it or neither, and it is the same. */
void     world_assert_same   (const World *world);

G_END_DECLS
