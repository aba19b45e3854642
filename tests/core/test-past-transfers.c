/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/past-transfers.h"

#define UNTIL 1000

static void
add (FerryPastTransfers *table,
     const char         *peer,
     const char         *story,
     gboolean            is_done)
{
  g_autoptr(FerryFileDescription) file = ferry_file_description_new ();
  FerryPastTransfer past = {
    .peer = (char *) peer,
    .story = (char *) story,
    .file = file,
    .is_done = is_done,
    .until = UNTIL,
  };

  file->name = g_strdup (story);
  ferry_past_transfers_add (table, &past);
}

/* SEC-1: whoever learns of an id is still somebody else. */
static void
test_is_known_by_person_and_story (void)
{
  g_autoptr(FerryPastTransfers) table = ferry_past_transfers_new ();
  const FerryPastTransfer *found;

  add (table, "romeo@montague.lit/orchard", "a", TRUE);
  add (table, "romeo@montague.lit/orchard", "b", FALSE);

  found = ferry_past_transfers_find (table, "romeo@montague.lit/elsewhere", "a", 0);
  g_assert_nonnull (found);
  g_assert_true (found->is_done);
  g_assert_cmpstr (found->peer, ==, "romeo@montague.lit");
  g_assert_cmpstr (found->file->name, ==, "a");
  found = ferry_past_transfers_find (table, "romeo@montague.lit", "b", 0);
  g_assert_nonnull (found);
  g_assert_false (found->is_done);
  g_assert_null (ferry_past_transfers_find (table, "romeo@montague.lit/orchard", "c", 0));
  g_assert_null (ferry_past_transfers_find (table, "tybalt@capulet.lit/orchard", "a", 0));
}

static void
test_is_forgotten_in_time (void)
{
  g_autoptr(FerryPastTransfers) table = ferry_past_transfers_new ();

  add (table, "romeo@montague.lit", "a", TRUE);
  g_assert_nonnull (ferry_past_transfers_find (table, "romeo@montague.lit", "a", UNTIL - 1));
  g_assert_null (ferry_past_transfers_find (table, "romeo@montague.lit", "a", UNTIL));
}

static void
test_the_oldest_makes_room (void)
{
  g_autoptr(FerryPastTransfers) table = ferry_past_transfers_new ();

  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *story = g_strdup_printf ("%u", i);

      add (table, "romeo@montague.lit", story, TRUE);
    }

  g_assert_null (ferry_past_transfers_find (table, "romeo@montague.lit", "0", 0));
  g_assert_nonnull (ferry_past_transfers_find (table, "romeo@montague.lit", "999", 0));
  g_assert_nonnull (ferry_past_transfers_find (table, "romeo@montague.lit", "980", 0));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/past-transfers/is-known-by-person-and-story",
                   test_is_known_by_person_and_story);
  g_test_add_func ("/core/past-transfers/is-forgotten-in-time", test_is_forgotten_in_time);
  g_test_add_func ("/core/past-transfers/the-oldest-makes-room", test_the_oldest_makes_room);

  return g_test_run ();
}
