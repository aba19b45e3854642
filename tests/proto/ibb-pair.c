/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "ibb-pair.h"

#define ROMEO "romeo@montague.lit/orchard"
#define JULIET "juliet@capulet.lit/balcony"

static const char *const jids[2] = { ROMEO, JULIET };

void
pair_run (Pair      *pair,
          guint      side,
          GPtrArray *effects)
{
  for (guint i = 0; i < effects->len; i++)
    {
      const FerryIbbEffect *effect = g_ptr_array_index (effects, i);
      g_autofree char *id = g_strdup_printf ("%u", effect->tag);
      FerryElementBuilder *builder;
      g_autoptr(FerryElement) iq = NULL;

      switch (effect->kind)
        {
        case FERRY_IBB_EFFECT_REQUEST:
          iq = ferry_iq_new (FERRY_IQ_SET, jids[1 - side], id, effect->element);
          builder = ferry_element_builder_new_from (iq);
          ferry_element_builder_attribute (builder, "from", jids[side]);
          g_queue_push_tail (&pair->queue[1 - side], ferry_element_builder_end (builder));
          break;
        case FERRY_IBB_EFFECT_REPLY:
          g_queue_push_tail (&pair->queue[1 - side], ferry_element_ref (effect->element));
          break;
        case FERRY_IBB_EFFECT_RECEIVED:
          g_byte_array_append (pair->received[side], g_bytes_get_data (effect->bytes, NULL),
                               g_bytes_get_size (effect->bytes));
          break;
        case FERRY_IBB_EFFECT_OPENED:
          pair->n_opened[side]++;
          break;
        case FERRY_IBB_EFFECT_FINISHED:
          pair->n_finished[side]++;
          break;
        case FERRY_IBB_EFFECT_FAILED:
          pair->n_failed[side]++;
          pair->failure[side] = g_strdup (effect->text);
          break;
        default:
          g_assert_not_reached ();
        }
    }

  g_ptr_array_set_size (effects, 0);
}

void
pair_init (Pair                 *pair,
           const FerryIbbConfig *first,
           const FerryIbbConfig *second)
{
  memset (pair, 0, sizeof *pair);
  pair->machine[0] = ferry_ibb_machine_new (first);
  pair->machine[1] = ferry_ibb_machine_new (second);

  for (guint i = 0; i < 2; i++)
    {
      g_queue_init (&pair->queue[i]);
      pair->received[i] = g_byte_array_new ();
    }
}

void
pair_clear (Pair *pair)
{
  for (guint i = 0; i < 2; i++)
    {
      ferry_ibb_machine_free (pair->machine[i]);
      g_queue_clear_full (&pair->queue[i], (GDestroyNotify) ferry_element_unref);
      g_byte_array_unref (pair->received[i]);
      g_free (pair->failure[i]);
    }
}

void
pair_feed (Pair         *pair,
           guint         side,
           FerryElement *stanza)
{
  g_autoptr(GPtrArray) effects = ferry_ibb_effects_new ();

  if (ferry_iq_is_request (stanza) || !g_str_equal (ferry_element_get_name (stanza), "iq"))
    ferry_ibb_machine_receive (pair->machine[side], stanza, pair->now, effects);
  else
    ferry_ibb_machine_answer (pair->machine[side],
                              g_ascii_strtoull (ferry_element_get_attribute (stanza, "id"), NULL, 10),
                              stanza, pair->now, effects);
  pair_run (pair, side, effects);
}

gboolean
pair_deliver (Pair  *pair,
              guint  side)
{
  g_autoptr(FerryElement) stanza = g_queue_pop_head (&pair->queue[side]);

  if (stanza != NULL)
    pair_feed (pair, side, stanza);

  return stanza != NULL;
}

void
pair_settle (Pair *pair)
{
  while (pair_deliver (pair, 0) || pair_deliver (pair, 1))
    ;
}

void
pair_open_from (Pair  *pair,
                guint  side)
{
  g_autoptr(GPtrArray) effects = ferry_ibb_effects_new ();

  ferry_ibb_machine_open (pair->machine[side], effects);
  pair_run (pair, side, effects);
}

void
pair_close_from (Pair  *pair,
                 guint  side)
{
  g_autoptr(GPtrArray) effects = ferry_ibb_effects_new ();

  ferry_ibb_machine_close (pair->machine[side], pair->now, effects);
  pair_run (pair, side, effects);
}

void
pair_send (Pair       *pair,
           guint       side,
           const char *data)
{
  g_autoptr(GPtrArray) effects = ferry_ibb_effects_new ();

  ferry_ibb_machine_send (pair->machine[side], (const guint8 *) data, strlen (data), effects);
  pair_run (pair, side, effects);
}

/* As many blocks as the window takes. */
guint
pair_send_all (Pair  *pair,
               guint  side)
{
  guint n = 0;

  for (; ferry_ibb_machine_can_send (pair->machine[side]); n++)
    pair_send (pair, side, "x");

  return n;
}

void
pair_init_open (Pair  *pair,
                guint  max_window)
{
  const FerryIbbConfig config = { "i781hf64", 4096, max_window };

  pair_init (pair, &config, &config);
  pair_open_from (pair, 0);
  pair_settle (pair);
  g_assert_cmpuint (pair->n_opened[0] + pair->n_opened[1], ==, 2);
}

/* Answers the oldest stanza on its way to @side with an error instead. */
void
pair_bounce (Pair                 *pair,
             guint                 side,
             FerryStanzaErrorType  type,
             FerryCondition        condition)
{
  g_autoptr(FerryElement) stanza = g_queue_pop_head (&pair->queue[side]);
  const FerryStanzaError error = { type, condition };

  g_assert_nonnull (stanza);
  g_queue_push_tail (&pair->queue[1 - side], ferry_iq_new_error (stanza, &error));
}

void
pair_wake (Pair  *pair,
           guint  side)
{
  g_autoptr(GPtrArray) effects = ferry_ibb_effects_new ();

  pair->now = ferry_ibb_machine_get_deadline (pair->machine[side]);
  g_assert_cmpint (pair->now, >, 0);
  ferry_ibb_machine_wake (pair->machine[side], pair->now, effects);
  pair_run (pair, side, effects);
}
