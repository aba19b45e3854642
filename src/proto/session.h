/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/element.h"
#include "proto/file-description.h"
#include "proto/role.h"
#include "proto/stanza-error.h"
#include "proto/xtls.h"

G_BEGIN_DECLS

/* One negotiation about one file, in whatever dialect: everything that can
 * happen to it, and everything it can want done. A session is a pure machine:
 * no socket, no clock, no random numbers. core/transfer feeds it events and
 * carries out its effects, in order; a log of events replays.
 *
 * Who dials, listens and copies is somebody else: a session only sees that a
 * transport was prepared, opened or failed, and that the data are done.
 */

typedef enum
{
  FERRY_DIRECTION_SEND,
  FERRY_DIRECTION_RECEIVE,
  FERRY_DIRECTION_BOTH, /* an XML stream: no file */
} FerryDirection;

/* Why a session ended. What people read is made of it in ui/error-text. */
typedef enum
{
  FERRY_OUTCOME_DONE,           /* receiver: all is on disk; sender: the receiver said so */
  FERRY_OUTCOME_UNCONFIRMED,    /* sender: all was sent, the peer never said it arrived */
  FERRY_OUTCOME_DECLINED,       /* by a person, on either side */
  FERRY_OUTCOME_CANCELLED,      /* by us */
  FERRY_OUTCOME_PEER_CANCELLED,
  FERRY_OUTCOME_PEER_GONE,      /* went offline, or silent */
  FERRY_OUTCOME_PEER_CANNOT,    /* the peer does not speak this; another dialect may do (SEL-4) */
  FERRY_OUTCOME_PEER_BUSY,
  FERRY_OUTCOME_REFUSED,        /* the peer, its server or its policy refused the request */
  FERRY_OUTCOME_NOT_SHARED,     /* asked for: they have no such file for us (SEC-22) */
  FERRY_OUTCOME_NO_ROUTE,       /* no transport works */
  FERRY_OUTCOME_RETRY_IN_BAND,  /* no route, but a fresh session with in-band alone may (FB-7) */
  FERRY_OUTCOME_CORRUPT,        /* hashes differ */
  FERRY_OUTCOME_TOO_LARGE,      /* more bytes than announced */
  FERRY_OUTCOME_TRUNCATED,      /* fewer bytes than announced */
  FERRY_OUTCOME_DISK,           /* our disk or file failed */
  FERRY_OUTCOME_PEER_FAILED,    /* the peer's application failed, with its own words in text */
  FERRY_OUTCOME_EXPIRED,        /* nobody answered the offer in time */
  FERRY_OUTCOME_PROTOCOL,       /* the peer broke the rules */
  FERRY_OUTCOME_INSECURE,       /* it could not be encrypted, or not with whom it should be */
  FERRY_OUTCOME_STRIPPED,       /* the peer can encrypt, and its word of it did not arrive (XTLS-25) */
  FERRY_OUTCOME_KEY_CHANGED,    /* the certificate is not the one we know (SEC-33) */
} FerryOutcome;

typedef enum
{
  FERRY_SESSION_EVENT_START,              /* initiator only: open the session */
  FERRY_SESSION_EVENT_ACCEPT,             /* the user agreed; @range_offset is where to resume, or 0.
                                           * @methods: how to secure it, of what both can; 0: by
                                           * certificates if it is to be */
  FERRY_SESSION_EVENT_FOUND,              /* @file: the file that FIND was about, all that is known of it */
  FERRY_SESSION_EVENT_DECLINE,            /* the user refused; after FIND: there is no such file */
  FERRY_SESSION_EVENT_CANCEL,             /* the user stopped it */
  FERRY_SESSION_EVENT_STANZA,             /* @element: an iq set of the peer's for this session */
  FERRY_SESSION_EVENT_ANSWER,             /* @tag, @element: the reply to our request; %NULL: none came */
  FERRY_SESSION_EVENT_TRANSPORT_PREPARED, /* @element: our <transport/>; %NULL: it cannot be had */
  FERRY_SESSION_EVENT_TRANSPORT_INFO,     /* @element: a <transport/> our transport wants said */
  FERRY_SESSION_EVENT_TRANSPORT_OPEN,     /* bytes can flow */
  FERRY_SESSION_EVENT_TRANSPORT_FAILED,   /* @text: why, for the log */
  FERRY_SESSION_EVENT_SECURED,            /* the stream is encrypted, and the peer is who it should be */
  FERRY_SESSION_EVENT_SECURITY_FAILED,    /* it is not: @outcome (INSECURE, KEY_CHANGED; PEER_GONE: the
                                           * stream just ended, a reason may follow), @text */
  FERRY_SESSION_EVENT_HASHES,             /* @hashes: sender: now known, of the whole file */
  FERRY_SESSION_EVENT_DATA_DONE,          /* every byte moved; receiving: @hashes computed; sending,
                                           * after a PUMP whose @close_confirms: @confirmed */
  FERRY_SESSION_EVENT_DATA_FAILED,        /* @outcome (TRUNCATED, TOO_LARGE, DISK, PEER_GONE), @text */
  FERRY_SESSION_EVENT_STORED,             /* receiver: synced and under its final name (FT-7) */
  FERRY_SESSION_EVENT_PEER_GONE,          /* the peer's presence went away */
  FERRY_SESSION_EVENT_DEADLINE,           /* the time asked for by WAKE has come */
} FerrySessionEventKind;

/* A value on the caller's stack; nothing in it is kept without a reference. */
typedef struct
{
  FerrySessionEventKind  kind;
  FerryElement          *element;
  guint                  tag;
  gint64                 range_offset; /* bytes */
  const FerryHashes     *hashes;
  const FerryFileDescription *file;
  FerryOutcome           outcome;
  const char            *text;
  guint                  methods;      /* of #FerryXtlsMethods */
  gboolean               confirmed;    /* the peer closed the stream in good order after the last
                                        * byte, or acknowledged every block of an in-band one. By
                                        * proxy it is the proxy's word alone */
} FerrySessionEvent;

typedef enum
{
  FERRY_SESSION_EFFECT_REPLY,          /* @element: a whole iq, the answer to the stanza just handled,
                                        * or to one that was held for the user */
  FERRY_SESSION_EFFECT_SEND,           /* @element: payload of an iq set to the peer; @tag comes back in
                                        * ANSWER; 0: nobody waits for the answer. @deadline: until when
                                        * to wait; 0: as long as usual (GEN-4). @is_get: not a set */
  FERRY_SESSION_EFFECT_ASK,            /* responder: show the offer to the user; see get_file() */
  FERRY_SESSION_EFFECT_FIND,           /* responder: the peer asks for the file that get_file() names;
                                        * then FOUND or DECLINE (SEC-22) */
  FERRY_SESSION_EFFECT_ACCEPTED,       /* initiator: the peer's user agreed */
  FERRY_SESSION_EFFECT_PREPARE,        /* make the transport of @transport_ns, @proposer; gather; then
                                        * TRANSPORT_PREPARED. The one before, if any, was CLOSEd.
                                        * @stream_sid: the id its stream must have; %NULL: its own
                                        * choice. @falls_back: if it fails, the same id may be opened
                                        * in-band, unasked (SIFT-7) */
  FERRY_SESSION_EFFECT_REMOTE,         /* @element: the peer's <transport/>, for the transport; while
                                        * there is none (before PREPARE, after CLOSE): for the next */
  FERRY_SESSION_EFFECT_TRANSPORT_INFO, /* @element: <transport/> of the peer's info, @request: the iq to
                                        * answer with what the transport says to it */
  FERRY_SESSION_EFFECT_INFO_ANSWERED,  /* @element: (nullable): the peer's answer to what TRANSPORT_INFO
                                        * said; in the order it was said */
  FERRY_SESSION_EFFECT_OPEN,           /* connect; then TRANSPORT_OPEN or TRANSPORT_FAILED */
  FERRY_SESSION_EFFECT_SECURE,         /* encrypt the open stream by @method, with the peer that
                                        * @security announced (fingerprints); our side is the client
                                        * if it is the initiator (XTLS-7); then SECURED or
                                        * SECURITY_FAILED, within 20 s (XTLS-23) */
  FERRY_SESSION_EFFECT_PUMP,           /* copy; @range_offset, @range_length (-1: to the end); then
                                        * DATA_DONE or DATA_FAILED. Direction BOTH: the stream is
                                        * the application's; DATA_DONE: it was closed in good
                                        * order. @close_confirms: no stanza will say
                                        * that the file arrived, so the receiver's close of the stream
                                        * does (SIFT-6). Sending: DATA_DONE only when the peer has
                                        * closed it, or has kept it open for half a minute after the
                                        * last byte it acknowledged. Receiving: unless the file was
                                        * STORED, the stream is broken, not closed */
  FERRY_SESSION_EFFECT_STORE,          /* receiver: the hashes fit: sync and rename; then STORED or
                                        * DATA_FAILED. @verdict says how sure the hashes make us */
  FERRY_SESSION_EFFECT_CLOSE,          /* stop dialling and copying, close the transport */
  FERRY_SESSION_EFFECT_WAKE,           /* @deadline; replaces the one before; 0: none */
  FERRY_SESSION_EFFECT_END,            /* @outcome, @text; the last effect of all */
} FerrySessionEffectKind;

typedef struct
{
  FerrySessionEffectKind  kind;
  FerryElement           *element;      /* (owned) (nullable) */
  FerryElement           *request;      /* (owned) (nullable) */
  guint                   tag;
  gboolean                is_get;
  const char             *transport_ns; /* (nullable): static */
  gboolean                proposer;     /* our side put this transport on the table first */
  char                   *stream_sid;   /* (owned) (nullable) */
  gboolean                falls_back;
  gint64                  range_offset; /* bytes */
  gint64                  range_length; /* bytes */
  gboolean                close_confirms;
  FerryXtlsMethods        method;
  FerryXtls               security;     /* as the peer announced it */
  FerryHashVerdict        verdict;
  gint64                  deadline;     /* µs, monotonic */
  FerryOutcome            outcome;
  char                   *text;         /* (owned) (nullable): English, for the log and the details */
} FerrySessionEffect;

typedef struct _FerrySessionEffects FerrySessionEffects;

FerrySessionEffects *ferry_session_effects_new    (void);
void                 ferry_session_effects_free   (FerrySessionEffects      *self);
/* The machine's side: append one, zeroed but for its kind, and fill it in. */
FerrySessionEffect  *ferry_session_effects_add    (FerrySessionEffects      *self,
                                                   FerrySessionEffectKind    kind);
/* The executor's side: take them in order. %FALSE: none left. */
gboolean             ferry_session_effects_next   (FerrySessionEffects      *self,
                                                   FerrySessionEffect       *effect);
void                 ferry_session_effect_clear   (FerrySessionEffect       *effect);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FerrySessionEffects, ferry_session_effects_free)

typedef struct _FerrySession FerrySession;

/* What a dialect implements. */
typedef struct
{
  void                        (*handle)   (FerrySession            *self,
                                           const FerrySessionEvent *event,
                                           gint64                   now,
                                           FerrySessionEffects     *effects);
  const FerryFileDescription *(*get_file) (const FerrySession      *self);
  /* %NULL: an initiator sends, a responder receives. */
  FerryDirection              (*get_direction) (const FerrySession *self);
  /* %NULL: a dialect without encryption. */
  const FerryXtls            *(*get_security) (const FerrySession   *self);
  /* %NULL: a dialect with one kind of content. */
  const char                 *(*get_application) (const FerrySession *self);
  FerrySession               *(*copy)     (const FerrySession      *self);
  void                        (*free)     (FerrySession            *self);
} FerrySessionClass;

struct _FerrySession
{
  const FerrySessionClass *klass;
  FerryRole                role;  /* ours; set by whoever makes the session */
};

/* One door in, one door out. @now: µs, monotonic. */
void                        ferry_session_handle   (FerrySession            *self,
                                                    const FerrySessionEvent *event,
                                                    gint64                   now,
                                                    FerrySessionEffects     *effects);
/* The file as negotiated so far; valid until the next event. */
const FerryFileDescription *ferry_session_get_file (const FerrySession      *self);
/* Which way the bytes go; a responder knows it once it was fed the opening request. */
FerryDirection              ferry_session_get_direction (const FerrySession *self);
/* What the peer said of encryption, usable with what we can: the methods are those of both.
 * %NULL: there is to be none. Known to a responder once it was fed the opening request, to an
 * initiator once the peer accepted; after an END of KEY_CHANGED it is what the peer announced. */
const FerryXtls            *ferry_session_get_security (const FerrySession *self);
/* (nullable): the namespace of what the session is about (of a Jingle `<description/>`); static.
 * A responder knows it once it was fed the opening request. */
const char                 *ferry_session_get_application (const FerrySession *self);
FerrySession               *ferry_session_copy     (const FerrySession      *self);
void                        ferry_session_free     (FerrySession            *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FerrySession, ferry_session_free)

G_END_DECLS
