/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/negotiation.h"

G_BEGIN_DECLS

struct _FerryNegotiation
{
  GObject                     parent_instance;
  FerryTransferServices      *services;      /* (owned) */
  const FerryNegotiationOwner *vtable;       /* static */
  gpointer                    owner;         /* (nullable): %NULL: disowned */

  /* Of this session. */
  const FerryDialect         *dialect;       /* (nullable) */
  const FerryPeerProfile     *profile;       /* (nullable) */
  FerryRole                   role;          /* ours */
  FerryPaths                  allowed;       /* paths it may use */
  gboolean                    is_agreed;     /* the peer's user agreed to what we asked for */
  char                       *peer;          /* (owned) (nullable): full */
  char                       *sid;           /* (owned) (nullable): ours in the session table */
  char                       *own_jid;       /* (owned) (nullable): full */
  char                       *phrase;        /* (owned) (nullable) */
  FerrySession               *session;       /* (owned) (nullable): from begin() to END */
  guint                       generation;    /* counts sessions: an answer may be to an older one */

  /* negotiation.c */
  GQueue                      events;        /* of Event (owned): waiting for the one in hand */
  gboolean                    is_feeding;
  GSource                    *wake;          /* (owned) (nullable) */

  /* The way: negotiation-way.c. */
  FerryTransport             *transport;     /* (owned) (nullable) */
  GCancellable               *opening;       /* (owned) (nullable): of @transport */
  FerryElement               *remote_said;   /* (owned) (nullable): for the transport to come */
  gboolean                    is_unprepared; /* @transport is new; prepare it after this event */
  char                       *way_fault;     /* (owned) (nullable): the peer's is of no use */
  GIOStream                  *stream;        /* (owned) (nullable) */
  FerryTlsStream             *tls;           /* (owned) (nullable): the same, once encrypted */
  gboolean                    is_expected;   /* the peer can encrypt; of all sessions */
  gboolean                    is_securing;   /* a thread shakes hands over @stream */
  gboolean                    is_secured;
  FerryTrustLevel             level;
  FerryPaths                  path;
  const char                 *way;           /* (nullable): static */
  char                       *local;         /* (owned) (nullable) */
  char                       *remote;        /* (owned) (nullable) */
  FerryPathReport            *report;        /* (owned) (nullable): of all sessions, from the first */
};

/* negotiation-object.c: says that the way is known better now. */
void           ferry_negotiation_way_changed   (FerryNegotiation         *self);

/* negotiation-way.c: how the bytes go. */
char         **ferry_negotiation_list_transports (FerryNegotiation       *self);
void           ferry_negotiation_prepare_way   (FerryNegotiation         *self,
                                                const FerrySessionEffect *effect);
void           ferry_negotiation_begin_preparing (FerryNegotiation       *self);
void           ferry_negotiation_set_remote    (FerryNegotiation         *self,
                                                FerryElement             *transport);
void           ferry_negotiation_answer_info   (FerryNegotiation         *self,
                                                FerryElement             *transport,
                                                FerryElement             *request);
void           ferry_negotiation_info_answered (FerryNegotiation         *self,
                                                const FerryElement       *reply);
void           ferry_negotiation_open_way      (FerryNegotiation         *self);
void           ferry_negotiation_close_way     (FerryNegotiation         *self);

/* negotiation-request.c: what is said. */
void           ferry_negotiation_request       (FerryNegotiation         *self,
                                                const FerrySessionEffect *effect);

/* negotiation-secure.c: with whom, and how. */
gboolean       ferry_negotiation_get_terms     (FerryNegotiation         *self,
                                                const FerryNegotiationTerms *terms,
                                                FerrySecurityTerms       *security);
void           ferry_negotiation_secure        (FerryNegotiation         *self,
                                                const FerrySessionEffect *effect);
void           ferry_negotiation_report_change (FerryNegotiation         *self);

G_END_DECLS
