/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "base/number.h"

/* SEC-12 */
static void
test_takes_digits_within_range (void)
{
  static const struct
  {
    const char *text;
    guint64     min;
    guint64     max;
    guint64     number;
  } cases[] = {
    { "0", 0, 65535, 0 },
    { "65535", 1, 65535, 65535 },
    { "1", 1, 1, 1 },
    { "007", 0, 10, 7 },
    { "18446744073709551615", 0, G_MAXUINT64, G_MAXUINT64 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint64 number = 42;

      g_assert_true (ferry_number_parse (cases[i].text, cases[i].min, cases[i].max, &number));
      g_assert_cmpuint (number, ==, cases[i].number);
    }
}

static void
test_refuses_the_rest (void)
{
  static const char *const texts[] = {
    NULL, "", " ", "-1", "+1", " 1", "1 ", "1x", "0x1", "1.0", "1e3", "65536", "99999999999999999999",
    "\xd9\xa1", "-0",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      guint64 number = 42;

      g_assert_false (ferry_number_parse (texts[i], 0, 65535, &number));
      g_assert_cmpuint (number, ==, 42);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/number/takes-digits-within-range", test_takes_digits_within_range);
  g_test_add_func ("/base/number/refuses-the-rest", test_refuses_the_rest);

  return g_test_run ();
}
