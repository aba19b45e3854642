/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/transfer-resume.h"
#include "legacy/jingle-1.h"
#include "secure-story.h"

#define MIB  (1024 * 1024)
#define SIZE (31 * MIB) /* small enough to be hashed before it is offered */
#define MUCH (96 * MIB) /* more than kernels hold, several times */

/* The path of a file dies while it is on its way from Romeo to Juliet. */

static const Way direct = { &ferry_jingle_1_dialect, FERRY_PATH_DIRECT };
static const Way in_band = { &ferry_jingle_1_dialect, FERRY_PATH_IN_BAND };

typedef struct
{
  guint  n_offers;  /* that Juliet was asked about */
  guint  states;    /* bit per state that one of both ends has been in, since it broke */
  gint64 bytes;     /* the most that was shown of it */
} Seen;

static Seen seen;

static void
offered_cb (FerryTransferQueue *queue,
            FerryTransfer      *transfer,
            gpointer            user_data)
{
  seen.n_offers++;
}

static void
state_cb (FerryTransfer *transfer,
          GParamSpec    *pspec,
          gpointer       user_data)
{
  seen.states |= 1u << ferry_transfer_get_state (transfer);
}

static void
bytes_cb (FerryTransfer *transfer,
          GParamSpec    *pspec,
          gpointer       user_data)
{
  gint64 bytes = ferry_transfer_get_bytes (transfer);

  g_assert_cmpint (bytes, >=, seen.bytes);
  seen.bytes = bytes;
}

/* What programs with a window announce in their presence. */
static void
show_caps (Party      *party,
           const char *to)
{
  g_autoptr(FerryElement) caps = ferry_capabilities_get_own_caps (party->capabilities);
  FerryElementBuilder *builder = ferry_element_builder_new ("presence", FERRY_NS_CLIENT);
  g_autoptr(FerryElement) presence = NULL;

  ferry_element_builder_attribute (builder, "to", to);
  ferry_element_builder_child (builder, caps);
  presence = ferry_element_builder_end (builder);
  ferry_router_send (party->router, presence);
}

static void
set_up (Story         *story,
        gconstpointer  data)
{
  seen = (Seen) { 0 };
  story_set_up_bare (story, data);
  two_clients_befriend (&story->clients);
  show_caps (&story->clients.romeo, JULIET);
  show_caps (&story->clients.juliet, ROMEO);
  g_signal_connect (story->clients.juliet.queue, "offered", G_CALLBACK (offered_cb), NULL);
}

/* Whose clients are of another kind. */
static void
set_up_foreign (Story         *story,
                gconstpointer  data)
{
  seen = (Seen) { 0 };
  story_set_up_bare (story, data);
  two_clients_tamper (&story->clients, FERRY_NS_RESUME, "urn:example:nothing");
  two_clients_befriend (&story->clients);
  show_caps (&story->clients.romeo, JULIET);
  show_caps (&story->clients.juliet, ROMEO);
}

static void
set_up_secure (Story         *story,
               gconstpointer  data)
{
  seen = (Seen) { 0 };
  story_set_up (story, data);
  g_signal_connect (story->clients.juliet.queue, "offered", G_CALLBACK (offered_cb), NULL);
}

static void
tear_down (Story         *story,
           gconstpointer  data)
{
  g_signal_handlers_disconnect_by_func (story->clients.juliet.queue, offered_cb, NULL);
  if (story->sent != NULL)
    g_signal_handlers_disconnect_by_func (story->sent, state_cb, NULL);
  if (story->offered != NULL)
    {
      g_signal_handlers_disconnect_by_func (story->offered, state_cb, NULL);
      g_signal_handlers_disconnect_by_func (story->offered, bytes_cb, NULL);
    }
  story_tear_down (story, data);
}

static void
limit_patience (Story *story,
                guint  seconds)
{
  story->clients.romeo.queue->services->settings->resume_within = seconds;
  story->clients.juliet.queue->services->settings->resume_within = seconds;
}

/* The socket that an end of the direct path is. */
static int
get_fd (FerryTransfer *transfer)
{
  GIOStream *stream = ferry_negotiation_get_stream (transfer->negotiation);
  GIOStream *base = ferry_tls_stream_unwrap (stream);

  return g_socket_get_fd (g_socket_connection_get_socket (G_SOCKET_CONNECTION (base)));
}

static void
cut (FerryTransfer *transfer)
{
  g_assert_cmpint (shutdown (get_fd (transfer), SHUT_RDWR), ==, 0);
}

static gint64
get_part_size (Story *story)
{
  g_autofree char *path = g_build_filename (story->clients.juliet.dir, "film.mkv.part", NULL);
  GStatBuf info;

  return g_stat (path, &info) == 0 ? info.st_size : -1;
}

/* Juliet has accepted, and takes no byte. */
static void
begin (Story  *story,
       GBytes *contents)
{
  story_offer (story, 0, "film.mkv", contents);
  ferry_transfer_set_paused (story->offered, TRUE);
  ferry_transfer_accept (story->offered, NULL, NULL);
  wait_for_state (story->offered, FERRY_TRANSFER_PAUSED);
  while (!ferry_transfer_is_active (story->sent)
         || ferry_transfer_get_state (story->sent) < FERRY_TRANSFER_RUNNING)
    wait_ms (2);
  g_signal_connect (story->sent, "notify::state", G_CALLBACK (state_cb), NULL);
  g_signal_connect (story->offered, "notify::state", G_CALLBACK (state_cb), NULL);
  g_signal_connect (story->offered, "notify::bytes", G_CALLBACK (bytes_cb), NULL);
}

/* One after the other, so that no more moves than the kernels hold. */
static void
take_turns (Story *story)
{
  ferry_transfer_set_paused (story->offered, TRUE);
  ferry_transfer_set_paused (story->sent, FALSE);
  wait_ms (10);
  ferry_transfer_set_paused (story->sent, TRUE);
  ferry_transfer_set_paused (story->offered, FALSE);
  wait_ms (10);
}

/* … and now she has some, but not all. */
static void
take_some (Story *story)
{
  gboolean is_fast = ferry_transfer_get_path (story->sent) == FERRY_PATH_DIRECT;
  gint64 enough = get_part_size (story) + MIB;
  gint64 deadline = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

  ferry_transfer_set_paused (story->offered, is_fast);
  while (get_part_size (story) < enough)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      if (is_fast)
        take_turns (story);
      else
        g_main_context_iteration (NULL, FALSE);
    }
  ferry_transfer_set_paused (story->offered, TRUE);
  wait_ms (20);
  ferry_transfer_set_paused (story->sent, FALSE);
  wait_ms (20);
  g_assert_cmpint (get_part_size (story), <, ferry_transfer_get_size (story->offered));
}

static gboolean
is_idle (gpointer subject,
         guint    number)
{
  return ferry_transfer_is_idle (subject);
}

static void
wait_for_break (Story *story)
{
  wait_until (is_idle, story->sent, 0);
  wait_until (is_idle, story->offered, 0);
  g_assert_cmpint (ferry_transfer_get_state (story->sent), ==, FERRY_TRANSFER_CONNECTING);
  g_assert_cmpint (ferry_transfer_get_state (story->offered), ==, FERRY_TRANSFER_CONNECTING);
  g_assert_cmpfloat (ferry_transfer_get_rate (story->sent), ==, 0);
  g_assert_cmpint (ferry_transfer_get_seconds_left (story->offered), ==, -1);
}

static gboolean
has_broken_step (FerryTransfer *transfer)
{
  FerryPathReport *report = ferry_transfer_get_report (transfer);

  for (guint i = 0; i < ferry_path_report_get_n (report); i++)
    {
      const FerryPathStep *step = ferry_path_report_get (report, i);

      if (step->kind == FERRY_PATH_STEP_BROKEN)
        return step->way != NULL && step->text != NULL;
    }

  return FALSE;
}

static void
assert_arrived (Story  *story,
                GBytes *contents)
{
  gint64 size = g_bytes_get_size (contents);

  wait_for_state (story->offered, FERRY_TRANSFER_DONE);
  wait_for_state (story->sent, FERRY_TRANSFER_DONE);
  party_assert_has_file (&story->clients.juliet, "film.mkv", contents);
  g_assert_cmpuint (party_count_files (&story->clients.juliet), ==, 1);
  g_assert_cmpuint (seen.n_offers, ==, 1);
  g_assert_cmpuint (seen.states & 1u << FERRY_TRANSFER_FAILED, ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (story->clients.juliet.queue)), ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (story->clients.romeo.queue)), ==, 1);
  g_assert_cmpuint (ferry_transfer_get_verified (story->offered), ==, FERRY_VERIFIED_YES);
  g_assert_cmpint (ferry_transfer_get_bytes (story->offered), ==, size);
  g_assert_cmpint (ferry_transfer_get_bytes (story->sent), ==, size);
  g_assert_null (ferry_transfer_get_error (story->offered));
  g_assert_null (ferry_transfer_get_step (story->sent));
  g_assert_true (has_broken_step (story->sent));
  g_assert_true (has_broken_step (story->offered) || ferry_transfer_get_path (story->sent)
                                                     == FERRY_PATH_IN_BAND);
  g_assert_cmpstr (ferry_transfer_get_sha256 (story->offered), ==,
                   ferry_transfer_get_sha256 (story->sent));
}

static void
assert_is_not_there (Story *story)
{
  g_autofree char *path = g_build_filename (story->clients.juliet.dir, "film.mkv", NULL);

  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

/* FT-9, SEC-21 */
static void
test_goes_on_from_where_it_was (Story         *story,
                                gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (SIZE);
  gint64 had;

  begin (story, contents);
  take_some (story);
  story->clients.watch = "<range offset=";
  cut (story->sent);
  wait_for_break (story);
  had = get_part_size (story);
  ferry_transfer_set_paused (story->offered, FALSE);
  g_assert_cmpint (ferry_transfer_get_bytes (story->offered), >=, MIB);
  assert_arrived (story, contents);
  g_assert_cmpuint (story->clients.n_watched, ==, 1);
  g_assert_cmpint (story->offered->pump_offset, ==, had);
  g_assert_cmpfloat (ferry_transfer_get_elapsed (story->sent), >, 0);
  g_assert_cmpfloat (ferry_transfer_get_elapsed (story->sent), <, 1);
}

static void
test_goes_on_before_the_first_byte (Story         *story,
                                    gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (SIZE);

  begin (story, contents);
  cut (story->sent);
  wait_for_break (story);
  ferry_transfer_set_paused (story->offered, FALSE);
  assert_arrived (story, contents);
}

/* All of it has left, and lay in a proxy that is no more. */
static void
test_goes_on_when_the_end_was_lost (Story         *story,
                                    gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (SIZE);

  begin (story, contents);
  take_some (story);
  cut (story->sent);
  wait_for_break (story);
  ferry_transfer_set_paused (story->offered, FALSE);
  wait_for_state (story->sent, FERRY_TRANSFER_VERIFYING);
  assert_arrived (story, contents);
}

static void
test_goes_on_again_and_again (Story         *story,
                              gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (MUCH);

  begin (story, contents);
  for (guint i = 0; i < 3; i++)
    {
      take_some (story);
      cut (story->sent);
      wait_for_break (story);
      wait_for_state (story->offered, FERRY_TRANSFER_PAUSED);
      while (ferry_transfer_get_state (story->sent) < FERRY_TRANSFER_RUNNING)
        wait_ms (2);
    }
  ferry_transfer_set_paused (story->offered, FALSE);
  assert_arrived (story, contents);
}

/* On whichever side. */
static void
test_what_is_paused_stays_paused (Story         *story,
                                  gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (SIZE);

  begin (story, contents);
  take_some (story);
  ferry_transfer_set_paused (story->sent, TRUE);
  cut (story->sent);
  ferry_transfer_set_paused (story->offered, FALSE);
  wait_for_state (story->offered, FERRY_TRANSFER_CONNECTING);
  wait_for_state (story->sent, FERRY_TRANSFER_CONNECTING);
  wait_for_state (story->sent, FERRY_TRANSFER_PAUSED);
  wait_ms (100);
  g_assert_cmpint (ferry_transfer_get_state (story->sent), ==, FERRY_TRANSFER_PAUSED);
  g_assert_cmpint (get_part_size (story), <, SIZE);
  ferry_transfer_set_paused (story->sent, FALSE);
  assert_arrived (story, contents);
}

static void
come_back (Story *story,
           Party *party)
{
  party_reconnect (party, story->clients.server);
  two_clients_befriend (&story->clients);
  show_caps (&story->clients.romeo, JULIET);
  show_caps (&story->clients.juliet, ROMEO);
}

/* In-band the server is the path. */
static void
test_a_lost_server_is_waited_for (Story         *story,
                                  gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (SIZE);

  begin (story, contents);
  take_some (story);
  party_show_presence (&story->clients.romeo, JULIET, "unavailable");
  wait_ms (5);
  party_lose_connection (&story->clients.romeo, story->clients.server);
  wait_for_break (story);
  ferry_transfer_set_paused (story->offered, FALSE);
  wait_ms (1200);
  g_assert_true (ferry_transfer_is_idle (story->sent));
  come_back (story, &story->clients.romeo);
  assert_arrived (story, contents);
}

static void
test_whoever_comes_back_elsewhere_goes_on (Story         *story,
                                           gconstpointer  data)
{
  Party *juliet = &story->clients.juliet;
  g_autoptr(GBytes) contents = make_contents (SIZE);

  begin (story, contents);
  take_some (story);
  cut (story->sent);
  party_show_presence (juliet, ROMEO, "unavailable");
  wait_ms (5);
  party_lose_connection (juliet, story->clients.server);
  ferry_transfer_set_paused (story->offered, FALSE);
  wait_for_break (story);
  wait_ms (1200);
  g_assert_true (ferry_transfer_is_idle (story->sent));
  fake_port_set_jid (juliet->port, "juliet@capulet.lit/garden");
  party_reconnect (juliet, story->clients.server);
  party_show_presence (juliet, ROMEO, NULL);
  show_caps (juliet, ROMEO);
  assert_arrived (story, contents);
  g_assert_cmpstr (ferry_transfer_get_peer (story->sent), ==, "juliet@capulet.lit/garden");
}

static void
test_who_does_not_come_back_is_missed (Story         *story,
                                       gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (SIZE);
  gint64 start;

  limit_patience (story, 2);
  begin (story, contents);
  take_some (story);
  party_show_presence (&story->clients.juliet, ROMEO, "unavailable");
  wait_ms (5);
  cut (story->sent);
  party_lose_connection (&story->clients.juliet, story->clients.server);
  ferry_transfer_set_paused (story->offered, FALSE);
  wait_until (is_idle, story->sent, 0);
  start = g_get_monotonic_time ();
  story_expect_failure (story->sent, FERRY_TRANSFER_ERROR_PEER_GONE, "data");
  g_assert_cmpint (g_get_monotonic_time () - start, >=, 1900 * G_TIME_SPAN_MILLISECOND);
  wait_for_end (story->offered);
  g_assert_cmpstr (ferry_transfer_get_step (story->offered), ==, "data");
  assert_is_not_there (story);
}

/* What a person stopped is not asked about again, nor brought back. */
static void
test_whoever_cancels_meanwhile_is_obeyed (Story         *story,
                                          gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (SIZE);

  begin (story, contents);
  take_some (story);
  cut (story->sent);
  wait_for_break (story);
  ferry_transfer_cancel (story->offered);
  g_assert_cmpint (ferry_transfer_get_state (story->offered), ==, FERRY_TRANSFER_CANCELLED);
  story_expect_failure (story->sent, FERRY_TRANSFER_ERROR_PEER_CANCELLED, "connect");
  g_assert_cmpuint (seen.n_offers, ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (story->clients.juliet.queue)), ==, 1);
  g_assert_cmpuint (party_count_files (&story->clients.juliet), ==, 0);
}

static void
test_whoever_withdraws_meanwhile_says_so (Story         *story,
                                          gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (SIZE);

  begin (story, contents);
  take_some (story);
  cut (story->sent);
  wait_for_break (story);
  ferry_transfer_cancel (story->sent);
  wait_for_end (story->sent);
  g_assert_cmpint (ferry_transfer_get_state (story->sent), ==, FERRY_TRANSFER_CANCELLED);
  story_expect_failure (story->offered, FERRY_TRANSFER_ERROR_PEER_CANCELLED, "connect");
  g_assert_cmpuint (seen.n_offers, ==, 1);
  g_assert_cmpuint (party_count_files (&story->clients.juliet), ==, 0);
}

/* Nobody there hears of it. */
static void
test_whoever_withdraws_alone_is_done (Story         *story,
                                      gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (SIZE);

  begin (story, contents);
  take_some (story);
  cut (story->sent);
  wait_for_break (story);
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
  g_autoptr(GBytes) contents = make_contents (SIZE);

  begin (story, contents);
  take_some (story);
  cut (story->sent);
  wait_for_break (story);
  ferry_transfer_cancel (story->offered);
  wait_for_end (story->sent);
  story_offer (story, 1, "film.mkv", contents);
  g_assert_cmpint (ferry_transfer_get_state (story->offered), ==, FERRY_TRANSFER_OFFERED);
  g_assert_cmpuint (seen.n_offers, ==, 2);
}

/* SEC-21: the whole is checked, whatever changed of it. */
static void
test_a_part_that_shrank_is_asked_about (Story         *story,
                                        gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (SIZE);
  g_autofree char *path = g_build_filename (story->clients.juliet.dir, "film.mkv.part", NULL);
  FerryTransfer *anew;

  begin (story, contents);
  take_some (story);
  cut (story->sent);
  wait_for_break (story);
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
  g_autoptr(GBytes) contents = make_contents (SIZE);
  g_autofree char *path = g_build_filename (story->clients.juliet.dir, "film.mkv.part", NULL);
  FILE *stream;

  begin (story, contents);
  take_some (story);
  cut (story->sent);
  wait_for_break (story);
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
  g_autoptr(GBytes) contents = make_contents (SIZE);
  g_autofree char *path = g_build_filename (story->clients.dir, "film.mkv", NULL);
  FILE *stream;

  limit_patience (story, 5);
  begin (story, contents);
  take_some (story);
  cut (story->sent);
  wait_for_break (story);
  stream = g_fopen (path, "a");
  g_assert_cmpint (fputs ("more", stream), >=, 0);
  g_assert_cmpint (fclose (stream), ==, 0);
  story_expect_failure (story->sent, FERRY_TRANSFER_ERROR_FILE, "connect");
  wait_for_end (story->offered);
  g_assert_cmpuint (seen.n_offers, ==, 1);
}

/* Who could be asked twice is not: as before there was such a thing. */
static void
test_others_are_not_asked_twice (Story         *story,
                                 gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (SIZE);

  begin (story, contents);
  take_some (story);
  cut (story->sent);
  wait_for_end (story->sent);
  wait_for_end (story->offered);
  g_assert_cmpint (ferry_transfer_get_state (story->sent), ==, FERRY_TRANSFER_FAILED);
  g_assert_cmpstr (ferry_transfer_get_step (story->offered), ==, "data");
  g_assert_cmpuint (seen.states & 1u << FERRY_TRANSFER_CONNECTING, ==, 0);
}

/* SEC-1: only the same person, the same file. */
static void
test_nobody_else_can_go_on_with_it (Story         *story,
                                    gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (SIZE);
  g_autoptr(FerryFileDescription) other = NULL;
  g_autofree char *sid = NULL;
  FerryTransfer *broken;

  begin (story, contents);
  take_some (story);
  broken = story->offered;
  sid = g_strdup_printf ("%s.r7", broken->way.story);
  g_assert_false (ferry_transfer_can_take_up (broken, ROMEO, "random", broken->offer));
  cut (story->sent);
  wait_for_break (story);

  other = ferry_file_description_copy (broken->offer);
  g_assert_true (ferry_transfer_can_take_up (broken, ROMEO, sid, other));
  g_assert_true (ferry_transfer_can_take_up (broken, "romeo@montague.lit/elsewhere", sid, other));
  g_assert_false (ferry_transfer_can_take_up (broken, "tybalt@capulet.lit/x", sid, other));
  g_assert_false (ferry_transfer_can_take_up (broken, "romeo@capulet.lit/orchard", sid, other));
  other->size++;
  g_assert_false (ferry_transfer_can_take_up (broken, ROMEO, sid, other));
  other->size--;
  other->date++;
  g_assert_false (ferry_transfer_can_take_up (broken, ROMEO, sid, other));
  other->date--;
  other->hashes.digest[FERRY_HASH_SHA256][0] ^= 1;
  g_assert_false (ferry_transfer_can_take_up (broken, ROMEO, sid, other));
  other->hashes.digest[FERRY_HASH_SHA256][0] ^= 1;
  other->has_range = FALSE;
  g_assert_false (ferry_transfer_can_take_up (broken, ROMEO, sid, other));
  ferry_transfer_set_paused (story->offered, FALSE);
  assert_arrived (story, contents);
}

/* It arrived, and the word of that got lost with the server. */
static void
test_what_arrived_is_not_sent_twice (Story         *story,
                                     gconstpointer  data)
{
  Party *romeo = &story->clients.romeo;
  g_autoptr(GBytes) contents = make_contents (SIZE);

  begin (story, contents);
  story->clients.drop = "session-terminate";
  ferry_transfer_set_paused (story->offered, FALSE);
  wait_for_state (story->offered, FERRY_TRANSFER_DONE);
  wait_for_state (story->sent, FERRY_TRANSFER_VERIFYING);
  party_lose_connection (romeo, story->clients.server);
  wait_until (is_idle, story->sent, 0);
  story->clients.drop = NULL;
  come_back (story, romeo);
  assert_arrived (story, contents);
}

static void
test_a_way_to_another_network_is_tried_at_once (Story         *story,
                                                gconstpointer  data)
{
  GNetworkMonitor *monitor = g_network_monitor_get_default ();
  g_autoptr(GBytes) contents = make_contents (SIZE);

  begin (story, contents);
  take_some (story);
  story->clients.drop = "session-initiate";
  cut (story->sent);
  wait_for_break (story);
  for (guint i = 0; i < 4; i++)
    ferry_resumption_begin_try (&story->sent->way.resumption, g_get_monotonic_time ());
  story->clients.drop = NULL;
  ferry_transfer_set_paused (story->offered, FALSE);
  g_signal_emit_by_name (monitor, "network-changed", TRUE);
  assert_arrived (story, contents);
}

/* SEC-33 */
static void
test_stays_encrypted_for_the_same_key (Story         *story,
                                       gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (SIZE);

  begin (story, contents);
  take_some (story);
  story_expect (story->sent, TRUE, FERRY_TRUST_FIRST_USE);
  cut (story->sent);
  wait_for_break (story);
  ferry_transfer_set_paused (story->offered, FALSE);
  assert_arrived (story, contents);
  story_expect (story->sent, TRUE, FERRY_TRUST_FIRST_USE);
  story_expect (story->offered, TRUE, FERRY_TRUST_FIRST_USE);
}

static void
test_another_key_ends_it (Story         *story,
                          gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (SIZE);
  gint64 had;

  begin (story, contents);
  take_some (story);
  cut (story->sent);
  wait_for_break (story);
  had = get_part_size (story);
  g_assert_true (ferry_trust_replace_identity (story->clients.juliet.trust, NULL));
  ferry_transfer_set_paused (story->offered, FALSE);
  wait_for_end (story->sent);
  wait_for_end (story->offered);
  g_assert_error (story->sent->error, FERRY_TRANSFER_ERROR, FERRY_TRANSFER_ERROR_KEY_CHANGED);
  g_assert_cmpint (get_part_size (story), <=, had);
  assert_is_not_there (story);
}

/* Even if a person says meanwhile that another key is fine, it is not the one it began with. */
static void
test_a_key_that_was_forgiven_ends_it (Story         *story,
                                      gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (SIZE);

  begin (story, contents);
  take_some (story);
  cut (story->sent);
  wait_for_break (story);
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
  g_autoptr(GBytes) contents = make_contents (SIZE);

  begin (story, contents);
  take_some (story);
  cut (story->sent);
  wait_for_break (story);
  two_clients_tamper (&story->clients, "<security ", "<insecurity ");
  two_clients_tamper_also (&story->clients, "</security>", "</insecurity>");
  ferry_transfer_set_paused (story->offered, FALSE);
  wait_for_end (story->sent);
  wait_for_end (story->offered);
  g_assert_cmpuint (story->clients.n_tampered, >, 0);
  g_assert_true (ferry_transfer_error_is_security (story->offered->error->code));
  g_assert_cmpuint (seen.n_offers, ==, 1);
}

/* Nor by a person who wants it so from now on: this one was begun otherwise. */
static void
test_is_never_less_than_it_was (Story         *story,
                                gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (SIZE);

  begin (story, contents);
  take_some (story);
  cut (story->sent);
  wait_for_break (story);
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
  g_autofree char *path = g_strdup_printf ("/core/transfer-other-way/%s", promise);

  g_test_add (path, Story, way, set_up_it, func, tear_down);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  signal (SIGPIPE, SIG_IGN);

  add ("goes-on-from-where-it-was", &direct, set_up, test_goes_on_from_where_it_was);
  add ("goes-on-before-the-first-byte", &direct, set_up, test_goes_on_before_the_first_byte);
  add ("goes-on-when-the-end-was-lost", &direct, set_up, test_goes_on_when_the_end_was_lost);
  add ("goes-on-again-and-again", &direct, set_up, test_goes_on_again_and_again);
  add ("what-is-paused-stays-paused", &direct, set_up, test_what_is_paused_stays_paused);
  add ("a-lost-server-is-waited-for", &in_band, set_up, test_a_lost_server_is_waited_for);
  add ("whoever-comes-back-elsewhere-goes-on", &direct, set_up,
       test_whoever_comes_back_elsewhere_goes_on);
  add ("who-does-not-come-back-is-missed", &direct, set_up,
       test_who_does_not_come_back_is_missed);
  add ("whoever-cancels-meanwhile-is-obeyed", &direct, set_up,
       test_whoever_cancels_meanwhile_is_obeyed);
  add ("whoever-withdraws-meanwhile-says-so", &direct, set_up,
       test_whoever_withdraws_meanwhile_says_so);
  add ("whoever-withdraws-alone-is-done", &direct, set_up, test_whoever_withdraws_alone_is_done);
  add ("what-is-sent-anew-is-asked-about", &direct, set_up,
       test_what_is_sent_anew_is_asked_about);
  add ("a-part-that-shrank-is-asked-about", &direct, set_up,
       test_a_part_that_shrank_is_asked_about);
  add ("a-part-that-changed-is-found-out", &direct, set_up, test_a_part_that_changed_is_found_out);
  add ("a-source-that-changed-is-not-sent", &direct, set_up,
       test_a_source_that_changed_is_not_sent);
  add ("others-are-not-asked-twice", &direct, set_up_foreign, test_others_are_not_asked_twice);
  add ("nobody-else-can-go-on-with-it", &direct, set_up, test_nobody_else_can_go_on_with_it);
  add ("what-arrived-is-not-sent-twice", &in_band, set_up, test_what_arrived_is_not_sent_twice);
  add ("a-way-to-another-network-is-tried-at-once", &direct, set_up,
       test_a_way_to_another_network_is_tried_at_once);
  add ("stays-encrypted-for-the-same-key", &direct, set_up_secure,
       test_stays_encrypted_for_the_same_key);
  add ("another-key-ends-it", &direct, set_up_secure, test_another_key_ends_it);
  add ("a-key-that-was-forgiven-ends-it", &direct, set_up_secure,
       test_a_key_that_was_forgiven_ends_it);
  add ("is-never-stripped", &direct, set_up_secure, test_is_never_stripped);
  add ("is-never-less-than-it-was", &direct, set_up_secure, test_is_never_less_than_it_was);

  return g_test_run ();
}
