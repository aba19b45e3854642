/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "core/transfer.h"

G_BEGIN_DECLS

/**
 * FerryTransferDetails:
 *
 * A window that says everything about one transfer: how it goes, which path it took and why not a
 * better one, step by step; and in terms that can be copied into a mail, with addresses masked.
 * What happens meanwhile is added.
 */
#define FERRY_TYPE_TRANSFER_DETAILS (ferry_transfer_details_get_type ())
G_DECLARE_FINAL_TYPE (FerryTransferDetails, ferry_transfer_details, FERRY, TRANSFER_DETAILS,
                      AdwWindow)

GtkWidget *ferry_transfer_details_new (GtkWindow     *parent,
                                       FerryTransfer *transfer);

G_END_DECLS
