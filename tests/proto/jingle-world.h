/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/dialect.h"

G_BEGIN_DECLS

/* Two of us, joined by two queues in memory. Everything that can happen next, does:
 * the world is copied before each step, and every order of deliveries, of local
 * events and of the user's moods is walked to its end. */

enum
{
  ROMEO,  /* initiator: offers a file, or asks for one */
  JULIET, /* responder */
  N_SIDES,
};

typedef struct
{
  const char *name;
  const FerryDialect *dialect;
  gboolean    is_request;  /* Juliet has the file */
  gboolean    s5b_works;   /* any transport that is not in-band */
  gboolean    ibb_works;
  gboolean    unprepared;  /* a transport may turn out not to be had */
  gboolean    corrupt;     /* other bytes arrive than were sent */
  gboolean    late_hash;   /* the offer only announces it */
  guint       cancels;     /* on each side */
  guint       declines;
  guint       disk_errors;
  guint       infos;       /* transport-infos of each side, at any time */
  guint       leavings;    /* how often each side's presence goes away */
  guint       alarms;      /* deadlines that strike while other things could happen */
  guint       replaces;    /* transport-replaces that Juliet's broken client throws in */
  gboolean    is_stream;   /* an XML stream, not a file */
  const char *terms[N_SIDES]; /* of encryption, as in jingle-script; none: there is none */
  gboolean    is_phrase;   /* Juliet has it */
  gboolean    is_plain;    /* they do not come to encrypt */
  gboolean    strips[N_SIDES]; /* somebody on the way takes encryption out of what they hear */
  guint       handshakes;  /* how many fail though the stream stands */
} JingleScenario;

/* What travels: a request, or the answer to one. */
typedef struct
{
  FerryElement *iq;  /* (owned) */
  guint         tag; /* of the request; 0: nobody waits */
} JingleMessage;

typedef struct
{
  FerrySession *session;  /* (owned) */
  GArray       *inbox;    /* (element-type JingleMessage) (owned) */
  gint64        alarm;
  guint         transport; /* which one is prepared, counted; 0: none */
  const char   *ns;
  gboolean      is_bare;   /* the transport has nothing to say of itself */
  gboolean      preparing, opening, is_open, pumping, asked, storing;
  gboolean      securing, is_secured, was_secured;
  gboolean      ended;
  FerryOutcome  outcome;
  guint         cancels, declines, infos, leavings, hashes;
} JingleSide;

typedef struct
{
  const JingleScenario *scenario;
  guint                 sender;
  JingleSide            sides[N_SIDES];
  gint64          now;
  gboolean        bytes_sent;
  gboolean        stored;
  gboolean        closed;  /* the stream, in good order */
  guint           alarms, disk_errors, replaces, handshakes;
} JingleWorld;

typedef enum
{
  DELIVER, PREPARED, UNPREPARED, OPENED, FAILED, DONE, BROKEN, STORED, DISK, HASHES, ACCEPT,
  DECLINE, CANCEL, INFO, LEAVE, REPLACE, SECURED, UNSECURED, ALARM, N_MOVES,
} JingleMove;

extern const char *const jingle_world_jids[N_SIDES];

/* The digests that the dialect can tell. */
void                  jingle_world_fill_digests  (const JingleScenario *scenario,
                                                  FerryHashes          *hashes,
                                                  char                  letter);
FerryFileDescription *jingle_world_describe_file (const JingleScenario *scenario);

JingleWorld *jingle_world_new  (const JingleScenario  *scenario);
JingleWorld *jingle_world_copy (const JingleWorld     *world);
void         jingle_world_free (JingleWorld           *world);
/* An event that carries nothing. */
void         jingle_world_tell (JingleWorld           *world,
                                guint                  side,
                                FerrySessionEventKind  kind);
gboolean     jingle_world_can  (const JingleWorld     *world,
                                guint                  side,
                                JingleMove             move);
void         jingle_world_make (JingleWorld           *world,
                                guint                  side,
                                JingleMove             move);
guint        jingle_world_feed (JingleWorld           *world,
                                guint                  side,
                                FerrySessionEvent     *event,
                                guint                  tag);

/* jingle-world-streams.c */
gboolean     jingle_world_is_secured    (const JingleWorld  *world);
FerryElement *jingle_world_strip        (const FerryElement *iq);
gboolean     jingle_world_is_there      (const JingleSide   *self);
gboolean     jingle_world_is_met        (const JingleWorld  *world);
gboolean     jingle_world_can_be_done   (const JingleWorld  *world,
                                         guint               side);
void         jingle_world_end_stream    (JingleWorld        *world,
                                         guint               side,
                                         JingleMove          move);
void         jingle_world_end_handshake (JingleWorld        *world,
                                         guint               side,
                                         JingleMove          move);

G_END_DECLS
