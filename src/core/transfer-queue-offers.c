/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-transfer-queue"

#include "config.h"

#include <string.h>

#include "core/random-id.h"
#include "core/transfer-queue-private.h"
#include "proto/iq.h"
#include "proto/jid.h"

/* Where the requests of one kind come in. Dialects may share it, as generations do. */
typedef struct
{
  FerryTransferQueue         *queue;
  const FerryDialect         *dialect; /* the best of them: answers what none of them has */
  const FerryDialectEntrance *kind;
  guint                       handler_id;
} Entrance;

static void
answer (FerryTransferQueue *self,
        FerryElement       *reply)
{
  g_autoptr(FerryElement) held = reply;

  ferry_router_send (self->services->router, held);
}

/* SEC-4, SEC-7: who may see us, and our own account. Not a chat room, whose
 * occupants' addresses are the room's (SEC-5): it is subscribed to nothing. */
static FerryContact *
find_trusted (FerryTransferQueue *self,
              const char         *from)
{
  const char *own_jid = ferry_router_get_jid (self->services->router);
  FerryContact *contact;

  if (own_jid == NULL || !ferry_jid_is_full (from))
    return NULL;

  if (ferry_jid_equal_bare (own_jid, from))
    return ferry_roster_lookup (self->services->roster, from, TRUE);

  contact = ferry_roster_lookup (self->services->roster, from, FALSE);
  return contact != NULL && ferry_contact_is_trusted (contact) ? contact : NULL;
}

/* An offer that waits for our user, or a request that is being served. */
static gboolean
takes_a_place (FerryTransfer *transfer)
{
  return transfer->role == FERRY_ROLE_RESPONDER
         && (transfer->direction == FERRY_DIRECTION_SEND
               ? ferry_transfer_is_active (transfer)
               : transfer->state == FERRY_TRANSFER_OFFERED);
}

static guint
count_of_peer (GPtrArray  *transfers,
               const char *bare)
{
  guint n = 0;

  for (guint i = 0; i < transfers->len; i++)
    {
      FerryTransfer *transfer = transfers->pdata[i];

      n += takes_a_place (transfer) && ferry_jid_equal_bare (transfer->peer, bare);
    }

  return n;
}

static gboolean
may_offer (FerryTransferQueue *self,
           const char         *from)
{
  g_autofree char *bare = ferry_jid_dup_bare (from);
  guint n_of_peer = self->nascent->len + count_of_peer (self->transfers, bare);
  guint n_in_all = self->nascent->len;

  for (guint i = 0; i < self->transfers->len; i++)
    n_in_all += takes_a_place (self->transfers->pdata[i]);

  return ferry_offer_limits_take (self->limits, bare, n_of_peer, n_in_all,
                                  g_get_monotonic_time ());
}

/* What an opening request is about, as far as @session understands it. */
static FerrySession *
look_into (const FerrySession *session,
           FerryElement       *iq)
{
  const FerrySessionEvent event = { .kind = FERRY_SESSION_EVENT_STANZA, .element = iq };
  g_autoptr(FerrySessionEffects) effects = ferry_session_effects_new ();
  FerrySession *probe = ferry_session_copy (session);

  ferry_session_handle (probe, &event, g_get_monotonic_time (), effects);
  return probe;
}

static gboolean
is_same_file (FerryTransfer              *transfer,
              const FerryFileDescription *file)
{
  return file->size == transfer->size && g_strcmp0 (file->name, transfer->name) == 0;
}

/* J-15: both offer the same file to each other at the same time. Two different files
 * are no tie, nor is what one offers and the other asks for. The lower session id counts, then the lower address. */
static gboolean
wins_tie (FerryTransferQueue *self,
          FerryTransfer      *incoming,
          FerryElement       *iq)
{
  g_autoptr(FerrySession) probe = look_into (ferry_negotiation_get_session (incoming->negotiation), iq);

  if (ferry_session_get_direction (probe) != FERRY_DIRECTION_RECEIVE)
    return FALSE;

  for (guint i = 0; i < self->transfers->len; i++)
    {
      FerryTransfer *ours = self->transfers->pdata[i];
      int order;

      if (ours->role != FERRY_ROLE_INITIATOR || ours->direction != FERRY_DIRECTION_SEND
          || !ferry_transfer_has_session (ours)
          || ours->state != FERRY_TRANSFER_OFFERING || ours->dialect != incoming->dialect
          || !ferry_jid_equal (ours->peer, incoming->peer)
          || !is_same_file (ours, ferry_session_get_file (probe)))
        continue;

      order = strcmp (ferry_negotiation_get_sid (ours->negotiation),
                      ferry_negotiation_get_sid (incoming->negotiation));
      if (order < 0
          || (order == 0
              && strcmp (ferry_negotiation_get_own_jid (ours->negotiation), ours->peer) < 0))
        return TRUE;
    }

  return FALSE;
}

/* The user has judged it too. */
static void
offer_answered_cb (FerryTransfer *transfer,
                   GParamSpec    *pspec,
                   gpointer       user_data)
{
  FerryTransferQueue *self = user_data;
  g_autofree char *bare = ferry_jid_dup_bare (transfer->peer);

  g_signal_handlers_disconnect_by_func (transfer, offer_answered_cb, self);

  if (transfer->state == FERRY_TRANSFER_CONNECTING)
    ferry_offer_limits_give_back (self->limits, bare);
}

/* The session has judged the offer: it is for the user, or it was none. A request for
 * something that we share is not for the user, who has shared it. */
static void
offer_judged_cb (FerryTransfer *transfer,
                 GParamSpec    *pspec,
                 gpointer       user_data)
{
  FerryTransferQueue *self = user_data;
  gboolean is_offered = transfer->state == FERRY_TRANSFER_OFFERED;
  gboolean is_served = transfer->state == FERRY_TRANSFER_CONNECTING;

  g_signal_handlers_disconnect_by_func (transfer, offer_judged_cb, self);

  if (is_offered || is_served)
    ferry_transfer_queue_append (self, transfer);

  if (is_served)
    offer_answered_cb (transfer, NULL, self);

  g_ptr_array_remove (self->nascent, transfer);

  if (!is_offered)
    return;

  g_signal_connect_object (transfer, "notify::state", G_CALLBACK (offer_answered_cb), self, 0);
  g_signal_emit_by_name (self, "offered", transfer);
}

static void
take_offer (FerryTransferQueue *self,
            const FerryDialect *dialect,
            FerryContact       *contact,
            FerryElement       *iq)
{
  const char *from = ferry_element_get_attribute (iq, "from");
  g_autofree char *made_up = dialect->is_anonymous ? ferry_random_id_new () : NULL;
  const char *sid = made_up != NULL ? made_up : dialect->get_sid (iq);
  g_autoptr(FerryTransfer) transfer =
    ferry_transfer_new_incoming (self->services, contact, dialect, from, sid);

  if (dialect->tie != NULL && wins_tie (self, transfer, iq))
    {
      answer (self, dialect->tie (iq));
      return;
    }

  g_ptr_array_add (self->nascent, g_object_ref (transfer));
  g_signal_connect_object (transfer, "notify::state", G_CALLBACK (offer_judged_cb), self, 0);
  ferry_negotiation_receive (transfer->negotiation, iq);
}

static gboolean
is_same_kind (const FerryDialectEntrance *a,
              const FerryDialectEntrance *b)
{
  return a->is_get == b->is_get && g_str_equal (a->name, b->name) && g_str_equal (a->ns, b->ns);
}

static gboolean
has_kind (const FerryDialect         *dialect,
          const FerryDialectEntrance *kind)
{
  for (const FerryDialectEntrance *own = dialect->entrances; own->name != NULL; own++)
    {
      if (is_same_kind (own, kind))
        return TRUE;
    }

  return FALSE;
}

/* SEL-5: in which dialect @iq opens a session. Returns: (nullable): in none */
static const FerryDialect *
find_opening (FerryTransferQueue         *self,
              const FerryDialectEntrance *kind,
              FerryElement               *iq)
{
  const FerryDialect *const *dialects = self->services->dialects;

  for (guint i = 0; dialects[i] != NULL; i++)
    {
      if (has_kind (dialects[i], kind) && dialects[i]->is_opening (iq))
        return dialects[i];
    }

  return NULL;
}

/* The session that an iq is for. @is_taken: (out): its id is that of a session, though
 * perhaps in a dialect whose stanzas these are not, and which they then must not reach. */
static FerryNegotiation *
find_session (FerryTransferQueue         *self,
              const FerryDialectEntrance *kind,
              FerryElement               *iq,
              gboolean                   *is_taken)
{
  const FerryDialect *const *dialects = self->services->dialects;
  const char *from = ferry_element_get_attribute (iq, "from");

  *is_taken = FALSE;

  for (guint i = 0; dialects[i] != NULL; i++)
    {
      FerryNegotiation *negotiation = NULL;

      if (has_kind (dialects[i], kind))
        negotiation = ferry_session_table_lookup (self->services->sessions, from,
                                                  dialects[i]->get_sid (iq));

      *is_taken |= negotiation != NULL;
      if (negotiation != NULL && has_kind (ferry_negotiation_get_dialect (negotiation), kind))
        return negotiation;
    }

  return NULL;
}

static gboolean
entrance_receive_cb (FerryElement *iq,
                     gpointer      user_data)
{
  Entrance *entrance = user_data;
  g_autoptr(FerryTransferQueue) self = g_object_ref (entrance->queue);
  const FerryDialect *dialect = entrance->dialect;
  const char *from = ferry_element_get_attribute (iq, "from");
  gboolean is_taken;
  FerryNegotiation *negotiation = find_session (self, entrance->kind, iq, &is_taken);
  const FerryDialect *opening;
  FerryContact *contact;

  if (negotiation != NULL)
    {
      ferry_negotiation_receive (negotiation, iq);
      return TRUE;
    }

  /* Nobody who has no right to know may see that we could answer (SEC-4). */
  contact = from != NULL ? find_trusted (self, from) : NULL;
  if (contact == NULL)
    return FALSE;

  opening = find_opening (self, entrance->kind, iq);

  if (is_taken || opening == NULL
      || (opening->get_sid (iq) == NULL && !opening->is_anonymous))
    answer (self, dialect->refuse (iq));
  else if (!may_offer (self, from))
    answer (self, opening->busy (iq));
  else
    take_offer (self, opening, contact, iq);

  return TRUE;
}

static gboolean
has_entrance (FerryTransferQueue         *self,
              const FerryDialectEntrance *kind)
{
  for (guint i = 0; i < self->entrances->len; i++)
    {
      const Entrance *entrance = self->entrances->pdata[i];

      if (is_same_kind (entrance->kind, kind))
        return TRUE;
    }

  return FALSE;
}

static void
open_entrance (FerryTransferQueue         *self,
               const FerryDialect         *dialect,
               const FerryDialectEntrance *kind)
{
  const FerryRoute route = {
    .stanza = "iq",
    .type = kind->is_get ? "get" : "set",
    .child_name = kind->name,
    .child_ns = kind->ns,
  };
  Entrance *entrance = g_new0 (Entrance, 1);

  entrance->queue = self;
  entrance->dialect = dialect;
  entrance->kind = kind;
  entrance->handler_id = ferry_router_add_handler (self->services->router, &route,
                                                   entrance_receive_cb, entrance);
  g_ptr_array_add (self->entrances, entrance);
}

void
ferry_transfer_queue_open_entrances (FerryTransferQueue *self)
{
  const FerryDialect *const *dialects = self->services->dialects;

  for (guint i = 0; dialects[i] != NULL; i++)
    {
      const FerryDialectEntrance *kind;

      for (kind = dialects[i]->entrances; kind->name != NULL; kind++)
        {
          if (!has_entrance (self, kind))
            open_entrance (self, dialects[i], kind);
        }
    }
}

void
ferry_transfer_queue_close_entrances (FerryTransferQueue *self)
{
  for (guint i = 0; i < self->entrances->len; i++)
    {
      const Entrance *entrance = self->entrances->pdata[i];

      ferry_router_remove_handler (self->services->router, entrance->handler_id);
    }

  g_ptr_array_set_size (self->entrances, 0);
}
