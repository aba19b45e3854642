/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-s5b-connector"

#include "config.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include "core/s5b-connector-dial.h"
#include "proto/bytestreams-codec.h"
#include "proto/proto-error.h"

#define ACTIVATION_TIMEOUT 9 /* seconds: the peer waits for ten (S5B1-14) */

static void
stop_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);

  g_clear_pointer (source, g_source_unref);
}

/* Nobody dials, listens or waits any more. Returns: (nullable) (transfer full): the
 * task to complete */
static GTask *
end (FerryS5bConnector *self)
{
  self->is_stopped = TRUE;

  if (self->expectation != 0)
    ferry_socks5_listener_forget (self->listener, self->expectation);
  self->expectation = 0;

  stop_source (&self->deadline);
  stop_source (&self->cancelled);
  g_cancellable_cancel (self->knocking);
  g_cancellable_cancel (self->activating);
  g_hash_table_remove_all (self->connections);

  return g_steal_pointer (&self->opening);
}

void
ferry_s5b_connector_stop (FerryS5bConnector *self)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (FERRY_IS_S5B_CONNECTOR (self));

  task = end (self);
  if (task != NULL)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Given up");
}

static void
activate_answered_cb (GObject      *source,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  g_autoptr(FerryS5bConnector) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(FerryElement) reply =
    ferry_router_request_finish (FERRY_ROUTER (source), result, &error);
  g_autoptr(FerryStanzaError) refusal = NULL;
  FerryS5bEvent event = { .kind = FERRY_S5B_EVENT_ACTIVATION_FAILED };

  if (g_cancellable_is_cancelled (self->activating))
    return;

  if (reply != NULL)
    refusal = ferry_stanza_error_from_stanza (reply);

  if (reply == NULL)
    event.text = error->message;
  else if (refusal != NULL)
    event.text = ferry_condition_to_string (refusal->condition);
  else
    event.kind = FERRY_S5B_EVENT_ACTIVATION_DONE;

  ferry_s5b_connector_handle (self, &event);
}

static void
activate (FerryS5bConnector    *self,
          const FerryS5bEffect *effect)
{
  g_autoptr(FerryElement) payload = ferry_bytestreams_activation_new (self->sid, self->peer_jid);

  ferry_router_request_async (self->router, FERRY_IQ_SET, effect->jid, payload, ACTIVATION_TIMEOUT,
                              self->activating, activate_answered_cb, g_object_ref (self));
}

static char *
dup_place (GSocketAddress *place)
{
  g_autoptr(GSocketAddress) owned = place;

  return owned != NULL ? g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (owned)) : NULL;
}

static void
open_done (FerryS5bConnector    *self,
           const FerryS5bEffect *effect)
{
  gpointer id = GUINT_TO_POINTER (effect->id);
  S5bConnection *connection = g_hash_table_lookup (self->connections, id);
  g_autoptr(GSocketConnection) stream = NULL;
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (connection != NULL && connection->stream != NULL);

  stream = g_object_ref (connection->stream);
  _ferry_s5b_connector_choose (self, connection, effect);
  self->local = dup_place (g_socket_connection_get_local_address (stream, NULL));
  self->remote = dup_place (g_socket_connection_get_remote_address (stream, NULL));
  g_socket_set_option (g_socket_connection_get_socket (stream), IPPROTO_TCP, TCP_NODELAY, TRUE,
                       NULL);

  task = end (self);
  g_return_if_fail (task != NULL);
  g_task_return_pointer (task, g_steal_pointer (&stream), g_object_unref);
}

static void
open_failed (FerryS5bConnector *self,
             const char        *text)
{
  g_autoptr(GTask) task = NULL;

  _ferry_s5b_connector_note_failure (self, text);
  task = end (self);
  if (task != NULL)
    g_task_return_new_error (task, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_REFUSED, "%s", text);
}

static void
drop (FerryS5bConnector *self,
      guint              id)
{
  const S5bConnection *connection = g_hash_table_lookup (self->connections, GUINT_TO_POINTER (id));

  if (connection != NULL && connection->stream == NULL)
    _ferry_s5b_connector_note_attempt (self, connection, FERRY_PATH_STEP_REFUSED,
                                       "no answer so far; given up");
  g_hash_table_remove (self->connections, GUINT_TO_POINTER (id));
}

static void
run (FerryS5bConnector    *self,
     const FerryS5bEffect *effect)
{
  switch (effect->kind)
    {
    case FERRY_S5B_EFFECT_DIAL:
      _ferry_s5b_connector_dial (self, effect);
      break;

    case FERRY_S5B_EFFECT_DROP:
      drop (self, effect->id);
      break;

    case FERRY_S5B_EFFECT_SEND:
      self->funcs->say (effect, self->user_data);
      break;

    case FERRY_S5B_EFFECT_ACTIVATE:
      activate (self, effect);
      break;

    case FERRY_S5B_EFFECT_USE:
      open_done (self, effect);
      break;

    case FERRY_S5B_EFFECT_FAILED:
      open_failed (self, effect->text);
      break;

    default:
      g_assert_not_reached ();
    }
}

static gboolean
deadline_cb (gpointer user_data)
{
  g_autoptr(FerryS5bConnector) self = g_object_ref (user_data);
  FerryS5bEvent event = { .kind = FERRY_S5B_EVENT_DEADLINE };

  g_clear_pointer (&self->deadline, g_source_unref);
  ferry_s5b_connector_handle (self, &event);

  return G_SOURCE_REMOVE;
}

static void
schedule (FerryS5bConnector *self)
{
  gint64 deadline = !self->is_stopped ? ferry_s5b_engine_get_deadline (self->engine) : 0;

  stop_source (&self->deadline);
  if (deadline == 0)
    return;

  self->deadline = g_timeout_source_new (0);
  g_source_set_ready_time (self->deadline, deadline);
  g_source_set_callback (self->deadline, deadline_cb, self, NULL);
  g_source_attach (self->deadline, g_main_context_get_thread_default ());
}

/* Whether what the engine hears now may make it choose among the peer's connections. */
static gboolean
is_choice (const FerryS5bEvent *event)
{
  return event->kind == FERRY_S5B_EVENT_INFO || event->kind == FERRY_S5B_EVENT_DEADLINE;
}

/* One event in, its effects out, in order. What an effect calls may come back here. */
FerryS5bVerdict
ferry_s5b_connector_handle (FerryS5bConnector   *self,
                            const FerryS5bEvent *event)
{
  g_autoptr(FerryS5bConnector) held = NULL;
  g_autoptr(GPtrArray) effects = ferry_s5b_effects_new ();
  FerryS5bVerdict verdict;

  g_return_val_if_fail (FERRY_IS_S5B_CONNECTOR (self), FERRY_S5B_VERDICT_OK);

  if (self->is_stopped)
    return FERRY_S5B_VERDICT_OK;

  g_return_val_if_fail (self->engine != NULL, FERRY_S5B_VERDICT_OK);

  held = g_object_ref (self);
  if (is_choice (event))
    _ferry_s5b_connector_sweep (self);

  verdict = ferry_s5b_engine_handle (self->engine, event, g_get_monotonic_time (), effects);
  if (event->kind == FERRY_S5B_EVENT_INFO && verdict == FERRY_S5B_VERDICT_OK)
    _ferry_s5b_connector_note_info (self, event);

  for (guint i = 0; i < effects->len; i++)
    run (self, g_ptr_array_index (effects, i));

  schedule (held);

  return verdict;
}

gboolean
_ferry_s5b_connector_is_direct (FerryS5bConnector *self)
{
  return (self->paths & FERRY_PATH_DIRECT) != 0
         && (self->network == NULL || ferry_network_is_direct (self->network));
}

/* No more than may be dialled (SEC-11). */
static void
remember_hosts (FerryS5bConnector *self,
                GPtrArray         *candidates)
{
  for (guint i = 0; i < candidates->len && self->theirs->len < FERRY_S5B_MAX_CANDIDATES; i++)
    g_ptr_array_add (self->theirs, ferry_s5b_candidate_copy (g_ptr_array_index (candidates, i)));
}

FerryS5bVerdict
ferry_s5b_connector_add_hosts (FerryS5bConnector *self,
                               GPtrArray         *candidates,
                               const char        *dstaddr)
{
  g_autoptr(GPtrArray) allowed = ferry_s5b_candidates_new ();
  FerryS5bEvent event = {
    .kind = FERRY_S5B_EVENT_CANDIDATES,
    .candidates = allowed,
    .dstaddr = dstaddr,
  };
  gboolean is_choosy = FALSE;

  remember_hosts (self, candidates);

  for (guint i = 0; i < candidates->len; i++)
    {
      const FerryS5bCandidate *candidate = g_ptr_array_index (candidates, i);
      FerryPaths path = candidate->type == FERRY_S5B_PROXY ? FERRY_PATH_PROXY : FERRY_PATH_DIRECT;
      gboolean is_wanted = (self->paths & path) != 0;

      is_choosy = is_choosy || !is_wanted;
      if (is_wanted && _ferry_s5b_connector_keep_assisted (self, candidate))
        continue;

      _ferry_s5b_connector_note_host (self, candidate, is_wanted ? NULL : "not wanted");
      if (is_wanted)
        g_ptr_array_add (allowed, ferry_s5b_candidate_copy (candidate));
    }

  if (is_choosy && allowed->len == 0 && self->engine != NULL)
    ferry_s5b_engine_wait_no_more (self->engine);

  return ferry_s5b_connector_handle (self, &event);
}

static gboolean
open_cancelled_cb (GCancellable *cancellable,
                   gpointer      user_data)
{
  g_autoptr(FerryS5bConnector) self = g_object_ref (user_data);

  ferry_s5b_connector_stop (self);

  return G_SOURCE_REMOVE;
}

void
ferry_s5b_connector_open_async (FerryS5bConnector   *self,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  FerryS5bEvent event = { .kind = FERRY_S5B_EVENT_START };

  g_return_if_fail (FERRY_IS_S5B_CONNECTOR (self));
  g_return_if_fail (self->engine != NULL && self->opening == NULL && !self->is_stopped);

  self->opening = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (self->opening, ferry_s5b_connector_open_async);

  if (cancellable != NULL)
    {
      self->cancelled = g_cancellable_source_new (cancellable);
      g_source_set_callback (self->cancelled, G_SOURCE_FUNC (open_cancelled_cb), self, NULL);
      g_source_attach (self->cancelled, g_main_context_get_thread_default ());
    }

  _ferry_s5b_connector_knock (self);
  ferry_s5b_connector_handle (self, &event);
}

GIOStream *
ferry_s5b_connector_open_finish (FerryS5bConnector  *self,
                                 GAsyncResult       *result,
                                 GError            **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
