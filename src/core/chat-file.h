/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "core/chat-record.h"

G_BEGIN_DECLS

#define FERRY_CHAT_FILE_MAX_RECORDS 200           /* read back */
#define FERRY_CHAT_FILE_MAX_BYTES   (1024 * 1024) /* looked at for them, from the end */

/* The files of kept messages: `chats/<account>/<contact>.txt` in the data directory, one line of
 * chat-record.h after the other, readable by the user alone, not encrypted. All of this waits for
 * the disk. */

/* Both: bare JIDs, normalised. Another one has another file, also where the file system does not
 * tell A from a. (transfer full) */
char      *ferry_chat_file_get_path   (const char  *data_dir,
                                       const char  *account,
                                       const char  *contact);
/* Where all of them are. (transfer full) */
char      *ferry_chat_file_get_folder (const char  *data_dir);
/* @line: with its end. @is_new_allowed: %FALSE: a file that is not there is
 * %G_IO_ERROR_NOT_FOUND */
gboolean   ferry_chat_file_append     (const char  *path,
                                       const char  *line,
                                       gboolean     is_new_allowed,
                                       GError     **error);
/* The last messages, oldest first: FerryChatRecord (owned), each with a body, and each settled:
 * whatever was under way is UNDELIVERED. Lines that are damaged are left out.
 * Returns: (transfer full) (nullable): empty if there is no file */
GPtrArray *ferry_chat_file_read       (const char  *path,
                                       GError     **error);
/* The messages of all accounts. */
gboolean   ferry_chat_file_delete_all (const char  *data_dir,
                                       GError     **error);

G_END_DECLS
