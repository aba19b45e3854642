/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "core/chat.h"

G_BEGIN_DECLS

/**
 * FerryChatWindow:
 *
 * The secure chat with one contact, and the page to verify who that is. Closing the window closes
 * the chat. What was said stays with the chat.
 *
 * Signal "files-given" (FerryContact, GListModel of GFile): for the contact; the main window
 * sends them.
 */
#define FERRY_TYPE_CHAT_WINDOW (ferry_chat_window_get_type ())
G_DECLARE_FINAL_TYPE (FerryChatWindow, ferry_chat_window, FERRY, CHAT_WINDOW, AdwWindow)

/* @app: whose keys it takes. @own_jid: bare. */
FerryChatWindow *ferry_chat_window_new         (GtkApplication  *app,
                                                FerryChat       *chat,
                                                FerryTrust      *trust,
                                                const char      *own_jid);
FerryChat       *ferry_chat_window_get_chat    (FerryChatWindow *self);
/* Turns to the page for verifying. */
void             ferry_chat_window_verify      (FerryChatWindow *self);
/* A toast. */
void             ferry_chat_window_say         (FerryChatWindow *self,
                                                const char      *text);

G_END_DECLS
