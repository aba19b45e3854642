/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "s5b-world.h"

static void
assert_agreement (const World *world)
{
  for (guint side = 0; side < 2; side++)
    g_assert_cmpuint (world->reports[side], ==, 1); /* S5B1-8 */

  world_assert_same (world);
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
      World world = world_new (&net, ferry_s5b_1.rules);

      world_start (&world);
      n_leaves += world_explore (&world, depth, assert_agreement);
      world_clear (&world);
    }

  g_test_message ("%u endings", n_leaves);
}

/* A hole beside everything else changes nothing of it. */
static void
test_agrees_with_a_hole_in_every_order (void)
{
  static const Reach reaches[] = { ANSWERS, REFUSES, HOLE };
  guint depth = g_test_slow () ? 9 : 6;
  guint n_leaves = 0;

  for (guint i = 0; i < 27 * 8; i++)
    {
      Net net = {
        .direct = { reaches[i % 3], reaches[i / 3 % 3] },
        .proxy = { i / 27 & 1 ? HOLE : ANSWERS, ANSWERS },
        .n_direct = { 1, i / 27 & 2 ? 1 : 2 },
        .has_proxy = { TRUE, i / 27 & 4 },
        .punches = TRUE,
        .punch = reaches[i / 9 % 3],
      };
      World world = world_new (&net, ferry_s5b_1.rules);

      world_start_late (&world);
      n_leaves += world_explore (&world, depth, assert_agreement);
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
  { "only a hole", .net = { { HOLE, HOLE }, { ANSWERS, ANSWERS }, { 2, 2 }, { TRUE, TRUE },
    .punches = TRUE, .punch = ANSWERS }, "A", 200 },
  { "a hole in the same network", .net = { { ANSWERS, ANSWERS }, { ANSWERS, ANSWERS }, { 2, 2 },
    { TRUE, TRUE }, .punches = TRUE, .punch = HOLE }, "D0", 200 },
  { "no hole, one proxy", .net = { { HOLE, HOLE }, { ANSWERS, ANSWERS }, { 2, 2 }, { TRUE, FALSE },
    .punches = TRUE, .punch = HOLE }, "p", 1300 },
  { "a refused hole, one proxy", .net = { { REFUSES, REFUSES }, { ANSWERS, ANSWERS }, { 2, 2 },
    { TRUE, FALSE }, .punches = TRUE, .punch = REFUSES }, "p", 500 },
  { "own proxy out of reach",
    { { REFUSES, REFUSES }, { HOLE, ANSWERS }, { 1, 1 }, { TRUE, FALSE } }, NULL, 8500 },
};

static void
test_finds_the_best_way_in_time (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      World world = world_new (&cases[i].net, ferry_s5b_1.rules);

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
  g_test_add_func ("/proto/s5b-engine/agrees-with-a-hole-in-every-order",
                   test_agrees_with_a_hole_in_every_order);
  g_test_add_func ("/proto/s5b-engine/finds-the-best-way-in-time", test_finds_the_best_way_in_time);

  return g_test_run ();
}
