/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-transport-s5b"

#include "config.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include "core/transport-s5b-private.h"
#include "proto/bytestreams-codec.h"
#include "proto/proto-error.h"

/* What the engine wants done, other than dialling. */

#define ACTIVATION_TIMEOUT 9 /* seconds: the peer waits for ten (S5B1-14) */

/* Nobody dials, listens or waits any more. */
void
_ferry_transport_s5b_stop (FerryTransportS5b *self)
{
  self->is_stopped = TRUE;

  if (self->expectation != 0)
    ferry_socks5_listener_forget (self->listener, self->expectation);
  self->expectation = 0;

  if (self->deadline != NULL)
    g_source_destroy (self->deadline);
  g_clear_pointer (&self->deadline, g_source_unref);

  if (self->cancelled != NULL)
    g_source_destroy (self->cancelled);
  g_clear_pointer (&self->cancelled, g_source_unref);

  g_cancellable_cancel (self->activating);
  g_hash_table_remove_all (self->connections);
}

static void
send_info (FerryTransportS5b    *self,
           const FerryS5bEffect *effect)
{
  g_autoptr(FerryS5bTransport) transport = ferry_s5b_transport_new (self->sid);
  g_autoptr(FerryElement) element = NULL;

  transport->info = effect->info;
  transport->cid = g_strdup (effect->cid);
  element = self->variant->encode (transport);
  ferry_transport_emit_send_info (FERRY_TRANSPORT (self), element);
}

static void
activate_answered_cb (GObject      *source,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  g_autoptr(FerryTransportS5b) self = user_data;
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

  _ferry_transport_s5b_handle (self, &event);
}

static void
activate (FerryTransportS5b    *self,
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
open_done (FerryTransportS5b    *self,
           const FerryS5bEffect *effect)
{
  gpointer id = GUINT_TO_POINTER (effect->id);
  S5bConnection *connection = g_hash_table_lookup (self->connections, id);
  g_autoptr(GTask) task = g_steal_pointer (&self->opening);
  g_autoptr(GSocketConnection) stream = NULL;

  g_return_if_fail (connection != NULL && connection->stream != NULL && task != NULL);

  stream = g_object_ref (connection->stream);
  self->path = effect->proxied ? FERRY_PATH_PROXY : FERRY_PATH_DIRECT;
  self->local = dup_place (g_socket_connection_get_local_address (stream, NULL));
  self->remote = dup_place (g_socket_connection_get_remote_address (stream, NULL));
  g_socket_set_option (g_socket_connection_get_socket (stream), IPPROTO_TCP, TCP_NODELAY, TRUE,
                       NULL);

  _ferry_transport_s5b_stop (self);
  g_task_return_pointer (task, g_steal_pointer (&stream), g_object_unref);
}

/* Takes @error. */
void
_ferry_transport_s5b_fail (FerryTransportS5b *self,
                           GError            *error)
{
  g_autoptr(GTask) task = g_steal_pointer (&self->opening);

  _ferry_transport_s5b_stop (self);
  if (task != NULL)
    g_task_return_error (task, error);
  else
    g_error_free (error);
}

void
_ferry_transport_s5b_run (FerryTransportS5b    *self,
                          const FerryS5bEffect *effect)
{
  switch (effect->kind)
    {
    case FERRY_S5B_EFFECT_DIAL:
      _ferry_transport_s5b_dial (self, effect);
      break;

    case FERRY_S5B_EFFECT_DROP:
      g_hash_table_remove (self->connections, GUINT_TO_POINTER (effect->id));
      break;

    case FERRY_S5B_EFFECT_SEND:
      send_info (self, effect);
      break;

    case FERRY_S5B_EFFECT_ACTIVATE:
      activate (self, effect);
      break;

    case FERRY_S5B_EFFECT_USE:
      open_done (self, effect);
      break;

    case FERRY_S5B_EFFECT_FAILED:
      _ferry_transport_s5b_fail (self, g_error_new_literal (FERRY_PROTO_ERROR,
                                                            FERRY_PROTO_ERROR_REFUSED,
                                                            effect->text));
      break;

    default:
      g_assert_not_reached ();
    }
}
