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

typedef struct
{
  FerryIbbStream *stream; /* (owned) */
  guint           tag;
} Request;

static void
request_answered_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  Request *request = user_data;
  g_autoptr(FerryElement) reply =
    ferry_router_request_finish (FERRY_ROUTER (source), result, NULL); /* none: as if late */

  ferry_ibb_stream_answer (request->stream, request->tag, reply);
  g_object_unref (request->stream);
  g_free (request);
}

static void
stream_request (FerryIbbStream *stream,
                FerryElement   *payload,
                guint           tag,
                gpointer        user_data)
{
  FerryTransportIbb *self = user_data;
  Request *request = g_new0 (Request, 1);

  request->stream = g_object_ref (stream);
  request->tag = tag;
  ferry_router_request_async (self->router, FERRY_IQ_SET, self->peer_jid, payload,
                              FERRY_ROUTER_TIMEOUT, NULL, request_answered_cb, request);
}

static void
stream_reply (FerryIbbStream *stream,
              FerryElement   *stanza,
              gpointer        user_data)
{
  ferry_router_send (FERRY_TRANSPORT_IBB (user_data)->router, stanza);
}

static void
port_drained_cb (FerryStanzaPort *port,
                 gpointer         user_data)
{
  FerryTransportIbb *self = user_data;

  if (self->stream != NULL)
    ferry_ibb_stream_resume (self->stream);
}

/* The port is another after each login. Without one nothing can go out. */
static gsize
stream_get_buffered (gpointer user_data)
{
  FerryTransportIbb *self = user_data;
  FerryStanzaPort *port = ferry_router_get_port (self->router);

  if (self->port != port)
    {
      if (self->port != NULL)
        g_signal_handlers_disconnect_by_func (self->port, port_drained_cb, self);
      g_set_object (&self->port, port);
      if (port != NULL)
        g_signal_connect_object (port, "drained", G_CALLBACK (port_drained_cb), self, 0);
    }

  return port != NULL ? ferry_stanza_port_get_buffered (port) : 0;
}

static const FerryIbbStreamFuncs stream_funcs = {
  .request = stream_request,
  .reply = stream_reply,
  .get_buffered = stream_get_buffered,
  .changed = _ferry_transport_ibb_stream_changed,
};

/* SEC-3: of this peer and this sid; anything else is somebody else's business. */
static gboolean
stanza_received_cb (FerryElement *stanza,
                    gpointer      user_data)
{
  FerryTransportIbb *self = user_data;
  const FerryElement *payload = ferry_ibb_find_payload (stanza);
  const char *sid = payload != NULL ? ferry_element_get_attribute (payload, "sid") : NULL;

  if (self->stream == NULL || g_strcmp0 (sid, self->sid) != 0 ||
      g_strcmp0 (ferry_element_get_attribute (stanza, "from"), self->peer_jid) != 0)
    return FALSE;

  ferry_ibb_stream_receive (self->stream, stanza);

  return TRUE;
}

static void
add_handlers (FerryTransportIbb *self)
{
  static const FerryRoute routes[FERRY_TRANSPORT_IBB_N_ROUTES] = {
    { "iq", "set", "data", FERRY_NS_IBB },
    { "iq", "set", "open", FERRY_NS_IBB },
    { "iq", "set", "close", FERRY_NS_IBB },
    { "message", NULL, "data", FERRY_NS_IBB }, /* IBB-13 */
  };

  for (guint i = 0; i < FERRY_TRANSPORT_IBB_N_ROUTES; i++)
    self->handlers[i] = ferry_router_add_handler (self->router, &routes[i],
                                                  stanza_received_cb, self);
}

/* Both sides have named their terms: the stream can be opened by either (IBB-15). */
static void
make_stream (FerryTransportIbb *self)
{
  FerryIbbConfig config = {
    .sid = self->sid,
    .block_size = self->block_size,
    .max_window = self->max_window,
  };

  if (self->stream != NULL)
    return;

  self->stream = ferry_ibb_stream_new (&config, &stream_funcs, self);
  add_handlers (self);
}

static void
ferry_transport_ibb_prepare_async (FerryTransport      *transport,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  FerryTransportIbb *self = FERRY_TRANSPORT_IBB (transport);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, ferry_transport_ibb_prepare_async);
  g_return_if_fail (self->sid != NULL); /* set_remote() comes first where we answer */

  if (self->has_remote)
    make_stream (self);

  g_task_return_pointer (task, ferry_ibb_transport_new (self->sid, self->block_size),
                         (GDestroyNotify) ferry_element_unref);
}

static FerryElement *
ferry_transport_ibb_prepare_finish (FerryTransport  *transport,
                                    GAsyncResult    *result,
                                    GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, transport), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* JI1-2: the smaller block-size counts; one that grew does not. */
static gboolean
ferry_transport_ibb_set_remote (FerryTransport      *transport,
                                const FerryElement  *element,
                                GError             **error)
{
  FerryTransportIbb *self = FERRY_TRANSPORT_IBB (transport);
  const char *sid;
  guint block_size;

  if (!ferry_ibb_transport_decode (element, &sid, &block_size, error))
    return FALSE;

  if (self->sid == NULL)
    self->sid = g_strdup (sid);

  if (self->sid == NULL || (sid != NULL && !g_str_equal (sid, self->sid)))
    {
      g_set_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED,
                   "The peer speaks of another stream");
      return FALSE;
    }

  if (block_size != 0)
    self->block_size = MIN (self->block_size, block_size);
  self->has_remote = TRUE;

  if (self->proposer)
    make_stream (self);

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

static FerryPaths
ferry_transport_ibb_get_path (FerryTransport *transport)
{
  return FERRY_PATH_IN_BAND;
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
  iface->get_path = ferry_transport_ibb_get_path;
  iface->dup_local = ferry_transport_ibb_dup_local;
  iface->dup_remote = ferry_transport_ibb_dup_remote;
}

FerryTransport *
ferry_transport_ibb_new (const FerryTransportContext *context,
                         gconstpointer                unused)
{
  FerryTransportIbb *self = g_object_new (FERRY_TYPE_TRANSPORT_IBB, NULL);

  self->router = g_object_ref (context->router);
  self->role = context->role;
  self->proposer = context->proposer;
  self->own_jid = g_strdup (context->own_jid);
  self->peer_jid = g_strdup (context->peer_jid);
  self->block_size = MIN (context->profile->in_band_block_size, G_MAXINT16); /* JI1-1 */
  self->max_window = context->profile->in_band_window;

  if (self->proposer)
    self->sid = ferry_random_id_new (); /* SEC-27 */

  return FERRY_TRANSPORT (self);
}

static void
ferry_transport_ibb_dispose (GObject *object)
{
  FerryTransportIbb *self = FERRY_TRANSPORT_IBB (object);

  g_clear_object (&self->opening);

  if (self->stream != NULL)
    ferry_ibb_stream_abandon (self->stream);
  g_clear_object (&self->stream);

  for (guint i = 0; i < FERRY_TRANSPORT_IBB_N_ROUTES; i++)
    if (self->handlers[i] != 0)
      ferry_router_remove_handler (self->router, self->handlers[i]);
  memset (self->handlers, 0, sizeof self->handlers);

  if (self->port != NULL)
    g_signal_handlers_disconnect_by_func (self->port, port_drained_cb, self);
  g_clear_object (&self->port);
  g_clear_object (&self->router);

  G_OBJECT_CLASS (ferry_transport_ibb_parent_class)->dispose (object);
}

static void
ferry_transport_ibb_finalize (GObject *object)
{
  FerryTransportIbb *self = FERRY_TRANSPORT_IBB (object);

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
