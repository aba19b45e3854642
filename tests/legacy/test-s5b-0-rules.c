/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "legacy/s5b-0.h"
#include "s5b-desk.h"

#define INITIATOR FERRY_ROLE_INITIATOR
#define RESPONDER FERRY_ROLE_RESPONDER
#define MSEC      G_GINT64_CONSTANT (1000)

static void
begin (Desk          *desk,
       FerryRole      role,
       FerryS5bType   type,
       guint          n)
{
  desk_init (desk, role, ferry_s5b_0.rules);
  desk_offer (desk, type, 0, n, FERRY_S5B_VERDICT_OK, "");
  desk_event (desk, FERRY_S5B_EVENT_START, n > 0 ? "dial 198.51.100.0" : "");
}

static void
end (Desk       *desk,
     gboolean    is_over)
{
  g_assert_cmpint (ferry_s5b_engine_is_over (desk->engine), ==, is_over);
  ferry_s5b_engine_free (desk->engine);
}

/* S5B0-9a: the responder's choice is its own once acknowledged, unless the initiator
 * has said another before. */
static void
test_responder_waits_for_the_acknowledgement (void)
{
  Desk desk;
  guint inbound;

  begin (&desk, RESPONDER, FERRY_S5B_DIRECT, 1);
  SAID (DIALLED, "send candidate-used j0");
  desk_answer (&desk, FALSE, "use");
  g_assert_cmpuint (desk.used, ==, desk.dial);
  end (&desk, TRUE);

  begin (&desk, RESPONDER, FERRY_S5B_DIRECT, 1);
  inbound = desk_inbound (&desk, "192.0.2.1", "");
  SAID (DIALLED, "send candidate-used j0");
  desk_used (&desk, ROMEO, "192.0.2.1", 5086, FERRY_S5B_VERDICT_OK, "drop; use");
  g_assert_cmpuint (desk.used, ==, inbound);
  desk_answer (&desk, FALSE, "");
  end (&desk, TRUE);

  begin (&desk, RESPONDER, FERRY_S5B_DIRECT, 1);
  SAID (DIALLED, "send candidate-used j0");
  HEARD (CANDIDATE_ERROR, NULL, "");
  desk_answer (&desk, FALSE, "use");
  end (&desk, TRUE);
}

/* S5B0-9: the initiator's own word is final; the responder's, if it crosses, is nothing. */
static void
test_initiator_wins_the_crossing (void)
{
  Desk desk;

  begin (&desk, INITIATOR, FERRY_S5B_DIRECT, 1);
  desk_inbound (&desk, "192.0.2.1", "");
  SAID (DIALLED, "send candidate-used j0");
  desk_used (&desk, ROMEO, "192.0.2.1", 5086, FERRY_S5B_VERDICT_OK, "");
  desk_answer (&desk, FALSE, "use");
  g_assert_cmpuint (desk.used, ==, desk.dial);
  end (&desk, TRUE);

  begin (&desk, INITIATOR, FERRY_S5B_DIRECT, 1);
  SAID (DIALLED, "send candidate-used j0");
  desk_used (&desk, "proxy.montague.lit", "192.0.2.9", 7625, FERRY_S5B_VERDICT_OK, "");
  desk_answer (&desk, FALSE, "use");
  end (&desk, TRUE);
}

/* A choice that the peer refuses is none, whoever made it. */
static void
test_refused_choice_is_none (void)
{
  static const FerryRole roles[] = { INITIATOR, RESPONDER };

  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    {
      Desk desk;

      begin (&desk, roles[i], FERRY_S5B_DIRECT, 1);
      SAID (DIALLED, "send candidate-used j0");
      desk_answer (&desk, TRUE, "drop");
      desk_inbound (&desk, "192.0.2.1", "");
      desk_used (&desk, ROMEO, "192.0.2.1", 5086, FERRY_S5B_VERDICT_OK, "use");
      end (&desk, TRUE);

      begin (&desk, roles[i], FERRY_S5B_DIRECT, 1);
      SAID (DIALLED, "send candidate-used j0");
      desk_answer (&desk, TRUE, "drop");
      desk_wait (&desk, 10 * SECOND, "failed");
      end (&desk, TRUE);
    }
}

/* … also where it took two attempts. */
static void
test_refused_choice_may_be_the_second (void)
{
  FerryS5bEvent refused = { .kind = FERRY_S5B_EVENT_DIAL_FAILED, .refused = TRUE, .text = "no" };
  Desk desk;

  begin (&desk, RESPONDER, FERRY_S5B_DIRECT, 1);
  refused.id = desk.dial;
  desk_handle (&desk, &refused, FERRY_S5B_VERDICT_OK, "dial 198.51.100.0");
  SAID (DIALLED, "send candidate-used j0");
  desk_answer (&desk, TRUE, "drop");
  HEARD (CANDIDATE_ERROR, NULL, "failed");
  end (&desk, TRUE);
}

/* No answer at all: the connection stands, but nobody activates a proxy unsaid. */
static void
test_silence_keeps_the_connection (void)
{
  Desk desk;

  begin (&desk, RESPONDER, FERRY_S5B_DIRECT, 1);
  SAID (DIALLED, "send candidate-used j0");
  desk_wait (&desk, 10 * SECOND, "use");
  end (&desk, TRUE);

  begin (&desk, RESPONDER, FERRY_S5B_PROXY, 1);
  SAID (DIALLED, "send candidate-used j0");
  desk_wait (&desk, 10 * SECOND, "failed");
  end (&desk, TRUE);
}

/* S5B0-8: whoever hears of a success stops, and has nothing to add. */
static void
test_first_success_ends_dialling (void)
{
  Desk desk;

  begin (&desk, INITIATOR, FERRY_S5B_DIRECT, 2);
  desk_wait (&desk, SECOND / 5, "dial 198.51.100.1");
  desk_inbound (&desk, "192.0.2.1", "");
  desk_used (&desk, ROMEO, "192.0.2.1", 5086, FERRY_S5B_VERDICT_OK, "drop; drop; use");
  end (&desk, TRUE);

  /* … even if it is heard before the agreement. */
  desk_init (&desk, INITIATOR, ferry_s5b_0.rules);
  OFFER (DIRECT, 1);
  desk_used (&desk, ROMEO, "192.0.2.1", 5086, FERRY_S5B_VERDICT_OK, "");
  desk_inbound (&desk, "192.0.2.1", "");
  SAID (START, "use");
  end (&desk, TRUE);

  begin (&desk, INITIATOR, FERRY_S5B_DIRECT, 1);
  HEARD (CANDIDATE_ERROR, NULL, ""); /* it dials on */
  desk_info (&desk, FERRY_S5B_INFO_CANDIDATE_ERROR, NULL, FERRY_S5B_VERDICT_REPEATED, "");
  SAID (DIAL_FAILED, "send candidate-error; failed");
  end (&desk, TRUE);
}

/* S5B0-10, S5B0-14, protocols 15 */
static void
test_keeps_its_times (void)
{
  static const FerryS5bType types[] = { FERRY_S5B_DIRECT, FERRY_S5B_PROXY };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      Desk desk;

      begin (&desk, RESPONDER, types[i], 1);
      desk_wait (&desk, 5 * SECOND, "drop; send candidate-error");
      desk_wait (&desk, 10 * SECOND, "failed");
      end (&desk, TRUE);
    }
}

/* S5B0-11 to -13: as listed, whatever the priorities; proxies a second after the last. */
static void
test_dials_in_the_order_listed (void)
{
  Desk desk;

  desk_init (&desk, INITIATOR, ferry_s5b_0.rules);
  desk_offer (&desk, FERRY_S5B_PROXY, 7, 2, FERRY_S5B_VERDICT_OK, "");
  desk_offer (&desk, FERRY_S5B_DIRECT, 5, 1, FERRY_S5B_VERDICT_OK, "");
  desk_offer (&desk, FERRY_S5B_DIRECT, 0, 2, FERRY_S5B_VERDICT_OK, "");
  SAID (START, "dial 198.51.100.5");
  desk_wait (&desk, 200 * MSEC, "dial 198.51.100.0");
  desk_wait (&desk, 200 * MSEC, "dial 198.51.100.1");
  desk_wait (&desk, 1000 * MSEC, "dial 198.51.100.7");
  desk_wait (&desk, 200 * MSEC, "dial 198.51.100.8");
  end (&desk, FALSE);
}

#define ROMEO_FIRST  "972b7bf47291ca609517f67f86b5081086052dad"
#define JULIET_FIRST "1a12fb7bc625e55f3ed5b29a53dbe0e4aa7d80ba"

/* SOCKS-10, C-5: a direct host is asked for H(initiator, responder), then for the
 * other; a proxy for what its offerer will activate. */
static void
test_asks_in_the_right_order_of_names (void)
{
  static const struct { FerryRole role; FerryS5bType type; const char *first, *then; } cases[] = {
    { INITIATOR, FERRY_S5B_DIRECT, ROMEO_FIRST, JULIET_FIRST },
    { RESPONDER, FERRY_S5B_DIRECT, JULIET_FIRST, ROMEO_FIRST },
    { INITIATOR, FERRY_S5B_PROXY, JULIET_FIRST, NULL },
    { RESPONDER, FERRY_S5B_PROXY, JULIET_FIRST, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      FerryS5bEvent refused = { .kind = FERRY_S5B_EVENT_DIAL_FAILED, .refused = TRUE };
      gboolean again = cases[i].then != NULL;
      Desk desk;

      begin (&desk, cases[i].role, cases[i].type, 1);
      g_assert_cmpstr (desk.asked, ==, cases[i].first);
      refused.id = desk.dial;
      desk_handle (&desk, &refused, FERRY_S5B_VERDICT_OK,
                   again ? "dial 198.51.100.0" : "send candidate-error");
      g_assert_cmpstr (desk.asked, ==, again ? cases[i].then : cases[i].first);

      desk_used (&desk, "proxy.montague.lit", NULL, 0, FERRY_S5B_VERDICT_OK,
                 again ? "dial 192.0.2.9; drop" : "dial 192.0.2.9");
      g_assert_cmpstr (desk.asked, ==, ROMEO_FIRST);
      end (&desk, FALSE);
    }
}

/* S5B0-17: nothing was tried, so there is nothing to say. */
static void
test_initiator_without_hosts_is_silent (void)
{
  const FerryPeerProfile *ferry = ferry_peer_profile_find ("https://ferry.im/", NULL, NULL);
  Desk desk;

  begin (&desk, INITIATOR, FERRY_S5B_DIRECT, 0);
  HEARD (CANDIDATE_ERROR, NULL, "failed"); /* S5B0-15 */
  end (&desk, TRUE);

  begin (&desk, INITIATOR, FERRY_S5B_DIRECT, 0);
  desk_inbound (&desk, "192.0.2.1", "");
  desk_used (&desk, ROMEO, "192.0.2.1", 5086, FERRY_S5B_VERDICT_OK, "use");
  end (&desk, TRUE);

  begin (&desk, INITIATOR, FERRY_S5B_DIRECT, 0);
  desk_wait (&desk, 10 * SECOND, "failed");
  end (&desk, TRUE);

  begin (&desk, INITIATOR, FERRY_S5B_DIRECT, 0);
  desk.now += SECOND;
  desk_offer (&desk, FERRY_S5B_DIRECT, 0, 1, FERRY_S5B_VERDICT_OK, "dial 198.51.100.0"); /* S5B0-5 */
  desk_wait (&desk, 5 * SECOND, "drop; send candidate-error"); /* S5B0-14 */
  end (&desk, FALSE);

  desk_init_for (&desk, RESPONDER, ferry_s5b_0.rules, ferry);
  OFFER (DIRECT, 0);
  SAID (START, "send candidate-error");
  end (&desk, FALSE);
}

/* S5B0-18, C-26: who dialled the proxy. */
static void
test_connector_waits_for_the_proxy (void)
{
  for (guint i = 0; i < 4; i++)
    {
      Desk desk;

      begin (&desk, RESPONDER, FERRY_S5B_PROXY, 1);
      SAID (DIALLED, "send candidate-used j0");
      HEARD (CANDIDATE_ERROR, NULL, ""); /* of its dialling: it is heard before the answer */
      desk_answer (&desk, FALSE, "");

      if (i == 0)
        HEARD (ACTIVATED, NULL, "use proxied");
      else if (i == 1)
        HEARD (CANDIDATE_ERROR, NULL, "failed"); /* of the proxy */
      else if (i == 2)
        desk_wait (&desk, 2 * SECOND, "use proxied");
      end (&desk, i < 3);
    }
}

/* S5B0-18: who offered it. Whether it works must be said before the other goes on. */
static void
test_offerer_activates_the_proxy (void)
{
  for (guint i = 0; i < 5; i++)
    {
      Desk desk;

      begin (&desk, INITIATOR, FERRY_S5B_DIRECT, 1);
      desk_used (&desk, "proxy.montague.lit", "192.0.2.9", 7625, FERRY_S5B_VERDICT_OK,
                 "dial 192.0.2.9; drop");
      if (i == 0)
        {
          desk_wait (&desk, 1500 * MSEC, "send proxy-error c1; failed");
          end (&desk, TRUE);
          continue;
        }

      SAID (DIALLED, "activate proxy.montague.lit");
      if (i == 1)
        SAID (ACTIVATION_DONE, "send activated c1; use proxied");
      else if (i == 2)
        SAID (ACTIVATION_FAILED, "send proxy-error c1; failed");
      else if (i == 3)
        HEARD (CANDIDATE_ERROR, NULL, "failed"); /* the other lost it */
      else
        desk_wait (&desk, 1500 * MSEC, "send proxy-error c1; failed");
      end (&desk, TRUE);
    }
}

static void
own_two_hosts (Desk *desk)
{
  g_autoptr(GPtrArray) own = ferry_s5b_candidates_new ();

  g_ptr_array_add (own, ferry_s5b_candidate_new_host (ROMEO, "192.0.2.1", 5086, ROMEO, 0));
  g_ptr_array_add (own, ferry_s5b_candidate_new_host (ROMEO, "192.0.2.2", 5086, ROMEO, 1));
  ferry_s5b_engine_set_own (desk->engine, own);
}

/* S5B0-7 */
static void
test_knows_the_host_that_was_used (void)
{
  static const struct { const char *jid, *host; guint16 port; FerryS5bVerdict verdict; } cases[] = {
    { ROMEO, "192.0.2.2", 5086, FERRY_S5B_VERDICT_OK },
    { ROMEO, "192.0.2.2", 0, FERRY_S5B_VERDICT_OK },
    { ROMEO, NULL, 0, FERRY_S5B_VERDICT_OK },
    { ROMEO, "192.0.2.2", 5087, FERRY_S5B_VERDICT_UNKNOWN },
    { ROMEO, "192.0.2.3", 5086, FERRY_S5B_VERDICT_UNKNOWN },
    { JULIET, "192.0.2.2", 5086, FERRY_S5B_VERDICT_UNKNOWN },
    { NULL, "192.0.2.2", 5086, FERRY_S5B_VERDICT_UNKNOWN },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gboolean ok = cases[i].verdict == FERRY_S5B_VERDICT_OK;
      guint inbound;
      Desk desk;

      begin (&desk, INITIATOR, FERRY_S5B_DIRECT, 1);
      own_two_hosts (&desk);
      inbound = desk_inbound (&desk, "192.0.2.2", "");
      desk_used (&desk, cases[i].jid, cases[i].host, cases[i].port, cases[i].verdict,
                 ok ? "drop; use" : "");
      g_assert_cmpuint (desk.used, ==, ok ? inbound : 0);
      end (&desk, ok);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/legacy/s5b-0/responder-waits-for-the-acknowledgement",
                   test_responder_waits_for_the_acknowledgement);
  g_test_add_func ("/legacy/s5b-0/initiator-wins-the-crossing", test_initiator_wins_the_crossing);
  g_test_add_func ("/legacy/s5b-0/refused-choice-is-none", test_refused_choice_is_none);
  g_test_add_func ("/legacy/s5b-0/refused-choice-may-be-the-second",
                   test_refused_choice_may_be_the_second);
  g_test_add_func ("/legacy/s5b-0/silence-keeps-the-connection", test_silence_keeps_the_connection);
  g_test_add_func ("/legacy/s5b-0/first-success-ends-dialling", test_first_success_ends_dialling);
  g_test_add_func ("/legacy/s5b-0/keeps-its-times", test_keeps_its_times);
  g_test_add_func ("/legacy/s5b-0/dials-in-the-order-listed", test_dials_in_the_order_listed);
  g_test_add_func ("/legacy/s5b-0/asks-in-the-right-order-of-names",
                   test_asks_in_the_right_order_of_names);
  g_test_add_func ("/legacy/s5b-0/initiator-without-hosts-is-silent",
                   test_initiator_without_hosts_is_silent);
  g_test_add_func ("/legacy/s5b-0/connector-waits-for-the-proxy", test_connector_waits_for_the_proxy);
  g_test_add_func ("/legacy/s5b-0/offerer-activates-the-proxy", test_offerer_activates_the_proxy);
  g_test_add_func ("/legacy/s5b-0/knows-the-host-that-was-used", test_knows_the_host_that_was_used);

  return g_test_run ();
}
