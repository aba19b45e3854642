/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-duplex"

#include "config.h"

#include "net/duplex.h"

#define CHUNK      (16 * 1024)  /* bytes; a record of TLS */
#define MAX_UNREAD (256 * 1024) /* bytes the main loop may be behind before reading waits */

/* The lock is for all from @unread to @is_broken. */
struct _FerryDuplex
{
  int                     ref_count;   /* atomic */
  GIOStream              *stream;      /* (owned) */
  GCancellable           *cancellable; /* (owned): of both threads */
  GMainContext           *context;     /* (owned) */
  const FerryDuplexFuncs *funcs;
  gpointer                user_data;
  gboolean                is_told;     /* of the failure; main context only, … */
  gboolean                is_paused;   /* … and so is this */

  GMutex                  lock;
  GCond                   changed;
  GQueue                  unread;      /* of GBytes (owned) */
  gsize                   n_unread;    /* bytes */
  GQueue                  unsent;      /* of GBytes (owned) */
  gsize                   n_unsent;    /* bytes */
  GError                 *error;       /* (owned) (nullable): the first */
  GSource                *dispatch;    /* (owned) (nullable): under way to the main context */
  gboolean                is_closing;
  gboolean                is_closed;   /* our end, and not told yet */
  gboolean                is_broken;
};

static FerryDuplex *
duplex_ref (FerryDuplex *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

static void
drop_bytes (GQueue *queue)
{
  g_queue_clear_full (queue, (GDestroyNotify) g_bytes_unref);
}

static gboolean
duplex_close_cb (gpointer user_data)
{
  g_io_stream_close_async (user_data, G_PRIORITY_DEFAULT, NULL, NULL, NULL);
  return G_SOURCE_REMOVE;
}

/* No thread is at the stream any more. */
static void
duplex_unref (gpointer data)
{
  FerryDuplex *self = data;

  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  g_main_context_invoke_full (self->context, G_PRIORITY_DEFAULT, duplex_close_cb,
                              g_steal_pointer (&self->stream), g_object_unref);
  drop_bytes (&self->unread);
  drop_bytes (&self->unsent);
  g_clear_error (&self->error);
  g_clear_pointer (&self->dispatch, g_source_unref);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  g_free (self);
}

/* One chunk in a go, so that what is told may break us. Returns: (transfer full) (nullable) */
static GBytes *
take_unread (FerryDuplex *self)
{
  GBytes *bytes = self->is_paused ? NULL : g_queue_pop_head (&self->unread);

  if (bytes != NULL)
    self->n_unread -= g_bytes_get_size (bytes);

  g_cond_broadcast (&self->changed);
  return bytes;
}

/* What is to be told next. Returns: whether there was something */
static gboolean
dispatch_next (FerryDuplex *self)
{
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;
  gboolean is_closed = FALSE;

  g_mutex_lock (&self->lock);
  bytes = take_unread (self);
  if (bytes == NULL && self->is_closed)
    is_closed = TRUE;
  else if (bytes == NULL && self->error != NULL && !self->is_told
           && g_queue_is_empty (&self->unread))
    error = g_error_copy (self->error);
  if (is_closed)
    self->is_closed = FALSE;
  if (bytes == NULL && !is_closed && error == NULL)
    g_clear_pointer (&self->dispatch, g_source_unref);
  g_mutex_unlock (&self->lock);

  if (bytes != NULL)
    self->funcs->received (self, bytes, self->user_data);
  else if (is_closed)
    self->funcs->closed (self, self->user_data);
  else if (error == NULL)
    return FALSE;

  if (error != NULL)
    {
      self->is_told = TRUE;
      self->funcs->failed (self, error, self->user_data);
    }

  return TRUE;
}

static gboolean
duplex_dispatch_cb (gpointer user_data)
{
  FerryDuplex *self = user_data;

  /* Other sources have their turn between two chunks. */
  if (self->funcs == NULL || !dispatch_next (self))
    return G_SOURCE_REMOVE;

  return G_SOURCE_CONTINUE;
}

/* With the lock. */
static void
schedule (FerryDuplex *self)
{
  if (self->dispatch != NULL || self->is_broken)
    return;

  self->dispatch = g_idle_source_new ();
  g_source_set_priority (self->dispatch, G_PRIORITY_DEFAULT);
  g_source_set_callback (self->dispatch, duplex_dispatch_cb, duplex_ref (self), duplex_unref);
  g_source_attach (self->dispatch, self->context);
}

/* With the lock. @error: (transfer full) */
static void
fail (FerryDuplex *self,
      GError      *error)
{
  if (self->error == NULL)
    self->error = error;
  else
    g_error_free (error);

  schedule (self);
  g_cond_broadcast (&self->changed);
}

/* Returns: whether more may come */
static gboolean
push_unread (FerryDuplex *self,
             const void  *data,
             gssize       size,
             GError      *error)
{
  gboolean goes_on;

  g_mutex_lock (&self->lock);
  if (size < 0)
    {
      fail (self, error);
    }
  else
    {
      g_queue_push_tail (&self->unread, g_bytes_new (data, size));
      self->n_unread += size;
      schedule (self);
    }

  while (!self->is_broken && self->error == NULL && self->n_unread >= MAX_UNREAD)
    g_cond_wait (&self->changed, &self->lock);

  goes_on = size > 0 && !self->is_broken && self->error == NULL;
  g_mutex_unlock (&self->lock);

  return goes_on;
}

static gpointer
read_thread (gpointer data)
{
  FerryDuplex *self = data;
  GInputStream *input = g_io_stream_get_input_stream (self->stream);
  g_autofree char *buffer = g_malloc (CHUNK);
  GError *error = NULL;
  gssize size;

  do
    size = g_input_stream_read (input, buffer, CHUNK, self->cancellable, &error);
  while (push_unread (self, buffer, size, error));

  duplex_unref (self);
  return NULL;
}

/* Waits for something to write. Returns: (transfer full) (nullable): %NULL: there is no more */
static GBytes *
wait_unsent (FerryDuplex *self)
{
  GBytes *bytes = NULL;

  g_mutex_lock (&self->lock);
  while (!self->is_broken && self->error == NULL && !self->is_closing
         && g_queue_is_empty (&self->unsent))
    g_cond_wait (&self->changed, &self->lock);

  if (!self->is_broken && self->error == NULL)
    bytes = g_queue_pop_head (&self->unsent);
  g_mutex_unlock (&self->lock);

  return bytes;
}

/* Returns: whether it is written */
static gboolean
write_one (FerryDuplex *self,
           GBytes      *bytes)
{
  GOutputStream *output = g_io_stream_get_output_stream (self->stream);
  GError *error = NULL;
  gsize size;
  const void *data = g_bytes_get_data (bytes, &size);
  gboolean ok = g_output_stream_write_all (output, data, size, NULL, self->cancellable, &error)
                && g_output_stream_flush (output, self->cancellable, &error);

  g_mutex_lock (&self->lock);
  self->n_unsent -= size;
  if (!ok)
    fail (self, error);
  g_mutex_unlock (&self->lock);

  return ok;
}

static void
close_output (FerryDuplex *self)
{
  GOutputStream *output = g_io_stream_get_output_stream (self->stream);
  GError *error = NULL;
  gboolean ok = g_output_stream_close (output, self->cancellable, &error);

  g_mutex_lock (&self->lock);
  self->is_closed = ok;
  if (ok)
    schedule (self);
  else
    fail (self, error);
  g_mutex_unlock (&self->lock);
}

static gpointer
write_thread (gpointer data)
{
  FerryDuplex *self = data;
  gboolean ok = TRUE;
  gboolean is_done;
  GBytes *bytes;

  while (ok && (bytes = wait_unsent (self)) != NULL)
    {
      ok = write_one (self, bytes);
      g_bytes_unref (bytes);
    }

  g_mutex_lock (&self->lock);
  is_done = self->is_broken || self->error != NULL;
  g_mutex_unlock (&self->lock);

  if (!is_done)
    close_output (self);

  duplex_unref (self);
  return NULL;
}

FerryDuplex *
ferry_duplex_new (GIOStream              *stream,
                  const FerryDuplexFuncs *funcs,
                  gpointer                user_data)
{
  FerryDuplex *self = g_new0 (FerryDuplex, 1);

  self->ref_count = 1;
  self->stream = g_object_ref (stream);
  self->cancellable = g_cancellable_new ();
  self->context = g_main_context_ref_thread_default ();
  self->funcs = funcs;
  self->user_data = user_data;
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  g_queue_init (&self->unread);
  g_queue_init (&self->unsent);
  g_thread_unref (g_thread_new ("duplex-read", read_thread, duplex_ref (self)));
  g_thread_unref (g_thread_new ("duplex-write", write_thread, duplex_ref (self)));

  return self;
}

gboolean
ferry_duplex_write (FerryDuplex *self,
                    GBytes      *bytes)
{
  gboolean has_room;

  g_mutex_lock (&self->lock);
  has_room = self->n_unsent + g_bytes_get_size (bytes) <= FERRY_DUPLEX_MAX_UNSENT;
  if (has_room && !self->is_closing && self->error == NULL)
    {
      g_queue_push_tail (&self->unsent, g_bytes_ref (bytes));
      self->n_unsent += g_bytes_get_size (bytes);
      g_cond_broadcast (&self->changed);
    }
  g_mutex_unlock (&self->lock);

  return has_room;
}

gsize
ferry_duplex_get_unsent (FerryDuplex *self)
{
  gsize n_unsent;

  g_mutex_lock (&self->lock);
  n_unsent = self->n_unsent;
  g_mutex_unlock (&self->lock);

  return n_unsent;
}

void
ferry_duplex_set_paused (FerryDuplex *self,
                         gboolean     paused)
{
  self->is_paused = paused;

  g_mutex_lock (&self->lock);
  if (!paused)
    schedule (self);
  g_mutex_unlock (&self->lock);
}

void
ferry_duplex_close (FerryDuplex *self)
{
  g_mutex_lock (&self->lock);
  self->is_closing = TRUE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

void
ferry_duplex_break (FerryDuplex *self)
{
  self->funcs = NULL;

  g_mutex_lock (&self->lock);
  self->is_broken = TRUE;
  if (self->dispatch != NULL)
    g_source_destroy (self->dispatch);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);

  g_cancellable_cancel (self->cancellable);
  duplex_unref (self);
}
