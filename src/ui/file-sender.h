/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/transfer-queue.h"

G_BEGIN_DECLS

/* Puts @files (of #GFile) into @queue for @to, leaving out what is not there (a
 * clipboard holds such things) and folders. finish(): how many were queued;
 * %G_IO_ERROR_IS_DIRECTORY or _NOT_FOUND if something was left out. */
void  ferry_file_sender_send_async  (FerryTransferQueue   *queue,
                                     const char           *to,
                                     GListModel           *files,
                                     GAsyncReadyCallback   callback,
                                     gpointer              user_data);
gint  ferry_file_sender_send_finish (GAsyncResult         *result,
                                     GError              **error);

G_END_DECLS
