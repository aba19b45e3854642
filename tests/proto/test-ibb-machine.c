/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "proto/ibb-machine.h"
#include "proto/iq.h"

#define SECOND G_GINT64_CONSTANT (1000000)
#define ROMEO "romeo@montague.lit/orchard"
#define JULIET "juliet@capulet.lit/balcony"
#define ANY FERRY_CONDITION_UNDEFINED_CONDITION

static const char *const jids[2] = { ROMEO, JULIET };

/* Two machines and the server between them. Stanzas wait in one queue for each
 * direction until the test lets them arrive. */
typedef struct
{
  FerryIbbMachine *machine[2];
  GQueue           queue[2];    /* FerryElement: to this side */
  GByteArray      *received[2];
  guint            n_opened[2];
  guint            n_finished[2];
  guint            n_failed[2];
  char            *failure[2];
  gint64           now;
} Pair;

static void
run (Pair      *pair,
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

static void
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

static void
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

static void
feed (Pair         *pair,
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
  run (pair, side, effects);
}

static gboolean
deliver (Pair  *pair,
         guint  side)
{
  g_autoptr(FerryElement) stanza = g_queue_pop_head (&pair->queue[side]);

  if (stanza != NULL)
    feed (pair, side, stanza);

  return stanza != NULL;
}

static void
settle (Pair *pair)
{
  while (deliver (pair, 0) || deliver (pair, 1))
    ;
}

static void
open_from (Pair  *pair,
           guint  side)
{
  g_autoptr(GPtrArray) effects = ferry_ibb_effects_new ();

  ferry_ibb_machine_open (pair->machine[side], effects);
  run (pair, side, effects);
}

static void
close_from (Pair  *pair,
            guint  side)
{
  g_autoptr(GPtrArray) effects = ferry_ibb_effects_new ();

  ferry_ibb_machine_close (pair->machine[side], pair->now, effects);
  run (pair, side, effects);
}

static void
send (Pair       *pair,
      guint       side,
      const char *data)
{
  g_autoptr(GPtrArray) effects = ferry_ibb_effects_new ();

  ferry_ibb_machine_send (pair->machine[side], (const guint8 *) data, strlen (data), effects);
  run (pair, side, effects);
}

/* As many blocks as the window takes. */
static guint
send_all (Pair  *pair,
          guint  side)
{
  guint n = 0;

  for (; ferry_ibb_machine_can_send (pair->machine[side]); n++)
    send (pair, side, "x");

  return n;
}

static void
set_up_open (Pair  *pair,
             guint  max_window)
{
  const FerryIbbConfig config = { "i781hf64", 4096, max_window };

  pair_init (pair, &config, &config);
  open_from (pair, 0);
  settle (pair);
  g_assert_cmpuint (pair->n_opened[0] + pair->n_opened[1], ==, 2);
}

/* Answers the oldest stanza on its way to @side with an error instead. */
static void
bounce (Pair                 *pair,
        guint                 side,
        FerryStanzaErrorType  type,
        FerryCondition        condition)
{
  g_autoptr(FerryElement) stanza = g_queue_pop_head (&pair->queue[side]);
  const FerryStanzaError error = { type, condition };

  g_assert_nonnull (stanza);
  g_queue_push_tail (&pair->queue[1 - side], ferry_iq_new_error (stanza, &error));
}

static void
wake (Pair  *pair,
      guint  side)
{
  g_autoptr(GPtrArray) effects = ferry_ibb_effects_new ();

  pair->now = ferry_ibb_machine_get_deadline (pair->machine[side]);
  g_assert_cmpint (pair->now, >, 0);
  ferry_ibb_machine_wake (pair->machine[side], pair->now, effects);
  run (pair, side, effects);
}

static void
test_carries_both_ways (void)
{
  Pair pair;

  set_up_open (&pair, 8);
  send (&pair, 0, "wherefore ");
  send (&pair, 0, "art thou");
  send (&pair, 1, "here");
  close_from (&pair, 0);
  settle (&pair);

  g_assert_cmpmem (pair.received[1]->data, pair.received[1]->len, "wherefore art thou", 18);
  g_assert_cmpmem (pair.received[0]->data, pair.received[0]->len, "here", 4);
  for (guint i = 0; i < 2; i++)
    {
      g_assert_cmpuint (pair.n_finished[i], ==, 1);
      g_assert_cmpuint (pair.n_failed[i], ==, 0);
    }
  pair_clear (&pair);
}

/* JI1-6 */
static void
test_survives_two_opens (void)
{
  static const char *const orders[] = { "0101", "0011", "1010", "1100", "0110", "1001" };

  for (gsize i = 0; i < G_N_ELEMENTS (orders); i++)
    {
      const FerryIbbConfig config = { "i781hf64", 4096, 4 };
      Pair pair;

      pair_init (&pair, &config, &config);
      open_from (&pair, 0);
      open_from (&pair, 1);
      for (const char *step = orders[i]; *step != '\0'; step++)
        deliver (&pair, *step - '0');
      settle (&pair);

      g_assert_cmpuint (pair.n_opened[0], ==, 1);
      g_assert_cmpuint (pair.n_opened[1], ==, 1);
      send (&pair, 0, "a");
      send (&pair, 1, "b");
      settle (&pair);
      g_assert_cmpuint (pair.received[0]->len + pair.received[1]->len, ==, 2);
      pair_clear (&pair);
    }
}

/* XEP-0047 §2.1: the other side wants smaller blocks. */
static void
test_halves_the_block_size (void)
{
  static const struct { guint ours; guint theirs; guint agreed; } cases[] = {
    { 16384, 4096, 4096 },
    { 4096, 4096, 4096 },
    { 4096, 8192, 4096 },
    { 65535, 1100, 0 }, /* halved it becomes 1023 in the end, which is not tried */
    { 4096, 1000, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const FerryIbbConfig ours = { "s", cases[i].ours, 4 };
      const FerryIbbConfig theirs = { "s", cases[i].theirs, 4 };
      Pair pair;

      pair_init (&pair, &ours, &theirs);
      open_from (&pair, 0);
      settle (&pair);

      if (cases[i].agreed == 0)
        g_assert_cmpuint (pair.n_failed[0], ==, 1);
      else
        for (guint side = 0; side < 2; side++)
          g_assert_cmpuint (ferry_ibb_machine_get_block_size (pair.machine[side]), ==, cases[i].agreed);
      pair_clear (&pair);
    }
}

/* IBB-6 */
static void
test_window_grows_and_falls (void)
{
  Pair pair;

  set_up_open (&pair, 8);
  g_assert_cmpuint (send_all (&pair, 0), ==, 4);
  for (guint i = 0; i < 8; i++)
    {
      settle (&pair);
      send_all (&pair, 0);
    }
  settle (&pair);
  g_assert_cmpuint (send_all (&pair, 0), ==, 8);

  bounce (&pair, 1, FERRY_STANZA_ERROR_WAIT, FERRY_CONDITION_RESOURCE_CONSTRAINT);
  while (!g_queue_is_empty (&pair.queue[1])) /* the server holds back the rest too */
    bounce (&pair, 1, FERRY_STANZA_ERROR_WAIT, FERRY_CONDITION_RESOURCE_CONSTRAINT);
  settle (&pair);
  g_assert_false (ferry_ibb_machine_can_send (pair.machine[0]));
  wake (&pair, 0);
  settle (&pair);
  g_assert_cmpuint (send_all (&pair, 0), ==, 1);
  settle (&pair);
  g_assert_cmpuint (pair.n_failed[0] + pair.n_failed[1], ==, 0);
  pair_clear (&pair);
}

/* IBB-8: 2, 4 and 8 seconds, always the same seq. */
static void
test_retries_the_same_block (void)
{
  for (guint n_errors = 1; n_errors <= 4; n_errors++)
    {
      Pair pair;
      gint64 begin = 0;

      set_up_open (&pair, 1);
      send (&pair, 0, "patience");

      for (guint i = 0; i < n_errors; i++)
        {
          bounce (&pair, 1, FERRY_STANZA_ERROR_CANCEL, FERRY_CONDITION_RECIPIENT_UNAVAILABLE);
          deliver (&pair, 0);
          if (i < 3)
            {
              wake (&pair, 0);
              g_assert_cmpint (pair.now - begin, ==, (2 * SECOND) << i);
              begin = pair.now;
            }
        }

      settle (&pair);
      g_assert_cmpuint (pair.n_failed[0], ==, n_errors == 4);
      g_assert_cmpuint (pair.received[1]->len, ==, n_errors == 4 ? 0 : strlen ("patience"));
      pair_clear (&pair);
    }
}

/* The first of several is lost; those behind it arrive as a gap, and are not blamed. */
static void
test_sends_again_what_followed_a_loss (void)
{
  Pair pair;

  set_up_open (&pair, 4);
  send (&pair, 0, "a");
  send (&pair, 0, "b");
  send (&pair, 0, "c");
  deliver (&pair, 1);
  bounce (&pair, 1, FERRY_STANZA_ERROR_WAIT, FERRY_CONDITION_REMOTE_SERVER_TIMEOUT);
  bounce (&pair, 1, FERRY_STANZA_ERROR_CANCEL, FERRY_CONDITION_UNEXPECTED_REQUEST);
  settle (&pair);
  g_assert_cmpuint (pair.n_failed[0], ==, 0);
  wake (&pair, 0);
  settle (&pair);
  g_assert_cmpmem (pair.received[1]->data, pair.received[1]->len, "abc", 3);
  pair_clear (&pair);
}

static FerryElement *
make_data (guint64     seq,
           const char *text,
           const char *stanza)
{
  g_autofree char *xml =
    g_strdup_printf ("<%s xmlns='jabber:client' type='set' id='d1' from='" ROMEO "'>"
                     "<data xmlns='http://jabber.org/protocol/ibb' seq='%" G_GUINT64_FORMAT "'"
                     " sid='i781hf64'>%s</data></%s>", stanza, seq, text, stanza);
  g_autoptr(GError) error = NULL;
  FerryElement *element = ferry_element_parse (xml, -1, &error);

  g_assert_no_error (error);

  return element;
}

/* The rows of XEP-0047 §2.2 */
static void
test_refuses_bad_data (void)
{
  static const struct
  {
    const char    *what;
    guint64        seq;
    const char    *text;
    FerryCondition condition; /* ANY: it is fine */
  } cases[] = {
    { "good", 1, "AAAA", ANY },
    { "line breaks inside", 1, "AA\nAA\n", ANY },
    { "seq used before", 0, "AAAA", FERRY_CONDITION_UNEXPECTED_REQUEST },
    { "a gap", 2, "AAAA", FERRY_CONDITION_UNEXPECTED_REQUEST },
    { "seq far too large", 65537, "AAAA", FERRY_CONDITION_UNEXPECTED_REQUEST },
    { "misplaced padding", 1, "=AAA", FERRY_CONDITION_BAD_REQUEST },
    { "padding in the middle", 1, "BBBB=CCC", FERRY_CONDITION_BAD_REQUEST },
    { "foreign characters", 1, "A-_A", FERRY_CONDITION_BAD_REQUEST },
    { "more than a block", 1, "QUFBQUFBQUFB", FERRY_CONDITION_BAD_REQUEST },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const FerryIbbConfig config = { "i781hf64", 8, 4 };
      g_autoptr(FerryElement) first = make_data (0, "AAAA", "iq");
      g_autoptr(FerryElement) second = make_data (cases[i].seq, cases[i].text, "iq");
      g_autoptr(FerryElement) answer = NULL;
      g_autoptr(FerryStanzaError) error = NULL;
      Pair pair;

      g_test_message ("%s", cases[i].what);
      pair_init (&pair, &config, &config);
      open_from (&pair, 1);
      settle (&pair);
      feed (&pair, 1, first);
      ferry_element_unref (g_queue_pop_head (&pair.queue[0]));
      feed (&pair, 1, second);

      answer = g_queue_pop_head (&pair.queue[0]);
      error = ferry_stanza_error_from_stanza (answer);
      g_assert_cmpint (error != NULL, ==, cases[i].condition != ANY);
      g_assert_cmpuint (pair.n_failed[1], ==, cases[i].condition != ANY);
      if (error != NULL)
        {
          g_autoptr(FerryElement) close = g_queue_pop_head (&pair.queue[0]);

          g_assert_cmpint (error->condition, ==, cases[i].condition);
          g_assert_nonnull (ferry_element_find (close, "close", FERRY_NS_IBB));
        }
      pair_clear (&pair);
    }
}

/* IBB-3, Q-CO-5: after 65535 comes 0, or 65536 from one that never wraps. */
static void
test_counts_past_the_wrap (void)
{
  static const struct { guint64 after; guint64 later; gboolean ok; } cases[] = {
    { 0, 1, TRUE },
    { 65536, 65537, TRUE },
    { 0, 65537, FALSE },
    { 65536, 1, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const guint64 seqs[] = { cases[i].after, cases[i].later };
      Pair pair;

      set_up_open (&pair, 4);
      for (guint n = 0; n < 65538; n++)
        {
          g_autoptr(FerryElement) data = make_data (n < 65536 ? n : seqs[n - 65536], "AAAA", "iq");

          feed (&pair, 1, data);
          g_queue_clear_full (&pair.queue[0], (GDestroyNotify) ferry_element_unref);
          if (n % 1000 == 0) /* a reader */
            {
              g_autoptr(GPtrArray) effects = ferry_ibb_effects_new ();

              ferry_ibb_machine_consume (pair.machine[1], n == 0 ? 3 : 3000, effects);
            }
        }
      g_assert_cmpuint (pair.n_failed[1], ==, !cases[i].ok);
      pair_clear (&pair);
    }
}

static void
test_wraps_when_sending (void)
{
  Pair pair;

  set_up_open (&pair, 1);
  for (guint n = 0; n < 65600; n++)
    {
      g_autoptr(GPtrArray) effects = ferry_ibb_effects_new ();

      send (&pair, 0, "w");
      settle (&pair);
      ferry_ibb_machine_consume (pair.machine[1], 1, effects);
    }
  g_assert_cmpuint (pair.received[1]->len, ==, 65600);
  g_assert_cmpuint (pair.n_failed[0] + pair.n_failed[1], ==, 0);
  pair_clear (&pair);
}

/* SEC-29 */
static void
test_holds_acks_while_nobody_reads (void)
{
  g_autofree char *block = g_strnfill (4096, 'b');
  g_autoptr(GPtrArray) effects = ferry_ibb_effects_new ();
  guint n_sent = 0;
  Pair pair;

  set_up_open (&pair, 8);
  while (ferry_ibb_machine_can_send (pair.machine[0]) && n_sent < 1000)
    {
      send (&pair, 0, block);
      settle (&pair);
      n_sent++;
    }

  g_assert_cmpuint (n_sent, >, FERRY_IBB_QUEUE_LIMIT / 4096);
  g_assert_cmpuint (n_sent, <=, FERRY_IBB_QUEUE_LIMIT / 4096 + 8);
  g_assert_cmpuint (pair.n_failed[0] + pair.n_failed[1], ==, 0);

  ferry_ibb_machine_consume (pair.machine[1], FERRY_IBB_QUEUE_LIMIT, effects);
  run (&pair, 1, effects);
  settle (&pair);
  g_assert_true (ferry_ibb_machine_can_send (pair.machine[0]));
  pair_clear (&pair);
}

/* IBB-13: they have no answers. */
static void
test_takes_data_in_messages (void)
{
  g_autoptr(FerryElement) data = make_data (0, "aGVsbG8=", "message");
  Pair pair;

  set_up_open (&pair, 4);
  feed (&pair, 1, data);
  g_assert_cmpmem (pair.received[1]->data, pair.received[1]->len, "hello", 5);
  g_assert_true (g_queue_is_empty (&pair.queue[0]));
  pair_clear (&pair);
}

/* Peer: libpurple never answers a <close/>, and iris answers with an error. */
static void
test_closes_whatever_the_answer (void)
{
  for (guint i = 0; i < 2; i++)
    {
      Pair pair;

      set_up_open (&pair, 4);
      send (&pair, 0, "last");
      close_from (&pair, 0);
      deliver (&pair, 1);
      deliver (&pair, 0); /* only now it says <close/> */
      g_assert_cmpuint (g_queue_get_length (&pair.queue[1]), ==, 1);

      if (i == 0)
        {
          wake (&pair, 0);
          g_assert_cmpint (pair.now, ==, 10 * SECOND);
        }
      else
        {
          bounce (&pair, 1, FERRY_STANZA_ERROR_CANCEL, FERRY_CONDITION_ITEM_NOT_FOUND);
          settle (&pair);
        }

      g_assert_cmpuint (pair.n_finished[0], ==, 1);
      g_assert_cmpuint (pair.n_failed[0], ==, 0);
      pair_clear (&pair);
    }
}

/* IBB-16 */
static void
test_fails_when_closed_too_early (void)
{
  Pair pair;

  set_up_open (&pair, 4);
  close_from (&pair, 1);
  send (&pair, 0, "late");
  settle (&pair);
  g_assert_cmpuint (pair.n_failed[0], ==, 1);
  g_assert_cmpuint (pair.n_finished[1], ==, 1);
  pair_clear (&pair);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/proto/ibb-machine/carries-both-ways", test_carries_both_ways);
  g_test_add_func ("/proto/ibb-machine/survives-two-opens", test_survives_two_opens);
  g_test_add_func ("/proto/ibb-machine/halves-the-block-size", test_halves_the_block_size);
  g_test_add_func ("/proto/ibb-machine/window-grows-and-falls", test_window_grows_and_falls);
  g_test_add_func ("/proto/ibb-machine/retries-the-same-block", test_retries_the_same_block);
  g_test_add_func ("/proto/ibb-machine/sends-again-what-followed-a-loss",
                   test_sends_again_what_followed_a_loss);
  g_test_add_func ("/proto/ibb-machine/refuses-bad-data", test_refuses_bad_data);
  g_test_add_func ("/proto/ibb-machine/counts-past-the-wrap", test_counts_past_the_wrap);
  g_test_add_func ("/proto/ibb-machine/wraps-when-sending", test_wraps_when_sending);
  g_test_add_func ("/proto/ibb-machine/holds-acks-while-nobody-reads", test_holds_acks_while_nobody_reads);
  g_test_add_func ("/proto/ibb-machine/takes-data-in-messages", test_takes_data_in_messages);
  g_test_add_func ("/proto/ibb-machine/closes-whatever-the-answer", test_closes_whatever_the_answer);
  g_test_add_func ("/proto/ibb-machine/fails-when-closed-too-early", test_fails_when_closed_too_early);

  return g_test_run ();
}
