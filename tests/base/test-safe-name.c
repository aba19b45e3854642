/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "base/safe-name.h"

/* SEC-18 */
static void
test_makes_names_harmless (void)
{
  static const struct
  {
    const char *untrusted;
    const char *safe;
  } cases[] = {
    { "report.pdf", "report.pdf" },
    { "\xc3\xa4 \xe6\x97\xa5\xe6\x9c\xac.txt", "\xc3\xa4 \xe6\x97\xa5\xe6\x9c\xac.txt" },
    { "../../etc/passwd", "passwd" },
    { "/etc/shadow", "shadow" },
    { "C:\\Windows\\win.ini", "win.ini" },
    { "a/b\\c", "c" },
    { "dir/", "file" },
    { "..", "file" },
    { ".", "file" },
    { "", "file" },
    { NULL, "file" },
    { " . .", "file" },
    { ".bashrc", "bashrc" },
    { "...x", "x" },
    { "name. . ", "name" },
    { "  name", "name" },
    { "a\nb\rc\td\x7f\x01.txt", "abcd.txt" },
    { "photo\xe2\x80\xae" "fdp.exe", "photofdp.exe" },
    { "a\xe2\x81\xa6" "b\xe2\x81\xa9\xe2\x80\xaa" "c\xe2\x80\x8f", "abc" },
    { "\xef\xbb\xbfname\xe2\x80\xa8.txt", "name.txt" },
    { "\xc2\xa0.hidden", "hidden" },
    { "CON", "_CON" },
    { "con.txt", "_con.txt" },
    { "Lpt9.tar.gz", "_Lpt9.tar.gz" },
    { "COM", "COM" },
    { "comma.txt", "comma.txt" },
    { "console", "console" },
    { "nul .txt", "_nul .txt" },
    { "bad\xff\xfe.txt", "bad\xef\xbf\xbd\xef\xbf\xbd.txt" },
    { "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x9a\x80.png", "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x9a\x80.png" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *safe = ferry_safe_name (cases[i].untrusted);
      g_autofree char *again = ferry_safe_name (safe);

      g_assert_cmpstr (safe, ==, cases[i].safe);
      g_assert_cmpstr (again, ==, safe);
    }
}

static void
test_shortens_the_stem (void)
{
  static const char *const extensions[] = { "", ".txt", ".tar.gz", ".TAR.xz" };
  static const char *const fillers[] = { "a", "\xc3\xa9", "\xe6\x97\xa5", "\xf0\x9f\x9a\x80" };

  for (guint i = 0; i < G_N_ELEMENTS (extensions); i++)
    for (guint j = 0; j < G_N_ELEMENTS (fillers); j++)
      {
        g_autoptr(GString) name = g_string_new ("x");
        g_autofree char *safe = NULL;
        g_autofree char *numbered = NULL;

        while (name->len < 300)
          g_string_append (name, fillers[j]);
        g_string_append (name, extensions[i]);

        safe = ferry_safe_name (name->str);
        numbered = ferry_safe_name_numbered (safe, 12);
        g_assert_cmpuint (strlen (safe), <=, FERRY_SAFE_NAME_MAX);
        g_assert_cmpuint (strlen (safe), >, FERRY_SAFE_NAME_MAX - 4);
        g_assert_cmpuint (strlen (numbered), <=, FERRY_SAFE_NAME_MAX);
        g_assert_true (g_utf8_validate (safe, -1, NULL));
        g_assert_true (g_utf8_validate (numbered, -1, NULL));
        g_assert_true (g_str_has_suffix (safe, extensions[i]));
        g_assert_true (g_str_has_suffix (numbered, extensions[i]));
        g_assert_nonnull (strstr (numbered, " (12)"));
      }
}

static void
test_takes_no_sentence_for_an_extension (void)
{
  g_autofree char *long_tail = g_strnfill (300, 'b');
  g_autofree char *name = g_strconcat ("a.", long_tail, NULL);
  g_autofree char *safe = ferry_safe_name (name);

  g_assert_cmpuint (strlen (safe), ==, FERRY_SAFE_NAME_MAX);
  g_assert_true (g_str_has_prefix (safe, "a.bbb"));
}

static void
test_numbers_before_the_extension (void)
{
  static const struct
  {
    const char *safe;
    const char *numbered;
  } cases[] = {
    { "name", "name (2)" },
    { "name.txt", "name (2).txt" },
    { "name.tar.gz", "name (2).tar.gz" },
    { "name.v1.txt", "name.v1 (2).txt" },
    { "Mr. Smith went", "Mr. Smith went (2)" },
    { "tar.gz", "tar (2).gz" },
    { "a.tar", "a (2).tar" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *numbered = ferry_safe_name_numbered (cases[i].safe, 2);

      g_assert_cmpstr (numbered, ==, cases[i].numbered);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/safe-name/makes-names-harmless", test_makes_names_harmless);
  g_test_add_func ("/base/safe-name/shortens-the-stem", test_shortens_the_stem);
  g_test_add_func ("/base/safe-name/takes-no-sentence-for-an-extension",
                   test_takes_no_sentence_for_an_extension);
  g_test_add_func ("/base/safe-name/numbers-before-the-extension", test_numbers_before_the_extension);

  return g_test_run ();
}
