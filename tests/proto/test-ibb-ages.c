/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "ibb-pair.h"

#define ROMEO "romeo@montague.lit/orchard"

/* What streams do otherwise that Jingle opened by itself, or that it knows nothing of. */

/* IBB-15: once, also where the negotiation had opened it before (JI0-5). */
static void
test_refuses_a_second_open (void)
{
  for (guint i = 0; i < 2; i++)
    {
      const FerryIbbConfig config = { "s", 4096, 4, i == 1 };
      Pair pair;

      pair_init (&pair, &config, &config);

      for (guint n = 0; n < 2; n++)
        {
          g_autoptr(FerryElement) open = ferry_ibb_open_new ("s", 4096);
          g_autoptr(FerryElement) iq = ferry_iq_new (FERRY_IQ_SET, ROMEO, "i1", open);
          g_autoptr(FerryElement) answer = NULL;
          g_autoptr(FerryStanzaError) error = NULL;

          pair_feed (&pair, 1, iq);
          answer = g_queue_pop_head (&pair.queue[0]);
          error = ferry_stanza_error_from_stanza (answer);
          g_assert_cmpint (error != NULL, ==, n == 1);
          if (error != NULL)
            g_assert_cmpint (error->condition, ==, FERRY_CONDITION_NOT_ACCEPTABLE);
        }

      g_assert_true (ferry_ibb_machine_is_open (pair.machine[1]));
      g_assert_cmpuint (pair.n_opened[1], ==, i == 0);
      pair_clear (&pair);
    }
}

/* IBB-11: what is sent fits whichever way the peer counts; what comes may be larger. */
static void
test_leaves_room_for_the_encoding (void)
{
  static const struct { guint agreed; guint sent; } cases[] = {
    { 4096, 3070 }, { 65535, 49149 }, { 1024, 766 }, { 6, 3 }, { 4, 1 }, { 1, 1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const FerryIbbConfig ours = { "s", cases[i].agreed, 4, TRUE, TRUE };
      const FerryIbbConfig theirs = { "s", cases[i].agreed, 4, TRUE, FALSE };
      g_autofree char *block = g_strnfill (cases[i].agreed, 'b');
      Pair pair;

      pair_init (&pair, &ours, &theirs);
      g_assert_cmpuint (ferry_ibb_machine_get_block_size (pair.machine[0]), ==, cases[i].sent);
      if (cases[i].agreed > 3)
        g_assert_cmpuint ((cases[i].sent + 2) / 3 * 4, <=, cases[i].agreed);

      pair_send (&pair, 1, block);
      pair_settle (&pair);
      g_assert_cmpuint (pair.received[0]->len, ==, cases[i].agreed);
      g_assert_cmpuint (pair.n_failed[0], ==, 0);
      pair_clear (&pair);
    }
}

/* Peer: libpurple, which is done when it hears <close/> and never answers it. */
static void
test_closes_without_insisting (void)
{
  const FerryIbbConfig config = { "s", 4096, 4, TRUE, TRUE, FERRY_IBB_CLOSE_SAID };
  g_autoptr(FerryElement) close = NULL;
  Pair pair;

  pair_init (&pair, &config, &config);
  pair_send (&pair, 0, "last");
  pair_close_from (&pair, 0);
  g_assert_cmpuint (pair.n_finished[0], ==, 0); /* not before it is acknowledged */
  pair_deliver (&pair, 1);
  pair_deliver (&pair, 0);

  g_assert_cmpuint (pair.n_finished[0], ==, 1);
  g_assert_cmpint (ferry_ibb_machine_get_deadline (pair.machine[0]), ==, 0);
  close = ferry_element_ref (g_queue_peek_head (&pair.queue[1]));
  g_assert_nonnull (ferry_element_find (close, "close", FERRY_NS_IBB));

  pair_bounce (&pair, 1, FERRY_STANZA_ERROR_CANCEL, FERRY_CONDITION_ITEM_NOT_FOUND);
  pair_settle (&pair);
  g_assert_cmpuint (pair.n_finished[0], ==, 1);
  g_assert_cmpuint (pair.n_failed[0], ==, 0);
  pair_clear (&pair);
}

/* JI0-7 */
static void
test_ends_without_a_close (void)
{
  const FerryIbbConfig config = { "s", 4096, 4, TRUE, FALSE, FERRY_IBB_CLOSE_UNSAID };
  g_autoptr(GPtrArray) effects = ferry_ibb_effects_new ();
  g_autoptr(FerryElement) payload = ferry_ibb_close_new ("s");
  g_autoptr(FerryElement) close = ferry_iq_new (FERRY_IQ_SET, ROMEO, "i1", payload);
  g_autoptr(FerryElement) answer = NULL;
  Pair pair;

  pair_init (&pair, &config, &config);
  pair_send (&pair, 0, "all");
  pair_close_from (&pair, 0);
  g_assert_cmpuint (pair.n_finished[0], ==, 0);
  pair_settle (&pair);
  g_assert_cmpuint (pair.n_finished[0], ==, 1);
  g_assert_cmpuint (pair.n_finished[1], ==, 0); /* it heard of no end */

  pair_feed (&pair, 0, close);
  answer = g_queue_pop_head (&pair.queue[1]);
  g_assert_true (ferry_iq_is (answer, FERRY_IQ_RESULT));

  ferry_ibb_machine_abort (pair.machine[1], effects);
  pair_run (&pair, 1, effects);
  g_assert_cmpuint (pair.n_failed[1], ==, 1);
  g_assert_true (g_queue_is_empty (&pair.queue[0]));
  pair_clear (&pair);
}

/* The answers that @side sent, in their order: "+" for a result, and "-" for an error. */
static void
assert_answers (Pair       *pair,
                guint       side,
                const char *expected)
{
  g_autoptr(GString) found = g_string_new (NULL);

  while (!g_queue_is_empty (&pair->queue[1 - side]))
    {
      g_autoptr(FerryElement) stanza = g_queue_pop_head (&pair->queue[1 - side]);

      if (!ferry_iq_is_request (stanza))
        g_string_append_c (found, ferry_iq_is (stanza, FERRY_IQ_RESULT) ? '+' : '-');
    }

  g_assert_cmpstr (found->str, ==, expected);
}

static void
deliver_all (Pair  *pair,
             guint  side)
{
  while (pair_deliver (pair, side))
    ;
}

static void
abort_at (Pair  *pair,
          guint  side)
{
  g_autoptr(GPtrArray) effects = ferry_ibb_effects_new ();

  ferry_ibb_machine_abort (pair->machine[side], effects);
  pair_run (pair, side, effects);
}

/* SIFT-6: where the end of the stream is all that says that the file arrived, it is not
 * reached before that is known. */
static void
test_holds_the_end_until_it_is_known (void)
{
  static const struct { gint64 announced; const char *before, *good, *bad; } cases[] = {
    { 8, "+", "++", "--" },  /* the last block, and the <close/> after it */
    { 6, "+", "++", "--" },
    { 4, "", "+++", "---" },
    { 9, "+++", "", "" },    /* closed too early: that is known already */
    { -1, "++", "+", "-" },  /* of unknown size: the <close/> alone */
  };

  for (gsize i = 0; i < 2 * G_N_ELEMENTS (cases); i++)
    {
      const FerryIbbConfig config = { "s", 4096, 4, TRUE, TRUE, FERRY_IBB_CLOSE_SAID };
      g_autoptr(FerryElement) payload = ferry_ibb_close_new ("s");
      g_autoptr(FerryElement) close = ferry_iq_new (FERRY_IQ_SET, ROMEO, "i1", payload);
      gboolean is_bad = i % 2;
      Pair pair;

      pair_init (&pair, &config, &config);
      ferry_ibb_machine_hold_end (pair.machine[1], cases[i / 2].announced);
      pair_send (&pair, 0, "1234");
      pair_send (&pair, 0, "5678");
      deliver_all (&pair, 1);
      pair_feed (&pair, 1, close);
      assert_answers (&pair, 1, cases[i / 2].before);
      g_assert_cmpuint (pair.n_finished[1], ==, 1);
      g_assert_cmpuint (pair.received[1]->len, ==, 8);

      if (is_bad)
        ferry_ibb_machine_refuse_end (pair.machine[1]);
      abort_at (&pair, 1);
      assert_answers (&pair, 1, is_bad ? cases[i / 2].bad : cases[i / 2].good);
      pair_clear (&pair);
    }
}

/* What the sender makes of it. */
static void
test_fails_when_the_end_is_refused (void)
{
  for (guint is_bad = 0; is_bad < 2; is_bad++)
    {
      const FerryIbbConfig config = { "s", 4096, 4, TRUE, TRUE, FERRY_IBB_CLOSE_SAID };
      Pair pair;

      pair_init (&pair, &config, &config);
      ferry_ibb_machine_hold_end (pair.machine[1], 4);
      pair_send (&pair, 0, "1234");
      pair_close_from (&pair, 0);
      pair_settle (&pair);
      g_assert_cmpuint (pair.n_finished[0] + pair.n_failed[0], ==, 0);

      if (is_bad)
        ferry_ibb_machine_refuse_end (pair.machine[1]);
      abort_at (&pair, 1);
      pair_settle (&pair);
      g_assert_cmpuint (pair.n_finished[0], ==, !is_bad);
      g_assert_cmpuint (pair.n_failed[0], ==, is_bad);
      pair_clear (&pair);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/proto/ibb-ages/refuses-a-second-open", test_refuses_a_second_open);
  g_test_add_func ("/proto/ibb-ages/leaves-room-for-the-encoding",
                   test_leaves_room_for_the_encoding);
  g_test_add_func ("/proto/ibb-ages/closes-without-insisting", test_closes_without_insisting);
  g_test_add_func ("/proto/ibb-ages/ends-without-a-close", test_ends_without_a_close);
  g_test_add_func ("/proto/ibb-ages/holds-the-end-until-it-is-known",
                   test_holds_the_end_until_it_is_known);
  g_test_add_func ("/proto/ibb-ages/fails-when-the-end-is-refused",
                   test_fails_when_the_end_is_refused);

  return g_test_run ();
}
