/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "base/rate-meter.h"

#define SECOND G_USEC_PER_SEC

/* Ten updates a second, as the window asks for them. */
static gint64
run (FerryRateMeter *meter,
     gint64          bytes,
     gint64          rate,
     gint64         *now,
     int             seconds)
{
  for (int i = 0; i < seconds * 10; i++)
    {
      *now += SECOND / 10;
      bytes += rate / 10;
      ferry_rate_meter_update (meter, bytes, *now);
    }

  return bytes;
}

static void
test_knows_a_steady_rate_at_once (void)
{
  FerryRateMeter meter = { 0 };
  gint64 now = 1000 * SECOND;

  ferry_rate_meter_update (&meter, 5000000, now);
  g_assert_cmpint (ferry_rate_meter_get_rate (&meter), ==, 0);
  g_assert_cmpint (ferry_rate_meter_get_seconds_left (&meter, 6000000), ==, -1);

  now += SECOND / 10;
  ferry_rate_meter_update (&meter, 5000000 + 100000, now);
  g_assert_cmpint (ferry_rate_meter_get_rate (&meter), ==, 1000000);
  g_assert_cmpint (ferry_rate_meter_get_seconds_left (&meter, 15100000), ==, 10);

  run (&meter, 5100000, 1000000, &now, 20);
  g_assert_cmpint (ferry_rate_meter_get_rate (&meter), ==, 1000000);
}

static void
test_follows_a_change_within_seconds (void)
{
  FerryRateMeter meter = { 0 };
  gint64 now = 0;
  gint64 bytes = run (&meter, 0, 10000000, &now, 60);

  bytes = run (&meter, bytes, 1000000, &now, 1);
  g_assert_cmpint (ferry_rate_meter_get_rate (&meter), >, 5000000);
  bytes = run (&meter, bytes, 1000000, &now, 14);
  g_assert_cmpint (ferry_rate_meter_get_rate (&meter), <, 1200000);
  g_assert_cmpint (ferry_rate_meter_get_rate (&meter), >=, 1000000);
}

static void
test_gives_up_on_a_stall (void)
{
  FerryRateMeter meter = { 0 };
  gint64 now = 0;
  gint64 bytes = run (&meter, 0, 1000000, &now, 10);

  g_assert_cmpint (ferry_rate_meter_get_seconds_left (&meter, bytes + 1000000), ==, 1);
  run (&meter, bytes, 0, &now, 90);
  g_assert_cmpint (ferry_rate_meter_get_rate (&meter), ==, 0);
  g_assert_cmpint (ferry_rate_meter_get_seconds_left (&meter, bytes + 1000000), ==, -1);
}

static void
test_starts_over_when_bytes_go_back (void)
{
  FerryRateMeter meter = { 0 };
  gint64 now = 0;

  run (&meter, 0, 1000000, &now, 5);
  ferry_rate_meter_update (&meter, 0, now + SECOND);
  g_assert_cmpint (ferry_rate_meter_get_rate (&meter), ==, 0);
}

/* The clock need not move between two updates, nor the size be known to fit. */
static void
test_survives_odd_input (void)
{
  FerryRateMeter meter = { 0 };

  ferry_rate_meter_update (&meter, 0, 0);
  ferry_rate_meter_update (&meter, 1000, 0);
  ferry_rate_meter_update (&meter, G_MAXINT64, SECOND);
  g_assert_cmpint (ferry_rate_meter_get_rate (&meter), >, 0);
  g_assert_cmpint (ferry_rate_meter_get_seconds_left (&meter, 0), ==, 0);
  g_assert_cmpint (ferry_rate_meter_get_seconds_left (&meter, -1), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/rate-meter/knows-a-steady-rate-at-once", test_knows_a_steady_rate_at_once);
  g_test_add_func ("/base/rate-meter/follows-a-change-within-seconds",
                   test_follows_a_change_within_seconds);
  g_test_add_func ("/base/rate-meter/gives-up-on-a-stall", test_gives_up_on_a_stall);
  g_test_add_func ("/base/rate-meter/starts-over-when-bytes-go-back",
                   test_starts_over_when_bytes_go_back);
  g_test_add_func ("/base/rate-meter/survives-odd-input", test_survives_odd_input);

  return g_test_run ();
}
