/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "core/client.h"

G_BEGIN_DECLS

/**
 * FerryChatDesk:
 *
 * The windows of secure chats, one for each, and the chats that others ask for: one dialog at a
 * time, the rest and those put off are counted for a banner.
 *
 * Property "n-waiting" (guint, notified): requests without a dialog. Signals: "changed": something
 * that is shown of a chat elsewhere; "files-given" (FerryContact, GListModel of GFile).
 */
#define FERRY_TYPE_CHAT_DESK (ferry_chat_desk_get_type ())
G_DECLARE_FINAL_TYPE (FerryChatDesk, ferry_chat_desk, FERRY, CHAT_DESK, GObject)

/* @window: not referenced, outlives the desk. */
FerryChatDesk *ferry_chat_desk_new           (GtkWindow     *window,
                                              FerryClient   *client);
guint          ferry_chat_desk_get_n_waiting (FerryChatDesk *self);
/* The chat with @contact, if there ever was one. Borrowed. (nullable) */
FerryChat     *ferry_chat_desk_lookup        (FerryChatDesk *self,
                                              FerryContact  *contact);
/* Its window; a chat that never was is asked for, and who asks is answered. */
void           ferry_chat_desk_show          (FerryChatDesk *self,
                                              FerryContact  *contact);
/* Its window, where one verifies. */
void           ferry_chat_desk_verify        (FerryChatDesk *self,
                                              FerryContact  *contact);
/* The dialog of the first request that waits. */
void           ferry_chat_desk_review        (FerryChatDesk *self);

G_END_DECLS
