/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-deadline"

#include "config.h"

#include "net/deadline.h"

struct _FerryDeadline
{
  GCancellable *inner;      /* (owned) */
  GCancellable *outer;      /* (owned) (nullable) */
  gulong        outer_id;
  GSource      *timer;      /* (owned) (nullable) */
  gboolean      has_passed;
};

static gboolean
passed_cb (gpointer user_data)
{
  FerryDeadline *self = user_data;

  self->has_passed = TRUE;
  g_cancellable_cancel (self->inner);
  return G_SOURCE_REMOVE;
}

static void
cancelled_cb (GCancellable *outer,
              GCancellable *inner)
{
  g_cancellable_cancel (inner);
}

FerryDeadline *
ferry_deadline_new (guint         seconds,
                    GCancellable *outer)
{
  FerryDeadline *self = g_new0 (FerryDeadline, 1);

  self->inner = g_cancellable_new ();

  if (seconds > 0)
    {
      self->timer = g_timeout_source_new (seconds * 1000);
      g_source_set_callback (self->timer, passed_cb, self, NULL);
      g_source_attach (self->timer, g_main_context_get_thread_default ());
    }

  if (outer != NULL)
    {
      self->outer = g_object_ref (outer);
      self->outer_id = g_cancellable_connect (outer, G_CALLBACK (cancelled_cb),
                                              g_object_ref (self->inner), g_object_unref);
    }

  return self;
}

void
ferry_deadline_free (FerryDeadline *self)
{
  if (self->timer != NULL)
    g_source_destroy (self->timer);

  g_clear_pointer (&self->timer, g_source_unref);

  /* Not g_cancellable_disconnect(): that waits for a cancellation that may be
   * what has brought us here. All of this is one thread's. */
  if (self->outer_id != 0)
    g_signal_handler_disconnect (self->outer, self->outer_id);

  g_clear_object (&self->outer);
  g_object_unref (self->inner);
  g_free (self);
}

GCancellable *
ferry_deadline_get_cancellable (FerryDeadline *self)
{
  return self->inner;
}

gboolean
ferry_deadline_has_passed (FerryDeadline *self)
{
  return self->has_passed;
}
