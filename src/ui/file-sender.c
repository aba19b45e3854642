/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "file-sender"

#include "config.h"

#include "ui/file-sender.h"

typedef struct
{
  char       *to;      /* (owned) */
  GListModel *files;   /* (owned) */
  guint       next;
  int         n_queued;
  GError     *refused; /* (owned) (nullable): the first */
} Send;

static void look_at_next (GTask *task);

static void
send_free (gpointer data)
{
  Send *op = data;

  g_free (op->to);
  g_object_unref (op->files);
  g_clear_error (&op->refused);
  g_free (op);
}

static void
refuse (Send     *op,
        GError   *error)
{
  if (op->refused == NULL)
    op->refused = error;
  else
    g_error_free (error);
}

static void
send_looked_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  GTask *task = user_data;
  Send *op = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr(GFileInfo) info = g_file_query_info_finish (G_FILE (source), result, &error);

  if (info == NULL)
    refuse (op, error);
  else if (g_file_info_get_file_type (info) == G_FILE_TYPE_DIRECTORY)
    refuse (op, g_error_new (G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY, "A folder cannot be sent"));
  else
    {
      ferry_transfer_queue_send (g_task_get_source_object (task), op->to, G_FILE (source));
      op->n_queued++;
    }
  look_at_next (task);
}

/* One after the other: the queue keeps the order in which they were dropped. */
static void
look_at_next (GTask *task)
{
  Send *op = g_task_get_task_data (task);
  g_autoptr(GFile) file = g_list_model_get_item (op->files, op->next++);

  if (file != NULL)
    {
      g_file_query_info_async (file, G_FILE_ATTRIBUTE_STANDARD_TYPE, G_FILE_QUERY_INFO_NONE,
                               G_PRIORITY_DEFAULT, NULL, send_looked_cb, task);
      return;
    }
  if (op->refused != NULL)
    g_task_return_error (task, g_steal_pointer (&op->refused));
  else
    g_task_return_int (task, op->n_queued);
  g_object_unref (task);
}

void
ferry_file_sender_send_async (FerryTransferQueue  *queue,
                              const char          *to,
                              GListModel          *files,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  GTask *task = g_task_new (queue, NULL, callback, user_data);
  Send *op = g_new0 (Send, 1);

  op->to = g_strdup (to);
  op->files = g_object_ref (files);
  g_task_set_source_tag (task, ferry_file_sender_send_async);
  g_task_set_task_data (task, op, send_free);
  look_at_next (task);
}

gint
ferry_file_sender_send_finish (GAsyncResult  *result,
                               GError       **error)
{
  return (gint) g_task_propagate_int (G_TASK (result), error);
}
