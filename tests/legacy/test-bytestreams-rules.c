/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "legacy/bytestreams-rules.h"
#include "s5b-desk.h"

#define REQUESTER FERRY_ROLE_INITIATOR
#define TARGET    FERRY_ROLE_RESPONDER
#define MSEC      G_GINT64_CONSTANT (1000)

static void
begin (Desk      *desk,
       FerryRole  role)
{
  desk_init (desk, role, &ferry_bytestreams_rules);
}

static void
end (Desk     *desk,
     gboolean  is_over)
{
  g_assert_cmpint (ferry_s5b_engine_is_over (desk->engine), ==, is_over);
  ferry_s5b_engine_free (desk->engine);
}

/* S5P-3. Peer: libpurple's listener takes one connection, so there are never two; what
 * it sends through a proxy may be lost, so that proxies come last. */
static void
test_target_dials_one_after_another (void)
{
  Desk desk;

  begin (&desk, TARGET);
  desk_offer (&desk, FERRY_S5B_PROXY, 9, 1, FERRY_S5B_VERDICT_OK, "");
  desk_offer (&desk, FERRY_S5B_DIRECT, 5, 1, FERRY_S5B_VERDICT_OK, "");
  desk_offer (&desk, FERRY_S5B_DIRECT, 0, 1, FERRY_S5B_VERDICT_OK, "");
  SAID (START, "dial 198.51.100.5");
  desk_wait (&desk, 5 * SECOND, "drop; dial 198.51.100.0");
  desk_wait (&desk, 5 * SECOND, "drop; dial 198.51.100.9");
  SAID (DIALLED, "send candidate-used j9; use proxied"); /* S5P-4 */
  end (&desk, TRUE);

  begin (&desk, TARGET);
  OFFER (DIRECT, 2);
  SAID (START, "dial 198.51.100.0");
  SAID (DIAL_FAILED, "dial 198.51.100.1");
  SAID (DIALLED, "send candidate-used j1; use");
  end (&desk, TRUE);
}

/* protocols 4.2: item-not-found */
static void
test_target_reports_failure (void)
{
  Desk desk;

  begin (&desk, TARGET);
  OFFER (DIRECT, 2);
  SAID (START, "dial 198.51.100.0");
  SAID (DIAL_FAILED, "dial 198.51.100.1");
  SAID (DIAL_FAILED, "send candidate-error; failed");
  end (&desk, TRUE);

  begin (&desk, TARGET);
  OFFER (DIRECT, 20);
  SAID (START, "dial 198.51.100.0");
  for (guint i = 1; i < 6; i++)
    {
      g_autofree char *dial = g_strdup_printf ("drop; dial 198.51.100.%u", i);

      desk_wait (&desk, 5 * SECOND, dial);
    }
  desk_wait (&desk, 5 * SECOND, "drop; send candidate-error; failed"); /* half a minute in all */
  end (&desk, TRUE);

  begin (&desk, TARGET);
  OFFER (DIRECT, 0);
  SAID (START, "send candidate-error; failed");
  end (&desk, TRUE);
}

/* The user may agree before the hosts are there. */
static void
test_target_waits_for_the_query (void)
{
  Desk desk;

  begin (&desk, TARGET);
  SAID (START, "");
  g_assert_cmpint (ferry_s5b_engine_get_deadline (desk.engine), ==, 0);
  desk.now += 60 * SECOND;
  SAID (DEADLINE, "");
  desk_offer (&desk, FERRY_S5B_DIRECT, 0, 1, FERRY_S5B_VERDICT_OK, "dial 198.51.100.0");
  desk_wait (&desk, 5 * SECOND, "drop; send candidate-error; failed");
  end (&desk, TRUE);
}

/* SOCKS-10. Peer: a second connection, or another hash, cancels libpurple's transfer. */
static void
test_target_asks_once (void)
{
  FerryS5bEvent event = { .kind = FERRY_S5B_EVENT_DIAL_FAILED, .refused = TRUE, .text = "refused" };
  Desk desk;

  begin (&desk, TARGET);
  OFFER (DIRECT, 1);
  SAID (START, "dial 198.51.100.0");
  g_assert_cmpstr (desk.asked, ==, "1a12fb7bc625e55f3ed5b29a53dbe0e4aa7d80ba"); /* Juliet's first */
  event.id = desk.dial;
  desk_handle (&desk, &event, FERRY_S5B_VERDICT_OK, "send candidate-error; failed");
  end (&desk, TRUE);
}

/* It dials nobody and says nothing; the request it waits for has a limit of its own. */
static void
test_requester_waits_for_the_answer (void)
{
  Desk desk;

  begin (&desk, REQUESTER);
  SAID (START, "");
  g_assert_cmpint (ferry_s5b_engine_get_deadline (desk.engine), ==, 0);
  HEARD (CANDIDATE_ERROR, NULL, "failed");
  end (&desk, TRUE);

  begin (&desk, REQUESTER);
  desk_inbound (&desk, "192.0.2.1", "");
  SAID (START, "");
  desk_used (&desk, ROMEO, NULL, 0, FERRY_S5B_VERDICT_OK, "use");
  end (&desk, TRUE);

  begin (&desk, REQUESTER);
  SAID (START, "");
  desk_used (&desk, ROMEO, NULL, 0, FERRY_S5B_VERDICT_OK, "");
  desk_wait (&desk, 2 * SECOND, "failed"); /* it never came in */
  end (&desk, TRUE);
}

/* S5P-9 */
static void
test_requester_fails_on_an_unknown_host (void)
{
  static const char *const jids[] = { "proxy.capulet.lit", JULIET, "", NULL };

  for (guint i = 0; i < G_N_ELEMENTS (jids); i++)
    {
      Desk desk;

      begin (&desk, REQUESTER);
      SAID (START, "");
      desk_used (&desk, jids[i], NULL, 0, FERRY_S5B_VERDICT_UNKNOWN, "failed");
      end (&desk, TRUE);
    }
}

/* S5P-5, S5P-7 */
static void
test_requester_activates_its_proxy (void)
{
  for (guint i = 0; i < 4; i++)
    {
      Desk desk;

      begin (&desk, REQUESTER);
      SAID (START, "");
      desk_used (&desk, "proxy.montague.lit", NULL, 0, FERRY_S5B_VERDICT_OK, "dial 192.0.2.9");
      if (i == 0)
        {
          SAID (DIAL_FAILED, "failed");
        }
      else if (i == 1)
        {
          desk_wait (&desk, 8 * SECOND, "failed");
        }
      else
        {
          SAID (DIALLED, "activate proxy.montague.lit");
          g_assert_cmpint (ferry_s5b_engine_get_deadline (desk.engine), ==, 0); /* the iq has one */
          if (i == 2)
            SAID (ACTIVATION_DONE, "use proxied");
          else
            SAID (ACTIVATION_FAILED, "failed");
        }
      end (&desk, TRUE);
    }
}

static void
begin_with_inbound (Desk  *desk,
                    guint  inbound[3])
{
  g_autoptr(GPtrArray) own = ferry_s5b_candidates_new ();
  static const char *const hosts[] = { "192.0.2.1", "192.0.2.2", "192.0.2.3" };

  begin (desk, REQUESTER);
  for (guint i = 0; i < 3; i++)
    g_ptr_array_add (own, ferry_s5b_candidate_new_host (ROMEO, hosts[i], 5086, ROMEO, i));
  ferry_s5b_engine_set_own (desk->engine, own);
  desk_event (desk, FERRY_S5B_EVENT_START, "");

  for (guint i = 0; i < 3; i++)
    inbound[i] = desk_inbound (desk, hosts[2 - i], "");
}

static void
lose (Desk  *desk,
      guint  id)
{
  const FerryS5bEvent event = { .kind = FERRY_S5B_EVENT_INBOUND_LOST, .id = id };

  desk_handle (desk, &event, FERRY_S5B_VERDICT_OK, "");
}

/* S5B0-7. Peer: iris dials all and resets those it does not want, QXmpp hangs up and
 * dials the next; slixmpp dials all, means the first that was listed and resets none. */
static void
test_requester_uses_what_is_still_alive (void)
{
  guint inbound[3];
  Desk desk;

  begin_with_inbound (&desk, inbound);
  lose (&desk, inbound[0]);
  lose (&desk, inbound[2]);
  desk_used (&desk, ROMEO, NULL, 0, FERRY_S5B_VERDICT_OK, "use");
  g_assert_cmpuint (desk.used, ==, inbound[1]);
  end (&desk, TRUE);

  begin_with_inbound (&desk, inbound);
  desk_used (&desk, ROMEO, NULL, 0, FERRY_S5B_VERDICT_OK, "");
  lose (&desk, inbound[2]);
  desk_wait (&desk, 250 * MSEC, "use");
  g_assert_cmpuint (desk.used, ==, inbound[1]);
  end (&desk, TRUE);

  /* Where a router translates, our address tells nothing. */
  begin (&desk, REQUESTER);
  SAID (START, "");
  desk_used (&desk, ROMEO, NULL, 0, FERRY_S5B_VERDICT_OK, "");
  inbound[0] = desk_inbound (&desk, "10.0.0.1", "use");
  g_assert_cmpuint (desk.used, ==, inbound[0]);
  end (&desk, TRUE);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/legacy/bytestreams-rules/target-dials-one-after-another",
                   test_target_dials_one_after_another);
  g_test_add_func ("/legacy/bytestreams-rules/target-reports-failure", test_target_reports_failure);
  g_test_add_func ("/legacy/bytestreams-rules/target-waits-for-the-query",
                   test_target_waits_for_the_query);
  g_test_add_func ("/legacy/bytestreams-rules/target-asks-once", test_target_asks_once);
  g_test_add_func ("/legacy/bytestreams-rules/requester-waits-for-the-answer",
                   test_requester_waits_for_the_answer);
  g_test_add_func ("/legacy/bytestreams-rules/requester-fails-on-an-unknown-host",
                   test_requester_fails_on_an_unknown_host);
  g_test_add_func ("/legacy/bytestreams-rules/requester-activates-its-proxy",
                   test_requester_activates_its_proxy);
  g_test_add_func ("/legacy/bytestreams-rules/requester-uses-what-is-still-alive",
                   test_requester_uses_what_is_still_alive);

  return g_test_run ();
}
