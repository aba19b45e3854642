/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/s5b-offer.h"
#include "s5b-desk.h"

#define MSEC (SECOND / 1000)

static void
begin (Desk      *desk,
       FerryRole  role)
{
  desk_init (desk, role, ferry_s5b_1.rules);
  ferry_s5b_engine_punch (desk->engine);
}

/* A hole is there only for who comes in time; the others keep their distance (S5B1-6). */
static void
test_starts_at_once (void)
{
  Desk desk;

  begin (&desk, FERRY_ROLE_INITIATOR);
  OFFER (DIRECT, 2);
  desk_offer (&desk, FERRY_S5B_ASSISTED, 2, 1, FERRY_S5B_VERDICT_OK, "");
  SAID (START, "dial 198.51.100.0; dial 198.51.100.2");
  desk_wait (&desk, 200 * MSEC, "dial 198.51.100.1");
  ferry_s5b_engine_free (desk.engine);
}

/* Of whoever does not say so, an assisted host is one like any other. */
static void
test_is_no_matter_with_others (void)
{
  Desk desk;

  desk_init (&desk, FERRY_ROLE_INITIATOR, ferry_s5b_1.rules);
  OFFER (DIRECT, 2);
  desk_offer (&desk, FERRY_S5B_ASSISTED, 2, 1, FERRY_S5B_VERDICT_OK, "");
  SAID (START, "dial 198.51.100.0");
  desk_wait (&desk, 200 * MSEC, "dial 198.51.100.1");
  desk_wait (&desk, 200 * MSEC, "dial 198.51.100.2");
  ferry_s5b_engine_free (desk.engine);
}

static void
test_comes_before_proxies (void)
{
  for (guint fails = 0; fails < 2; fails++)
    {
      Desk desk;

      begin (&desk, FERRY_ROLE_INITIATOR);
      desk_offer (&desk, FERRY_S5B_ASSISTED, 0, 1, FERRY_S5B_VERDICT_OK, "");
      desk_offer (&desk, FERRY_S5B_PROXY, 1, 1, FERRY_S5B_VERDICT_OK, "");
      SAID (START, "dial 198.51.100.0");
      if (fails)
        SAID (DIAL_FAILED, "dial 198.51.100.1"); /* only proxies are left */
      else
        desk_wait (&desk, SECOND, "dial 198.51.100.1");
      SAID (DIALLED, fails ? "send candidate-used j1" : "drop; send candidate-used j1");
      ferry_s5b_engine_free (desk.engine);
    }
}

/* Both know the names' order; a hole that has closed is not punched twice. */
static void
test_asks_once (void)
{
  const FerryS5bEvent refused = { .kind = FERRY_S5B_EVENT_DIAL_FAILED, .id = 1, .refused = TRUE };
  Desk desk;

  begin (&desk, FERRY_ROLE_INITIATOR);
  desk_offer (&desk, FERRY_S5B_ASSISTED, 0, 1, FERRY_S5B_VERDICT_OK, "");
  SAID (START, "dial 198.51.100.0");
  desk_handle (&desk, &refused, FERRY_S5B_VERDICT_OK, "send candidate-error");
  ferry_s5b_engine_free (desk.engine);
}

/* SEC-17 */
static void
test_keeps_the_limits (void)
{
  Desk desk;

  begin (&desk, FERRY_ROLE_INITIATOR);
  desk_offer (&desk, FERRY_S5B_ASSISTED, 0, 12, FERRY_S5B_VERDICT_OK, "");
  SAID (START, "dial 198.51.100.0; dial 198.51.100.1; dial 198.51.100.2; dial 198.51.100.3; "
        "dial 198.51.100.4; dial 198.51.100.5; dial 198.51.100.6; dial 198.51.100.7");
  SAID (DIAL_FAILED, "dial 198.51.100.8");
  ferry_s5b_engine_free (desk.engine);
}

/* Our router's address: a connection to it comes in at another of ours, and need not be waited
 * for again where there is no other. */
static void
test_knows_what_came_through_a_router (void)
{
  static const char *const cids[] = { "r1", "r2" };

  for (guint i = 0; i < 2 * G_N_ELEMENTS (cids); i++)
    {
      g_autoptr(FerryS5bOffer) offer = ferry_s5b_offer_new (FERRY_ROLE_RESPONDER, "r", NULL);
      guint id;
      Desk desk;

      begin (&desk, FERRY_ROLE_RESPONDER);
      g_assert_true (ferry_s5b_offer_add_direct (offer, "192.168.1.5", 5086, ROMEO));
      g_assert_true (ferry_s5b_offer_add_mapped (offer, "203.0.113.9", 40000, ROMEO));
      g_assert_true (ferry_s5b_offer_add_assisted (offer, "203.0.113.9", 5086, ROMEO));
      g_assert_false (ferry_s5b_offer_add_direct (offer, "203.0.113.9", 5086, ROMEO));
      ferry_s5b_engine_set_own (desk.engine, ferry_s5b_offer_get_candidates (offer));
      OFFER (DIRECT, 1);
      SAID (START, "dial 198.51.100.0");
      SAID (DIAL_FAILED, "send candidate-error");
      id = desk_inbound (&desk, "192.168.1.5", "");
      if (i < 2)
        {
          HEARD (CANDIDATE_USED, cids[i % 2], "use");
        }
      else
        {
          id = desk_inbound (&desk, "10.0.0.1", "");
          HEARD (CANDIDATE_USED, cids[i % 2], "");
          desk_wait (&desk, 250 * MSEC, "use");
        }
      g_assert_cmpuint (desk.used, ==, id);
      ferry_s5b_engine_free (desk.engine);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/proto/s5b-punching/starts-at-once", test_starts_at_once);
  g_test_add_func ("/proto/s5b-punching/is-no-matter-with-others", test_is_no_matter_with_others);
  g_test_add_func ("/proto/s5b-punching/comes-before-proxies", test_comes_before_proxies);
  g_test_add_func ("/proto/s5b-punching/asks-once", test_asks_once);
  g_test_add_func ("/proto/s5b-punching/keeps-the-limits", test_keeps_the_limits);
  g_test_add_func ("/proto/s5b-punching/knows-what-came-through-a-router",
                   test_knows_what_came_through_a_router);

  return g_test_run ();
}
