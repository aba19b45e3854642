/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/peer-profile.h"
#include "proto/role.h"
#include "proto/s5b-effects.h"
#include "proto/s5b-variant.h"

G_BEGIN_DECLS

/**
 * FerryS5bEngine:
 *
 * How two parties find one SOCKS5 connection between them (XEP-0260 §2): whom to
 * dial and when, what to report, whose choice wins, how a proxy is activated.
 * Pure: it knows neither sockets nor stanzas. Events go in, effects come out, and
 * get_deadline() says when it wants to be woken.
 *
 * Played by the rules of XEP-0065 (one_way) its events and effects mean:
 *
 *   requester, who is the initiator: own hosts go out in a `<query/>` at or after START;
 *     its result is INFO, CANDIDATE_USED with @jid alone; its error, or none in time,
 *     INFO, CANDIDATE_ERROR. It never sends; what is unknown in the result ends it (S5P-9).
 *   target: the hosts of the `<query/>` are CANDIDATES, before or after START. SEND of
 *     CANDIDATE_USED is the result of it, with @jid; CANDIDATE_ERROR is item-not-found.
 *     USE or FAILED follow at once: it does not see the activation of a proxy.
 */
typedef struct _FerryS5bEngine FerryS5bEngine;

typedef enum
{
  FERRY_S5B_EVENT_START,             /* the session is agreed: dial (SEC-13) */
  FERRY_S5B_EVENT_CANDIDATES,        /* @candidates, @dstaddr: of the peer; again if they trickle */
  FERRY_S5B_EVENT_INFO,              /* @info, about @cid or @jid, @host, @port: the peer reported */
  FERRY_S5B_EVENT_INFO_ANSWERED,     /* the oldest unanswered SEND; @refused: by an error. None if
                                      * no answer came */
  FERRY_S5B_EVENT_DIALLED,           /* @id: the host answered our SOCKS request */
  FERRY_S5B_EVENT_DIAL_FAILED,       /* @id, @text; @refused: it was the request that was refused */
  FERRY_S5B_EVENT_INBOUND,           /* @id (see new_id()): the peer dialled our address @text; where
                                      * it is known which of our hosts that was, that host */
  FERRY_S5B_EVENT_INBOUND_LOST,      /* @id: it hung up */
  FERRY_S5B_EVENT_ACTIVATION_DONE,
  FERRY_S5B_EVENT_ACTIVATION_FAILED, /* @text */
  FERRY_S5B_EVENT_DEADLINE,
} FerryS5bEventKind;

/* A value on the caller's stack; nothing in it is kept but copies. */
typedef struct
{
  FerryS5bEventKind  kind;
  GPtrArray         *candidates;
  const char        *dstaddr;
  FerryS5bInfo       info;
  const char        *cid;  /* (nullable): or else, of a streamhost: */
  const char        *jid;  /* (nullable) */
  const char        *host; /* (nullable): not said */
  guint16            port; /* 0: not said */
  guint              id;
  gboolean           refused;
  const char        *text;
} FerryS5bEvent;

/* How to answer an INFO; other events are always OK. */
typedef enum
{
  FERRY_S5B_VERDICT_OK,
  FERRY_S5B_VERDICT_UNKNOWN,  /* it names a candidate that we never offered (S5B1-20, S5P-9) */
  FERRY_S5B_VERDICT_REPEATED, /* the peer has reported before (S5B1-8) */
  FERRY_S5B_VERDICT_TOO_MANY, /* candidates, SEC-11 */
} FerryS5bVerdict;

FerryS5bEngine  *ferry_s5b_engine_new          (FerryRole               role,
                                                const char             *sid,
                                                const char             *own_jid,
                                                const char             *peer_jid,
                                                const FerryS5bRules    *rules,
                                                const FerryPeerProfile *profile);
FerryS5bEngine  *ferry_s5b_engine_copy         (const FerryS5bEngine *self);
void             ferry_s5b_engine_free         (FerryS5bEngine       *self);

void             ferry_s5b_engine_set_own      (FerryS5bEngine       *self,
                                                GPtrArray            *candidates);
/* The peer's hosts of type "assisted" are places to punch holes to: they are dialled at once. Before
 * START. */
void             ferry_s5b_engine_punch        (FerryS5bEngine       *self);
/* The bytes can go another way if this one fails: where everything is a black hole, nobody is kept
 * waiting for long. Before START. */
void             ferry_s5b_engine_hurry        (FerryS5bEngine       *self);
/* The peer has named hosts, of which none is of use to us: more are not waited for. */
void             ferry_s5b_engine_wait_no_more (FerryS5bEngine      *self);
/* An id for a connection that came in. */
guint            ferry_s5b_engine_new_id       (FerryS5bEngine       *self);
/* @now: µs, monotonic */
FerryS5bVerdict  ferry_s5b_engine_handle       (FerryS5bEngine       *self,
                                                const FerryS5bEvent  *event,
                                                gint64                now,
                                                GPtrArray            *effects);
/* When to send DEADLINE, µs; 0: not needed. Changes with every event. */
gint64           ferry_s5b_engine_get_deadline (const FerryS5bEngine *self);
/* Whether it has said USE or FAILED. */
gboolean         ferry_s5b_engine_is_over      (const FerryS5bEngine *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FerryS5bEngine, ferry_s5b_engine_free)

G_END_DECLS
