/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <locale.h>

#include "ui/format.h"

static void
test_says_the_unit_once (void)
{
  static const struct
  {
    gint64      bytes;
    gint64      size;
    const char *text;
  } cases[] = {
    { 12400000, 24500000, "12.4 of 24.5\u00a0MB" },
    { 0, 24500000, "0 bytes of 24.5\u00a0MB" },
    { 999, 1000, "999 bytes of 1.0\u00a0kB" },
    { 24500000, 24500000, "24.5 of 24.5\u00a0MB" },
    { 0, 0, "0 of 0 bytes" },
    { 5000, -1, "5.0\u00a0kB" },
    { -1, 2000, "0 bytes of 2.0\u00a0kB" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = ferry_format_progress (cases[i].bytes, cases[i].size);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_rounds_the_time_left (void)
{
  static const struct
  {
    gint64      seconds;
    const char *text;
  } cases[] = {
    { -1, NULL },
    { 0, "1 second left" },
    { 1, "1 second left" },
    { 59, "59 seconds left" },
    { 60, "1 minute left" },
    { 89, "1 minute left" },
    { 90, "2 minutes left" },
    { 89 * 60, "89 minutes left" },
    { 90 * 60, "2 hours left" },
    { 3 * 3600 + 100, "3 hours left" },
    { G_MAXINT64 / 2, "16667 hours left" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = ferry_format_time_left (cases[i].seconds);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_survives_odd_rates (void)
{
  g_autofree char *normal = ferry_format_rate (3.1e6);
  g_autofree char *negative = ferry_format_rate (-5);
  g_autofree char *huge = ferry_format_rate (1e300);

  g_assert_cmpstr (normal, ==, "3.1\u00a0MB/s");
  g_assert_cmpstr (negative, ==, "0 bytes/s");
  g_assert_cmpstr (huge, ==, "1.0\u00a0PB/s");
}

static void
test_says_how_long_it_took (void)
{
  g_autofree char *blink = ferry_format_took (0.2);
  g_autofree char *some = ferry_format_took (8.3);
  g_autofree char *many = ferry_format_took (600);

  g_assert_cmpstr (blink, ==, "in less than a second");
  g_assert_cmpstr (some, ==, "in 8 seconds");
  g_assert_cmpstr (many, ==, "in 10 minutes");
}

int
main (int    argc,
      char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/format/says-the-unit-once", test_says_the_unit_once);
  g_test_add_func ("/ui/format/rounds-the-time-left", test_rounds_the_time_left);
  g_test_add_func ("/ui/format/survives-odd-rates", test_survives_odd_rates);
  g_test_add_func ("/ui/format/says-how-long-it-took", test_says_how_long_it_took);
  return g_test_run ();
}
