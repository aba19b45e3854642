/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-transport-bytestreams"

#include "config.h"

#include "core/transport-bytestreams-private.h"
#include "proto/bytestreams-codec.h"

/* The side that lists its hosts, and hears which of them the target reached. */

#define CALL_LIMIT 10 /* seconds for the word of a peer that has connected to us */

static void
take_report (FerryTransportBytestreams *self,
             FerryS5bInfo               info,
             const char                *jid)
{
  FerryS5bEvent event = {
    .kind = FERRY_S5B_EVENT_INFO,
    .info = info,
    .jid = jid,
  };

  ferry_s5b_connector_handle (self->connector, &event);
}

static void
take_refusal (FerryTransportBytestreams *self,
              const char                *text)
{
  g_free (self->refusal);
  self->refusal = g_strdup (text);
  take_report (self, FERRY_S5B_INFO_CANDIDATE_ERROR, NULL);
}

static void
take_result (FerryTransportBytestreams *self,
             const FerryElement        *payload)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(FerryBytestreamsQuery) query = NULL;

  if (payload != NULL)
    query = ferry_bytestreams_query_decode (payload, &error);

  if (query == NULL || query->used == NULL)
    take_refusal (self, error != NULL ? error->message : "The peer says not which it used");
  else
    take_report (self, FERRY_S5B_INFO_CANDIDATE_USED, query->used);
}

static void
request_answered_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(FerryTransportBytestreams) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(FerryElement) reply =
    ferry_router_request_finish (FERRY_ROUTER (source), result, &error);
  g_autoptr(FerryStanzaError) refusal = NULL;

  if (self->opening == NULL || g_cancellable_is_cancelled (self->asking))
    return;

  _ferry_transport_bytestreams_stop_timer (self);
  g_cancellable_cancel (self->asking); /* and no more asking */
  if (reply != NULL)
    refusal = ferry_stanza_error_from_stanza (reply);

  if (reply == NULL)
    take_refusal (self, error->message);
  else if (refusal != NULL)
    take_refusal (self, ferry_condition_to_string (refusal->condition));
  else
    take_result (self, ferry_iq_get_payload (reply));
}

/* S5P-1 */
static FerryElement *
build_query (FerryTransportBytestreams *self)
{
  g_autoptr(FerryBytestreamsQuery) query = ferry_bytestreams_query_new (self->stream_sid);

  for (guint i = 0; i < self->hosts->len; i++)
    {
      const FerryS5bCandidate *host = g_ptr_array_index (self->hosts, i);

      ferry_bytestreams_query_add_host (query, host->jid, host->host, host->port);
    }

  return ferry_bytestreams_query_encode (query);
}

void
_ferry_transport_bytestreams_request (FerryTransportBytestreams *self)
{
  g_autoptr(FerryElement) query = NULL;

  if (self->hosts == NULL || self->hosts->len == 0)
    {
      _ferry_transport_bytestreams_failed (self, "We have no host to offer");
      return;
    }

  _ferry_transport_bytestreams_connect (self);
  query = build_query (self);
  ferry_router_request_async (self->router, FERRY_IQ_SET, self->peer_jid, query,
                              self->form->answer_limit, self->asking, request_answered_cb,
                              g_object_ref (self));
}

static gboolean
silent_cb (gpointer user_data)
{
  g_autoptr(FerryTransportBytestreams) self = g_object_ref (user_data);

  _ferry_transport_bytestreams_stop_timer (self);
  g_cancellable_cancel (self->asking);
  take_refusal (self, "It connected to us, and says nothing");

  return G_SOURCE_REMOVE;
}

/* Its user has agreed by now, and it has a connection: there is nothing to wait for.
 * Peers: gloox and slixmpp may hang between the two. */
void
_ferry_transport_bytestreams_called (gpointer user_data)
{
  FerryTransportBytestreams *self = user_data;

  if (self->opening != NULL && self->timer == NULL && !g_cancellable_is_cancelled (self->asking))
    _ferry_transport_bytestreams_start_timer (self, CALL_LIMIT, silent_cb);
}
