/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/chat.h"

G_BEGIN_DECLS

/* How a chat stands, in words. */

/* "End-to-end encrypted · direct", "Waiting for an answer…". Returns: (transfer full) */
char            *ferry_chat_text_state    (FerryChat    *chat);
/* Who is at the other end: of this chat while it is open, else of whom we know. */
FerryTrustLevel  ferry_chat_text_level    (FerryChat    *chat,
                                           FerryTrust   *trust);
/* Whether a chat with @contact may begin, as far as is known. */
gboolean         ferry_chat_text_can_open (FerryContact *contact);

/* "sent", "delivered"; of a message of ours. */
const char      *ferry_message_text_mark  (FerryMessage *message);
const char      *ferry_message_text_icon  (FerryMessage *message);
/* "12:01", with the day if it was not today. Returns: (transfer full) */
char            *ferry_message_text_time  (FerryMessage *message);
/* As it is shown: a stranger's words made harmless, in lines. Returns: (transfer full) */
char            *ferry_message_text_body  (FerryMessage *message);
/* All of it, for who cannot see it. @who: the other side. Returns: (transfer full) */
char            *ferry_message_text_summary (FerryMessage *message,
                                             const char   *who);

G_END_DECLS
