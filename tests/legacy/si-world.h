/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/dialect.h"

G_BEGIN_DECLS

/* Two of us, by stream initiation or REL, joined by two queues in memory and a stream that may
 * break. The world is copied before each step, so that every order of things can be walked. */

enum
{
  ROMEO,  /* offers the file */
  JULIET, /* is asked */
  N_SIDES,
};

typedef struct
{
  const char         *name;
  const FerryDialect *dialect;
  gboolean            works;       /* a stream can be had */
  gboolean            s5b_fails;   /* … but not over SOCKS5 */
  gboolean            unprepared;  /* … or turn out not to, at once */
  gboolean            corrupt;     /* other bytes arrive than were sent */
  gboolean            silent;      /* the peer's close may not be seen in time */
  guint               cancels;     /* on each side */
  guint               declines;
  guint               disk_errors;
  guint               leavings;    /* how often each side's presence goes away */
  guint               alarms;      /* deadlines that strike while other things could happen */
  guint               repeats;     /* how often the offer is made again under its id */
} SiScenario;

/* What travels: a request, or the answer to one. */
typedef struct
{
  FerryElement *iq;  /* (owned) */
  guint         tag; /* of the request; 0: nobody waits */
} SiMessage;

typedef struct
{
  FerrySession *session;  /* (owned) */
  GArray       *inbox;    /* (element-type SiMessage) (owned) */
  gint64        alarm;    /* µs; 0: none */
  guint         n_held;   /* requests not yet answered */
  guint         held_tag; /* of the one that is held */
  const char   *ns;       /* (nullable): of the last transport */
  gboolean      has_transport, preparing, opening, is_open, was_open, pumping, asked, storing;
  gboolean      ended;
  FerryOutcome  outcome;
  guint         cancels, declines, leavings;
} SiSide;

typedef struct
{
  const SiScenario *scenario;
  SiSide            sides[N_SIDES];
  gint64            now;
  gboolean          sent;   /* Romeo gave the stream every byte */
  gboolean          taken;  /* Juliet took every byte from it */
  gboolean          stored;
  FerryElement     *offer;  /* (owned) (nullable) */
  guint             alarms, disk_errors, repeats;
} SiWorld;

typedef enum
{
  DELIVER, PREPARED, UNPREPARED, OPENED, FAILED, SENT, TAKEN, CONFIRMED, UNCONFIRMED, BROKEN,
  STORED, DISK, ACCEPT, DECLINE, CANCEL, LEAVE, REPEAT, ALARM, N_MOVES,
} SiMove;

SiWorld *si_world_new   (const SiScenario *scenario);
SiWorld *si_world_copy  (const SiWorld    *world);
void     si_world_free  (SiWorld          *world);
void     si_world_start (SiWorld          *world);
gboolean si_world_can   (const SiWorld    *world,
                         guint             side,
                         SiMove            move);
void     si_world_make  (SiWorld          *world,
                         guint             side,
                         SiMove            move);

/* si-world-walk.c: what a kind of session adds to the walk through all that may happen. */
typedef struct
{
  void (*print_session) (GString            *out, /* what tells it from others of its world */
                         const FerrySession *session);
  void (*check_end)     (const SiWorld      *world);
} SiWalk;

void     si_world_walk  (const SiScenario *scenario,
                         const SiWalk     *kind);

G_END_DECLS
