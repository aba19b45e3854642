/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "core/shares.h"

#define ROMEO "romeo@montague.lit/orchard"
#define PARIS "paris@verona.lit/church"

/* home/secret.txt, and a shared folder in it with files of all sorts. */
typedef struct
{
  char        *home;   /* (owned) */
  char        *path;   /* (owned): of the folder */
  GFile       *folder; /* (owned) */
  FerryShares *shares; /* (owned) */
} Fixture;

static void
put (const char *folder,
     const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, "words", -1, NULL));
}

static void
put_link (const char *folder,
          const char *target,
          const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_cmpint (symlink (target, path), ==, 0);
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *sub = NULL;
  g_autofree char *pipe = NULL;

  fixture->home = g_dir_make_tmp ("ferry-home-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->home, "public", NULL);
  fixture->folder = g_file_new_for_path (fixture->path);
  sub = g_build_filename (fixture->path, "sub", NULL);
  pipe = g_build_filename (fixture->path, "pipe", NULL);
  g_assert_cmpint (g_mkdir_with_parents (sub, 0700), ==, 0);
  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);
  put (fixture->home, "secret.txt");
  put (fixture->path, "sonnet.txt");
  put (fixture->path, "Ænima 日本.txt");
  put (fixture->path, ".netrc");
  put (fixture->path, "a\\b");
  put (sub, "deep.txt");
  put_link (fixture->path, "../secret.txt", "out");
  put_link (fixture->path, "sonnet.txt", "in");
  put_link (fixture->path, "..", "up");
  fixture->shares = ferry_shares_new ();
}

static void
remove_all (const char *path)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_unlink (child) != 0)
        remove_all (child);
    }

  g_rmdir (path);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  ferry_shares_free (fixture->shares);
  g_object_unref (fixture->folder);
  remove_all (fixture->home);
  g_free (fixture->path);
  g_free (fixture->home);
}

static gboolean
has (Fixture    *fixture,
     const char *peer,
     const char *name)
{
  g_autoptr(GFile) file = ferry_shares_lookup (fixture->shares, peer, name);

  return file != NULL;
}

static void
test_finds_what_lies_in_the_folder (Fixture       *fixture,
                                    gconstpointer  data)
{
  g_autoptr(GFile) expected = g_file_get_child (fixture->folder, "sonnet.txt");
  g_autoptr(GFile) found = NULL;

  g_assert_false (has (fixture, ROMEO, "sonnet.txt"));
  ferry_shares_add (fixture->shares, fixture->folder, NULL);
  found = ferry_shares_lookup (fixture->shares, ROMEO, "sonnet.txt");
  g_assert_nonnull (found);
  g_assert_true (g_file_equal (found, expected));
  g_assert_true (has (fixture, ROMEO, "Ænima 日本.txt"));
  g_assert_true (has (fixture, ROMEO, "a\\b"));

  ferry_shares_remove (fixture->shares, fixture->folder);
  g_assert_false (has (fixture, ROMEO, "sonnet.txt"));
}

/* SEC-18, SEC-22 */
static void
test_takes_no_name_for_a_path (Fixture       *fixture,
                               gconstpointer  data)
{
  static const char *const names[] = {
    NULL, "", ".", "..", "/", "//", "/etc/passwd", "../secret.txt", "../public/sonnet.txt",
    "./sonnet.txt", "sub/deep.txt", "sub/../sonnet.txt", "sonnet.txt/", "sonnet.txt\n",
    " sonnet.txt", "SONNET.TXT", "sonnet.txt/..", "up/secret.txt", "..\\secret.txt",
    "file:///etc/passwd", "~/secret.txt", "sonnet.txt%00", "%2e%2e%2fsecret.txt",
  };
  g_autofree char *absolute = g_build_filename (fixture->path, "sonnet.txt", NULL);
  g_autofree char *endless = g_strnfill (70000, 'a');

  ferry_shares_add (fixture->shares, fixture->folder, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_test_message ("%s", names[i]);
      g_assert_false (has (fixture, ROMEO, names[i]));
    }
  g_assert_false (has (fixture, ROMEO, absolute));
  g_assert_false (has (fixture, ROMEO, endless));
}

/* SEC-22 */
static void
test_shares_regular_files_alone (Fixture       *fixture,
                                 gconstpointer  data)
{
  static const char *const names[] = { "sub", "pipe", "out", "in", "up", ".netrc" };

  ferry_shares_add (fixture->shares, fixture->folder, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_test_message ("%s", names[i]);
      g_assert_false (has (fixture, ROMEO, names[i]));
    }
}

static void
test_shares_with_whom_it_is_told (Fixture       *fixture,
                                  gconstpointer  data)
{
  static const char *const montagues[] = { "romeo@montague.lit", "benvolio@montague.lit", NULL };
  static const char *const orchard[] = { ROMEO, NULL };
  static const char *const nobody[] = { NULL };
  g_autofree char *sub = g_build_filename (fixture->path, "sub", NULL);
  g_autoptr(GFile) folder = g_file_new_for_path (sub);

  ferry_shares_add (fixture->shares, fixture->folder, montagues);
  g_assert_true (has (fixture, ROMEO, "sonnet.txt"));
  g_assert_true (has (fixture, "benvolio@montague.lit/x", "sonnet.txt"));
  g_assert_false (has (fixture, PARIS, "sonnet.txt"));
  g_assert_false (has (fixture, "romeo@verona.lit/orchard", "sonnet.txt"));

  ferry_shares_remove (fixture->shares, fixture->folder);
  ferry_shares_add (fixture->shares, fixture->folder, orchard);
  g_assert_true (has (fixture, ROMEO, "sonnet.txt"));
  g_assert_false (has (fixture, "romeo@montague.lit/street", "sonnet.txt"));

  ferry_shares_remove (fixture->shares, fixture->folder);
  ferry_shares_add (fixture->shares, fixture->folder, nobody);
  g_assert_false (has (fixture, ROMEO, "sonnet.txt"));

  ferry_shares_add (fixture->shares, folder, NULL);
  g_assert_true (has (fixture, PARIS, "deep.txt"));
  g_assert_false (has (fixture, PARIS, "sonnet.txt"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add ("/core/shares/" path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

  ADD ("finds-what-lies-in-the-folder", test_finds_what_lies_in_the_folder);
  ADD ("takes-no-name-for-a-path", test_takes_no_name_for_a_path);
  ADD ("shares-regular-files-alone", test_shares_regular_files_alone);
  ADD ("shares-with-whom-it-is-told", test_shares_with_whom_it_is_told);

#undef ADD

  return g_test_run ();
}
