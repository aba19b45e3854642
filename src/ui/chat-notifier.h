/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "core/chat.h"

G_BEGIN_DECLS

/**
 * FerryChatNotifier:
 *
 * Tells the desktop, while nobody looks, that somebody wants to chat or has written. The words
 * themselves stay in their window: who shows notifications may keep them.
 */
#define FERRY_TYPE_CHAT_NOTIFIER (ferry_chat_notifier_get_type ())
G_DECLARE_FINAL_TYPE (FerryChatNotifier, ferry_chat_notifier, FERRY, CHAT_NOTIFIER, GObject)

/* @app: not referenced, outlives it. */
FerryChatNotifier *ferry_chat_notifier_new (GtkApplication *app,
                                            GSettings      *settings,
                                            FerryChats     *chats);

G_END_DECLS
