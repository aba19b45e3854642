/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "core/offer-limits.h"

#define START  (G_GINT64_CONSTANT (5) * G_USEC_PER_SEC)
#define SECOND G_USEC_PER_SEC
#define EVE    "eve@example.org"
#define MALLET "mallet@example.org"

static void
test_ten_a_minute_of_one_peer (void)
{
  g_autoptr(FerryOfferLimits) limits = ferry_offer_limits_new ();

  for (guint i = 0; i < FERRY_OFFERS_PER_MINUTE; i++)
    g_assert_true (ferry_offer_limits_take (limits, EVE, 0, 0, START + i * SECOND));

  g_assert_false (ferry_offer_limits_take (limits, EVE, 0, 0, START + 59 * SECOND));
  g_assert_true (ferry_offer_limits_take (limits, MALLET, 0, 0, START + 59 * SECOND));

  /* The first is a minute old, the second not yet. */
  g_assert_true (ferry_offer_limits_take (limits, EVE, 0, 0, START + 60 * SECOND));
  g_assert_false (ferry_offer_limits_take (limits, EVE, 0, 0, START + 60 * SECOND));
}

static void
test_waiting_offers_are_limited (void)
{
  static const struct { guint n_of_peer, n_in_all; gboolean expected; } rows[] = {
    { 0, 0, TRUE }, { 3, 3, TRUE }, { 4, 4, FALSE }, { 0, 15, TRUE }, { 0, 16, FALSE },
  };
  g_autoptr(FerryOfferLimits) limits = ferry_offer_limits_new ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpint (ferry_offer_limits_take (limits, EVE, rows[i].n_of_peer, rows[i].n_in_all,
                                              START), ==, rows[i].expected);
}

/* Refused ones count: whoever hammers on stays out. */
static void
test_refused_offers_count (void)
{
  g_autoptr(FerryOfferLimits) limits = ferry_offer_limits_new ();

  for (guint i = 0; i < FERRY_OFFERS_PER_MINUTE; i++)
    g_assert_false (ferry_offer_limits_take (limits, EVE, FERRY_OFFERS_PER_PEER, 4, START));

  g_assert_false (ferry_offer_limits_take (limits, EVE, 0, 0, START + SECOND));
}

static void
test_accepted_offers_do_not_count (void)
{
  g_autoptr(FerryOfferLimits) limits = ferry_offer_limits_new ();

  for (guint i = 0; i < 3 * FERRY_OFFERS_PER_MINUTE; i++)
    {
      g_assert_true (ferry_offer_limits_take (limits, EVE, 0, 0, START + i));
      ferry_offer_limits_give_back (limits, EVE);
    }

  for (guint i = 0; i < FERRY_OFFERS_PER_MINUTE; i++)
    g_assert_true (ferry_offer_limits_take (limits, EVE, 0, 0, START + SECOND));
  g_assert_false (ferry_offer_limits_take (limits, EVE, 0, 0, START + SECOND));

  ferry_offer_limits_give_back (limits, MALLET);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/offer-limits/ten-a-minute-of-one-peer", test_ten_a_minute_of_one_peer);
  g_test_add_func ("/core/offer-limits/waiting-offers-are-limited",
                   test_waiting_offers_are_limited);
  g_test_add_func ("/core/offer-limits/refused-offers-count", test_refused_offers_count);
  g_test_add_func ("/core/offer-limits/accepted-offers-do-not-count",
                   test_accepted_offers_do_not_count);

  return g_test_run ();
}
