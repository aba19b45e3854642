/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "legacy/dialects.h"
#include "secure-story.h"

#define KIB 1024

/* Files that arrive encrypted, or in the clear where that is what was wanted. */

/* The first one is taken on trust, and remembered on both sides (SEC-33). */
static void
test_first_use_is_pinned (Story         *story,
                          gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (300 * KIB + 1);

  party_assert_pinned (&story->clients.romeo, JULIET, NULL);
  story_carry (story, 0, "report.pdf", contents);
  story_expect (story->sent, TRUE, FERRY_TRUST_FIRST_USE);
  story_expect (story->offered, TRUE, FERRY_TRUST_FIRST_USE);
  party_assert_pinned (&story->clients.romeo, JULIET, &story->clients.juliet);
  party_assert_pinned (&story->clients.juliet, ROMEO, &story->clients.romeo);
}

static void
test_an_empty_file_arrives (Story         *story,
                            gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (0);

  story_carry (story, 0, "empty", contents);
  story_expect (story->sent, TRUE, FERRY_TRUST_FIRST_USE);
}

static void
test_what_was_verified_stays_so (Story         *story,
                                 gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (20 * KIB);
  FerryTlsIdentity *juliet = ferry_trust_get_identity (story->clients.juliet.trust);

  g_assert_true (ferry_trust_pin (story->clients.romeo.trust, JULIET,
                                  ferry_tls_identity_get_certificate (juliet),
                                  FERRY_TRUST_COMPARED));
  story_carry (story, 0, "one.txt", contents);
  story_expect (story->sent, TRUE, FERRY_TRUST_COMPARED);
  story_expect (story->offered, TRUE, FERRY_TRUST_FIRST_USE);
  story_carry (story, 1, "two.txt", contents);
  story_expect (story->sent, TRUE, FERRY_TRUST_COMPARED);
  party_assert_pinned (&story->clients.romeo, JULIET, &story->clients.juliet);
}

/* XTLS-9: none of its bytes is seen on the way. In the clear they are found by the same search. */
static void
test_the_way_shows_nothing (Story         *story,
                            gconstpointer  data)
{
  const Way *way = data;
  g_autofree char *text = g_strnfill (30 * KIB, 'A');
  g_autoptr(GBytes) contents = g_bytes_new (text, 30 * KIB);
  guint n_in_clear;

  story->clients.watch = "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB"; /* of the same */
  ferry_trust_set_policy (story->clients.romeo.trust, JULIET, FERRY_SECURITY_NONE);
  ferry_trust_set_policy (story->clients.juliet.trust, ROMEO, FERRY_SECURITY_NONE);
  story_carry (story, 0, "clear.txt", contents);
  story_expect (story->sent, FALSE, FERRY_TRUST_NONE);
  story_expect (story->offered, FALSE, FERRY_TRUST_NONE);
  n_in_clear = story->clients.n_watched;
  g_assert_cmpint (n_in_clear > 0, ==, way->path == FERRY_PATH_IN_BAND);

  ferry_trust_set_policy (story->clients.romeo.trust, JULIET, FERRY_SECURITY_REQUIRED);
  ferry_trust_set_policy (story->clients.juliet.trust, ROMEO, FERRY_SECURITY_AUTO);
  story_carry (story, 1, "secret.txt", contents);
  story_expect (story->sent, TRUE, FERRY_TRUST_FIRST_USE);
  g_assert_cmpuint (story->clients.n_watched, ==, n_in_clear);
}

static void
share_files (Story *story)
{
  g_autoptr(GFile) folder = g_file_new_for_path (story->clients.dir);

  ferry_shares_add (ferry_transfer_queue_get_shares (story->clients.juliet.queue), folder, NULL);
}

/* Who is asked for a file is the responder, and so the server (XTLS-7). */
static void
test_what_is_asked_for_is_encrypted (Story         *story,
                                     gconstpointer  data)
{
  const Way *way = data;
  g_autoptr(GBytes) contents = make_contents (50 * KIB);
  g_autoptr(GFile) folder = g_file_new_for_path (story->clients.romeo.dir);

  if (way->dialect->request == NULL)
    {
      g_test_skip ("nothing can be asked for in this dialect");
      return;
    }

  g_object_unref (make_file (&story->clients, "sonnet.txt", contents));
  share_files (story);
  g_set_object (&story->sent, ferry_transfer_queue_request (story->clients.romeo.queue,
                                                            "juliet@capulet.lit", "sonnet.txt",
                                                            folder));
  g_set_object (&story->offered, wait_for_transfer (&story->clients.juliet, 0));
  wait_for_state (story->sent, FERRY_TRANSFER_DONE);
  wait_for_state (story->offered, FERRY_TRANSFER_DONE);
  party_assert_has_file (&story->clients.romeo, "sonnet.txt", contents);
  story_expect (story->sent, TRUE, FERRY_TRUST_FIRST_USE);
  story_expect (story->offered, TRUE, FERRY_TRUST_FIRST_USE);
  party_assert_pinned (&story->clients.juliet, ROMEO, &story->clients.romeo);
}

/* Both ends at once, and nobody is known yet. */
static void
test_many_at_once (Story         *story,
                   gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (100 * KIB);
  FerryTransfer *transfers[6];

  for (guint i = 0; i < G_N_ELEMENTS (transfers); i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.bin", i);
      g_autoptr(GFile) file = make_file (&story->clients, name, contents);

      transfers[i] = i % 2 == 0
                     ? ferry_transfer_queue_send (story->clients.romeo.queue, JULIET, file)
                     : ferry_transfer_queue_send (story->clients.juliet.queue, ROMEO, file);
    }

  for (guint i = 0; i < G_N_ELEMENTS (transfers); i++)
    ferry_transfer_accept (wait_for_transfer (i < 3 ? &story->clients.romeo
                                                    : &story->clients.juliet, 3 + i % 3),
                           NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (transfers); i++)
    {
      wait_for_state (transfers[i], FERRY_TRANSFER_DONE);
      story_expect (transfers[i], TRUE, FERRY_TRUST_FIRST_USE);
    }
}

/* A program without all this gets and sends files as ever. */
static void
test_a_stranger_to_it_is_sent_to_in_the_clear (Story         *story,
                                               gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (20 * KIB);

  party_give_trust (&story->clients.romeo, FERRY_SECURITY_AUTO);
  two_clients_befriend (&story->clients);
  story_carry (story, 0, "report.pdf", contents);
  story_expect (story->sent, FALSE, FERRY_TRUST_NONE);
  party_assert_pinned (&story->clients.romeo, JULIET, NULL);
}

/* Who never encrypts of its own accord does so for a sender that wants it. */
static void
test_never_gives_way_to_required (Story         *story,
                                  gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (20 * KIB);

  party_give_trust (&story->clients.romeo, FERRY_SECURITY_REQUIRED);
  party_give_trust (&story->clients.juliet, FERRY_SECURITY_NONE);
  two_clients_befriend (&story->clients);
  story_carry (story, 0, "report.pdf", contents);
  story_expect (story->sent, TRUE, FERRY_TRUST_FIRST_USE);
}

static void
add_dialect (GPtrArray          *ways,
             const FerryDialect *dialect,
             FerryPaths          path,
             const char         *path_name)
{
  const struct
  {
    const char  *name;
    void       (*func) (Story         *story,
                        gconstpointer  data);
  } tests[] = {
    { "first-use-is-pinned", test_first_use_is_pinned },
    { "an-empty-file-arrives", test_an_empty_file_arrives },
    { "what-was-verified-stays-so", test_what_was_verified_stays_so },
    { "the-way-shows-nothing", test_the_way_shows_nothing },
    { "what-is-asked-for-is-encrypted", test_what_is_asked_for_is_encrypted },
  };
  Way *way;

  if (!dialect->is_securable || !dialect_has_path (dialect, path))
    return;

  way = g_new (Way, 1);
  *way = (Way) { dialect, path };
  g_ptr_array_add (ways, way);

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *name = g_strdup_printf ("/core/transfer-secure/%s/%s/%s", dialect->name,
                                               path_name, tests[i].name);

      g_test_add (name, Story, way, story_set_up, tests[i].func, story_tear_down);
    }
}

int
main (int    argc,
      char **argv)
{
  const FerryDialect *const *dialects = ferry_dialects_get ();
  g_autoptr(GPtrArray) ways = g_ptr_array_new_with_free_func (g_free);

  g_test_init (&argc, &argv, NULL);

  g_test_add ("/core/transfer-secure/auto/many-at-once", Story, NULL, story_set_up,
              test_many_at_once, story_tear_down);
  g_test_add ("/core/transfer-secure/auto/a-stranger-to-it-is-sent-to-in-the-clear", Story, NULL,
              story_set_up_bare, test_a_stranger_to_it_is_sent_to_in_the_clear, story_tear_down);
  g_test_add ("/core/transfer-secure/auto/never-gives-way-to-required", Story, NULL,
              story_set_up_bare, test_never_gives_way_to_required, story_tear_down);

  for (guint i = 0; dialects[i] != NULL; i++)
    {
      add_dialect (ways, dialects[i], FERRY_PATH_DIRECT, "direct");
      add_dialect (ways, dialects[i], FERRY_PATH_IN_BAND, "in-band");
    }

  return g_test_run ();
}
