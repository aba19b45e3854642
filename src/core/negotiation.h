/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/transfer-services.h"
#include "core/transport.h"
#include "core/trust.h"
#include "net/tls-stream.h"
#include "proto/dialect.h"
#include "proto/path-report.h"
#include "proto/session.h"

G_BEGIN_DECLS

/* What only the owner of a session can do. @owner: as it was given. */
typedef struct
{
  /* ASK, ACCEPTED, FIND, PUMP, STORE and END; CLOSE too, before the way is closed. After END
   * there is no session, unless the owner begins another right there. */
  void     (*execute)       (gpointer                  owner,
                             const FerrySessionEffect *effect);
  /* Path, its ends, or the encryption are known now, or it is being encrypted. */
  void     (*way_changed)   (gpointer                  owner);
  /* Whether the bytes go without the server: what is said then can wait for it. */
  gboolean (*is_on_its_own) (gpointer                  owner);
  /* What was to be said cannot wait: the server is gone. */
  void     (*went_offline)  (gpointer                  owner);
} FerryNegotiationOwner;

/* What a session is begun with. Borrowed; copied. */
typedef struct
{
  const FerryDialect         *dialect;
  const FerryPeerProfile     *profile;
  FerryRole                   role;
  const char                 *peer;         /* full */
  const char                 *sid;          /* of the request we answer; else %NULL: a fresh one */
  FerryPaths                  allowed;
  const FerryFileDescription *file;         /* (nullable): to offer, or to ask for */
  gboolean                    is_request;   /* we ask for @file */
  const char                 *phrase;       /* (nullable): both are to know it (XTLS-17) */
  gboolean                    takes_phrase; /* answering: our user can be asked for one */
} FerryNegotiationTerms;

/**
 * FerryNegotiation:
 *
 * A session being carried out: feeds the machine (proto/session.h), one event after the other,
 * and does what all of them want done: speaks, finds a way for the bytes, encrypts it, wakes up.
 * A transfer has one, and so has a chat; what is theirs alone goes to the owner. It stands in the
 * table of sessions under the peer and the id. What we know of the peer's certificate, and what
 * is wanted of encryption, comes from services->trust; a certificate that was seen is told to it.
 */
#define FERRY_TYPE_NEGOTIATION (ferry_negotiation_get_type ())
G_DECLARE_FINAL_TYPE (FerryNegotiation, ferry_negotiation, FERRY, NEGOTIATION, GObject)

/* Whether there may be a session with @peer at all: not if a person has to decide first about
 * another certificate than the known one (SEC-33; @has_phrase: that is what the session is for),
 * nor in the clear if our user wants it encrypted, or it could be so far. @dialect: (nullable):
 * not known yet.
 * Errors: %FERRY_TRANSFER_ERROR _KEY_CHANGED, _SECURITY. */
gboolean           ferry_negotiation_check          (FerryTransferServices       *services,
                                                     const FerryDialect          *dialect,
                                                     const char                  *peer,
                                                     gboolean                     has_phrase,
                                                     GError                     **error);

/* @vtable: static. @owner: a #GObject, which outlives this or disowns it; held, and its
 * notifications frozen, while events are handled. */
FerryNegotiation  *ferry_negotiation_new            (FerryTransferServices       *services,
                                                     const FerryNegotiationOwner *vtable,
                                                     gpointer                     owner);
/* The owner goes: nothing is told to it any more, and the session is dropped. */
void               ferry_negotiation_disown         (FerryNegotiation            *self);
/* Returns: (nullable): the owner */
gpointer           ferry_negotiation_get_owner      (FerryNegotiation            *self);

/* Makes the session, after dropping the one before; a START, or the peer's request, is the
 * owner's to feed. Answering, it never fails: whoever is not to be answered is declined.
 * Errors: %FERRY_TRANSFER_ERROR _CONNECTION_LOST, _NO_ROUTE, and those of check(). */
gboolean           ferry_negotiation_begin          (FerryNegotiation            *self,
                                                     const FerryNegotiationTerms *terms,
                                                     GError                     **error);
/* Lets go of the session, without a word; END has come, or we do not care. */
void               ferry_negotiation_drop           (FerryNegotiation            *self);

/* One event after the other: what an effect brings about waits for all effects of the event
 * before. Without a session: forgotten. */
void               ferry_negotiation_feed           (FerryNegotiation            *self,
                                                     const FerrySessionEvent     *event);
void               ferry_negotiation_feed_kind      (FerryNegotiation            *self,
                                                     FerrySessionEventKind        kind);
/* Whether another session, in @dialect, may do what this one could not: not where that would
 * give up encryption. */
gboolean           ferry_negotiation_may_try        (FerryNegotiation            *self,
                                                     const FerryDialect          *dialect);

/* An iq of the peer's for the session. */
void               ferry_negotiation_receive        (FerryNegotiation            *self,
                                                     FerryElement                *iq);
/* A phrase that is known only now: for the SECURE to come. */
void               ferry_negotiation_set_phrase     (FerryNegotiation            *self,
                                                     const char                  *phrase);

/* (nullable), all of these: before begin() and after drop(). Borrowed. */
FerrySession      *ferry_negotiation_get_session    (FerryNegotiation            *self);
const FerryDialect *ferry_negotiation_get_dialect   (FerryNegotiation            *self);
const char        *ferry_negotiation_get_sid        (FerryNegotiation            *self);
const char        *ferry_negotiation_get_own_jid    (FerryNegotiation            *self);
const char        *ferry_negotiation_get_peer       (FerryNegotiation            *self);
FerryTransport    *ferry_negotiation_get_transport  (FerryNegotiation            *self);
/* From PUMP to CLOSE: where the bytes go; encrypted if get_tls() is not %NULL. */
GIOStream         *ferry_negotiation_get_stream     (FerryNegotiation            *self);
/* For CLOSE: a thread is still at it, and whoever waits for the thread closes it. Returns:
 * (transfer full) (nullable) */
GIOStream         *ferry_negotiation_steal_stream   (FerryNegotiation            *self);
FerryTlsStream    *ferry_negotiation_get_tls        (FerryNegotiation            *self);

/* Kept until the next begin(). */
FerryPaths         ferry_negotiation_get_path       (FerryNegotiation            *self);
/* Static: see ferry_transport_get_way(). (nullable) */
const char        *ferry_negotiation_get_way        (FerryNegotiation            *self);
const char        *ferry_negotiation_get_local      (FerryNegotiation            *self);
const char        *ferry_negotiation_get_remote     (FerryNegotiation            *self);
/* From the first begin() on, for all sessions. (nullable) (transfer none) */
FerryPathReport   *ferry_negotiation_get_report     (FerryNegotiation            *self);
gboolean           ferry_negotiation_is_secured     (FerryNegotiation            *self);
/* From SECURE until that has gone well, or has not. */
gboolean           ferry_negotiation_is_securing    (FerryNegotiation            *self);
/* Whom the encryption is with; NONE: it is not secured. */
FerryTrustLevel    ferry_negotiation_get_level      (FerryNegotiation            *self);

G_END_DECLS
