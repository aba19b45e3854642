/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/jingle-codec.h"
#include "proto/jingle-session.h"

G_BEGIN_DECLS

/* Who waits for whom, in the order of a transfer: code compares (before the bytes or not). */
typedef enum
{
  PHASE_IDLE,
  PHASE_PREPARING,  /* initiator: for our transport, to open the session with */
  PHASE_OFFERED,    /* initiator: for the peer's user */
  PHASE_ASKING,     /* responder: for our user */
  PHASE_ACCEPTING,  /* responder: for our transport, to accept with */
  PHASE_CONNECTING, /* for the transport to open */
  PHASE_FAILED,     /* it did not: for the peer's transport-replace, or its end */
  PHASE_PROPOSING,  /* for the transport we want to replace it with */
  PHASE_PROPOSED,   /* for the answer to our transport-replace */
  PHASE_FOLLOWING,  /* for our side of the transport the peer proposed */
  PHASE_MOVING,     /* for the bytes */
  PHASE_BROKEN,     /* the stream broke: for the peer to say why */
  PHASE_CHECKSUM,   /* receiver: for hashes to compare */
  PHASE_STORING,    /* receiver: for the disk */
  PHASE_CONFIRMING, /* sender: for the receiver's word */
  PHASE_ENDED,
} FerryJinglePhase;

/* The kind of a request whose answer matters: the low bits of its tag. */
enum
{
  TAG_NONE,
  TAG_INITIATE,
  TAG_ACCEPT,
  TAG_REPLACE,
  TAG_TRANSPORT_ACCEPT,
  TAG_PING,
  TAG_CHECKSUM,
};
#define TAG_BITS 3

typedef struct
{
  FerrySession              parent;
  const FerryJingleFlavour *flavour;    /* static */
  const FerryJingleApplication *application; /* static: the one of the session's description */
  const FerryPeerProfile   *profile;    /* static */
  FerryRole                 role;
  FerryDirection            direction;  /* of the bytes, seen from us; independent of the role */
  char                     *own_jid;    /* (owned) */
  char                     *peer_jid;   /* (owned) */
  char                     *sid;        /* (owned) */
  const char              **transports; /* (owned): interned, best first, NULL-terminated */

  FerryJingleState          state;
  FerryJinglePhase          phase;
  gint64                    deadline;   /* µs, monotonic; 0: none */

  FerryFileDescription     *file;       /* (owned) */
  FerryRole                 creator;    /* of the content */
  char                     *content;    /* (owned) (nullable): its name */
  GPtrArray                *dropped;    /* (element-type utf8) (owned): contents we let go */
  gint64                    offset;     /* where the transfer begins, bytes */
  gint64                    length;     /* bytes; -1: to the end */
  guint                     said;       /* sender: bit per hash whose digest the peer has */
  guint                     n_unheard;  /* sender: checksums that did not reach the peer */
  FerryHashes               computed;   /* receiver */
  gboolean                  received;   /* sender: the peer says it has all */
  gboolean                  is_asked;   /* CONFIRMING: whether it is still there, in vain so far */
  gint64                    patience;   /* CONFIRMING: µs: its end, whatever the peer says */
  FerryOutcome              outcome;    /* BROKEN: what it will be if the peer stays silent */
  char                     *text;       /* (owned) (nullable): with it */

  const char               *transport_ns;    /* (nullable): of the one on the table; interned */
  gboolean                  has_transport;   /* the executor has one to close */
  guint                     n_transports;    /* how many were on the table; tells answers apart */
  guint                     next_transport;  /* the first of @transports that we did not propose */
  gboolean                  in_band_tried;
  FerryElement             *remote;          /* (owned) (nullable): the peer's, to be accepted */
  const char               *retired_ns;      /* (nullable): of the transport before; interned */
} FerryJingleSession;

/* One event being handled. */
typedef struct
{
  const FerrySessionEvent *event;
  gint64                   now;     /* µs, monotonic */
  FerrySessionEffects     *effects;
} FerryJingleTurn;

/* A stanza of the peer's that is legal in this state, and the state after it. */
typedef struct
{
  const FerryElement *iq;
  const FerryJingle  *jingle;
  FerryJingleState    next;
} FerryJingleRequest;

typedef void (*FerryJingleEventFunc)   (FerryJingleSession       *self,
                                        const FerryJingleTurn    *turn);
typedef void (*FerryJingleRequestFunc) (FerryJingleSession       *self,
                                        const FerryJingleTurn    *turn,
                                        const FerryJingleRequest *request);

/* jingle-session-effects.c: what a session says and asks for */
void         ferry_jingle_session_acknowledge (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn,
                                               const FerryJingleRequest *request);
void         ferry_jingle_session_refuse      (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn,
                                               FerryJingleRefusal        refusal,
                                               const char               *text);
void         ferry_jingle_session_send        (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn,
                                               FerryJingle              *request,
                                               guint                     kind);
void         ferry_jingle_session_send_content (FerryJingleSession      *self,
                                               const FerryJingleTurn    *turn,
                                               FerryJingleAction         action,
                                               FerryElement             *transport,
                                               guint                     kind);
void         ferry_jingle_session_send_info   (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn,
                                               FerryElement             *info,
                                               guint                     kind);
guint        ferry_jingle_session_get_tag     (const FerryJingleSession *self,
                                               guint                     kind);
void         ferry_jingle_session_remote      (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn,
                                               FerryElement             *transport);
void         ferry_jingle_session_enter       (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn,
                                               FerryJinglePhase          phase,
                                               gint64                    deadline);
void         ferry_jingle_session_close       (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn);
void         ferry_jingle_session_end         (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn,
                                               FerryOutcome              outcome,
                                               const char               *text);
void         ferry_jingle_session_finish      (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn,
                                               FerryJingleReason         reason,
                                               FerryOutcome              outcome,
                                               const char               *text);
void         ferry_jingle_session_succeed     (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn);

/* jingle-session-remote.c: what the peer wants */
void         ferry_jingle_session_receive     (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn);

/* jingle-session-offer.c: session-initiate and session-accept, both sides */
void         ferry_jingle_session_start       (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn);
void         ferry_jingle_session_initiate    (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn);
void         ferry_jingle_session_agree       (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn);
void         ferry_jingle_session_accept      (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn);
void         ferry_jingle_session_receive_initiate (FerryJingleSession  *self,
                                               const FerryJingleTurn    *turn,
                                               const FerryJingleRequest *request);
void         ferry_jingle_session_receive_accept (FerryJingleSession    *self,
                                               const FerryJingleTurn    *turn,
                                               const FerryJingleRequest *request);
const FerryJingleContent *
             ferry_jingle_session_find_content (const FerryJingleSession *self,
                                               const FerryJingle        *jingle);

/* jingle-session-transport.c: from PREPARE to OPEN */
void         ferry_jingle_session_prepare     (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn,
                                               const char               *ns,
                                               FerryElement             *remote);
const char  *ferry_jingle_session_find_allowed (const FerryJingleSession *self,
                                               const char               *ns);
gboolean     ferry_jingle_session_allows      (const FerryJingleSession *self,
                                               const FerryElement       *transport);
void         ferry_jingle_session_open        (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn);
void         ferry_jingle_session_prepared    (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn);
void         ferry_jingle_session_say_transport (FerryJingleSession     *self,
                                               const FerryJingleTurn    *turn);
void         ferry_jingle_session_opened      (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn);
void         ferry_jingle_session_failed      (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn);
void         ferry_jingle_session_receive_transport_info (FerryJingleSession *self,
                                               const FerryJingleTurn    *turn,
                                               const FerryJingleRequest *request);

/* jingle-session-replace.c: from one transport to the next */
void         ferry_jingle_session_fail_over   (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn,
                                               const char               *text);
void         ferry_jingle_session_try_next    (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn,
                                               const char               *text);
gboolean     ferry_jingle_session_can_retry   (const FerryJingleSession *self);
void         ferry_jingle_session_take_over   (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn);
void         ferry_jingle_session_replace     (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn);
void         ferry_jingle_session_give_up     (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn,
                                               const char               *text);
void         ferry_jingle_session_receive_transport_replace (FerryJingleSession *self,
                                               const FerryJingleTurn    *turn,
                                               const FerryJingleRequest *request);
void         ferry_jingle_session_receive_transport_accept (FerryJingleSession *self,
                                               const FerryJingleTurn    *turn,
                                               const FerryJingleRequest *request);
void         ferry_jingle_session_receive_transport_reject (FerryJingleSession *self,
                                               const FerryJingleTurn    *turn,
                                               const FerryJingleRequest *request);

/* jingle-session-data.c: from the first byte to the last word about them */
void         ferry_jingle_session_say_checksum (FerryJingleSession      *self,
                                               const FerryJingleTurn    *turn);
void         ferry_jingle_session_hashed      (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn);
void         ferry_jingle_session_data_done   (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn);
void         ferry_jingle_session_data_failed (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn);
void         ferry_jingle_session_confirm_late (FerryJingleSession      *self,
                                               const FerryJingleTurn    *turn);
void         ferry_jingle_session_pinged      (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn);
void         ferry_jingle_session_stored      (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn);
void         ferry_jingle_session_store       (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn);
void         ferry_jingle_session_receive_info (FerryJingleSession      *self,
                                               const FerryJingleTurn    *turn,
                                               const FerryJingleRequest *request);

/* jingle-session-end.c: what an end means */
void         ferry_jingle_session_answered    (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn);
void         ferry_jingle_session_decline     (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn);
void         ferry_jingle_session_cancel      (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn);
void         ferry_jingle_session_peer_gone   (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn);
void         ferry_jingle_session_expire      (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn);
void         ferry_jingle_session_receive_terminate (FerryJingleSession *self,
                                               const FerryJingleTurn    *turn,
                                               const FerryJingleRequest *request);
void         ferry_jingle_session_receive_abort (FerryJingleSession     *self,
                                               const FerryJingleTurn    *turn,
                                               const FerryJingleRequest *request);
void         ferry_jingle_session_receive_remove (FerryJingleSession    *self,
                                               const FerryJingleTurn    *turn,
                                               const FerryJingleRequest *request);

G_END_DECLS
