/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "legacy/rel-session-private.h"
#include "legacy/rel.h"
#include "si-world.h"

static void
print_session (GString            *out,
               const FerrySession *session)
{
  const FerryRelSession *self = (const FerryRelSession *) session;

  g_string_append_printf (out, ",%d,%u,%u,%d,%d,%d,%d,%d", self->phase, self->methods,
                          self->offered, self->method, self->keep_alive, self->was_bad,
                          self->held != NULL, self->has_transport);
}

static gboolean
is_undisturbed (const SiScenario *scenario)
{
  return !scenario->unprepared && !scenario->silent &&
         scenario->cancels + scenario->declines + scenario->disk_errors + scenario->leavings +
         scenario->alarms == 0;
}

/* REL-9, REL-10, REL-12: whatever happens in whatever order, both end, and agree. */
static void
check_end (const SiWorld *world)
{
  const SiSide *romeo = &world->sides[ROMEO];
  const SiSide *juliet = &world->sides[JULIET];
  gboolean began = ((FerryRelSession *) juliet->session)->phase != PHASE_IDLE;

  g_assert_true (romeo->ended);
  g_assert_true (juliet->ended || !began);
  g_assert_cmpuint (romeo->n_held + juliet->n_held, ==, 0); /* GEN-1 */

  if (is_undisturbed (world->scenario))
    {
      FerryOutcome expected = world->scenario->works ? FERRY_OUTCOME_DONE : FERRY_OUTCOME_NO_ROUTE;

      g_assert_cmpint (romeo->outcome, ==, expected);
      g_assert_cmpint (juliet->outcome, ==, expected);
    }

  if (romeo->outcome == FERRY_OUTCOME_DONE)
    g_assert_true (world->taken);
  if (romeo->outcome == FERRY_OUTCOME_UNCONFIRMED)
    g_assert_true (world->sent);
  if (romeo->outcome == FERRY_OUTCOME_DECLINED)
    g_assert_false (world->sent);
  if (juliet->ended && juliet->outcome == FERRY_OUTCOME_DONE)
    g_assert_true (world->stored && world->taken);
  if (!world->sent)
    g_assert_false (world->stored);
}

#define REL &ferry_rel_dialect, .works = TRUE

static const SiScenario scenarios[] = {
  { "all-goes-well", REL },
  { "s5b-is-bad", REL, .s5b_fails = TRUE },
  { "all-are-bad", &ferry_rel_dialect },
  { "streams-that-cannot-be-had", REL, .unprepared = TRUE },
  { "declined-or-cancelled", REL, .cancels = 1, .declines = 1 },
  { "cancelled-between-methods", REL, .s5b_fails = TRUE, .cancels = 1 },
  { "disk-error", REL, .disk_errors = 1, .cancels = 1 },
  { "either-leaves", REL, .s5b_fails = TRUE, .leavings = 1 },
  { "alarms-strike-early", REL, .s5b_fails = TRUE, .alarms = 2, .cancels = 1 },
  { "a-close-that-is-not-seen", REL, .silent = TRUE, .cancels = 1 },
  { "nothing-works", &ferry_rel_dialect, .alarms = 1, .cancels = 1 },
  { "many-things-at-once", REL, .s5b_fails = TRUE, .unprepared = TRUE, .silent = TRUE,
    .cancels = 1, .declines = 1, .disk_errors = 1, .leavings = 1, .alarms = 1 },
};

static void
test_scenario (gconstpointer data)
{
  static const SiWalk kind = { print_session, check_end };

  si_world_walk (data, &kind);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (scenarios); i++)
    {
      g_autofree char *path = g_strconcat ("/legacy/rel-interleavings/", scenarios[i].name, NULL);

      g_test_add_data_func (path, &scenarios[i], test_scenario);
    }

  return g_test_run ();
}
