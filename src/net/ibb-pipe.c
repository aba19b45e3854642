/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-ibb-pipe"

#include "config.h"

#include <string.h>

#include "net/ibb-pipe.h"

#define OUT_LIMIT (128 * 1024) /* bytes written and not yet in a stanza */
#define OUT_ROOM  (32 * 1024)  /* bytes of it free before a waiting writer is woken */

struct _FerryIbbPipe
{
  gatomicrefcount refs;
  GMutex          mutex;       /* guards all below */
  GCond           cond;
  void          (*kick) (gpointer); /* (nullable) */
  gpointer        user_data;

  GQueue          in;          /* GBytes (owned) */
  gsize           in_offset;   /* bytes of the first that are read */
  gsize           consumed;    /* bytes read since take_consumed() */
  GByteArray     *out;         /* (owned) */
  gsize           out_offset;  /* bytes of it that are taken */
  gboolean        out_closed;
  gboolean        is_over;     /* end() was called */
  GError         *error;       /* (owned) (nullable): how it ended */
};

FerryIbbPipe *
ferry_ibb_pipe_new (void     (*kick) (gpointer),
                    gpointer   user_data)
{
  FerryIbbPipe *self = g_new0 (FerryIbbPipe, 1);

  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  g_queue_init (&self->in);
  self->out = g_byte_array_new ();
  self->kick = kick;
  self->user_data = user_data;

  return self;
}

FerryIbbPipe *
ferry_ibb_pipe_ref (FerryIbbPipe *self)
{
  g_atomic_ref_count_inc (&self->refs);

  return self;
}

void
ferry_ibb_pipe_unref (FerryIbbPipe *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;

  g_queue_clear_full (&self->in, (GDestroyNotify) g_bytes_unref);
  g_byte_array_unref (self->out);
  g_clear_error (&self->error);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  g_free (self);
}

void
ferry_ibb_pipe_detach (FerryIbbPipe *self)
{
  g_mutex_lock (&self->mutex);
  self->kick = NULL;
  g_mutex_unlock (&self->mutex);
}

void
ferry_ibb_pipe_push (FerryIbbPipe *self,
                     GBytes       *bytes)
{
  g_mutex_lock (&self->mutex);
  g_queue_push_tail (&self->in, g_bytes_ref (bytes));
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
}

/* Returns: how many bytes were read since the last call */
gsize
ferry_ibb_pipe_take_consumed (FerryIbbPipe *self)
{
  gsize consumed;

  g_mutex_lock (&self->mutex);
  consumed = self->consumed;
  self->consumed = 0;
  g_mutex_unlock (&self->mutex);

  return consumed;
}

/* Returns: how many of the bytes written were moved to @buffer; 0: there are none */
gsize
ferry_ibb_pipe_take (FerryIbbPipe *self,
                     guint8       *buffer,
                     gsize         size)
{
  gsize left;

  g_mutex_lock (&self->mutex);
  left = self->out->len - self->out_offset;
  size = MIN (size, left);

  if (size > 0)
    memcpy (buffer, self->out->data + self->out_offset, size);
  self->out_offset += size;
  left -= size;

  if (left == 0)
    {
      g_byte_array_set_size (self->out, 0);
      self->out_offset = 0;
    }

  if (OUT_LIMIT - left >= OUT_ROOM)
    g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);

  return size;
}

/* Whether the writer has closed and everything it wrote was taken. */
gboolean
ferry_ibb_pipe_is_drained (FerryIbbPipe *self)
{
  gboolean is_drained;

  g_mutex_lock (&self->mutex);
  is_drained = self->out_closed && self->out->len == self->out_offset;
  g_mutex_unlock (&self->mutex);

  return is_drained;
}

/* @error: (nullable): %NULL: it was closed in order. What was received can still be read. */
void
ferry_ibb_pipe_end (FerryIbbPipe *self,
                    const GError *error)
{
  g_mutex_lock (&self->mutex);
  if (!self->is_over)
    {
      self->is_over = TRUE;
      self->error = error != NULL ? g_error_copy (error) : NULL;
      g_cond_broadcast (&self->cond);
    }
  g_mutex_unlock (&self->mutex);
}

GError *
ferry_ibb_pipe_dup_error (FerryIbbPipe *self)
{
  GError *error;

  g_mutex_lock (&self->mutex);
  error = self->error != NULL ? g_error_copy (self->error) : NULL;
  g_mutex_unlock (&self->mutex);

  return error;
}

static void
pipe_cancelled_cb (GCancellable *cancellable,
                   gpointer      user_data)
{
  FerryIbbPipe *self = user_data;

  g_mutex_lock (&self->mutex);
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
}

static gulong
watch (FerryIbbPipe *self,
       GCancellable *cancellable)
{
  return cancellable != NULL
           ? g_cancellable_connect (cancellable, G_CALLBACK (pipe_cancelled_cb), self, NULL) : 0;
}

static void
kick (FerryIbbPipe *self)
{
  if (self->kick != NULL)
    self->kick (self->user_data);
}

/* Takes from the first piece only. */
static gsize
read_some (FerryIbbPipe *self,
           guint8       *buffer,
           gsize         count)
{
  GBytes *bytes = g_queue_peek_head (&self->in);
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  count = MIN (count, size - self->in_offset);
  memcpy (buffer, data + self->in_offset, count);
  self->in_offset += count;

  if (self->in_offset == size)
    {
      g_bytes_unref (g_queue_pop_head (&self->in));
      self->in_offset = 0;
    }

  return count;
}

/* Whatever there is, once there is something; 0 at the end. */
gssize
ferry_ibb_pipe_read (FerryIbbPipe  *self,
                     void          *buffer,
                     gsize          count,
                     GCancellable  *cancellable,
                     GError       **error)
{
  gulong watching = watch (self, cancellable);
  gsize n_read = 0;
  gboolean ok = TRUE;

  g_mutex_lock (&self->mutex);
  while (g_queue_is_empty (&self->in) && !self->is_over &&
         !g_cancellable_is_cancelled (cancellable))
    g_cond_wait (&self->cond, &self->mutex);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    {
      ok = FALSE;
    }
  else if (g_queue_is_empty (&self->in) && self->error != NULL)
    {
      g_propagate_error (error, g_error_copy (self->error));
      ok = FALSE;
    }

  while (ok && n_read < count && !g_queue_is_empty (&self->in))
    n_read += read_some (self, (guint8 *) buffer + n_read, count - n_read);

  self->consumed += n_read;
  if (n_read > 0)
    kick (self);
  g_mutex_unlock (&self->mutex);
  g_cancellable_disconnect (cancellable, watching);

  return ok ? (gssize) n_read : -1;
}

/* With the lock held. */
static gboolean
check_writable (FerryIbbPipe  *self,
                GCancellable  *cancellable,
                GError       **error)
{
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;

  if (self->error != NULL)
    g_propagate_error (error, g_error_copy (self->error));
  else if (self->is_over || self->out_closed)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "The in-band stream is closed");

  return self->error == NULL && !self->is_over && !self->out_closed;
}

gssize
ferry_ibb_pipe_write (FerryIbbPipe  *self,
                      const void    *buffer,
                      gsize          count,
                      GCancellable  *cancellable,
                      GError       **error)
{
  gulong watching = watch (self, cancellable);
  gboolean ok;
  gsize room;

  g_mutex_lock (&self->mutex);
  while (OUT_LIMIT - (self->out->len - self->out_offset) < OUT_ROOM && !self->is_over &&
         !g_cancellable_is_cancelled (cancellable))
    g_cond_wait (&self->cond, &self->mutex);

  ok = check_writable (self, cancellable, error);
  if (ok)
    {
      g_byte_array_remove_range (self->out, 0, self->out_offset);
      self->out_offset = 0;
      room = OUT_LIMIT - self->out->len;
      count = MIN (count, room);
      g_byte_array_append (self->out, buffer, count);
      kick (self);
    }
  g_mutex_unlock (&self->mutex);
  g_cancellable_disconnect (cancellable, watching);

  return ok ? (gssize) count : -1;
}

/* Given up while waiting: what was not sent by then never is. */
gboolean
ferry_ibb_pipe_close (FerryIbbPipe  *self,
                      gboolean       wait,
                      GCancellable  *cancellable,
                      GError       **error)
{
  gulong watching = watch (self, cancellable);
  gboolean ok;

  g_mutex_lock (&self->mutex);
  self->out_closed = TRUE;
  kick (self);

  while (wait && !self->is_over && self->kick != NULL && !g_cancellable_is_cancelled (cancellable))
    g_cond_wait (&self->cond, &self->mutex);

  if (g_cancellable_is_cancelled (cancellable))
    {
      g_byte_array_set_size (self->out, 0);
      self->out_offset = 0;
      kick (self);
    }

  ok = !g_cancellable_set_error_if_cancelled (cancellable, error);
  if (ok && self->error != NULL)
    {
      g_propagate_error (error, g_error_copy (self->error));
      ok = FALSE;
    }
  g_mutex_unlock (&self->mutex);
  g_cancellable_disconnect (cancellable, watching);

  return ok;
}
