/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <unistd.h>

#include "core/contact-private.h"
#include "legacy/dialects.h"
#include "two-clients.h"

#define KIB 1024
#define MIB (1024 * 1024)

/* Romeo asks, Juliet shares. */
typedef struct
{
  const FerryDialect *dialect;
  FerryPaths          path;
} Way;

static const Way *way_of_now;

static void
configure (FerrySettings *settings)
{
  settings->dialect = g_strdup (way_of_now->dialect->name);
  settings->paths = way_of_now->path;
}

typedef struct
{
  TwoClients     clients;
  FerryTransfer *asked;  /* (owned) (nullable): Romeo's */
  FerryTransfer *served; /* (owned) (nullable): Juliet's */
  guint          n_offers;
} Story;

static void
count_offer_cb (Story         *story,
                FerryTransfer *transfer)
{
  story->n_offers++;
}

static void
story_set_up (Story         *story,
              gconstpointer  data)
{
  way_of_now = data;
  two_clients_set_up (&story->clients, configure);
  two_clients_befriend (&story->clients);
  g_signal_connect_swapped (story->clients.juliet.queue, "offered", G_CALLBACK (count_offer_cb),
                            story);
}

static void
story_tear_down (Story         *story,
                 gconstpointer  data)
{
  g_signal_handlers_disconnect_by_data (story->clients.juliet.queue, story);
  g_assert_cmpuint (story->n_offers, ==, 0);
  g_clear_object (&story->asked);
  g_clear_object (&story->served);
  two_clients_tear_down (&story->clients);
}

static void
share (Story      *story,
       const char *with)
{
  const char *const jids[] = { with, NULL };
  g_autoptr(GFile) folder = g_file_new_for_path (story->clients.dir);

  ferry_shares_add (ferry_transfer_queue_get_shares (story->clients.juliet.queue), folder,
                    with != NULL ? jids : NULL);
}

static void
put_file (Story      *story,
          const char *name,
          GBytes     *contents)
{
  g_object_unref (make_file (&story->clients, name, contents));
}

static void
ask (Story      *story,
     const char *name)
{
  g_autoptr(GFile) folder = g_file_new_for_path (story->clients.romeo.dir);

  g_clear_object (&story->asked);
  story->asked = g_object_ref (ferry_transfer_queue_request (story->clients.romeo.queue,
                                                             "juliet@capulet.lit", name, folder));
}

static void
get (Story      *story,
     const char *name)
{
  ask (story, name);
  story->served = g_object_ref (wait_for_transfer (&story->clients.juliet, 0));
}

static void
assert_ended (FerryTransfer      *transfer,
              FerryTransferState  state)
{
  wait_for_end (transfer);

  if (ferry_transfer_get_error (transfer) != NULL)
    g_test_message ("%s", ferry_transfer_get_error (transfer)->message);
  g_assert_cmpuint (ferry_transfer_get_state (transfer), ==, state);
}

static guint
count_served (Story *story)
{
  return g_list_model_get_n_items (G_LIST_MODEL (story->clients.juliet.queue));
}

/* Requests of one family may all be answered by the best of them (SEL-5). */
static void
assert_answers (const char         *name,
                const FerryDialect *dialect)
{
  g_assert_true (ferry_dialects_find (name)->entrances == dialect->entrances);
}

static void
test_arrives_unasked (Story         *story,
                      gconstpointer  data)
{
  const Way *way = data;
  g_autoptr(GBytes) contents = make_contents (300 * KIB + 1);

  put_file (story, "sonnet.txt", contents);
  share (story, NULL);
  get (story, "sonnet.txt");
  g_assert_cmpuint (ferry_transfer_get_direction (story->served), ==, FERRY_DIRECTION_SEND);
  g_assert_cmpuint (ferry_transfer_get_direction (story->asked), ==, FERRY_DIRECTION_RECEIVE);
  g_assert_true (ferry_transfer_is_request (story->served));
  g_assert_true (ferry_transfer_is_request (story->asked));
  g_assert_cmpstr (ferry_transfer_get_name (story->served), ==, "sonnet.txt");
  g_assert_cmpstr (ferry_transfer_get_peer (story->served), ==, ROMEO);
  assert_ended (story->asked, FERRY_TRANSFER_DONE);
  assert_ended (story->served, FERRY_TRANSFER_DONE);

  party_assert_has_file (&story->clients.romeo, "sonnet.txt", contents);
  g_assert_cmpuint (party_count_files (&story->clients.romeo), ==, 1);
  g_assert_cmpint (ferry_transfer_get_size (story->asked), ==, 300 * KIB + 1);
  g_assert_cmpstr (ferry_transfer_get_dialect (story->asked), ==, way->dialect->name);
  assert_answers (ferry_transfer_get_dialect (story->served), way->dialect);
  g_assert_cmpuint (ferry_transfer_get_path (story->served), ==, way->path);
  g_assert_cmpuint (ferry_transfer_get_verified (story->asked), >=, FERRY_VERIFIED_WEAK);
  g_assert_false (ferry_transfer_can_retry (story->served));
}

static void
test_an_empty_file_arrives (Story         *story,
                            gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (0);

  put_file (story, "empty", contents);
  share (story, "romeo@montague.lit");
  get (story, "empty");
  assert_ended (story->asked, FERRY_TRANSFER_DONE);
  assert_ended (story->served, FERRY_TRANSFER_DONE);
  party_assert_has_file (&story->clients.romeo, "empty", contents);
}

/* Above 32 MiB the hash is known at the end at best. */
static void
test_a_large_file_arrives (Story         *story,
                           gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (33 * MIB);

  put_file (story, "large.bin", contents);
  if (((const Way *) data)->path == FERRY_PATH_IN_BAND)
    {
      g_test_skip ("too slow in band");
      return;
    }

  share (story, NULL);
  get (story, "large.bin");
  assert_ended (story->asked, FERRY_TRANSFER_DONE);
  party_assert_has_file (&story->clients.romeo, "large.bin", contents);
}

static void
assert_not_shared (Story      *story,
                   const char *name)
{
  ask (story, name);
  assert_ended (story->asked, FERRY_TRANSFER_FAILED);
  g_assert_error ((GError *) ferry_transfer_get_error (story->asked), FERRY_TRANSFER_ERROR,
                  FERRY_TRANSFER_ERROR_NOT_SHARED);
}

/* SEC-18, SEC-22: and nothing is made for what does not come. */
static void
test_a_name_is_no_path (Story         *story,
                        gconstpointer  data)
{
  static const char *const names[] = {
    "/etc/passwd", "../sonnet.txt", "sub/../sonnet.txt", "..", ".hidden", "link", "absent",
  };
  g_autoptr(GBytes) contents = make_contents (KIB);
  g_autofree char *link = g_build_filename (story->clients.dir, "link", NULL);

  put_file (story, "sonnet.txt", contents);
  put_file (story, ".hidden", contents);
  g_assert_cmpint (symlink ("/etc/passwd", link), ==, 0);
  share (story, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_test_message ("%s", names[i]);
      assert_not_shared (story, names[i]);
    }

  g_assert_cmpuint (count_served (story), ==, 0);
  g_assert_cmpuint (party_count_files (&story->clients.romeo), ==, 0);
}

/* SEC-22: who may not have it learns no more than that. */
static void
test_forbidden_looks_like_unknown (Story         *story,
                                   gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (KIB);
  g_autofree char *forbidden = NULL;

  put_file (story, "sonnet.txt", contents);
  assert_not_shared (story, "sonnet.txt");
  share (story, "paris@verona.lit");
  assert_not_shared (story, "sonnet.txt");
  forbidden = g_strdup (ferry_transfer_get_error (story->asked)->message);
  assert_not_shared (story, "absent");
  g_assert_cmpstr (ferry_transfer_get_error (story->asked)->message, ==, forbidden);
  g_assert_cmpuint (count_served (story), ==, 0);
}

/* SEC-31: guessing is limited as offering is, but not fetching what is there. */
static void
test_guesses_are_limited (Story         *story,
                          gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (16);

  put_file (story, "sonnet.txt", contents);
  share (story, NULL);
  for (guint i = 0; i < FERRY_OFFERS_PER_MINUTE + 2; i++)
    {
      ask (story, "sonnet.txt");
      assert_ended (story->asked, FERRY_TRANSFER_DONE);
    }
  for (guint i = 0; i < FERRY_OFFERS_PER_MINUTE; i++)
    assert_not_shared (story, "absent");

  ask (story, "absent");
  assert_ended (story->asked, FERRY_TRANSFER_FAILED);
  g_assert_error ((GError *) ferry_transfer_get_error (story->asked), FERRY_TRANSFER_ERROR,
                  FERRY_TRANSFER_ERROR_PEER_BUSY);
}

/* SEC-4 */
static void
test_strangers_get_nothing (Story         *story,
                            gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (KIB);
  FerryContact *romeo = ferry_roster_lookup (story->clients.juliet.roster, ROMEO, FALSE);

  put_file (story, "sonnet.txt", contents);
  share (story, NULL);
  ferry_contact_set_roster (romeo, FALSE, NULL, "none");
  ask (story, "sonnet.txt");
  assert_ended (story->asked, FERRY_TRANSFER_FAILED);
  g_assert_cmpuint (count_served (story), ==, 0);
  g_assert_cmpuint (party_count_files (&story->clients.romeo), ==, 0);
}

static void
test_a_bad_folder_is_said (Story         *story,
                          gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (KIB);
  g_autoptr(GFile) nowhere = g_file_new_for_path ("/proc/nowhere");

  put_file (story, "sonnet.txt", contents);
  share (story, NULL);
  story->asked = g_object_ref (ferry_transfer_queue_request (story->clients.romeo.queue, JULIET,
                                                             "sonnet.txt", nowhere));
  assert_ended (story->asked, FERRY_TRANSFER_FAILED);
  g_assert_error ((GError *) ferry_transfer_get_error (story->asked), FERRY_TRANSFER_ERROR,
                  FERRY_TRANSFER_ERROR_DISK);
  assert_ended (wait_for_transfer (&story->clients.juliet, 0), FERRY_TRANSFER_FAILED);
}

static void
test_can_be_asked_again (Story         *story,
                         gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (KIB);
  FerryTransfer *again;

  put_file (story, "sonnet.txt", contents);
  assert_not_shared (story, "sonnet.txt");
  share (story, NULL);
  g_assert_true (ferry_transfer_can_retry (story->asked));
  again = ferry_transfer_queue_retry (story->clients.romeo.queue, story->asked);
  g_assert_nonnull (again);
  assert_ended (again, FERRY_TRANSFER_DONE);
  party_assert_has_file (&story->clients.romeo, "sonnet.txt", contents);
}

static void
test_either_side_can_stop (Story         *story,
                           gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (8 * MIB);

  put_file (story, "large.bin", contents);
  share (story, NULL);
  get (story, "large.bin");
  ferry_transfer_cancel (story->asked);
  assert_ended (story->asked, FERRY_TRANSFER_CANCELLED);
  assert_ended (story->served, FERRY_TRANSFER_FAILED);

  ask (story, "large.bin");
  ferry_transfer_cancel (wait_for_transfer (&story->clients.juliet, 1));
  assert_ended (story->asked, FERRY_TRANSFER_FAILED);
  g_assert_cmpuint (party_count_files (&story->clients.romeo), ==, 0);
}

static void
add_dialect (GPtrArray          *ways,
             const FerryDialect *dialect,
             FerryPaths          path,
             const char         *path_name)
{
  static const struct
  {
    const char  *name;
    void       (*func) (Story         *story,
                        gconstpointer  data);
  } tests[] = {
    { "arrives-unasked", test_arrives_unasked },
    { "an-empty-file-arrives", test_an_empty_file_arrives },
    { "a-large-file-arrives", test_a_large_file_arrives },
    { "a-name-is-no-path", test_a_name_is_no_path },
    { "forbidden-looks-like-unknown", test_forbidden_looks_like_unknown },
    { "guesses-are-limited", test_guesses_are_limited },
    { "strangers-get-nothing", test_strangers_get_nothing },
    { "a-bad-folder-is-said", test_a_bad_folder_is_said },
    { "can-be-asked-again", test_can_be_asked_again },
    { "either-side-can-stop", test_either_side_can_stop },
  };
  Way *way;

  if (dialect->request == NULL || !dialect_has_path (dialect, path))
    return;

  way = g_new (Way, 1);
  *way = (Way) { dialect, path };
  g_ptr_array_add (ways, way);

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *name = g_strdup_printf ("/core/transfer-request/%s/%s/%s", dialect->name,
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

  for (guint i = 0; dialects[i] != NULL; i++)
    {
      add_dialect (ways, dialects[i], FERRY_PATH_DIRECT, "direct");
      add_dialect (ways, dialects[i], FERRY_PATH_IN_BAND, "in-band");
    }

  return g_test_run ();
}
