/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "core/chat-history.h"

G_BEGIN_DECLS

/**
 * FerryHistoryGroup:
 *
 * The part of the preferences that is about messages kept on disk: whether, and to delete them.
 */
#define FERRY_TYPE_HISTORY_GROUP (ferry_history_group_get_type ())
G_DECLARE_FINAL_TYPE (FerryHistoryGroup, ferry_history_group, FERRY, HISTORY_GROUP,
                      AdwPreferencesGroup)

/* Once. @history: follows the preference at once */
void ferry_history_group_set_up (FerryHistoryGroup *self,
                                 GSettings         *settings,
                                 FerryChatHistory  *history);

G_END_DECLS
