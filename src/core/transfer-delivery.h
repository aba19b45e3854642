/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/transfer-private.h"

G_BEGIN_DECLS

/* Whether the bytes arrived: how a sender comes to know it, and how a receiver says so where
 * the dialect has no word for it. */

#define FERRY_TRANSFER_IDLE_LIMIT 60 /* seconds without a byte */

/* All bytes are out of our hands, or in them. */
void     ferry_transfer_say_done       (FerryTransfer *self);
void     ferry_transfer_set_sha256     (FerryTransfer *self);
gboolean ferry_transfer_settle_data    (FerryTransfer *self);
/* Returns: whether that was all there is to say of a stream that broke. */
gboolean ferry_transfer_doubt_delivery (FerryTransfer *self);
/* Effect PUMP, and the end: our close may be the word that all arrived. */
void     ferry_transfer_announce_close (FerryTransfer *self);
void     ferry_transfer_spoil_close    (FerryTransfer *self);

/* transfer-data.c: the path or the file failed, while bytes were moving. */
void     ferry_transfer_pump_failed    (FerryTransfer *self,
                                        const GError  *error);

G_END_DECLS
