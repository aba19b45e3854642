/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-hash-file"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "net/byte-pump.h"
#include "net/hasher.h"

#define BLOCK_SIZE (256 * 1024)

typedef struct
{
  int          fd;         /* (owned) */
  gint64       offset;
  gint64       length;     /* -1: to the end */
  guint        algorithms;
  FerryHashes  hashes;
} HashFile;

static void
hash_file_free (HashFile *job)
{
  if (job->fd >= 0)
    close (job->fd);

  g_free (job);
}

static gboolean
hash_file_read (HashFile      *job,
                FerryHasher   *hasher,
                GCancellable  *cancellable,
                GError       **error)
{
  g_autofree guint8 *buffer = g_malloc (BLOCK_SIZE);
  gint64 done = 0;

  while (job->length < 0 || done < job->length)
    {
      gsize want = job->length < 0 ? BLOCK_SIZE : MIN (BLOCK_SIZE, job->length - done);
      gssize n;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;

      do
        n = pread (job->fd, buffer, want, job->offset + done);
      while (n < 0 && errno == EINTR);

      if (n < 0)
        {
          g_set_error_literal (error, FERRY_PUMP_ERROR, FERRY_PUMP_ERROR_FILE, g_strerror (errno));
          return FALSE;
        }

      if (n == 0 && job->length >= 0)
        {
          g_set_error (error, FERRY_PUMP_ERROR, FERRY_PUMP_ERROR_TRUNCATED,
                       "The file ended after %" G_GINT64_FORMAT " bytes", done);
          return FALSE;
        }

      if (n == 0)
        break;

      ferry_hasher_update (hasher, buffer, n);
      done += n;
    }

  return TRUE;
}

static gpointer
hash_file_thread (gpointer data)
{
  g_autoptr(GTask) task = G_TASK (data);
  HashFile *job = g_task_get_task_data (task);
  FerryHasher *hasher = ferry_hasher_new (job->algorithms);
  GError *error = NULL;

  if (hash_file_read (job, hasher, g_task_get_cancellable (task), &error))
    {
      ferry_hasher_finish (hasher, &job->hashes);
      g_task_return_boolean (task, TRUE);
    }
  else
    {
      ferry_hasher_finish (hasher, NULL);
      g_task_return_error (task, error);
    }

  return NULL;
}

/**
 * ferry_hash_file_async:
 * @fd: duplicated; must support pread()
 * @length: bytes; -1: until the file ends
 * @algorithms: bit per #FerryHashAlgorithm
 *
 * The thread is not one of GIO's pool: a few large files would keep address
 * look-ups waiting behind them.
 *
 * Errors: %FERRY_PUMP_ERROR_TRUNCATED, %FERRY_PUMP_ERROR_FILE, %G_IO_ERROR_CANCELLED.
 */
void
ferry_hash_file_async (int                  fd,
                       gint64               offset,
                       gint64               length,
                       guint                algorithms,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  HashFile *job = g_new0 (HashFile, 1);

  job->fd = fcntl (fd, F_DUPFD_CLOEXEC, 0);
  job->offset = offset;
  job->length = length;
  job->algorithms = algorithms;
  g_task_set_source_tag (task, ferry_hash_file_async);
  g_task_set_task_data (task, job, (GDestroyNotify) hash_file_free);

  if (job->fd < 0)
    {
      g_task_return_new_error (task, FERRY_PUMP_ERROR, FERRY_PUMP_ERROR_FILE, "%s",
                               g_strerror (errno));
      return;
    }

  g_thread_unref (g_thread_new ("ferry-hash-file", hash_file_thread, g_steal_pointer (&task)));
}

/* @hashes: (out caller-allocates): the digests are added to what is in it. */
gboolean
ferry_hash_file_finish (GAsyncResult  *result,
                        FerryHashes   *hashes,
                        GError       **error)
{
  HashFile *job;

  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  job = g_task_get_task_data (G_TASK (result));

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;

  ferry_hashes_merge (hashes, &job->hashes);
  return TRUE;
}
