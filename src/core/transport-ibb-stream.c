/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-transport-ibb"

#include "config.h"

#include "core/transport-ibb-private.h"

#define HELD_TIMEOUT 300 /* seconds: until the peer's user has decided (BS0-7) */

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

/* Where nothing was said before it, an <open/> comes while the session is pending. */
static guint
get_timeout (FerryTransportIbb  *self,
             const FerryElement *payload)
{
  gboolean may_be_held = self->variant->may_name_none && !self->names_terms &&
                         ferry_element_is (payload, "open", FERRY_NS_IBB);

  return may_be_held ? HELD_TIMEOUT : FERRY_ROUTER_TIMEOUT;
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
                              get_timeout (self, payload), NULL, request_answered_cb, request);
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

static void
watch_port (FerryTransportIbb *self,
            FerryStanzaPort   *port)
{
  if (self->port == port)
    return;

  if (self->port != NULL)
    g_signal_handlers_disconnect_by_func (self->port, port_drained_cb, self);
  g_set_object (&self->port, port);
  if (port != NULL)
    g_signal_connect_object (port, "drained", G_CALLBACK (port_drained_cb), self, 0);
}

/* The port is another after each login. Without one nothing can go out. */
static gsize
stream_get_buffered (gpointer user_data)
{
  FerryTransportIbb *self = user_data;
  FerryStanzaPort *port = ferry_router_get_port (self->router);

  watch_port (self, port);

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

  if (g_strcmp0 (sid, self->sid) != 0 ||
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

/* The machine takes an <open/> from either side (IBB-15). */
void
_ferry_transport_ibb_make_stream (FerryTransportIbb *self)
{
  gboolean is_open = self->names_terms && self->variant->terms_open;
  FerryIbbConfig config = {
    .sid = self->sid,
    .block_size = self->block_size,
    .max_window = self->max_window,
    .is_open = is_open,
    .counts_text = self->variant->counts_text,
    .close = is_open ? FERRY_IBB_CLOSE_UNSAID
             : self->variant->names_no_terms ? FERRY_IBB_CLOSE_SAID : FERRY_IBB_CLOSE_AWAITED,
  };

  if (self->stream != NULL)
    return;

  self->stream = ferry_ibb_stream_new (&config, &stream_funcs, self);
  add_handlers (self);
}

void
_ferry_transport_ibb_drop_stream (FerryTransportIbb *self)
{
  if (self->stream != NULL)
    ferry_ibb_stream_abandon (self->stream);
  g_clear_object (&self->stream);

  for (guint i = 0; i < FERRY_TRANSPORT_IBB_N_ROUTES; i++)
    if (self->handlers[i] != 0)
      ferry_router_remove_handler (self->router, self->handlers[i]);
  memset (self->handlers, 0, sizeof self->handlers);

  watch_port (self, NULL);
}
