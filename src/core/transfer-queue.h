/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/capabilities.h"
#include "core/shares.h"
#include "core/transfer.h"

G_BEGIN_DECLS

/**
 * FerryTransferQueue:
 *
 * All transfers, newest last: a #GListModel of #FerryTransfer. Starts what waits
 * when a slot is free and the contact is there; takes offers in; hands stanzas of
 * running sessions to their transfer, by (peer's full JID, session id) (SEC-1).
 *
 * Signal "offered" (FerryTransfer *transfer): somebody offers a file; it is in the
 *   model, in state OFFERED. An offer that is not safe (SEC-33, XTLS-25, our user's policy)
 *   is declined by itself, and in the model as FAILED; of that there is only "ended".
 * Signal "broken" (FerryTransfer *transfer): its way is gone, and it looks for another one.
 * Signal "ended" (FerryTransfer *transfer).
 */
#define FERRY_TYPE_TRANSFER_QUEUE (ferry_transfer_queue_get_type ())
G_DECLARE_FINAL_TYPE (FerryTransferQueue, ferry_transfer_queue, FERRY, TRANSFER_QUEUE, GObject)

/* @to: bare or full. The transfer is in the model when this returns; a file that
 * cannot be read shows as FAILED. Returns: (transfer none) (nullable): %NULL: @to is
 * no address */
FerryTransfer *ferry_transfer_queue_send          (FerryTransferQueue *self,
                                                   const char         *to,
                                                   GFile              *file);
/* Asks @to for the file that they call @name, which is then put into @folder. It needs
 * no word of our user's any more. */
FerryTransfer *ferry_transfer_queue_request       (FerryTransferQueue *self,
                                                   const char         *to,
                                                   const char         *name,
                                                   GFile              *folder);
/* What others may ask of us. Such a transfer shows up in the model when it begins. */
FerryShares   *ferry_transfer_queue_get_shares    (FerryTransferQueue *self);
/* A failed, declined or cancelled outgoing one again, as a new transfer in its place. */
FerryTransfer *ferry_transfer_queue_retry         (FerryTransferQueue *self,
                                                   FerryTransfer      *transfer);
/* Takes ended ones out; of @contact alone unless %NULL. */
void           ferry_transfer_queue_clear         (FerryTransferQueue *self,
                                                   FerryContact       *contact);
FerryTransfer *ferry_transfer_queue_find          (FerryTransferQueue *self,
                                                   const char         *id);
guint          ferry_transfer_queue_get_n_active  (FerryTransferQueue *self);

G_END_DECLS
