/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "core/client.h"

G_BEGIN_DECLS

/**
 * FerryOfferDesk:
 *
 * Offers that wait for an answer. Shows one dialog at a time, however many there
 * are; the others, and those put off, are counted for a banner.
 *
 * Property "n-waiting" (guint, notified): offers without a dialog.
 */
#define FERRY_TYPE_OFFER_DESK (ferry_offer_desk_get_type ())
G_DECLARE_FINAL_TYPE (FerryOfferDesk, ferry_offer_desk, FERRY, OFFER_DESK, GObject)

/* @window: not referenced, outlives the desk. */
FerryOfferDesk *ferry_offer_desk_new           (GtkWindow          *window,
                                                FerryClient        *client,
                                                const char         *download_dir);
guint           ferry_offer_desk_get_n_waiting (FerryOfferDesk     *self);
/* Shows the dialog of the first that waits, or of @transfer unless %NULL. */
void            ferry_offer_desk_review        (FerryOfferDesk     *self,
                                                FerryTransfer      *transfer);

G_END_DECLS
