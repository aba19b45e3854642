/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-transport-s5b"

#include "config.h"

#include "core/random-id.h"
#include "core/transport-s5b-private.h"
#include "proto/proto-error.h"

static void ferry_transport_s5b_transport_init (FerryTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FerryTransportS5b, ferry_transport_s5b, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (FERRY_TYPE_TRANSPORT,
                                                      ferry_transport_s5b_transport_init))

static gboolean
deadline_cb (gpointer user_data)
{
  g_autoptr(FerryTransportS5b) self = g_object_ref (user_data);
  FerryS5bEvent event = { .kind = FERRY_S5B_EVENT_DEADLINE };

  g_clear_pointer (&self->deadline, g_source_unref);
  _ferry_transport_s5b_sweep (self);
  _ferry_transport_s5b_handle (self, &event);

  return G_SOURCE_REMOVE;
}

static void
schedule (FerryTransportS5b *self)
{
  gint64 deadline = !self->is_stopped ? ferry_s5b_engine_get_deadline (self->engine) : 0;

  if (self->deadline != NULL)
    g_source_destroy (self->deadline);
  g_clear_pointer (&self->deadline, g_source_unref);

  if (deadline == 0)
    return;

  self->deadline = g_timeout_source_new (0);
  g_source_set_ready_time (self->deadline, deadline);
  g_source_set_callback (self->deadline, deadline_cb, self, NULL);
  g_source_attach (self->deadline, g_main_context_get_thread_default ());
}

/* One event in, its effects out, in order. What an effect calls may come back here. */
FerryS5bVerdict
_ferry_transport_s5b_handle (FerryTransportS5b   *self,
                             const FerryS5bEvent *event)
{
  g_autoptr(FerryTransportS5b) held = g_object_ref (self);
  g_autoptr(GPtrArray) effects = ferry_s5b_effects_new ();
  FerryS5bVerdict verdict;

  if (self->is_stopped)
    return FERRY_S5B_VERDICT_OK;

  verdict = ferry_s5b_engine_handle (self->engine, event, g_get_monotonic_time (), effects);

  for (guint i = 0; i < effects->len; i++)
    _ferry_transport_s5b_run (self, g_ptr_array_index (effects, i));

  schedule (held);

  return verdict;
}

/* Only over the paths that our user allows. */
static FerryS5bVerdict
take_candidates (FerryTransportS5b       *self,
                 const FerryS5bTransport *transport)
{
  g_autoptr(GPtrArray) allowed = ferry_s5b_candidates_new ();
  FerryS5bEvent event = {
    .kind = FERRY_S5B_EVENT_CANDIDATES,
    .candidates = allowed,
    .dstaddr = transport->dstaddr,
  };

  for (guint i = 0; i < transport->candidates->len; i++)
    {
      const FerryS5bCandidate *candidate = g_ptr_array_index (transport->candidates, i);
      FerryPaths path = candidate->type == FERRY_S5B_PROXY ? FERRY_PATH_PROXY : FERRY_PATH_DIRECT;

      if ((self->paths & path) != 0)
        g_ptr_array_add (allowed, ferry_s5b_candidate_copy (candidate));
    }

  return _ferry_transport_s5b_handle (self, &event);
}

static void
set_sid (FerryTransportS5b *self,
         const char        *sid)
{
  self->sid = g_strdup (sid);
  self->engine = ferry_s5b_engine_new (self->role, sid, self->own_jid, self->peer_jid,
                                       self->variant->rules, self->profile);
}

/* A missing sid means the one that was said before (S5B0-20, S5B0-21). */
static gboolean
ferry_transport_s5b_set_remote (FerryTransport      *transport,
                                const FerryElement  *element,
                                GError             **error)
{
  FerryTransportS5b *self = FERRY_TRANSPORT_S5B (transport);
  g_autoptr(FerryS5bTransport) remote = self->variant->decode (element, self->peer_jid, error);

  if (remote == NULL)
    return FALSE;

  if (self->sid == NULL && remote->sid != NULL)
    set_sid (self, remote->sid);

  if (self->sid == NULL || (remote->sid != NULL && !g_str_equal (remote->sid, self->sid)))
    {
      g_set_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED,
                   "The peer speaks of another stream");
      return FALSE;
    }

  g_clear_pointer (&self->theirs, g_ptr_array_unref);
  self->theirs = g_ptr_array_ref (remote->candidates);
  take_candidates (self, remote);

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
  };

  _ferry_transport_s5b_sweep (self);

  return judge (_ferry_transport_s5b_handle (self, &event));
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

  if (self->is_stopped)
    return NULL; /* late traffic (FB-10) */

  if (self->engine == NULL || (info->sid != NULL && !g_str_equal (info->sid, self->sid)))
    return refuse_info ("No such stream");

  if (info->candidates->len > 0)
    refusal = judge (take_candidates (self, info));

  if (refusal != NULL || info->info == FERRY_S5B_INFO_NONE)
    return refusal;

  return take_info (held, info);
}

static FerryElement *
ferry_transport_s5b_prepare_finish (FerryTransport  *transport,
                                    GAsyncResult    *result,
                                    GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, transport), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
open_cancelled_cb (GCancellable *cancellable,
                   gpointer      user_data)
{
  g_autoptr(FerryTransportS5b) self = g_object_ref (user_data);

  _ferry_transport_s5b_fail (self, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Given up"));

  return G_SOURCE_REMOVE;
}

static void
ferry_transport_s5b_open_async (FerryTransport      *transport,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  FerryTransportS5b *self = FERRY_TRANSPORT_S5B (transport);
  FerryS5bEvent event = { .kind = FERRY_S5B_EVENT_START };

  g_return_if_fail (self->engine != NULL && self->opening == NULL && self->path == 0);

  self->opening = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (self->opening, ferry_transport_s5b_open_async);

  if (cancellable != NULL)
    {
      self->cancelled = g_cancellable_source_new (cancellable);
      g_source_set_callback (self->cancelled, G_SOURCE_FUNC (open_cancelled_cb), self, NULL);
      g_source_attach (self->cancelled, g_main_context_get_thread_default ());
    }

  _ferry_transport_s5b_handle (self, &event);
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
  return FERRY_TRANSPORT_S5B (transport)->path;
}

static char *
ferry_transport_s5b_dup_local (FerryTransport *transport)
{
  return g_strdup (FERRY_TRANSPORT_S5B (transport)->local);
}

static char *
ferry_transport_s5b_dup_remote (FerryTransport *transport)
{
  return g_strdup (FERRY_TRANSPORT_S5B (transport)->remote);
}

static void
ferry_transport_s5b_transport_init (FerryTransportInterface *iface)
{
  iface->prepare_async = _ferry_transport_s5b_prepare_async;
  iface->prepare_finish = ferry_transport_s5b_prepare_finish;
  iface->set_remote = ferry_transport_s5b_set_remote;
  iface->receive_info = ferry_transport_s5b_receive_info;
  iface->open_async = ferry_transport_s5b_open_async;
  iface->open_finish = ferry_transport_s5b_open_finish;
  iface->get_path = ferry_transport_s5b_get_path;
  iface->dup_local = ferry_transport_s5b_dup_local;
  iface->dup_remote = ferry_transport_s5b_dup_remote;
}

FerryTransport *
ferry_transport_s5b_new (const FerryTransportContext *context,
                         gconstpointer                variant)
{
  FerryTransportS5b *self = g_object_new (FERRY_TYPE_TRANSPORT_S5B, NULL);

  self->variant = variant;
  self->router = g_object_ref (context->router);
  g_set_object (&self->listener, context->listener);
  g_set_object (&self->proxies, context->proxies);
  self->profile = context->profile;
  self->paths = context->settings->paths;
  self->allow_loopback = context->settings->allow_loopback;
  self->own_jid = g_strdup (context->own_jid);
  self->peer_jid = g_strdup (context->peer_jid);
  self->role = context->role;
  self->proposer = context->proposer;
  self->hides_hosts = context->proposer && context->is_stranger;

  if (self->proposer)
    {
      g_autofree char *sid = ferry_random_id_new (); /* SEC-27 */

      set_sid (self, sid);
    }

  return FERRY_TRANSPORT (self);
}

static void
ferry_transport_s5b_dispose (GObject *object)
{
  FerryTransportS5b *self = FERRY_TRANSPORT_S5B (object);

  _ferry_transport_s5b_stop (self);
  g_clear_object (&self->router);
  g_clear_object (&self->listener);
  g_clear_object (&self->proxies);

  G_OBJECT_CLASS (ferry_transport_s5b_parent_class)->dispose (object);
}

static void
ferry_transport_s5b_finalize (GObject *object)
{
  FerryTransportS5b *self = FERRY_TRANSPORT_S5B (object);

  g_clear_pointer (&self->engine, ferry_s5b_engine_free);
  g_clear_pointer (&self->theirs, g_ptr_array_unref);
  g_clear_pointer (&self->connections, g_hash_table_unref);
  g_clear_object (&self->activating);
  g_clear_object (&self->dialer);
  g_free (self->own_jid);
  g_free (self->peer_jid);
  g_free (self->sid);
  g_free (self->local);
  g_free (self->remote);

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
  self->dialer = ferry_socks5_dialer_new ();
  self->activating = g_cancellable_new ();
  self->connections = g_hash_table_new_full (NULL, NULL, NULL,
                                             (GDestroyNotify) _ferry_s5b_connection_free);
}
