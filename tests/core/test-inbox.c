/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "core/inbox.h"
#include "core/part-file.h"
#include "wait.h"

typedef struct
{
  char  *outside; /* (owned): what nobody may touch lies here */
  char  *path;    /* (owned): the inbox's folder, within */
  GFile *folder;
} Fixture;

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture->outside = g_dir_make_tmp ("ferry-inbox-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->path = g_build_filename (fixture->outside, "folder", NULL);
  g_assert_cmpint (g_mkdir (fixture->path, 0755), ==, 0);
  fixture->folder = g_file_new_for_path (fixture->path);
}

static guint
remove_all (const char *path)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;
  guint n = 0;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_remove (child) != 0)
        n += remove_all (child);
      n++;
    }

  g_rmdir (path);
  return n;
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  remove_all (fixture->outside);
  g_object_unref (fixture->folder);
  g_free (fixture->path);
  g_free (fixture->outside);
}

static guint
count_files (Fixture *fixture)
{
  g_autoptr(GDir) dir = g_dir_open (fixture->path, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;

  return n;
}

static void
put (Fixture    *fixture,
     const char *name,
     const char *contents)
{
  g_autofree char *path = g_build_filename (fixture->path, name, NULL);

  g_assert_true (g_file_set_contents (path, contents, -1, NULL));
}

static void
assert_contents (Fixture    *fixture,
                 const char *name,
                 const char *expected)
{
  g_autofree char *path = g_build_filename (fixture->path, name, NULL);
  g_autofree char *contents = NULL;
  g_autoptr(GError) error = NULL;

  g_file_get_contents (path, &contents, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (contents, ==, expected);
}

static int
open_inbox (FerryInbox  *inbox,
            GError     **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  ferry_inbox_open_async (inbox, NULL, wait_done_cb, &result);
  return ferry_inbox_open_finish (inbox, wait_for_result (&result), error);
}

/* Returns: the name it got, %NULL with @error. */
static char *
commit_inbox (FerryInbox  *inbox,
              GError     **error)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GFile) file = NULL;

  ferry_inbox_commit_async (inbox, NULL, wait_done_cb, &result);
  file = ferry_inbox_commit_finish (inbox, wait_for_result (&result), error);
  return file != NULL ? g_file_get_basename (file) : NULL;
}

static char *
receive (Fixture    *fixture,
         const char *name,
         const char *contents)
{
  g_autoptr(FerryInbox) inbox = ferry_inbox_new (fixture->folder, name, strlen (contents));
  g_autoptr(GError) error = NULL;
  g_autofree char *stored = NULL;
  int fd = open_inbox (inbox, &error);

  g_assert_no_error (error);
  g_assert_cmpint (pwrite (fd, contents, strlen (contents), 0), ==, strlen (contents));
  stored = commit_inbox (inbox, &error);
  g_assert_no_error (error);

  return g_steal_pointer (&stored);
}

static void
test_stores_under_the_name (Fixture       *fixture,
                            gconstpointer  data)
{
  g_autofree char *stored = receive (fixture, "report.pdf", "words");

  g_assert_cmpstr (stored, ==, "report.pdf");
  g_assert_cmpuint (count_files (fixture), ==, 1);
  assert_contents (fixture, "report.pdf", "words");
}

/* SEC-18: whatever the peer calls it, it lies in the folder and nowhere else. */
static void
test_traversal_stays_inside (Fixture       *fixture,
                             gconstpointer  data)
{
  static const char *const names[] = {
    "../escaped", "..", ".", "", "/etc/passwd", "a/../../escaped", "..\\escaped", "C:\\escaped",
    "../folder/../escaped", ".bashrc", "a\nb", "-rf", "~", "x/",
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *stored = receive (fixture, names[i], "harmless");

      g_assert_null (strpbrk (stored, "/\\\n"));
      g_assert_cmpint (stored[0], !=, '.');
      assert_contents (fixture, stored, "harmless");
    }

  g_assert_cmpuint (count_files (fixture), ==, G_N_ELEMENTS (names));
  g_assert_cmpuint (remove_all (fixture->outside), ==, G_N_ELEMENTS (names) + 1);
}

static void
test_never_overwrites (Fixture       *fixture,
                       gconstpointer  data)
{
  static const struct { const char *name, *first, *second; } rows[] = {
    { "a.txt", "a (1).txt", "a (2).txt" },
    { "a.tar.gz", "a (1).tar.gz", "a (2).tar.gz" },
    { "plain", "plain (1)", "plain (2)" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *first = NULL;
      g_autofree char *second = NULL;

      put (fixture, rows[i].name, "mine");
      first = receive (fixture, rows[i].name, "one");
      second = receive (fixture, rows[i].name, "two");

      g_assert_cmpstr (first, ==, rows[i].first);
      g_assert_cmpstr (second, ==, rows[i].second);
      assert_contents (fixture, rows[i].name, "mine");
      assert_contents (fixture, first, "one");
      assert_contents (fixture, second, "two");
    }
}

/* The name is taken after the .part was made, while the bytes came. */
static void
test_a_late_rival_keeps_its_name (Fixture       *fixture,
                                  gconstpointer  data)
{
  g_autoptr(FerryInbox) inbox = ferry_inbox_new (fixture->folder, "a.txt", 0);
  g_autofree char *stored = NULL;

  g_assert_cmpint (open_inbox (inbox, NULL), >=, 0);
  put (fixture, "a.txt", "rival");
  stored = commit_inbox (inbox, NULL);

  g_assert_cmpstr (stored, ==, "a (1).txt");
  assert_contents (fixture, "a.txt", "rival");
}

/* Links that lie in wait for either name are neither followed nor replaced. */
static void
test_links_are_not_followed (Fixture       *fixture,
                             gconstpointer  data)
{
  g_autofree char *victim = g_build_filename (fixture->outside, "victim", NULL);
  g_autofree char *part = g_build_filename (fixture->path, "a.txt.part", NULL);
  g_autofree char *dangling = g_build_filename (fixture->path, "a.txt", NULL);
  g_autofree char *contents = NULL;
  g_autofree char *stored = NULL;
  struct stat info;

  g_assert_true (g_file_set_contents (victim, "untouched", -1, NULL));
  g_assert_cmpint (symlink (victim, part), ==, 0);
  g_assert_cmpint (symlink ("../new", dangling), ==, 0);

  stored = receive (fixture, "a.txt", "mine");

  g_assert_cmpstr (stored, ==, "a (1).txt");
  g_assert_true (g_file_get_contents (victim, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, "untouched");
  g_assert_cmpint (lstat (part, &info), ==, 0);
  g_assert_true (S_ISLNK (info.st_mode));
  g_assert_cmpint (lstat (dangling, &info), ==, 0);
  g_assert_true (S_ISLNK (info.st_mode));
}

static void
test_long_and_foreign_names_fit (Fixture       *fixture,
                                 gconstpointer  data)
{
  g_autofree char *ascii = g_strnfill (251, 'x');
  g_autofree char *long_ascii = g_strconcat (ascii, ".png", NULL);
  g_autoptr(GString) wide = g_string_new (NULL);
  const char *names[4] = { long_ascii, NULL, "Größe – 尺寸 📁.txt", "שלום.doc" };

  for (guint i = 0; i < 80; i++)
    g_string_append (wide, "語");
  g_string_append (wide, ".webm");
  names[1] = wide->str;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *stored = receive (fixture, names[i], "x");
      g_autofree char *again = receive (fixture, names[i], "y");

      g_assert_true (g_utf8_validate (stored, -1, NULL));
      g_assert_true (g_str_has_suffix (stored, strrchr (names[i], '.')));
      assert_contents (fixture, stored, "x");
      assert_contents (fixture, again, "y");
    }
}

/* SEC-19 */
static void
test_modes_are_private_then_plain (Fixture       *fixture,
                                   gconstpointer  data)
{
  g_autoptr(FerryInbox) inbox = ferry_inbox_new (fixture->folder, "run.sh", -1);
  g_autofree char *path = g_build_filename (fixture->path, "run.sh", NULL);
  g_autofree char *stored = NULL;
  mode_t mask = umask (0027);
  struct stat info;
  int fd = open_inbox (inbox, NULL);

  g_assert_cmpint (fstat (fd, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 07777, ==, 0600);
  g_assert_true (g_file_test (fixture->path, G_FILE_TEST_IS_DIR));
  stored = commit_inbox (inbox, NULL);
  g_assert_cmpint (stat (path, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 07777, ==, 0640);
  umask (mask);
}

/* The thread that opened it may be the last to let go. */
static void
assert_finalizes (FerryInbox *inbox)
{
  gpointer weak = inbox;

  g_object_add_weak_pointer (G_OBJECT (inbox), &weak);
  g_object_unref (inbox);
  for (guint i = 0; i < 1000 && g_atomic_pointer_get (&weak) != NULL; i++)
    g_usleep (1000);
  g_assert_null (g_atomic_pointer_get (&weak));
}

static void
test_discard_leaves_nothing (Fixture       *fixture,
                             gconstpointer  data)
{
  FerryInbox *inbox = ferry_inbox_new (fixture->folder, "a.txt", 5);

  g_assert_cmpint (open_inbox (inbox, NULL), >=, 0);
  g_assert_cmpuint (count_files (fixture), ==, 1);
  ferry_inbox_discard (inbox);
  g_assert_cmpuint (count_files (fixture), ==, 0);
  assert_finalizes (inbox);

  inbox = ferry_inbox_new (fixture->folder, "a.txt", 5);
  g_assert_cmpint (open_inbox (inbox, NULL), >=, 0);
  assert_finalizes (inbox);
  g_assert_cmpuint (count_files (fixture), ==, 0);
}

/* What is long to free is freed elsewhere, but freed. */
static void
test_a_large_discard_is_let_go_of (Fixture       *fixture,
                                   gconstpointer  data)
{
  FerryInbox *inbox = ferry_inbox_new (fixture->folder, "a.txt", -1);
  gint64 deadline = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;
  int fd = open_inbox (inbox, NULL);

  g_assert_cmpint (ftruncate (fd, 100 << 20), ==, 0);
  ferry_inbox_discard (inbox);
  g_assert_cmpuint (count_files (fixture), ==, 0);
  assert_finalizes (inbox);

  while (fcntl (fd, F_GETFD) >= 0)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_usleep (1000);
    }
}

static void
test_discard_while_opening_leaves_nothing (Fixture       *fixture,
                                           gconstpointer  data)
{
  FerryInbox *inbox = ferry_inbox_new (fixture->folder, "a.txt", 5);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  ferry_inbox_open_async (inbox, NULL, wait_done_cb, &result);
  ferry_inbox_discard (inbox);
  g_assert_cmpint (ferry_inbox_open_finish (inbox, wait_for_result (&result), &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_object (&result);
  assert_finalizes (inbox);
  g_assert_cmpuint (count_files (fixture), ==, 0);
}

/* Somebody put another file where the .part was: it is theirs. */
static void
test_a_stranger_in_its_place_is_spared (Fixture       *fixture,
                                        gconstpointer  data)
{
  g_autoptr(FerryInbox) inbox = ferry_inbox_new (fixture->folder, "a.txt", 5);
  g_autofree char *part = g_build_filename (fixture->path, "a.txt.part", NULL);
  g_autofree char *stored = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (open_inbox (inbox, NULL), >=, 0);
  g_assert_cmpint (g_unlink (part), ==, 0);
  put (fixture, "a.txt.part", "theirs");
  stored = commit_inbox (inbox, &error);

  g_assert_null (stored);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  assert_contents (fixture, "a.txt.part", "theirs");
  g_assert_cmpuint (count_files (fixture), ==, 1);
}

static void
test_same_names_at_once_part_ways (Fixture       *fixture,
                                   gconstpointer  data)
{
  FerryInbox *inboxes[8];
  GAsyncResult *results[8] = { NULL };
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (inboxes); i++)
    {
      inboxes[i] = ferry_inbox_new (fixture->folder, "same.txt", 1);
      ferry_inbox_open_async (inboxes[i], NULL, wait_done_cb, &results[i]);
    }

  for (guint i = 0; i < G_N_ELEMENTS (inboxes); i++)
    {
      char digit = '0' + i;
      int fd = ferry_inbox_open_finish (inboxes[i], wait_for_result (&results[i]), NULL);

      g_assert_cmpint (pwrite (fd, &digit, 1, 0), ==, 1);
      g_clear_object (&results[i]);
      ferry_inbox_commit_async (inboxes[i], NULL, wait_done_cb, &results[i]);
    }

  for (guint i = 0; i < G_N_ELEMENTS (inboxes); i++)
    {
      g_autoptr(GFile) file = ferry_inbox_commit_finish (inboxes[i],
                                                         wait_for_result (&results[i]), NULL);
      char expected[] = { '0' + i, '\0' };
      g_autofree char *name = g_file_get_basename (file);

      assert_contents (fixture, name, expected);
      g_assert_true (g_hash_table_add (seen, g_steal_pointer (&name)));
      g_clear_object (&results[i]);
      g_object_unref (inboxes[i]);
    }

  g_assert_cmpuint (count_files (fixture), ==, G_N_ELEMENTS (inboxes));
}

/* SEC-20: before the first byte, and with the reason. */
static void
test_no_space_is_said_before (Fixture       *fixture,
                              gconstpointer  data)
{
  g_autoptr(FerryInbox) inbox = ferry_inbox_new (fixture->folder, "big", G_MAXINT64 / 2);
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (open_inbox (inbox, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  g_assert_nonnull (strstr (error->message, g_strerror (ENOSPC)));
  g_assert_cmpuint (count_files (fixture), ==, 0);
}

static void
test_a_lost_folder_has_a_reason (Fixture       *fixture,
                                 gconstpointer  data)
{
  static const struct { const char *path; int code; } rows[] = {
    { "gone/deeper", G_IO_ERROR_NOT_FOUND },
    { "file", G_IO_ERROR_NOT_DIRECTORY },
  };

  put (fixture, "file", "");
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GFile) folder = g_file_resolve_relative_path (fixture->folder, rows[i].path);
      g_autoptr(FerryInbox) inbox = ferry_inbox_new (folder, "a", 1);
      g_autoptr(GError) error = NULL;

      g_assert_cmpint (open_inbox (inbox, &error), ==, -1);
      g_assert_error (error, G_IO_ERROR, rows[i].code);
    }
}

/* The downloads folder of a new user. */
static void
test_makes_the_folder_itself (Fixture       *fixture,
                              gconstpointer  data)
{
  g_autoptr(GFile) folder = g_file_get_child (fixture->folder, "Downloads");
  g_autoptr(FerryInbox) inbox = ferry_inbox_new (folder, "a", 1);
  g_autofree char *stored = NULL;

  g_assert_cmpint (open_inbox (inbox, NULL), >=, 0);
  stored = commit_inbox (inbox, NULL);
  assert_contents (fixture, "Downloads/a", "");
}

/* For file systems without renameat2, or without links: the same promise. */
static void
test_every_way_of_naming_overwrites_nothing (Fixture       *fixture,
                                             gconstpointer  data)
{
  put (fixture, "a.txt", "mine");

  for (guint method = FERRY_PUBLISH_RENAME; method <= FERRY_PUBLISH_PLACEHOLDER; method++)
    {
      g_autoptr(GError) error = NULL;
      FerryPartFile *part = ferry_part_file_create (fixture->folder, "a.txt", 3, &error);
      g_autofree char *expected = g_strdup_printf ("a (%u).txt", method + 1);
      g_autofree char *published = NULL;

      g_assert_no_error (error);
      g_assert_cmpint (pwrite (part->fd, "new", 3, 0), ==, 3);
      published = ferry_part_file_publish (part, "a.txt", method, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (published, ==, expected);
      ferry_part_file_free (part);
      assert_contents (fixture, expected, "new");
      assert_contents (fixture, "a.txt", "mine");
      g_assert_cmpuint (count_files (fixture), ==, method + 2);
    }
}

#define ADD(path, func) \
  g_test_add ("/core/inbox/" path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("stores-under-the-name", test_stores_under_the_name);
  ADD ("traversal-stays-inside", test_traversal_stays_inside);
  ADD ("never-overwrites", test_never_overwrites);
  ADD ("a-late-rival-keeps-its-name", test_a_late_rival_keeps_its_name);
  ADD ("links-are-not-followed", test_links_are_not_followed);
  ADD ("long-and-foreign-names-fit", test_long_and_foreign_names_fit);
  ADD ("modes-are-private-then-plain", test_modes_are_private_then_plain);
  ADD ("discard-leaves-nothing", test_discard_leaves_nothing);
  ADD ("a-large-discard-is-let-go-of", test_a_large_discard_is_let_go_of);
  ADD ("discard-while-opening-leaves-nothing", test_discard_while_opening_leaves_nothing);
  ADD ("a-stranger-in-its-place-is-spared", test_a_stranger_in_its_place_is_spared);
  ADD ("same-names-at-once-part-ways", test_same_names_at_once_part_ways);
  ADD ("no-space-is-said-before", test_no_space_is_said_before);
  ADD ("a-lost-folder-has-a-reason", test_a_lost_folder_has_a_reason);
  ADD ("makes-the-folder-itself", test_makes_the_folder_itself);
  ADD ("every-way-of-naming-overwrites-nothing", test_every_way_of_naming_overwrites_nothing);

  return g_test_run ();
}
