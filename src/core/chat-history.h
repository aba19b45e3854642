/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/chat-file.h"

G_BEGIN_DECLS

/**
 * FerryChatHistory:
 *
 * The messages of an account that are kept on disk: none, unless the user wants it. Reads and
 * writes in a thread of its own, in the order it is asked. A write that fails is logged.
 */
#define FERRY_TYPE_CHAT_HISTORY (ferry_chat_history_get_type ())
G_DECLARE_FINAL_TYPE (FerryChatHistory, ferry_chat_history, FERRY, CHAT_HISTORY, GObject)

/* @account: (nullable): bare JID; %NULL: nobody is signed in, it can only delete.
 * @is_on: whether messages are kept. Touches no disk. */
FerryChatHistory *ferry_chat_history_new           (const char             *data_dir,
                                                    const char             *account,
                                                    gboolean                is_on);
gboolean          ferry_chat_history_is_on         (FerryChatHistory       *self);
/* Where they are kept: a file name, to be shown. (transfer full) */
char             *ferry_chat_history_dup_folder    (FerryChatHistory       *self);
/* From now on; what is there stays. */
void              ferry_chat_history_set_on        (FerryChatHistory       *self,
                                                    gboolean                is_on);
/* Does nothing if it is off. @contact: bare JID. @record: a state alone is forgotten if no
 * message was kept. */
void              ferry_chat_history_add           (FerryChatHistory       *self,
                                                    const char             *contact,
                                                    const FerryChatRecord  *record);
/* Without what is added later. See ferry_chat_file_read(). */
void              ferry_chat_history_read_async    (FerryChatHistory       *self,
                                                    const char             *contact,
                                                    GCancellable           *cancellable,
                                                    GAsyncReadyCallback     callback,
                                                    gpointer                user_data);
/* Returns: (transfer full) (nullable) */
GPtrArray        *ferry_chat_history_read_finish   (GAsyncResult           *result,
                                                    GError                **error);
/* All that is kept, of all accounts, whether it is on or not. */
void              ferry_chat_history_delete_async  (FerryChatHistory       *self,
                                                    GCancellable           *cancellable,
                                                    GAsyncReadyCallback     callback,
                                                    gpointer                user_data);
gboolean          ferry_chat_history_delete_finish (GAsyncResult           *result,
                                                    GError                **error);
/* Waits until all that was asked for is on disk, or read. */
void              ferry_chat_history_flush         (FerryChatHistory       *self);

G_END_DECLS
