/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <signal.h>

#include "core/transfer-resume.h"
#include "other-way-story.h"

#define MIB  (1024 * 1024)
#define MUCH (96 * MIB) /* more than kernels hold, several times */

/* The file goes on over another way, and arrives. */

/* FT-9, SEC-21 */
static void
test_goes_on_from_where_it_was (Story         *story,
                                gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (OTHER_WAY_SIZE);
  gint64 had;

  other_way_begin (story, contents);
  other_way_take_some (story);
  story->clients.watch = "<range offset=";
  other_way_cut (story->sent);
  other_way_wait_for_break (story);
  had = other_way_get_part_size (story);
  ferry_transfer_set_paused (story->offered, FALSE);
  g_assert_cmpint (ferry_transfer_get_bytes (story->offered), >=, MIB);
  other_way_assert_arrived (story, contents);
  g_assert_cmpuint (story->clients.n_watched, ==, 1);
  g_assert_cmpint (story->offered->pump_offset, ==, had);
  g_assert_cmpfloat (ferry_transfer_get_elapsed (story->sent), >, 0);
  g_assert_cmpfloat (ferry_transfer_get_elapsed (story->sent), <, 1);
}

static void
test_goes_on_before_the_first_byte (Story         *story,
                                    gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (OTHER_WAY_SIZE);

  other_way_begin (story, contents);
  other_way_cut (story->sent);
  other_way_wait_for_break (story);
  ferry_transfer_set_paused (story->offered, FALSE);
  other_way_assert_arrived (story, contents);
}

/* All of it has left, and lay in a proxy that is no more. */
static void
test_goes_on_when_the_end_was_lost (Story         *story,
                                    gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (OTHER_WAY_SIZE);

  other_way_begin (story, contents);
  other_way_take_some (story);
  other_way_cut (story->sent);
  other_way_wait_for_break (story);
  ferry_transfer_set_paused (story->offered, FALSE);
  wait_for_state (story->sent, FERRY_TRANSFER_VERIFYING);
  other_way_assert_arrived (story, contents);
}

static void
test_goes_on_again_and_again (Story         *story,
                              gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (MUCH);

  other_way_begin (story, contents);
  for (guint i = 0; i < 3; i++)
    {
      other_way_take_some (story);
      other_way_cut (story->sent);
      other_way_wait_for_break (story);
      wait_for_state (story->offered, FERRY_TRANSFER_PAUSED);
      while (ferry_transfer_get_state (story->sent) < FERRY_TRANSFER_RUNNING)
        wait_ms (2);
    }
  ferry_transfer_set_paused (story->offered, FALSE);
  other_way_assert_arrived (story, contents);
}

/* On whichever side. */
static void
test_what_is_paused_stays_paused (Story         *story,
                                  gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (OTHER_WAY_SIZE);

  other_way_begin (story, contents);
  other_way_take_some (story);
  ferry_transfer_set_paused (story->sent, TRUE);
  other_way_cut (story->sent);
  ferry_transfer_set_paused (story->offered, FALSE);
  wait_for_state (story->offered, FERRY_TRANSFER_CONNECTING);
  wait_for_state (story->sent, FERRY_TRANSFER_CONNECTING);
  wait_for_state (story->sent, FERRY_TRANSFER_PAUSED);
  wait_ms (100);
  g_assert_cmpint (ferry_transfer_get_state (story->sent), ==, FERRY_TRANSFER_PAUSED);
  g_assert_cmpint (other_way_get_part_size (story), <, OTHER_WAY_SIZE);
  ferry_transfer_set_paused (story->sent, FALSE);
  other_way_assert_arrived (story, contents);
}

static void
come_back (Story *story,
           Party *party)
{
  party_reconnect (party, story->clients.server);
  two_clients_befriend (&story->clients);
  other_way_show_caps (&story->clients.romeo, JULIET);
  other_way_show_caps (&story->clients.juliet, ROMEO);
}

/* In-band the server is the path. */
static void
test_a_lost_server_is_waited_for (Story         *story,
                                  gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (OTHER_WAY_SIZE);

  other_way_begin (story, contents);
  other_way_take_some (story);
  party_show_presence (&story->clients.romeo, JULIET, "unavailable");
  wait_ms (5);
  party_lose_connection (&story->clients.romeo, story->clients.server);
  other_way_wait_for_break (story);
  ferry_transfer_set_paused (story->offered, FALSE);
  wait_ms (1200);
  g_assert_true (ferry_transfer_is_idle (story->sent));
  come_back (story, &story->clients.romeo);
  other_way_assert_arrived (story, contents);
}

static void
test_whoever_comes_back_elsewhere_goes_on (Story         *story,
                                           gconstpointer  data)
{
  Party *juliet = &story->clients.juliet;
  g_autoptr(GBytes) contents = make_contents (OTHER_WAY_SIZE);

  other_way_begin (story, contents);
  other_way_take_some (story);
  other_way_cut (story->sent);
  party_show_presence (juliet, ROMEO, "unavailable");
  wait_ms (5);
  party_lose_connection (juliet, story->clients.server);
  ferry_transfer_set_paused (story->offered, FALSE);
  other_way_wait_for_break (story);
  wait_ms (1200);
  g_assert_true (ferry_transfer_is_idle (story->sent));
  fake_port_set_jid (juliet->port, "juliet@capulet.lit/garden");
  party_reconnect (juliet, story->clients.server);
  party_show_presence (juliet, ROMEO, NULL);
  other_way_show_caps (juliet, ROMEO);
  other_way_assert_arrived (story, contents);
  g_assert_cmpstr (ferry_transfer_get_peer (story->sent), ==, "juliet@capulet.lit/garden");
}

/* SEC-1: only the same person, the same file. */
static void
test_nobody_else_can_go_on_with_it (Story         *story,
                                    gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (OTHER_WAY_SIZE);
  g_autoptr(FerryFileDescription) other = NULL;
  g_autofree char *sid = NULL;
  FerryTransfer *broken;

  other_way_begin (story, contents);
  other_way_take_some (story);
  broken = story->offered;
  sid = g_strdup_printf ("%s.r7", broken->way.story);
  g_assert_false (ferry_transfer_can_take_up (broken, ROMEO, "random", broken->offer));
  other_way_cut (story->sent);
  other_way_wait_for_break (story);

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
  other_way_assert_arrived (story, contents);
}

/* It arrived, and the word of that got lost with the server. */
static void
test_what_arrived_is_not_sent_twice (Story         *story,
                                     gconstpointer  data)
{
  Party *romeo = &story->clients.romeo;
  g_autoptr(GBytes) contents = make_contents (OTHER_WAY_SIZE);

  other_way_begin (story, contents);
  story->clients.drop = "session-terminate";
  ferry_transfer_set_paused (story->offered, FALSE);
  wait_for_state (story->offered, FERRY_TRANSFER_DONE);
  wait_for_state (story->sent, FERRY_TRANSFER_VERIFYING);
  party_lose_connection (romeo, story->clients.server);
  wait_until (other_way_is_idle, story->sent, 0);
  story->clients.drop = NULL;
  come_back (story, romeo);
  other_way_assert_arrived (story, contents);
}

static void
test_a_way_to_another_network_is_tried_at_once (Story         *story,
                                                gconstpointer  data)
{
  GNetworkMonitor *monitor = g_network_monitor_get_default ();
  g_autoptr(GBytes) contents = make_contents (OTHER_WAY_SIZE);

  other_way_begin (story, contents);
  other_way_take_some (story);
  story->clients.drop = "session-initiate";
  other_way_cut (story->sent);
  other_way_wait_for_break (story);
  for (guint i = 0; i < 4; i++)
    ferry_resumption_begin_try (&story->sent->way.resumption, g_get_monotonic_time ());
  story->clients.drop = NULL;
  ferry_transfer_set_paused (story->offered, FALSE);
  g_signal_emit_by_name (monitor, "network-changed", TRUE);
  other_way_assert_arrived (story, contents);
}

/* SEC-33 */
static void
test_stays_encrypted_for_the_same_key (Story         *story,
                                       gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (OTHER_WAY_SIZE);

  other_way_begin (story, contents);
  other_way_take_some (story);
  story_expect (story->sent, TRUE, FERRY_TRUST_FIRST_USE);
  other_way_cut (story->sent);
  other_way_wait_for_break (story);
  ferry_transfer_set_paused (story->offered, FALSE);
  other_way_assert_arrived (story, contents);
  story_expect (story->sent, TRUE, FERRY_TRUST_FIRST_USE);
  story_expect (story->offered, TRUE, FERRY_TRUST_FIRST_USE);
}

static void
add (const char *promise,
     const Way  *way,
     void      (*set_up_it) (Story *, gconstpointer),
     void      (*func) (Story *, gconstpointer))
{
  g_autofree char *path = g_strdup_printf ("/core/transfer-other-way/%s", promise);

  g_test_add (path, Story, way, set_up_it, func, other_way_tear_down);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  signal (SIGPIPE, SIG_IGN);

  add ("goes-on-from-where-it-was", &other_way_direct, other_way_set_up,
       test_goes_on_from_where_it_was);
  add ("goes-on-before-the-first-byte", &other_way_direct, other_way_set_up,
       test_goes_on_before_the_first_byte);
  add ("goes-on-when-the-end-was-lost", &other_way_direct, other_way_set_up,
       test_goes_on_when_the_end_was_lost);
  add ("goes-on-again-and-again", &other_way_direct, other_way_set_up,
       test_goes_on_again_and_again);
  add ("what-is-paused-stays-paused", &other_way_direct, other_way_set_up,
       test_what_is_paused_stays_paused);
  add ("a-lost-server-is-waited-for", &other_way_in_band, other_way_set_up,
       test_a_lost_server_is_waited_for);
  add ("whoever-comes-back-elsewhere-goes-on", &other_way_direct, other_way_set_up,
       test_whoever_comes_back_elsewhere_goes_on);
  add ("nobody-else-can-go-on-with-it", &other_way_direct, other_way_set_up,
       test_nobody_else_can_go_on_with_it);
  add ("what-arrived-is-not-sent-twice", &other_way_in_band, other_way_set_up,
       test_what_arrived_is_not_sent_twice);
  add ("a-way-to-another-network-is-tried-at-once", &other_way_direct, other_way_set_up,
       test_a_way_to_another_network_is_tried_at_once);
  add ("stays-encrypted-for-the-same-key", &other_way_direct, other_way_set_up_secure,
       test_stays_encrypted_for_the_same_key);

  return g_test_run ();
}
