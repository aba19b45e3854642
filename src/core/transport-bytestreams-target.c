/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-transport-bytestreams"

#include "config.h"

#include "core/transport-bytestreams-private.h"
#include "core/waiting-list.h"
#include "proto/bytestreams-codec.h"

/* The side that waits for the list of hosts. It may come while our user still thinks, and
 * is then held unanswered (BS0-7): nobody is dialled before that (BS0-8). */

static GPtrArray *
get_waiting (FerryTransportBytestreams *self)
{
  return ferry_waiting_list_get (self->router, "ferry-bytestreams-targets");
}

/* SI87-9: of the negotiation that the request may speak of. Returns: (nullable) */
static const char *
get_negotiation_id (FerryTransportBytestreams *self,
                    const FerryElement        *query)
{
  const char *ns = self->form->negotiation_ns;
  const FerryElement *si = ns != NULL ? ferry_element_find (query, "si", ns) : NULL;

  return si != NULL ? ferry_element_get_attribute (si, "id") : NULL;
}

/* Returns: (nullable): of the stream, for the hash */
static const char *
get_sid (FerryTransportBytestreams *self,
         const FerryElement        *query)
{
  const char *sid = ferry_element_get_attribute (query, "sid");

  return sid != NULL ? sid : get_negotiation_id (self, query);
}

static gboolean
is_named (FerryTransportBytestreams *self,
          const FerryElement        *query)
{
  const char *sid = ferry_element_get_attribute (query, "sid");

  return self->stream_sid != NULL &&
         (g_strcmp0 (sid, self->stream_sid) == 0 ||
          g_strcmp0 (get_negotiation_id (self, query), self->stream_sid) == 0);
}

/* Whose request it is: that of its sid; else the only one that may have any. One without
 * a sid is anybody's to refuse. */
static FerryTransportBytestreams *
choose (GPtrArray          *waiting,
        const char         *from,
        const FerryElement *query)
{
  FerryTransportBytestreams *only = NULL;
  guint n_others = 0;

  for (guint i = 0; i < waiting->len; i++)
    {
      FerryTransportBytestreams *one = g_ptr_array_index (waiting, i);

      if (g_strcmp0 (from, one->peer_jid) != 0)
        continue;
      if (get_sid (one, query) == NULL || is_named (one, query))
        return one;
      if (one->stream_sid != NULL && !one->form->any_sid)
        continue;
      only = one;
      n_others++;
    }

  return n_others == 1 ? only : NULL;
}

static void
refuse (FerryTransportBytestreams *self,
        const FerryElement        *stanza,
        FerryStanzaErrorType       type,
        FerryCondition             condition)
{
  g_autoptr(FerryStanzaError) error = ferry_stanza_error_new (type, condition, NULL, NULL, NULL);
  g_autoptr(FerryElement) answer = NULL;

  ferry_stanza_error_add_code (error); /* GEN-6 */
  answer = ferry_iq_new_error (stanza, error);
  ferry_router_send (self->router, answer);
}

static void
leave_list (FerryTransportBytestreams *self)
{
  if (self->handler == 0)
    return;

  g_ptr_array_remove (get_waiting (self), self);
  ferry_router_remove_handler (self->router, self->handler);
  self->handler = 0;
}

/* Returns: (nullable): what is wrong with it, for us */
static const char *
find_fault (const FerryBytestreamsQuery *query,
            FerryCondition              *condition)
{
  *condition = FERRY_CONDITION_BAD_REQUEST;
  if (query == NULL)
    return "The peer's request cannot be read";
  if (query->hosts->len == 0)
    return "The peer offered no host";

  *condition = FERRY_CONDITION_NOT_ACCEPTABLE; /* S5P-10 */

  return query->udp ? "The peer wants UDP" : NULL;
}

static void
add_hosts (FerryTransportBytestreams   *self,
           const FerryBytestreamsQuery *query)
{
  self->hosts = ferry_s5b_candidates_new ();
  self->dstaddr = g_strdup (query->dstaddr);

  for (guint i = 0; i < query->hosts->len; i++)
    {
      const FerryStreamhost *host = g_ptr_array_index (query->hosts, i);

      g_ptr_array_add (self->hosts, ferry_s5b_candidate_new_host (host->jid, host->host, host->port,
                                                                  self->peer_jid, i));
    }
}

static void
take_query (FerryTransportBytestreams *self,
            FerryElement              *stanza,
            const FerryElement        *element)
{
  g_autoptr(FerryBytestreamsQuery) query = ferry_bytestreams_query_decode (element, NULL);
  FerryCondition condition;
  const char *fault = find_fault (query, &condition);

  leave_list (self);

  if (fault != NULL)
    {
      refuse (self, stanza, FERRY_STANZA_ERROR_MODIFY, condition);
      _ferry_transport_bytestreams_failed (self, fault);
      return;
    }

  add_hosts (self, query);
  ferry_s5b_connector_set_sid (self->connector, get_sid (self, element));
  self->held = ferry_element_ref (stanza);
  if (self->opening != NULL)
    _ferry_transport_bytestreams_dial (self);
}

static gboolean
query_received_cb (FerryElement *stanza,
                   gpointer      user_data)
{
  g_autoptr(FerryTransportBytestreams) self = g_object_ref (user_data);
  const FerryElement *query = ferry_element_find (stanza, "query", FERRY_NS_BYTESTREAMS);
  const char *from = ferry_element_get_attribute (stanza, "from");

  if (choose (get_waiting (self), from, query) != self)
    return FALSE;

  if (get_sid (self, query) != NULL)
    take_query (self, stanza, query);
  else
    refuse (self, stanza, FERRY_STANZA_ERROR_MODIFY, FERRY_CONDITION_BAD_REQUEST);

  return TRUE;
}

void
_ferry_transport_bytestreams_wait (FerryTransportBytestreams *self)
{
  static const FerryRoute route = { "iq", "set", "query", FERRY_NS_BYTESTREAMS };

  g_ptr_array_add (get_waiting (self), self);
  self->handler = ferry_router_add_handler (self->router, &route, query_received_cb, self);
}

/* What is held until now will never be granted. */
void
_ferry_transport_bytestreams_stop_waiting (FerryTransportBytestreams *self)
{
  g_autoptr(FerryElement) held = g_steal_pointer (&self->held);

  leave_list (self);
  if (held != NULL)
    refuse (self, held, FERRY_STANZA_ERROR_MODIFY, FERRY_CONDITION_NOT_ACCEPTABLE);
}

/* Our user agreed, and here are the hosts. */
void
_ferry_transport_bytestreams_dial (FerryTransportBytestreams *self)
{
  _ferry_transport_bytestreams_stop_timer (self);
  ferry_s5b_connector_add_hosts (self->connector, self->hosts, self->dstaddr);
  _ferry_transport_bytestreams_connect (self);
}

/* S5P-4: the request is answered once, with the one host that it is to be. */
void
_ferry_transport_bytestreams_report (const FerryS5bEffect *report,
                                     gpointer              user_data)
{
  FerryTransportBytestreams *self = user_data;
  g_autoptr(FerryElement) held = g_steal_pointer (&self->held);
  g_autoptr(FerryBytestreamsQuery) query = NULL;
  g_autoptr(FerryElement) payload = NULL;
  g_autoptr(FerryElement) answer = NULL;

  if (held == NULL)
    return;

  if (report->info != FERRY_S5B_INFO_CANDIDATE_USED)
    {
      refuse (self, held, FERRY_STANZA_ERROR_CANCEL, FERRY_CONDITION_ITEM_NOT_FOUND);
      return;
    }

  query = ferry_bytestreams_query_new (ferry_s5b_connector_get_sid (self->connector));
  query->used = g_strdup (report->jid);
  payload = ferry_bytestreams_query_encode (query);
  answer = ferry_iq_new_result (held, payload);
  ferry_router_send (self->router, answer);
}
