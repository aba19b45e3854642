/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * FerryTransferList:
 *
 * The rows of #FerryTransferSections, with the keys Space (pause) and Delete
 * (cancel) on the row that has the focus.
 */
#define FERRY_TYPE_TRANSFER_LIST (ferry_transfer_list_get_type ())
G_DECLARE_FINAL_TYPE (FerryTransferList, ferry_transfer_list, FERRY, TRANSFER_LIST, AdwBin)

/* @model: of #FerrySectionHeader and #FerryTransfer; %NULL: nothing to show. */
void ferry_transfer_list_set_model (FerryTransferList *self,
                                    GListModel        *model);

G_END_DECLS
