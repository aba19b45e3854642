/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "legacy/dialects.h"

/* Core relies on every field of every row. */
static void
test_rows_are_complete (void)
{
  const FerryDialect *const *dialects = ferry_dialects_get ();

  g_assert_nonnull (dialects[0]);
  for (guint i = 0; dialects[i] != NULL; i++)
    {
      const FerryDialect *dialect = dialects[i];

      g_assert_nonnull (dialect->features[0]);
      g_assert_nonnull (dialect->transports[0]);
      g_assert_true (dialect->entrances[0].name != NULL && dialect->entrances[0].ns != NULL);
      g_assert_true (dialect->get_sid != NULL && dialect->is_opening != NULL);
      g_assert_true (dialect->offer != NULL && dialect->answer != NULL);
      g_assert_true (dialect->refuse != NULL && dialect->busy != NULL);
      g_assert_true (ferry_dialects_find (dialect->name) == dialect);
    }
}

static void
test_finds_by_name (void)
{
  g_assert_nonnull (ferry_dialects_find ("jingle-1"));
  g_assert_null (ferry_dialects_find ("morse"));
  g_assert_null (ferry_dialects_find (NULL));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/legacy/dialects/rows-are-complete", test_rows_are_complete);
  g_test_add_func ("/legacy/dialects/finds-by-name", test_finds_by_name);

  return g_test_run ();
}
