/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "cli/output.h"

static void
test_disarms_what_a_terminal_obeys (void)
{
  static const struct
  {
    const char *text;
    const char *escaped;
  } rows[] = {
    { "report.pdf", "report.pdf" },
    { "gr\xc3\xbc\xc3\x9f.txt", "gr\xc3\xbc\xc3\x9f.txt" },
    { "\x1b[2Jx", "\xef\xbf\xbd[2Jx" },             /* clears the screen */
    { "a\rb\nc", "a\xef\xbf\xbd" "b\xef\xbf\xbd" "c" },
    { "\xc2\x9b" "31m", "\xef\xbf\xbd" "31m" },     /* CSI as one C1 character */
    { "x\xe2\x80\xaegpj.exe", "x\xef\xbf\xbdgpj.exe" }, /* right-to-left override */
    { "bad\xff", "bad\xef\xbf\xbd" },
  };
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *escaped = ferry_output_escape (rows[i].text);

      g_assert_cmpstr (escaped, ==, rows[i].escaped);
    }
}

static void
say_something_hostile (void)
{
  FerryOutput output;
  FerryJsonLine *line = ferry_json_line_new ("state");

  ferry_output_init (&output, TRUE);
  ferry_output_event (&output, line);
  ferry_output_answer (&output, "not for programs");
  ferry_output_say (&output, "name: %s", "a\x1b[31m\nb");
  ferry_output_progress (&output, "not without a terminal");
}

static void
test_keeps_events_and_sentences_apart (void)
{
  if (g_test_subprocess ())
    {
      say_something_hostile ();
      return;
    }

  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stdout ("*{\"event\":\"state\"}\n*");
  g_test_trap_assert_stdout_unmatched ("*not for programs*");
  g_test_trap_assert_stderr ("*name: a\xef\xbf\xbd[31m\xef\xbf\xbd" "b\n*");
  g_test_trap_assert_stderr_unmatched ("*without a terminal*");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/cli/output/disarms-what-a-terminal-obeys",
                   test_disarms_what_a_terminal_obeys);
  g_test_add_func ("/cli/output/keeps-events-and-sentences-apart",
                   test_keeps_events_and_sentences_apart);

  return g_test_run ();
}
