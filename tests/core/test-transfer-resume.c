/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>

#include "legacy/dialects.h"
#include "two-clients.h"

#define MIB    (1024 * 1024)
#define SIZE   (31 * MIB) /* small enough to be hashed before it is offered */
#define ENOUGH (9 * MIB) /* to be worth keeping */

static const char *dialect_of_now;

static void
configure (FerrySettings *settings)
{
  settings->dialect = g_strdup (dialect_of_now);
  settings->paths = FERRY_PATH_DIRECT;
  settings->resume_within = 0; /* it is a person who offers it again */
}

typedef struct
{
  TwoClients     clients;
  FerryTransfer *sent;    /* (owned) (nullable) */
  FerryTransfer *offered; /* (owned) (nullable) */
} Story;

static void
story_set_up (Story         *story,
              gconstpointer  data)
{
  dialect_of_now = data;
  two_clients_set_up (&story->clients, configure);
  two_clients_befriend (&story->clients);
}

static void
story_tear_down (Story         *story,
                 gconstpointer  data)
{
  g_clear_object (&story->sent);
  g_clear_object (&story->offered);
  two_clients_tear_down (&story->clients);
}

static void
story_offer (Story *story,
             GFile *file,
             guint  index)
{
  g_clear_object (&story->sent);
  g_clear_object (&story->offered);
  story->sent = g_object_ref (ferry_transfer_queue_send (story->clients.romeo.queue,
                                                         "juliet@capulet.lit", file));
  story->offered = g_object_ref (wait_for_transfer (&story->clients.juliet, index));
}

static gint64
get_size (Story      *story,
          const char *name)
{
  g_autofree char *path = g_build_filename (story->clients.juliet.dir, name, NULL);
  GStatBuf info;

  return g_stat (path, &info) == 0 ? info.st_size : -1;
}

/* Whether some of it is there, and not all: what is whole is being stored. */
static gboolean
has_enough (Story *story)
{
  gint64 size = get_size (story, "film.mkv.part");

  return size >= ENOUGH && size < SIZE;
}

/* The path breaks when some of it is there. Where all of it was there already, again. */
static guint
story_break_off (Story *story,
                 GFile *file)
{
  g_autofree char *whole = g_build_filename (story->clients.juliet.dir, "film.mkv", NULL);
  guint n;

  for (n = 0; !has_enough (story); n++)
    {
      g_assert_cmpuint (n, <, 20);
      g_unlink (whole);
      story_offer (story, file, n);
      ferry_transfer_accept (story->offered, NULL, NULL);
      while (!ferry_transfer_is_ended (story->offered)
             && get_size (story, "film.mkv.part") < ENOUGH)
        g_main_context_iteration (NULL, FALSE);
      if (!ferry_transfer_is_ended (story->sent))
        ferry_transfer_break_data (story->sent, "a test");
      wait_for_end (story->sent);
      wait_for_end (story->offered);
    }

  g_assert_cmpuint (ferry_transfer_get_state (story->offered), ==, FERRY_TRANSFER_FAILED);
  return n;
}

/* FT-9, FT0-7, FT5-7, SIFT-4, SIFT-5 */
static void
test_only_the_rest_is_asked_for (Story         *story,
                                 gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (SIZE);
  g_autoptr(GFile) file = make_file (&story->clients, "film.mkv", contents);
  guint n_tries = story_break_off (story, file);

  g_assert_cmpint (get_size (story, "film.mkv.part"), <, SIZE);
  two_clients_tamper (&story->clients, "<range offset=", "<range  offset=");
  story_offer (story, file, n_tries);
  ferry_transfer_accept (story->offered, NULL, NULL);
  wait_for_end (story->offered);
  wait_for_end (story->sent);
  g_assert_cmpuint (story->clients.n_tampered, ==, 1);
  g_assert_cmpuint (ferry_transfer_get_state (story->offered), ==, FERRY_TRANSFER_DONE);
  g_assert_cmpuint (ferry_transfer_get_state (story->sent), ==, FERRY_TRANSFER_DONE);
  g_assert_cmpuint (ferry_transfer_get_verified (story->offered), !=, FERRY_VERIFIED_NO);
  g_assert_cmpint (ferry_transfer_get_bytes (story->offered), ==, SIZE);
  party_assert_has_file (&story->clients.juliet, "film.mkv", contents);
  g_assert_cmpuint (party_count_files (&story->clients.juliet), ==, 1);
}

/* SEC-21: another file of the same name and length is another file. */
static void
test_another_file_starts_anew (Story         *story,
                               gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (SIZE);
  g_autoptr(GFile) file = make_file (&story->clients, "film.mkv", contents);
  g_autoptr(GDateTime) then = g_date_time_new_from_unix_utc (1000000000);
  g_autoptr(GFileInfo) info = g_file_info_new ();
  guint n_tries = story_break_off (story, file);

  g_file_info_set_modification_date_time (info, then);
  g_assert_true (g_file_set_attributes_from_info (file, info, G_FILE_QUERY_INFO_NONE, NULL, NULL));
  two_clients_tamper (&story->clients, "<range offset=", "<range  offset=");
  story_offer (story, file, n_tries);
  ferry_transfer_accept (story->offered, NULL, NULL);
  wait_for_end (story->offered);
  g_assert_cmpuint (story->clients.n_tampered, ==, 0);
  g_assert_cmpuint (ferry_transfer_get_state (story->offered), ==, FERRY_TRANSFER_DONE);
  party_assert_has_file (&story->clients.juliet, "film.mkv", contents);
}

/* What a person stopped, on either side, is not waited for. */
static void
test_a_cancelled_part_is_gone (Story         *story,
                               gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (SIZE);
  g_autoptr(GFile) file = make_file (&story->clients, "film.mkv", contents);

  for (guint i = 0; i < 2; i++)
    {
      story_offer (story, file, i);
      ferry_transfer_accept (story->offered, NULL, NULL);
      while (!ferry_transfer_is_ended (story->offered)
             && get_size (story, "film.mkv.part") < ENOUGH)
        g_main_context_iteration (NULL, FALSE);
      ferry_transfer_cancel (i == 0 ? story->offered : story->sent);
      wait_for_end (story->offered);
      wait_for_end (story->sent);
      wait_ms (100); /* it may be on its way to the disk */
      g_assert_cmpint (get_size (story, "film.mkv.part"), ==, -1);
    }
}

/* Whoever tidies up the folder gets the whole file the next time. */
static void
test_a_part_taken_away_is_not_missed (Story         *story,
                                      gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (SIZE);
  g_autoptr(GFile) file = make_file (&story->clients, "film.mkv", contents);
  guint n_tries = story_break_off (story, file);
  g_autofree char *part = g_build_filename (story->clients.juliet.dir, "film.mkv.part", NULL);

  g_assert_cmpint (g_unlink (part), ==, 0);
  story_offer (story, file, n_tries);
  ferry_transfer_accept (story->offered, NULL, NULL);
  wait_for_end (story->offered);
  g_assert_cmpuint (ferry_transfer_get_state (story->offered), ==, FERRY_TRANSFER_DONE);
  party_assert_has_file (&story->clients.juliet, "film.mkv", contents);
}

/* Bytes that changed meanwhile are found out, whoever changed them. */
static void
test_a_part_is_checked_with_the_rest (Story         *story,
                                      gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (SIZE);
  g_autoptr(GFile) file = make_file (&story->clients, "film.mkv", contents);
  guint n_tries = story_break_off (story, file);
  g_autofree char *part = g_build_filename (story->clients.juliet.dir, "film.mkv.part", NULL);
  FILE *stream = g_fopen (part, "r+");

  g_assert_nonnull (stream);
  g_assert_cmpint (fputs ("changed", stream), >=, 0);
  g_assert_cmpint (fclose (stream), ==, 0);
  story_offer (story, file, n_tries);
  ferry_transfer_accept (story->offered, NULL, NULL);
  wait_for_end (story->offered);
  g_assert_error (ferry_transfer_get_error (story->offered), FERRY_TRANSFER_ERROR,
                  FERRY_TRANSFER_ERROR_CORRUPT);
  g_assert_cmpuint (party_count_files (&story->clients.juliet), ==, 0);
}

static void
add (const char *name,
     const char *dialect,
     void      (*test) (Story *, gconstpointer))
{
  g_autofree char *path = g_strdup_printf ("/core/transfer-resume/%s/%s", dialect, name);

  g_test_add (path, Story, dialect, story_set_up, test, story_tear_down);
}

int
main (int    argc,
      char **argv)
{
  static const char *const dialects[] = { "jingle-1", "jingle-1-ft3", "jingle-0", "si" };

  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (dialects); i++)
    add ("only-the-rest-is-asked-for", dialects[i], test_only_the_rest_is_asked_for);
  add ("another-file-starts-anew", "jingle-1", test_another_file_starts_anew);
  add ("a-cancelled-part-is-gone", "jingle-1", test_a_cancelled_part_is_gone);
  add ("a-part-taken-away-is-not-missed", "jingle-1", test_a_part_taken_away_is_not_missed);
  add ("a-part-is-checked-with-the-rest", "jingle-1", test_a_part_is_checked_with_the_rest);
  add ("a-part-is-checked-with-the-rest", "si", test_a_part_is_checked_with_the_rest);

  return g_test_run ();
}
