/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-transport-ibb"

#include "config.h"

#include "core/transport-ibb-private.h"
#include "core/waiting-list.h"

/* Where no terms are named, the <open/> itself is all that says which stream it is. It
 * may come while our user still thinks, and is then held unanswered (JI0-1, BS0-7). */

/* Returns: (element-type FerryTransportIbb) */
static GPtrArray *
get_waiting (FerryRouter *router)
{
  return ferry_waiting_list_get (router, "ferry-transport-ibb-waiting");
}

/* Where its id is that of a negotiation, the request may speak of that instead (SI87-9). */
static gboolean
is_named (FerryTransportIbb  *self,
          const FerryElement *open)
{
  const char *ns = self->variant->negotiation_ns;
  const FerryElement *si = ns != NULL ? ferry_element_find (open, "si", ns) : NULL;

  return g_strcmp0 (ferry_element_get_attribute (open, "sid"), self->sid) == 0 ||
         (si != NULL && g_strcmp0 (ferry_element_get_attribute (si, "id"), self->sid) == 0);
}

/* Whose <open/> it is: that of its sid; else the only one that may have any (JI0-2). */
static FerryTransportIbb *
choose (FerryRouter        *router,
        const char         *from,
        const FerryElement *open)
{
  GPtrArray *list = get_waiting (router);
  FerryTransportIbb *only = NULL;
  guint n_others = 0;

  for (guint i = 0; i < list->len; i++)
    {
      FerryTransportIbb *one = g_ptr_array_index (list, i);

      if (one->held != NULL || g_strcmp0 (from, one->peer_jid) != 0)
        continue;
      if (is_named (one, open))
        return one;
      if (one->variant->names_no_terms)
        continue;
      only = one;
      n_others++;
    }

  return n_others == 1 ? only : NULL;
}

/* The user agreed, and here is the stream. */
void
_ferry_transport_ibb_take_held (FerryTransportIbb *self)
{
  g_autoptr(FerryElement) stanza = g_steal_pointer (&self->held);
  const FerryElement *open = ferry_ibb_find_payload (stanza);

  _ferry_transport_ibb_stop_waiting (self);
  g_free (self->sid);
  self->sid = g_strdup (ferry_element_get_attribute (open, "sid"));
  _ferry_transport_ibb_make_stream (self);
  ferry_ibb_stream_receive (self->stream, stanza);
}

static void
refuse (FerryTransportIbb    *self,
        FerryElement         *stanza,
        FerryStanzaErrorType  type,
        FerryCondition        condition)
{
  const FerryStanzaError refusal = { .type = type, .condition = condition };
  g_autoptr(FerryElement) answer = ferry_iq_new_error (stanza, &refusal);

  ferry_router_send (self->router, answer);
}

/* What is held can be granted: one that cannot would end the wait for a good one. */
static gboolean
open_received_cb (FerryElement *stanza,
                  gpointer      user_data)
{
  FerryTransportIbb *self = user_data;
  const FerryElement *open = ferry_element_find (stanza, "open", FERRY_NS_IBB);
  const char *sid = ferry_element_get_attribute (open, "sid");
  guint block_size;

  if (sid == NULL || *sid == '\0' ||
      choose (self->router, ferry_element_get_attribute (stanza, "from"), open) != self)
    return FALSE;

  if (!ferry_ibb_open_decode (open, &block_size, NULL))
    {
      refuse (self, stanza, FERRY_STANZA_ERROR_MODIFY, FERRY_CONDITION_BAD_REQUEST);
      return TRUE;
    }

  self->held = ferry_element_ref (stanza);
  if (self->opening != NULL)
    _ferry_transport_ibb_take_held (self);

  return TRUE;
}

void
_ferry_transport_ibb_wait (FerryTransportIbb *self)
{
  static const FerryRoute route = { "iq", "set", "open", FERRY_NS_IBB };

  if (self->waiting != 0)
    return;

  g_ptr_array_add (get_waiting (self->router), self);
  self->waiting = ferry_router_add_handler (self->router, &route, open_received_cb, self);
}

/* What is held until now will never be granted. */
void
_ferry_transport_ibb_stop_waiting (FerryTransportIbb *self)
{
  g_autoptr(FerryElement) held = g_steal_pointer (&self->held);

  if (held != NULL)
    refuse (self, held, FERRY_STANZA_ERROR_CANCEL, FERRY_CONDITION_NOT_ACCEPTABLE);

  if (self->waiting == 0)
    return;

  g_ptr_array_remove (get_waiting (self->router), self);
  ferry_router_remove_handler (self->router, self->waiting);
  self->waiting = 0;
}
