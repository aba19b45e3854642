/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "legacy/rel-session-private.h"
#include "legacy/rel.h"
#include "plain-world.h"

static void
print_session (GString            *out,
               const FerrySession *session)
{
  const FerryRelSession *self = (const FerryRelSession *) session;

  g_string_append_printf (out, ",%d,%u,%u,%d,%d,%d,%d", self->phase, self->methods, self->offered,
                          self->method, self->keep_alive, self->was_bad, self->has_transport);
}

/* Two worlds with the same print have the same future. */
static char *
print (const PlainWorld *world)
{
  GString *out = g_string_new (NULL);

  g_string_append_printf (out, "%d%d%d%u%u", world->has_begun, world->bytes_sent, world->stored,
                          world->alarms, world->disk_errors);
  for (guint i = 0; i < N_SIDES; i++)
    {
      const PlainSide *side = &world->sides[i];

      g_string_append_printf (out, "|%d,%u%u%u%d%d%d%d%d%d%d%d%u%u%u%s",
                              side->alarm != 0 ? (int) ((side->alarm - world->now) / 1000) : -1,
                              side->owed, side->tried, side->owed_tag, side->preparing,
                              side->opening, side->is_open, side->pumping, side->asked,
                              side->storing, side->ended, side->outcome, side->cancels,
                              side->declines, side->leavings, side->ns != NULL ? side->ns : "");
      print_session (out, side->session);
      for (guint m = 0; m < side->inbox->len; m++)
        {
          const PlainMessage *message = &g_array_index (side->inbox, PlainMessage, m);
          g_autofree char *xml = ferry_element_print (message->iq);

          g_string_append_printf (out, ";%u%s", message->tag, xml);
        }
    }

  return g_string_free (out, FALSE);
}

static gboolean
is_undisturbed (const PlainScenario *scenario)
{
  return !scenario->unprepared && scenario->cancels + scenario->declines + scenario->disk_errors +
         scenario->leavings + scenario->alarms == 0;
}

static void
check_end (const PlainWorld *world)
{
  const PlainScenario *scenario = world->scenario;
  const PlainSide *romeo = &world->sides[ROMEO];
  const PlainSide *juliet = &world->sides[JULIET];
  gboolean any_works = scenario->s5b_works || scenario->ibb_works;

  g_assert_true (romeo->ended && juliet->ended);
  g_assert_cmpuint (romeo->owed + juliet->owed, ==, 0);

  if (is_undisturbed (scenario))
    {
      g_assert_cmpint (romeo->outcome, ==,
                       any_works ? FERRY_OUTCOME_DONE : FERRY_OUTCOME_NO_ROUTE);
      g_assert_cmpint (juliet->outcome, ==,
                       any_works ? FERRY_OUTCOME_DONE : FERRY_OUTCOME_NO_ROUTE);
    }
  if (romeo->outcome == FERRY_OUTCOME_DONE)
    g_assert_true (world->bytes_sent);
  if (juliet->outcome == FERRY_OUTCOME_DONE)
    g_assert_true (world->stored);
  if (juliet->outcome == FERRY_OUTCOME_DECLINED && romeo->outcome != FERRY_OUTCOME_CANCELLED &&
      romeo->outcome != FERRY_OUTCOME_PEER_GONE && romeo->outcome != FERRY_OUTCOME_EXPIRED)
    g_assert_cmpint (romeo->outcome, ==, FERRY_OUTCOME_DECLINED);
  if (!any_works)
    g_assert_false (world->bytes_sent);
}

/* While nothing else can happen, time goes to the next alarm. Otherwise an alarm is a
 * disturbance, of which there are few. */
static gboolean
may_ring (const PlainWorld *world,
          guint             side,
          gboolean          quiet)
{
  gint64 other = world->sides[!side].alarm;

  return quiet ? other == 0 || world->sides[side].alarm <= other : world->alarms > 0;
}

/* Returns: how many worlds are new from here on */
static guint
walk (const PlainWorld *world,
      GHashTable       *seen,
      guint            *n_ends)
{
  guint n_worlds = 1;
  gboolean quiet = TRUE;

  if (!g_hash_table_add (seen, print (world)))
    return 0;

  for (PlainMove move = 0; move < N_MOVES; move++)
    for (guint side = 0; side < N_SIDES; side++)
      {
        PlainWorld *next;

        if (!plain_world_can (world, side, move) ||
            (move == ALARM && !may_ring (world, side, quiet)))
          continue;

        next = plain_world_copy (world);
        if (move == UNCONFIRMED || (move == ALARM && !quiet))
          next->alarms--;
        plain_world_make (next, side, move);
        n_worlds += walk (next, seen, n_ends);
        plain_world_free (next);
        quiet = quiet && (move == ALARM || move == CANCEL || move == LEAVE || move == UNCONFIRMED);
      }

  /* Nobody has to cancel or leave: those are not what a world waits for. */
  if (quiet && world->sides[ROMEO].alarm == 0 && world->sides[JULIET].alarm == 0)
    {
      check_end (world);
      (*n_ends)++;
    }

  return n_worlds;
}

#define REL .dialect = &ferry_rel_dialect

static const PlainScenario scenarios[] = {
  { "all-goes-well", REL, .s5b_works = TRUE, .ibb_works = TRUE },
  { "only-in-band-works", REL, .ibb_works = TRUE },
  { "nothing-works", REL },
  { "unprepared", REL, .s5b_works = TRUE, .ibb_works = TRUE, .unprepared = TRUE },
  { "moods", REL, .s5b_works = TRUE, .ibb_works = TRUE, .cancels = 1, .declines = 1 },
  { "moods-in-band", REL, .ibb_works = TRUE, .cancels = 1, .declines = 1 },
  { "vanishing", REL, .ibb_works = TRUE, .leavings = 1 },
  { "disk-errors", REL, .s5b_works = TRUE, .disk_errors = 1 },
  { "alarms", REL, .ibb_works = TRUE, .alarms = 2 },
  { "all-goes-wrong", REL, .ibb_works = TRUE, .unprepared = TRUE, .cancels = 1, .declines = 1,
    .leavings = 1, .alarms = 1, .disk_errors = 1 },
};

/* REL-9, REL-10, REL-12: whatever happens in whatever order, both end, and agree. */
static void
test_every_order (gconstpointer data)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  PlainWorld *world = plain_world_new (data);
  guint n_ends = 0;
  guint n_worlds = walk (world, seen, &n_ends);

  g_test_message ("%u worlds, %u ends", n_worlds, n_ends);
  g_assert_cmpuint (n_ends, >, 0);
  plain_world_free (world);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (scenarios); i++)
    {
      g_autofree char *path = g_strdup_printf ("/legacy/rel-interleavings/%s",
                                               scenarios[i].name);

      g_test_add_data_func (path, &scenarios[i], test_every_order);
    }

  return g_test_run ();
}
