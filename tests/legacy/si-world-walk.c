/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "si-world.h"

/* Two worlds with the same print have the same future. */
static char *
print (const SiWorld *world,
       const SiWalk  *kind)
{
  GString *out = g_string_new (NULL);

  g_string_append_printf (out, "%d%d%d%u%u%u%d", world->sent, world->taken, world->stored,
                          world->alarms, world->disk_errors, world->repeats,
                          world->sides[ROMEO].alarm < world->sides[JULIET].alarm);
  for (guint i = 0; i < N_SIDES; i++)
    {
      const SiSide *side = &world->sides[i];

      g_string_append_printf (out, "|%d%d%d%d%d%d%d%d%d%d,%d,%u,%u,%u,%u,%u%s",
                              side->alarm != 0, side->has_transport, side->preparing,
                              side->opening, side->is_open, side->was_open, side->pumping,
                              side->asked, side->storing, side->ended, side->outcome,
                              side->n_held, side->held_tag, side->cancels, side->declines,
                              side->leavings, side->ns != NULL ? side->ns : "");
      kind->print_session (out, side->session);
      for (guint m = 0; m < side->inbox->len; m++)
        {
          const SiMessage *message = &g_array_index (side->inbox, SiMessage, m);
          g_autofree char *xml = ferry_element_print (message->iq);

          g_string_append_printf (out, ";%u%s", message->tag, xml);
        }
    }

  return g_string_free (out, FALSE);
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
      const SiWalk  *kind,
      GHashTable    *seen,
      guint         *n_ends)
{
  guint n_worlds = 1;
  gboolean quiet = TRUE;

  if (!g_hash_table_add (seen, print (world, kind)))
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
        n_worlds += walk (next, kind, seen, n_ends);
        si_world_free (next);
        quiet = quiet && is_extra (move);
      }

  if (quiet && world->sides[ROMEO].alarm == 0 && world->sides[JULIET].alarm == 0)
    {
      kind->check_end (world);
      (*n_ends)++;
    }

  return n_worlds;
}

void
si_world_walk (const SiScenario *scenario,
               const SiWalk     *kind)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  SiWorld *world = si_world_new (scenario);
  guint n_ends = 0;
  guint n_worlds;

  si_world_start (world);
  n_worlds = walk (world, kind, seen, &n_ends);
  si_world_free (world);

  g_test_message ("%u worlds, %u ends", n_worlds, n_ends);
  g_assert_cmpuint (n_worlds, >, 10);
  g_assert_cmpuint (n_ends, >, 0);
}
