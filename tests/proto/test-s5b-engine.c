/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "s5b-world.h"

static void
assert_agreement (const World *world)
{
  for (guint side = 0; side < 2; side++)
    {
      g_assert_true (ferry_s5b_engine_is_over (world->engine[side]));
      g_assert_cmpuint (world->reports[side], ==, 1); /* S5B1-8 */
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

/* Tries every order, as far as @depth; from there on the natural one. Early
 * timers too, as long as they only start dials. */
static void
explore (const World *world,
         guint        depth,
         guint       *n_leaves)
{
  gboolean has_message[2] = { FALSE, FALSE };
  guint n_choices = 0;
  guint side = 0;
  gint64 deadline;

  for (guint i = 0; depth > 0 && i < world->n_items; i++)
    {
      const Item *item = &world->items[i];
      World next;

      if (item->kind == ITEM_MESSAGE && has_message[item->side])
        continue; /* stanzas do not overtake each other */
      has_message[item->side] |= item->kind == ITEM_MESSAGE;

      next = world_copy (world);
      world_deliver (&next, i);
      explore (&next, depth - 1, n_leaves);
      world_clear (&next);
      n_choices++;
    }

  if (depth > 0 && world_find_deadline (world, &side, &deadline) && deadline <= 1200 * MSEC)
    {
      World next = world_copy (world);

      world_wake (&next, side, deadline);
      explore (&next, depth - 1, n_leaves);
      world_clear (&next);
      n_choices++;
    }

  if (n_choices == 0)
    {
      World end = world_copy (world);

      world_play (&end);
      assert_agreement (&end);
      world_clear (&end);
      (*n_leaves)++;
    }
}

static void
test_agrees_in_every_order (void)
{
  static const Reach reaches[] = { ANSWERS, REFUSES, HOLE, PICKY };
  guint depth = g_test_slow () ? 9 : 6;
  guint n_leaves = 0;

  for (guint i = 0; i < G_N_ELEMENTS (reaches) * G_N_ELEMENTS (reaches) * 16; i++)
    {
      Net net = {
        .direct = { reaches[i % 4], reaches[i / 4 % 4] },
        .proxy = { i & 16 ? HOLE : ANSWERS, i & 32 ? REFUSES : ANSWERS },
        .n_direct = { 2, i & 64 ? 1 : 2 },
        .has_proxy = { TRUE, i & 128 },
      };
      World world = world_new (&net);

      world_start (&world);
      explore (&world, depth, &n_leaves);
      world_clear (&world);
    }

  g_test_message ("%u endings", n_leaves);
}

/* What is nominated, and how soon (virtual time). */
static const struct
{
  const char *what;
  Net         net;
  const char *host;  /* NULL: none */
  gint64      limit; /* ms until both have it */
} cases[] = {
  { "all open", { { ANSWERS, ANSWERS }, { ANSWERS, ANSWERS }, { 2, 2 }, { TRUE, FALSE } }, "D0", 200 },
  { "only Juliet is reachable", { { ANSWERS, HOLE }, { ANSWERS, ANSWERS }, { 2, 2 }, { TRUE, TRUE } },
    "D0", 200 },
  { "only Romeo is reachable", { { HOLE, ANSWERS }, { ANSWERS, ANSWERS }, { 2, 2 }, { TRUE, TRUE } },
    "d0", 200 },
  { "black hole, one proxy", { { HOLE, HOLE }, { ANSWERS, ANSWERS }, { 2, 2 }, { TRUE, FALSE } },
    "p", 1300 },
  { "black hole, six hosts, one proxy",
    { { HOLE, HOLE }, { ANSWERS, ANSWERS }, { 6, 6 }, { TRUE, FALSE } }, "p", 1300 },
  { "black hole, two proxies", { { HOLE, HOLE }, { ANSWERS, ANSWERS }, { 2, 2 }, { TRUE, TRUE } },
    "P", 1300 },
  { "refused, one proxy", { { REFUSES, REFUSES }, { ANSWERS, ANSWERS }, { 2, 2 }, { TRUE, FALSE } },
    "p", 500 },
  { "one-sided refusal, one proxy", { { HOLE, REFUSES }, { ANSWERS, ANSWERS }, { 2, 2 }, { TRUE, FALSE } },
    "p", 1300 },
  { "proxy only, of the initiator", { { HOLE, HOLE }, { ANSWERS, ANSWERS }, { 0, 0 }, { TRUE, FALSE } },
    "p", 250 },
  { "proxy only, of the responder", { { HOLE, HOLE }, { ANSWERS, ANSWERS }, { 0, 0 }, { FALSE, TRUE } },
    "P", 250 },
  { "responder offers nothing", { { HOLE, ANSWERS }, { HOLE, HOLE }, { 1, 0 }, { FALSE, FALSE } },
    "d0", 200 },
  { "other order of names", { { ANSWERS, PICKY }, { HOLE, HOLE }, { 0, 1 }, { FALSE, FALSE } },
    "D0", 200 },
  { "refuses the usual order of names", { { PICKY, HOLE }, { HOLE, HOLE }, { 1, 1 }, { FALSE, FALSE } },
    "D0", 300 },
  { "nothing answers", { { HOLE, HOLE }, { HOLE, HOLE }, { 2, 2 }, { TRUE, TRUE } }, NULL, 8100 },
  { "nothing answers, no proxy", { { HOLE, HOLE }, { HOLE, HOLE }, { 2, 2 }, { FALSE, FALSE } },
    NULL, 5100 },
  { "all refuse", { { REFUSES, REFUSES }, { REFUSES, REFUSES }, { 2, 2 }, { TRUE, TRUE } }, NULL, 500 },
  { "proxy will not activate",
    { { REFUSES, REFUSES }, { ANSWERS, ANSWERS }, { 1, 1 }, { TRUE, FALSE }, TRUE }, NULL, 500 },
  { "own proxy out of reach",
    { { REFUSES, REFUSES }, { HOLE, ANSWERS }, { 1, 1 }, { TRUE, FALSE } }, NULL, 8500 },
};

static void
test_finds_the_best_way_in_time (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      World world = world_new (&cases[i].net);

      g_test_message ("%s", cases[i].what);
      world_start (&world);
      world_play (&world);
      assert_agreement (&world);

      for (guint side = 0; side < 2; side++)
        if (cases[i].host == NULL)
          {
            g_assert_true (world.failed[side]);
            g_assert_cmpint (world.now, <=, cases[i].limit * MSEC);
          }
        else
          {
            g_assert_cmpint (world.used[side], !=, -1);
            g_assert_cmpstr (world.links[world.used[side]].host, ==, cases[i].host);
            g_assert_cmpint (world.used_at[side], <=, cases[i].limit * MSEC);
          }

      world_clear (&world);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/proto/s5b-engine/agrees-in-every-order", test_agrees_in_every_order);
  g_test_add_func ("/proto/s5b-engine/finds-the-best-way-in-time", test_finds_the_best_way_in_time);

  return g_test_run ();
}
