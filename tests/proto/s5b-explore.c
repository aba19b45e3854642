/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "s5b-world.h"

#define LAST_EARLY (1200 * MSEC)

static gboolean
is_stanza (const Item *item)
{
  return item->kind == ITEM_MESSAGE || item->kind == ITEM_ANSWER || item->kind == ITEM_START;
}

guint
world_explore (const World *world,
               guint        depth,
               void       (*check) (const World *ending))
{
  gboolean has_stanza[2] = { FALSE, FALSE };
  guint n_choices = 0;
  guint n_endings = 0;
  guint side = 0;
  gint64 deadline;

  for (guint i = 0; depth > 0 && i < world->n_items; i++)
    {
      const Item *item = &world->items[i];
      World next;

      if (is_stanza (item) && has_stanza[item->side])
        continue; /* they do not overtake each other */
      has_stanza[item->side] |= is_stanza (item);

      next = world_copy (world);
      world_deliver (&next, i);
      n_endings += world_explore (&next, depth - 1, check);
      world_clear (&next);
      n_choices++;
    }

  if (depth > 0 && world_find_deadline (world, &side, &deadline) && deadline <= LAST_EARLY)
    {
      World next = world_copy (world);

      world_wake (&next, side, deadline);
      n_endings += world_explore (&next, depth - 1, check);
      world_clear (&next);
      n_choices++;
    }

  if (n_choices == 0)
    {
      World ending = world_copy (world);

      world_play (&ending);
      check (&ending);
      world_clear (&ending);
      n_endings++;
    }

  return n_endings;
}

void
world_assert_same (const World *world)
{
  for (guint side = 0; side < 2; side++)
    {
      g_assert_true (ferry_s5b_engine_is_over (world->engine[side]));
      g_assert_cmpint (world->failed[side], ==, world->used[side] == -1);
    }

  g_assert_cmpint (world->failed[0], ==, world->failed[1]);
  if (world->failed[0])
    return;

  if (world->links[world->used[0]].is_proxy)
    g_assert_cmpstr (world->links[world->used[0]].host, ==, world->links[world->used[1]].host);
  else
    g_assert_cmpint (world->used[0], ==, world->used[1]);
}
