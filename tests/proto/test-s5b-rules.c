/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "s5b-desk.h"

/* S5B1-8, S5B1-20 */
static void
test_takes_one_report (void)
{
  Desk desk;

  desk_init (&desk, FERRY_ROLE_INITIATOR, ferry_s5b_1.rules);
  OFFER (DIRECT, 1);
  SAID (START, "dial 198.51.100.0");
  desk_info (&desk, FERRY_S5B_INFO_CANDIDATE_USED, "x", FERRY_S5B_VERDICT_UNKNOWN, "");
  SAID (DIALLED, "send candidate-used j0");
  HEARD (CANDIDATE_ERROR, NULL, "use");
  HEARD (CANDIDATE_ERROR, NULL, ""); /* late: FB-10 */
  ferry_s5b_engine_free (desk.engine);

  desk_init (&desk, FERRY_ROLE_INITIATOR, ferry_s5b_1.rules);
  OFFER (DIRECT, 1);
  SAID (START, "dial 198.51.100.0");
  HEARD (CANDIDATE_ERROR, NULL, "");
  desk_info (&desk, FERRY_S5B_INFO_CANDIDATE_ERROR, NULL, FERRY_S5B_VERDICT_REPEATED, "");
  desk_info (&desk, FERRY_S5B_INFO_CANDIDATE_USED, "c0", FERRY_S5B_VERDICT_REPEATED, "");
  ferry_s5b_engine_free (desk.engine);
}

/* S5B1-21a: silence becomes an error. */
static void
test_waits_for_the_report (void)
{
  Desk desk;

  desk_init (&desk, FERRY_ROLE_INITIATOR, ferry_s5b_1.rules);
  OFFER (DIRECT, 1);
  SAID (START, "dial 198.51.100.0");
  SAID (DIALLED, "send candidate-used j0");
  desk_wait (&desk, 30 * SECOND, "use");
  ferry_s5b_engine_free (desk.engine);
}

/* S5B1-21 */
static void
test_dials_for_some_seconds (void)
{
  static const struct { FerryS5bType type; gint64 limit; } cases[] = {
    { FERRY_S5B_DIRECT, 5 * SECOND },
    { FERRY_S5B_PROXY, 8 * SECOND },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Desk desk;

      desk_init (&desk, FERRY_ROLE_INITIATOR, ferry_s5b_1.rules);
      desk_offer (&desk, cases[i].type, 0, 1, FERRY_S5B_VERDICT_OK, "");
      SAID (START, "dial 198.51.100.0");
      desk_wait (&desk, cases[i].limit, "drop; send candidate-error");
      ferry_s5b_engine_free (desk.engine);
    }
}

/* Where everything is a black hole, in-band is not kept waiting; a proxy that may still answer
 * is. */
static void
test_hurries_where_there_is_another_way (void)
{
  Desk desk;

  desk_init (&desk, FERRY_ROLE_INITIATOR, ferry_s5b_1.rules);
  ferry_s5b_engine_hurry (desk.engine);
  OFFER (DIRECT, 1);
  SAID (START, "dial 198.51.100.0");
  desk_wait (&desk, 2 * SECOND, "drop; send candidate-error");
  ferry_s5b_engine_free (desk.engine);

  desk_init (&desk, FERRY_ROLE_INITIATOR, ferry_s5b_1.rules);
  ferry_s5b_engine_hurry (desk.engine);
  OFFER (DIRECT, 1);
  desk_offer (&desk, FERRY_S5B_PROXY, 1, 1, FERRY_S5B_VERDICT_OK, "");
  SAID (START, "dial 198.51.100.0");
  desk_wait (&desk, SECOND, "dial 198.51.100.1");
  desk.now += 3 * SECOND;
  SAID (DIAL_FAILED, "drop; send candidate-error");
  ferry_s5b_engine_free (desk.engine);

  desk_init (&desk, FERRY_ROLE_INITIATOR, ferry_s5b_1.rules);
  ferry_s5b_engine_hurry (desk.engine);
  desk_offer (&desk, FERRY_S5B_PROXY, 0, 1, FERRY_S5B_VERDICT_OK, "");
  SAID (START, "dial 198.51.100.0");
  desk_wait (&desk, 8 * SECOND, "drop; send candidate-error");
  ferry_s5b_engine_free (desk.engine);
}

/* S5B1-4. Peer: Psi begins with no hosts and names them later (Q-PS-2); of others an
 * empty list is the whole list. */
static void
test_waits_for_hosts_only_of_who_trickles (void)
{
  const FerryPeerProfile *psi = ferry_peer_profile_find ("https://psi-im.org", NULL, NULL);
  const FerryPeerProfile *ferry = ferry_peer_profile_find ("https://ferry.im/", NULL, NULL);
  Desk desk;

  desk_init_for (&desk, FERRY_ROLE_INITIATOR, ferry_s5b_1.rules, psi);
  OFFER (DIRECT, 0);
  SAID (START, "");
  desk_wait (&desk, 5 * SECOND, "send candidate-error");
  ferry_s5b_engine_free (desk.engine);

  desk_init_for (&desk, FERRY_ROLE_INITIATOR, ferry_s5b_1.rules, psi);
  OFFER (DIRECT, 0);
  SAID (START, "");
  desk.now += 4 * SECOND;
  desk_offer (&desk, FERRY_S5B_DIRECT, 0, 1, FERRY_S5B_VERDICT_OK, "dial 198.51.100.0");
  desk_wait (&desk, 5 * SECOND, "drop; send candidate-error");
  ferry_s5b_engine_free (desk.engine);

  desk_init_for (&desk, FERRY_ROLE_INITIATOR, ferry_s5b_1.rules, ferry);
  OFFER (DIRECT, 0);
  SAID (START, "send candidate-error");
  HEARD (CANDIDATE_ERROR, NULL, "failed"); /* no time has passed */
  ferry_s5b_engine_free (desk.engine);
}

/* S5B1-20: what the peer says it reached must come in. */
static void
test_waits_for_the_inbound (void)
{
  Desk desk;

  desk_init (&desk, FERRY_ROLE_INITIATOR, ferry_s5b_1.rules);
  OFFER (DIRECT, 1);
  SAID (START, "dial 198.51.100.0");
  SAID (DIAL_FAILED, "send candidate-error");
  HEARD (CANDIDATE_USED, "c0", "");
  desk_wait (&desk, 2 * SECOND, "failed");
  ferry_s5b_engine_free (desk.engine);
}

/* S5B1-10, S5B1-14 */
static void
test_waits_for_the_activation (void)
{
  for (guint i = 0; i < 4; i++)
    {
      Desk desk;

      desk_init (&desk, FERRY_ROLE_INITIATOR, ferry_s5b_1.rules);
      OFFER (PROXY, 1);
      SAID (START, "dial 198.51.100.0");
      HEARD (ACTIVATED, "j0", ""); /* of nothing */
      SAID (DIALLED, "send candidate-used j0");
      if (i < 3)
        HEARD (CANDIDATE_ERROR, NULL, ""); /* it is chosen, and nothing is sent on it yet */

      if (i == 0)
        HEARD (ACTIVATED, "whatever", "use proxied");
      else if (i == 1)
        HEARD (PROXY_ERROR, NULL, "failed"); /* S5B1-13, and without a cid: S5B1-12 */
      else if (i == 3)
        HEARD (ACTIVATED, "j0", "use proxied"); /* which says that it reached none of ours */
      else
        desk_wait (&desk, 10 * SECOND, "send proxy-error j0; failed");
      ferry_s5b_engine_free (desk.engine);
    }
}

/* S5B1-10 to -13. Peer: Dino answers an early <activated/> with an error, so that it is
 * held until both have reported (Q-DI-5). */
static void
test_activates_its_own_proxy (void)
{
  for (guint i = 0; i < 4; i++)
    {
      guint ours;
      Desk desk;

      desk_init (&desk, FERRY_ROLE_INITIATOR, ferry_s5b_1.rules);
      OFFER (DIRECT, 1);
      SAID (START, "dial 198.51.100.0");
      ours = desk.dial;
      HEARD (CANDIDATE_USED, "c1", "dial 192.0.2.9");
      SAID (DIALLED, ""); /* no activation before our own report */
      desk.dial = ours;
      SAID (DIAL_FAILED, "send candidate-error; activate proxy.montague.lit");

      if (i == 0)
        SAID (ACTIVATION_DONE, "send activated c1; use proxied");
      else if (i == 1)
        SAID (ACTIVATION_FAILED, "send proxy-error c1; failed");
      else if (i == 2)
        HEARD (PROXY_ERROR, "c1", "failed");
      else
        g_assert_cmpint (ferry_s5b_engine_get_deadline (desk.engine), ==, 0); /* the iq has one */
      ferry_s5b_engine_free (desk.engine);
    }
}

/* S5B1-12, SEC-17 */
static void
test_gives_up_its_own_proxy (void)
{
  Desk desk;

  desk_init (&desk, FERRY_ROLE_INITIATOR, ferry_s5b_1.rules);
  OFFER (DIRECT, 1);
  SAID (START, "dial 198.51.100.0");
  SAID (DIAL_FAILED, "send candidate-error");
  HEARD (CANDIDATE_USED, "c1", "dial 192.0.2.9");
  desk_wait (&desk, 8 * SECOND, "send proxy-error c1; failed");
  ferry_s5b_engine_free (desk.engine);
}

/* SEC-13: whatever the peer says. */
static void
test_dials_nobody_before_the_agreement (void)
{
  Desk desk;

  desk_init (&desk, FERRY_ROLE_INITIATOR, ferry_s5b_1.rules);
  OFFER (DIRECT, 3);
  HEARD (CANDIDATE_USED, "c1", "");
  desk.now += 60 * SECOND;
  SAID (DEADLINE, "");
  ferry_s5b_engine_free (desk.engine);
}

/* SEC-11: twenty at once, forty in all. */
static void
test_takes_forty_candidates (void)
{
  Desk desk;

  desk_init (&desk, FERRY_ROLE_INITIATOR, ferry_s5b_1.rules);
  desk_offer (&desk, FERRY_S5B_DIRECT, 0, 21, FERRY_S5B_VERDICT_TOO_MANY, "");
  desk_offer (&desk, FERRY_S5B_DIRECT, 0, 20, FERRY_S5B_VERDICT_OK, "");
  desk_offer (&desk, FERRY_S5B_DIRECT, 20, 19, FERRY_S5B_VERDICT_OK, "");
  desk_offer (&desk, FERRY_S5B_DIRECT, 39, 2, FERRY_S5B_VERDICT_TOO_MANY, "");
  desk_offer (&desk, FERRY_S5B_DIRECT, 30, 10, FERRY_S5B_VERDICT_OK, ""); /* one is new */
  desk_offer (&desk, FERRY_S5B_DIRECT, 40, 1, FERRY_S5B_VERDICT_TOO_MANY, "");
  ferry_s5b_engine_free (desk.engine);
}

/* SEC-17: eight at a time, twenty in all. */
static void
test_dials_twenty_times (void)
{
  guint n_dials = 1;
  guint oldest;
  Desk desk;

  desk_init (&desk, FERRY_ROLE_INITIATOR, ferry_s5b_1.rules);
  OFFER (DIRECT, 20);
  desk_offer (&desk, FERRY_S5B_DIRECT, 20, 10, FERRY_S5B_VERDICT_OK, "");
  SAID (START, "dial 198.51.100.0");
  oldest = desk.dial;

  for (; n_dials < 8; n_dials++)
    {
      g_autofree char *dial = g_strdup_printf ("dial 198.51.100.%u", n_dials);

      desk_wait (&desk, SECOND / 5, dial);
    }
  desk.now += SECOND / 5;
  SAID (DEADLINE, "");

  for (; n_dials <= 20; n_dials++)
    {
      g_autofree char *dial = g_strdup_printf ("dial 198.51.100.%u", n_dials);
      guint last = desk.dial;

      desk.dial = oldest++;
      SAID (DIAL_FAILED, n_dials < 20 ? dial : "");
      g_assert_true (n_dials == 20 || desk.dial > last);
      desk.now += SECOND / 5;
    }
  ferry_s5b_engine_free (desk.engine);
}

/* SEC-25: a fifth does not push out the first. */
static void
test_keeps_four_that_came_in (void)
{
  Desk desk;

  desk_init (&desk, FERRY_ROLE_INITIATOR, ferry_s5b_1.rules);
  for (guint i = 0; i < 5; i++)
    desk_inbound (&desk, "192.0.2.1", i < 4 ? "" : "drop");
  ferry_s5b_engine_free (desk.engine);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/proto/s5b-engine/takes-one-report", test_takes_one_report);
  g_test_add_func ("/proto/s5b-engine/waits-for-the-report", test_waits_for_the_report);
  g_test_add_func ("/proto/s5b-engine/dials-for-some-seconds", test_dials_for_some_seconds);
  g_test_add_func ("/proto/s5b-engine/hurries-where-there-is-another-way",
                   test_hurries_where_there_is_another_way);
  g_test_add_func ("/proto/s5b-engine/waits-for-hosts-only-of-who-trickles",
                   test_waits_for_hosts_only_of_who_trickles);
  g_test_add_func ("/proto/s5b-engine/waits-for-the-inbound", test_waits_for_the_inbound);
  g_test_add_func ("/proto/s5b-engine/waits-for-the-activation", test_waits_for_the_activation);
  g_test_add_func ("/proto/s5b-engine/activates-its-own-proxy", test_activates_its_own_proxy);
  g_test_add_func ("/proto/s5b-engine/gives-up-its-own-proxy", test_gives_up_its_own_proxy);
  g_test_add_func ("/proto/s5b-engine/dials-nobody-before-the-agreement",
                   test_dials_nobody_before_the_agreement);
  g_test_add_func ("/proto/s5b-engine/takes-forty-candidates", test_takes_forty_candidates);
  g_test_add_func ("/proto/s5b-engine/dials-twenty-times", test_dials_twenty_times);
  g_test_add_func ("/proto/s5b-engine/keeps-four-that-came-in", test_keeps_four_that_came_in);

  return g_test_run ();
}
