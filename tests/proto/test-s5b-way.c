/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/s5b-way.h"

/* What a peer offers, and how we came to the last of them. */
static const struct
{
  const char      *hosts;
  FerryS5bType     type;    /* of the last */
  gboolean         punches;
  FerryPathOrigin  origin;
} cases[] = {
  { "192.168.1.5", FERRY_S5B_DIRECT, TRUE, FERRY_ORIGIN_HOST },
  { "203.0.113.7", FERRY_S5B_DIRECT, TRUE, FERRY_ORIGIN_HOST },
  { "192.168.1.5 203.0.113.7", FERRY_S5B_DIRECT, FALSE, FERRY_ORIGIN_MAPPED },
  { "192.168.1.5 10.0.0.1", FERRY_S5B_DIRECT, FALSE, FERRY_ORIGIN_HOST },
  { "192.168.1.5 100.64.3.4", FERRY_S5B_DIRECT, FALSE, FERRY_ORIGIN_MAPPED },
  { "100.64.3.4 203.0.113.7", FERRY_S5B_DIRECT, FALSE, FERRY_ORIGIN_MAPPED },
  { "203.0.113.7 192.168.1.5", FERRY_S5B_DIRECT, FALSE, FERRY_ORIGIN_HOST },
  { "192.168.1.5 2001:db8::1", FERRY_S5B_DIRECT, FALSE, FERRY_ORIGIN_HOST },
  { "fd00::1 2001:db8::1", FERRY_S5B_DIRECT, FALSE, FERRY_ORIGIN_HOST },
  { "127.0.0.1 203.0.113.7", FERRY_S5B_DIRECT, FALSE, FERRY_ORIGIN_HOST },
  { "192.168.1.5 peer.example", FERRY_S5B_DIRECT, FALSE, FERRY_ORIGIN_HOST },
  { "192.168.1.5 203.0.113.7", FERRY_S5B_ASSISTED, TRUE, FERRY_ORIGIN_PREDICTED },
  { "192.168.1.5 203.0.113.7", FERRY_S5B_ASSISTED, FALSE, FERRY_ORIGIN_MAPPED },
  { "192.168.1.5 203.0.113.7", FERRY_S5B_PROXY, TRUE, FERRY_ORIGIN_PROXY },
};

static void
test_guesses_by_what_else_there_is (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GPtrArray) theirs = ferry_s5b_candidates_new ();
      g_auto(GStrv) hosts = g_strsplit (cases[i].hosts, " ", -1);
      FerryS5bCandidate *last = NULL;

      for (char **host = hosts; *host != NULL; host++)
        {
          last = ferry_s5b_candidate_new_host ("a@b/c", *host, 5086, "a@b/c", 0);
          g_ptr_array_add (theirs, last);
        }

      last->type = cases[i].type;
      g_assert_cmpint (ferry_s5b_guess_origin (theirs, last, cases[i].punches), ==,
                       cases[i].origin);
    }
}

static void
test_guesses_by_the_ends (void)
{
  static const struct { const char *local; const char *remote; FerryPathOrigin origin; } ends[] = {
    { "192.168.1.5", "192.168.1.6", FERRY_ORIGIN_HOST },
    { "192.168.1.5", "203.0.113.9", FERRY_ORIGIN_MAPPED },
    { "203.0.113.9", "192.168.1.5", FERRY_ORIGIN_HOST },
    { "2001:db8::1", "2001:db8::2", FERRY_ORIGIN_HOST },
    { NULL, "203.0.113.9", FERRY_ORIGIN_HOST },
    { "192.168.1.5", NULL, FERRY_ORIGIN_HOST },
    { "127.0.0.1", "203.0.113.9", FERRY_ORIGIN_HOST },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    g_assert_cmpint (ferry_s5b_guess_inbound_origin (ends[i].local, ends[i].remote), ==,
                     ends[i].origin);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/proto/s5b-way/guesses-by-what-else-there-is",
                   test_guesses_by_what_else_there_is);
  g_test_add_func ("/proto/s5b-way/guesses-by-the-ends", test_guesses_by_the_ends);

  return g_test_run ();
}
