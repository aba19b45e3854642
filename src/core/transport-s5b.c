/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-transport-s5b"

#include "config.h"

#include "core/random-id.h"
#include "core/s5b-connector.h"
#include "core/transport-s5b.h"
#include "proto/proto-error.h"
#include "proto/s5b-address.h"

struct _FerryTransportS5b
{
  GObject                parent_instance;

  const FerryS5bVariant *variant;    /* static */
  FerryS5bConnector     *connector;  /* (owned) */
  FerryRole              role;
  char                  *own_jid;    /* (owned) */
  char                  *peer_jid;   /* (owned) */
  char                  *stream_sid; /* (owned) (nullable): where the peer does not say one */
  GPtrArray             *theirs;     /* (owned) (nullable): candidates the peer began with */
};

static void ferry_transport_s5b_transport_init (FerryTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FerryTransportS5b, ferry_transport_s5b, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (FERRY_TYPE_TRANSPORT,
                                                      ferry_transport_s5b_transport_init))

static void
say (const FerryS5bEffect *report,
     gpointer              user_data)
{
  FerryTransportS5b *self = user_data;
  const char *sid = ferry_s5b_connector_get_sid (self->connector);
  g_autoptr(FerryS5bTransport) transport = ferry_s5b_transport_new (sid);
  g_autoptr(FerryElement) element = NULL;

  transport->info = report->info;
  transport->cid = g_strdup (report->cid);
  transport->jid = g_strdup (report->jid);
  transport->host = g_strdup (report->host);
  transport->port = report->port;
  element = self->variant->encode (transport);
  ferry_transport_emit_send_info (FERRY_TRANSPORT (self), element);
}

static const FerryS5bConnectorFuncs connector_funcs = {
  .say = say,
};

static FerryElement *
build_transport (FerryTransportS5b *self,
                 GPtrArray         *candidates)
{
  const char *sid = ferry_s5b_connector_get_sid (self->connector);
  g_autoptr(FerryS5bTransport) transport = ferry_s5b_transport_new (sid);

  g_ptr_array_unref (transport->candidates);
  transport->candidates = g_ptr_array_ref (candidates);
  transport->dstaddr = ferry_s5b_address_new (sid, self->own_jid, self->peer_jid);
  transport->with_mode = self->role == FERRY_ROLE_INITIATOR; /* S5B1-3 */

  return self->variant->encode (transport);
}

static void
prepare_gathered_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  GError *error = NULL;
  g_autoptr(GPtrArray) candidates =
    ferry_s5b_connector_gather_finish (FERRY_S5B_CONNECTOR (source), result, &error);

  if (candidates == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, build_transport (g_task_get_source_object (task), candidates),
                           (GDestroyNotify) ferry_element_unref);
}

static void
ferry_transport_s5b_prepare_async (FerryTransport      *transport,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  FerryTransportS5b *self = FERRY_TRANSPORT_S5B (transport);
  GTask *task;

  /* set_remote() comes first where we answer */
  g_return_if_fail (ferry_s5b_connector_get_sid (self->connector) != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, ferry_transport_s5b_prepare_async);
  ferry_s5b_connector_gather_async (self->connector, self->theirs, cancellable,
                                    prepare_gathered_cb, task);
}

/* S5B0-20: a peer that says none means that of the session. */
static void
take_sid (FerryTransportS5b *self,
          const char        *sid)
{
  const char *meant = sid != NULL ? sid : self->stream_sid;

  if (meant != NULL)
    ferry_s5b_connector_set_sid (self->connector, meant);
}

/* S5B0-21: a missing sid means the one that was said before. */
static gboolean
is_own_stream (FerryTransportS5b *self,
               const char        *sid)
{
  const char *own = ferry_s5b_connector_get_sid (self->connector);

  return own != NULL && (sid == NULL || g_str_equal (sid, own));
}

static gboolean
ferry_transport_s5b_set_remote (FerryTransport      *transport,
                                const FerryElement  *element,
                                GError             **error)
{
  FerryTransportS5b *self = FERRY_TRANSPORT_S5B (transport);
  g_autoptr(FerryS5bTransport) remote = self->variant->decode (element, self->peer_jid, error);

  if (remote == NULL)
    return FALSE;

  if (ferry_s5b_connector_get_sid (self->connector) == NULL)
    take_sid (self, remote->sid);

  if (!is_own_stream (self, remote->sid))
    {
      g_set_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED,
                   "The peer speaks of another stream");
      return FALSE;
    }

  g_clear_pointer (&self->theirs, g_ptr_array_unref);
  self->theirs = g_ptr_array_ref (remote->candidates);
  ferry_s5b_connector_add_hosts (self->connector, remote->candidates, remote->dstaddr);

  return TRUE;
}

static FerryStanzaError *
refuse_info (const char *text)
{
  return ferry_stanza_error_new (FERRY_STANZA_ERROR_MODIFY, FERRY_CONDITION_BAD_REQUEST,
                                 NULL, NULL, text);
}

/* Returns: (nullable): %NULL: no objection */
static FerryStanzaError *
judge (FerryS5bVerdict verdict)
{
  switch (verdict)
    {
    case FERRY_S5B_VERDICT_UNKNOWN:
      return refuse_info ("No such candidate");

    case FERRY_S5B_VERDICT_REPEATED:
      return refuse_info ("Candidate reported before");

    case FERRY_S5B_VERDICT_TOO_MANY:
      return refuse_info ("Too many candidates");

    case FERRY_S5B_VERDICT_OK:
    default:
      return NULL;
    }
}

static FerryStanzaError *
take_info (FerryTransportS5b       *self,
           const FerryS5bTransport *transport)
{
  FerryS5bEvent event = {
    .kind = FERRY_S5B_EVENT_INFO,
    .info = transport->info,
    .cid = transport->cid,
    .jid = transport->jid,
    .host = transport->host,
    .port = transport->port,
  };

  return judge (ferry_s5b_connector_handle (self->connector, &event));
}

static FerryStanzaError *
ferry_transport_s5b_receive_info (FerryTransport     *transport,
                                  const FerryElement *element)
{
  FerryTransportS5b *self = FERRY_TRANSPORT_S5B (transport);
  g_autoptr(FerryTransportS5b) held = g_object_ref (self);
  g_autoptr(GError) error = NULL;
  g_autoptr(FerryS5bTransport) info = self->variant->decode (element, self->peer_jid, &error);
  FerryStanzaError *refusal = NULL;

  if (info == NULL)
    return refuse_info (error->message);

  if (ferry_s5b_connector_is_stopped (self->connector))
    return NULL; /* late traffic (FB-10) */

  if (!is_own_stream (self, info->sid))
    return refuse_info ("No such stream");

  if (info->candidates->len > 0)
    refusal = judge (ferry_s5b_connector_add_hosts (self->connector, info->candidates,
                                                    info->dstaddr));

  if (refusal != NULL || info->info == FERRY_S5B_INFO_NONE)
    return refusal;

  return take_info (held, info);
}

/* S5B0-9a: where the first success decides, it does when it is acknowledged. */
static void
ferry_transport_s5b_info_answered (FerryTransport     *transport,
                                   const FerryElement *reply)
{
  FerryTransportS5b *self = FERRY_TRANSPORT_S5B (transport);
  FerryS5bEvent event = { .kind = FERRY_S5B_EVENT_INFO_ANSWERED };

  if (reply == NULL)
    return;

  event.refused = ferry_iq_is (reply, FERRY_IQ_ERROR);
  ferry_s5b_connector_handle (self->connector, &event);
}

static FerryElement *
ferry_transport_s5b_prepare_finish (FerryTransport  *transport,
                                    GAsyncResult    *result,
                                    GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, transport), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
open_connected_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  GError *error = NULL;
  GIOStream *stream =
    ferry_s5b_connector_open_finish (FERRY_S5B_CONNECTOR (source), result, &error);

  if (stream == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, stream, g_object_unref);
}

static void
ferry_transport_s5b_open_async (FerryTransport      *transport,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  FerryTransportS5b *self = FERRY_TRANSPORT_S5B (transport);
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, ferry_transport_s5b_open_async);
  ferry_s5b_connector_open_async (self->connector, cancellable, open_connected_cb, task);
}

static GIOStream *
ferry_transport_s5b_open_finish (FerryTransport  *transport,
                                 GAsyncResult    *result,
                                 GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, transport), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static FerryPaths
ferry_transport_s5b_get_path (FerryTransport *transport)
{
  return ferry_s5b_connector_get_path (FERRY_TRANSPORT_S5B (transport)->connector);
}

static const char *
ferry_transport_s5b_get_way (FerryTransport *transport)
{
  return ferry_s5b_connector_get_way (FERRY_TRANSPORT_S5B (transport)->connector);
}

static char *
ferry_transport_s5b_dup_local (FerryTransport *transport)
{
  return ferry_s5b_connector_dup_local (FERRY_TRANSPORT_S5B (transport)->connector);
}

static char *
ferry_transport_s5b_dup_remote (FerryTransport *transport)
{
  return ferry_s5b_connector_dup_remote (FERRY_TRANSPORT_S5B (transport)->connector);
}

static void
ferry_transport_s5b_transport_init (FerryTransportInterface *iface)
{
  iface->prepare_async = ferry_transport_s5b_prepare_async;
  iface->prepare_finish = ferry_transport_s5b_prepare_finish;
  iface->set_remote = ferry_transport_s5b_set_remote;
  iface->receive_info = ferry_transport_s5b_receive_info;
  iface->info_answered = ferry_transport_s5b_info_answered;
  iface->open_async = ferry_transport_s5b_open_async;
  iface->open_finish = ferry_transport_s5b_open_finish;
  iface->get_path = ferry_transport_s5b_get_path;
  iface->get_way = ferry_transport_s5b_get_way;
  iface->dup_local = ferry_transport_s5b_dup_local;
  iface->dup_remote = ferry_transport_s5b_dup_remote;
}

FerryTransport *
ferry_transport_s5b_new (const FerryTransportContext *context,
                         gconstpointer                variant)
{
  FerryTransportS5b *self = g_object_new (FERRY_TYPE_TRANSPORT_S5B, NULL);

  self->variant = variant;
  self->own_jid = g_strdup (context->own_jid);
  self->peer_jid = g_strdup (context->peer_jid);
  self->stream_sid = g_strdup (context->stream_sid);
  self->role = context->role;
  self->connector = ferry_s5b_connector_new (context, context->role, self->variant->rules,
                                             &connector_funcs, self);

  if (context->proposer)
    {
      g_autofree char *random = ferry_random_id_new (); /* SEC-27 */

      ferry_s5b_connector_set_sid (self->connector,
                                   self->stream_sid != NULL ? self->stream_sid : random);
    }

  return FERRY_TRANSPORT (self);
}

static void
ferry_transport_s5b_dispose (GObject *object)
{
  FerryTransportS5b *self = FERRY_TRANSPORT_S5B (object);

  if (self->connector != NULL)
    ferry_s5b_connector_stop (self->connector);
  g_clear_object (&self->connector);

  G_OBJECT_CLASS (ferry_transport_s5b_parent_class)->dispose (object);
}

static void
ferry_transport_s5b_finalize (GObject *object)
{
  FerryTransportS5b *self = FERRY_TRANSPORT_S5B (object);

  g_clear_pointer (&self->theirs, g_ptr_array_unref);
  g_free (self->own_jid);
  g_free (self->peer_jid);
  g_free (self->stream_sid);

  G_OBJECT_CLASS (ferry_transport_s5b_parent_class)->finalize (object);
}

static void
ferry_transport_s5b_class_init (FerryTransportS5bClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = ferry_transport_s5b_dispose;
  object_class->finalize = ferry_transport_s5b_finalize;
}

static void
ferry_transport_s5b_init (FerryTransportS5b *self)
{
}
