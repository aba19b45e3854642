/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Files that came by drag and drop, by paste, or are to be put on the clipboard. */

/* @value: holds a #GdkFileList. Returns: (transfer full) (nullable): of #GFile */
GListModel         *ferry_dropped_files_from_value   (const GValue         *value);

/* Reads files from a clipboard; %NULL with %G_IO_ERROR_NOT_SUPPORTED if it holds
 * none. Plain text is not taken for files. */
void                ferry_dropped_files_paste_async  (GdkClipboard         *clipboard,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
GListModel         *ferry_dropped_files_paste_finish (GAsyncResult         *result,
                                                      GError              **error);

/* @file as every file manager understands it: dragged out, or pasted there. */
GdkContentProvider *ferry_dropped_files_provide      (GFile                *file);

G_END_DECLS
