/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "core/client.h"
#include "ui/profile.h"
#include "ui/setup-page.h"

G_BEGIN_DECLS

/**
 * FerryWindow:
 *
 * The main window: signing in while there is no client, contacts and their
 * transfers while there is one. Composes models, keeps none.
 */
#define FERRY_TYPE_WINDOW (ferry_window_get_type ())
G_DECLARE_FINAL_TYPE (FerryWindow, ferry_window, FERRY, WINDOW, AdwApplicationWindow)

/* @profile: borrowed, outlives the window. */
FerryWindow    *ferry_window_new            (GtkApplication *app,
                                             FerryProfile   *profile);
/* The keys for its actions; once. */
void            ferry_window_add_shortcuts  (GtkApplication *app);
/* %NULL: nobody is signed in. */
void            ferry_window_set_client     (FerryWindow    *self,
                                             FerryClient    *client);
FerrySetupPage *ferry_window_get_setup_page (FerryWindow    *self);
/* Goes to the contact's page. */
void            ferry_window_show_contact   (FerryWindow    *self,
                                             FerryContact   *contact);
/* Goes to the transfer: to its dialog while it is offered, else to its contact. */
void            ferry_window_show_transfer  (FerryWindow    *self,
                                             FerryTransfer  *transfer);
/* Goes to the chat with the contact: to its dialog while it is asked for. */
void            ferry_window_show_chat      (FerryWindow    *self,
                                             FerryContact   *contact);
/* Asks whom to send @files (of #GFile) to. */
void            ferry_window_ask_recipient  (FerryWindow    *self,
                                             GListModel     *files);
/* Asks to add somebody; @jid: (nullable): filled in already. */
void            ferry_window_add_contact    (FerryWindow    *self,
                                             const char     *jid);
/* A toast. */
void            ferry_window_say            (FerryWindow    *self,
                                             const char     *text);
/* A toast with the sentence for @error. */
void            ferry_window_complain       (FerryWindow    *self,
                                             const GError   *error);

G_END_DECLS
