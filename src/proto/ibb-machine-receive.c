/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/ibb-machine-private.h"

/* The receiving half: blocks in order, each acknowledged once there is room for
 * it; anything else ends the stream (XEP-0047 §2.2). */

#define MAX_HELD 64 /* acks; nobody has so many blocks in flight */

/* A message has no answer (IBB-13). */
void
_ferry_ibb_machine_refuse (FerryElement         *stanza,
                           FerryStanzaErrorType  type,
                           FerryCondition        condition,
                           GPtrArray            *effects)
{
  g_autoptr(FerryStanzaError) error = ferry_stanza_error_new (type, condition, NULL, NULL, NULL);

  if (ferry_iq_is_request (stanza))
    _ferry_ibb_effects_add (effects, FERRY_IBB_EFFECT_REPLY)->element =
      ferry_iq_new_error (stanza, error);
}

static void
refuse_data (FerryIbbMachine *self,
             FerryElement    *stanza,
             FerryCondition   condition,
             const char      *text,
             GPtrArray       *effects)
{
  _ferry_ibb_machine_refuse (stanza, FERRY_STANZA_ERROR_CANCEL, condition, effects);
  _ferry_ibb_machine_fail (self, text, effects);
}

/* IBB-3: 0 follows 65535. Peer: Conversations goes on with 65536 (Q-CO-5). */
static gboolean
is_next (FerryIbbMachine *self,
         guint64          seq)
{
  if (seq == self->n_received && seq == G_MAXUINT16 + 1)
    self->counts_on = TRUE;

  if (self->counts_on)
    return seq == self->n_received;

  return seq == self->n_received % (G_MAXUINT16 + 1);
}

/* A block that came while acks were held back: its sender may have waited too long for
 * the ack, and repeats the block (IBB-8). Any other that comes twice is a fault. */
static gboolean
is_repeated (const FerryIbbMachine *self,
             guint64                seq)
{
  guint64 behind = self->n_received - seq;
  guint64 index;

  if (!self->counts_on)
    behind = seq <= G_MAXUINT16 ? (guint16) behind : G_MAXUINT64;
  if (behind > self->n_received)
    return FALSE;

  index = self->n_received - behind;

  return index >= self->held_from && index < self->held_to;
}

/* Of the block received last. */
static void
note_held (FerryIbbMachine *self)
{
  if (g_queue_is_empty (&self->held))
    self->held_from = self->n_received - 1;

  self->held_to = self->n_received;
}

void
ferry_ibb_machine_hold_end (FerryIbbMachine *self,
                            gint64           n_bytes)
{
  g_return_if_fail (self != NULL);

  self->holds_end = TRUE;
  self->end = n_bytes;
}

void
ferry_ibb_machine_refuse_end (FerryIbbMachine *self)
{
  g_return_if_fail (self != NULL);

  self->refuses_end = TRUE;
}

/* Whether all bytes that were announced are here. */
gboolean
_ferry_ibb_machine_is_at_end (const FerryIbbMachine *self)
{
  return self->holds_end && self->end >= 0 && self->n_bytes >= (guint64) self->end;
}

void
_ferry_ibb_machine_hold_final (FerryIbbMachine *self,
                               FerryElement    *stanza)
{
  self->n_final++;
  g_queue_push_tail (&self->held, ferry_element_ref (stanza));
}

static void
acknowledge_or_hold (FerryIbbMachine *self,
                     FerryElement    *stanza,
                     GPtrArray       *effects)
{
  if (!ferry_iq_is_request (stanza))
    return;

  if (_ferry_ibb_machine_is_at_end (self))
    {
      note_held (self);
      _ferry_ibb_machine_hold_final (self, stanza);
    }
  else if (self->unread <= FERRY_IBB_QUEUE_LIMIT && g_queue_is_empty (&self->held))
    {
      _ferry_ibb_machine_reply (stanza, effects);
    }
  else
    {
      note_held (self);
      g_queue_push_tail (&self->held, ferry_element_ref (stanza));
    }
}

/* The rows of XEP-0047 for data. */
void
_ferry_ibb_machine_receive_data (FerryIbbMachine    *self,
                                 FerryElement       *stanza,
                                 const FerryElement *data,
                                 GPtrArray          *effects)
{
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;
  guint64 seq = 0;

  if (self->state != STATE_OPEN && self->state != STATE_CLOSING)
    {
      _ferry_ibb_machine_refuse (stanza, FERRY_STANZA_ERROR_CANCEL,
                                 FERRY_CONDITION_ITEM_NOT_FOUND, effects);
      return;
    }

  if (!ferry_ibb_data_decode (data, &seq, &bytes, &error))
    refuse_data (self, stanza, FERRY_CONDITION_BAD_REQUEST, error->message, effects);
  else if (g_bytes_get_size (bytes) > self->block_size)
    refuse_data (self, stanza, FERRY_CONDITION_BAD_REQUEST,
                 "A block is larger than agreed", effects);
  else if (!is_next (self, seq) && !is_repeated (self, seq))
    refuse_data (self, stanza, FERRY_CONDITION_UNEXPECTED_REQUEST,
                 "Data got lost on the way", effects);
  else if (g_queue_get_length (&self->held) >= MAX_HELD ||
           self->unread > 2 * FERRY_IBB_QUEUE_LIMIT)
    refuse_data (self, stanza, FERRY_CONDITION_RESOURCE_CONSTRAINT,
                 "The peer does not wait for acknowledgements", effects);
  else if (is_repeated (self, seq))
    acknowledge_or_hold (self, stanza, effects);
  else
    {
      self->n_received++;
      self->n_bytes += g_bytes_get_size (bytes);
      self->unread += g_bytes_get_size (bytes);
      acknowledge_or_hold (self, stanza, effects);
      if (g_bytes_get_size (bytes) > 0)
        _ferry_ibb_effects_add (effects, FERRY_IBB_EFFECT_RECEIVED)->bytes =
          g_steal_pointer (&bytes);
    }
}

/* Acknowledges what waits for the reader, until @limit bytes are unread. */
void
_ferry_ibb_machine_release (FerryIbbMachine *self,
                            gsize            limit,
                            GPtrArray       *effects)
{
  while (self->unread <= limit && g_queue_get_length (&self->held) > self->n_final)
    {
      g_autoptr(FerryElement) stanza = g_queue_pop_head (&self->held);

      _ferry_ibb_machine_reply (stanza, effects);
    }
}

/* The last word on all that is not answered yet. */
void
_ferry_ibb_machine_answer_held (FerryIbbMachine *self,
                                GPtrArray       *effects)
{
  self->n_final = 0;
  if (!self->refuses_end)
    _ferry_ibb_machine_release (self, G_MAXSIZE, effects);

  while (!g_queue_is_empty (&self->held))
    {
      g_autoptr(FerryElement) stanza = g_queue_pop_head (&self->held);

      _ferry_ibb_machine_refuse (stanza, FERRY_STANZA_ERROR_CANCEL,
                                 FERRY_CONDITION_NOT_ACCEPTABLE, effects);
    }
}

void
ferry_ibb_machine_consume (FerryIbbMachine *self,
                           gsize            size,
                           GPtrArray       *effects)
{
  g_return_if_fail (self != NULL && size <= self->unread);

  self->unread -= size;
  if (self->unread <= FERRY_IBB_QUEUE_LIMIT / 2)
    _ferry_ibb_machine_release (self, FERRY_IBB_QUEUE_LIMIT, effects);
}
