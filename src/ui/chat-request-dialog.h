/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "core/chat.h"

G_BEGIN_DECLS

/**
 * FerryChatRequestDialog:
 *
 * Somebody asks for a secure chat; perhaps to be known by a phrase, which then has to be typed.
 * For half a second it takes no answer, so that what is being typed elsewhere does not become one.
 *
 * Responses: "accept", "decline"; "later" by Escape or the close button.
 */
#define FERRY_TYPE_CHAT_REQUEST_DIALOG (ferry_chat_request_dialog_get_type ())
G_DECLARE_FINAL_TYPE (FerryChatRequestDialog, ferry_chat_request_dialog,
                      FERRY, CHAT_REQUEST_DIALOG, AdwMessageDialog)

/* @chat: OFFERED */
FerryChatRequestDialog *ferry_chat_request_dialog_new        (GtkWindow              *parent,
                                                              FerryChat              *chat,
                                                              FerryTrust             *trust);
/* Returns: (transfer full) (nullable): what was typed, if a phrase is wanted */
char                   *ferry_chat_request_dialog_dup_phrase (FerryChatRequestDialog *self);

G_END_DECLS
