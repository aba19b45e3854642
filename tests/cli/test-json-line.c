/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <math.h>

#include "cli/json-line.h"

static void
test_escapes_what_must_be_escaped (void)
{
  static const struct
  {
    const char *value;
    const char *json;
  } rows[] = {
    { NULL, "null" },
    { "", "\"\"" },
    { "plain.txt", "\"plain.txt\"" },
    { "say \"hi\"", "\"say \\\"hi\\\"\"" },
    { "C:\\x", "\"C:\\\\x\"" },
    { "a\nb\tc", "\"a\\nb\\u0009c\"" },
    { "\x01\x1f\x7f", "\"\\u0001\\u001f\\u007f\"" },
    { "x\xe2\x80\xa8y", "\"x\\u2028y\"" },
    { "gr\xc3\xbc\xc3\x9f \xf0\x9f\x9a\xa2", "\"gr\xc3\xbc\xc3\x9f \xf0\x9f\x9a\xa2\"" },
    { "bad\xff!", "\"bad\xef\xbf\xbd!\"" },
  };
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      FerryJsonLine *line = ferry_json_line_new ("e");
      g_autofree char *expected = g_strdup_printf ("{\"event\":\"e\",\"v\":%s}\n", rows[i].json);
      g_autofree char *text = NULL;

      ferry_json_line_add_string (line, "v", rows[i].value);
      text = ferry_json_line_end (line);
      g_assert_cmpstr (text, ==, expected);
    }
}

static void
test_prints_every_kind_of_value (void)
{
  static const char *const list[] = { "a", "b\"", NULL };
  FerryJsonLine *line = ferry_json_line_new ("kinds");
  g_autofree char *text = NULL;

  ferry_json_line_add_int (line, "int", G_MININT64);
  ferry_json_line_add_double (line, "double", 1234.5678);
  ferry_json_line_add_double (line, "none", NAN);
  ferry_json_line_add_boolean (line, "yes", 17);
  ferry_json_line_add_boolean (line, "no", FALSE);
  ferry_json_line_add_strings (line, "list", list);
  ferry_json_line_add_strings (line, "empty", NULL);
  text = ferry_json_line_end (line);

  g_assert_cmpstr (text, ==,
                   "{\"event\":\"kinds\",\"int\":-9223372036854775808,\"double\":1234.568,"
                   "\"none\":null,\"yes\":true,\"no\":false,\"list\":[\"a\",\"b\\\"\"],"
                   "\"empty\":[]}\n");
}

static void
test_survives_the_largest_double (void)
{
  FerryJsonLine *line = ferry_json_line_new ("e");
  g_autofree char *text = NULL;

  ferry_json_line_add_double (line, "v", -G_MAXDOUBLE);
  text = ferry_json_line_end (line);

  g_assert_true (g_str_has_prefix (text, "{\"event\":\"e\",\"v\":-1797693134"));
  g_assert_true (g_str_has_suffix (text, ".000}\n"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/cli/json-line/escapes-what-must-be-escaped",
                   test_escapes_what_must_be_escaped);
  g_test_add_func ("/cli/json-line/prints-every-kind-of-value", test_prints_every_kind_of_value);
  g_test_add_func ("/cli/json-line/survives-the-largest-double", test_survives_the_largest_double);

  return g_test_run ();
}
