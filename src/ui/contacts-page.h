/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "core/client.h"
#include "ui/banner.h"

G_BEGIN_DECLS

/**
 * FerryContactsPage:
 *
 * The left pane: search, the contact list, our own account, and the banners
 * about what needs an answer.
 *
 * Property "selected" (FerryContact, nullable, notified).
 * Signals "chosen" (FerryContact): somebody was clicked, even if already selected;
 * "files-dropped" (FerryContact, GListModel).
 */
#define FERRY_TYPE_CONTACTS_PAGE (ferry_contacts_page_get_type ())
G_DECLARE_FINAL_TYPE (FerryContactsPage, ferry_contacts_page, FERRY, CONTACTS_PAGE, AdwBin)

void          ferry_contacts_page_set_client   (FerryContactsPage *self,
                                                FerryClient       *client);
FerryContact *ferry_contacts_page_get_selected (FerryContactsPage *self);
/* %NULL: nobody. */
void          ferry_contacts_page_select       (FerryContactsPage *self,
                                                FerryContact      *contact);
void          ferry_contacts_page_focus_search (FerryContactsPage *self);
void          ferry_contacts_page_focus_list   (FerryContactsPage *self);
void          ferry_contacts_page_open_menu    (FerryContactsPage *self);
/* Folded, it stands alone: the window's buttons are its own. */
void          ferry_contacts_page_set_folded   (FerryContactsPage *self,
                                                gboolean           folded);
FerryBanner  *ferry_contacts_page_get_connection_banner (FerryContactsPage *self);
FerryBanner  *ferry_contacts_page_get_offers_banner     (FerryContactsPage *self);
FerryBanner  *ferry_contacts_page_get_request_banner    (FerryContactsPage *self);
FerryBanner  *ferry_contacts_page_get_pending_banner    (FerryContactsPage *self);

G_END_DECLS
