/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ui/chat-desk.h"
#include "ui/contacts-page.h"
#include "ui/offer-desk.h"
#include "ui/transfers-page.h"
#include "ui/window.h"

G_BEGIN_DECLS

struct _FerryWindow
{
  AdwApplicationWindow parent_instance;

  FerryProfile       *profile;
  FerryClient        *client;           /* (owned) (nullable) */
  FerryOfferDesk     *offers;           /* (owned) (nullable): while there is a client */
  FerryChatDesk      *chats;            /* (owned) (nullable): while there is a client */
  GSignalGroup       *shown_contact;    /* (owned): of the one on the page */
  GSimpleAction      *encryption;       /* (owned): of files with the contact on the page */
  GSimpleAction      *relay_only;       /* (owned): likewise */
  GListModel         *pending;          /* (owned) (nullable): files without a recipient */
  GPtrArray          *requests;         /* (owned): FerryContacts who want to see us */
  guint               countdown_source; /* while the account waits to try again */
  AdwToast           *toast;            /* (nullable): the last one, while it waits or shows */
  GtkWidget          *add_dialog;       /* (nullable): open */
  gboolean            is_closing;       /* the user said yes to quitting */

  AdwToastOverlay    *toasts;
  GtkStack           *stack;
  FerrySetupPage     *setup_page;
  AdwLeaflet         *leaflet;
  FerryContactsPage  *contacts_page;
  FerryTransfersPage *transfers_page;
};

/* window-actions.c */
void ferry_window_install_actions (GtkWidgetClass *widget_class);
void ferry_window_update_actions  (FerryWindow    *self);
/* Puts files into the queue and says what could not be. */
void ferry_window_send_files      (FerryWindow    *self,
                                   FerryContact   *contact,
                                   GListModel     *files);

/* window-chats.c: who the contact on the page is, and the way to talk in private. */
void ferry_window_install_chat_actions (GtkWidgetClass *widget_class);
void ferry_window_init_chats      (FerryWindow    *self);
/* Once after each change of the client. */
void ferry_window_watch_chats     (FerryWindow    *self);
/* What is known of the contact on the page has changed, or it is another one. */
void ferry_window_update_chats    (FerryWindow    *self);

/* window-banners.c: what waits for an answer, in the lines above the lists. */
void ferry_window_init_banners    (FerryWindow    *self);
/* Once after each change of the client. */
void ferry_window_watch_client    (FerryWindow    *self);
void ferry_window_update_pending  (FerryWindow    *self);
void ferry_window_stop_countdown  (FerryWindow    *self);
/* The dialog of the first that waits for an answer. */
void ferry_window_review          (FerryWindow    *self);

G_END_DECLS
