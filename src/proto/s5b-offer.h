/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/role.h"
#include "proto/s5b-candidate.h"

G_BEGIN_DECLS

/* At most this many are written, best first (S5B1-18). */
#define FERRY_S5B_MAX_DIRECT_OFFERED 6
#define FERRY_S5B_MAX_PROXY_OFFERED  2

/* Our own candidates while they are gathered: order of calls is order of preference. */
typedef struct
{
  FerryRole  role;       /* ours */
  char      *nonce;      /* (owned): makes our cids unlike the peer's */
  GPtrArray *theirs;     /* (owned) (nullable): what the peer offered before us */
  GPtrArray *candidates; /* (owned): FerryS5bCandidate */
  guint      n_direct;   /* and assisted */
  guint      n_proxies;
} FerryS5bOffer;

FerryS5bOffer *ferry_s5b_offer_new             (FerryRole      role,
                                                const char    *nonce,
                                                GPtrArray     *theirs);
void           ferry_s5b_offer_free            (FerryS5bOffer *self);
/* All of these return %FALSE if it is not to be offered: there are enough, or it is known. */
gboolean       ferry_s5b_offer_add_direct      (FerryS5bOffer *self,
                                                const char    *host,
                                                guint16        port,
                                                const char    *own_jid);
/* A router's address and port, which hands them through to us. */
gboolean       ferry_s5b_offer_add_mapped      (FerryS5bOffer *self,
                                                const char    *host,
                                                guint16        port,
                                                const char    *own_jid);
/* … where a hole is to be punched. */
gboolean       ferry_s5b_offer_add_assisted    (FerryS5bOffer *self,
                                                const char    *host,
                                                guint16        port,
                                                const char    *own_jid);
gboolean       ferry_s5b_offer_add_proxy       (FerryS5bOffer *self,
                                                const char    *host,
                                                guint16        port,
                                                const char    *proxy_jid);
GPtrArray     *ferry_s5b_offer_get_candidates  (FerryS5bOffer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FerryS5bOffer, ferry_s5b_offer_free)

G_END_DECLS
