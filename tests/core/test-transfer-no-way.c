/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <unistd.h>

#include "core/transfer-resume.h"
#include "other-way-story.h"

/* The file does not go on, or not without a person, and for good reason. */

static void
test_who_does_not_come_back_is_missed (Story         *story,
                                       gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (OTHER_WAY_SIZE);
  gint64 start;

  other_way_limit_patience (story, 2);
  other_way_begin (story, contents);
  other_way_take_some (story);
  party_show_presence (&story->clients.juliet, ROMEO, "unavailable");
  wait_ms (5);
  other_way_cut (story->sent);
  party_lose_connection (&story->clients.juliet, story->clients.server);
  ferry_transfer_set_paused (story->offered, FALSE);
  wait_until (other_way_is_idle, story->sent, 0);
  start = g_get_monotonic_time ();
  story_expect_failure (story->sent, FERRY_TRANSFER_ERROR_PEER_GONE, "data");
  g_assert_cmpint (g_get_monotonic_time () - start, >=, 1900 * G_TIME_SPAN_MILLISECOND);
  wait_for_end (story->offered);
  g_assert_cmpstr (ferry_transfer_get_step (story->offered), ==, "data");
  other_way_assert_is_not_there (story);
}

/* What a person stopped is not asked about again, nor brought back. */
static void
test_whoever_cancels_meanwhile_is_obeyed (Story         *story,
                                          gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (OTHER_WAY_SIZE);

  other_way_begin (story, contents);
  other_way_take_some (story);
  other_way_cut (story->sent);
  other_way_wait_for_break (story);
  ferry_transfer_cancel (story->offered);
  g_assert_cmpint (ferry_transfer_get_state (story->offered), ==, FERRY_TRANSFER_CANCELLED);
  story_expect_failure (story->sent, FERRY_TRANSFER_ERROR_PEER_CANCELLED, "connect");
  g_assert_cmpuint (other_way_seen.n_offers, ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (story->clients.juliet.queue)), ==, 1);
  g_assert_cmpuint (party_count_files (&story->clients.juliet), ==, 0);
}

static void
test_whoever_withdraws_meanwhile_says_so (Story         *story,
                                          gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (OTHER_WAY_SIZE);

  other_way_begin (story, contents);
  other_way_take_some (story);
  other_way_cut (story->sent);
  other_way_wait_for_break (story);
  ferry_transfer_cancel (story->sent);
  wait_for_end (story->sent);
  g_assert_cmpint (ferry_transfer_get_state (story->sent), ==, FERRY_TRANSFER_CANCELLED);
  story_expect_failure (story->offered, FERRY_TRANSFER_ERROR_PEER_CANCELLED, "connect");
  g_assert_cmpuint (other_way_seen.n_offers, ==, 1);
  g_assert_cmpuint (party_count_files (&story->clients.juliet), ==, 0);
}

/* Nobody there hears of it. */
static void
test_whoever_withdraws_alone_is_done (Story         *story,
                                      gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (OTHER_WAY_SIZE);

  other_way_begin (story, contents);
  other_way_take_some (story);
  other_way_cut (story->sent);
  other_way_wait_for_break (story);
  story->clients.drop = "session-initiate";
  ferry_transfer_cancel (story->sent);
  wait_for_end (story->sent);
  g_assert_cmpint (ferry_transfer_get_state (story->sent), ==, FERRY_TRANSFER_CANCELLED);
  g_assert_true (ferry_transfer_is_idle (story->offered));
  ferry_transfer_cancel (story->offered);
  g_assert_cmpint (ferry_transfer_get_state (story->offered), ==, FERRY_TRANSFER_CANCELLED);
  g_assert_cmpuint (party_count_files (&story->clients.juliet), ==, 0);
}

/* The same file, sent once more by a person, is a question again. */
static void
test_what_is_sent_anew_is_asked_about (Story         *story,
                                       gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (OTHER_WAY_SIZE);

  other_way_begin (story, contents);
  other_way_take_some (story);
  other_way_cut (story->sent);
  other_way_wait_for_break (story);
  ferry_transfer_cancel (story->offered);
  wait_for_end (story->sent);
  story_offer (story, 1, "film.mkv", contents);
  g_assert_cmpint (ferry_transfer_get_state (story->offered), ==, FERRY_TRANSFER_OFFERED);
  g_assert_cmpuint (other_way_seen.n_offers, ==, 2);
}

/* SEC-21: the whole is checked, whatever changed of it. */
static void
test_a_part_that_shrank_is_asked_about (Story         *story,
                                        gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (OTHER_WAY_SIZE);
  g_autofree char *path = g_build_filename (story->clients.juliet.dir, "film.mkv.part", NULL);
  FerryTransfer *anew;

  other_way_begin (story, contents);
  other_way_take_some (story);
  other_way_cut (story->sent);
  other_way_wait_for_break (story);
  g_assert_cmpint (truncate (path, 1000), ==, 0);
  anew = wait_for_transfer (&story->clients.juliet, 1);
  g_assert_cmpint (ferry_transfer_get_state (anew), ==, FERRY_TRANSFER_OFFERED);
  g_assert_cmpint (ferry_transfer_get_state (story->offered), ==, FERRY_TRANSFER_FAILED);
  ferry_transfer_accept (anew, NULL, NULL);
  wait_for_state (anew, FERRY_TRANSFER_DONE);
  wait_for_state (story->sent, FERRY_TRANSFER_DONE);
  party_assert_has_file (&story->clients.juliet, "film.mkv", contents);
}

static void
test_a_part_that_changed_is_found_out (Story         *story,
                                       gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (OTHER_WAY_SIZE);
  g_autofree char *path = g_build_filename (story->clients.juliet.dir, "film.mkv.part", NULL);
  FILE *stream;

  other_way_begin (story, contents);
  other_way_take_some (story);
  other_way_cut (story->sent);
  other_way_wait_for_break (story);
  stream = g_fopen (path, "r+");
  g_assert_nonnull (stream);
  g_assert_cmpint (fputs ("changed", stream), >=, 0);
  g_assert_cmpint (fclose (stream), ==, 0);
  ferry_transfer_set_paused (story->offered, FALSE);
  story_expect_failure (story->offered, FERRY_TRANSFER_ERROR_CORRUPT, "verify");
  story_expect_failure (story->sent, FERRY_TRANSFER_ERROR_CORRUPT, "verify");
  g_assert_cmpuint (party_count_files (&story->clients.juliet), ==, 0);
}

static void
test_a_source_that_changed_is_not_sent (Story         *story,
                                        gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (OTHER_WAY_SIZE);
  g_autofree char *path = g_build_filename (story->clients.dir, "film.mkv", NULL);
  FILE *stream;

  other_way_limit_patience (story, 5);
  other_way_begin (story, contents);
  other_way_take_some (story);
  other_way_cut (story->sent);
  other_way_wait_for_break (story);
  stream = g_fopen (path, "a");
  g_assert_cmpint (fputs ("more", stream), >=, 0);
  g_assert_cmpint (fclose (stream), ==, 0);
  story_expect_failure (story->sent, FERRY_TRANSFER_ERROR_FILE, "connect");
  wait_for_end (story->offered);
  g_assert_cmpuint (other_way_seen.n_offers, ==, 1);
}

/* Who could be asked twice is not: as before there was such a thing. */
static void
test_others_are_not_asked_twice (Story         *story,
                                 gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (OTHER_WAY_SIZE);

  other_way_begin (story, contents);
  other_way_take_some (story);
  other_way_cut (story->sent);
  wait_for_end (story->sent);
  wait_for_end (story->offered);
  g_assert_cmpint (ferry_transfer_get_state (story->sent), ==, FERRY_TRANSFER_FAILED);
  g_assert_cmpstr (ferry_transfer_get_step (story->offered), ==, "data");
  g_assert_cmpuint (other_way_seen.states & 1u << FERRY_TRANSFER_CONNECTING, ==, 0);
}

static void
test_another_key_ends_it (Story         *story,
                          gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (OTHER_WAY_SIZE);
  gint64 had;

  other_way_begin (story, contents);
  other_way_take_some (story);
  other_way_cut (story->sent);
  other_way_wait_for_break (story);
  had = other_way_get_part_size (story);
  g_assert_true (ferry_trust_replace_identity (story->clients.juliet.trust, NULL));
  ferry_transfer_set_paused (story->offered, FALSE);
  wait_for_end (story->sent);
  wait_for_end (story->offered);
  g_assert_error (story->sent->error, FERRY_TRANSFER_ERROR, FERRY_TRANSFER_ERROR_KEY_CHANGED);
  g_assert_cmpint (other_way_get_part_size (story), <=, had);
  other_way_assert_is_not_there (story);
}

/* Even if a person says meanwhile that another key is fine, it is not the one it began with. */
static void
test_a_key_that_was_forgiven_ends_it (Story         *story,
                                      gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (OTHER_WAY_SIZE);

  other_way_begin (story, contents);
  other_way_take_some (story);
  other_way_cut (story->sent);
  other_way_wait_for_break (story);
  g_assert_true (ferry_trust_replace_identity (story->clients.juliet.trust, NULL));
  ferry_trust_forget (story->clients.romeo.trust, JULIET);
  ferry_transfer_set_paused (story->offered, FALSE);
  wait_for_end (story->sent);
  g_assert_error (story->sent->error, FERRY_TRANSFER_ERROR, FERRY_TRANSFER_ERROR_KEY_CHANGED);
}

static void
test_is_never_stripped (Story         *story,
                        gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (OTHER_WAY_SIZE);

  other_way_begin (story, contents);
  other_way_take_some (story);
  other_way_cut (story->sent);
  other_way_wait_for_break (story);
  two_clients_tamper (&story->clients, "<security ", "<insecurity ");
  two_clients_tamper_also (&story->clients, "</security>", "</insecurity>");
  ferry_transfer_set_paused (story->offered, FALSE);
  wait_for_end (story->sent);
  wait_for_end (story->offered);
  g_assert_cmpuint (story->clients.n_tampered, >, 0);
  g_assert_true (ferry_transfer_error_is_security (story->offered->error->code));
  g_assert_cmpuint (other_way_seen.n_offers, ==, 1);
}

/* Nor by a person who wants it so from now on: this one was begun otherwise. */
static void
test_is_never_less_than_it_was (Story         *story,
                                gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (OTHER_WAY_SIZE);

  other_way_begin (story, contents);
  other_way_take_some (story);
  other_way_cut (story->sent);
  other_way_wait_for_break (story);
  ferry_trust_set_policy (story->clients.romeo.trust, JULIET, FERRY_SECURITY_NONE);
  ferry_trust_set_policy (story->clients.juliet.trust, ROMEO, FERRY_SECURITY_NONE);
  ferry_transfer_set_paused (story->offered, FALSE);
  wait_for_end (story->sent);
  wait_for_end (story->offered);
  g_assert_cmpint (ferry_transfer_get_state (story->offered), ==, FERRY_TRANSFER_FAILED);
  g_assert_true (ferry_transfer_error_is_security (story->sent->error->code)
                 || ferry_transfer_error_is_security (story->offered->error->code));
}

static void
add (const char *promise,
     const Way  *way,
     void      (*set_up_it) (Story *, gconstpointer),
     void      (*func) (Story *, gconstpointer))
{
  g_autofree char *path = g_strdup_printf ("/core/transfer-no-way/%s", promise);

  g_test_add (path, Story, way, set_up_it, func, other_way_tear_down);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  signal (SIGPIPE, SIG_IGN);

  add ("who-does-not-come-back-is-missed", &other_way_direct, other_way_set_up,
       test_who_does_not_come_back_is_missed);
  add ("whoever-cancels-meanwhile-is-obeyed", &other_way_direct, other_way_set_up,
       test_whoever_cancels_meanwhile_is_obeyed);
  add ("whoever-withdraws-meanwhile-says-so", &other_way_direct, other_way_set_up,
       test_whoever_withdraws_meanwhile_says_so);
  add ("whoever-withdraws-alone-is-done", &other_way_direct, other_way_set_up,
       test_whoever_withdraws_alone_is_done);
  add ("what-is-sent-anew-is-asked-about", &other_way_direct, other_way_set_up,
       test_what_is_sent_anew_is_asked_about);
  add ("a-part-that-shrank-is-asked-about", &other_way_direct, other_way_set_up,
       test_a_part_that_shrank_is_asked_about);
  add ("a-part-that-changed-is-found-out", &other_way_direct, other_way_set_up,
       test_a_part_that_changed_is_found_out);
  add ("a-source-that-changed-is-not-sent", &other_way_direct, other_way_set_up,
       test_a_source_that_changed_is_not_sent);
  add ("others-are-not-asked-twice", &other_way_direct, other_way_set_up_foreign,
       test_others_are_not_asked_twice);
  add ("another-key-ends-it", &other_way_direct, other_way_set_up_secure, test_another_key_ends_it);
  add ("a-key-that-was-forgiven-ends-it", &other_way_direct, other_way_set_up_secure,
       test_a_key_that_was_forgiven_ends_it);
  add ("is-never-stripped", &other_way_direct, other_way_set_up_secure, test_is_never_stripped);
  add ("is-never-less-than-it-was", &other_way_direct, other_way_set_up_secure,
       test_is_never_less_than_it_was);

  return g_test_run ();
}
