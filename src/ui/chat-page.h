/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "core/chat.h"

G_BEGIN_DECLS

/**
 * FerryChatPage:
 *
 * The messages of a chat, what has to be said about it above them, and the next one below.
 * What its banner offers are actions of the window: "win.reopen", "win.verify", "win.close-chat".
 *
 * Signal "attach": the paper clip.
 */
#define FERRY_TYPE_CHAT_PAGE (ferry_chat_page_get_type ())
G_DECLARE_FINAL_TYPE (FerryChatPage, ferry_chat_page, FERRY, CHAT_PAGE, AdwBin)

/* Once. */
void ferry_chat_page_set_chat (FerryChatPage *self,
                               FerryChat     *chat,
                               FerryTrust    *trust);
/* On the next message. */
void ferry_chat_page_focus    (FerryChatPage *self);

G_END_DECLS
