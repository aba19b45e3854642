/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-transport-ibb"

#include "config.h"

#include "core/random-id.h"
#include "core/transport-ibb-private.h"
#include "proto/proto-error.h"

static void ferry_transport_ibb_transport_init (FerryTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FerryTransportIbb, ferry_transport_ibb, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (FERRY_TYPE_TRANSPORT,
                                                      ferry_transport_ibb_transport_init))

void
_ferry_transport_ibb_note (FerryTransportIbb *self,
                           FerryPathStepKind  kind,
                           const char        *text)
{
  if (self->report != NULL)
    ferry_path_report_add (self->report, g_get_monotonic_time (), kind, FERRY_WAY_IN_BAND, NULL, 0,
                           text);
}

/* From when the peer may open the stream. Where the terms alone do that, not before
 * both sides have agreed (SEC-30). */
static void
arm (FerryTransportIbb *self)
{
  if (!self->names_terms && !self->proposer)
    _ferry_transport_ibb_wait (self);
  else if (self->names_terms && self->has_remote && !self->variant->terms_open)
    _ferry_transport_ibb_make_stream (self);
}

static void
ferry_transport_ibb_prepare_async (FerryTransport      *transport,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  FerryTransportIbb *self = FERRY_TRANSPORT_IBB (transport);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  FerryElement *element;

  g_task_set_source_tag (task, ferry_transport_ibb_prepare_async);
  g_return_if_fail (self->sid != NULL || !self->names_terms); /* set_remote() comes first */

  if (self->names_terms)
    element = ferry_ibb_transport_new (self->variant->ns, self->sid, self->block_size);
  else
    element = ferry_ibb_transport_new (self->variant->ns, NULL, 0);

  _ferry_transport_ibb_note (self, FERRY_PATH_STEP_OFFERED, NULL);
  arm (self);
  g_task_return_pointer (task, element, (GDestroyNotify) ferry_element_unref);
}

static FerryElement *
ferry_transport_ibb_prepare_finish (FerryTransport  *transport,
                                    GAsyncResult    *result,
                                    GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, transport), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Which form it is, the proposer says (C-8). */
static void
follow_proposer (FerryTransportIbb *self,
                 const char        *sid,
                 guint              block_size)
{
  self->names_terms = !self->variant->may_name_none || sid != NULL || block_size != 0;

  self->block_size = self->names_terms ? self->own_block_size : FERRY_IBB_MAX_BLOCK;

  if (self->names_terms)
    {
      g_free (self->sid);
      self->sid = g_strdup (sid);
    }
}

/* JI1-2, JI0-6: the smaller block-size counts; one that grew does not. */
static gboolean
ferry_transport_ibb_set_remote (FerryTransport      *transport,
                                const FerryElement  *element,
                                GError             **error)
{
  FerryTransportIbb *self = FERRY_TRANSPORT_IBB (transport);
  const char *sid;
  guint block_size;

  if (self->variant->names_no_terms)
    return TRUE;

  if (!ferry_ibb_transport_decode (element, self->variant->ns, &sid, &block_size, error))
    return FALSE;

  if (!self->proposer)
    follow_proposer (self, sid, block_size);

  if (self->names_terms && (self->sid == NULL || (sid != NULL && !g_str_equal (sid, self->sid))))
    {
      g_set_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED,
                   "The peer speaks of another stream");
      return FALSE;
    }

  if (block_size != 0)
    self->block_size = MIN (self->block_size, block_size);
  self->has_remote = TRUE;

  if (self->proposer)
    arm (self);

  return TRUE;
}

/* There is nothing to say about this transport between offer and <open/>; further
 * sids (JI0-8) are heard and never used. */
static FerryStanzaError *
ferry_transport_ibb_receive_info (FerryTransport     *transport,
                                  const FerryElement *element)
{
  return NULL;
}

static GIOStream *
ferry_transport_ibb_open_finish (FerryTransport  *transport,
                                 GAsyncResult    *result,
                                 GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, transport), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* A stream that was closed before stays as it is. */
static gboolean
ferry_transport_ibb_peer_gone (FerryTransport *transport)
{
  FerryTransportIbb *self = FERRY_TRANSPORT_IBB (transport);
  gboolean is_over = self->stream == NULL || ferry_ibb_stream_is_over (self->stream);

  _ferry_transport_ibb_drop_stream (self);

  return !is_over;
}

static FerryPaths
ferry_transport_ibb_get_path (FerryTransport *transport)
{
  return FERRY_PATH_IN_BAND;
}

static const char *
ferry_transport_ibb_get_way (FerryTransport *transport)
{
  return FERRY_WAY_IN_BAND;
}

static char *
ferry_transport_ibb_dup_local (FerryTransport *transport)
{
  return g_strdup (FERRY_TRANSPORT_IBB (transport)->own_jid);
}

static char *
ferry_transport_ibb_dup_remote (FerryTransport *transport)
{
  return g_strdup (FERRY_TRANSPORT_IBB (transport)->peer_jid);
}

static void
ferry_transport_ibb_transport_init (FerryTransportInterface *iface)
{
  iface->prepare_async = ferry_transport_ibb_prepare_async;
  iface->prepare_finish = ferry_transport_ibb_prepare_finish;
  iface->set_remote = ferry_transport_ibb_set_remote;
  iface->receive_info = ferry_transport_ibb_receive_info;
  iface->open_async = _ferry_transport_ibb_open_async;
  iface->open_finish = ferry_transport_ibb_open_finish;
  iface->peer_gone = ferry_transport_ibb_peer_gone;
  iface->get_path = ferry_transport_ibb_get_path;
  iface->get_way = ferry_transport_ibb_get_way;
  iface->dup_local = ferry_transport_ibb_dup_local;
  iface->dup_remote = ferry_transport_ibb_dup_remote;
}

/* @variant: a #FerryIbbVariant */
FerryTransport *
ferry_transport_ibb_new (const FerryTransportContext *context,
                         gconstpointer                variant)
{
  FerryTransportIbb *self = g_object_new (FERRY_TYPE_TRANSPORT_IBB, NULL);

  self->router = g_object_ref (context->router);
  self->variant = variant;
  self->role = context->role;
  self->proposer = context->proposer;
  self->own_jid = g_strdup (context->own_jid);
  self->peer_jid = g_strdup (context->peer_jid);
  self->sid = g_strdup (context->stream_sid);
  self->report = context->report != NULL ? ferry_path_report_ref (context->report) : NULL;
  self->max_window = context->profile->in_band_window;
  self->own_block_size = MIN (context->profile->in_band_block_size, G_MAXINT16); /* JI1-1 */
  self->names_terms = !self->variant->names_no_terms &&
                      !(self->variant->may_name_none && self->sid != NULL);

  /* Who waits for an <open/> takes any size: the peer's is what counts. */
  self->block_size = self->names_terms || self->proposer ? self->own_block_size
                                                         : FERRY_IBB_MAX_BLOCK;

  if (self->proposer && self->sid == NULL)
    self->sid = ferry_random_id_new (); /* SEC-27 */

  return FERRY_TRANSPORT (self);
}

static void
ferry_transport_ibb_dispose (GObject *object)
{
  FerryTransportIbb *self = FERRY_TRANSPORT_IBB (object);

  g_clear_object (&self->opening);

  if (self->router != NULL)
    {
      _ferry_transport_ibb_stop_waiting (self);
      _ferry_transport_ibb_drop_stream (self);
    }
  g_clear_object (&self->router);

  G_OBJECT_CLASS (ferry_transport_ibb_parent_class)->dispose (object);
}

static void
ferry_transport_ibb_finalize (GObject *object)
{
  FerryTransportIbb *self = FERRY_TRANSPORT_IBB (object);

  g_clear_pointer (&self->report, ferry_path_report_unref);
  g_free (self->own_jid);
  g_free (self->peer_jid);
  g_free (self->sid);

  G_OBJECT_CLASS (ferry_transport_ibb_parent_class)->finalize (object);
}

static void
ferry_transport_ibb_class_init (FerryTransportIbbClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = ferry_transport_ibb_dispose;
  object_class->finalize = ferry_transport_ibb_finalize;
}

static void
ferry_transport_ibb_init (FerryTransportIbb *self)
{
}
