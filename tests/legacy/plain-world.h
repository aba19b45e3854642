/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/dialect.h"

G_BEGIN_DECLS

/* Two sessions of a dialect that leaves the end of a file to the stream, joined by two queues in
 * memory. A world is copied before each step, so that every order of deliveries, of local events
 * and of the users' moods can be walked to its end. */

enum
{
  ROMEO,  /* initiator, sends the file */
  JULIET, /* responder */
  N_SIDES,
};

typedef struct
{
  const char         *name;
  const FerryDialect *dialect;
  gboolean            s5b_works;
  gboolean            ibb_works;
  gboolean            unprepared;  /* a transport may turn out not to be had */
  guint               cancels;     /* on each side */
  guint               declines;
  guint               disk_errors;
  guint               leavings;    /* how often each side's presence goes away */
  guint               alarms;      /* deadlines that strike while other things could happen */
} PlainScenario;

/* What travels: a request, or the answer to one. */
typedef struct
{
  FerryElement *iq;  /* (owned) */
  guint         tag; /* of the request */
} PlainMessage;

typedef struct
{
  FerrySession *session;  /* (owned) */
  GArray       *inbox;    /* (element-type PlainMessage) (owned) */
  gint64        alarm;    /* µs; 0: none */
  guint         owed;     /* requests not answered yet */
  guint         owed_tag; /* … of the last of them */
  const char   *ns;       /* (nullable): of the transport there is */
  gboolean      falls_back;
  guint         tried;    /* bit per transport of the dialect that was prepared */
  gboolean      preparing, opening, is_open, pumping, asked, storing;
  gboolean      ended;
  FerryOutcome  outcome;
  guint         cancels, declines, leavings;
} PlainSide;

typedef struct
{
  const PlainScenario *scenario;
  PlainSide            sides[N_SIDES];
  gint64               now;
  gboolean             has_begun;  /* Juliet knows of it */
  gboolean             bytes_sent; /* … and Juliet has them */
  gboolean             stored;
  guint                alarms, disk_errors;
} PlainWorld;

typedef enum
{
  DELIVER, PREPARED, UNPREPARED, OPENED, FAILED, DONE, UNCONFIRMED, BROKEN, STORED, DISK, ACCEPT,
  DECLINE, CANCEL, LEAVE, ALARM, N_MOVES,
} PlainMove;

PlainWorld *plain_world_new  (const PlainScenario *scenario);
PlainWorld *plain_world_copy (const PlainWorld    *world);
void        plain_world_free (PlainWorld          *world);
gboolean    plain_world_can  (const PlainWorld    *world,
                              guint                side,
                              PlainMove            move);
void        plain_world_make (PlainWorld          *world,
                              guint                side,
                              PlainMove            move);

G_END_DECLS
