/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "chat-story.h"

#define PHRASE "wherefore art thou, 1597"

static const FerryPin *
find_pin (Party      *party,
          const char *whom)
{
  return ferry_trust_lookup (party->trust, whom);
}

static const char *
get_sha256 (Party *party)
{
  return ferry_tls_identity_get_sha256 (ferry_trust_get_identity (party->trust));
}

static void
close_again (ChatStory *story)
{
  ferry_chat_close (story->romeo);
  chat_story_end (story, -1, FERRY_CHAT_ERROR_CLOSED);
}

/* XTLS-17, -19: both know it, and need it no more the next time. */
static void
test_phrase (ChatStory     *story,
             gconstpointer  data)
{
  chat_story_open (story, PHRASE);
  g_assert_cmpuint (ferry_chat_get_level (story->romeo), ==, FERRY_TRUST_PHRASE);
  g_assert_cmpuint (ferry_chat_get_level (story->juliet), ==, FERRY_TRUST_PHRASE);
  g_assert_cmpstr (ferry_chat_get_fingerprint (story->romeo), ==,
                   get_sha256 (&story->clients.juliet));
  g_assert_cmpstr (ferry_chat_get_fingerprint (story->juliet), ==,
                   get_sha256 (&story->clients.romeo));
  g_assert_cmpuint (find_pin (&story->clients.romeo, JULIET)->level, ==, FERRY_TRUST_PHRASE);
  g_assert_cmpuint (find_pin (&story->clients.juliet, ROMEO)->level, ==, FERRY_TRUST_PHRASE);
  ferry_chat_send (story->juliet, "It is the lark");
  wait_for_message (story->juliet, 0, FERRY_MESSAGE_DELIVERED);
  close_again (story);

  chat_story_open (story, NULL);
  g_assert_cmpuint (ferry_chat_get_level (story->romeo), ==, FERRY_TRUST_PHRASE);
  g_assert_cmpuint (ferry_chat_get_level (story->juliet), ==, FERRY_TRUST_PHRASE);
}

/* SEC-33: who was not verified may be, while it is open. */
static void
test_phrase_later (ChatStory     *story,
                   gconstpointer  data)
{
  chat_story_open (story, NULL);
  g_assert_cmpuint (ferry_chat_get_level (story->romeo), ==, FERRY_TRUST_FIRST_USE);
  ferry_chat_send (story->romeo, "Who are you?");
  wait_for_message (story->romeo, 0, FERRY_MESSAGE_DELIVERED);

  ferry_chat_open (story->romeo, NULL, PHRASE);
  g_assert_cmpuint (ferry_chat_get_state (story->romeo), ==, FERRY_CHAT_CLOSING);
  wait_for_offer (story->juliet);
  g_assert_true (ferry_chat_is_phrase_wanted (story->juliet));
  ferry_chat_accept (story->juliet, PHRASE);
  wait_for_chat (story->romeo, FERRY_CHAT_OPEN);
  g_assert_cmpuint (ferry_chat_get_level (story->romeo), ==, FERRY_TRUST_PHRASE);
  wait_for_messages (story->romeo, 1);
}

static gboolean
is_settled (gpointer subject,
            guint    number)
{
  ChatStory *story = subject;

  return ferry_chat_get_state (story->juliet) == FERRY_CHAT_OFFERED
         || (ferry_chat_get_error (story->juliet) != NULL
             && ferry_chat_get_error (story->romeo) != NULL);
}

/* J-15, and both have it at hand. */
static void
test_phrase_crossing (ChatStory     *story,
                      gconstpointer  data)
{
  ferry_chat_open (story->romeo, NULL, PHRASE);
  ferry_chat_open (story->juliet, NULL, PHRASE);
  wait_for_chat (story->romeo, FERRY_CHAT_OPEN);
  wait_for_chat (story->juliet, FERRY_CHAT_OPEN);
  g_assert_cmpuint (story->n_offered, ==, 0);
  g_assert_cmpuint (ferry_chat_get_level (story->romeo), ==, FERRY_TRUST_PHRASE);

  /* It is of use once (XTLS-17). */
  close_again (story);
  g_assert_null (story->romeo->phrase);
  g_assert_null (story->juliet->phrase);
}

/* One wants to be known by it, the other asks without: neither gets less than it wants, unless
 * a person says so. */
static void
test_phrase_crossing_none (ChatStory     *story,
                           gconstpointer  data)
{
  const GError *romeos;

  ferry_chat_open (story->romeo, NULL, PHRASE);
  ferry_chat_open (story->juliet, NULL, NULL);
  wait_until (is_settled, story, 0);
  romeos = ferry_chat_get_error (story->romeo);

  /* It hangs on whose session counts. */
  if (ferry_chat_get_state (story->juliet) == FERRY_CHAT_OFFERED)
    g_assert_true (ferry_chat_is_phrase_wanted (story->juliet));
  else
    g_assert_error ((GError *) romeos, FERRY_CHAT_ERROR, FERRY_CHAT_ERROR_PHRASE);
}

static void
test_wrong_phrase (ChatStory     *story,
                   gconstpointer  data)
{
  chat_story_ask (story, PHRASE, "it is the nightingale");
  chat_story_end (story, FERRY_CHAT_ERROR_PHRASE, FERRY_CHAT_ERROR_PHRASE);
  g_assert_null (find_pin (&story->clients.romeo, JULIET));
  g_assert_null (find_pin (&story->clients.juliet, ROMEO));

  chat_story_open (story, PHRASE);
}

/* Whoever asks to be known by a phrase takes nothing less. */
static void
test_phrase_on_one_side (ChatStory     *story,
                         gconstpointer  data)
{
  chat_story_ask (story, PHRASE, NULL);
  chat_story_end (story, FERRY_CHAT_ERROR_PHRASE, FERRY_CHAT_ERROR_PHRASE);
  g_assert_null (find_pin (&story->clients.romeo, JULIET));
}

/* XTLS-17: three in an hour, on both sides, and certificates are another matter. */
static void
test_too_many_wrong (ChatStory     *story,
                     gconstpointer  data)
{
  for (guint i = 0; i < FERRY_CHAT_MAX_WRONG; i++)
    {
      chat_story_ask (story, PHRASE, "guess");
      chat_story_end (story, FERRY_CHAT_ERROR_PHRASE, FERRY_CHAT_ERROR_PHRASE);
    }

  ferry_chat_open (story->romeo, NULL, PHRASE);
  chat_story_end (story, FERRY_CHAT_ERROR_PHRASE, FERRY_CHAT_ERROR_PHRASE);
  g_assert_cmpuint (story->n_offered, ==, FERRY_CHAT_MAX_WRONG);

  /* Were he to go on all the same. */
  story->romeo->n_wrong = 0;
  ferry_chat_open (story->romeo, NULL, PHRASE);
  chat_story_end (story, FERRY_CHAT_ERROR_DECLINED, FERRY_CHAT_ERROR_PHRASE);
  g_assert_cmpuint (story->n_offered, ==, FERRY_CHAT_MAX_WRONG);

  chat_story_open (story, NULL);
}

/* An hour later the count begins anew. */
static void
test_wrong_is_forgiven (ChatStory     *story,
                        gconstpointer  data)
{
  for (guint i = 0; i < FERRY_CHAT_MAX_WRONG; i++)
    {
      story->romeo->wrong[i] = g_get_monotonic_time () - G_TIME_SPAN_HOUR;
      story->romeo->n_wrong++;
    }

  chat_story_open (story, PHRASE);
}

/* SEC-33: nothing goes until a person has decided. */
static void
test_changed (ChatStory     *story,
              gconstpointer  data)
{
  g_autofree char *known = NULL;

  chat_story_open (story, NULL);
  close_again (story);
  known = g_strdup (get_sha256 (&story->clients.juliet));
  g_assert_true (ferry_trust_replace_identity (story->clients.juliet.trust, NULL));

  chat_story_ask (story, NULL, NULL);
  chat_story_end (story, FERRY_CHAT_ERROR_KEY_CHANGED, FERRY_CHAT_ERROR_INSECURE);
  g_assert_true (ferry_chat_is_changed (story->romeo));
  g_assert_cmpstr (ferry_chat_get_fingerprint (story->romeo), ==, known);
  g_assert_false (ferry_chat_is_changed (story->juliet));

  ferry_chat_open (story->romeo, NULL, NULL);
  chat_story_end (story, FERRY_CHAT_ERROR_KEY_CHANGED, FERRY_CHAT_ERROR_INSECURE);
  g_assert_cmpuint (story->n_offered, ==, 2);

  /* Nor does he answer her. */
  ferry_chat_open (story->juliet, NULL, NULL);
  wait_until (chat_is_closed, story->juliet, 0);
  g_assert_nonnull (ferry_chat_get_error (story->juliet));
  g_assert_cmpuint (ferry_chat_get_state (story->romeo), ==, FERRY_CHAT_CLOSED);

  ferry_trust_forget (story->clients.romeo.trust, JULIET);
  g_assert_false (ferry_chat_is_changed (story->romeo));
  chat_story_open (story, NULL);
  g_assert_cmpuint (ferry_chat_get_level (story->romeo), ==, FERRY_TRUST_FIRST_USE);
}

/* The phrase tells who it is. */
static void
test_changed_and_verified (ChatStory     *story,
                           gconstpointer  data)
{
  chat_story_open (story, NULL);
  close_again (story);
  g_assert_true (ferry_trust_replace_identity (story->clients.juliet.trust, NULL));
  chat_story_ask (story, NULL, NULL);
  chat_story_end (story, FERRY_CHAT_ERROR_KEY_CHANGED, FERRY_CHAT_ERROR_INSECURE);

  chat_story_open (story, PHRASE);
  g_assert_false (ferry_chat_is_changed (story->romeo));
  g_assert_cmpstr (ferry_chat_get_fingerprint (story->romeo), ==,
                   get_sha256 (&story->clients.juliet));
  close_again (story);
  chat_story_open (story, NULL);
  g_assert_cmpuint (ferry_chat_get_level (story->romeo), ==, FERRY_TRUST_PHRASE);
}

/* XTLS-25: somebody between takes it out of the answer … */
static void
test_stripped_answer (ChatStory     *story,
                      gconstpointer  data)
{
  ferry_chat_open (story->romeo, NULL, NULL);
  wait_for_chat (story->juliet, FERRY_CHAT_OFFERED);
  two_clients_tamper (&story->clients, "<security xmlns='urn:xmpp:jingle:security:xtls:0'>",
                      "<nothing xmlns='urn:example:nothing'>");
  two_clients_tamper_also (&story->clients, "</security>", "</nothing>");
  ferry_chat_accept (story->juliet, NULL);
  wait_until (chat_is_closed, story->romeo, 0);
  wait_until (chat_is_closed, story->juliet, 0);
  g_assert_error ((GError *) ferry_chat_get_error (story->romeo), FERRY_CHAT_ERROR,
                  FERRY_CHAT_ERROR_STRIPPED);
  g_assert_nonnull (ferry_chat_get_error (story->juliet));
  g_assert_cmpuint (story->clients.n_tampered, >, 0);
}

/* … or out of the offer: nobody is asked, and she, who knows better, is told. */
static void
test_stripped_offer (ChatStory     *story,
                     gconstpointer  data)
{
  chat_story_open (story, NULL);
  close_again (story);
  two_clients_tamper (&story->clients, "<security xmlns='urn:xmpp:jingle:security:xtls:0'>",
                      "<nothing xmlns='urn:example:nothing'>");
  two_clients_tamper_also (&story->clients, "</security>", "</nothing>");
  ferry_chat_open (story->romeo, NULL, NULL);
  wait_until (chat_is_closed, story->romeo, 0);
  g_assert_nonnull (ferry_chat_get_error (story->romeo));
  g_assert_error ((GError *) ferry_chat_get_error (story->juliet), FERRY_CHAT_ERROR,
                  FERRY_CHAT_ERROR_STRIPPED);
  g_assert_cmpuint (story->n_offered, ==, 1);
}

/* XTLS-15: it is not the certificate that was announced. */
static void
test_swapped_fingerprint (ChatStory     *story,
                          gconstpointer  data)
{
  g_autofree char *other = g_strnfill (64, 'a');

  two_clients_tamper (&story->clients, get_sha256 (&story->clients.juliet), other);
  chat_story_ask (story, NULL, NULL);
  wait_until (chat_is_closed, story->romeo, 0);
  wait_until (chat_is_closed, story->juliet, 0);
  g_assert_error ((GError *) ferry_chat_get_error (story->romeo), FERRY_CHAT_ERROR,
                  FERRY_CHAT_ERROR_INSECURE);
  g_assert_nonnull (ferry_chat_get_error (story->juliet));
  g_assert_null (find_pin (&story->clients.romeo, JULIET));
}

static gboolean
has_comparison (gpointer subject,
                guint    number)
{
  return ferry_chat_get_comparison (subject) == number;
}

static void
wait_for_codes (ChatStory *story)
{
  wait_until (has_comparison, story->romeo, FERRY_COMPARISON_SHOWN);
  wait_until (has_comparison, story->juliet, FERRY_COMPARISON_SHOWN);
  g_assert_nonnull (ferry_chat_get_code (story->romeo));
  g_assert_cmpstr (ferry_chat_get_code (story->romeo), ==, ferry_chat_get_code (story->juliet));
}

static void
test_compared (ChatStory     *story,
               gconstpointer  data)
{
  chat_story_open (story, NULL);
  ferry_chat_compare (story->juliet);
  g_assert_cmpuint (ferry_chat_get_comparison (story->juliet), ==, FERRY_COMPARISON_WAITING);
  wait_for_codes (story);

  ferry_chat_confirm (story->romeo, TRUE);
  g_assert_cmpuint (ferry_chat_get_comparison (story->romeo), ==, FERRY_COMPARISON_MATCHED);
  g_assert_cmpuint (ferry_chat_get_level (story->romeo), ==, FERRY_TRUST_COMPARED);
  wait_ms (20);
  g_assert_cmpuint (ferry_chat_get_level (story->juliet), ==, FERRY_TRUST_FIRST_USE);
  ferry_chat_confirm (story->juliet, TRUE);
  g_assert_cmpuint (find_pin (&story->clients.juliet, ROMEO)->level, ==, FERRY_TRUST_COMPARED);
  close_again (story);
  chat_story_open (story, NULL);
  g_assert_cmpuint (ferry_chat_get_level (story->romeo), ==, FERRY_TRUST_COMPARED);
}

/* Both begin at once: what the session's initiator began counts. Each time it is another one. */
static void
test_compared_by_both (ChatStory     *story,
                       gconstpointer  data)
{
  g_autofree char *code = NULL;

  chat_story_open (story, NULL);
  ferry_chat_compare (story->juliet);
  ferry_chat_compare (story->romeo);
  wait_for_codes (story);
  code = g_strdup (ferry_chat_get_code (story->romeo));

  ferry_chat_compare (story->romeo);
  wait_until (has_comparison, story->juliet, FERRY_COMPARISON_WAITING);
  wait_for_codes (story);
  g_assert_cmpstr (code, !=, ferry_chat_get_code (story->romeo));
}

/* After a phrase there are certificates to bind it to as well. */
static void
test_compared_after_phrase (ChatStory     *story,
                            gconstpointer  data)
{
  chat_story_open (story, PHRASE);
  ferry_chat_compare (story->romeo);
  wait_for_codes (story);
  ferry_chat_confirm (story->romeo, TRUE);
  g_assert_cmpuint (ferry_chat_get_level (story->romeo), ==, FERRY_TRUST_PHRASE);
}

/* SEC-33: not to the certificate that was compared, until a person decides. */
static void
assert_nothing_goes (ChatStory *story)
{
  const FerryPin *pin = find_pin (&story->clients.romeo, JULIET);
  guint n_offered = story->n_offered;

  g_assert_nonnull (pin);
  g_assert_nonnull (pin->changed_sha256);
  ferry_chat_open (story->romeo, NULL, NULL);
  g_assert_error ((GError *) ferry_chat_get_error (story->romeo), FERRY_CHAT_ERROR,
                  FERRY_CHAT_ERROR_KEY_CHANGED);
  g_assert_cmpuint (story->n_offered, ==, n_offered);
}

static void
test_mismatch (ChatStory     *story,
               gconstpointer  data)
{
  chat_story_open (story, NULL);
  ferry_chat_compare (story->romeo);
  wait_for_codes (story);
  ferry_chat_confirm (story->romeo, FALSE);
  chat_story_end (story, FERRY_CHAT_ERROR_INSECURE, FERRY_CHAT_ERROR_INSECURE);
  g_assert_cmpuint (ferry_chat_get_comparison (story->romeo), ==, FERRY_COMPARISON_FAILED);
  g_assert_null (ferry_chat_get_code (story->romeo));
  assert_nothing_goes (story);
}

/* SEC-33: who said in haste that it is the same does not trust whoever is between after the other
 * person has looked. */
static void
test_mismatch_after_match (ChatStory     *story,
                           gconstpointer  data)
{
  g_autoptr(FerryElement) verdict = ferry_chat_stanza_new_verdict ("v", FALSE);

  chat_story_open (story, NULL);
  ferry_chat_compare (story->romeo);
  wait_for_codes (story);
  ferry_chat_confirm (story->romeo, TRUE);
  g_assert_true (ferry_chat_say (story->juliet, g_steal_pointer (&verdict)));
  wait_until (chat_is_closed, story->romeo, 0);
  g_assert_cmpuint (ferry_chat_get_comparison (story->romeo), ==, FERRY_COMPARISON_FAILED);
  assert_nothing_goes (story);
}

/* Somebody who commits to one nonce and shows another might choose the number. */
static void
test_cheat (ChatStory     *story,
            gconstpointer  data)
{
  chat_story_open (story, NULL);
  ferry_chat_compare (story->romeo);
  story->romeo->nonce[0] ^= 1;
  chat_story_end (story, FERRY_CHAT_ERROR_INSECURE, FERRY_CHAT_ERROR_INSECURE);
  g_assert_cmpuint (ferry_chat_get_comparison (story->juliet), ==, FERRY_COMPARISON_FAILED);
}

static gboolean
has_watched (gpointer subject,
             guint    number)
{
  return ((ChatStory *) subject)->clients.n_watched == number;
}

static void
cut_path (ChatStory *story)
{
  GIOStream *stream = ferry_tls_stream_unwrap (ferry_negotiation_get_stream (story->romeo->negotiation));

  g_socket_shutdown (g_socket_connection_get_socket (G_SOCKET_CONNECTION (stream)), TRUE, TRUE,
                     NULL);
}

static gboolean
is_lost (gpointer subject,
         guint    number)
{
  return g_error_matches (ferry_chat_get_error (subject), FERRY_CHAT_ERROR, FERRY_CHAT_ERROR_LOST);
}

static gboolean
is_open (gpointer subject,
         guint    number)
{
  return ferry_chat_get_state (subject) == FERRY_CHAT_OPEN;
}

/* Who was known by a phrase alone is not taken for whoever has the certificate that is known. */
static void
test_lost_without_certificate (ChatStory     *story,
                               gconstpointer  data)
{
  chat_story_open (story, PHRASE);
  g_clear_pointer (&story->romeo->fingerprint, g_free);
  g_clear_pointer (&story->juliet->fingerprint, g_free);
  cut_path (story);
  wait_until (is_lost, story->romeo, 0);
  wait_until (is_lost, story->juliet, 0);
  g_assert_null (story->romeo->reopen);
  g_assert_false (ferry_chat_is_welcome (story->juliet));
}

/* Nor is somebody welcome who went too far since it was lost. */
static void
test_lost_and_insecure (ChatStory     *story,
                        gconstpointer  data)
{
  chat_story_open (story, NULL);
  cut_path (story);
  wait_until (is_lost, story->juliet, 0);
  g_assert_true (ferry_chat_is_welcome (story->juliet));
  wait_until (is_open, story->juliet, 0);
  ferry_chat_fail (story->juliet, FERRY_OUTCOME_INSECURE, FERRY_CHAT_ERROR_INSECURE, "enough");
  wait_until (chat_is_closed, story->juliet, 0);
  g_assert_false (ferry_chat_is_welcome (story->juliet));
}

/* XTLS-24: what belongs into the stream is refused where the server reads it. */
static void
test_clear_channel (ChatStory     *story,
                    gconstpointer  data)
{
  static const char *const payloads[] = {
    "<pubkeys xmlns='urn:xmpp:tmp:pubkey'/>",
    "<verdict xmlns='urn:ferry:comparison:0' matches='true'/>",
  };

  chat_story_open (story, NULL);
  wait_ms (20);
  story->clients.watch = "<security-required xmlns='urn:xmpp:jingle:errors:1'/>";

  for (guint i = 0; i < G_N_ELEMENTS (payloads); i++)
    {
      g_autoptr(FerryElement) iq =
        fake_stanza ("<iq xmlns='jabber:client' to='%s' type='%s' id='clear'>%s</iq>", JULIET,
                     i == 0 ? "get" : "set", payloads[i]);

      ferry_router_send (story->clients.romeo.router, iq);
    }

  wait_until (has_watched, story, 2);
  g_assert_cmpuint (ferry_chat_get_comparison (story->juliet), ==, FERRY_COMPARISON_NONE);
}

#define ADD(title, test)                                                                         \
  g_test_add ("/core/chat-trust/" title, ChatStory, &chat_ways[0], chat_story_set_up, test,      \
              chat_story_tear_down)

#define ADD_IN_BAND(title, test)                                                                 \
  g_test_add ("/core/chat-trust/in-band/" title, ChatStory, &chat_ways[1], chat_story_set_up,    \
              test, chat_story_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  if (!ferry_tls_stream_has_srp ())
    g_test_message ("this GnuTLS has no SRP");

  ADD ("phrase", test_phrase);
  ADD_IN_BAND ("phrase", test_phrase);
  ADD ("phrase-later", test_phrase_later);
  ADD ("phrase-crossing", test_phrase_crossing);
  ADD ("phrase-crossing-none", test_phrase_crossing_none);
  ADD ("wrong-phrase", test_wrong_phrase);
  ADD_IN_BAND ("wrong-phrase", test_wrong_phrase);
  ADD ("phrase-on-one-side", test_phrase_on_one_side);
  ADD ("too-many-wrong", test_too_many_wrong);
  ADD ("wrong-is-forgiven", test_wrong_is_forgiven);
  ADD ("changed", test_changed);
  ADD ("changed-and-verified", test_changed_and_verified);
  ADD ("stripped-answer", test_stripped_answer);
  ADD ("stripped-offer", test_stripped_offer);
  ADD ("swapped-fingerprint", test_swapped_fingerprint);
  ADD ("compared", test_compared);
  ADD ("compared-by-both", test_compared_by_both);
  ADD ("compared-after-phrase", test_compared_after_phrase);
  ADD ("mismatch", test_mismatch);
  ADD ("mismatch-after-match", test_mismatch_after_match);
  ADD ("cheat", test_cheat);
  ADD ("lost-without-certificate", test_lost_without_certificate);
  ADD ("lost-and-insecure", test_lost_and_insecure);
  ADD ("clear-channel", test_clear_channel);

  return g_test_run ();
}
