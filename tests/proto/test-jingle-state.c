/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/jingle-state.h"
#include "proto/s5b-nomination.h"

#define INITIATOR FERRY_ROLE_INITIATOR
#define RESPONDER FERRY_ROLE_RESPONDER

static void
test_offer_accept_terminate (void)
{
  FerryJingleState state = FERRY_JINGLE_IDLE;

  g_assert_cmpint (ferry_jingle_state_step (&state, FERRY_JINGLE_SESSION_INITIATE, INITIATOR), ==, FERRY_JINGLE_OK);
  g_assert_cmpint (state, ==, FERRY_JINGLE_PENDING);
  g_assert_cmpint (ferry_jingle_state_step (&state, FERRY_JINGLE_TRANSPORT_INFO, RESPONDER), ==, FERRY_JINGLE_OK);
  g_assert_cmpint (state, ==, FERRY_JINGLE_PENDING);
  g_assert_cmpint (ferry_jingle_state_step (&state, FERRY_JINGLE_SESSION_ACCEPT, RESPONDER), ==, FERRY_JINGLE_OK);
  g_assert_cmpint (state, ==, FERRY_JINGLE_ACTIVE);
  g_assert_cmpint (ferry_jingle_state_step (&state, FERRY_JINGLE_SESSION_TERMINATE, INITIATOR), ==, FERRY_JINGLE_OK);
  g_assert_cmpint (state, ==, FERRY_JINGLE_ENDED);
}

static void
test_refuses_and_stays (void)
{
  static const struct
  {
    FerryJingleState   state;
    FerryJingleAction  action;
    FerryRole    sender;
    FerryJingleVerdict verdict;
  } cases[] = {
    { FERRY_JINGLE_IDLE, FERRY_JINGLE_TRANSPORT_INFO, INITIATOR, FERRY_JINGLE_UNKNOWN_SESSION },
    { FERRY_JINGLE_PENDING, FERRY_JINGLE_SESSION_INITIATE, INITIATOR, FERRY_JINGLE_OUT_OF_ORDER },
    { FERRY_JINGLE_PENDING, FERRY_JINGLE_SESSION_ACCEPT, INITIATOR, FERRY_JINGLE_OUT_OF_ORDER },
    { FERRY_JINGLE_ACTIVE, FERRY_JINGLE_SESSION_ACCEPT, RESPONDER, FERRY_JINGLE_OUT_OF_ORDER },
    { FERRY_JINGLE_ENDED, FERRY_JINGLE_SESSION_TERMINATE, RESPONDER, FERRY_JINGLE_UNKNOWN_SESSION },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      FerryJingleState state = cases[i].state;

      g_assert_cmpint (ferry_jingle_state_step (&state, cases[i].action, cases[i].sender), ==, cases[i].verdict);
      g_assert_cmpint (state, ==, cases[i].state);
    }
}

static void
test_nothing_leaves_ended (void)
{
  for (FerryJingleAction action = 0; action < FERRY_JINGLE_N_ACTIONS; action++)
    for (FerryRole sender = INITIATOR; sender <= RESPONDER; sender++)
      {
        FerryJingleState state = FERRY_JINGLE_ENDED;

        g_assert_cmpint (ferry_jingle_state_step (&state, action, sender), ==, FERRY_JINGLE_UNKNOWN_SESSION);
        g_assert_cmpint (state, ==, FERRY_JINGLE_ENDED);
      }
}

/* Whatever the two sides picked, they must name the same candidate. */
static void
test_both_sides_nominate_the_same (void)
{
  const guint32 low = 7788877, high = 8258636;
  const guint32 *picks[] = { NULL, &low, &high };

  for (gsize i = 0; i < G_N_ELEMENTS (picks); i++)
    for (gsize r = 0; r < G_N_ELEMENTS (picks); r++)
      {
        FerryS5bWinner initiator = ferry_s5b_nominate (INITIATOR, picks[i], picks[r]);
        FerryS5bWinner responder = ferry_s5b_nominate (RESPONDER, picks[r], picks[i]);

        g_assert_cmpint (initiator == FERRY_S5B_NOBODY, ==, responder == FERRY_S5B_NOBODY);
        g_assert_cmpint (initiator == FERRY_S5B_OURS, ==, responder == FERRY_S5B_THEIRS);
      }

  g_assert_cmpint (ferry_s5b_nominate (INITIATOR, &high, &high), ==, FERRY_S5B_OURS);
  g_assert_cmpint (ferry_s5b_nominate (RESPONDER, &high, &low), ==, FERRY_S5B_OURS);
  g_assert_cmpint (ferry_s5b_nominate (INITIATOR, NULL, &low), ==, FERRY_S5B_THEIRS);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/proto/jingle-state/offer-accept-terminate", test_offer_accept_terminate);
  g_test_add_func ("/proto/jingle-state/refuses-and-stays", test_refuses_and_stays);
  g_test_add_func ("/proto/jingle-state/nothing-leaves-ended", test_nothing_leaves_ended);
  g_test_add_func ("/proto/s5b-nomination/both-sides-nominate-the-same", test_both_sides_nominate_the_same);

  return g_test_run ();
}
