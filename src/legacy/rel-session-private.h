/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "legacy/rel-codec.h"
#include "legacy/rel-session.h"

G_BEGIN_DECLS

/* Who waits for whom, in the order of a transfer. The states of XEP-0041's streams: INIT is
 * PREPARING and CONNECTING, GOOD is MOVING. BAD leads to the next round, or to the end; CLOS
 * and ERR are ends. */
typedef enum
{
  PHASE_IDLE,
  PHASE_OFFERED,     /* initiator: for the peer's user, and a cid */
  PHASE_ASKING,      /* responder: for our user; the peer's iq is held */
  PHASE_LINKED,      /* responder: the cid is known: for a proposal of methods */
  PHASE_NEGOTIATING, /* initiator: for the choice of one */
  PHASE_PREPARING,   /* for our transport; responder: the proposal is held */
  PHASE_CONNECTING,  /* for the transport to open */
  PHASE_MOVING,      /* for the bytes; initiator: for the peer to close the stream, too */
  PHASE_STORING,     /* responder: for the disk */
  PHASE_ENDED,
} FerryRelPhase;

typedef struct
{
  FerrySession          parent;
  char                 *cid;           /* (owned) (nullable): initiator: once it was told */
  guint                 methods;       /* bit per FerryRelMethod: allowed, and not yet BAD */
  guint                 offered;       /* … that are in the proposal, too */
  FerryRelMethod        method;        /* of the stream, from PREPARING on */
  gboolean              keep_alive;    /* if the stream is BAD, the initiator proposes again */
  gboolean              was_bad;       /* a stream was */
  FerryRelPhase         phase;
  gint64                deadline;      /* µs, monotonic; 0: none */

  FerryFileDescription *file;          /* (owned) */
  FerryElement         *held;          /* (owned) (nullable): responder: the iq not yet answered */
  gboolean              has_transport; /* the executor has one to close */
} FerryRelSession;

/* One event being handled. */
typedef struct
{
  const FerrySessionEvent *event;
  gint64                   now;     /* µs, monotonic */
  FerrySessionEffects     *effects;
} FerryRelTurn;

typedef void (*FerryRelEventFunc) (FerryRelSession    *self,
                                   const FerryRelTurn *turn);

/* rel-session-offer.c: until both sides know the cid */
void ferry_rel_session_start         (FerryRelSession    *self,
                                      const FerryRelTurn *turn);
void ferry_rel_session_consented     (FerryRelSession    *self,
                                      const FerryRelTurn *turn);
void ferry_rel_session_receive_offer (FerryRelSession    *self,
                                      const FerryRelTurn *turn);
void ferry_rel_session_agree         (FerryRelSession    *self,
                                      const FerryRelTurn *turn);

/* rel-session-method.c: until a stream stands, round by round */
void ferry_rel_session_propose       (FerryRelSession    *self,
                                      const FerryRelTurn *turn);
void ferry_rel_session_chosen        (FerryRelSession    *self,
                                      const FerryRelTurn *turn);
void ferry_rel_session_receive_query (FerryRelSession    *self,
                                      const FerryRelTurn *turn);
void ferry_rel_session_prepared      (FerryRelSession    *self,
                                      const FerryRelTurn *turn);
/* The stream is BAD. */
void ferry_rel_session_failed        (FerryRelSession    *self,
                                      const FerryRelTurn *turn);

/* rel-session.c: how it moves on, and how it ends */
void ferry_rel_session_enter         (FerryRelSession    *self,
                                      const FerryRelTurn *turn,
                                      FerryRelPhase       phase,
                                      gint64              deadline);
/* Consumes @iq. */
void ferry_rel_session_reply         (const FerryRelTurn *turn,
                                      FerryElement       *iq);
/* Refuses what is held. */
void ferry_rel_session_refuse        (FerryRelSession    *self,
                                      const FerryRelTurn *turn,
                                      FerryRelRefusal     refusal);
void ferry_rel_session_close         (FerryRelSession    *self,
                                      const FerryRelTurn *turn);
/* Refuses what is held and closes what is open: the cid means nothing any more.
 * @text: (nullable): for the log */
void ferry_rel_session_end           (FerryRelSession    *self,
                                      const FerryRelTurn *turn,
                                      FerryOutcome        outcome,
                                      const char         *text);

G_END_DECLS
