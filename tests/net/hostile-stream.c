/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "hostile-stream.h"

/* One direction. */
typedef struct
{
  gatomicrefcount ref_count;
  HostileManners  manners;
  GMutex          mutex;
  GCond           changed;
  GByteArray     *bytes;
  guint64         n_read;
  gboolean        is_closed; /* by the writer */
  gboolean        is_broken; /* by the reader */
} Pipe;

typedef struct { GInputStream parent_instance; Pipe *pipe; } HostileInput;
typedef GInputStreamClass HostileInputClass;
typedef struct { GOutputStream parent_instance; Pipe *pipe; } HostileOutput;
typedef GOutputStreamClass HostileOutputClass;

static void hostile_input_pollable_init (GPollableInputStreamInterface *iface);

GType hostile_input_get_type (void);
GType hostile_output_get_type (void);

G_DEFINE_TYPE_WITH_CODE (HostileInput, hostile_input, G_TYPE_INPUT_STREAM,
                         G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_INPUT_STREAM,
                                                hostile_input_pollable_init))
G_DEFINE_TYPE (HostileOutput, hostile_output, G_TYPE_OUTPUT_STREAM)

static Pipe *
pipe_new (const HostileManners *manners)
{
  Pipe *self = g_new0 (Pipe, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
  self->bytes = g_byte_array_new ();

  if (manners != NULL)
    self->manners = *manners;

  return self;
}

static void
pipe_unref (Pipe *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_byte_array_unref (self->bytes);
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

static void
pipe_cancelled_cb (GCancellable *cancellable,
                   Pipe         *self)
{
  g_mutex_lock (&self->mutex);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
}

static gboolean
is_at (guint64 limit,
       guint64 n)
{
  return limit != 0 && n >= limit;
}

/* With the mutex held. */
static gboolean
is_readable (Pipe *self)
{
  if (is_at (self->manners.stall_at, self->n_read))
    return FALSE;

  return self->bytes->len > 0 || self->is_closed || is_at (self->manners.fail_at, self->n_read);
}

static gboolean
is_writable (Pipe *self)
{
  return self->manners.capacity == 0 || self->bytes->len < self->manners.capacity ||
         self->is_broken;
}

/* Returns with the mutex held. */
static void
pipe_wait (Pipe         *self,
           gboolean    (*is_ready) (Pipe *),
           GCancellable *cancellable)
{
  gulong id = 0;

  if (cancellable != NULL)
    id = g_cancellable_connect (cancellable, G_CALLBACK (pipe_cancelled_cb), self, NULL);

  g_mutex_lock (&self->mutex);

  while (!is_ready (self) && !g_cancellable_is_cancelled (cancellable))
    g_cond_wait (&self->changed, &self->mutex);

  g_mutex_unlock (&self->mutex);
  g_cancellable_disconnect (cancellable, id);
  g_mutex_lock (&self->mutex);
}

/* With the mutex held, when readable. */
static gssize
pipe_take (Pipe    *self,
           void    *buffer,
           gsize    size,
           GError **error)
{
  guint64 fail_at = self->manners.fail_at;
  guint64 stall_at = self->manners.stall_at;
  gsize n = MIN (size, self->bytes->len);

  if (is_at (fail_at, self->n_read))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "Hostile");
      return -1;
    }

  n = self->manners.slice > 0 ? MIN (n, self->manners.slice) : n;
  n = fail_at > 0 ? MIN (n, fail_at - self->n_read) : n;
  n = stall_at > 0 ? MIN (n, stall_at - self->n_read) : n;

  if (n > 0)
    {
      memcpy (buffer, self->bytes->data, n);
      g_byte_array_remove_range (self->bytes, 0, n);
    }

  self->n_read += n;
  g_cond_broadcast (&self->changed);

  return n;
}

static gssize
hostile_input_read (GInputStream  *stream,
                    void          *buffer,
                    gsize          size,
                    GCancellable  *cancellable,
                    GError       **error)
{
  Pipe *pipe = ((HostileInput *) stream)->pipe;
  gssize n = -1;

  pipe_wait (pipe, is_readable, cancellable);

  if (!g_cancellable_set_error_if_cancelled (cancellable, error))
    n = pipe_take (pipe, buffer, size, error);

  g_mutex_unlock (&pipe->mutex);
  return n;
}

static gboolean
hostile_input_is_readable (GPollableInputStream *stream)
{
  Pipe *pipe = ((HostileInput *) stream)->pipe;
  gboolean readable;

  g_mutex_lock (&pipe->mutex);
  readable = is_readable (pipe);
  g_mutex_unlock (&pipe->mutex);

  return readable;
}

static gboolean
hostile_input_close (GInputStream  *stream,
                     GCancellable  *cancellable,
                     GError       **error)
{
  Pipe *pipe = ((HostileInput *) stream)->pipe;

  g_mutex_lock (&pipe->mutex);
  pipe->is_broken = TRUE;
  g_cond_broadcast (&pipe->changed);
  g_mutex_unlock (&pipe->mutex);

  return TRUE;
}

static gssize
hostile_output_write (GOutputStream  *stream,
                      const void     *buffer,
                      gsize           size,
                      GCancellable   *cancellable,
                      GError        **error)
{
  Pipe *pipe = ((HostileOutput *) stream)->pipe;
  gssize n = -1;

  pipe_wait (pipe, is_writable, cancellable);

  if (pipe->is_broken)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE, "Hostile");
    }
  else if (!g_cancellable_set_error_if_cancelled (cancellable, error))
    {
      n = pipe->manners.capacity > 0 ? MIN (size, pipe->manners.capacity - pipe->bytes->len) : size;
      g_byte_array_append (pipe->bytes, buffer, n);
      g_cond_broadcast (&pipe->changed);
    }

  g_mutex_unlock (&pipe->mutex);
  return n;
}

static gboolean
hostile_output_close (GOutputStream  *stream,
                      GCancellable   *cancellable,
                      GError        **error)
{
  Pipe *pipe = ((HostileOutput *) stream)->pipe;

  g_mutex_lock (&pipe->mutex);
  pipe->is_closed = TRUE;
  g_cond_broadcast (&pipe->changed);
  g_mutex_unlock (&pipe->mutex);

  return TRUE;
}

static void
hostile_input_finalize (GObject *object)
{
  pipe_unref (((HostileInput *) object)->pipe);
  G_OBJECT_CLASS (hostile_input_parent_class)->finalize (object);
}

static void
hostile_output_finalize (GObject *object)
{
  pipe_unref (((HostileOutput *) object)->pipe);
  G_OBJECT_CLASS (hostile_output_parent_class)->finalize (object);
}

static void
hostile_input_pollable_init (GPollableInputStreamInterface *iface)
{
  iface->is_readable = hostile_input_is_readable;
}

static void
hostile_input_class_init (HostileInputClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = hostile_input_finalize;
  klass->read_fn = hostile_input_read;
  klass->close_fn = hostile_input_close;
}

static void
hostile_input_init (HostileInput *self)
{
}

static void
hostile_output_class_init (HostileOutputClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = hostile_output_finalize;
  klass->write_fn = hostile_output_write;
  klass->close_fn = hostile_output_close;
}

static void
hostile_output_init (HostileOutput *self)
{
}

static GIOStream *
end_new (Pipe *in,
         Pipe *out)
{
  g_autoptr(GInputStream) input = g_object_new (hostile_input_get_type (), NULL);
  g_autoptr(GOutputStream) output = g_object_new (hostile_output_get_type (), NULL);

  g_atomic_ref_count_inc (&in->ref_count);
  g_atomic_ref_count_inc (&out->ref_count);
  ((HostileInput *) input)->pipe = in;
  ((HostileOutput *) output)->pipe = out;

  return g_simple_io_stream_new (input, output);
}

void
hostile_stream_pair (const HostileManners  *a_to_b,
                     const HostileManners  *b_to_a,
                     GIOStream            **a,
                     GIOStream            **b)
{
  Pipe *there = pipe_new (a_to_b);
  Pipe *back = pipe_new (b_to_a);

  *a = end_new (back, there);
  *b = end_new (there, back);
  pipe_unref (there);
  pipe_unref (back);
}
