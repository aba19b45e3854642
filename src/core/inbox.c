/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-inbox"

#include "config.h"

#include "base/safe-name.h"
#include "core/inbox.h"
#include "core/part-file.h"

struct _FerryInbox
{
  GObject        parent_instance;
  GFile         *folder;       /* (owned) */
  char          *name;         /* (owned): safe */
  gint64         size;         /* bytes; -1: not known */
  FerryPartFile *part;         /* (owned) (nullable): between open and commit */
  gboolean       is_discarded; /* what a thread still creates goes away as well */
};

G_DEFINE_FINAL_TYPE (FerryInbox, ferry_inbox, G_TYPE_OBJECT)

FerryInbox *
ferry_inbox_new (GFile      *folder,
                 const char *name,
                 gint64      size)
{
  FerryInbox *self;

  g_return_val_if_fail (G_IS_FILE (folder), NULL);

  self = g_object_new (FERRY_TYPE_INBOX, NULL);
  self->folder = g_object_ref (folder);
  self->name = ferry_safe_name (name);
  self->size = size;

  return self;
}

static void
open_thread (GTask        *task,
             gpointer      source,
             gpointer      task_data,
             GCancellable *cancellable)
{
  FerryInbox *self = source;
  GError *error = NULL;
  FerryPartFile *part = ferry_part_file_create (self->folder, self->name, self->size, &error);

  if (part == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, part, (GDestroyNotify) ferry_part_file_free);
}

void
ferry_inbox_open_async (FerryInbox          *self,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_return_if_fail (FERRY_IS_INBOX (self));

  g_task_set_source_tag (task, ferry_inbox_open_async);
  g_task_run_in_thread (task, open_thread);
}

int
ferry_inbox_open_finish (FerryInbox    *self,
                         GAsyncResult  *result,
                         GError       **error)
{
  g_autoptr(FerryPartFile) part = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), -1);

  part = g_task_propagate_pointer (G_TASK (result), error);
  if (part == NULL)
    return -1;

  if (self->is_discarded)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Discarded");
      return -1;
    }

  self->part = g_steal_pointer (&part);
  return self->part->fd;
}

int
ferry_inbox_get_fd (FerryInbox *self)
{
  g_return_val_if_fail (FERRY_IS_INBOX (self), -1);

  return self->part != NULL ? self->part->fd : -1;
}

gint64
ferry_inbox_get_n_bytes (FerryInbox *self)
{
  g_return_val_if_fail (FERRY_IS_INBOX (self), -1);

  return self->part != NULL ? ferry_part_file_get_n_bytes (self->part) : -1;
}

static void
commit_thread (GTask        *task,
               gpointer      source,
               gpointer      task_data,
               GCancellable *cancellable)
{
  FerryInbox *self = source;
  FerryPartFile *part = task_data;
  g_autofree char *published = NULL;
  GError *error = NULL;

  if (g_task_return_error_if_cancelled (task))
    return;

  published = ferry_part_file_publish (part, self->name, FERRY_PUBLISH_RENAME, &error);
  if (published == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_file_get_child (self->folder, published), g_object_unref);
}

void
ferry_inbox_commit_async (FerryInbox          *self,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_return_if_fail (FERRY_IS_INBOX (self));

  g_task_set_source_tag (task, ferry_inbox_commit_async);
  /* Once the file has its name, it has: a late cancellation does not hide that. */
  g_task_set_check_cancellable (task, FALSE);

  if (self->part == NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CLOSED, "The file is not open");
      return;
    }

  g_task_set_task_data (task, g_steal_pointer (&self->part),
                        (GDestroyNotify) ferry_part_file_free);
  g_task_run_in_thread (task, commit_thread);
}

GFile *
ferry_inbox_commit_finish (FerryInbox    *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
ferry_inbox_discard (FerryInbox *self)
{
  g_return_if_fail (FERRY_IS_INBOX (self));

  self->is_discarded = TRUE;
  g_clear_pointer (&self->part, ferry_part_file_free);
}

static void
ferry_inbox_finalize (GObject *object)
{
  FerryInbox *self = FERRY_INBOX (object);

  g_clear_pointer (&self->part, ferry_part_file_free);
  g_clear_object (&self->folder);
  g_clear_pointer (&self->name, g_free);

  G_OBJECT_CLASS (ferry_inbox_parent_class)->finalize (object);
}

static void
ferry_inbox_class_init (FerryInboxClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ferry_inbox_finalize;
}

static void
ferry_inbox_init (FerryInbox *self)
{
  self->size = -1;
}
