/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "dropped-files"

#include "config.h"

#include "ui/dropped-files.h"

#include <string.h>

GListModel *
ferry_dropped_files_from_value (const GValue *value)
{
  GListStore *files;
  GSList *list;

  if (!G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST) || g_value_get_boxed (value) == NULL)
    return NULL;
  files = g_list_store_new (G_TYPE_FILE);
  list = gdk_file_list_get_files (g_value_get_boxed (value));
  for (GSList *l = list; l != NULL; l = l->next)
    g_list_store_append (files, l->data);
  g_slist_free (list);
  return G_LIST_MODEL (files);
}

/* A clipboard with x-special/gnome-copied-files alone yields a bogus file "copy",
 * and plain text a file named like the text: only real file lists count. */
static gboolean
has_files (GdkClipboard *clipboard)
{
  GdkContentFormats *formats = gdk_clipboard_get_formats (clipboard);

  return gdk_content_formats_contain_gtype (formats, GDK_TYPE_FILE_LIST) ||
         gdk_content_formats_contain_mime_type (formats, "text/uri-list");
}

static void
paste_read_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  const GValue *value = gdk_clipboard_read_value_finish (GDK_CLIPBOARD (source), result, &error);

  if (value == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, ferry_dropped_files_from_value (value), g_object_unref);
}

void
ferry_dropped_files_paste_async (GdkClipboard        *clipboard,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  GTask *task = g_task_new (clipboard, cancellable, callback, user_data);

  g_task_set_source_tag (task, ferry_dropped_files_paste_async);
  if (!has_files (clipboard))
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "No files there");
      g_object_unref (task);
      return;
    }
  gdk_clipboard_read_value_async (clipboard, GDK_TYPE_FILE_LIST, G_PRIORITY_DEFAULT, cancellable,
                                  paste_read_cb, task);
}

GListModel *
ferry_dropped_files_paste_finish (GAsyncResult  *result,
                                  GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Neither Thunar nor Nautilus pastes a bare file list: they want their own format too. */
GdkContentProvider *
ferry_dropped_files_provide (GFile *file)
{
  g_autofree char *uri = g_file_get_uri (file);
  char *copied = g_strconcat ("copy\n", uri, NULL);
  g_autoptr(GBytes) bytes = g_bytes_new_take (copied, strlen (copied));
  GdkFileList *list = gdk_file_list_new_from_array (&file, 1);
  GdkContentProvider *both[2];

  both[0] = gdk_content_provider_new_for_bytes ("x-special/gnome-copied-files", bytes);
  both[1] = gdk_content_provider_new_typed (GDK_TYPE_FILE_LIST, list);
  g_boxed_free (GDK_TYPE_FILE_LIST, list);
  return gdk_content_provider_new_union (both, G_N_ELEMENTS (both));
}
