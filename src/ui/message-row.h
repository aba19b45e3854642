/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "core/chat.h"

G_BEGIN_DECLS

/**
 * FerryMessageRow:
 *
 * One message of a chat: ours at the end, theirs at the start of the line.
 */
#define FERRY_TYPE_MESSAGE_ROW (ferry_message_row_get_type ())
G_DECLARE_FINAL_TYPE (FerryMessageRow, ferry_message_row, FERRY, MESSAGE_ROW, AdwBin)

GtkWidget *ferry_message_row_new         (void);
/* @message: (nullable). @who: (nullable): the other side's name */
void       ferry_message_row_set_message (FerryMessageRow *self,
                                          FerryMessage    *message,
                                          const char      *who);

G_END_DECLS
