/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/roster-private.h"
#include "legacy/dialects.h"
#include "secure-story.h"

#define KIB 1024

/* What must not be sent, or not believed. */

static Way jingle_1_direct;
static Way jingle_1_in_band;
static Way si_in_band;

static const char *const without_security[] = {
  "<security ", "<insecurity ", "</security>", "</insecurity>",
};

static void
assert_nothing_arrived (Story *story)
{
  g_assert_cmpuint (party_count_files (&story->clients.juliet), ==, 0);
}

/* Juliet is offered something, and accepts it. */
static void
start_transfer (Story *story,
                guint  n)
{
  g_autoptr(GBytes) contents = make_contents (100 * KIB);

  story_offer (story, n, "report.pdf", contents);
  ferry_transfer_accept (story->offered, NULL, NULL);
}

/* Two changes, in the answer alone: the offer went through. */
static void
start_tampered_transfer (Story             *story,
                         const char *const *changes)
{
  g_autoptr(GBytes) contents = make_contents (100 * KIB);

  story_offer (story, 0, "report.pdf", contents);
  two_clients_tamper (&story->clients, changes[0], changes[1]);
  two_clients_tamper_also (&story->clients, changes[2], changes[3]);
  ferry_transfer_accept (story->offered, NULL, NULL);
  wait_for_end (story->sent);
  wait_for_end (story->offered);
  g_assert_cmpuint (story->clients.n_tampered, >, 0);
  assert_nothing_arrived (story);
}

/* XTLS-25: no word of it in the answer of somebody who can. */
static void
test_a_stripped_answer_is_refused (Story         *story,
                                   gconstpointer  data)
{
  start_tampered_transfer (story, without_security);
  story_expect_failure (story->sent, FERRY_TRANSFER_ERROR_STRIPPED, "secure");
  story_expect_failure (story->offered, FERRY_TRANSFER_ERROR_SECURITY, "secure");
  story_expect (story->sent, FALSE, FERRY_TRUST_NONE);
  party_assert_pinned (&story->clients.romeo, JULIET, NULL);
}

/* XTLS-25, the other way round. Nobody is asked, but our user hears of it. */
static void
test_a_stripped_offer_is_refused (Story         *story,
                                  gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (100 * KIB);

  story_carry (story, 0, "before.txt", contents);
  two_clients_tamper (&story->clients, without_security[0], without_security[1]);
  two_clients_tamper_also (&story->clients, without_security[2], without_security[3]);
  story_offer (story, 1, "report.pdf", contents);
  story_expect_failure (story->offered, FERRY_TRANSFER_ERROR_STRIPPED, "secure");
  story_expect_failure (story->sent, FERRY_TRANSFER_ERROR_SECURITY, "secure");
  g_assert_cmpstr (ferry_transfer_get_name (story->offered), ==, "report.pdf");
  g_assert_cmpint (ferry_transfer_get_size (story->offered), ==, 100 * KIB);
  g_assert_cmpuint (party_count_files (&story->clients.juliet), ==, 1);
}

/* XTLS-15: the certificate is not the one that was announced. */
static void
test_a_tampered_fingerprint_is_noticed (Story         *story,
                                        gconstpointer  data)
{
  FerryTlsIdentity *juliet = ferry_trust_get_identity (story->clients.juliet.trust);
  FerryTlsIdentity *romeo = ferry_trust_get_identity (story->clients.romeo.trust);
  const char *const changes[] = {
    ferry_tls_identity_get_sha256 (juliet), ferry_tls_identity_get_sha256 (romeo),
    ferry_tls_identity_get_sha1 (juliet), ferry_tls_identity_get_sha1 (romeo),
  };

  start_tampered_transfer (story, changes);
  story_expect_failure (story->sent, FERRY_TRANSFER_ERROR_SECURITY, "secure");
  story_expect_failure (story->offered, FERRY_TRANSFER_ERROR_SECURITY, "secure");
  party_assert_pinned (&story->clients.romeo, JULIET, NULL);
}

static void
assert_changed (Party      *party,
                const char *whom)
{
  const FerryPin *pin = ferry_trust_lookup (party->trust, whom);

  g_assert_nonnull (pin);
  g_assert_nonnull (pin->changed_sha256);
}

/* SEC-33: announced, and not the pinned one: not even a handshake. */
static void
test_another_key_is_refused (Story         *story,
                             gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (10 * KIB);
  Party *romeo = &story->clients.romeo;
  Party *juliet = &story->clients.juliet;

  story_carry (story, 0, "before.txt", contents);
  g_assert_true (ferry_trust_replace_identity (juliet->trust, NULL));
  start_transfer (story, 1);
  story_expect_failure (story->sent, FERRY_TRANSFER_ERROR_KEY_CHANGED, "secure");
  story_expect_failure (story->offered, FERRY_TRANSFER_ERROR_SECURITY, "secure");
  assert_changed (romeo, JULIET);
  g_assert_cmpuint (party_count_files (juliet), ==, 1);

  /* Now nothing is said to her at all. */
  story->clients.watch = "jingle";
  story_send (story, "after.txt", contents);
  story_expect_failure (story->sent, FERRY_TRANSFER_ERROR_KEY_CHANGED, "secure");
  g_assert_cmpuint (story->clients.n_watched, ==, 0);

  /* A person decides. */
  ferry_trust_forget (romeo->trust, JULIET);
  story_carry (story, 2, "after.txt", contents);
  story_expect (story->sent, TRUE, FERRY_TRUST_FIRST_USE);
  party_assert_pinned (romeo, JULIET, juliet);
}

/* SEC-33: not even what was offered before, to the known one. */
static void
test_nothing_goes_while_nobody_has_decided (Story         *story,
                                            gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (1000);

  story_carry (story, 0, "a.bin", contents);
  story_offer (story, 1, "b.bin", contents);
  ferry_trust_report_change (story->clients.romeo.trust, JULIET, "", NULL);
  ferry_transfer_accept (story->offered, NULL, NULL);
  story_expect_failure (story->sent, FERRY_TRANSFER_ERROR_KEY_CHANGED, "secure");
  story_expect_failure (story->offered, FERRY_TRANSFER_ERROR_SECURITY, "secure");
  g_assert_cmpuint (party_count_files (&story->clients.juliet), ==, 1);
}

/* The sender is another one than before. */
static void
test_an_offer_with_another_key_is_refused (Story         *story,
                                           gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (10 * KIB);

  story_carry (story, 0, "before.txt", contents);
  g_assert_true (ferry_trust_replace_identity (story->clients.romeo.trust, NULL));

  for (guint i = 1; i < 3; i++)
    {
      story_offer (story, i, "report.pdf", contents);
      story_expect_failure (story->offered, FERRY_TRANSFER_ERROR_KEY_CHANGED, "secure");
      wait_for_end (story->sent);
      assert_changed (&story->clients.juliet, ROMEO);
    }

  g_assert_cmpuint (party_count_files (&story->clients.juliet), ==, 1);
  ferry_trust_forget (story->clients.juliet.trust, ROMEO);
  story_carry (story, 3, "report.pdf", contents);
}

/* Whoever changed the key asks for nothing, either. */
static void
test_nothing_is_given_to_another_key (Story         *story,
                                      gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (10 * KIB);
  g_autoptr(GFile) shared = g_file_new_for_path (story->clients.dir);
  g_autoptr(GFile) folder = g_file_new_for_path (story->clients.romeo.dir);

  g_object_unref (make_file (&story->clients, "sonnet.txt", contents));
  ferry_shares_add (ferry_transfer_queue_get_shares (story->clients.juliet.queue), shared, NULL);
  story_carry (story, 0, "before.txt", contents);
  ferry_trust_report_change (story->clients.juliet.trust, ROMEO, "00", NULL);
  g_set_object (&story->sent, ferry_transfer_queue_request (story->clients.romeo.queue,
                                                            "juliet@capulet.lit", "sonnet.txt",
                                                            folder));
  story_expect_failure (story->sent, FERRY_TRANSFER_ERROR_NOT_SHARED, "offer");
  g_assert_cmpuint (party_count_files (&story->clients.romeo), ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (story->clients.juliet.queue)), ==, 1);
}

static void
test_required_refuses_who_cannot (Story         *story,
                                  gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (10 * KIB);

  party_give_trust (&story->clients.romeo, FERRY_SECURITY_REQUIRED);
  two_clients_befriend (&story->clients);
  story_send (story, "report.pdf", contents);
  story_expect_failure (story->sent, FERRY_TRANSFER_ERROR_SECURITY, "secure");
  assert_nothing_arrived (story);
}

/* What they offer in the clear is shown as refused. */
static void
test_required_takes_nothing_in_the_clear (Story         *story,
                                          gconstpointer  data)
{
  const Way *way = data;
  g_autoptr(GBytes) contents = make_contents (10 * KIB);

  party_give_trust (&story->clients.juliet, FERRY_SECURITY_REQUIRED);
  two_clients_befriend (&story->clients);
  story_offer (story, 0, "report.pdf", contents);
  story_expect_failure (story->offered, FERRY_TRANSFER_ERROR_SECURITY, "secure");
  g_assert_cmpstr (ferry_transfer_get_name (story->offered), ==, "report.pdf");
  wait_for_end (story->sent);
  g_assert_cmpuint (ferry_transfer_get_state (story->sent), ==,
                    way->dialect->is_securable ? FERRY_TRANSFER_FAILED : FERRY_TRANSFER_DECLINED);
  assert_nothing_arrived (story);
}

/* Our own dialects that cannot: not a word is said. */
static void
test_required_offers_nothing_in_the_clear (Story         *story,
                                           gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (10 * KIB);

  party_give_trust (&story->clients.romeo, FERRY_SECURITY_REQUIRED);
  two_clients_befriend (&story->clients);
  story->clients.watch = "<file";
  story_send (story, "report.pdf", contents);
  story_expect_failure (story->sent, FERRY_TRANSFER_ERROR_SECURITY, "secure");
  g_assert_cmpuint (story->clients.n_watched, ==, 0);
}

/* Whom we know by a key is not sent to without one. */
static void
test_the_known_get_nothing_in_the_clear (Story         *story,
                                         gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (10 * KIB);
  FerryTlsIdentity *juliet = ferry_trust_get_identity (story->clients.juliet.trust);

  story_carry (story, 0, "before.txt", contents);
  story_expect (story->sent, FALSE, FERRY_TRUST_NONE);
  ferry_trust_pin (story->clients.romeo.trust, JULIET, ferry_tls_identity_get_certificate (juliet),
                   FERRY_TRUST_COMPARED);
  story_send (story, "report.pdf", contents);
  story_expect_failure (story->sent, FERRY_TRANSFER_ERROR_SECURITY, "secure");

  ferry_trust_set_policy (story->clients.romeo.trust, JULIET, FERRY_SECURITY_NONE);
  story_carry (story, 1, "report.pdf", contents);
}

/* SEL-4: another dialect is tried, but none that would give up what the first had. */
static void
test_no_other_dialect_gives_it_up (Story         *story,
                                   gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (10 * KIB);

  two_clients_tamper (&story->clients, "<description xmlns='urn:xmpp:jingle:apps:file-transfer:",
                      "<description xmlns='urn:xmpp:jingle:apps:unheard-of:");
  story->clients.watch = "<si ";
  story_send (story, "report.pdf", contents);
  story_expect_failure (story->sent, FERRY_TRANSFER_ERROR_NO_COMMON_DIALECT, "offer");
  g_assert_cmpuint (story->clients.n_tampered, >, 0);
  g_assert_cmpuint (story->clients.n_watched, ==, 0);
}

/* FB-7: what did not connect is tried again in band, as encrypted as before. */
static void
test_a_retry_is_as_secure (Story         *story,
                           gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (10 * KIB);

  ferry_trust_set_policy (story->clients.romeo.trust, JULIET, FERRY_SECURITY_AUTO);
  two_clients_tamper (&story->clients, "port='", "port='1");
  two_clients_tamper_also (&story->clients, "host='127.0.0.1'", "host='127.0.0.9'");
  story_offer (story, 0, "report.pdf", contents);
  ferry_transfer_accept (story->offered, NULL, NULL);
  wait_for_state (story->sent, FERRY_TRANSFER_DONE);
  g_assert_cmpuint (ferry_transfer_get_path (story->sent), ==, FERRY_PATH_IN_BAND);
  story_expect (story->sent, TRUE, FERRY_TRUST_FIRST_USE);
}

/* The handshake does not get through: whoever gives up, nothing is left behind. */
static void
hold_handshake (Story *story)
{
  start_transfer (story, 0);
  story->clients.drop = "<data ";
  wait_for_state (story->sent, FERRY_TRANSFER_CONNECTING);

  while (story->clients.n_dropped == 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_cancelling_ends_a_handshake (Story         *story,
                                  gconstpointer  data)
{
  hold_handshake (story);
  ferry_transfer_cancel (story->offered);
  wait_for_end (story->sent);
  g_assert_cmpuint (ferry_transfer_get_state (story->offered), ==, FERRY_TRANSFER_CANCELLED);
  assert_nothing_arrived (story);
  party_assert_pinned (&story->clients.romeo, JULIET, NULL);
}

static void
test_leaving_ends_a_handshake (Story         *story,
                               gconstpointer  data)
{
  hold_handshake (story);
  party_lose_connection (&story->clients.juliet, story->clients.server);
  party_show_presence (&story->clients.juliet, ROMEO, "unavailable");
  story_expect_failure (story->offered, FERRY_TRANSFER_ERROR_CONNECTION_LOST, "secure");
  ferry_transfer_cancel (story->sent);
  wait_for_end (story->sent);
  assert_nothing_arrived (story);
}

static void
add (const char    *name,
     gconstpointer  way,
     gboolean       is_bare,
     void         (*func) (Story         *story,
                           gconstpointer  data))
{
  g_autofree char *path = g_strconcat ("/core/transfer-insecure/", name, NULL);

  g_test_add (path, Story, way, is_bare ? story_set_up_bare : story_set_up, func, story_tear_down);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  jingle_1_direct = (Way) { ferry_dialects_find ("jingle-1"), FERRY_PATH_DIRECT };
  jingle_1_in_band = (Way) { ferry_dialects_find ("jingle-1"), FERRY_PATH_IN_BAND };
  si_in_band = (Way) { ferry_dialects_find ("si"), FERRY_PATH_IN_BAND };

  add ("a-stripped-answer-is-refused", NULL, FALSE, test_a_stripped_answer_is_refused);
  add ("a-stripped-offer-is-refused", NULL, FALSE, test_a_stripped_offer_is_refused);
  add ("direct/a-tampered-fingerprint-is-noticed", &jingle_1_direct, FALSE,
       test_a_tampered_fingerprint_is_noticed);
  add ("in-band/a-tampered-fingerprint-is-noticed", &jingle_1_in_band, FALSE,
       test_a_tampered_fingerprint_is_noticed);
  add ("another-key-is-refused", NULL, FALSE, test_another_key_is_refused);
  add ("an-offer-with-another-key-is-refused", NULL, FALSE,
       test_an_offer_with_another_key_is_refused);
  add ("nothing-goes-while-nobody-has-decided", NULL, FALSE,
       test_nothing_goes_while_nobody_has_decided);
  add ("nothing-is-given-to-another-key", NULL, FALSE, test_nothing_is_given_to_another_key);
  add ("required-refuses-who-cannot", NULL, TRUE, test_required_refuses_who_cannot);
  add ("jingle/required-takes-nothing-in-the-clear", &jingle_1_direct, TRUE,
       test_required_takes_nothing_in_the_clear);
  add ("si/required-takes-nothing-in-the-clear", &si_in_band, TRUE,
       test_required_takes_nothing_in_the_clear);
  add ("si/required-offers-nothing-in-the-clear", &si_in_band, TRUE,
       test_required_offers_nothing_in_the_clear);
  add ("si/the-known-get-nothing-in-the-clear", &si_in_band, FALSE,
       test_the_known_get_nothing_in_the_clear);
  add ("no-other-dialect-gives-it-up", NULL, FALSE, test_no_other_dialect_gives_it_up);
  add ("a-retry-is-as-secure", NULL, FALSE, test_a_retry_is_as_secure);
  add ("cancelling-ends-a-handshake", &jingle_1_in_band, FALSE, test_cancelling_ends_a_handshake);
  add ("leaving-ends-a-handshake", &jingle_1_in_band, FALSE, test_leaving_ends_a_handshake);

  return g_test_run ();
}
