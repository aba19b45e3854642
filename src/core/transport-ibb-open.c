/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-transport-ibb"

#include "config.h"

#include "core/transport-ibb-private.h"
#include "proto/proto-error.h"

#define OPEN_PATIENCE 3  /* seconds until we open in the peer's stead (JI1-3) */
#define OPEN_LIMIT    35 /* seconds until a stream that nobody opens has failed */

/* Returns: (nullable) (transfer full): the task to complete, once */
static GTask *
end_opening (FerryTransportIbb *self)
{
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);

  if (self->cancelled != NULL)
    g_source_destroy (self->cancelled);
  g_clear_pointer (&self->cancelled, g_source_unref);

  return g_steal_pointer (&self->opening);
}

static void
fail_opening (FerryTransportIbb *self,
              GTask             *task,
              const char        *text)
{
  _ferry_transport_ibb_note (self, FERRY_PATH_STEP_REFUSED, text);
  g_task_return_new_error (task, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_REFUSED, "%s", text);
}

void
_ferry_transport_ibb_stream_changed (FerryIbbStream *stream,
                                     gpointer        user_data)
{
  FerryTransportIbb *self = user_data;
  g_autoptr(GTask) task = NULL;
  g_autoptr(GError) error = NULL;

  if (self->opening == NULL)
    return;

  task = end_opening (self);
  error = ferry_ibb_stream_dup_error (stream);

  if (ferry_ibb_stream_is_open (stream))
    {
      _ferry_transport_ibb_note (self, FERRY_PATH_STEP_CHOSEN, NULL);
      g_task_return_pointer (task, g_object_ref (stream), g_object_unref);
    }
  else
    {
      fail_opening (self, task, error != NULL ? error->message : "The peer closed the stream");
    }
}

static void
give_up (FerryTransportIbb *self)
{
  _ferry_transport_ibb_stop_waiting (self);
  _ferry_transport_ibb_drop_stream (self);
}

static gboolean
open_cancelled_cb (GCancellable *cancellable,
                   gpointer      user_data)
{
  g_autoptr(FerryTransportIbb) self = g_object_ref (user_data);
  g_autoptr(GTask) task = end_opening (self);

  give_up (self);
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Given up");

  return G_SOURCE_REMOVE;
}

static gboolean
open_expired_cb (gpointer user_data)
{
  g_autoptr(FerryTransportIbb) self = g_object_ref (user_data);
  g_autoptr(GTask) task = end_opening (self);

  give_up (self);
  fail_opening (self, task, "The peer never opened the in-band stream");

  return G_SOURCE_REMOVE;
}

static gboolean
open_patience_cb (gpointer user_data)
{
  g_autoptr(FerryTransportIbb) self = g_object_ref (user_data);

  g_clear_pointer (&self->timer, g_source_unref);
  _ferry_transport_ibb_stop_waiting (self);
  _ferry_transport_ibb_make_stream (self);
  ferry_ibb_stream_open (self->stream);

  return G_SOURCE_REMOVE;
}

static void
start_timer (FerryTransportIbb *self,
             guint              seconds,
             GSourceFunc        callback)
{
  self->timer = g_timeout_source_new_seconds (seconds);
  g_source_set_callback (self->timer, callback, self, NULL);
  g_source_attach (self->timer, g_main_context_get_thread_default ());
}

/* JI1-3: as initiator of a Jingle session we open in the end in any case. */
static gboolean
may_open (FerryTransportIbb *self)
{
  return self->role == FERRY_ROLE_INITIATOR && self->sid != NULL &&
         !self->variant->names_no_terms;
}

/* Who proposed opens, where it is to be opened at all. */
static void
begin_opening (FerryTransportIbb *self)
{
  if (self->names_terms && self->variant->terms_open)
    {
      _ferry_transport_ibb_make_stream (self);
      _ferry_transport_ibb_stream_changed (self->stream, self);
    }
  else if (self->proposer)
    {
      _ferry_transport_ibb_make_stream (self);
      ferry_ibb_stream_open (self->stream);
    }
  else if (self->held != NULL)
    _ferry_transport_ibb_take_held (self);
  else if (may_open (self))
    start_timer (self, OPEN_PATIENCE, open_patience_cb);
  else
    start_timer (self, OPEN_LIMIT, open_expired_cb);
}

static gboolean
has_changed (FerryIbbStream *stream)
{
  g_autoptr(GError) error = ferry_ibb_stream_dup_error (stream);

  return ferry_ibb_stream_is_open (stream) || error != NULL;
}

void
_ferry_transport_ibb_open_async (FerryTransport      *transport,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  FerryTransportIbb *self = FERRY_TRANSPORT_IBB (transport);

  g_return_if_fail (self->opening == NULL);

  _ferry_transport_ibb_note (self, FERRY_PATH_STEP_TRIED, NULL);
  self->opening = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (self->opening, _ferry_transport_ibb_open_async);

  if (self->stream != NULL && has_changed (self->stream))
    {
      _ferry_transport_ibb_stream_changed (self->stream, self); /* the peer was quicker */
      return;
    }

  if (cancellable != NULL)
    {
      self->cancelled = g_cancellable_source_new (cancellable);
      g_source_set_callback (self->cancelled, G_SOURCE_FUNC (open_cancelled_cb), self, NULL);
      g_source_attach (self->cancelled, g_main_context_get_thread_default ());
    }

  begin_opening (self);
}
