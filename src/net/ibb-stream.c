/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-ibb-stream"

#include "config.h"

#include "net/ibb-pipe.h"
#include "net/ibb-stream.h"

#define LINK_LIMIT (256 * 1024) /* bytes the link may owe before we wait for it */

struct _FerryIbbStream
{
  GIOStream                  parent_instance;

  FerryIbbMachine           *machine;   /* (owned) */
  FerryIbbPipe              *pipe;      /* (owned) */
  GInputStream              *input;     /* (owned) */
  GOutputStream             *output;    /* (owned) */
  GMainContext              *context;   /* (owned) */
  GSource                   *deadline;  /* (owned) (nullable) */
  int                        is_kicked; /* atomic: pump() is on its way */

  const FerryIbbStreamFuncs *funcs;
  gpointer                   user_data;
  gboolean                   is_open;   /* it was, once */
  gboolean                   is_over;
};

G_DEFINE_FINAL_TYPE (FerryIbbStream, ferry_ibb_stream, G_TYPE_IO_STREAM)

static void run_effects (FerryIbbStream *self,
                         GPtrArray      *effects);

/* Moves what was written into stanzas, as fast as window and link allow. */
static void
pump (FerryIbbStream *self,
      GPtrArray      *effects)
{
  guint8 block[FERRY_IBB_MAX_BLOCK];
  gsize consumed = ferry_ibb_pipe_take_consumed (self->pipe);

  if (consumed > 0)
    ferry_ibb_machine_consume (self->machine, consumed, effects);

  /* What is asked of the link may abandon us. */
  while (self->funcs != NULL && ferry_ibb_machine_can_send (self->machine) &&
         self->funcs->get_buffered (self->user_data) < LINK_LIMIT)
    {
      gsize size = ferry_ibb_pipe_take (self->pipe, block,
                                        ferry_ibb_machine_get_block_size (self->machine));

      if (size == 0)
        break;
      ferry_ibb_machine_send (self->machine, block, size, effects);
      run_effects (self, effects);
    }

  if (ferry_ibb_pipe_is_drained (self->pipe))
    ferry_ibb_machine_close (self->machine, g_get_monotonic_time (), effects);
}

static gboolean
stream_deadline_cb (gpointer user_data)
{
  g_autoptr(FerryIbbStream) self = g_object_ref (user_data);
  g_autoptr(GPtrArray) effects = ferry_ibb_effects_new ();

  g_clear_pointer (&self->deadline, g_source_unref);
  ferry_ibb_machine_wake (self->machine, g_get_monotonic_time (), effects);
  run_effects (self, effects);
  ferry_ibb_stream_resume (self);

  return G_SOURCE_REMOVE;
}

static void
schedule (FerryIbbStream *self)
{
  gint64 deadline = self->is_over ? 0 : ferry_ibb_machine_get_deadline (self->machine);

  if (self->deadline != NULL)
    g_source_destroy (self->deadline);
  g_clear_pointer (&self->deadline, g_source_unref);

  if (deadline == 0)
    return;

  self->deadline = g_timeout_source_new (0);
  g_source_set_ready_time (self->deadline, deadline);
  g_source_set_callback (self->deadline, stream_deadline_cb, self, NULL);
  g_source_attach (self->deadline, self->context);
}

static void
end (FerryIbbStream *self,
     const char     *text)
{
  g_autoptr(GError) error = NULL;

  if (text != NULL)
    error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE, text);

  self->is_over = TRUE;
  ferry_ibb_pipe_end (self->pipe, error);
  self->funcs->changed (self, self->user_data);
}

static void
run_effect (FerryIbbStream       *self,
            const FerryIbbEffect *effect)
{
  switch (effect->kind)
    {
    case FERRY_IBB_EFFECT_REPLY:
      self->funcs->reply (self, effect->element, self->user_data);
      break;

    case FERRY_IBB_EFFECT_REQUEST:
      self->funcs->request (self, effect->element, effect->tag, self->user_data);
      break;

    case FERRY_IBB_EFFECT_OPENED:
      self->is_open = TRUE;
      self->funcs->changed (self, self->user_data);
      break;

    case FERRY_IBB_EFFECT_RECEIVED:
      ferry_ibb_pipe_push (self->pipe, effect->bytes);
      break;

    case FERRY_IBB_EFFECT_FINISHED:
      end (self, NULL);
      break;

    case FERRY_IBB_EFFECT_FAILED:
      end (self, effect->text);
      break;

    default:
      g_assert_not_reached ();
    }
}

/* What an effect calls may abandon the stream; then the rest is void. */
static void
run_effects (FerryIbbStream *self,
             GPtrArray      *effects)
{
  for (guint i = 0; i < effects->len && self->funcs != NULL; i++)
    run_effect (self, g_ptr_array_index (effects, i));

  g_ptr_array_set_size (effects, 0);
}

/* The pump after every event: each may have made room. */
static void
advance (FerryIbbStream *self,
         GPtrArray      *effects)
{
  run_effects (self, effects);

  if (self->funcs != NULL && !self->is_over)
    {
      pump (self, effects);
      run_effects (self, effects);
    }

  schedule (self);
}

void
ferry_ibb_stream_resume (FerryIbbStream *self)
{
  g_autoptr(FerryIbbStream) held = g_object_ref (self);
  g_autoptr(GPtrArray) effects = ferry_ibb_effects_new ();

  g_return_if_fail (FERRY_IS_IBB_STREAM (self));

  advance (held, effects);
}

static gboolean
stream_kicked_cb (gpointer user_data)
{
  FerryIbbStream *self = user_data;

  g_atomic_int_set (&self->is_kicked, FALSE);
  ferry_ibb_stream_resume (self);

  return G_SOURCE_REMOVE;
}

/* In the worker's thread. */
static void
kick (gpointer user_data)
{
  FerryIbbStream *self = user_data;
  g_autoptr(GSource) source = NULL;

  if (!g_atomic_int_compare_and_exchange (&self->is_kicked, FALSE, TRUE))
    return;

  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, stream_kicked_cb, g_object_ref (self), g_object_unref);
  g_source_attach (source, self->context);
}

void
ferry_ibb_stream_open (FerryIbbStream *self)
{
  g_autoptr(FerryIbbStream) held = g_object_ref (self);
  g_autoptr(GPtrArray) effects = ferry_ibb_effects_new ();

  g_return_if_fail (FERRY_IS_IBB_STREAM (self));

  ferry_ibb_machine_open (self->machine, effects);
  advance (held, effects);
}

void
ferry_ibb_stream_receive (FerryIbbStream *self,
                          FerryElement   *stanza)
{
  g_autoptr(FerryIbbStream) held = g_object_ref (self);
  g_autoptr(GPtrArray) effects = ferry_ibb_effects_new ();

  g_return_if_fail (FERRY_IS_IBB_STREAM (self));

  ferry_ibb_machine_receive (self->machine, stanza, g_get_monotonic_time (), effects);
  advance (held, effects);
}

void
ferry_ibb_stream_answer (FerryIbbStream     *self,
                         guint               tag,
                         const FerryElement *reply)
{
  g_autoptr(FerryIbbStream) held = g_object_ref (self);
  g_autoptr(GPtrArray) effects = ferry_ibb_effects_new ();

  g_return_if_fail (FERRY_IS_IBB_STREAM (self));

  ferry_ibb_machine_answer (self->machine, tag, reply, g_get_monotonic_time (), effects);
  advance (held, effects);
}

void
ferry_ibb_stream_hold_end (FerryIbbStream *self,
                           gint64          n_bytes)
{
  g_return_if_fail (FERRY_IS_IBB_STREAM (self));

  ferry_ibb_machine_hold_end (self->machine, n_bytes);
}

void
ferry_ibb_stream_refuse_end (FerryIbbStream *self)
{
  g_return_if_fail (FERRY_IS_IBB_STREAM (self));

  ferry_ibb_machine_refuse_end (self->machine);
}

/* A stream that stands is closed towards the peer; nobody waits for its answer. */
void
ferry_ibb_stream_abandon (FerryIbbStream *self)
{
  g_autoptr(FerryIbbStream) held = g_object_ref (self);
  g_autoptr(GPtrArray) effects = ferry_ibb_effects_new ();
  g_autoptr(GError) error = NULL;

  g_return_if_fail (FERRY_IS_IBB_STREAM (self));

  if (self->funcs == NULL)
    return;

  ferry_ibb_machine_abort (self->machine, effects);
  for (guint i = 0; i < effects->len; i++)
    {
      const FerryIbbEffect *effect = g_ptr_array_index (effects, i);

      if (effect->kind != FERRY_IBB_EFFECT_FAILED)
        run_effect (self, effect);
    }

  self->funcs = NULL;
  self->is_over = TRUE;
  schedule (held);
  ferry_ibb_pipe_detach (self->pipe);

  error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CLOSED, "The in-band stream was given up");
  ferry_ibb_pipe_end (self->pipe, error);
}

gboolean
ferry_ibb_stream_is_open (FerryIbbStream *self)
{
  g_return_val_if_fail (FERRY_IS_IBB_STREAM (self), FALSE);

  return self->is_open;
}

gboolean
ferry_ibb_stream_is_over (FerryIbbStream *self)
{
  g_return_val_if_fail (FERRY_IS_IBB_STREAM (self), FALSE);

  return self->is_over;
}

GError *
ferry_ibb_stream_dup_error (FerryIbbStream *self)
{
  g_return_val_if_fail (FERRY_IS_IBB_STREAM (self), NULL);

  return ferry_ibb_pipe_dup_error (self->pipe);
}

FerryIbbStream *
ferry_ibb_stream_new (const FerryIbbConfig      *config,
                      const FerryIbbStreamFuncs *funcs,
                      gpointer                   user_data)
{
  FerryIbbStream *self = g_object_new (FERRY_TYPE_IBB_STREAM, NULL);

  self->machine = ferry_ibb_machine_new (config);
  self->is_open = ferry_ibb_machine_is_open (self->machine);
  self->funcs = funcs;
  self->user_data = user_data;

  return self;
}

static GInputStream *
ferry_ibb_stream_get_input_stream (GIOStream *stream)
{
  return FERRY_IBB_STREAM (stream)->input;
}

static GOutputStream *
ferry_ibb_stream_get_output_stream (GIOStream *stream)
{
  return FERRY_IBB_STREAM (stream)->output;
}

static void
ferry_ibb_stream_finalize (GObject *object)
{
  FerryIbbStream *self = FERRY_IBB_STREAM (object);

  ferry_ibb_pipe_detach (self->pipe);
  if (self->deadline != NULL)
    g_source_destroy (self->deadline);
  g_clear_pointer (&self->deadline, g_source_unref);
  g_clear_object (&self->input);
  g_clear_object (&self->output);
  g_clear_pointer (&self->pipe, ferry_ibb_pipe_unref);
  g_clear_pointer (&self->machine, ferry_ibb_machine_free);
  g_clear_pointer (&self->context, g_main_context_unref);

  G_OBJECT_CLASS (ferry_ibb_stream_parent_class)->finalize (object);
}

static void
ferry_ibb_stream_class_init (FerryIbbStreamClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ferry_ibb_stream_finalize;
  G_IO_STREAM_CLASS (klass)->get_input_stream = ferry_ibb_stream_get_input_stream;
  G_IO_STREAM_CLASS (klass)->get_output_stream = ferry_ibb_stream_get_output_stream;
}

static void
ferry_ibb_stream_init (FerryIbbStream *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->pipe = ferry_ibb_pipe_new (kick, self);
  self->input = ferry_ibb_pipe_new_input (self->pipe);
  self->output = ferry_ibb_pipe_new_output (self->pipe);
}
