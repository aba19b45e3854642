/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "core/client.h"
#include "ui/banner.h"

G_BEGIN_DECLS

/**
 * FerryTransfersPage:
 *
 * The right pane: one contact and the files that go to and fro. Takes files by
 * drop, by paste and from the file chooser.
 *
 * Signal "files-given" (FerryContact, GListModel of GFile).
 */
#define FERRY_TYPE_TRANSFERS_PAGE (ferry_transfers_page_get_type ())
G_DECLARE_FINAL_TYPE (FerryTransfersPage, ferry_transfers_page, FERRY, TRANSFERS_PAGE, AdwBin)

/* %NULL: nobody is chosen. */
void          ferry_transfers_page_set_contact  (FerryTransfersPage *self,
                                                 FerryClient        *client,
                                                 FerryContact       *contact);
FerryContact *ferry_transfers_page_get_contact  (FerryTransfersPage *self);
/* Folded, it stands alone: it needs a way back and the banners of the other pane. */
void          ferry_transfers_page_set_folded   (FerryTransfersPage *self,
                                                 gboolean            folded);
/* The padlock that leads to the chat. @icon: %NULL: there is none. */
void          ferry_transfers_page_set_lock     (FerryTransfersPage *self,
                                                 const char         *icon,
                                                 const char         *tooltip,
                                                 gboolean            is_alarming);
/* Messages of the contact nobody has looked at. */
void          ferry_transfers_page_set_unread   (FerryTransfersPage *self,
                                                 guint               n_unread);
/* On the files, or whatever stands in their place. */
void          ferry_transfers_page_focus        (FerryTransfersPage *self);
/* Sends the files that are on the clipboard. */
void          ferry_transfers_page_paste        (FerryTransfersPage *self);
/* Asks for files with the file chooser. */
void          ferry_transfers_page_choose_files (FerryTransfersPage *self);
FerryBanner  *ferry_transfers_page_get_connection_banner (FerryTransfersPage *self);
FerryBanner  *ferry_transfers_page_get_offers_banner     (FerryTransfersPage *self);

G_END_DECLS
