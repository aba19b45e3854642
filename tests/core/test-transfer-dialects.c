/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "legacy/dialects.h"
#include "two-clients.h"

#define KIB 1024

/* One dialect over one path; %NULL: whatever the story says. */
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
  FerryTransfer *sent;    /* (owned) (nullable) */
  FerryTransfer *offered; /* (owned) (nullable) */
} Story;

static void
story_set_up (Story         *story,
              gconstpointer  data)
{
  way_of_now = data;
  two_clients_set_up (&story->clients, data != NULL ? configure : NULL);
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
story_offer (Story      *story,
             const char *name,
             GBytes     *contents)
{
  g_autoptr(GFile) file = make_file (&story->clients, name, contents);

  story->sent = g_object_ref (ferry_transfer_queue_send (story->clients.romeo.queue,
                                                         "juliet@capulet.lit", file));
  story->offered = g_object_ref (wait_for_transfer (&story->clients.juliet, 0));
}

static void
say_why (FerryTransfer *transfer)
{
  const GError *error = ferry_transfer_get_error (transfer);

  if (error != NULL)
    g_test_message ("%s: %s", ferry_transfer_get_name (transfer), error->message);
}

static void
story_end (Story *story)
{
  wait_for_end (story->sent);
  wait_for_end (story->offered);
  say_why (story->sent);
  say_why (story->offered);
  g_assert_cmpuint (ferry_transfer_get_state (story->sent), ==, FERRY_TRANSFER_DONE);
  g_assert_cmpuint (ferry_transfer_get_state (story->offered), ==, FERRY_TRANSFER_DONE);
}

/* How sure the digests of @dialect make who receives (SEC-23). */
static FerryVerified
expect_verified (const FerryDialect *dialect)
{
  const guint weak = 1u << FERRY_HASH_MD5 | 1u << FERRY_HASH_SHA1;

  if ((dialect->hashes & ~weak) != 0)
    return FERRY_VERIFIED_YES;

  return dialect->hashes != 0 ? FERRY_VERIFIED_WEAK : FERRY_VERIFIED_NO;
}

/* Offers of one family may all be answered by the best of them (SEL-5). */
static void
assert_answers (const char         *name,
                const FerryDialect *dialect)
{
  g_assert_true (ferry_dialects_find (name)->entrances == dialect->entrances);
}

/* Every dialect moves a file, by its own transports, and compares its own digests. */
static void
test_arrives_with_its_digests (Story         *story,
                               gconstpointer  data)
{
  const Way *way = data;
  g_autoptr(GBytes) contents = make_contents (300 * KIB + 1);

  story_offer (story, "report.pdf", contents);
  g_assert_cmpstr (ferry_transfer_get_dialect (story->sent), ==, way->dialect->name);
  assert_answers (ferry_transfer_get_dialect (story->offered), way->dialect);
  g_assert_cmpint (ferry_transfer_get_size (story->offered), ==, 300 * KIB + 1);
  ferry_transfer_accept (story->offered, NULL, NULL);
  story_end (story);

  party_assert_has_file (&story->clients.juliet, "report.pdf", contents);
  g_assert_cmpuint (ferry_transfer_get_path (story->offered), ==, way->path);
  g_assert_cmpuint (ferry_transfer_get_path (story->sent), ==, way->path);
  g_assert_cmpuint (ferry_transfer_get_verified (story->offered), ==,
                    expect_verified (way->dialect));
  g_assert_cmpstr (ferry_transfer_get_sha256 (story->offered), ==,
                   ferry_transfer_get_sha256 (story->sent));
  g_assert_nonnull (ferry_transfer_get_sha256 (story->sent));
}

static void
test_an_empty_file_arrives (Story         *story,
                            gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (0);

  story_offer (story, "empty", contents);
  ferry_transfer_accept (story->offered, NULL, NULL);
  story_end (story);
  party_assert_has_file (&story->clients.juliet, "empty", contents);
}

static void
test_declining_is_heard (Story         *story,
                         gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (KIB);

  story_offer (story, "report.pdf", contents);
  ferry_transfer_decline (story->offered);
  wait_for_end (story->sent);
  g_assert_cmpuint (ferry_transfer_get_state (story->sent), ==, FERRY_TRANSFER_DECLINED);
  g_assert_cmpuint (ferry_transfer_get_state (story->offered), ==, FERRY_TRANSFER_DECLINED);
  g_assert_cmpuint (party_count_files (&story->clients.juliet), ==, 0);
}

/* In every offer that arrives, the digest of @contents is that of something else. */
static void
forge_digest (Story         *story,
              GChecksumType  type,
              GBytes        *contents)
{
  g_autofree char *right = g_compute_checksum_for_bytes (type, contents);
  g_autofree char *wrong = g_strdup (right);

  wrong[0] = wrong[0] == '0' ? '1' : '0';
  two_clients_tamper_also (&story->clients, right, wrong);
}

/* Where no stanza could say that it did not arrive (SIFT-6), least of all may the stream say
 * that it did. */
static void
test_wrong_bytes_are_not_confirmed (Story         *story,
                                    gconstpointer  data)
{
  const Way *way = data;
  gboolean is_silent = way->dialect->entrances == ferry_dialects_find ("si")->entrances;
  int told = is_silent ? FERRY_TRANSFER_ERROR_UNCONFIRMED : FERRY_TRANSFER_ERROR_CORRUPT;
  g_autoptr(GBytes) contents = make_contents (30 * KIB + 1);

  forge_digest (story, G_CHECKSUM_MD5, contents);
  forge_digest (story, G_CHECKSUM_SHA1, contents);
  story_offer (story, "report.pdf", contents);
  g_assert_cmpuint (story->clients.n_tampered, ==, 1);
  ferry_transfer_accept (story->offered, NULL, NULL);
  wait_for_end (story->offered);
  wait_for_end (story->sent);
  g_assert_error ((GError *) ferry_transfer_get_error (story->offered), FERRY_TRANSFER_ERROR,
                  FERRY_TRANSFER_ERROR_CORRUPT);
  g_assert_error ((GError *) ferry_transfer_get_error (story->sent), FERRY_TRANSFER_ERROR, told);
  g_assert_cmpuint (party_count_files (&story->clients.juliet), ==, 0);
}

#define FEATURE(var) "<feature var='" var "'/>"

/* SEL: of the transports those that the peer lists. */
static void
test_offers_what_the_peer_lists (Story         *story,
                                 gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (KIB);

  two_clients_tamper (&story->clients, FEATURE ("urn:xmpp:jingle:transports:s5b:1"), "");
  story_offer (story, "report.pdf", contents);
  g_assert_cmpuint (story->clients.n_tampered, ==, 1);
  ferry_transfer_accept (story->offered, NULL, NULL);
  story_end (story);
  g_assert_cmpstr (ferry_transfer_get_dialect (story->sent), ==, "jingle-1");
  g_assert_cmpuint (ferry_transfer_get_path (story->sent), ==, FERRY_PATH_IN_BAND);
}

/* SEL-4: who cannot, in spite of what it lists, is asked in the next one, once. */
static void
test_tries_the_next_dialect (Story         *story,
                             gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (KIB);

  two_clients_tamper (&story->clients, "<description xmlns='urn:xmpp:jingle:apps:file-transfer:5'",
                      "<description xmlns='urn:xmpp:jingle:apps:file-transfer:99'");
  story_offer (story, "report.pdf", contents);
  g_assert_cmpstr (ferry_transfer_get_dialect (story->sent), ==, "jingle-1-ft4");
  ferry_transfer_accept (story->offered, NULL, NULL);
  story_end (story);
  party_assert_has_file (&story->clients.juliet, "report.pdf", contents);
}

static void
test_tries_the_next_dialect_once (Story         *story,
                                  gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (KIB);
  g_autoptr(GFile) file = make_file (&story->clients, "report.pdf", contents);

  two_clients_tamper (&story->clients, "<description xmlns='urn:xmpp:jingle:apps:file-transfer:5'",
                      "<description xmlns='urn:xmpp:jingle:apps:file-transfer:99'");
  two_clients_tamper_also (&story->clients,
                           "<description xmlns='urn:xmpp:jingle:apps:file-transfer:4'",
                           "<description xmlns='urn:xmpp:jingle:apps:file-transfer:98'");
  story->sent = g_object_ref (ferry_transfer_queue_send (story->clients.romeo.queue,
                                                         "juliet@capulet.lit", file));
  wait_for_end (story->sent);
  g_assert_error ((GError *) ferry_transfer_get_error (story->sent), FERRY_TRANSFER_ERROR,
                  FERRY_TRANSFER_ERROR_NO_COMMON_DIALECT);
  g_assert_cmpuint (story->clients.n_tampered, ==, 2);
}

/* SEL-4: a person's word is final. */
static void
test_asks_nobody_twice (Story         *story,
                        gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (KIB);

  story_offer (story, "report.pdf", contents);
  ferry_transfer_decline (story->offered);
  wait_for_end (story->sent);
  wait_ms (50);
  g_assert_cmpuint (ferry_transfer_get_state (story->sent), ==, FERRY_TRANSFER_DECLINED);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (story->clients.juliet.queue)), ==, 1);
}

static void
add_dialect (GPtrArray          *ways,
             const FerryDialect *dialect,
             FerryPaths          path,
             const char         *path_name)
{
  const guint hexadecimal = 1u << FERRY_HASH_MD5 | 1u << FERRY_HASH_SHA1;
  const struct
  {
    const char  *name;
    void       (*func) (Story         *story,
                        gconstpointer  data);
    guint        hashes; /* for dialects with one of them; 0: for all */
  } tests[] = {
    { "arrives-with-its-digests", test_arrives_with_its_digests },
    { "an-empty-file-arrives", test_an_empty_file_arrives },
    { "declining-is-heard", test_declining_is_heard },
    { "wrong-bytes-are-not-confirmed", test_wrong_bytes_are_not_confirmed, hexadecimal },
  };
  Way *way;

  if (!dialect_has_path (dialect, path))
    return;

  way = g_new (Way, 1);
  *way = (Way) { dialect, path };
  g_ptr_array_add (ways, way);

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *name = g_strdup_printf ("/core/transfer-dialects/%s/%s/%s", dialect->name,
                                               path_name, tests[i].name);

      if (tests[i].hashes == 0 || (dialect->hashes & tests[i].hashes) != 0)
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

#define ADD(path, func) \
  g_test_add ("/core/transfer-dialects/auto/" path, Story, NULL, story_set_up, func, story_tear_down)

  ADD ("offers-what-the-peer-lists", test_offers_what_the_peer_lists);
  ADD ("tries-the-next-dialect", test_tries_the_next_dialect);
  ADD ("tries-the-next-dialect-once", test_tries_the_next_dialect_once);
  ADD ("asks-nobody-twice", test_asks_nobody_twice);

#undef ADD

  for (guint i = 0; dialects[i] != NULL; i++)
    {
      add_dialect (ways, dialects[i], FERRY_PATH_DIRECT, "direct");
      add_dialect (ways, dialects[i], FERRY_PATH_IN_BAND, "in-band");
    }

  return g_test_run ();
}
