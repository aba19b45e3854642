/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/ibb-machine-private.h"

#define MIN_BLOCK    1024 /* bytes: below, a refused <open/> is not tried again */
#define FIRST_WINDOW 4    /* blocks, IBB-6 */
#define CLOSE_LIMIT  (10 * SECOND) /* IBB-14 */

static void
effect_free (FerryIbbEffect *effect)
{
  g_clear_pointer (&effect->element, ferry_element_unref);
  g_clear_pointer (&effect->bytes, g_bytes_unref);
  g_free (effect->text);
  g_free (effect);
}

GPtrArray *
ferry_ibb_effects_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) effect_free);
}

FerryIbbEffect *
_ferry_ibb_effects_add (GPtrArray          *effects,
                        FerryIbbEffectKind  kind)
{
  FerryIbbEffect *effect = g_new0 (FerryIbbEffect, 1);

  effect->kind = kind;
  g_ptr_array_add (effects, effect);

  return effect;
}

FerryIbbMachine *
ferry_ibb_machine_new (const FerryIbbConfig *config)
{
  FerryIbbMachine *self = g_new0 (FerryIbbMachine, 1);

  self->sid = g_strdup (config->sid);
  self->block_size = CLAMP (config->block_size, 1, FERRY_IBB_MAX_BLOCK);
  self->max_window = MAX (config->max_window, 1);
  self->window = MIN (FIRST_WINDOW, self->max_window);
  self->state = config->is_open ? STATE_OPEN : STATE_IDLE;
  self->may_be_opened = config->is_open;
  self->counts_text = config->counts_text;
  self->close = config->close;
  g_queue_init (&self->flights);
  g_queue_init (&self->held);

  return self;
}

void
ferry_ibb_machine_free (FerryIbbMachine *self)
{
  g_free (self->sid);
  g_queue_clear_full (&self->flights, (GDestroyNotify) _ferry_ibb_flight_free);
  g_queue_clear_full (&self->held, (GDestroyNotify) ferry_element_unref);
  g_free (self);
}

/* Returns: the tag. @payload: (transfer none) */
guint
_ferry_ibb_machine_request (FerryIbbMachine *self,
                            FerryElement    *payload,
                            GPtrArray       *effects)
{
  FerryIbbEffect *effect = _ferry_ibb_effects_add (effects, FERRY_IBB_EFFECT_REQUEST);

  effect->element = ferry_element_ref (payload);
  effect->tag = ++self->next_tag;

  return effect->tag;
}

void
_ferry_ibb_machine_reply (FerryElement *stanza,
                          GPtrArray    *effects)
{
  if (ferry_iq_is_request (stanza))
    _ferry_ibb_effects_add (effects, FERRY_IBB_EFFECT_REPLY)->element =
      ferry_iq_new_result (stanza, NULL);
}

static void
say_close (FerryIbbMachine *self,
           GPtrArray       *effects)
{
  g_autoptr(FerryElement) close = ferry_ibb_close_new (self->sid);

  if (self->close == FERRY_IBB_CLOSE_UNSAID)
    return;

  self->close_tag = _ferry_ibb_machine_request (self, close, effects);
}

/* Ends the stream from our side; nobody waits for the answer to the <close/>. */
void
_ferry_ibb_machine_fail (FerryIbbMachine *self,
                         const char      *text,
                         GPtrArray       *effects)
{
  if (self->state == STATE_CLOSED)
    return;

  if (self->state == STATE_OPEN || self->state == STATE_CLOSING)
    say_close (self, effects);

  self->state = STATE_CLOSED;
  self->retry_at = 0;
  _ferry_ibb_effects_add (effects, FERRY_IBB_EFFECT_FAILED)->text = g_strdup (text);
}

static void
finish (FerryIbbMachine *self,
        GPtrArray       *effects)
{
  if (self->state == STATE_CLOSED)
    return;

  self->state = STATE_CLOSED;
  self->is_done = TRUE;
  _ferry_ibb_effects_add (effects, FERRY_IBB_EFFECT_FINISHED);
}

static void
say_open (FerryIbbMachine *self,
          GPtrArray       *effects)
{
  g_autoptr(FerryElement) open = ferry_ibb_open_new (self->sid, self->block_size);

  self->state = STATE_OPENING;
  self->open_tag = _ferry_ibb_machine_request (self, open, effects);
}

void
ferry_ibb_machine_open (FerryIbbMachine *self,
                        GPtrArray       *effects)
{
  g_return_if_fail (self != NULL);

  if (self->state == STATE_IDLE)
    say_open (self, effects);
}

static void
set_open (FerryIbbMachine *self,
          GPtrArray       *effects)
{
  self->state = STATE_OPEN;
  _ferry_ibb_effects_add (effects, FERRY_IBB_EFFECT_OPENED);
}

/* A stream that stands by the negotiation alone takes one (JI0-5). */
static gboolean
takes_open (const FerryIbbMachine *self)
{
  return self->state == STATE_IDLE || self->state == STATE_OPENING ||
         (self->may_be_opened && (self->state == STATE_OPEN || self->state == STATE_CLOSING));
}

/* Two that cross are both granted, and make one stream (JI1-6). */
static void
receive_open (FerryIbbMachine    *self,
              FerryElement       *stanza,
              const FerryElement *open,
              GPtrArray          *effects)
{
  guint block_size = 0;

  if (!ferry_ibb_open_decode (open, &block_size, NULL))
    {
      _ferry_ibb_machine_refuse (stanza, FERRY_STANZA_ERROR_MODIFY,
                                 FERRY_CONDITION_BAD_REQUEST, effects);
    }
  else if (!takes_open (self))
    {
      _ferry_ibb_machine_refuse (stanza, FERRY_STANZA_ERROR_CANCEL,
                                 FERRY_CONDITION_NOT_ACCEPTABLE, effects);
    }
  else if (block_size > self->block_size) /* JI1-4 */
    {
      _ferry_ibb_machine_refuse (stanza, FERRY_STANZA_ERROR_MODIFY,
                                 FERRY_CONDITION_RESOURCE_CONSTRAINT, effects);
    }
  else
    {
      self->block_size = block_size;
      self->may_be_opened = FALSE;
      _ferry_ibb_machine_reply (stanza, effects);
      if (self->state == STATE_IDLE || self->state == STATE_OPENING)
        set_open (self, effects);
    }
}

/* JI1-5, IBB-14. What we had in flight is lost, which the reader of an incoming
 * file need not care about. */
static void
receive_close (FerryIbbMachine *self,
               FerryElement    *stanza,
               GPtrArray       *effects)
{
  if (self->is_done && self->close == FERRY_IBB_CLOSE_UNSAID)
    {
      _ferry_ibb_machine_reply (stanza, effects);
      return;
    }

  if (self->state == STATE_IDLE || self->state == STATE_OPENING || self->state == STATE_CLOSED)
    {
      _ferry_ibb_machine_refuse (stanza, FERRY_STANZA_ERROR_CANCEL,
                                 FERRY_CONDITION_ITEM_NOT_FOUND, effects);
      return;
    }

  _ferry_ibb_machine_release (self, G_MAXSIZE, effects);
  if (self->holds_end && (self->end < 0 || _ferry_ibb_machine_is_at_end (self)))
    _ferry_ibb_machine_hold_final (self, stanza);
  else
    _ferry_ibb_machine_reply (stanza, effects);

  if (g_queue_is_empty (&self->flights))
    finish (self, effects);
  else
    {
      self->state = STATE_CLOSED_BY_US; /* no <close/> of our own any more */
      _ferry_ibb_machine_fail (self, "The peer closed the stream too early", effects);
    }
}

void
ferry_ibb_machine_receive (FerryIbbMachine *self,
                           FerryElement    *stanza,
                           gint64           now,
                           GPtrArray       *effects)
{
  const FerryElement *payload;

  g_return_if_fail (self != NULL && stanza != NULL && effects != NULL);

  payload = ferry_ibb_find_payload (stanza);

  if (payload == NULL)
    _ferry_ibb_machine_refuse (stanza, FERRY_STANZA_ERROR_MODIFY,
                               FERRY_CONDITION_BAD_REQUEST, effects);
  else if (ferry_element_is (payload, "data", FERRY_NS_IBB))
    _ferry_ibb_machine_receive_data (self, stanza, payload, effects);
  else if (ferry_element_is (payload, "open", FERRY_NS_IBB))
    receive_open (self, stanza, payload, effects);
  else
    receive_close (self, stanza, effects);
}

/* A refused block-size is halved and tried again. */
static void
answer_open (FerryIbbMachine    *self,
             const FerryElement *reply,
             GPtrArray          *effects)
{
  g_autoptr(FerryStanzaError) error = NULL;

  self->open_tag = 0;
  if (self->state != STATE_OPENING)
    return; /* the peer's own <open/> was quicker */

  if (reply == NULL)
    {
      _ferry_ibb_machine_fail (self, "The peer did not answer", effects);
      return;
    }

  if (ferry_iq_is (reply, FERRY_IQ_RESULT))
    {
      set_open (self, effects);
      return;
    }

  error = ferry_stanza_error_from_stanza (reply);
  if (error != NULL && error->condition == FERRY_CONDITION_RESOURCE_CONSTRAINT &&
      self->block_size / 2 >= MIN_BLOCK)
    {
      self->block_size /= 2;
      say_open (self, effects);
    }
  else
    {
      const char *cause = error != NULL ? ferry_condition_to_string (error->condition) : "no reason";
      g_autofree char *text = g_strdup_printf ("The peer refused an in-band stream (%s)", cause);

      _ferry_ibb_machine_fail (self, text, effects);
    }
}

static void
close_when_settled (FerryIbbMachine *self,
                    gint64           now,
                    GPtrArray       *effects)
{
  if (self->state != STATE_CLOSING || !g_queue_is_empty (&self->flights))
    return;

  say_close (self, effects);
  self->state = STATE_CLOSED_BY_US;
  self->close_limit = now + CLOSE_LIMIT;

  if (self->close != FERRY_IBB_CLOSE_AWAITED)
    finish (self, effects);
}

void
ferry_ibb_machine_answer (FerryIbbMachine    *self,
                          guint               tag,
                          const FerryElement *reply,
                          gint64              now,
                          GPtrArray          *effects)
{
  g_return_if_fail (self != NULL && tag != 0 && effects != NULL);

  if (self->state == STATE_CLOSED)
    return;

  if (tag == self->open_tag)
    answer_open (self, reply, effects);
  else if (tag == self->close_tag)
    finish (self, effects); /* whatever it says: all our data had been acknowledged */
  else
    _ferry_ibb_machine_answer_data (self, tag, reply, now, effects);

  close_when_settled (self, now, effects);
}

gboolean
ferry_ibb_machine_is_open (const FerryIbbMachine *self)
{
  return self->state == STATE_OPEN;
}

/* Whoever counts characters counts all of them, with what pads the last three bytes. */
guint
ferry_ibb_machine_get_block_size (const FerryIbbMachine *self)
{
  if (!self->counts_text)
    return self->block_size;

  return self->block_size > 3 ? (self->block_size - 2) * 3 / 4 : 1;
}

void
ferry_ibb_machine_close (FerryIbbMachine *self,
                         gint64           now,
                         GPtrArray       *effects)
{
  g_return_if_fail (self != NULL && effects != NULL);

  if (self->state == STATE_OPEN)
    {
      self->state = STATE_CLOSING;
      close_when_settled (self, now, effects);
    }
  else if (self->state == STATE_IDLE || self->state == STATE_OPENING)
    {
      _ferry_ibb_machine_fail (self, "Closed before it was open", effects);
    }
}

/* What has been received is acknowledged all the same, unless we are to refuse it: the peer may
 * be done with it. */
void
ferry_ibb_machine_abort (FerryIbbMachine *self,
                         GPtrArray       *effects)
{
  g_return_if_fail (self != NULL && effects != NULL);

  _ferry_ibb_machine_answer_held (self, effects);
  _ferry_ibb_machine_fail (self, "The in-band stream was given up", effects);
}

gint64
ferry_ibb_machine_get_deadline (const FerryIbbMachine *self)
{
  if (self->state == STATE_CLOSED_BY_US)
    return self->close_limit;

  return self->state == STATE_OPEN || self->state == STATE_CLOSING ? self->retry_at : 0;
}

void
ferry_ibb_machine_wake (FerryIbbMachine *self,
                        gint64           now,
                        GPtrArray       *effects)
{
  g_return_if_fail (self != NULL && effects != NULL);

  if (self->state == STATE_CLOSED_BY_US && now >= self->close_limit)
    finish (self, effects);
  else if (self->retry_at != 0 && now >= self->retry_at &&
           (self->state == STATE_OPEN || self->state == STATE_CLOSING))
    _ferry_ibb_machine_retry (self, effects);
}
