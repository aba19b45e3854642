/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "net/pin-store.h"

#define ROMEO    "romeo@montague.lit"
#define JULIET   "juliet@capulet.lit"
#define NURSE    "nurse@capulet.lit"
#define PATIENCE (20 * G_USEC_PER_SEC)

static const char *program;

typedef struct
{
  char *dir;
  char *path;
} Folder;

static void
folder_set_up (Folder        *folder,
               gconstpointer  data)
{
  folder->dir = g_dir_make_tmp ("ferry-pins-XXXXXX", NULL);
  folder->path = g_build_filename (folder->dir, "trust.db", NULL);
}

static void
folder_tear_down (Folder        *folder,
                  gconstpointer  data)
{
  g_autoptr(GDir) dir = g_dir_open (folder->dir, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder->dir, name, NULL);

      g_unlink (path);
    }

  g_assert_cmpint (g_rmdir (folder->dir), ==, 0);
  g_free (folder->dir);
  g_free (folder->path);
}

/* The digests are of no certificate: the store believes what it is told. */
static FerryPinRecord *
make_pin (const char *jid,
          char        digit,
          int         level)
{
  FerryPinRecord *pin = g_new0 (FerryPinRecord, 1);

  pin->jid = g_strdup (jid);
  pin->sha256 = g_strnfill (64, digit);
  pin->sha1 = g_strnfill (40, digit);
  pin->certificate = g_bytes_new (&digit, 1);
  pin->level = level;
  pin->since = 1000 * digit + level;

  return pin;
}

static void
add (FerryPinStore *store,
     const char    *jid,
     char           digit,
     int            level)
{
  g_autoptr(FerryPinRecord) pin = make_pin (jid, digit, level);

  ferry_pin_store_add (store, pin);
}

static void
replace (FerryPinStore *store,
         const char    *jid,
         char           digit,
         int            level)
{
  g_autoptr(FerryPinRecord) pin = make_pin (jid, digit, level);

  ferry_pin_store_replace (store, pin);
}

/* What somebody finds who comes now. */
static FerryPinContents *
look (Folder     *folder,
      const char *account)
{
  g_autoptr(FerryPinStore) store = ferry_pin_store_new (folder->dir, account);

  g_assert_no_error (ferry_pin_store_get_error (store));

  return ferry_pin_store_take_contents (store);
}

static const FerryPinRecord *
find (const FerryPinContents *contents,
      const char             *jid)
{
  for (guint i = 0; i < contents->pins->len; i++)
    {
      const FerryPinRecord *pin = contents->pins->pdata[i];

      if (g_str_equal (pin->jid, jid))
        return pin;
    }

  return NULL;
}

static void
assert_pin (const FerryPinRecord *pin,
            char                  digit,
            int                   level,
            char                  changed)
{
  g_autofree char *sha256 = g_strnfill (64, digit);
  g_autofree char *sha1 = g_strnfill (40, digit);
  g_autofree char *other = changed != 0 ? g_strnfill (64, changed) : NULL;

  g_assert_nonnull (pin);
  g_assert_cmpstr (pin->sha256, ==, sha256);
  g_assert_cmpstr (pin->sha1, ==, sha1);
  g_assert_cmpint (*(const char *) g_bytes_get_data (pin->certificate, NULL), ==, digit);
  g_assert_cmpint (pin->level, ==, level);
  g_assert_cmpstr (pin->changed_sha256, ==, other);
}

static void
test_keeps_what_it_is_told (Folder        *folder,
                            gconstpointer  data)
{
  g_autoptr(FerryPinStore) store = ferry_pin_store_new (folder->dir, ROMEO);
  g_autoptr(FerryPinContents) nothing = ferry_pin_store_take_contents (store);
  g_autoptr(FerryPinContents) found = NULL;
  g_autofree char *other = g_strnfill (64, '9');
  g_autoptr(GBytes) certificate = g_bytes_new_static ("\0nine", 5);

  g_assert_no_error (ferry_pin_store_get_error (store));
  g_assert_cmpuint (nothing->pins->len + nothing->policies->len, ==, 0);

  add (store, JULIET, '1', 1);
  ferry_pin_store_set_changed (store, JULIET, other, certificate);
  ferry_pin_store_set_changed (store, JULIET, other, NULL);
  replace (store, NURSE, '2', 3);
  add (store, "tybalt@capulet.lit", '3', 1);
  ferry_pin_store_remove (store, "tybalt@capulet.lit");
  ferry_pin_store_set_policy (store, JULIET, 1);
  ferry_pin_store_set_policy (store, JULIET, 2);
  ferry_pin_store_set_relayed (store, JULIET, TRUE);
  ferry_pin_store_set_relayed (store, NURSE, TRUE);
  ferry_pin_store_set_relayed (store, JULIET, FALSE);
  ferry_pin_store_flush (store);

  found = look (folder, ROMEO);
  g_assert_cmpuint (found->pins->len, ==, 2);
  assert_pin (find (found, JULIET), '1', 1, '9');
  g_assert_cmpint (find (found, JULIET)->since, ==, 1000 * '1' + 1);
  g_assert_true (g_bytes_equal (find (found, JULIET)->changed_certificate, certificate));
  assert_pin (find (found, NURSE), '2', 3, 0);
  g_assert_cmpuint (found->policies->len, ==, 1);
  g_assert_cmpstr (((FerryPolicyRecord *) found->policies->pdata[0])->jid, ==, JULIET);
  g_assert_cmpint (((FerryPolicyRecord *) found->policies->pdata[0])->policy, ==, 2);
  g_assert_cmpuint (found->relayed->len, ==, 1);
  g_assert_cmpstr (found->relayed->pdata[0], ==, NURSE);
}

/* One row of what two programs do to one address, one after the other. */
static void
test_never_sinks (Folder        *folder,
                  gconstpointer  data)
{
  static const struct
  {
    char     digit;
    int      level;
    gboolean replaces;
    char     pinned; /* what is there then */
    int      pinned_level;
    char     changed;
  } rows[] = {
    { '1', 1, FALSE, '1', 1, 0 },
    { '2', 1, FALSE, '1', 1, '2' },
    { '1', 1, FALSE, '1', 1, '2' }, /* that the old one was seen again decides nothing */
    { '1', 2, TRUE, '1', 2, 0 },
    { '1', 1, FALSE, '1', 2, 0 },
    { '1', 3, TRUE, '1', 3, 0 },
    { '1', 2, TRUE, '1', 3, 0 },
    { '3', 1, FALSE, '1', 3, '3' },
    { '3', 2, TRUE, '3', 2, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(FerryPinStore) store = ferry_pin_store_new (folder->dir, ROMEO);
      g_autoptr(FerryPinContents) found = NULL;

      (rows[i].replaces ? replace : add) (store, JULIET, rows[i].digit, rows[i].level);
      ferry_pin_store_flush (store);
      found = look (folder, ROMEO);
      assert_pin (find (found, JULIET), rows[i].pinned, rows[i].pinned_level, rows[i].changed);
    }
}

static void
test_keeps_accounts_apart (Folder        *folder,
                           gconstpointer  data)
{
  g_autoptr(FerryPinStore) romeo = ferry_pin_store_new (folder->dir, ROMEO);
  g_autoptr(FerryPinStore) nurse = ferry_pin_store_new (folder->dir, NURSE);
  g_autoptr(FerryPinContents) romeos = NULL;
  g_autoptr(FerryPinContents) nurses = NULL;

  add (romeo, JULIET, '1', 1);
  add (nurse, JULIET, '2', 1);
  ferry_pin_store_set_policy (nurse, JULIET, 1);
  ferry_pin_store_flush (nurse);
  ferry_pin_store_remove (nurse, JULIET);
  ferry_pin_store_flush (nurse);
  ferry_pin_store_flush (romeo);

  romeos = look (folder, ROMEO);
  nurses = look (folder, NURSE);
  assert_pin (find (romeos, JULIET), '1', 1, 0);
  g_assert_cmpuint (romeos->policies->len, ==, 0);
  g_assert_null (find (nurses, JULIET));
  g_assert_cmpuint (nurses->policies->len, ==, 1);
}

static void
test_is_for_its_owner_alone (Folder        *folder,
                             gconstpointer  data)
{
  g_autofree char *made = g_build_filename (folder->dir, "made", NULL);
  g_autofree char *inside = g_build_filename (made, "trust.db", NULL);
  g_autoptr(FerryPinStore) store = NULL;
  GStatBuf info;

  /* One that was too open, too. */
  g_assert_true (g_file_set_contents (folder->path, "", 0, NULL));
  g_chmod (folder->path, 0644);
  store = ferry_pin_store_new (folder->dir, ROMEO);
  g_assert_no_error (ferry_pin_store_get_error (store));
  g_assert_cmpint (g_stat (folder->path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);

  g_clear_pointer (&store, ferry_pin_store_free);
  store = ferry_pin_store_new (made, ROMEO);
  g_assert_cmpint (g_stat (inside, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  g_assert_cmpint (g_stat (made, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0700);
  g_clear_pointer (&store, ferry_pin_store_free);
  g_unlink (inside);
  g_rmdir (made);
}

static void
fill (Folder *folder)
{
  g_autoptr(FerryPinStore) store = ferry_pin_store_new (folder->dir, ROMEO);

  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *jid = g_strdup_printf ("%u@capulet.lit", i);

      add (store, jid, '1', 1);
    }
}

static void
assert_was_moved_aside (Folder     *folder,
                        const char *contents,
                        gsize       size)
{
  g_autoptr(GDir) dir = g_dir_open (folder->dir, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, "trust.db.damaged-"))
      {
        g_autofree char *path = g_build_filename (folder->dir, name, NULL);
        g_autofree char *found = NULL;
        gsize found_size;

        g_assert_true (g_file_get_contents (path, &found, &found_size, NULL));
        g_assert_cmpmem (found, found_size, contents, size);
        g_unlink (path);
        return;
      }

  g_assert_not_reached ();
}

/* Whatever a disk, or a person with an editor, did to it. */
static void
test_moves_a_damaged_one_aside (Folder        *folder,
                                gconstpointer  data)
{
  for (int way = 0; way < 4; way++)
    {
      g_autoptr(FerryPinStore) store = NULL;
      g_autoptr(FerryPinContents) found = NULL;
      g_autofree char *text = NULL;
      gsize size;

      fill (folder);
      g_assert_true (g_file_get_contents (folder->path, &text, &size, NULL));
      g_assert_cmpuint (size, >, 3 * 4096);

      if (way == 0)
        memcpy (text, "SQLite format 4", 15);
      else if (way == 1)
        size -= 4096 + 100;
      else if (way == 2)
        memset (text + 4096, 0xa5, size - 4096);
      else
        memset (text, 'x', size);
      g_assert_true (g_file_set_contents (folder->path, text, size, NULL));

      store = ferry_pin_store_new (folder->dir, ROMEO);
      g_assert_error (ferry_pin_store_get_error (store), G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
      assert_was_moved_aside (folder, text, size);
      add (store, JULIET, '1', 1);
      ferry_pin_store_flush (store);
      found = look (folder, ROMEO);
      g_assert_cmpuint (found->pins->len, ==, 1);
      g_clear_pointer (&store, ferry_pin_store_free);
      g_unlink (folder->path);
    }
}

/* Rows that SQLite likes and we did not write. */
static void
test_ignores_rows_that_are_none (Folder        *folder,
                                 gconstpointer  data)
{
  g_autoptr(FerryPinStore) store = ferry_pin_store_new (folder->dir, ROMEO);
  g_autoptr(FerryPinRecord) large = make_pin (JULIET, '1', 1);
  g_autoptr(FerryPinRecord) odd = make_pin (NURSE, '1', 1);
  g_autoptr(FerryPinContents) found = NULL;
  char *bytes = g_malloc0 (20000);

  g_bytes_unref (large->certificate);
  large->certificate = g_bytes_new_take (bytes, 20000);
  ferry_pin_store_add (store, large);
  g_free (odd->sha256);
  odd->sha256 = g_strdup ("short");
  ferry_pin_store_add (store, odd);
  ferry_pin_store_flush (store);

  found = look (folder, ROMEO);
  g_assert_cmpuint (found->pins->len, ==, 0);
}

static void
test_lives_without_a_folder (Folder        *folder,
                             gconstpointer  data)
{
  g_autoptr(FerryPinStore) store = NULL;
  g_autoptr(FerryPinContents) contents = NULL;
  g_autofree char *impossible = g_build_filename (folder->path, "below", NULL);

  g_assert_true (g_file_set_contents (folder->path, "", 0, NULL));
  store = ferry_pin_store_new (impossible, ROMEO);
  g_assert_nonnull (ferry_pin_store_get_error (store));
  g_assert_false (g_error_matches (ferry_pin_store_get_error (store), G_IO_ERROR,
                                   G_IO_ERROR_INVALID_DATA));
  add (store, JULIET, '1', 1);
  ferry_pin_store_flush (store);
  contents = ferry_pin_store_take_contents (store);
  g_assert_cmpuint (contents->pins->len, ==, 0);
}

typedef struct
{
  guint n_told;
  guint n_pins; /* at the last time */
} Told;

static void
store_told_cb (const FerryPinContents *contents,
               gpointer                user_data)
{
  Told *told = user_data;

  told->n_told++;
  told->n_pins = contents->pins->len;
}

static gboolean
wake_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static void
wait_for_pins (const Told *told,
               guint       n)
{
  gint64 deadline = g_get_monotonic_time () + PATIENCE;
  guint wake = g_timeout_add (10, wake_cb, NULL);

  while (told->n_pins != n)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_main_context_iteration (NULL, TRUE);
    }

  g_source_remove (wake);
}

static void
wait_ms (guint ms)
{
  gint64 end = g_get_monotonic_time () + ms * G_TIME_SPAN_MILLISECOND;
  guint wake = g_timeout_add (10, wake_cb, NULL);

  while (g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, TRUE);

  g_source_remove (wake);
}

static void
test_tells_what_others_wrote (Folder        *folder,
                              gconstpointer  data)
{
  g_autoptr(FerryPinStore) store = ferry_pin_store_new (folder->dir, ROMEO);
  g_autoptr(FerryPinStore) other = ferry_pin_store_new (folder->dir, ROMEO);
  Told told = { 0 };

  ferry_pin_store_watch (store, store_told_cb, &told);
  add (store, JULIET, '1', 1);
  ferry_pin_store_flush (store);
  wait_ms (300);
  g_assert_cmpuint (told.n_told, ==, 0); /* our own is no news */

  add (other, NURSE, '2', 1);
  wait_for_pins (&told, 2);

  /* Whatever is told, what we asked for before is in it. */
  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *ours = g_strdup_printf ("%u@montague.lit", i);
      g_autofree char *theirs = g_strdup_printf ("%u@capulet.lit", i);
      guint n_told = told.n_told;

      add (other, theirs, '2', 1);
      add (store, ours, '1', 1);
      g_main_context_iteration (NULL, FALSE);
      if (told.n_told != n_told)
        g_assert_cmpuint (told.n_pins, >=, 2 + i + 1);
    }
  wait_for_pins (&told, 42);
}

/* What `--write N` does: a program of its own with the same folder. */
static int
write_as_another_program (const char *dir,
                          const char *number)
{
  g_autoptr(FerryPinStore) store = ferry_pin_store_new (dir, ROMEO);

  if (ferry_pin_store_get_error (store) != NULL)
    return 1;

  for (guint i = 0; i < 25; i++)
    {
      g_autofree char *jid = g_strdup_printf ("%u@%s.lit", i, number);

      add (store, jid, '1', 1);
      ferry_pin_store_set_policy (store, jid, 1);
      replace (store, JULIET, '2', 2);
    }

  return 0;
}

static GSubprocess *
start_program (Folder *folder,
               guint   number)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *word = g_strdup_printf ("%u", number);
  GSubprocess *process = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, program, "--write",
                                           folder->dir, word, NULL);

  g_assert_no_error (error);

  return process;
}

static void
test_is_shared_by_programs (Folder        *folder,
                            gconstpointer  data)
{
  GSubprocess *processes[4];
  g_autoptr(FerryPinContents) found = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (processes); i++)
    processes[i] = start_program (folder, i);

  for (guint i = 0; i < G_N_ELEMENTS (processes); i++)
    {
      g_autoptr(GSubprocess) process = processes[i];

      g_assert_true (g_subprocess_wait_check (process, NULL, NULL));
    }

  found = look (folder, ROMEO);
  g_assert_cmpuint (found->pins->len, ==, 4 * 25 + 1);
  g_assert_cmpuint (found->policies->len, ==, 4 * 25);
}

static void
test_survives_a_program_that_is_killed (Folder        *folder,
                                        gconstpointer  data)
{
  for (guint i = 0; i < 5; i++)
    {
      g_autoptr(GSubprocess) process = start_program (folder, i);
      g_autoptr(FerryPinContents) found = NULL;

      g_usleep (20000 + i * 7000);
      g_subprocess_send_signal (process, SIGKILL);
      g_subprocess_wait (process, NULL, NULL);
      found = look (folder, ROMEO);
      g_assert_cmpuint (found->policies->len, <=, found->pins->len);
    }
}

#define ADD(name, test) \
  g_test_add ("/net/pin-store/" name, Folder, NULL, folder_set_up, test, folder_tear_down)

int
main (int    argc,
      char **argv)
{
  program = argv[0];

  if (argc == 4 && g_str_equal (argv[1], "--write"))
    return write_as_another_program (argv[2], argv[3]);

  g_test_init (&argc, &argv, NULL);
  ADD ("keeps-what-it-is-told", test_keeps_what_it_is_told);
  ADD ("never-sinks", test_never_sinks);
  ADD ("keeps-accounts-apart", test_keeps_accounts_apart);
  ADD ("is-for-its-owner-alone", test_is_for_its_owner_alone);
  ADD ("moves-a-damaged-one-aside", test_moves_a_damaged_one_aside);
  ADD ("ignores-rows-that-are-none", test_ignores_rows_that_are_none);
  ADD ("lives-without-a-folder", test_lives_without_a_folder);
  ADD ("tells-what-others-wrote", test_tells_what_others_wrote);
  ADD ("is-shared-by-programs", test_is_shared_by_programs);
  ADD ("survives-a-program-that-is-killed", test_survives_a_program_that_is_killed);

  return g_test_run ();
}
