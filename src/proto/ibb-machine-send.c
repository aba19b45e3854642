/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/ibb-machine-private.h"

/* The sending half: a window of blocks in flight, and what to do when one of
 * them is not acknowledged. */

#define GROW_AFTER  16 /* acknowledged blocks */
#define MAX_RETRIES 3  /* IBB-8 */

void
_ferry_ibb_flight_free (Flight *flight)
{
  ferry_element_unref (flight->data);
  g_free (flight);
}

static gboolean
has_failed (const FerryIbbMachine *self)
{
  for (GList *link = self->flights.head; link != NULL; link = link->next)
    if (((Flight *) link->data)->failed)
      return TRUE;

  return FALSE;
}

static gboolean
is_settled (const FerryIbbMachine *self)
{
  for (GList *link = self->flights.head; link != NULL; link = link->next)
    if (!((Flight *) link->data)->failed)
      return FALSE;

  return TRUE;
}

gboolean
ferry_ibb_machine_can_send (const FerryIbbMachine *self)
{
  return self->state == STATE_OPEN &&
         g_queue_get_length ((GQueue *) &self->flights) < self->window &&
         !has_failed (self);
}

/**
 * ferry_ibb_machine_send:
 * @size: at most get_block_size()
 *
 * Only while can_send().
 */
void
ferry_ibb_machine_send (FerryIbbMachine *self,
                        const guint8    *data,
                        gsize            size,
                        GPtrArray       *effects)
{
  Flight *flight;

  g_return_if_fail (ferry_ibb_machine_can_send (self));
  g_return_if_fail (size > 0 && size <= ferry_ibb_machine_get_block_size (self));

  flight = g_new0 (Flight, 1);
  flight->data = ferry_ibb_data_new (self->sid, self->send_seq++, data, size); /* wraps (IBB-3) */
  flight->tag = _ferry_ibb_machine_request (self, flight->data, effects);
  g_queue_push_tail (&self->flights, flight);
}

/* The same blocks again, in order, one at a time: once all answers are in. */
static void
schedule_retry (FerryIbbMachine *self,
                gint64           now,
                GPtrArray       *effects)
{
  if (self->n_retries >= MAX_RETRIES)
    _ferry_ibb_machine_fail (self, "The server or the peer cannot take more data", effects);
  else
    self->retry_at = now + (2 * SECOND << self->n_retries++);
}

static void
acknowledge (FerryIbbMachine *self,
             GList           *link,
             gint64           now,
             GPtrArray       *effects)
{
  _ferry_ibb_flight_free (link->data);
  g_queue_delete_link (&self->flights, link);

  if (++self->n_acked >= GROW_AFTER && self->window < self->max_window)
    {
      self->window = MIN (self->window * 2, self->max_window);
      self->n_acked = 0;
    }

  if (!has_failed (self))
    {
      self->n_retries = 0;
      self->is_resending = FALSE;
    }
  else if (self->is_resending)
    {
      self->n_retries = 0;
      _ferry_ibb_machine_retry (self, effects);
    }
  else if (is_settled (self))
    {
      schedule_retry (self, now, effects);
    }
}

/* IBB-8: the way is at fault, not the data. */
static gboolean
is_passing (const FerryElement *reply)
{
  g_autoptr(FerryStanzaError) error = NULL;

  if (reply == NULL)
    return TRUE;

  error = ferry_stanza_error_from_stanza (reply);
  if (error == NULL)
    return FALSE;

  return error->type == FERRY_STANZA_ERROR_WAIT ||
         error->condition == FERRY_CONDITION_RECIPIENT_UNAVAILABLE ||
         error->condition == FERRY_CONDITION_REMOTE_SERVER_TIMEOUT ||
         error->condition == FERRY_CONDITION_RESOURCE_CONSTRAINT;
}

static gboolean
has_failed_before (const FerryIbbMachine *self,
                   const Flight          *flight)
{
  for (GList *link = self->flights.head; link != NULL && link->data != flight; link = link->next)
    if (((Flight *) link->data)->failed)
      return TRUE;

  return FALSE;
}

static void
suspend (FerryIbbMachine *self,
         Flight          *flight,
         gint64           now,
         GPtrArray       *effects)
{
  flight->failed = TRUE;
  self->window = 1;
  self->n_acked = 0;

  if (is_settled (self))
    schedule_retry (self, now, effects);
}

/* The answer to a block; a tag of none is ignored. */
void
_ferry_ibb_machine_answer_data (FerryIbbMachine    *self,
                                guint               tag,
                                const FerryElement *reply,
                                gint64              now,
                                GPtrArray          *effects)
{
  GList *link = self->flights.head;
  Flight *flight;

  while (link != NULL && (((Flight *) link->data)->tag != tag || ((Flight *) link->data)->failed))
    link = link->next;

  if (link == NULL)
    return;

  flight = link->data;
  if (reply != NULL && ferry_iq_is (reply, FERRY_IQ_RESULT))
    acknowledge (self, link, now, effects);
  else if (is_passing (reply) || has_failed_before (self, flight))
    suspend (self, flight, now, effects);
  else
    _ferry_ibb_machine_fail (self, "The peer refused a block of data", effects);
}

/* Sends the first block again that failed. */
void
_ferry_ibb_machine_retry (FerryIbbMachine *self,
                          GPtrArray       *effects)
{
  Flight *flight = g_queue_peek_head (&self->flights);

  self->retry_at = 0;
  if (flight == NULL || !flight->failed)
    return;

  self->is_resending = TRUE;
  flight->failed = FALSE;
  flight->tag = _ferry_ibb_machine_request (self, flight->data, effects);
}
