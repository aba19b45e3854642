/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-transfer-queue"

#include "config.h"

#include <string.h>

#include "core/random-id.h"
#include "core/transfer-queue-private.h"
#include "proto/jid.h"

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

/* Of those that our user has not heard of. */
static guint
count_nascent (FerryTransferQueue *self,
               const char         *bare)
{
  guint n = 0;

  for (guint i = 0; i < self->nascent->len; i++)
    {
      FerryTransfer *transfer = self->nascent->pdata[i];

      n += ferry_jid_equal_bare (transfer->peer, bare);
    }

  return n;
}

static gboolean
may_offer (gpointer    owner,
           const char *from)
{
  FerryTransferQueue *self = owner;
  g_autofree char *bare = ferry_jid_dup_bare (from);
  guint n_of_peer = count_nascent (self, bare) + count_of_peer (self->transfers, bare);
  guint n_in_all = self->nascent->len;

  for (guint i = 0; i < self->transfers->len; i++)
    n_in_all += takes_a_place (self->transfers->pdata[i]);

  return ferry_offer_limits_take (self->limits, bare, n_of_peer, n_in_all,
                                  g_get_monotonic_time ());
}

FerrySession *
ferry_transfer_queue_look_into (const FerrySession *session,
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
  FerrySession *session = ferry_negotiation_get_session (incoming->negotiation);
  g_autoptr(FerrySession) probe = ferry_transfer_queue_look_into (session, iq);

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

/* The session has judged the offer: it is for the user, or it was none, or it was not safe: then
 * the user hears of it. A request for something that we share is not for the user, who has
 * shared it. */
static void
offer_judged_cb (FerryTransfer *transfer,
                 GParamSpec    *pspec,
                 gpointer       user_data)
{
  FerryTransferQueue *self = user_data;
  gboolean is_offered = transfer->state == FERRY_TRANSFER_OFFERED;
  gboolean is_served = transfer->state == FERRY_TRANSFER_CONNECTING;

  g_signal_handlers_disconnect_by_func (transfer, offer_judged_cb, self);

  if (is_offered || is_served || transfer->is_refused)
    ferry_transfer_queue_append (self, transfer);

  if (is_served)
    offer_answered_cb (transfer, NULL, self);

  if (transfer->is_refused)
    g_signal_emit_by_name (self, "ended", transfer);

  g_ptr_array_remove (self->nascent, transfer);

  if (!is_offered)
    return;

  g_signal_connect_object (transfer, "notify::state", G_CALLBACK (offer_answered_cb), self, 0);
  g_signal_emit_by_name (self, "offered", transfer);
}

static void
take_offer (gpointer            owner,
            const FerryDialect *dialect,
            FerryContact       *contact,
            FerryElement       *iq)
{
  FerryTransferQueue *self = owner;
  const char *from = ferry_element_get_attribute (iq, "from");
  g_autofree char *made_up = dialect->is_anonymous ? ferry_random_id_new () : NULL;
  const char *sid = made_up != NULL ? made_up : dialect->get_sid (iq);
  g_autoptr(FerryTransfer) transfer =
    ferry_transfer_new_incoming (self->services, contact, dialect, from, sid);
  g_autoptr(FerryElement) reply = NULL;

  if (dialect->tie != NULL && wins_tie (self, transfer, iq))
    {
      reply = dialect->tie (iq);
      ferry_router_send (self->services->router, reply);
      return;
    }

  if (ferry_transfer_queue_take_up (self, transfer, iq))
    return;

  g_ptr_array_add (self->nascent, g_object_ref (transfer));
  g_signal_connect_object (transfer, "notify::state", G_CALLBACK (offer_judged_cb), self, 0);
  ferry_negotiation_receive (transfer->negotiation, iq);
}

const FerryEntrancesOwner ferry_transfer_queue_entrances = {
  .take = take_offer,
  .may_offer = may_offer,
  .is_last = TRUE,
};
