/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-transfer-queue"

#include "config.h"

#include "core/transfer-queue-private.h"
#include "core/transfer-resume.h"
#include "proto/jid.h"

/* Offers that are no news: they go on with what broke off. */

#define MAX_ECHOES FERRY_RESUMPTION_MAX_TRIES
#define MEMORY (11 * G_TIME_SPAN_MINUTE) /* longer than anybody tries by himself */

void
ferry_transfer_queue_remember (FerryTransferQueue *self,
                               FerryTransfer      *transfer)
{
  const FerryPastTransfer past = {
    .peer = transfer->peer,
    .story = transfer->way.story,
    .file = transfer->offer,
    .hashes = transfer->hashes,
    .is_done = transfer->state == FERRY_TRANSFER_DONE,
    .until = g_get_monotonic_time () + MEMORY,
  };

  if (transfer->way.has_begun && past.story != NULL && past.file != NULL)
    ferry_past_transfers_add (self->past, &past);
}

static gboolean
may_go_on_with (FerryTransferQueue *self,
                const char         *from)
{
  for (guint i = 0; i < self->transfers->len; i++)
    {
      FerryTransfer *transfer = self->transfers->pdata[i];

      if (transfer->way.has_begun && transfer->role == FERRY_ROLE_RESPONDER
          && !ferry_transfer_is_ended (transfer) && ferry_jid_equal_bare (transfer->peer, from))
        return TRUE;
    }

  return FALSE;
}

/* Returns: (transfer full) (nullable) */
static FerryTransfer *
find_broken (FerryTransferQueue         *self,
             const char                 *from,
             const char                 *sid,
             const FerryFileDescription *file)
{
  for (guint i = 0; i < self->transfers->len; i++)
    {
      if (ferry_transfer_can_take_up (self->transfers->pdata[i], from, sid, file))
        return g_object_ref (self->transfers->pdata[i]);
    }

  return NULL;
}

/* The part is not what it was, or the file is not: what was waited for does not come. */
static void
end_disappointed (FerryTransferQueue *self,
                  FerryTransfer      *incoming)
{
  g_autoptr(GPtrArray) transfers = ferry_transfer_queue_copy_transfers (self);

  for (guint i = 0; i < transfers->len; i++)
    {
      FerryTransfer *transfer = transfers->pdata[i];

      if (incoming->way.story != NULL && g_strcmp0 (transfer->way.story, incoming->way.story) == 0
          && transfer != incoming && ferry_jid_equal_bare (transfer->peer, incoming->peer))
        ferry_transfer_disappoint (transfer);
    }
}

/* The same offer, answered by the transfer that it goes on with. */
static gboolean
hand_over (FerryTransferQueue *self,
           FerryTransfer      *incoming,
           FerryElement       *iq)
{
  FerrySession *session = ferry_negotiation_get_session (incoming->negotiation);
  g_autofree char *sid = g_strdup (ferry_negotiation_get_sid (incoming->negotiation));
  g_autofree char *bare = ferry_jid_dup_bare (incoming->peer);
  g_autoptr(FerrySession) probe = ferry_transfer_queue_look_into (session, iq);
  const FerryFileDescription *file = ferry_session_get_file (probe);
  g_autoptr(FerryTransfer) broken = NULL;

  if (sid == NULL || file == NULL
      || ferry_session_get_direction (probe) != FERRY_DIRECTION_RECEIVE)
    return FALSE;

  broken = find_broken (self, incoming->peer, sid, file);
  if (broken == NULL)
    {
      end_disappointed (self, incoming);
      return FALSE;
    }

  ferry_negotiation_drop (incoming->negotiation);
  ferry_offer_limits_give_back (self->limits, bare);
  if (ferry_transfer_take_up (broken, incoming->dialect, incoming->peer, sid))
    ferry_negotiation_receive (broken->negotiation, iq);

  return TRUE;
}

static gboolean
offers (FerryTransfer              *incoming,
        FerryElement               *iq,
        const FerryFileDescription *file)
{
  FerrySession *session = ferry_negotiation_get_session (incoming->negotiation);
  g_autoptr(FerrySession) probe = ferry_transfer_queue_look_into (session, iq);
  const FerryFileDescription *offered = ferry_session_get_file (probe);

  return offered != NULL && ferry_kept_parts_is_same_file (file, offered);
}

/* What is over here is not for our user, whatever becomes of it; what only has its name is no part
 * of it. Each answer to what has arrived takes a connection, so there are not many (SEC-13). */
static void
answer_for_past (FerryTransferQueue *self,
                 FerryTransfer      *incoming,
                 FerryElement       *iq)
{
  FerryPastTransfer *past = NULL;

  if (incoming->way.story != NULL)
    past = ferry_past_transfers_find (self->past, incoming->peer, incoming->way.story,
                                      g_get_monotonic_time ());

  if (past == NULL || !offers (incoming, iq, past->file))
    return;

  incoming->way.is_unwanted = TRUE;
  incoming->way.is_echo = past->is_done && past->n_echoes++ < MAX_ECHOES;
  incoming->size = past->file->size;
  incoming->hashes = past->hashes;
}

gboolean
ferry_transfer_queue_take_up (FerryTransferQueue *self,
                              FerryTransfer      *incoming,
                              FerryElement       *iq)
{
  if (may_go_on_with (self, incoming->peer) && hand_over (self, incoming, iq))
    return TRUE;

  answer_for_past (self, incoming, iq);
  return FALSE;
}
