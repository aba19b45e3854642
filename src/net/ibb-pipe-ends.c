/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-ibb-pipe"

#include "config.h"

#include "net/ibb-pipe.h"

/* The two streams over a #FerryIbbPipe. Their asynchronous functions are GIO's
 * default ones, which wait in a thread. */

#define FERRY_TYPE_IBB_INPUT (ferry_ibb_input_get_type ())
G_DECLARE_FINAL_TYPE (FerryIbbInput, ferry_ibb_input, FERRY, IBB_INPUT, GInputStream)

struct _FerryIbbInput
{
  GInputStream  parent_instance;
  FerryIbbPipe *pipe; /* (owned) */
};

G_DEFINE_FINAL_TYPE (FerryIbbInput, ferry_ibb_input, G_TYPE_INPUT_STREAM)

#define FERRY_TYPE_IBB_OUTPUT (ferry_ibb_output_get_type ())
G_DECLARE_FINAL_TYPE (FerryIbbOutput, ferry_ibb_output, FERRY, IBB_OUTPUT, GOutputStream)

struct _FerryIbbOutput
{
  GOutputStream  parent_instance;
  FerryIbbPipe  *pipe;   /* (owned) */
  GThread       *thread; /* (unowned): that of the main loop, where nobody may wait */
};

G_DEFINE_FINAL_TYPE (FerryIbbOutput, ferry_ibb_output, G_TYPE_OUTPUT_STREAM)

static gssize
ferry_ibb_input_read (GInputStream  *stream,
                      void          *buffer,
                      gsize          count,
                      GCancellable  *cancellable,
                      GError       **error)
{
  return ferry_ibb_pipe_read (FERRY_IBB_INPUT (stream)->pipe, buffer, count, cancellable, error);
}

static void
ferry_ibb_input_finalize (GObject *object)
{
  ferry_ibb_pipe_unref (FERRY_IBB_INPUT (object)->pipe);

  G_OBJECT_CLASS (ferry_ibb_input_parent_class)->finalize (object);
}

static void
ferry_ibb_input_class_init (FerryIbbInputClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ferry_ibb_input_finalize;
  G_INPUT_STREAM_CLASS (klass)->read_fn = ferry_ibb_input_read;
}

static void
ferry_ibb_input_init (FerryIbbInput *self)
{
}

static gssize
ferry_ibb_output_write (GOutputStream  *stream,
                        const void     *buffer,
                        gsize           count,
                        GCancellable   *cancellable,
                        GError        **error)
{
  return ferry_ibb_pipe_write (FERRY_IBB_OUTPUT (stream)->pipe, buffer, count, cancellable, error);
}

static gboolean
ferry_ibb_output_close (GOutputStream  *stream,
                        GCancellable   *cancellable,
                        GError        **error)
{
  FerryIbbOutput *self = FERRY_IBB_OUTPUT (stream);
  gboolean may_wait = g_thread_self () != self->thread;

  return ferry_ibb_pipe_close (self->pipe, may_wait, cancellable, error);
}

static void
ferry_ibb_output_finalize (GObject *object)
{
  ferry_ibb_pipe_unref (FERRY_IBB_OUTPUT (object)->pipe);

  G_OBJECT_CLASS (ferry_ibb_output_parent_class)->finalize (object);
}

static void
ferry_ibb_output_class_init (FerryIbbOutputClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ferry_ibb_output_finalize;
  G_OUTPUT_STREAM_CLASS (klass)->write_fn = ferry_ibb_output_write;
  G_OUTPUT_STREAM_CLASS (klass)->close_fn = ferry_ibb_output_close;
}

static void
ferry_ibb_output_init (FerryIbbOutput *self)
{
}

GInputStream *
ferry_ibb_pipe_new_input (FerryIbbPipe *self)
{
  FerryIbbInput *input = g_object_new (FERRY_TYPE_IBB_INPUT, NULL);

  input->pipe = ferry_ibb_pipe_ref (self);

  return G_INPUT_STREAM (input);
}

GOutputStream *
ferry_ibb_pipe_new_output (FerryIbbPipe *self)
{
  FerryIbbOutput *output = g_object_new (FERRY_TYPE_IBB_OUTPUT, NULL);

  output->pipe = ferry_ibb_pipe_ref (self);
  output->thread = g_thread_self ();

  return G_OUTPUT_STREAM (output);
}
