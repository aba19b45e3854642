/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "base/resumption.h"

#define SECOND G_TIME_SPAN_SECOND
#define START  (1000 * SECOND)
#define LIMIT  (600 * SECOND)

static void
test_tries_soon_then_ever_later (void)
{
  static const gint64 delays[] = { 1, 3, 10, 30, 60 };
  FerryResumption self;
  gint64 now = START;

  ferry_resumption_init (&self, LIMIT);
  ferry_resumption_break (&self, 100, now);

  for (guint i = 0; i < G_N_ELEMENTS (delays); i++)
    {
      gint64 due = now + delays[i] * SECOND;

      g_assert_cmpint (ferry_resumption_judge (&self, TRUE, due - 1), ==, FERRY_RESUMPTION_WAIT);
      g_assert_cmpint (ferry_resumption_get_due (&self, TRUE, now), ==, due);
      g_assert_cmpint (ferry_resumption_judge (&self, TRUE, due), ==, FERRY_RESUMPTION_TRY);
      ferry_resumption_begin_try (&self, due);
      now = due + 5 * SECOND;
      ferry_resumption_break (&self, 100, now);
    }

  g_assert_cmpint (ferry_resumption_judge (&self, TRUE, now), ==, FERRY_RESUMPTION_GIVE_UP);
  g_assert_cmpint (ferry_resumption_judge (&self, FALSE, now), ==, FERRY_RESUMPTION_GIVE_UP);
}

/* Who waits for somebody uses up no tries, but time. */
static void
test_waits_for_whom_to_ask (void)
{
  FerryResumption self;

  ferry_resumption_init (&self, LIMIT);
  ferry_resumption_break (&self, 100, START);
  g_assert_true (ferry_resumption_is_broken (&self));
  g_assert_cmpint (ferry_resumption_get_due (&self, FALSE, START), ==, START + LIMIT);
  g_assert_cmpint (ferry_resumption_judge (&self, FALSE, START + LIMIT - 1), ==,
                   FERRY_RESUMPTION_WAIT);
  g_assert_cmpint (ferry_resumption_judge (&self, TRUE, START + LIMIT - 1), ==,
                   FERRY_RESUMPTION_TRY);
  g_assert_cmpint (ferry_resumption_judge (&self, FALSE, START + LIMIT), ==,
                   FERRY_RESUMPTION_GIVE_UP);
}

/* The time counts from the break, whatever is tried in between. */
static void
test_tries_do_not_prolong_the_wait (void)
{
  FerryResumption self;

  ferry_resumption_init (&self, LIMIT);
  ferry_resumption_break (&self, 100, START);
  ferry_resumption_begin_try (&self, START + 300 * SECOND);
  ferry_resumption_break (&self, 100, START + 330 * SECOND);
  g_assert_cmpint (ferry_resumption_judge (&self, TRUE, START + LIMIT), ==,
                   FERRY_RESUMPTION_GIVE_UP);
}

static void
test_getting_on_begins_anew (void)
{
  FerryResumption self;
  gint64 now = START;

  ferry_resumption_init (&self, LIMIT);

  for (gint64 i = 1; i <= 50; i++)
    {
      ferry_resumption_break (&self, i, now);
      g_assert_cmpint (ferry_resumption_judge (&self, TRUE, now + SECOND), ==,
                       FERRY_RESUMPTION_TRY);
      ferry_resumption_begin_try (&self, now + SECOND);
      now += 60 * SECOND;
      ferry_resumption_go_on (&self, now);
      g_assert_false (ferry_resumption_is_broken (&self));
    }
}

/* A way that opens and dies before a byte has moved is no better than none. */
static void
test_ways_that_bring_nothing_are_counted (void)
{
  FerryResumption self;
  gint64 now = START;

  ferry_resumption_init (&self, LIMIT);
  ferry_resumption_break (&self, 100, now);

  for (guint i = 0; i < FERRY_RESUMPTION_MAX_TRIES; i++)
    {
      now += 61 * SECOND;
      g_assert_cmpint (ferry_resumption_judge (&self, TRUE, now), ==, FERRY_RESUMPTION_TRY);
      ferry_resumption_begin_try (&self, now);
      ferry_resumption_go_on (&self, now);
      ferry_resumption_break (&self, 100, now);
    }

  g_assert_cmpint (ferry_resumption_judge (&self, TRUE, now), ==, FERRY_RESUMPTION_GIVE_UP);
}

/* What is paused for hours after it went on has not been looked for in that time. */
static void
test_only_the_time_of_looking_counts (void)
{
  FerryResumption self;

  ferry_resumption_init (&self, LIMIT);
  ferry_resumption_break (&self, 100, START);
  ferry_resumption_go_on (&self, START + 200 * SECOND);
  ferry_resumption_break (&self, 100, START + 9000 * SECOND);
  g_assert_cmpint (ferry_resumption_judge (&self, FALSE, START + 9399 * SECOND), ==,
                   FERRY_RESUMPTION_WAIT);
  g_assert_cmpint (ferry_resumption_judge (&self, FALSE, START + 9400 * SECOND), ==,
                   FERRY_RESUMPTION_GIVE_UP);
}

static void
test_another_network_is_another_chance (void)
{
  FerryResumption self;
  gint64 now = START;

  ferry_resumption_init (&self, LIMIT);

  for (guint i = 0; i < FERRY_RESUMPTION_MAX_TRIES; i++)
    {
      ferry_resumption_break (&self, 100, now);
      ferry_resumption_begin_try (&self, now);
    }

  ferry_resumption_break (&self, 100, now);
  g_assert_cmpint (ferry_resumption_judge (&self, TRUE, now), ==, FERRY_RESUMPTION_GIVE_UP);
  ferry_resumption_change_network (&self, now);
  g_assert_cmpint (ferry_resumption_judge (&self, TRUE, now), ==, FERRY_RESUMPTION_WAIT);
  g_assert_cmpint (ferry_resumption_judge (&self, TRUE, now + SECOND), ==, FERRY_RESUMPTION_TRY);
  g_assert_cmpint (ferry_resumption_judge (&self, TRUE, now + LIMIT), ==,
                   FERRY_RESUMPTION_GIVE_UP);
}

static void
test_who_does_not_want_does_not_look (void)
{
  FerryResumption self;

  ferry_resumption_init (&self, 0);
  g_assert_cmpint (ferry_resumption_judge (&self, TRUE, START), ==, FERRY_RESUMPTION_GIVE_UP);
  ferry_resumption_break (&self, 100, START);
  g_assert_cmpint (ferry_resumption_judge (&self, TRUE, START), ==, FERRY_RESUMPTION_GIVE_UP);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/resumption/tries-soon-then-ever-later", test_tries_soon_then_ever_later);
  g_test_add_func ("/base/resumption/waits-for-whom-to-ask", test_waits_for_whom_to_ask);
  g_test_add_func ("/base/resumption/tries-do-not-prolong-the-wait",
                   test_tries_do_not_prolong_the_wait);
  g_test_add_func ("/base/resumption/getting-on-begins-anew", test_getting_on_begins_anew);
  g_test_add_func ("/base/resumption/ways-that-bring-nothing-are-counted",
                   test_ways_that_bring_nothing_are_counted);
  g_test_add_func ("/base/resumption/only-the-time-of-looking-counts",
                   test_only_the_time_of_looking_counts);
  g_test_add_func ("/base/resumption/another-network-is-another-chance",
                   test_another_network_is_another_chance);
  g_test_add_func ("/base/resumption/who-does-not-want-does-not-look",
                   test_who_does_not_want_does_not_look);

  return g_test_run ();
}
