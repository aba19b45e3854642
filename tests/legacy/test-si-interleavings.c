/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "legacy/si-87.h"
#include "legacy/si-session-private.h"
#include "legacy/si.h"
#include "si-world.h"

static void
print_session (GString            *out,
               const FerrySession *session)
{
  const FerrySiSession *self = (const FerrySiSession *) session;

  g_string_append_printf (out, ",%d,%d,%d", self->phase, self->held != NULL,
                          self->has_transport);
}

/* Nobody disturbs it and there is a way: then the file arrives, whatever the order. */
static gboolean
must_succeed (const SiScenario *scenario)
{
  return scenario->works && !scenario->unprepared && !scenario->corrupt && !scenario->silent &&
         scenario->cancels + scenario->declines + scenario->disk_errors + scenario->leavings +
         scenario->alarms == 0;
}

static void
check_end (const SiWorld *world)
{
  const SiSide *romeo = &world->sides[ROMEO];
  const SiSide *juliet = &world->sides[JULIET];
  gboolean began = ((FerrySiSession *) juliet->session)->phase != PHASE_IDLE;

  g_assert_true (romeo->ended);
  g_assert_true (juliet->ended || !began);

  /* GEN-1 */
  g_assert_cmpuint (romeo->n_held, ==, 0);
  g_assert_cmpuint (juliet->n_held, ==, 0);

  if (must_succeed (world->scenario))
    {
      g_assert_cmpint (romeo->outcome, ==, FERRY_OUTCOME_DONE);
      g_assert_cmpint (juliet->outcome, ==, FERRY_OUTCOME_DONE);
    }

  /* SIFT-6: no more than this can be known. */
  if (romeo->outcome == FERRY_OUTCOME_DONE)
    g_assert_true (world->taken);
  if (romeo->outcome == FERRY_OUTCOME_UNCONFIRMED)
    g_assert_true (world->sent);
  if (romeo->outcome == FERRY_OUTCOME_DECLINED)
    g_assert_cmpint (juliet->outcome, !=, FERRY_OUTCOME_DONE);
  if (juliet->ended && juliet->outcome == FERRY_OUTCOME_DONE)
    g_assert_true (world->stored && world->taken);
  if (world->scenario->corrupt || !world->sent)
    g_assert_false (world->stored);
}

static const SiScenario scenarios[] = {
  { "all-goes-well", &ferry_si_dialect, .works = TRUE },
  { "all-goes-well-in-the-older-text", &ferry_si_87_dialect, .works = TRUE, .repeats = 1 },
  { "either-cancels", &ferry_si_dialect, .works = TRUE, .cancels = 1 },
  { "declined-or-cancelled", &ferry_si_dialect, .works = TRUE, .cancels = 1, .declines = 1 },
  { "alarms-strike-early", &ferry_si_dialect, .works = TRUE, .alarms = 2, .cancels = 1 },
  { "other-bytes", &ferry_si_dialect, .works = TRUE, .corrupt = TRUE, .cancels = 1 },
  { "disk-error", &ferry_si_dialect, .works = TRUE, .disk_errors = 1, .cancels = 1 },
  { "nothing-works", &ferry_si_dialect, .alarms = 1, .cancels = 1 },
  { "streams-that-cannot-be-had", &ferry_si_dialect, .works = TRUE, .unprepared = TRUE,
    .alarms = 1 },
  { "a-close-that-is-not-seen", &ferry_si_dialect, .works = TRUE, .silent = TRUE, .cancels = 1 },
  { "either-leaves", &ferry_si_dialect, .works = TRUE, .leavings = 1, .cancels = 1 },
  { "an-offer-that-is-repeated", &ferry_si_dialect, .works = TRUE, .repeats = 2, .cancels = 1 },
  { "many-things-at-once", &ferry_si_dialect, .works = TRUE, .unprepared = TRUE, .silent = TRUE,
    .cancels = 1, .declines = 1, .disk_errors = 1, .leavings = 1, .alarms = 1, .repeats = 1 },
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
      g_autofree char *path = g_strconcat ("/legacy/si-interleavings/", scenarios[i].name, NULL);

      g_test_add_data_func (path, &scenarios[i], test_scenario);
    }

  return g_test_run ();
}
