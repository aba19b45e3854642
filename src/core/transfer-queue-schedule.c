/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-transfer-queue"

#include "config.h"

#include "core/contact-private.h"
#include "core/transfer-queue-private.h"
#include "core/transfer-resume.h"
#include "proto/jid.h"

/* Whether it makes sense to ask now. Whoever does not show us their presence is
 * asked blindly, once: waiting would be for ever. */
static gboolean
is_reachable (FerryTransfer *transfer)
{
  FerryContact *contact = transfer->contact;
  const char *subscription = ferry_contact_get_subscription (contact);

  if (!g_str_equal (subscription, "to") && !g_str_equal (subscription, "both"))
    return TRUE;

  if (ferry_jid_is_full (transfer->to))
    return ferry_contact_find_resource (contact, transfer->to) != NULL;

  return ferry_contact_get_n_resources (contact) > 0;
}

/* An offer that waits for our user takes no place, nor does what waits for another way. */
static guint
count_running (FerryTransferQueue *self)
{
  guint n = 0;

  for (guint i = 0; i < self->transfers->len; i++)
    {
      FerryTransfer *transfer = self->transfers->pdata[i];

      if (ferry_transfer_is_active (transfer) && transfer->state != FERRY_TRANSFER_OFFERED
          && !ferry_transfer_is_idle (transfer))
        n++;
    }

  return n;
}

static gboolean
is_startable (FerryTransfer *transfer)
{
  return transfer->state == FERRY_TRANSFER_WAITING
         && transfer->role == FERRY_ROLE_INITIATOR
         && transfer->is_examined && is_reachable (transfer);
}

/* Whether one for the same contact stands before it that is not looked at yet:
 * files arrive in the order in which they were sent off. */
static gboolean
is_behind (FerryTransferQueue *self,
           guint               position)
{
  FerryTransfer *transfer = self->transfers->pdata[position];

  for (guint i = 0; i < position; i++)
    {
      FerryTransfer *earlier = self->transfers->pdata[i];

      if (earlier->contact == transfer->contact && earlier->state == FERRY_TRANSFER_WAITING
          && !earlier->is_examined)
        return TRUE;
    }

  return FALSE;
}

static void
start_waiting (FerryTransferQueue *self)
{
  guint n_free = self->services->settings->max_running;

  n_free -= MIN (n_free, count_running (self));

  for (guint i = 0; i < self->transfers->len && n_free > 0; i++)
    {
      FerryTransfer *transfer = self->transfers->pdata[i];

      if (is_startable (transfer) && !is_behind (self, i))
        {
          ferry_transfer_start (transfer);
          n_free--;
        }
    }
}

static void
look_for_ways (FerryTransferQueue *self)
{
  g_autoptr(GPtrArray) transfers = ferry_transfer_queue_copy_transfers (self);

  for (guint i = 0; i < transfers->len; i++)
    ferry_transfer_look (transfers->pdata[i]);
}

/* Oldest first, whenever something changed that a transfer may have waited for. */
void
ferry_transfer_queue_schedule (FerryTransferQueue *self)
{
  self->is_due = TRUE;

  if (self->is_scheduling)
    return;

  g_object_ref (self);
  self->is_scheduling = TRUE;

  while (self->is_due)
    {
      self->is_due = FALSE;

      if (ferry_router_get_jid (self->services->router) != NULL
          && ferry_roster_is_loaded (self->services->roster))
        {
          look_for_ways (self);
          start_waiting (self);
        }
    }

  self->is_scheduling = FALSE;
  g_object_unref (self);
}

/* Tells @contact how many of the transfers are its own. */
void
ferry_transfer_queue_count_for (FerryTransferQueue *self,
                                FerryContact       *contact)
{
  guint n_offers = 0;
  guint n_active = 0;

  for (guint i = 0; i < self->transfers->len; i++)
    {
      FerryTransfer *transfer = self->transfers->pdata[i];

      if (transfer->contact != contact || ferry_transfer_is_ended (transfer))
        continue;

      n_active++;
      if (transfer->state == FERRY_TRANSFER_OFFERED)
        n_offers++;
    }

  ferry_contact_set_n_offers (contact, n_offers);
  ferry_contact_set_n_active (contact, n_active);
}
