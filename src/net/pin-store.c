/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-pin-store"

#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>

#include "net/pin-database.h"

#define FILE_NAME     "trust.db"
#define WRITE_TIMEOUT 5000 /* ms: for other programs to let go of the file; nobody waits here */
#define WATCH_LIMIT   100  /* ms between two looks at what others wrote */

typedef enum
{
  JOB_ADD,
  JOB_REPLACE,
  JOB_SET_CHANGED,
  JOB_REMOVE,
  JOB_SET_POLICY,
  JOB_SET_RELAYED,
  JOB_LOOK, /* read if others wrote */
  JOB_READ, /* read anyhow */
  JOB_STOP,
} JobKind;

typedef struct
{
  JobKind         kind;
  FerryPinRecord *pin; /* (owned) (nullable) */
} Job;

struct _FerryPinStore
{
  char             *path;      /* (owned) */
  FerryPinContents *contents;  /* (owned) (nullable): until it is taken */
  GError           *error;     /* (owned) (nullable) */
  FerryPinDatabase *database;  /* (owned) (nullable): the thread's, while there is one */
  GThread          *thread;    /* (owned) (nullable): without a database there is none */
  GAsyncQueue      *jobs;      /* (owned): Job (owned) */
  guint64           n_written; /* jobs that write: pushed */

  GFileMonitor     *monitor;   /* (owned) (nullable) */
  FerryPinStoreFunc func;      /* (nullable) */
  gpointer          user_data;
  GMainContext     *context;   /* (owned): func's */

  GMutex            mutex;     /* of what follows */
  GCond             cond;
  guint64           n_done;    /* of n_written */
  FerryPinContents *fresh;     /* (owned) (nullable): read, not told yet */
  guint64           fresh_age; /* n_done, when it was read */
  GSource          *telling;   /* (owned) (nullable) */
};

FerryPinRecord *
ferry_pin_record_copy (const FerryPinRecord *self)
{
  FerryPinRecord *copy = g_new0 (FerryPinRecord, 1);

  *copy = *self;
  copy->jid = g_strdup (self->jid);
  copy->sha256 = g_strdup (self->sha256);
  copy->sha1 = g_strdup (self->sha1);
  copy->changed_sha256 = g_strdup (self->changed_sha256);

  if (self->certificate != NULL)
    g_bytes_ref (self->certificate);
  if (self->changed_certificate != NULL)
    g_bytes_ref (self->changed_certificate);

  return copy;
}

void
ferry_pin_record_free (FerryPinRecord *self)
{
  if (self == NULL)
    return;

  g_free (self->jid);
  g_free (self->sha256);
  g_free (self->sha1);
  g_free (self->changed_sha256);
  g_clear_pointer (&self->certificate, g_bytes_unref);
  g_clear_pointer (&self->changed_certificate, g_bytes_unref);
  g_free (self);
}

static void
policy_record_free (FerryPolicyRecord *self)
{
  g_free (self->jid);
  g_free (self);
}

FerryPinContents *
ferry_pin_contents_new (void)
{
  FerryPinContents *self = g_new0 (FerryPinContents, 1);

  self->pins = g_ptr_array_new_with_free_func ((GDestroyNotify) ferry_pin_record_free);
  self->policies = g_ptr_array_new_with_free_func ((GDestroyNotify) policy_record_free);
  self->relayed = g_ptr_array_new_with_free_func (g_free);

  return self;
}

void
ferry_pin_contents_free (FerryPinContents *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->pins);
  g_ptr_array_unref (self->policies);
  g_ptr_array_unref (self->relayed);
  g_free (self);
}

static void
job_free (Job *job)
{
  ferry_pin_record_free (job->pin);
  g_free (job);
}

static void
push_job (FerryPinStore  *self,
          JobKind         kind,
          FerryPinRecord *pin)
{
  Job *job;

  if (self->thread == NULL)
    {
      ferry_pin_record_free (pin);
      return;
    }

  if (kind < JOB_LOOK)
    self->n_written++;

  job = g_new0 (Job, 1);
  job->kind = kind;
  job->pin = pin;
  g_async_queue_push (self->jobs, job);
}

/* What was read before a write of ours that was asked for since is old, and read again. */
static gboolean
store_read_cb (gpointer user_data)
{
  FerryPinStore *self = user_data;
  g_autoptr(FerryPinContents) contents = NULL;
  gboolean is_old;

  g_mutex_lock (&self->mutex);
  contents = g_steal_pointer (&self->fresh);
  is_old = self->fresh_age != self->n_written;
  g_clear_pointer (&self->telling, g_source_unref);
  g_mutex_unlock (&self->mutex);

  if (is_old)
    push_job (self, JOB_READ, NULL);
  else
    self->func (contents, self->user_data);

  return G_SOURCE_REMOVE;
}

/* In the thread. */
static void
read_again (FerryPinStore *self)
{
  g_autoptr(GError) error = NULL;
  FerryPinContents *contents = ferry_pin_database_read (self->database, &error);

  if (contents == NULL)
    {
      g_message ("What others stored cannot be read: %s", error->message);
      return;
    }

  g_mutex_lock (&self->mutex);
  g_clear_pointer (&self->fresh, ferry_pin_contents_free);
  self->fresh = contents;
  self->fresh_age = self->n_done;

  if (self->telling == NULL)
    {
      self->telling = g_idle_source_new ();
      g_source_set_callback (self->telling, store_read_cb, self, NULL);
      g_source_attach (self->telling, self->context);
    }
  g_mutex_unlock (&self->mutex);
}

/* In the thread. */
static void
write_job (FerryPinStore *self,
           const Job     *job)
{
  static gboolean (*const writers[]) (FerryPinDatabase *, const FerryPinRecord *, GError **) = {
    [JOB_ADD] = ferry_pin_database_add,
    [JOB_REPLACE] = ferry_pin_database_replace,
    [JOB_SET_CHANGED] = ferry_pin_database_set_changed,
    [JOB_REMOVE] = ferry_pin_database_remove,
    [JOB_SET_POLICY] = ferry_pin_database_set_policy,
    [JOB_SET_RELAYED] = ferry_pin_database_set_relayed,
  };
  g_autoptr(GError) error = NULL;

  if (!writers[job->kind] (self->database, job->pin, &error))
    g_message ("Not stored: %s", error->message);

  g_mutex_lock (&self->mutex);
  self->n_done++;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
}

static gpointer
store_thread (gpointer data)
{
  FerryPinStore *self = data;

  while (TRUE)
    {
      Job *job = g_async_queue_pop (self->jobs);
      JobKind kind = job->kind;

      if (kind < JOB_LOOK)
        write_job (self, job);
      else if (kind == JOB_READ
               || (kind == JOB_LOOK && ferry_pin_database_is_changed (self->database)))
        read_again (self);

      job_free (job);

      if (kind == JOB_STOP)
        return NULL;
    }
}

/* The journal belongs to what is damaged; it would be played into the new one. */
static void
move_aside (const char *path)
{
  g_autofree char *aside = g_strdup_printf ("%s.damaged-%" G_GINT64_FORMAT, path,
                                            g_get_real_time ());
  g_autofree char *journal = g_strconcat (path, "-journal", NULL);
  g_autofree char *journal_aside = g_strconcat (aside, "-journal", NULL);

  g_message ("%s is damaged, and was moved to %s", path, aside);

  if (g_rename (path, aside) != 0)
    g_message ("%s: %s", path, g_strerror (errno));
  else
    g_rename (journal, journal_aside);
}

static gboolean
open_database (FerryPinStore  *self,
               const char     *account,
               GError        **error)
{
  g_clear_pointer (&self->database, ferry_pin_database_close);
  self->database = ferry_pin_database_open (self->path, account, error);

  if (self->database != NULL)
    self->contents = ferry_pin_database_read (self->database, error);

  return self->contents != NULL;
}

FerryPinStore *
ferry_pin_store_new (const char *data_dir,
                     const char *account)
{
  FerryPinStore *self = g_new0 (FerryPinStore, 1);
  gboolean is_open;

  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  self->path = g_build_filename (data_dir, FILE_NAME, NULL);
  self->jobs = g_async_queue_new_full ((GDestroyNotify) job_free);
  self->context = g_main_context_ref_thread_default ();
  g_mkdir_with_parents (data_dir, 0700);
  is_open = open_database (self, account, &self->error);

  if (g_error_matches (self->error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA))
    {
      move_aside (self->path);
      is_open = open_database (self, account, NULL);
    }

  if (is_open)
    {
      ferry_pin_database_set_timeout (self->database, WRITE_TIMEOUT);
      self->thread = g_thread_new ("pin-store", store_thread, self);
    }
  else
    self->contents = ferry_pin_contents_new ();

  return self;
}

void
ferry_pin_store_free (FerryPinStore *self)
{
  if (self == NULL)
    return;

  if (self->monitor != NULL)
    g_signal_handlers_disconnect_by_data (self->monitor, self);
  g_clear_object (&self->monitor);
  push_job (self, JOB_STOP, NULL);
  g_clear_pointer (&self->thread, g_thread_join);

  if (self->telling != NULL)
    g_source_destroy (self->telling);
  g_clear_pointer (&self->telling, g_source_unref);
  g_clear_pointer (&self->fresh, ferry_pin_contents_free);
  g_clear_pointer (&self->contents, ferry_pin_contents_free);
  g_clear_pointer (&self->database, ferry_pin_database_close);
  g_clear_pointer (&self->jobs, g_async_queue_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_error (&self->error);
  g_free (self->path);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  g_free (self);
}

const GError *
ferry_pin_store_get_error (FerryPinStore *self)
{
  return self->error;
}

FerryPinContents *
ferry_pin_store_take_contents (FerryPinStore *self)
{
  return g_steal_pointer (&self->contents);
}

static void
store_changed_cb (GFileMonitor      *monitor,
                  GFile             *file,
                  GFile             *other,
                  GFileMonitorEvent  event,
                  gpointer           user_data)
{
  push_job (user_data, JOB_LOOK, NULL);
}

void
ferry_pin_store_watch (FerryPinStore     *self,
                       FerryPinStoreFunc  func,
                       gpointer           user_data)
{
  g_autoptr(GFile) file = NULL;
  g_autoptr(GError) error = NULL;

  g_return_if_fail (func != NULL && self->func == NULL);

  self->func = func;
  self->user_data = user_data;

  if (self->thread == NULL)
    return;

  file = g_file_new_for_path (self->path);
  self->monitor = g_file_monitor_file (file, G_FILE_MONITOR_NONE, NULL, &error);

  if (self->monitor == NULL)
    {
      g_message ("What others store is not seen: %s", error->message);
      return;
    }

  g_file_monitor_set_rate_limit (self->monitor, WATCH_LIMIT);
  g_signal_connect (self->monitor, "changed", G_CALLBACK (store_changed_cb), self);
}

void
ferry_pin_store_add (FerryPinStore        *self,
                     const FerryPinRecord *pin)
{
  push_job (self, JOB_ADD, ferry_pin_record_copy (pin));
}

void
ferry_pin_store_replace (FerryPinStore        *self,
                         const FerryPinRecord *pin)
{
  push_job (self, JOB_REPLACE, ferry_pin_record_copy (pin));
}

void
ferry_pin_store_set_changed (FerryPinStore *self,
                             const char    *jid,
                             const char    *sha256,
                             GBytes        *certificate)
{
  const FerryPinRecord pin = {
    .jid = (char *) jid,
    .changed_sha256 = (char *) sha256,
    .changed_certificate = certificate,
  };

  push_job (self, JOB_SET_CHANGED, ferry_pin_record_copy (&pin));
}

void
ferry_pin_store_remove (FerryPinStore *self,
                        const char    *jid)
{
  const FerryPinRecord pin = { .jid = (char *) jid };

  push_job (self, JOB_REMOVE, ferry_pin_record_copy (&pin));
}

void
ferry_pin_store_set_policy (FerryPinStore *self,
                            const char    *jid,
                            int            policy)
{
  const FerryPinRecord pin = { .jid = (char *) jid, .level = policy };

  push_job (self, JOB_SET_POLICY, ferry_pin_record_copy (&pin));
}

void
ferry_pin_store_set_relayed (FerryPinStore *self,
                             const char    *jid,
                             gboolean       relayed)
{
  const FerryPinRecord pin = { .jid = (char *) jid, .level = relayed };

  push_job (self, JOB_SET_RELAYED, ferry_pin_record_copy (&pin));
}

void
ferry_pin_store_flush (FerryPinStore *self)
{
  g_mutex_lock (&self->mutex);
  while (self->n_done < self->n_written)
    g_cond_wait (&self->cond, &self->mutex);
  g_mutex_unlock (&self->mutex);
}
