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
  PHASE_FINDING,    /* responder: for the file that the peer asks for */
  PHASE_ACCEPTING,  /* responder: for our transport, to accept with */
  PHASE_CONNECTING, /* for the transport to open */
  PHASE_FAILED,     /* it did not: for the peer's transport-replace, or its end */
  PHASE_PROPOSING,  /* for the transport we want to replace it with */
  PHASE_PROPOSED,   /* for the answer to our transport-replace */
  PHASE_FOLLOWING,  /* for our side of the transport the peer proposed, or chose */
  PHASE_SECURING,   /* for the encryption of what is open */
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
  TAG_INFO,
  TAG_SECURITY,
};
#define TAG_BITS 4

#define FERRY_JINGLE_DECISION_TIME (5 * 60 * G_USEC_PER_SEC) /* of a user; protocols 15 */

/* What was said of encryption with an offer or its acceptance. */
typedef enum
{
  FERRY_JINGLE_SAID_NOTHING,
  FERRY_JINGLE_SAID_XTLS,
  FERRY_JINGLE_SAID_FOREIGN, /* XTLS-22 */
  FERRY_JINGLE_SAID_UNKNOWN, /* J-21 */
} FerryJingleSaid;

/* What is to be encrypted and how far that is; a value. */
typedef struct
{
  gboolean            has_terms;   /* … and what they are: */
  FerrySecurityPolicy policy;
  guint               methods;
  gboolean            is_expected;
  FerryXtls           own;
  FerryXtls           pin;         /* the certificate the peer must have; "": any */

  FerryJingleSaid     said;        /* by the peer */
  FerryXtls           peer;        /* … and what of it we can use */
  gboolean            is_offered;  /* by us */
  FerryXtlsMethods    method;      /* agreed upon; 0: none */
  gint64              patience;    /* initiator: µs: until when to wait for the answer to our
                                    * security-info; 0: it is there */
  gboolean            is_begun;    /* SECURE was asked for */
} FerryJingleSecurity;

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
  gint64                    decision;   /* µs: until when to wait for a user */

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
  FerryJingleSecurity       security;
  FerryOutcome              outcome;    /* BROKEN: what it will be if the peer stays silent */
  char                     *text;       /* (owned) (nullable): with it */

  const FerryJingleWay     *way;             /* (nullable): the transport on the table */
  gboolean                  has_transport;   /* the executor has one to close */
  gboolean                  is_opening;      /* … which was told to connect */
  gboolean                  is_open;         /* … and has */
  FerryElement             *local;           /* (owned) (nullable): what ours says */
  FerryElement             *remote;          /* (owned) (nullable): the peer's, to be accepted */
  guint                     n_transports;    /* how many were on the table; tells answers apart */
  guint                     next_transport;  /* the first of @transports that we did not propose */
  guint                     alternatives;    /* bit per transport that the peer may choose instead */
  gboolean                  in_band_tried;
  const char               *retired_ns;      /* (nullable): of the transport before */
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

/* jingle-session-data.c: from the first byte to the last word about them */
void         ferry_jingle_session_say_checksum (FerryJingleSession      *self,
                                               const FerryJingleTurn    *turn);
void         ferry_jingle_session_hashed      (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn);
void         ferry_jingle_session_data_done   (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn);
void         ferry_jingle_session_data_failed (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn);
void         ferry_jingle_session_break       (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn,
                                               FerryOutcome              outcome,
                                               const char               *text);
FerryJingleReason ferry_jingle_session_get_reason (FerryOutcome          outcome);
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
void         ferry_jingle_session_bereave     (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn,
                                               const FerryJingle        *jingle);
void         ferry_jingle_session_receive_abort (FerryJingleSession     *self,
                                               const FerryJingleTurn    *turn,
                                               const FerryJingleRequest *request);

G_END_DECLS
