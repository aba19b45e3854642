/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "core/transfer.h"

G_BEGIN_DECLS

/**
 * FerryTransferRow:
 *
 * One transfer: name, progress, what goes on, and what can be done about it.
 * A finished file can be dragged out. What needs the window or the queue is
 * asked for by window actions with the transfer's id as target.
 */
#define FERRY_TYPE_TRANSFER_ROW (ferry_transfer_row_get_type ())
G_DECLARE_FINAL_TYPE (FerryTransferRow, ferry_transfer_row, FERRY, TRANSFER_ROW, AdwBin)

GtkWidget     *ferry_transfer_row_new          (void);
void           ferry_transfer_row_set_transfer (FerryTransferRow *self,
                                                FerryTransfer    *transfer);
FerryTransfer *ferry_transfer_row_get_transfer (FerryTransferRow *self);

G_END_DECLS
