/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "legacy/si-session.h"

G_BEGIN_DECLS

/* Who waits for whom, in the order of a transfer. */
typedef enum
{
  PHASE_IDLE,
  PHASE_OFFERED,    /* initiator: for the peer's user */
  PHASE_ASKING,     /* responder: for our user; the peer's iq is held */
  PHASE_PREPARING,  /* for our transport; responder: the iq is still held */
  PHASE_CONNECTING, /* for the transport to open */
  PHASE_MOVING,     /* for the bytes; initiator: for the peer to close the stream, too */
  PHASE_STORING,    /* responder: for the disk */
  PHASE_ENDED,
} FerrySiPhase;

typedef struct
{
  FerrySession          parent;
  const FerrySiText    *text;          /* static */
  char                 *sid;           /* (owned) */
  guint                 methods;       /* bit per FerrySiMethod: allowed, and later offered, too */
  FerrySiPhase          phase;
  gint64                deadline;      /* µs, monotonic; 0: none */

  FerryFileDescription *file;          /* (owned) */
  FerrySiOffer          offer;         /* responder: the words of it; its file is @file */
  FerryElement         *held;          /* (owned) (nullable): responder: the iq not yet answered */
  FerrySiMethod         method;        /* agreed on, from PREPARING on */
  gboolean              has_transport; /* the executor has one to close */
  gint64                offset;        /* where the transfer begins, bytes */
  gint64                length;        /* bytes; -1: to the end */
} FerrySiSession;

/* One event being handled. */
typedef struct
{
  const FerrySessionEvent *event;
  gint64                   now;     /* µs, monotonic */
  FerrySessionEffects     *effects;
} FerrySiTurn;

typedef void (*FerrySiEventFunc) (FerrySiSession    *self,
                                  const FerrySiTurn *turn);

/* si-session-offer.c: until both sides agree */
void ferry_si_session_start       (FerrySiSession    *self,
                                   const FerrySiTurn *turn);
void ferry_si_session_answered    (FerrySiSession    *self,
                                   const FerrySiTurn *turn);
void ferry_si_session_receive     (FerrySiSession    *self,
                                   const FerrySiTurn *turn);
void ferry_si_session_agree       (FerrySiSession    *self,
                                   const FerrySiTurn *turn);

/* si-session-stream.c: from there on */
void ferry_si_session_prepare     (FerrySiSession    *self,
                                   const FerrySiTurn *turn);
void ferry_si_session_prepared    (FerrySiSession    *self,
                                   const FerrySiTurn *turn);
void ferry_si_session_opened      (FerrySiSession    *self,
                                   const FerrySiTurn *turn);
void ferry_si_session_failed      (FerrySiSession    *self,
                                   const FerrySiTurn *turn);
void ferry_si_session_data_done   (FerrySiSession    *self,
                                   const FerrySiTurn *turn);
void ferry_si_session_data_failed (FerrySiSession    *self,
                                   const FerrySiTurn *turn);
void ferry_si_session_stored      (FerrySiSession    *self,
                                   const FerrySiTurn *turn);

/* si-session.c: how it moves on, and how it ends */
void ferry_si_session_enter       (FerrySiSession    *self,
                                   const FerrySiTurn *turn,
                                   FerrySiPhase       phase,
                                   gint64             deadline);
/* Consumes @iq. */
void ferry_si_session_reply       (const FerrySiTurn *turn,
                                   FerryElement      *iq);
/* Refuses what is held and closes what is open. @text: (nullable): for the log */
void ferry_si_session_end         (FerrySiSession    *self,
                                   const FerrySiTurn *turn,
                                   FerryOutcome       outcome,
                                   const char        *text);

G_END_DECLS
