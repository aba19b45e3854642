/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "ibb-pair.h"

#define ROMEO "romeo@montague.lit/orchard"
#define ANY FERRY_CONDITION_UNDEFINED_CONDITION

static void
test_carries_both_ways (void)
{
  Pair pair;

  pair_init_open (&pair, 8);
  pair_send (&pair, 0, "wherefore ");
  pair_send (&pair, 0, "art thou");
  pair_send (&pair, 1, "here");
  pair_close_from (&pair, 0);
  pair_settle (&pair);

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
      pair_open_from (&pair, 0);
      pair_open_from (&pair, 1);
      for (const char *step = orders[i]; *step != '\0'; step++)
        pair_deliver (&pair, *step - '0');
      pair_settle (&pair);

      g_assert_cmpuint (pair.n_opened[0], ==, 1);
      g_assert_cmpuint (pair.n_opened[1], ==, 1);
      pair_send (&pair, 0, "a");
      pair_send (&pair, 1, "b");
      pair_settle (&pair);
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
      pair_open_from (&pair, 0);
      pair_settle (&pair);

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

  pair_init_open (&pair, 8);
  g_assert_cmpuint (pair_send_all (&pair, 0), ==, 4);
  for (guint i = 0; i < 8; i++)
    {
      pair_settle (&pair);
      pair_send_all (&pair, 0);
    }
  pair_settle (&pair);
  g_assert_cmpuint (pair_send_all (&pair, 0), ==, 8);

  pair_bounce (&pair, 1, FERRY_STANZA_ERROR_WAIT, FERRY_CONDITION_RESOURCE_CONSTRAINT);
  while (!g_queue_is_empty (&pair.queue[1])) /* the server holds back the rest too */
    pair_bounce (&pair, 1, FERRY_STANZA_ERROR_WAIT, FERRY_CONDITION_RESOURCE_CONSTRAINT);
  pair_settle (&pair);
  g_assert_false (ferry_ibb_machine_can_send (pair.machine[0]));
  pair_wake (&pair, 0);
  pair_settle (&pair);
  g_assert_cmpuint (pair_send_all (&pair, 0), ==, 1);
  pair_settle (&pair);
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

      pair_init_open (&pair, 1);
      pair_send (&pair, 0, "patience");

      for (guint i = 0; i < n_errors; i++)
        {
          pair_bounce (&pair, 1, FERRY_STANZA_ERROR_CANCEL, FERRY_CONDITION_RECIPIENT_UNAVAILABLE);
          pair_deliver (&pair, 0);
          if (i < 3)
            {
              pair_wake (&pair, 0);
              g_assert_cmpint (pair.now - begin, ==, (2 * SECOND) << i);
              begin = pair.now;
            }
        }

      pair_settle (&pair);
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

  pair_init_open (&pair, 4);
  pair_send (&pair, 0, "a");
  pair_send (&pair, 0, "b");
  pair_send (&pair, 0, "c");
  pair_deliver (&pair, 1);
  pair_bounce (&pair, 1, FERRY_STANZA_ERROR_WAIT, FERRY_CONDITION_REMOTE_SERVER_TIMEOUT);
  pair_bounce (&pair, 1, FERRY_STANZA_ERROR_CANCEL, FERRY_CONDITION_UNEXPECTED_REQUEST);
  pair_settle (&pair);
  g_assert_cmpuint (pair.n_failed[0], ==, 0);
  pair_wake (&pair, 0);
  pair_settle (&pair);
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
      pair_open_from (&pair, 1);
      pair_settle (&pair);
      pair_feed (&pair, 1, first);
      ferry_element_unref (g_queue_pop_head (&pair.queue[0]));
      pair_feed (&pair, 1, second);

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

/* The rows of XEP-0047 §2.1 and §2.3, and IBB-15 */
static void
test_answers_opens_and_closes (void)
{
  static const struct
  {
    const char    *what;
    gboolean       is_open;
    const char    *payload;
    FerryCondition condition; /* ANY: it is fine */
  } cases[] = {
    { "open", FALSE, "<open xmlns='" FERRY_NS_IBB "' sid='s' block-size='4096'/>", ANY },
    { "open, smaller", FALSE, "<open xmlns='" FERRY_NS_IBB "' sid='s' block-size='1'/>", ANY },
    { "open, in messages", FALSE,
      "<open xmlns='" FERRY_NS_IBB "' sid='s' block-size='9' stanza='message'/>", ANY },
    { "open without a size", FALSE, "<open xmlns='" FERRY_NS_IBB "' sid='s'/>",
      FERRY_CONDITION_BAD_REQUEST },
    { "open of nothing", FALSE, "<open xmlns='" FERRY_NS_IBB "' sid='s' block-size='0'/>",
      FERRY_CONDITION_BAD_REQUEST },
    { "open in presences", FALSE,
      "<open xmlns='" FERRY_NS_IBB "' sid='s' block-size='9' stanza='presence'/>",
      FERRY_CONDITION_BAD_REQUEST },
    { "open, larger", FALSE, "<open xmlns='" FERRY_NS_IBB "' sid='s' block-size='4097'/>",
      FERRY_CONDITION_RESOURCE_CONSTRAINT }, /* JI1-4 */
    { "open of one that stands", TRUE, "<open xmlns='" FERRY_NS_IBB "' sid='s' block-size='4096'/>",
      ANY }, /* JI0-5 */
    { "open of one that stands, larger", TRUE,
      "<open xmlns='" FERRY_NS_IBB "' sid='s' block-size='4097'/>",
      FERRY_CONDITION_RESOURCE_CONSTRAINT },
    { "close", TRUE, "<close xmlns='" FERRY_NS_IBB "' sid='s'/>", ANY },
    { "close before open", FALSE, "<close xmlns='" FERRY_NS_IBB "' sid='s'/>",
      FERRY_CONDITION_ITEM_NOT_FOUND },
    { "data before open", FALSE, "<data xmlns='" FERRY_NS_IBB "' sid='s' seq='0'>AAAA</data>",
      FERRY_CONDITION_ITEM_NOT_FOUND },
    { "data without a seq", TRUE, "<data xmlns='" FERRY_NS_IBB "' sid='s'>AAAA</data>",
      FERRY_CONDITION_BAD_REQUEST },
    { "nonsense", TRUE, "<query xmlns='" FERRY_NS_IBB "' sid='s'/>", FERRY_CONDITION_BAD_REQUEST },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const FerryIbbConfig config = { "s", 4096, 4, cases[i].is_open };
      g_autoptr(FerryElement) payload = ferry_element_parse (cases[i].payload, -1, NULL);
      g_autoptr(FerryElement) iq = ferry_iq_new (FERRY_IQ_SET, ROMEO, "i1", payload);
      g_autoptr(FerryElement) answer = NULL;
      g_autoptr(FerryStanzaError) error = NULL;
      Pair pair;

      g_test_message ("%s", cases[i].what);
      pair_init (&pair, &config, &config);
      g_assert_cmpint (ferry_ibb_machine_is_open (pair.machine[1]), ==, cases[i].is_open);
      pair_feed (&pair, 1, iq);
      answer = g_queue_pop_head (&pair.queue[0]);
      g_assert_nonnull (answer);
      error = ferry_stanza_error_from_stanza (answer);
      g_assert_cmpint (error != NULL, ==, cases[i].condition != ANY);
      if (error != NULL)
        g_assert_cmpint (error->condition, ==, cases[i].condition);
      pair_clear (&pair);
    }
}

/* Who gives up says so, and owes no answer any more (SEC-29). */
static void
test_gives_up_at_once (void)
{
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(GPtrArray) effects = ferry_ibb_effects_new ();
      g_autofree char *block = g_strnfill (4096, 'b');
      const FerryIbbConfig config = { "i781hf64", 4096, 8, i > 0 };
      guint n_answers = 0;
      Pair pair;

      pair_init (&pair, &config, &config);
      while (i == 2 && ferry_ibb_machine_can_send (pair.machine[0]))
        {
          pair_send (&pair, 0, block);
          pair_settle (&pair);
        }

      if (i == 0)
        ferry_ibb_machine_close (pair.machine[1], pair.now, effects);
      else
        ferry_ibb_machine_abort (pair.machine[1], effects);
      pair_run (&pair, 1, effects);
      g_assert_cmpuint (pair.n_failed[1], ==, 1);

      for (GList *link = pair.queue[0].head; link != NULL; link = link->next)
        n_answers += ferry_iq_is (link->data, FERRY_IQ_RESULT);
      g_assert_cmpuint (n_answers, ==, i == 2 ? 8 : 0);
      g_assert_cmpuint (g_queue_get_length (&pair.queue[0]), ==, n_answers + (i > 0));
      pair_clear (&pair);
    }
}

/* A peer that never answers the <open/>. */
static void
test_fails_when_nobody_answers (void)
{
  const FerryIbbConfig config = { "s", 4096, 4 };
  g_autoptr(GPtrArray) effects = ferry_ibb_effects_new ();
  Pair pair;

  pair_init (&pair, &config, &config);
  pair_open_from (&pair, 0);
  ferry_ibb_machine_answer (pair.machine[0], 1, NULL, pair.now, effects);
  pair_run (&pair, 0, effects);
  g_assert_cmpuint (pair.n_failed[0], ==, 1);
  pair_clear (&pair);
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

      pair_init_open (&pair, 4);
      for (guint n = 0; n < 65538; n++)
        {
          g_autoptr(FerryElement) data = make_data (n < 65536 ? n : seqs[n - 65536], "AAAA", "iq");

          pair_feed (&pair, 1, data);
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

  pair_init_open (&pair, 1);
  for (guint n = 0; n < 65600; n++)
    {
      g_autoptr(GPtrArray) effects = ferry_ibb_effects_new ();

      pair_send (&pair, 0, "w");
      pair_settle (&pair);
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

  pair_init_open (&pair, 8);
  while (ferry_ibb_machine_can_send (pair.machine[0]) && n_sent < 1000)
    {
      pair_send (&pair, 0, block);
      pair_settle (&pair);
      n_sent++;
    }

  g_assert_cmpuint (n_sent, >, FERRY_IBB_QUEUE_LIMIT / 4096);
  g_assert_cmpuint (n_sent, <=, FERRY_IBB_QUEUE_LIMIT / 4096 + 8);
  g_assert_cmpuint (pair.n_failed[0] + pair.n_failed[1], ==, 0);

  ferry_ibb_machine_consume (pair.machine[1], FERRY_IBB_QUEUE_LIMIT, effects);
  pair_run (&pair, 1, effects);
  pair_settle (&pair);
  g_assert_true (ferry_ibb_machine_can_send (pair.machine[0]));
  pair_clear (&pair);
}

/* SEC-29, IBB-8: a reader that sleeps too long costs the sender its patience, not the
 * file: blocks whose acks were held may come again, and only they. */
static void
test_takes_again_what_it_did_not_acknowledge (void)
{
  enum { N = FERRY_IBB_QUEUE_LIMIT / 4096 + 3 };
  g_autofree char *block = g_strnfill (4096, 'b');
  g_autofree char *text = g_base64_encode ((const guchar *) block, 4096);
  g_autoptr(GPtrArray) effects = ferry_ibb_effects_new ();
  Pair pair;

  pair_init_open (&pair, 8);
  for (guint n = 0; n < N + 2; n++)
    {
      g_autoptr(FerryElement) data = make_data (MIN (n, N - 1), text, "iq");

      pair_feed (&pair, 1, data); /* the last one three times */
    }
  g_assert_cmpuint (pair.received[1]->len, ==, N * 4096);
  g_assert_cmpuint (g_queue_get_length (&pair.queue[0]), ==, FERRY_IBB_QUEUE_LIMIT / 4096);

  ferry_ibb_machine_consume (pair.machine[1], N * 4096, effects);
  pair_run (&pair, 1, effects);
  g_assert_cmpuint (g_queue_get_length (&pair.queue[0]), ==, N + 2);

  for (guint n = N - 2; n <= N; n++)
    {
      g_autoptr(FerryElement) data = make_data (n, text, "iq");

      pair_feed (&pair, 1, data);
    }
  g_assert_cmpuint (pair.received[1]->len, ==, (N + 1) * 4096);
  g_assert_cmpuint (g_queue_get_length (&pair.queue[0]), ==, N + 5);
  g_assert_cmpuint (pair.n_failed[1], ==, 0);

  for (guint n = 0; n < 2; n++)
    {
      g_autoptr(FerryElement) data = make_data (N - 5, text, "iq");

      pair_feed (&pair, 1, data);
    }
  g_assert_cmpuint (pair.n_failed[1], ==, 1);
  pair_clear (&pair);
}

/* IBB-13: they have no answers. */
static void
test_takes_data_in_messages (void)
{
  g_autoptr(FerryElement) data = make_data (0, "aGVsbG8=", "message");
  Pair pair;

  pair_init_open (&pair, 4);
  pair_feed (&pair, 1, data);
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

      pair_init_open (&pair, 4);
      pair_send (&pair, 0, "last");
      pair_close_from (&pair, 0);
      pair_deliver (&pair, 1);
      pair_deliver (&pair, 0); /* only now it says <close/> */
      g_assert_cmpuint (g_queue_get_length (&pair.queue[1]), ==, 1);

      if (i == 0)
        {
          pair_wake (&pair, 0);
          g_assert_cmpint (pair.now, ==, 10 * SECOND);
        }
      else
        {
          pair_bounce (&pair, 1, FERRY_STANZA_ERROR_CANCEL, FERRY_CONDITION_ITEM_NOT_FOUND);
          pair_settle (&pair);
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

  pair_init_open (&pair, 4);
  pair_close_from (&pair, 1);
  pair_send (&pair, 0, "late");
  pair_settle (&pair);
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
  g_test_add_func ("/proto/ibb-machine/answers-opens-and-closes", test_answers_opens_and_closes);
  g_test_add_func ("/proto/ibb-machine/gives-up-at-once", test_gives_up_at_once);
  g_test_add_func ("/proto/ibb-machine/fails-when-nobody-answers", test_fails_when_nobody_answers);
  g_test_add_func ("/proto/ibb-machine/counts-past-the-wrap", test_counts_past_the_wrap);
  g_test_add_func ("/proto/ibb-machine/wraps-when-sending", test_wraps_when_sending);
  g_test_add_func ("/proto/ibb-machine/holds-acks-while-nobody-reads",
                   test_holds_acks_while_nobody_reads);
  g_test_add_func ("/proto/ibb-machine/takes-again-what-it-did-not-acknowledge",
                   test_takes_again_what_it_did_not_acknowledge);
  g_test_add_func ("/proto/ibb-machine/takes-data-in-messages", test_takes_data_in_messages);
  g_test_add_func ("/proto/ibb-machine/closes-whatever-the-answer",
                   test_closes_whatever_the_answer);
  g_test_add_func ("/proto/ibb-machine/fails-when-closed-too-early",
                   test_fails_when_closed_too_early);

  return g_test_run ();
}
