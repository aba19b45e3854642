/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "legacy/si-87.h"
#include "legacy/si-session-private.h"
#include "legacy/si.h"
#include "si-world.h"

/* Two worlds with the same print have the same future. */
static char *
print (const SiWorld *world)
{
  GString *out = g_string_new (NULL);

  g_string_append_printf (out, "%d%d%d%u%u%u%d", world->sent, world->taken, world->stored,
                          world->alarms, world->disk_errors, world->repeats,
                          world->sides[ROMEO].alarm < world->sides[JULIET].alarm);
  for (guint i = 0; i < N_SIDES; i++)
    {
      const SiSide *side = &world->sides[i];
      const FerrySiSession *session = (const FerrySiSession *) side->session;

      g_string_append_printf (out, "|%d%d%d%d%d%d%d%d%d%d,%d,%u,%u,%u,%u,%u", side->alarm != 0,
                              side->has_transport, side->preparing, side->opening, side->is_open,
                              side->was_open, side->pumping, side->asked, side->storing,
                              side->ended, side->outcome, side->n_held, side->held_tag,
                              side->cancels, side->declines, side->leavings);
      g_string_append_printf (out, ",%d,%d,%d", session->phase, session->held != NULL,
                              session->has_transport);
      for (guint m = 0; m < side->inbox->len; m++)
        {
          const SiMessage *message = &g_array_index (side->inbox, SiMessage, m);
          g_autofree char *xml = ferry_element_print (message->iq);

          g_string_append_printf (out, ";%u%s", message->tag, xml);
        }
    }

  return g_string_free (out, FALSE);
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

/* While nothing else can happen, time goes to the next alarm. Otherwise an alarm is a
 * disturbance, of which there are few. */
static gboolean
may_ring (const SiWorld *world,
          guint          side,
          gboolean       quiet)
{
  gint64 other = world->sides[!side].alarm;

  return quiet ? other == 0 || world->sides[side].alarm <= other : world->alarms > 0;
}

/* Nobody has to cancel, leave or repeat: those are not what a world waits for. */
static gboolean
is_extra (SiMove move)
{
  return move == ALARM || move == CANCEL || move == LEAVE || move == REPEAT;
}

/* Returns: how many worlds are new from here on */
static guint
walk (const SiWorld *world,
      GHashTable    *seen,
      guint         *n_ends)
{
  guint n_worlds = 1;
  gboolean quiet = TRUE;

  if (!g_hash_table_add (seen, print (world)))
    return 0;

  for (SiMove move = 0; move < N_MOVES; move++)
    for (guint side = 0; side < N_SIDES; side++)
      {
        SiWorld *next;

        if (!si_world_can (world, side, move) ||
            (move == ALARM && !may_ring (world, side, quiet)))
          continue;

        next = si_world_copy (world);
        if (move == ALARM && !quiet)
          next->alarms--;
        si_world_make (next, side, move);
        n_worlds += walk (next, seen, n_ends);
        si_world_free (next);
        quiet = quiet && is_extra (move);
      }

  if (quiet && world->sides[ROMEO].alarm == 0 && world->sides[JULIET].alarm == 0)
    {
      check_end (world);
      (*n_ends)++;
    }

  return n_worlds;
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
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  SiWorld *world = si_world_new (data);
  guint n_ends = 0;
  guint n_worlds;

  si_world_start (world);
  n_worlds = walk (world, seen, &n_ends);
  si_world_free (world);

  g_test_message ("%u worlds, %u ends", n_worlds, n_ends);
  g_assert_cmpuint (n_worlds, >, 10);
  g_assert_cmpuint (n_ends, >, 0);
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
