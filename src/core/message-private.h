/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/chat.h"

G_BEGIN_DECLS

/* message.c: for the chat. */
char         *ferry_message_clean     (const char        *body);
FerryMessage *ferry_message_new       (const char        *body,
                                       gboolean           is_own,
                                       FerryMessageState  state);
/* @body: clean. @time: µs, real time */
FerryMessage *ferry_message_new_from_before (const char  *body,
                                       gboolean           is_own,
                                       FerryMessageState  state,
                                       gint64             time);
void          ferry_message_set_state (FerryMessage      *self,
                                       FerryMessageState  state);
/* (nullable): of the stanza */
const char   *ferry_message_get_id    (FerryMessage      *self);
void          ferry_message_set_id    (FerryMessage      *self,
                                       const char        *id);

G_END_DECLS
