/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-chat-history"

#include "config.h"

#include "core/chat-history.h"

typedef enum
{
  JOB_APPEND,
  JOB_READ,
  JOB_DELETE,
} JobKind;

/* It knows nothing of whoever asked, who may be gone meanwhile. */
typedef struct
{
  JobKind  kind;
  char    *path;           /* (owned): a file; DELETE: the data directory */
  char    *line;           /* (owned) (nullable): APPEND */
  gboolean is_new_allowed; /* APPEND */
  GTask   *task;           /* (owned) (nullable): the others */
} Job;

struct _FerryChatHistory
{
  GObject      parent_instance;
  char        *data_dir; /* (owned) */
  char        *account;  /* (owned) (nullable) */
  gboolean     is_on;
  GThreadPool *pool;     /* (owned): of one thread, while there is something to do */
};

G_DEFINE_FINAL_TYPE (FerryChatHistory, ferry_chat_history, G_TYPE_OBJECT)

static void
job_free (Job *job)
{
  g_free (job->path);
  g_free (job->line);
  g_clear_object (&job->task);
  g_free (job);
}

static void
do_append (const Job *job)
{
  g_autoptr(GError) error = NULL;

  if (!ferry_chat_file_append (job->path, job->line, job->is_new_allowed, &error)
      && (job->is_new_allowed || !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND)))
    g_message ("A message is not kept: %s", error->message);
}

static void
do_read (const Job *job)
{
  GError *error = NULL;
  GPtrArray *records = ferry_chat_file_read (job->path, &error);

  if (records != NULL)
    g_task_return_pointer (job->task, records, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (job->task, error);
}

static void
do_delete (const Job *job)
{
  GError *error = NULL;

  if (ferry_chat_file_delete_all (job->path, &error))
    g_task_return_boolean (job->task, TRUE);
  else
    g_task_return_error (job->task, error);
}

/* In the thread. */
static void
job_func (gpointer data,
          gpointer user_data)
{
  static void (*const funcs[]) (const Job *) = {
    [JOB_APPEND] = do_append,
    [JOB_READ] = do_read,
    [JOB_DELETE] = do_delete,
  };
  Job *job = data;

  funcs[job->kind] (job);
  job_free (job);
}

static Job *
job_new (JobKind  kind,
         char    *path)
{
  Job *job = g_new0 (Job, 1);

  job->kind = kind;
  job->path = path;

  return job;
}

static void
push (FerryChatHistory *self,
      Job              *job)
{
  g_thread_pool_push (self->pool, job, NULL);
}

FerryChatHistory *
ferry_chat_history_new (const char *data_dir,
                        const char *account,
                        gboolean    is_on)
{
  FerryChatHistory *self = g_object_new (FERRY_TYPE_CHAT_HISTORY, NULL);

  self->data_dir = g_strdup (data_dir);
  self->account = g_strdup (account);
  ferry_chat_history_set_on (self, is_on);

  return self;
}

gboolean
ferry_chat_history_is_on (FerryChatHistory *self)
{
  g_return_val_if_fail (FERRY_IS_CHAT_HISTORY (self), FALSE);

  return self->is_on;
}

char *
ferry_chat_history_dup_folder (FerryChatHistory *self)
{
  g_return_val_if_fail (FERRY_IS_CHAT_HISTORY (self), NULL);

  return ferry_chat_file_get_folder (self->data_dir);
}

void
ferry_chat_history_set_on (FerryChatHistory *self,
                           gboolean          is_on)
{
  g_return_if_fail (FERRY_IS_CHAT_HISTORY (self));

  self->is_on = is_on && self->account != NULL;
}

void
ferry_chat_history_add (FerryChatHistory      *self,
                        const char            *contact,
                        const FerryChatRecord *record)
{
  Job *job;

  g_return_if_fail (FERRY_IS_CHAT_HISTORY (self));

  if (!self->is_on)
    return;

  job = job_new (JOB_APPEND, ferry_chat_file_get_path (self->data_dir, self->account, contact));
  job->line = ferry_chat_record_to_line (record);
  job->is_new_allowed = record->body != NULL;
  push (self, job);
}

void
ferry_chat_history_read_async (FerryChatHistory    *self,
                               const char          *contact,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  Job *job;

  g_return_if_fail (FERRY_IS_CHAT_HISTORY (self));
  g_return_if_fail (self->account != NULL);

  job = job_new (JOB_READ, ferry_chat_file_get_path (self->data_dir, self->account, contact));
  job->task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (job->task, ferry_chat_history_read_async);
  push (self, job);
}

GPtrArray *
ferry_chat_history_read_finish (GAsyncResult  *result,
                                GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, ferry_chat_history_read_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
ferry_chat_history_delete_async (FerryChatHistory    *self,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  Job *job;

  g_return_if_fail (FERRY_IS_CHAT_HISTORY (self));

  job = job_new (JOB_DELETE, g_strdup (self->data_dir));
  job->task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (job->task, ferry_chat_history_delete_async);
  push (self, job);
}

gboolean
ferry_chat_history_delete_finish (GAsyncResult  *result,
                                  GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, ferry_chat_history_delete_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* One thread: one job after the other. */
static GThreadPool *
create_pool (void)
{
  return g_thread_pool_new (job_func, NULL, 1, FALSE, NULL);
}

void
ferry_chat_history_flush (FerryChatHistory *self)
{
  g_return_if_fail (FERRY_IS_CHAT_HISTORY (self));

  g_thread_pool_free (self->pool, FALSE, TRUE);
  self->pool = create_pool ();
}

static void
ferry_chat_history_finalize (GObject *object)
{
  FerryChatHistory *self = FERRY_CHAT_HISTORY (object);

  g_thread_pool_free (self->pool, FALSE, TRUE);
  g_clear_pointer (&self->data_dir, g_free);
  g_clear_pointer (&self->account, g_free);

  G_OBJECT_CLASS (ferry_chat_history_parent_class)->finalize (object);
}

static void
ferry_chat_history_class_init (FerryChatHistoryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ferry_chat_history_finalize;
}

static void
ferry_chat_history_init (FerryChatHistory *self)
{
  self->pool = create_pool ();
}
