/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "legacy/bytestreams-rules.h"
#include "legacy/s5b-0.h"
#include "s5b-world.h"

/* Two engines by older rules, in every order of what can happen between them. */

static guint
get_depth (void)
{
  return g_test_slow () ? 8 : 6;
}

/* S5B0-8, S5B0-9: at most one word of each on dialling. */
static void
assert_agreement (const World *world)
{
  for (guint side = 0; side < 2; side++)
    g_assert_cmpuint (world->reports[side], <=, 1);

  world_assert_same (world);
}

static guint
explore_0 (const Net *net)
{
  World world = world_new (net, ferry_s5b_0.rules);
  guint n_endings;

  world_start_late (&world);
  n_endings = world_explore (&world, get_depth (), assert_agreement);
  world_clear (&world);

  return n_endings;
}

/* S5B0-9, S5B0-9a, C-6: whoever is quicker, and whatever crosses, it is one connection. */
static void
test_s5b_0_agrees_in_every_order (void)
{
  static const Reach reaches[] = { ANSWERS, REFUSES, HOLE, CONTRARY };
  guint n_endings = 0;

  for (guint i = 0; i < G_N_ELEMENTS (reaches) * G_N_ELEMENTS (reaches) * 16; i++)
    {
      const Net net = {
        .direct = { reaches[i % 4], reaches[i / 4 % 4] },
        .proxy = { i & 16 ? HOLE : ANSWERS, i & 32 ? REFUSES : ANSWERS },
        .n_direct = { 2, i & 64 ? 0 : 2 },
        .has_proxy = { TRUE, (i & 128) != 0 },
      };

      n_endings += explore_0 (&net);
    }

  g_test_message ("%u endings", n_endings);
}

/* The same with proxies alone, one of which may refuse (S5B0-18). */
static void
test_s5b_0_agrees_on_proxies (void)
{
  static const Reach reaches[] = { ANSWERS, REFUSES, HOLE };

  for (guint i = 0; i < G_N_ELEMENTS (reaches) * G_N_ELEMENTS (reaches) * 4; i++)
    {
      const Net net = {
        .proxy = { reaches[i % 3], reaches[i / 3 % 3] },
        .has_proxy = { i / 9 % 2 == 0, TRUE },
        .proxy_refuses = i / 18,
      };

      explore_0 (&net);
    }
}

/* S5B0-9a: what the other never acknowledges, or refuses. Who does not want to hear of
 * a proxy that failed cannot know: there, the proxy does not. */
static void
test_s5b_0_agrees_without_answers (void)
{
  for (guint i = 0; i < 128; i++)
    {
      gboolean loses_answers = i < 32;
      const Net net = {
        .direct = { i & 1 ? ANSWERS : HOLE, i & 2 ? ANSWERS : REFUSES },
        .proxy = { loses_answers && (i & 4) != 0 ? REFUSES : ANSWERS, ANSWERS },
        .n_direct = { 1, 2 },
        .has_proxy = { (i & 8) != 0, (i & 16) != 0 },
        .loses_answers = loses_answers,
        .is_deaf = { (i & 32) != 0, (i & 64) != 0 },
        .proxy_refuses = loses_answers && (i & 3) == 0,
      };

      explore_0 (&net);
    }
}

/* What is chosen, and how soon (virtual time). */
typedef struct
{
  const char *what;
  Net         net;
  const char *host;  /* NULL: none */
  gint64      limit; /* ms until both have it, or know that there is none */
} Case;

static void
play_case (const Case          *test,
           const FerryS5bRules *rules)
{
  World world = world_new (&test->net, rules);

  g_test_message ("%s", test->what);
  world_start_late (&world);
  world_play (&world);
  assert_agreement (&world);
  g_assert_cmpint (world.failed[0], ==, test->host == NULL);

  for (guint side = 0; side < 2; side++)
    if (test->host == NULL)
      {
        g_assert_cmpint (world.now, <=, test->limit * MSEC);
      }
    else
      {
        g_assert_cmpstr (world.links[world.used[side]].host, ==, test->host);
        g_assert_cmpint (world.used_at[side], <=, test->limit * MSEC);
      }

  world_clear (&world);
}

static const Case cases_0[] = {
  { "all open: both reach the other, and the initiator's choice wins",
    { { ANSWERS, ANSWERS }, { ANSWERS, ANSWERS }, { 2, 2 }, { TRUE, FALSE } }, "D0", 200 },
  { "only Romeo is reachable",
    { { HOLE, ANSWERS }, { ANSWERS, ANSWERS }, { 2, 2 }, { TRUE, TRUE } }, "d0", 200 },
  { "hosts of Romeo's only",
    { { HOLE, ANSWERS }, { HOLE, HOLE }, { 2, 0 }, { FALSE, FALSE } }, "d0", 200 },
  { "hosts of Romeo's only, who is out of reach",
    { { HOLE, REFUSES }, { HOLE, HOLE }, { 2, 0 }, { FALSE, FALSE } }, NULL, 10500 },
  { "black hole, one proxy",
    { { HOLE, HOLE }, { ANSWERS, ANSWERS }, { 2, 2 }, { TRUE, FALSE } }, "p", 1500 },
  { "black hole, six hosts, one proxy",
    { { HOLE, HOLE }, { ANSWERS, ANSWERS }, { 6, 6 }, { TRUE, FALSE } }, "p", 2300 },
  { "refused, one proxy",
    { { REFUSES, REFUSES }, { ANSWERS, ANSWERS }, { 2, 2 }, { TRUE, FALSE } }, "p", 500 },
  { "proxy only, of the responder",
    { { HOLE, HOLE }, { ANSWERS, ANSWERS }, { 0, 0 }, { FALSE, TRUE } }, "P", 300 },
  { "the other order of names (SOCKS-10)",
    { { HOLE, CONTRARY }, { HOLE, HOLE }, { 1, 1 }, { FALSE, FALSE } }, "d0", 300 },
  { "the usual order of names, whoever offers (SOCKS-10)",
    { { PICKY, HOLE }, { HOLE, HOLE }, { 1, 1 }, { FALSE, FALSE } }, "D0", 200 },
  { "nothing answers (S5B0-14)",
    { { HOLE, HOLE }, { HOLE, HOLE }, { 2, 2 }, { TRUE, TRUE } }, NULL, 5100 },
  { "all refuse", { { REFUSES, REFUSES }, { REFUSES, REFUSES }, { 2, 2 }, { TRUE, TRUE } }, NULL, 500 },
  { "proxy will not activate (S5B0-18)",
    { { REFUSES, REFUSES }, { ANSWERS, ANSWERS }, { 1, 1 }, { TRUE, FALSE }, TRUE }, NULL, 500 },
  { "own proxy out of reach (S5B0-18)",
    { { REFUSES, REFUSES }, { HOLE, ANSWERS }, { 1, 1 }, { TRUE, FALSE } }, NULL, 2000 },
  { "no answer to the report",
    { { REFUSES, ANSWERS }, { HOLE, HOLE }, { 1, 1 }, { FALSE, FALSE }, .loses_answers = TRUE },
    "d0", 10200 },
};

static void
test_s5b_0_finds_a_way_in_time (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases_0); i++)
    play_case (&cases_0[i], ferry_s5b_0.rules);
}

/* Through a proxy the target does not see whether the requester got there: then it
 * waits for bytes on a connection that the requester gives up. */
static void
assert_delivery (const World *world)
{
  g_assert_cmpuint (world->reports[0], ==, 0);
  g_assert_cmpuint (world->reports[1], ==, 1); /* S5P-4 */

  if (world->failed[0] && !world->failed[1])
    g_assert_true (world->links[world->used[1]].is_proxy);
  else
    world_assert_same (world);
}

/* S5P-3, S5P-5 */
static void
test_bytestreams_agree_in_every_order (void)
{
  static const Reach reaches[] = { ANSWERS, REFUSES, HOLE, CONTRARY };
  guint n_endings = 0;

  for (guint i = 0; i < 4 * 3 * 3 * 8; i++)
    {
      const Net net = {
        .direct = { HOLE, reaches[i % 4] },
        .proxy = { reaches[i / 4 % 3], reaches[i / 12 % 3] },
        .n_direct = { i / 36 % 2 * 2, 0 },
        .has_proxy = { i / 72 % 2, FALSE },
        .proxy_refuses = i / 144,
      };
      World world = world_new (&net, &ferry_bytestreams_rules);

      world_start_late (&world);
      n_endings += world_explore (&world, get_depth () + 1, assert_delivery);
      world_clear (&world);
    }

  g_test_message ("%u endings", n_endings);
}

static const Case cases_one_way[] = {
  { "all open", { { HOLE, ANSWERS }, { ANSWERS, ANSWERS }, { 2, 0 }, { TRUE, FALSE } }, "d0", 200 },
  { "all refuse but the proxy",
    { { HOLE, REFUSES }, { ANSWERS, ANSWERS }, { 2, 0 }, { TRUE, FALSE } }, "p", 400 },
  { "black hole: five seconds a host",
    { { HOLE, HOLE }, { ANSWERS, ANSWERS }, { 2, 0 }, { TRUE, FALSE } }, "p", 10400 },
  { "nothing answers",
    { { HOLE, HOLE }, { ANSWERS, HOLE }, { 2, 0 }, { TRUE, FALSE } }, NULL, 15100 },
  { "nothing answers: thirty seconds in all",
    { { HOLE, HOLE }, { ANSWERS, HOLE }, { 6, 0 }, { TRUE, FALSE } }, NULL, 30100 },
  { "the other order of names is not tried (SOCKS-10)",
    { { HOLE, CONTRARY }, { ANSWERS, HOLE }, { 1, 0 }, { FALSE, FALSE } }, NULL, 200 },
  { "the requester's name comes first",
    { { HOLE, PICKY }, { ANSWERS, HOLE }, { 1, 0 }, { FALSE, FALSE } }, "d0", 200 },
};

static void
test_bytestreams_find_a_way_in_time (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases_one_way); i++)
    play_case (&cases_one_way[i], &ferry_bytestreams_rules);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/legacy/s5b-ages/s5b-0-agrees-in-every-order", test_s5b_0_agrees_in_every_order);
  g_test_add_func ("/legacy/s5b-ages/s5b-0-agrees-on-proxies", test_s5b_0_agrees_on_proxies);
  g_test_add_func ("/legacy/s5b-ages/s5b-0-agrees-without-answers",
                   test_s5b_0_agrees_without_answers);
  g_test_add_func ("/legacy/s5b-ages/s5b-0-finds-a-way-in-time", test_s5b_0_finds_a_way_in_time);
  g_test_add_func ("/legacy/s5b-ages/bytestreams-agree-in-every-order",
                   test_bytestreams_agree_in_every_order);
  g_test_add_func ("/legacy/s5b-ages/bytestreams-find-a-way-in-time",
                   test_bytestreams_find_a_way_in_time);

  return g_test_run ();
}
