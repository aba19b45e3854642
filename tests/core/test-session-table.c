/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "core/session-table.h"

#define ROMEO  "romeo@montague.lit/orchard"
#define GARDEN "romeo@montague.lit/garden"
#define EVE    "eve@example.org/x"

/* SEC-1, SEC-3 */
static void
test_peer_and_sid_must_both_fit (void)
{
  g_autoptr(FerrySessionTable) table = ferry_session_table_new ();
  char session;
  char other;

  g_assert_true (ferry_session_table_add (table, ROMEO, "a1", &session));
  g_assert_true (ferry_session_table_add (table, EVE, "a1", &other));

  g_assert_true (ferry_session_table_lookup (table, ROMEO, "a1") == &session);
  g_assert_true (ferry_session_table_lookup (table, EVE, "a1") == &other);
  g_assert_null (ferry_session_table_lookup (table, GARDEN, "a1"));
  g_assert_null (ferry_session_table_lookup (table, ROMEO, "A1"));
  g_assert_null (ferry_session_table_lookup (table, "romeo@montague.lit", "a1"));
  g_assert_null (ferry_session_table_lookup (table, NULL, "a1"));
  g_assert_null (ferry_session_table_lookup (table, ROMEO, NULL));
}

static void
test_a_session_is_not_taken_over (void)
{
  g_autoptr(FerrySessionTable) table = ferry_session_table_new ();
  char first;
  char second;

  g_assert_true (ferry_session_table_add (table, ROMEO, "a1", &first));
  g_assert_false (ferry_session_table_add (table, ROMEO, "a1", &second));
  g_assert_true (ferry_session_table_lookup (table, ROMEO, "a1") == &first);

  ferry_session_table_remove (table, EVE, "a1");
  g_assert_true (ferry_session_table_lookup (table, ROMEO, "a1") == &first);
  ferry_session_table_remove (table, ROMEO, "a1");
  g_assert_null (ferry_session_table_lookup (table, ROMEO, "a1"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/session-table/peer-and-sid-must-both-fit",
                   test_peer_and_sid_must_both_fit);
  g_test_add_func ("/core/session-table/a-session-is-not-taken-over",
                   test_a_session_is_not_taken_over);

  return g_test_run ();
}
