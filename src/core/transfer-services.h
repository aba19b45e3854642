/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/capabilities.h"
#include "core/chat-history.h"
#include "core/kept-parts.h"
#include "core/network.h"
#include "core/proxies.h"
#include "core/roster.h"
#include "core/router.h"
#include "core/session-table.h"
#include "core/settings.h"
#include "core/shares.h"
#include "core/trust.h"
#include "net/socks5-listener.h"

G_BEGIN_DECLS

/**
 * FerryTransferServices:
 *
 * What all transfers of a client share. Reference counted: a window may hold a
 * transfer longer than the queue lives.
 */
typedef struct
{
  FerryRouter         *router;       /* (owned) */
  FerryRoster         *roster;       /* (owned) */
  FerryCapabilities   *capabilities; /* (owned) */
  FerryProxies        *proxies;      /* (owned) (nullable) */
  FerryNetwork        *network;      /* (owned) (nullable): without, it is direct */
  FerrySocks5Listener *listener;     /* (owned) */
  FerrySettings       *settings;     /* (owned) */
  const FerryDialect *const *dialects; /* static: all we speak, best first */
  FerrySessionTable   *sessions;     /* (owned): of FerryNegotiation */
  FerryShares         *shares;       /* (owned): what others may ask for */
  FerryTrust          *trust;        /* (owned) (nullable): without, nothing is encrypted */
  FerryChatHistory    *history;      /* (owned): messages that are kept: none, unless the user wants it */
  FerryKeptParts      *kept_parts;   /* (owned): of what broke off */
  GHashTable          *greeted;      /* (owned): full JID (owned) → gint64 (owned): µs, monotonic,
                                      * from when offers to it count; of this login */
  GQueue               deferred;     /* of requests (owned): to send once we are online */
  gboolean             is_closed;    /* we are never online again: nothing is deferred */
} FerryTransferServices;

/* @proxies: (nullable). @dialects: static */
FerryTransferServices *ferry_transfer_services_new   (FerryRouter           *router,
                                                      FerryRoster           *roster,
                                                      FerryCapabilities     *capabilities,
                                                      FerryProxies          *proxies,
                                                      const FerrySettings   *settings,
                                                      const FerryDialect *const *dialects);
FerryTransferServices *ferry_transfer_services_ref   (FerryTransferServices *self);
void                   ferry_transfer_services_unref (FerryTransferServices *self);
/* Before any session. @trust: (nullable) */
void                   ferry_transfer_services_set_trust (FerryTransferServices *self,
                                                          FerryTrust            *trust);
void                   ferry_transfer_services_set_network (FerryTransferServices *self,
                                                            FerryNetwork          *network);

/* Sends what makes @jid listen to offers, once a login. Returns: µs to wait, or 0. */
gint64                 ferry_transfer_services_greet (FerryTransferServices *self,
                                                      const char            *jid,
                                                      gint64                 now);
/* negotiation-request.c: we are online again; sends what was deferred. */
void                   ferry_transfer_services_resume (FerryTransferServices *self);
/* The end: nothing is deferred any more. Requests hold what holds them. */
void                   ferry_transfer_services_close (FerryTransferServices *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FerryTransferServices, ferry_transfer_services_unref)

G_END_DECLS
