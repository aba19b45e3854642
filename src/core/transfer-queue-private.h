/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/account.h"
#include "core/entrances.h"
#include "core/offer-limits.h"
#include "core/past-transfers.h"
#include "core/transfer-private.h"
#include "core/transfer-queue.h"

G_BEGIN_DECLS

struct _FerryTransferQueue
{
  GObject                parent_instance;
  FerryTransferServices *services;      /* (owned) */
  GPtrArray             *transfers;     /* (owned): FerryTransfer (owned), newest last */
  GPtrArray             *nascent;       /* (owned): FerryTransfer (owned): offers not yet understood */
  FerryEntrances        *entrances;     /* (owned) (nullable) */
  FerryOfferLimits      *limits;        /* (owned) */
  FerryPastTransfers    *past;          /* (owned) */
  GHashTable            *watched;       /* (owned): FerryContact (owned) */
  gboolean               is_online;     /* as far as the transfers were told */
  gboolean               is_scheduling;
  gboolean               is_due;        /* something changed while scheduling */
};

/* @account, @proxies: (nullable) */
FerryTransferQueue *ferry_transfer_queue_new    (FerryRouter           *router,
                                                 FerryRoster           *roster,
                                                 FerryCapabilities     *capabilities,
                                                 FerryProxies          *proxies,
                                                 FerryAccount          *account,
                                                 const FerrySettings   *settings);

/* Before the first transfer: whom files are encrypted for, and how. */
void                ferry_transfer_queue_set_trust (FerryTransferQueue *self,
                                                    FerryTrust         *trust);

/* Puts @transfer into the model, at its end. */
void                ferry_transfer_queue_append (FerryTransferQueue    *self,
                                                 FerryTransfer         *transfer);

/* transfer-queue-schedule.c: starts what can start, oldest first. Call it whenever
 * something changed that a transfer may have waited for. */
void                ferry_transfer_queue_schedule  (FerryTransferQueue    *self);
void                ferry_transfer_queue_count_for (FerryTransferQueue    *self,
                                                    FerryContact          *contact);

/* transfer-queue-watch.c: tells the transfers who comes and goes, and whether we are there.
 * @account: (nullable) */
void                ferry_transfer_queue_watch     (FerryTransferQueue    *self,
                                                    FerryRoster           *roster,
                                                    FerryAccount          *account);
/* Of FerryTransfer (owned): those in the model, and those that are not yet. */
GPtrArray          *ferry_transfer_queue_copy_transfers (FerryTransferQueue *self);

/* For others that have sessions, too. Borrowed. */
FerryTransferServices *ferry_transfer_queue_get_services (FerryTransferQueue *self);

/* transfer-queue-resume.c: @transfer, which we received, is over. */
void                ferry_transfer_queue_remember  (FerryTransferQueue    *self,
                                                    FerryTransfer         *transfer);
/* @iq: what opens @incoming. Returns: whether one that broke off goes on with it, and @incoming is
 * of no use any more. */
gboolean            ferry_transfer_queue_take_up   (FerryTransferQueue    *self,
                                                    FerryTransfer         *incoming,
                                                    FerryElement          *iq);

/* transfer-queue-offers.c: what others offer. */
/* What an opening request is about, as far as @session understands it. (transfer full) */
FerrySession       *ferry_transfer_queue_look_into (const FerrySession    *session,
                                                    FerryElement          *iq);
extern const FerryEntrancesOwner ferry_transfer_queue_entrances;

G_END_DECLS
