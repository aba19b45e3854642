/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-transport-bytestreams"

#include "config.h"

#include "core/random-id.h"
#include "core/transport-bytestreams-private.h"
#include "legacy/bytestreams-rules.h"
#include "legacy/namespaces.h"
#include "proto/bytestreams-codec.h"
#include "proto/proto-error.h"

#define QUERY_LIMIT   35 /* seconds until the peer has made its first move, S5B or in-band */
#define IN_BAND_LIMIT 35 /* seconds from our failure to the peer's `<open/>` (SIFT-7) */

/* Peers: a host that does not answer costs libpurple 5 s and QXmpp 7 s; gloox and slixmpp
 * never answer if none does, so that it is for us to stop waiting. */
const FerryBytestreamsForm ferry_bytestreams_plain = {
  .ns = FERRY_NS_BYTESTREAMS,
  .negotiation_ns = FERRY_NS_SI,
  .answer_limit = 60,
};

/* The peer's user may not have agreed yet (BS0-7). */
const FerryBytestreamsForm ferry_bytestreams_jingle_0 = {
  .ns = FERRY_NS_JINGLE_BYTESTREAMS_0,
  .answer_limit = 5 * 60,
  .any_sid = TRUE,
};

static void ferry_transport_bytestreams_transport_init (FerryTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FerryTransportBytestreams, ferry_transport_bytestreams,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (FERRY_TYPE_TRANSPORT,
                                                      ferry_transport_bytestreams_transport_init))

static void
stop_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);

  g_clear_pointer (source, g_source_unref);
}

void
_ferry_transport_bytestreams_stop_timer (FerryTransportBytestreams *self)
{
  stop_source (&self->timer);
}

void
_ferry_transport_bytestreams_start_timer (FerryTransportBytestreams *self,
                                          guint                      seconds,
                                          GSourceFunc                callback)
{
  stop_source (&self->timer);
  self->timer = g_timeout_source_new_seconds (seconds);
  g_source_set_callback (self->timer, callback, self, NULL);
  g_source_attach (self->timer, g_main_context_get_thread_default ());
}

/* Nothing is waited for, asked or answered any more, but for an in-band stream that is
 * ours. Returns: (nullable) (transfer full): the task to complete */
static GTask *
end (FerryTransportBytestreams *self)
{
  stop_source (&self->timer);
  stop_source (&self->cancelled);
  g_cancellable_cancel (self->asking);
  ferry_s5b_connector_stop (self->connector);
  _ferry_transport_bytestreams_stop_waiting (self);
  if (!self->is_in_band)
    _ferry_transport_bytestreams_drop_in_band (self);

  return g_steal_pointer (&self->opening);
}

/* @stream: (transfer full) */
void
_ferry_transport_bytestreams_finish (FerryTransportBytestreams *self,
                                     GIOStream                 *stream)
{
  g_autoptr(GTask) task = end (self);

  g_task_return_pointer (task, stream, g_object_unref);
}

/* Neither way, for the reason we have. */
void
_ferry_transport_bytestreams_give_up (FerryTransportBytestreams *self)
{
  g_autoptr(GTask) task = end (self);

  g_task_return_new_error (task, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_REFUSED, "%s",
                           self->trouble != NULL ? self->trouble
                                                 : "The peer never opened the stream");
}

static gboolean
expired_cb (gpointer user_data)
{
  g_autoptr(FerryTransportBytestreams) self = g_object_ref (user_data);

  _ferry_transport_bytestreams_give_up (self);

  return G_SOURCE_REMOVE;
}

void
_ferry_transport_bytestreams_failed (FerryTransportBytestreams *self,
                                     const char                *text)
{
  if (text != NULL && self->trouble == NULL)
    self->trouble = g_strdup (text);

  if (self->opening == NULL)
    return; /* it will be found then */

  ferry_s5b_connector_stop (self->connector);
  _ferry_transport_bytestreams_stop_waiting (self);
  _ferry_transport_bytestreams_stop_timer (self);

  if (!self->falls_back)
    {
      _ferry_transport_bytestreams_give_up (self);
    }
  else if (self->is_requester)
    {
      _ferry_transport_bytestreams_arm_in_band (self);
      _ferry_transport_bytestreams_open_in_band (self);
    }
  else
    {
      _ferry_transport_bytestreams_start_timer (self, IN_BAND_LIMIT, expired_cb);
    }
}

static void
connected_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(FerryTransportBytestreams) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GIOStream) stream =
    ferry_s5b_connector_open_finish (FERRY_S5B_CONNECTOR (source), result, &error);

  if (self->opening == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (stream != NULL)
    _ferry_transport_bytestreams_finish (self, g_steal_pointer (&stream));
  else if (self->refusal == NULL)
    _ferry_transport_bytestreams_failed (self, error->message);
  else
    {
      g_autofree char *text = g_strdup_printf ("%s: %s", error->message, self->refusal);

      _ferry_transport_bytestreams_failed (self, text);
    }
}

void
_ferry_transport_bytestreams_connect (FerryTransportBytestreams *self)
{
  ferry_s5b_connector_open_async (self->connector, NULL, connected_cb, g_object_ref (self));
}

/* There is nothing to say in it. Returns: (transfer full) */
static FerryElement *
build_transport (FerryTransportBytestreams *self)
{
  return ferry_element_builder_end (ferry_element_builder_new ("transport", self->form->ns));
}

static void
prepare_gathered_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  FerryTransportBytestreams *self = g_task_get_source_object (task);
  GError *error = NULL;
  GPtrArray *hosts =
    ferry_s5b_connector_gather_finish (FERRY_S5B_CONNECTOR (source), result, &error);

  if (hosts == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  g_clear_pointer (&self->hosts, g_ptr_array_unref);
  self->hosts = hosts;
  g_task_return_pointer (task, build_transport (self), (GDestroyNotify) ferry_element_unref);
}

static void
ferry_transport_bytestreams_prepare_async (FerryTransport      *transport,
                                           GCancellable        *cancellable,
                                           GAsyncReadyCallback  callback,
                                           gpointer             user_data)
{
  FerryTransportBytestreams *self = FERRY_TRANSPORT_BYTESTREAMS (transport);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, ferry_transport_bytestreams_prepare_async);

  if (self->is_requester)
    ferry_s5b_connector_gather_async (self->connector, NULL, cancellable,
                                      prepare_gathered_cb, g_steal_pointer (&task));
  else
    g_task_return_pointer (task, build_transport (self), (GDestroyNotify) ferry_element_unref);
}

static FerryElement *
ferry_transport_bytestreams_prepare_finish (FerryTransport  *transport,
                                            GAsyncResult    *result,
                                            GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, transport), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
ferry_transport_bytestreams_set_remote (FerryTransport      *transport,
                                        const FerryElement  *element,
                                        GError             **error)
{
  return TRUE;
}

static FerryStanzaError *
ferry_transport_bytestreams_receive_info (FerryTransport     *transport,
                                          const FerryElement *element)
{
  return NULL;
}

static gboolean
open_cancelled_cb (GCancellable *cancellable,
                   gpointer      user_data)
{
  g_autoptr(FerryTransportBytestreams) self = g_object_ref (user_data);
  g_autoptr(GTask) task = end (self);

  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Given up");

  return G_SOURCE_REMOVE;
}

/* The request may be here already, and so may be the end of what it asked for. */
static void
begin_as_target (FerryTransportBytestreams *self)
{
  if (self->in_band != NULL)
    _ferry_transport_bytestreams_open_in_band (self);

  if (self->held != NULL)
    _ferry_transport_bytestreams_dial (self);
  else if (self->trouble != NULL)
    _ferry_transport_bytestreams_failed (self, NULL);
  else
    _ferry_transport_bytestreams_start_timer (self, QUERY_LIMIT, expired_cb);
}

static void
ferry_transport_bytestreams_open_async (FerryTransport      *transport,
                                        GCancellable        *cancellable,
                                        GAsyncReadyCallback  callback,
                                        gpointer             user_data)
{
  FerryTransportBytestreams *self = FERRY_TRANSPORT_BYTESTREAMS (transport);

  g_return_if_fail (self->opening == NULL);

  self->opening = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (self->opening, ferry_transport_bytestreams_open_async);

  if (cancellable != NULL)
    {
      self->cancelled = g_cancellable_source_new (cancellable);
      g_source_set_callback (self->cancelled, G_SOURCE_FUNC (open_cancelled_cb), self, NULL);
      g_source_attach (self->cancelled, g_main_context_get_thread_default ());
    }

  if (self->is_requester)
    _ferry_transport_bytestreams_request (self);
  else
    begin_as_target (self);
}

static GIOStream *
ferry_transport_bytestreams_open_finish (FerryTransport  *transport,
                                         GAsyncResult    *result,
                                         GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, transport), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
ferry_transport_bytestreams_peer_gone (FerryTransport *transport)
{
  FerryTransportBytestreams *self = FERRY_TRANSPORT_BYTESTREAMS (transport);

  return self->is_in_band && ferry_transport_peer_gone (self->in_band);
}

static FerryPaths
ferry_transport_bytestreams_get_path (FerryTransport *transport)
{
  FerryTransportBytestreams *self = FERRY_TRANSPORT_BYTESTREAMS (transport);

  return self->is_in_band ? FERRY_PATH_IN_BAND : ferry_s5b_connector_get_path (self->connector);
}

static const char *
ferry_transport_bytestreams_get_way (FerryTransport *transport)
{
  FerryTransportBytestreams *self = FERRY_TRANSPORT_BYTESTREAMS (transport);

  return self->is_in_band ? ferry_transport_get_way (self->in_band)
                          : ferry_s5b_connector_get_way (self->connector);
}

static char *
ferry_transport_bytestreams_dup_local (FerryTransport *transport)
{
  FerryTransportBytestreams *self = FERRY_TRANSPORT_BYTESTREAMS (transport);

  return self->is_in_band ? ferry_transport_dup_local (self->in_band)
                          : ferry_s5b_connector_dup_local (self->connector);
}

static char *
ferry_transport_bytestreams_dup_remote (FerryTransport *transport)
{
  FerryTransportBytestreams *self = FERRY_TRANSPORT_BYTESTREAMS (transport);

  return self->is_in_band ? ferry_transport_dup_remote (self->in_band)
                          : ferry_s5b_connector_dup_remote (self->connector);
}

static void
ferry_transport_bytestreams_transport_init (FerryTransportInterface *iface)
{
  iface->prepare_async = ferry_transport_bytestreams_prepare_async;
  iface->prepare_finish = ferry_transport_bytestreams_prepare_finish;
  iface->set_remote = ferry_transport_bytestreams_set_remote;
  iface->receive_info = ferry_transport_bytestreams_receive_info;
  iface->open_async = ferry_transport_bytestreams_open_async;
  iface->open_finish = ferry_transport_bytestreams_open_finish;
  iface->peer_gone = ferry_transport_bytestreams_peer_gone;
  iface->get_path = ferry_transport_bytestreams_get_path;
  iface->get_way = ferry_transport_bytestreams_get_way;
  iface->dup_local = ferry_transport_bytestreams_dup_local;
  iface->dup_remote = ferry_transport_bytestreams_dup_remote;
}

static void
begin_life (FerryTransportBytestreams *self)
{
  g_autofree char *random = ferry_random_id_new (); /* SEC-27 */

  if (!self->is_requester)
    {
      _ferry_transport_bytestreams_wait (self);
      if (self->falls_back)
        _ferry_transport_bytestreams_arm_in_band (self);
      return;
    }

  if (self->stream_sid == NULL)
    self->stream_sid = g_steal_pointer (&random);
  ferry_s5b_connector_set_sid (self->connector, self->stream_sid);
}

FerryTransport *
ferry_transport_bytestreams_new (const FerryTransportContext *context,
                                 gconstpointer                form)
{
  static const FerryS5bConnectorFuncs funcs = {
    .say = _ferry_transport_bytestreams_report,
    .called = _ferry_transport_bytestreams_called,
  };
  FerryTransportBytestreams *self = g_object_new (FERRY_TYPE_TRANSPORT_BYTESTREAMS, NULL);

  self->form = form;
  self->router = g_object_ref (context->router);
  self->profile = context->profile;
  self->report = context->report != NULL ? ferry_path_report_ref (context->report) : NULL;
  self->role = context->role;
  self->is_requester = context->proposer;
  self->falls_back = context->falls_back && context->stream_sid != NULL &&
                     (context->settings->paths & FERRY_PATH_IN_BAND) != 0;
  self->own_jid = g_strdup (context->own_jid);
  self->peer_jid = g_strdup (context->peer_jid);
  self->stream_sid = g_strdup (context->stream_sid);
  self->connector =
    ferry_s5b_connector_new (context,
                             self->is_requester ? FERRY_ROLE_INITIATOR : FERRY_ROLE_RESPONDER,
                             &ferry_bytestreams_rules, &funcs, self);
  begin_life (self);

  return FERRY_TRANSPORT (self);
}

static void
ferry_transport_bytestreams_dispose (GObject *object)
{
  FerryTransportBytestreams *self = FERRY_TRANSPORT_BYTESTREAMS (object);

  if (self->connector != NULL)
    end (self);
  _ferry_transport_bytestreams_drop_in_band (self);
  g_clear_object (&self->connector);
  g_clear_object (&self->router);

  G_OBJECT_CLASS (ferry_transport_bytestreams_parent_class)->dispose (object);
}

static void
ferry_transport_bytestreams_finalize (GObject *object)
{
  FerryTransportBytestreams *self = FERRY_TRANSPORT_BYTESTREAMS (object);

  g_clear_pointer (&self->hosts, g_ptr_array_unref);
  g_clear_pointer (&self->report, ferry_path_report_unref);
  g_clear_object (&self->asking);
  g_free (self->own_jid);
  g_free (self->peer_jid);
  g_free (self->stream_sid);
  g_free (self->trouble);
  g_free (self->refusal);
  g_free (self->dstaddr);

  G_OBJECT_CLASS (ferry_transport_bytestreams_parent_class)->finalize (object);
}

static void
ferry_transport_bytestreams_class_init (FerryTransportBytestreamsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = ferry_transport_bytestreams_dispose;
  object_class->finalize = ferry_transport_bytestreams_finalize;
}

static void
ferry_transport_bytestreams_init (FerryTransportBytestreams *self)
{
  self->asking = g_cancellable_new ();
}
