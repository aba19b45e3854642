/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/s5b-engine.h"
#include "proto/s5b-variant.h"
#include "proto/s5b-offer.h"

#define ROMEO "romeo@montague.lit/orchard"
#define JULIET "juliet@capulet.lit/balcony"
#define SECOND G_USEC_PER_SEC

/* One engine, Romeo's, on a desk: an event in, a line of effects out. He offers the
 * direct host c0 and the proxy c1; Juliet offers what the test says. */
typedef struct
{
  FerryS5bEngine *engine;
  gint64          now;    /* µs */
  guint           dial;   /* the last one */
} Desk;

static void
desk_init_for (Desk                   *desk,
               const FerryPeerProfile *profile)
{
  g_autoptr(GPtrArray) none = ferry_s5b_candidates_new ();
  FerryS5bOffer *offer = ferry_s5b_offer_new (FERRY_ROLE_INITIATOR, "c", none);

  *desk = (Desk) { .now = SECOND };
  desk->engine = ferry_s5b_engine_new (FERRY_ROLE_INITIATOR, "vj3hs98y", ROMEO, JULIET, ferry_s5b_1.rules, profile);
  ferry_s5b_offer_add_direct (offer, "192.0.2.1", 5086, ROMEO);
  ferry_s5b_offer_add_proxy (offer, "192.0.2.9", 7625, "proxy.montague.lit");
  ferry_s5b_engine_set_own (desk->engine, ferry_s5b_offer_get_candidates (offer));
  ferry_s5b_offer_free (offer);
}

static void
desk_init (Desk *desk)
{
  desk_init_for (desk, ferry_peer_profile_get_default ());
}

static const char *const infos[] = { "", "candidate-used", "candidate-error", "activated",
                                     "proxy-error" };

static void
append_effect (Desk                 *desk,
               GString              *out,
               const FerryS5bEffect *effect)
{
  if (out->len > 0)
    g_string_append (out, "; ");

  switch (effect->kind)
    {
    case FERRY_S5B_EFFECT_DIAL:
      g_string_append_printf (out, "dial %s", effect->host);
      desk->dial = effect->id;
      break;
    case FERRY_S5B_EFFECT_DROP:
      g_string_append (out, "drop");
      break;
    case FERRY_S5B_EFFECT_SEND:
      g_string_append_printf (out, "send %s%s%s", infos[effect->info],
                              effect->cid != NULL ? " " : "",
                              effect->cid != NULL ? effect->cid : "");
      break;
    case FERRY_S5B_EFFECT_ACTIVATE:
      g_string_append_printf (out, "activate %s", effect->jid);
      break;
    case FERRY_S5B_EFFECT_USE:
      g_string_append_printf (out, "use%s", effect->proxied ? " proxied" : "");
      break;
    case FERRY_S5B_EFFECT_FAILED:
      g_string_append (out, "failed");
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
desk_handle (Desk                *desk,
             const FerryS5bEvent *event,
             FerryS5bVerdict      verdict,
             const char          *expected)
{
  g_autoptr(GPtrArray) effects = ferry_s5b_effects_new ();
  g_autoptr(GString) out = g_string_new (NULL);

  g_assert_cmpint (ferry_s5b_engine_handle (desk->engine, event, desk->now, effects), ==, verdict);
  for (guint i = 0; i < effects->len; i++)
    append_effect (desk, out, g_ptr_array_index (effects, i));

  g_assert_cmpstr (out->str, ==, expected);
}

static void
desk_event (Desk              *desk,
            FerryS5bEventKind  kind,
            const char        *expected)
{
  const FerryS5bEvent event = { .kind = kind, .id = desk->dial, .text = "no" };

  desk_handle (desk, &event, FERRY_S5B_VERDICT_OK, expected);
}

static void
desk_info (Desk            *desk,
           FerryS5bInfo     info,
           const char      *cid,
           FerryS5bVerdict  verdict,
           const char      *expected)
{
  const FerryS5bEvent event = { .kind = FERRY_S5B_EVENT_INFO, .info = info, .cid = cid };

  desk_handle (desk, &event, verdict, expected);
}

#define HEARD(info, cid, expected) \
  desk_info (&desk, FERRY_S5B_INFO_##info, cid, FERRY_S5B_VERDICT_OK, expected)
#define SAID(kind, expected) desk_event (&desk, FERRY_S5B_EVENT_##kind, expected)

/* Nothing before @after has passed, then @expected. */
static void
desk_wait (Desk       *desk,
           gint64      after,
           const char *expected)
{
  g_assert_cmpint (ferry_s5b_engine_get_deadline (desk->engine), ==, desk->now + after);
  desk->now += after - 1;
  desk_event (desk, FERRY_S5B_EVENT_DEADLINE, "");
  desk->now++;
  desk_event (desk, FERRY_S5B_EVENT_DEADLINE, expected);
}

/* @n hosts of Juliet's, of @type, named from @first on. */
static void
desk_offer (Desk            *desk,
            FerryS5bType     type,
            guint            first,
            guint            n,
            FerryS5bVerdict  verdict,
            const char      *expected)
{
  g_autoptr(GPtrArray) candidates = ferry_s5b_candidates_new ();
  const FerryS5bEvent event = { .kind = FERRY_S5B_EVENT_CANDIDATES, .candidates = candidates };

  for (guint i = first; i < first + n; i++)
    {
      FerryS5bCandidate *candidate = ferry_s5b_candidate_new ();

      candidate->cid = g_strdup_printf ("j%u", i);
      candidate->host = g_strdup_printf ("198.51.100.%u", i);
      candidate->jid = g_strdup (type == FERRY_S5B_PROXY ? "proxy.capulet.lit" : JULIET);
      candidate->port = 5086;
      candidate->type = type;
      candidate->priority = ferry_s5b_priority (type, 1000 - i);
      g_ptr_array_add (candidates, candidate);
    }

  desk_handle (desk, &event, verdict, expected);
}

#define OFFER(type, n) desk_offer (&desk, FERRY_S5B_##type, 0, n, FERRY_S5B_VERDICT_OK, "")

/* S5B1-8, S5B1-20 */
static void
test_takes_one_report (void)
{
  Desk desk;

  desk_init (&desk);
  OFFER (DIRECT, 1);
  SAID (START, "dial 198.51.100.0");
  desk_info (&desk, FERRY_S5B_INFO_CANDIDATE_USED, "x", FERRY_S5B_VERDICT_UNKNOWN, "");
  SAID (DIALLED, "send candidate-used j0");
  HEARD (CANDIDATE_ERROR, NULL, "use");
  HEARD (CANDIDATE_ERROR, NULL, ""); /* late: FB-10 */
  ferry_s5b_engine_free (desk.engine);

  desk_init (&desk);
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

  desk_init (&desk);
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

      desk_init (&desk);
      desk_offer (&desk, cases[i].type, 0, 1, FERRY_S5B_VERDICT_OK, "");
      SAID (START, "dial 198.51.100.0");
      desk_wait (&desk, cases[i].limit, "drop; send candidate-error");
      ferry_s5b_engine_free (desk.engine);
    }
}

/* S5B1-4. Peer: Psi begins with no hosts and names them later (Q-PS-2); of others an
 * empty list is the whole list. */
static void
test_waits_for_hosts_only_of_who_trickles (void)
{
  const FerryPeerProfile *psi = ferry_peer_profile_find ("https://psi-im.org", NULL, NULL);
  const FerryPeerProfile *ferry = ferry_peer_profile_find ("https://ferry.im/", NULL, NULL);
  Desk desk;

  desk_init_for (&desk, psi);
  OFFER (DIRECT, 0);
  SAID (START, "");
  desk_wait (&desk, 5 * SECOND, "send candidate-error");
  ferry_s5b_engine_free (desk.engine);

  desk_init_for (&desk, psi);
  OFFER (DIRECT, 0);
  SAID (START, "");
  desk.now += 4 * SECOND;
  desk_offer (&desk, FERRY_S5B_DIRECT, 0, 1, FERRY_S5B_VERDICT_OK, "dial 198.51.100.0");
  desk_wait (&desk, 5 * SECOND, "drop; send candidate-error");
  ferry_s5b_engine_free (desk.engine);

  desk_init_for (&desk, ferry);
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

  desk_init (&desk);
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

      desk_init (&desk);
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

      desk_init (&desk);
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

  desk_init (&desk);
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

  desk_init (&desk);
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

  desk_init (&desk);
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

  desk_init (&desk);
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

  desk_init (&desk);
  for (guint i = 0; i < 5; i++)
    {
      const FerryS5bEvent event = {
        .kind = FERRY_S5B_EVENT_INBOUND,
        .id = ferry_s5b_engine_new_id (desk.engine),
        .text = "192.0.2.1",
      };

      desk_handle (&desk, &event, FERRY_S5B_VERDICT_OK, i < 4 ? "" : "drop");
    }
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
