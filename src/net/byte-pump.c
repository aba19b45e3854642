/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-byte-pump"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "net/byte-pump-private.h"

G_DEFINE_FINAL_TYPE (FerryBytePump, ferry_byte_pump, G_TYPE_OBJECT)
G_DEFINE_QUARK (ferry-pump-error-quark, ferry_pump_error)

typedef struct
{
  GCancellable *inner;          /* (owned): the caller's, or the watch on stalling */
  gulong        outer_id;
  gulong        inner_id;
  guint         idle_limit;     /* seconds */
  GSource      *watch;          /* (owned) (nullable) */
  gboolean      has_stalled;
  GError       *error;          /* (owned) (nullable): of the worker */
} Run;

static void
run_free (Run *run)
{
  g_clear_object (&run->inner);
  g_clear_pointer (&run->watch, g_source_unref);
  g_clear_error (&run->error);
  g_free (run);
}

/* Back on the main thread. The worker has given its reference away: whoever
 * frees the pump in the callback frees it here, not in a thread that is late. */
static gboolean
run_done_cb (gpointer user_data)
{
  GTask *task = user_data;
  Run *run = g_task_get_task_data (task);

  if (run->watch != NULL)
    g_source_destroy (run->watch);

  g_cancellable_disconnect (g_task_get_cancellable (task), run->outer_id);
  g_cancellable_disconnect (run->inner, run->inner_id);

  if (run->error == NULL)
    g_task_return_boolean (task, TRUE);
  else if (run->has_stalled)
    g_task_return_new_error (task, FERRY_PUMP_ERROR, FERRY_PUMP_ERROR_STALLED,
                             "No byte moved for %u seconds", run->idle_limit);
  else
    g_task_return_error (task, g_steal_pointer (&run->error));

  return G_SOURCE_REMOVE;
}

static gpointer
run_thread (gpointer data)
{
  GTask *task = G_TASK (data);
  Run *run = g_task_get_task_data (task);
  FerryBytePump *self = g_task_get_source_object (task);
  g_autoptr(GSource) done = NULL;

  ferry_byte_pump_loop (self, run->inner, &run->error);

  /* Here: if the file was removed meanwhile, this frees it, and that takes its time. */
  close (self->fd);
  self->fd = -1;

  /* Not g_main_context_invoke(): it may run the callback right here. */
  done = g_idle_source_new ();
  g_source_set_priority (done, g_task_get_priority (task));
  g_source_set_callback (done, run_done_cb, task, g_object_unref);
  g_source_attach (done, g_task_get_context (task));

  return NULL;
}

static void
run_cancelled_cb (GCancellable *outer,
                  GCancellable *inner)
{
  g_cancellable_cancel (inner);
}

/* Wakes a paused worker. */
static void
run_inner_cancelled_cb (GCancellable  *inner,
                        FerryBytePump *self)
{
  g_mutex_lock (&self->mutex);
  g_cond_signal (&self->resumed);
  g_mutex_unlock (&self->mutex);
}

static void run_watch (GTask *task,
                       gint64 due);

/* Comes when the limit would be over had nothing moved since it was set, so it
 * wakes the main loop once per limit, not per second. */
static gboolean
run_watch_cb (gpointer user_data)
{
  GTask *task = user_data;
  FerryBytePump *self = g_task_get_source_object (task);
  Run *run = g_task_get_task_data (task);
  gint64 due;
  gboolean is_paused;

  g_mutex_lock (&self->mutex);
  is_paused = self->is_paused;
  g_mutex_unlock (&self->mutex);

  due = is_paused ? g_get_monotonic_time () : atomic_load (&self->last_moved);
  due += run->idle_limit * G_USEC_PER_SEC;

  g_clear_pointer (&run->watch, g_source_unref);

  if (due > g_get_monotonic_time ())
    {
      run_watch (task, due);
      return G_SOURCE_REMOVE;
    }

  run->has_stalled = TRUE;
  g_cancellable_cancel (run->inner);
  return G_SOURCE_REMOVE;
}

/* A new source each time: one that goes on is set to a whole interval by GLib. */
static void
run_watch (GTask *task,
           gint64 due)
{
  Run *run = g_task_get_task_data (task);

  run->watch = g_timeout_source_new (0);
  g_source_set_ready_time (run->watch, due);
  g_source_set_callback (run->watch, run_watch_cb, g_object_ref (task), g_object_unref);
  g_source_attach (run->watch, g_task_get_context (task));
}

void
ferry_byte_pump_run_async (FerryBytePump       *self,
                           gint64               offset,
                           gint64               length,
                           guint                idle_limit,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  Run *run;

  g_return_if_fail (FERRY_IS_BYTE_PUMP (self));
  g_return_if_fail (offset >= 0 && length >= -1);

  run = g_new0 (Run, 1);
  run->inner = g_cancellable_new ();
  run->idle_limit = idle_limit;
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, ferry_byte_pump_run_async);
  g_task_set_task_data (task, run, (GDestroyNotify) run_free);

  if (self->fd < 0)
    {
      g_task_return_new_error (task, FERRY_PUMP_ERROR, FERRY_PUMP_ERROR_FILE, "%s",
                               g_strerror (self->fd_errno));
      return;
    }

  self->offset = offset;
  self->length = length;
  atomic_store (&self->last_moved, g_get_monotonic_time ());
  run->inner_id = g_cancellable_connect (run->inner, G_CALLBACK (run_inner_cancelled_cb),
                                         self, NULL);

  if (cancellable != NULL)
    run->outer_id = g_cancellable_connect (cancellable, G_CALLBACK (run_cancelled_cb),
                                           g_object_ref (run->inner), g_object_unref);

  if (idle_limit > 0)
    run_watch (task, self->last_moved + idle_limit * G_USEC_PER_SEC);

  g_thread_unref (g_thread_new ("ferry-pump", run_thread, g_steal_pointer (&task)));
}

gboolean
ferry_byte_pump_run_finish (FerryBytePump  *self,
                            GAsyncResult   *result,
                            GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

guint64
ferry_byte_pump_get_bytes (FerryBytePump *self)
{
  return atomic_load_explicit (&self->moved, memory_order_relaxed);
}

/* Takes effect between two blocks; what the stream already holds still arrives. */
void
ferry_byte_pump_set_paused (FerryBytePump *self,
                            gboolean       paused)
{
  g_return_if_fail (FERRY_IS_BYTE_PUMP (self));

  g_mutex_lock (&self->mutex);
  self->is_paused = paused;

  if (!paused)
    {
      atomic_store (&self->last_moved, g_get_monotonic_time ());
      g_cond_signal (&self->resumed);
    }

  g_mutex_unlock (&self->mutex);
}

void
ferry_byte_pump_get_hashes (FerryBytePump *self,
                            FerryHashes   *hashes)
{
  g_return_if_fail (FERRY_IS_BYTE_PUMP (self));

  *hashes = self->hashes;
}

FerryBytePump *
ferry_byte_pump_new (GIOStream    *stream,
                     int           fd,
                     FerryPumpWay  way,
                     guint         algorithms)
{
  FerryBytePump *self;

  g_return_val_if_fail (G_IS_IO_STREAM (stream), NULL);

  self = g_object_new (FERRY_TYPE_BYTE_PUMP, NULL);
  self->stream = g_object_ref (stream);
  self->fd = fcntl (fd, F_DUPFD_CLOEXEC, 0);
  self->fd_errno = errno;
  self->way = way;
  self->algorithms = algorithms;

  return self;
}

static void
ferry_byte_pump_finalize (GObject *object)
{
  FerryBytePump *self = FERRY_BYTE_PUMP (object);

  g_clear_object (&self->stream);

  if (self->fd >= 0)
    close (self->fd);

  g_cond_clear (&self->resumed);
  g_mutex_clear (&self->mutex);

  G_OBJECT_CLASS (ferry_byte_pump_parent_class)->finalize (object);
}

static void
ferry_byte_pump_class_init (FerryBytePumpClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ferry_byte_pump_finalize;
}

static void
ferry_byte_pump_init (FerryBytePump *self)
{
  self->fd = -1;
  g_mutex_init (&self->mutex);
  g_cond_init (&self->resumed);
}
