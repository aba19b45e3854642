/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-negotiation"

#include "config.h"

#include "core/negotiation-private.h"

/* A request of a session's, until it is answered. */
typedef struct
{
  FerryNegotiation *negotiation; /* (owned) */
  guint             generation;  /* of the session that asks */
  char             *own_jid;     /* (owned): ours in that session */
  char             *peer;        /* (owned) */
  FerryElement     *payload;     /* (owned) */
  guint             tag;         /* 0: nobody waits */
  guint             timeout;     /* seconds */
  FerryIqType       type;
  gboolean          can_wait;    /* until the server can be reached again */
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_clear_object (&request->negotiation);
  g_free (request->own_jid);
  g_free (request->peer);
  g_clear_pointer (&request->payload, ferry_element_unref);
  g_free (request);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Request, request_free)

static gboolean
is_on_its_own (FerryNegotiation *self)
{
  return self->owner != NULL && self->vtable->is_on_its_own (self->owner);
}

static void
went_offline (FerryNegotiation *self)
{
  if (self->owner != NULL)
    self->vtable->went_offline (self->owner);
}

static void
request_answered (Request      *request,
                  FerryElement *reply)
{
  FerryNegotiation *self = request->negotiation;
  const FerrySessionEvent event = {
    .kind = FERRY_SESSION_EVENT_ANSWER,
    .tag = request->tag,
    .element = reply,
  };

  if (request->tag != 0 && self->generation == request->generation)
    ferry_negotiation_feed (self, &event);
}

static gboolean
is_link_error (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED)
         || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
}

/* The server is gone, not the peer: what keeps is said later, and what does not keep
 * is over for that reason. Consumes @request. */
static void
request_lost (Request *request)
{
  FerryNegotiation *self = request->negotiation;
  FerryTransferServices *services = self->services;
  gboolean is_current = self->generation == request->generation;

  if (!services->is_closed
      && (request->can_wait || (is_current && is_on_its_own (self))))
    {
      g_queue_push_tail (&services->deferred, request);
      return;
    }

  if (is_current)
    went_offline (self);
  request_answered (request, NULL);
  request_free (request);
}

static void
request_done_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(Request) request = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(FerryElement) reply =
    ferry_router_request_finish (FERRY_ROUTER (source), result, &error);

  if (reply == NULL && is_link_error (error))
    request_lost (g_steal_pointer (&request));
  else
    request_answered (request, reply);
}

/* Consumes @request. */
static void
request_send (Request *request)
{
  ferry_router_request_async (request->negotiation->services->router, request->type, request->peer,
                              request->payload, request->timeout, NULL,
                              request_done_cb, request);
}

/* Effect SEND. What a session has to say whose bytes go without the server keeps
 * until the server is back: above all that the file arrived. */
void
ferry_negotiation_request (FerryNegotiation         *self,
                           const FerrySessionEffect *effect)
{
  Request *request = g_new0 (Request, 1);
  gint64 left = effect->deadline - g_get_monotonic_time ();

  request->negotiation = g_object_ref (self);
  request->generation = self->generation;
  request->own_jid = g_strdup (self->own_jid);
  request->peer = g_strdup (self->peer);
  request->payload = ferry_element_ref (effect->element);
  request->tag = effect->tag;
  request->type = effect->is_get ? FERRY_IQ_GET : FERRY_IQ_SET;
  request->can_wait = is_on_its_own (self);
  request->timeout = effect->deadline == 0 ? FERRY_ROUTER_TIMEOUT
                                           : MAX (left, 0) / G_USEC_PER_SEC + 1;
  request_send (request);
}

/* The sessions live on if the server gave us our old address back. */
void
ferry_transfer_services_resume (FerryTransferServices *self)
{
  const char *own_jid = ferry_router_get_jid (self->router);

  for (guint n = g_queue_get_length (&self->deferred); n > 0; n--)
    {
      Request *request = g_queue_pop_head (&self->deferred);

      if (g_strcmp0 (request->own_jid, own_jid) == 0)
        {
          request_send (request);
          continue;
        }

      request_answered (request, NULL);
      request_free (request);
    }
}

void
ferry_transfer_services_close (FerryTransferServices *self)
{
  self->is_closed = TRUE;
  g_queue_clear_full (&self->deferred, request_free);
  ferry_kept_parts_clear (self->kept_parts);
}
