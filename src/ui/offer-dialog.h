/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "core/transfer.h"
#include "core/trust.h"

G_BEGIN_DECLS

/**
 * FerryOfferDialog:
 *
 * Shows an offered file and asks whether it is wanted. For half a second it takes
 * no answer, so that what is being typed or clicked elsewhere does not become one.
 *
 * Responses: "accept", "save-as", "decline"; "later" by Escape or the close button. Signal
 * "verify": who sends it is to be verified first.
 */
#define FERRY_TYPE_OFFER_DIALOG (ferry_offer_dialog_get_type ())
G_DECLARE_FINAL_TYPE (FerryOfferDialog, ferry_offer_dialog, FERRY, OFFER_DIALOG, AdwMessageDialog)

/* @download_dir: where Accept saves, for the text. */
FerryOfferDialog *ferry_offer_dialog_new (GtkWindow     *parent,
                                          FerryTransfer *transfer,
                                          const char    *download_dir,
                                          FerryTrust    *trust);

G_END_DECLS
