/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * FerryMessageEntry:
 *
 * Where a message is written. Enter sends it, Shift+Enter begins a new line.
 *
 * Signals: "submitted" (const char *text), after which it is empty; "writing" (gboolean): there
 * is something in it, at every change, or there is nothing any more; "attach": the paper clip.
 */
#define FERRY_TYPE_MESSAGE_ENTRY (ferry_message_entry_get_type ())
G_DECLARE_FINAL_TYPE (FerryMessageEntry, ferry_message_entry, FERRY, MESSAGE_ENTRY, AdwBin)

void ferry_message_entry_focus       (FerryMessageEntry *self);
/* Whether anything can be sent at all. */
void ferry_message_entry_set_enabled (FerryMessageEntry *self,
                                      gboolean           enabled);

G_END_DECLS
