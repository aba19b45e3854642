/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-transfer"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/transfer-private.h"

#define HASH_FIRST_BELOW (32 * 1024 * 1024) /* bytes, FT5-2 */

#define EXAMINED_ATTRIBUTES \
  G_FILE_ATTRIBUTE_STANDARD_TYPE "," G_FILE_ATTRIBUTE_STANDARD_SIZE "," \
  G_FILE_ATTRIBUTE_STANDARD_DISPLAY_NAME "," G_FILE_ATTRIBUTE_STANDARD_CONTENT_TYPE

static GError *
refuse_file (const char *reason)
{
  return g_error_new (FERRY_TRANSFER_ERROR, FERRY_TRANSFER_ERROR_FILE, "offer: %s", reason);
}

static const char *
find_fault (GFileType type)
{
  if (type == G_FILE_TYPE_REGULAR)
    return NULL;

  return type == G_FILE_TYPE_DIRECTORY ? "a folder cannot be sent, only files"
                                       : "this is not a regular file";
}

static void
examine_done_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(FerryTransfer) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GFileInfo) info = g_file_query_info_finish (G_FILE (source), result, &error);
  const char *fault = info != NULL ? find_fault (g_file_info_get_file_type (info)) : NULL;
  const char *type;

  if (ferry_transfer_is_ended (self))
    return;

  if (info == NULL || fault != NULL)
    {
      ferry_transfer_end (self, FERRY_TRANSFER_FAILED,
                          refuse_file (fault != NULL ? fault : error->message));
      return;
    }

  self->is_examined = TRUE;
  self->size = g_file_info_get_size (info);
  ferry_transfer_set_string (self, FERRY_TRANSFER_PROP_NAME, &self->name,
                             g_file_info_get_display_name (info));
  type = g_file_info_get_content_type (info);
  if (type != NULL)
    {
      g_autofree char *mime = g_content_type_get_mime_type (type);

      ferry_transfer_set_string (self, FERRY_TRANSFER_PROP_CONTENT_TYPE,
                                 &self->content_type, mime);
    }
  ferry_transfer_notify (self, FERRY_TRANSFER_PROP_SIZE);
  ferry_transfer_emit_examined (self);
}

/* Looks at the file without holding it: hundreds may be waiting. */
void
ferry_transfer_examine (FerryTransfer *self)
{
  g_file_query_info_async (self->file, EXAMINED_ATTRIBUTES, G_FILE_QUERY_INFO_NONE,
                           G_PRIORITY_DEFAULT, self->cancellable,
                           examine_done_cb, g_object_ref (self));
}

/* What a thread finds when it opens the file. */
typedef struct
{
  char              *path;       /* (owned) */
  int                flags;      /* of open(): what is shared is not followed (SEC-22) */
  int                fd;         /* (owned) */
  struct stat        info;
  guint              algorithms;
  FerryTransferFunc  then;
} Opened;

static void
opened_free (gpointer data)
{
  Opened *opened = data;

  if (opened->fd >= 0)
    close (opened->fd);
  g_free (opened->path);
  g_free (opened);
}

/* O_NONBLOCK: a pipe in the file's place must not hold the thread for ever. */
static void
open_thread (GTask        *task,
             gpointer      source,
             gpointer      task_data,
             GCancellable *cancellable)
{
  Opened *opened = task_data;

  opened->fd = open (opened->path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | opened->flags);

  if (opened->fd < 0 || fstat (opened->fd, &opened->info) != 0)
    g_task_return_error (task, refuse_file (g_strerror (errno)));
  else if (!S_ISREG (opened->info.st_mode))
    g_task_return_error (task, refuse_file (find_fault (S_ISDIR (opened->info.st_mode)
                                                        ? G_FILE_TYPE_DIRECTORY
                                                        : G_FILE_TYPE_SPECIAL)));
  else
    g_task_return_boolean (task, TRUE);
}

static gint64
get_mtime (const struct stat *info)
{
  return (gint64) info->st_mtim.tv_sec * G_GINT64_CONSTANT (1000000000) + info->st_mtim.tv_nsec;
}

/* Our user's file cannot be sent; what a peer asked for is not there for it.
 * @error: (transfer full) */
static void
source_failed (FerryTransfer *self,
               GError        *error)
{
  if (self->role == FERRY_ROLE_INITIATOR)
    {
      ferry_transfer_end (self, FERRY_TRANSFER_FAILED, error);
      return;
    }

  g_debug ("Transfer %s: %s", self->id, error->message);
  g_error_free (error);
  ferry_transfer_feed_kind (self, FERRY_SESSION_EVENT_DECLINE);
}

static void
hash_source_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(FerryTransfer) self = user_data;
  g_autoptr(GError) error = NULL;
  FerryTransferFunc then = self->when_hashed;
  FerryHashes hashes = { 0 };
  gboolean ok = ferry_hash_file_finish (result, &hashes, &error);

  if (ferry_transfer_is_ended (self) || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self->when_hashed = NULL;

  if (!ok)
    {
      source_failed (self, refuse_file (error->message));
      return;
    }

  ferry_hashes_merge (&self->hashes, &hashes);
  then (self);
}

/* Large files are hashed while they pass, for it takes as long as to send them. */
void
ferry_transfer_hash_source (FerryTransfer     *self,
                            guint              algorithms,
                            FerryTransferFunc  then)
{
  guint missing = algorithms & ~self->hashes.present;

  if (missing == 0 || self->size >= HASH_FIRST_BELOW)
    {
      then (self);
      return;
    }

  self->when_hashed = then;
  ferry_hash_file_async (self->fd, 0, self->size, missing, self->cancellable, hash_source_cb,
                         g_object_ref (self));
}

static void
open_done_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(FerryTransfer) self = user_data;
  g_autoptr(GError) error = NULL;
  Opened *opened = g_task_get_task_data (G_TASK (result));
  gboolean ok = g_task_propagate_boolean (G_TASK (result), &error);

  if (ferry_transfer_is_ended (self))
    return;

  if (!ok)
    {
      source_failed (self, g_steal_pointer (&error));
      return;
    }

  self->fd = opened->fd;
  opened->fd = -1;
  self->mtime = get_mtime (&opened->info);
  self->size = opened->info.st_size;
  ferry_transfer_notify (self, FERRY_TRANSFER_PROP_SIZE);

  ferry_transfer_hash_source (self, opened->algorithms, opened->then);
}

static void
hash_whole_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(FerryTransfer) self = user_data;
  g_autoptr(GError) error = NULL;
  FerryHashes hashes = { 0 };

  if (!ferry_hash_file_finish (result, &hashes, &error))
    {
      g_debug ("Transfer %s: no hash: %s", self->id, error->message);
      return;
    }

  ferry_hashes_merge (&self->hashes, &hashes);
  if (ferry_transfer_has_session (self))
    ferry_transfer_feed_hashes (self, FERRY_SESSION_EVENT_HASHES, &self->hashes);
}

/* The peer wants a part of a large file: what passes does not make the whole's hash. Once is
 * enough, however often the path breaks. */
void
ferry_transfer_hash_whole (FerryTransfer *self)
{
  if (self->direction != FERRY_DIRECTION_SEND || self->way.whole != NULL
      || self->hashes.present != 0)
    return;

  self->way.whole = g_cancellable_new ();
  ferry_hash_file_async (self->fd, 0, self->size, 1u << FERRY_HASH_SHA256, self->way.whole,
                         hash_whole_cb, g_object_ref (self));
}

/* Of our own file the digest that our user may see, while the dialect is still being chosen.
 * For who asks us for one, those of all dialects that are answered alike. */
static guint
choose_algorithms (FerryTransfer *self)
{
  const FerryDialect *const *dialects = self->services->dialects;
  guint algorithms = 1u << FERRY_HASH_SHA256;

  if (self->role == FERRY_ROLE_INITIATOR)
    return algorithms;

  for (guint i = 0; dialects[i] != NULL; i++)
    {
      if (dialects[i]->entrances == self->dialect->entrances)
        algorithms |= dialects[i]->hashes;
    }

  return algorithms;
}

/* Opens the file and, if it is small, hashes it; then calls @then. */
void
ferry_transfer_open_source (FerryTransfer     *self,
                            FerryTransferFunc  then)
{
  /* Not the task's source: a thread may be the last to let go of a task. */
  g_autoptr(GTask) task = g_task_new (NULL, self->cancellable, open_done_cb,
                                      g_object_ref (self));
  Opened *opened = g_new0 (Opened, 1);

  g_task_set_source_tag (task, ferry_transfer_open_source);
  opened->fd = -1;
  opened->path = g_file_get_path (self->file);
  opened->flags = self->role == FERRY_ROLE_RESPONDER ? O_NOFOLLOW : 0;
  opened->algorithms = choose_algorithms (self);
  opened->then = then;
  g_task_set_task_data (task, opened, opened_free);

  if (opened->path == NULL)
    g_task_return_error (task, refuse_file ("it is not on this computer"));
  else
    g_task_run_in_thread (task, open_thread);
}

gboolean
ferry_transfer_is_unchanged (FerryTransfer  *self,
                             GError        **error)
{
  struct stat info;

  if (fstat (self->fd, &info) == 0 && info.st_size == self->size
      && get_mtime (&info) == self->mtime)
    return TRUE;

  g_set_error_literal (error, FERRY_TRANSFER_ERROR, FERRY_TRANSFER_ERROR_FILE,
                       "the file changed since it was offered");
  return FALSE;
}

/* Returns: (transfer full): what the offer says (FT5-2, FT5-6) */
FerryFileDescription *
ferry_transfer_describe (FerryTransfer *self)
{
  FerryFileDescription *file = ferry_file_description_new ();

  file->name = g_strdup (self->name);
  file->media_type = g_strdup (self->content_type != NULL ? self->content_type
                                                          : "application/octet-stream");
  file->size = self->size;
  file->date = self->mtime / G_GINT64_CONSTANT (1000000000);
  file->hashes = self->hashes;
  ferry_hashes_announce (&file->hashes, FERRY_HASH_SHA256);
  file->hashes.announced |= self->dialect->hashes;
  file->has_range = TRUE;
  file->range_offset = 0;
  file->range_length = -1;

  return file;
}

/* An inbox owns its own descriptor. */
void
ferry_transfer_close_source (FerryTransfer *self)
{
  if (self->direction == FERRY_DIRECTION_SEND && self->fd >= 0)
    close (self->fd);

  self->fd = -1;
}
