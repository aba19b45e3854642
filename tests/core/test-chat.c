/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "chat-story.h"
#include "core/contact-private.h"
#include "core/offer-limits.h"

#define BLINK (100 * G_TIME_SPAN_MILLISECOND) /* of patience, where a path is to die */

/* XEP-0247: words cross, each is acknowledged, and nobody else's certificate is at the end. */
static void
test_words_both_ways (ChatStory     *story,
                      gconstpointer  data)
{
  const ChatWay *way = data;
  FerryTlsIdentity *juliets;

  chat_story_open (story, NULL);
  juliets = ferry_trust_get_identity (story->clients.juliet.trust);
  g_assert_cmpuint (ferry_chat_get_path (story->romeo), ==, way->path);
  g_assert_cmpstr (ferry_chat_get_peer (story->romeo), ==, JULIET);
  g_assert_cmpstr (ferry_chat_get_fingerprint (story->romeo), ==,
                   ferry_tls_identity_get_sha256 (juliets));
  g_assert_nonnull (ferry_chat_get_cipher (story->romeo));
  g_assert_cmpuint (ferry_chat_get_level (story->romeo), ==, FERRY_TRUST_FIRST_USE);
  g_assert_cmpuint (ferry_chat_get_level (story->juliet), ==, FERRY_TRUST_FIRST_USE);

  ferry_chat_send (story->romeo, "But soft, what light?");
  wait_for_messages (story->juliet, 1);
  assert_message (story->juliet, 0, "But soft, what light?", FALSE);
  g_assert_cmpuint (ferry_chat_get_n_unread (story->juliet), ==, 1);
  ferry_chat_mark_read (story->juliet);
  g_assert_cmpuint (ferry_chat_get_n_unread (story->juliet), ==, 0);

  ferry_chat_send (story->juliet, "Ay me!\nO <Romeo> & so on");
  wait_for_messages (story->romeo, 2);
  assert_message (story->romeo, 0, "But soft, what light?", TRUE);
  assert_message (story->romeo, 1, "Ay me!\nO <Romeo> & so on", FALSE);
  wait_for_message (story->romeo, 0, FERRY_MESSAGE_DELIVERED);
  wait_for_message (story->juliet, 1, FERRY_MESSAGE_DELIVERED);
}

/* What is said before it is open waits, and goes in its order. */
static void
test_waiting_words (ChatStory     *story,
                    gconstpointer  data)
{
  ferry_chat_send (story->romeo, "one");
  ferry_chat_open (story->romeo, NULL, NULL);
  ferry_chat_send (story->romeo, "two");
  wait_for_chat (story->juliet, FERRY_CHAT_OFFERED);
  ferry_chat_send (story->juliet, "three");
  wait_for_message (story->romeo, 0, FERRY_MESSAGE_WAITING);
  ferry_chat_accept (story->juliet, NULL);

  wait_for_messages (story->romeo, 3);
  wait_for_messages (story->juliet, 3);
  assert_message (story->juliet, 1, "one", FALSE);
  assert_message (story->juliet, 2, "two", FALSE);
  wait_for_message (story->romeo, 0, FERRY_MESSAGE_DELIVERED);
  wait_for_message (story->romeo, 1, FERRY_MESSAGE_DELIVERED);
}

/* Nothing that is unseen and misleads is shown; what is too long for one stanza takes two. */
static void
test_cleans_and_cuts (ChatStory     *story,
                      gconstpointer  data)
{
  g_autofree char *words = g_strnfill (FERRY_MAX_BODY - 1, 'x');
  g_autofree char *lengthy = g_strconcat (words, "é!", NULL);

  chat_story_open (story, NULL);
  ferry_chat_send (story->romeo, "evil\xe2\x80\xaegpj.exe\x07\r\nnext\tline\xc2\x85");
  ferry_chat_send (story->romeo, " \n\t");
  ferry_chat_send (story->romeo, lengthy);
  wait_for_messages (story->juliet, 3);
  assert_message (story->juliet, 0, "evilgpj.exe\nnext\tline", FALSE);
  assert_message (story->juliet, 1, words, FALSE);
  assert_message (story->juliet, 2, "é!", FALSE);
}

/* More than is listened to at once (SEC-10) waits on our side, and nothing is lost. */
static void
test_says_much (ChatStory     *story,
                gconstpointer  data)
{
  const guint n = 30;
  g_autofree char *words = g_strnfill (FERRY_MAX_BODY, 'x');

  chat_story_open (story, NULL);
  for (guint i = 0; i < n; i++)
    ferry_chat_send (story->romeo, words);

  g_assert_true (story->romeo->is_held);
  ferry_chat_send (story->romeo, "the rest");
  wait_for_message (story->romeo, n, FERRY_MESSAGE_DELIVERED);
  assert_message (story->juliet, n, "the rest", FALSE);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (story->juliet)), ==, n + 1);
}

static gboolean
is_composing (gpointer subject,
              guint    number)
{
  return ferry_chat_is_composing (subject) == (gboolean) number;
}

/* XEP-0085, and no more than a word a second. */
static void
test_typing (ChatStory     *story,
             gconstpointer  data)
{
  chat_story_open (story, NULL);

  for (guint i = 0; i < 10; i++)
    ferry_chat_set_composing (story->romeo, TRUE);

  wait_until (is_composing, story->juliet, TRUE);
  ferry_chat_set_composing (story->romeo, FALSE);
  wait_ms (100);
  g_assert_true (ferry_chat_is_composing (story->juliet));
  wait_until (is_composing, story->juliet, FALSE);

  /* Half a minute without a key. */
  wait_ms (1000);
  ferry_chat_set_composing (story->romeo, TRUE);
  wait_until (is_composing, story->juliet, TRUE);
  story->romeo->typed_at -= 30 * G_USEC_PER_SEC;
  g_source_set_ready_time (story->romeo->typing, 0);
  wait_until (is_composing, story->juliet, FALSE);

  ferry_chat_set_composing (story->juliet, TRUE);
  wait_until (is_composing, story->romeo, TRUE);
  ferry_chat_send (story->juliet, "Good night");
  wait_until (is_composing, story->romeo, FALSE);
}

/* Who talks without end, and confirms nothing, fills no memory; what may still arrive stays. */
static void
test_forgets_the_oldest (ChatStory     *story,
                         gconstpointer  data)
{
  const guint n = 10002;

  ferry_chat_send (story->romeo, "Speak");

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(FerryElement) words =
        fake_stanza ("<message xmlns='jabber:client'><body>%u</body></message>", i);

      ferry_chat_receive (story->romeo, words);
    }

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (story->romeo)), ==, 10000);
  assert_message (story->romeo, 0, "Speak", TRUE);
  wait_for_message (story->romeo, 0, FERRY_MESSAGE_WAITING);
  assert_message (story->romeo, 1, "3", FALSE);
  assert_message (story->romeo, 9999, "10001", FALSE);
}

/* SEC-9, XS-15: what comes through the stream reaches nothing but the chat. */
static void
test_reaches_nothing_else (ChatStory     *story,
                           gconstpointer  data)
{
  static const char *const stanzas[] = {
    "<presence type='unavailable'/>",
    "<iq type='get' id='a'><query xmlns='jabber:iq:roster'/></iq>",
    "<iq type='set' id='b'><query xmlns='jabber:iq:roster'><item jid='x@y'/></query></iq>",
    "<iq type='set' id='c'><jingle xmlns='urn:xmpp:jingle:1' action='session-initiate' sid='s'/></iq>",
    "<iq type='result' id='d'/>",
    "<message type='groupchat'><body>hear, hear</body></message>",
    "<message to='nurse@capulet.lit' type='headline'><body>hear, hear</body></message>",
  };

  chat_story_open (story, NULL);
  wait_ms (20);
  story->clients.drop = "<"; /* and counts */

  for (guint i = 0; i < G_N_ELEMENTS (stanzas); i++)
    g_assert_true (ferry_chat_say (story->romeo, fake_stanza ("%s", stanzas[i])));

  ferry_chat_send (story->romeo, "Nothing happened");
  wait_for_message (story->romeo, 0, FERRY_MESSAGE_DELIVERED);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (story->juliet)), ==, 1);
  g_assert_cmpuint (story->clients.n_dropped, ==, 0);
  story->clients.drop = NULL;
  g_assert_cmpuint (ferry_chat_get_state (story->juliet), ==, FERRY_CHAT_OPEN);
}

/* XS-11: whoever closes has no error, the other knows who did. */
static void
test_closed_by_initiator (ChatStory     *story,
                          gconstpointer  data)
{
  chat_story_open (story, NULL);
  ferry_chat_send (story->romeo, "Parting is such sweet sorrow");
  wait_for_message (story->romeo, 0, FERRY_MESSAGE_DELIVERED);
  ferry_chat_close (story->romeo);
  g_assert_cmpuint (ferry_chat_get_state (story->romeo), ==, FERRY_CHAT_CLOSING);
  chat_story_end (story, -1, FERRY_CHAT_ERROR_CLOSED);
  g_assert_cmpuint (ferry_chat_get_level (story->romeo), ==, FERRY_TRUST_FIRST_USE);

  chat_story_open (story, NULL);
  wait_for_messages (story->juliet, 1);
}

static void
test_closed_by_responder (ChatStory     *story,
                          gconstpointer  data)
{
  chat_story_open (story, NULL);
  ferry_chat_send (story->romeo, "Adieu");
  wait_for_messages (story->juliet, 1);
  ferry_chat_close (story->juliet);
  chat_story_end (story, FERRY_CHAT_ERROR_CLOSED, -1);
  wait_for_message (story->romeo, 0, FERRY_MESSAGE_DELIVERED);
}

static void
test_closed_by_both (ChatStory     *story,
                     gconstpointer  data)
{
  chat_story_open (story, NULL);
  ferry_chat_close (story->juliet);
  ferry_chat_close (story->romeo);
  chat_story_end (story, -1, -1);
}

static void
test_declined (ChatStory     *story,
               gconstpointer  data)
{
  ferry_chat_open (story->romeo, NULL, NULL);
  wait_for_chat (story->juliet, FERRY_CHAT_OFFERED);
  ferry_chat_decline (story->juliet);
  chat_story_end (story, FERRY_CHAT_ERROR_DECLINED, -1);
}

static void
test_taken_back (ChatStory     *story,
                 gconstpointer  data)
{
  ferry_chat_open (story->romeo, NULL, NULL);
  ferry_chat_close (story->romeo);
  g_assert_cmpuint (ferry_chat_get_state (story->romeo), ==, FERRY_CHAT_CLOSED);
  wait_ms (20);
  g_assert_cmpuint (story->n_offered, ==, 0);

  ferry_chat_open (story->romeo, NULL, NULL);
  wait_for_chat (story->juliet, FERRY_CHAT_OFFERED);
  ferry_chat_close (story->romeo);
  chat_story_end (story, -1, FERRY_CHAT_ERROR_CLOSED);
}

static gboolean
is_lost (gpointer subject,
         guint    number)
{
  const GError *error = ferry_chat_get_error (subject);

  return ferry_chat_get_state (subject) == FERRY_CHAT_CLOSED
         && g_error_matches (error, FERRY_CHAT_ERROR, FERRY_CHAT_ERROR_LOST);
}

static gboolean
is_open (gpointer subject,
         guint    number)
{
  return ferry_chat_get_state (subject) == FERRY_CHAT_OPEN;
}

/* Kills the path under both, without a word on any stream. */
static void
cut (ChatStory *story)
{
  if (ferry_chat_get_path (story->romeo) == FERRY_PATH_IN_BAND)
    {
      story->clients.drop = "<data";
      return;
    }

  g_io_stream_close (ferry_negotiation_get_stream (story->juliet->negotiation), NULL, NULL);
}

/* No message is lost silently; and whoever opened it opens it again, without a question. */
static void
test_cut (ChatStory     *story,
          gconstpointer  data)
{
  chat_story_open (story, NULL);
  ferry_chat_send (story->romeo, "heard");
  wait_for_message (story->romeo, 0, FERRY_MESSAGE_DELIVERED);

  story->romeo->patience = story->juliet->patience = BLINK;
  ferry_chat_watch_silence (story->romeo);
  ferry_chat_watch_silence (story->juliet);
  cut (story);
  ferry_chat_send (story->romeo, "unheard");
  wait_until (is_lost, story->romeo, 0);
  wait_until (is_lost, story->juliet, 0);
  wait_for_message (story->romeo, 0, FERRY_MESSAGE_DELIVERED);
  wait_for_message (story->romeo, 1, FERRY_MESSAGE_UNDELIVERED);

  ferry_chat_send (story->romeo, "heard again");
  story->clients.drop = NULL;
  wait_until (is_open, story->romeo, 0);
  wait_for_message (story->romeo, 2, FERRY_MESSAGE_DELIVERED);
  g_assert_cmpuint (story->n_offered, ==, 1);
  wait_for_messages (story->juliet, 2);
  assert_message (story->juliet, 1, "heard again", FALSE);
}

/* A path that lives is asked whether it does, and stays. */
static void
test_stays_while_it_answers (ChatStory     *story,
                             gconstpointer  data)
{
  chat_story_open (story, NULL);
  story->romeo->patience = 3 * BLINK;
  ferry_chat_watch_silence (story->romeo);
  wait_ms (1000);
  g_assert_cmpuint (ferry_chat_get_state (story->romeo), ==, FERRY_CHAT_OPEN);
  g_assert_cmpuint (ferry_chat_get_state (story->juliet), ==, FERRY_CHAT_OPEN);
}

/* In-band there is no path but the server; any other outlives it. */
static void
test_peer_goes_offline (ChatStory     *story,
                        gconstpointer  data)
{
  const ChatWay *way = data;

  chat_story_open (story, NULL);
  party_show_presence (&story->clients.juliet, ROMEO, "unavailable");

  if (way->path == FERRY_PATH_IN_BAND)
    {
      wait_until (is_lost, story->romeo, 0);
      return;
    }

  wait_ms (50);
  ferry_chat_send (story->romeo, "Art thou gone so?");
  wait_for_message (story->romeo, 0, FERRY_MESSAGE_DELIVERED);
}

static void
test_server_goes (ChatStory     *story,
                  gconstpointer  data)
{
  const ChatWay *way = data;

  chat_story_open (story, NULL);
  party_lose_connection (&story->clients.romeo, story->clients.server);

  if (way->path == FERRY_PATH_IN_BAND)
    {
      wait_until (is_lost, story->romeo, 0);
      g_assert_cmpuint (ferry_chat_get_state (story->romeo), ==, FERRY_CHAT_CLOSED);
      return;
    }

  ferry_chat_send (story->romeo, "Without them");
  wait_for_message (story->romeo, 0, FERRY_MESSAGE_DELIVERED);
  party_reconnect (&story->clients.romeo, story->clients.server);
  ferry_chat_close (story->romeo);
  chat_story_end (story, -1, FERRY_CHAT_ERROR_CLOSED);
}

/* J-15: both ask; nobody is asked, and there is one stream. */
static void
test_crossing (ChatStory     *story,
               gconstpointer  data)
{
  ferry_chat_open (story->romeo, NULL, NULL);
  ferry_chat_open (story->juliet, NULL, NULL);
  wait_for_chat (story->romeo, FERRY_CHAT_OPEN);
  wait_for_chat (story->juliet, FERRY_CHAT_OPEN);
  g_assert_cmpuint (story->n_offered, ==, 0);
  g_assert_cmpstr (ferry_negotiation_get_sid (story->romeo->negotiation), ==,
                   ferry_negotiation_get_sid (story->juliet->negotiation));
  g_assert_cmpuint (story->romeo->role, !=, story->juliet->role);

  ferry_chat_send (story->romeo, "I");
  ferry_chat_send (story->juliet, "thou");
  wait_for_message (story->romeo, 0, FERRY_MESSAGE_DELIVERED);
  wait_for_message (story->juliet, 0, FERRY_MESSAGE_DELIVERED);
}

static void
test_opened_by_asked (ChatStory     *story,
                      gconstpointer  data)
{
  ferry_chat_open (story->romeo, NULL, NULL);
  wait_for_chat (story->juliet, FERRY_CHAT_OFFERED);
  ferry_chat_open (story->juliet, NULL, NULL);
  wait_for_chat (story->romeo, FERRY_CHAT_OPEN);
}

static gboolean
is_away (gpointer subject,
         guint    number)
{
  return ferry_contact_get_presence (ferry_chat_get_contact (subject)) == FERRY_PRESENCE_OFFLINE;
}

static void
test_nobody_there (ChatStory     *story,
                   gconstpointer  data)
{
  party_show_presence (&story->clients.juliet, ROMEO, "unavailable");
  wait_until (is_away, story->romeo, 0);
  ferry_chat_open (story->romeo, NULL, NULL);
  chat_story_end (story, FERRY_CHAT_ERROR_OFFLINE, -1);

  party_lose_connection (&story->clients.romeo, story->clients.server);
  ferry_chat_open (story->romeo, NULL, NULL);
  chat_story_end (story, FERRY_CHAT_ERROR_OFFLINE, -1);
}

/* Whoever asks goes away before he is answered. */
static void
test_asker_goes (ChatStory     *story,
                 gconstpointer  data)
{
  ferry_chat_open (story->romeo, NULL, NULL);
  wait_for_chat (story->juliet, FERRY_CHAT_OFFERED);
  party_show_presence (&story->clients.romeo, JULIET, "unavailable");
  wait_until (is_lost, story->juliet, 0);
}

static gboolean
is_closed_with_error (gpointer subject,
                      guint    number)
{
  return ferry_chat_get_state (subject) == FERRY_CHAT_CLOSED
         && ferry_chat_get_error (subject) != NULL;
}

/* SEC-4: who may not see us learns nothing of chats. */
static void
test_stranger (ChatStory     *story,
               gconstpointer  data)
{
  FerryContact *romeo = ferry_roster_lookup (story->clients.juliet.roster, ROMEO, FALSE);

  ferry_contact_set_roster (romeo, TRUE, NULL, "to");
  ferry_chat_open (story->romeo, NULL, NULL);
  wait_until (is_closed_with_error, story->romeo, 0);
  g_assert_cmpuint (story->n_offered, ==, 0);
  g_assert_cmpuint (ferry_chat_get_state (story->juliet), ==, FERRY_CHAT_CLOSED);
}

/* SEC-31: nobody is asked without end. */
static void
test_too_many_offers (ChatStory     *story,
                      gconstpointer  data)
{
  for (guint i = 0; i < FERRY_OFFERS_PER_MINUTE; i++)
    {
      ferry_chat_open (story->romeo, NULL, NULL);
      wait_for_offer (story->juliet);
      ferry_chat_close (story->romeo);
      chat_story_end (story, -1, FERRY_CHAT_ERROR_CLOSED);
    }

  ferry_chat_open (story->romeo, NULL, NULL);
  wait_until (is_closed_with_error, story->romeo, 0);
  g_assert_cmpuint (story->n_offered, ==, FERRY_OFFERS_PER_MINUTE);
}

/* Whoever is asked already, or talks, is not asked by another program of the same person. */
static void
test_busy (ChatStory     *story,
           gconstpointer  data)
{
  ferry_chat_open (story->romeo, NULL, NULL);
  wait_for_offer (story->juliet);
  g_assert_cmpuint (ferry_chat_judge_offer (story->juliet, "romeo@montague.lit/elsewhere", "x"), ==,
                    FERRY_CHAT_IS_BUSY);
  ferry_chat_accept (story->juliet, NULL);
  wait_for_chat (story->romeo, FERRY_CHAT_OPEN);
  wait_for_chat (story->juliet, FERRY_CHAT_OPEN);
  g_assert_cmpuint (ferry_chat_judge_offer (story->juliet, "romeo@montague.lit/elsewhere", "x"), ==,
                    FERRY_CHAT_IS_BUSY);
  g_assert_cmpuint (ferry_chat_judge_offer (story->juliet, ROMEO, "x"), ==, FERRY_CHAT_TAKES);
}

/* For his program it is over, whatever ours thinks: it begins anew, and nobody is asked. */
static void
test_begun_anew (ChatStory     *story,
                 gconstpointer  data)
{
  chat_story_open (story, NULL);
  ferry_chat_stop_stream (story->romeo);
  ferry_negotiation_drop (story->romeo->negotiation);
  ferry_chat_set_state (story->romeo, FERRY_CHAT_CLOSED);

  ferry_chat_open (story->romeo, NULL, NULL);
  wait_for_chat (story->romeo, FERRY_CHAT_OPEN);
  g_assert_cmpuint (story->n_offered, ==, 1);
  ferry_chat_send (story->romeo, "Me again");
  wait_for_message (story->romeo, 0, FERRY_MESSAGE_DELIVERED);
}

/* Signing out ends it, and the other side is told. */
static void
test_leaving (ChatStory     *story,
              gconstpointer  data)
{
  chat_story_open (story, NULL);
  g_signal_emit_by_name (story->clients.romeo.account, "leaving");
  chat_story_end (story, -1, FERRY_CHAT_ERROR_CLOSED);
}

#define ADD(title, test)                                                                         \
  for (guint i = 0; i < G_N_ELEMENTS (chat_ways); i++)                                           \
    {                                                                                            \
      g_autofree char *path = g_strdup_printf ("/core/chat/%s/%s", chat_ways[i].name, title);    \
      g_test_add (path, ChatStory, &chat_ways[i], chat_story_set_up, test,                       \
                  chat_story_tear_down);                                                         \
    }

#define ADD_ONCE(name, test)                                                                     \
  g_test_add ("/core/chat/" name, ChatStory, &chat_ways[0], chat_story_set_up, test,             \
              chat_story_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("words-both-ways", test_words_both_ways);
  ADD ("closed-by-initiator", test_closed_by_initiator);
  ADD ("closed-by-responder", test_closed_by_responder);
  ADD ("closed-by-both", test_closed_by_both);
  ADD ("cut", test_cut);
  ADD ("peer-goes-offline", test_peer_goes_offline);
  ADD ("server-goes", test_server_goes);
  ADD ("leaving", test_leaving);
  ADD_ONCE ("waiting-words", test_waiting_words);
  ADD_ONCE ("cleans-and-cuts", test_cleans_and_cuts);
  ADD_ONCE ("reaches-nothing-else", test_reaches_nothing_else);
  ADD_ONCE ("forgets-the-oldest", test_forgets_the_oldest);
  ADD_ONCE ("typing", test_typing);
  ADD_ONCE ("declined", test_declined);
  ADD_ONCE ("taken-back", test_taken_back);
  ADD_ONCE ("stays-while-it-answers", test_stays_while_it_answers);
  ADD_ONCE ("crossing", test_crossing);
  ADD_ONCE ("opened-by-asked", test_opened_by_asked);
  ADD_ONCE ("nobody-there", test_nobody_there);
  ADD_ONCE ("asker-goes", test_asker_goes);
  ADD_ONCE ("stranger", test_stranger);
  ADD_ONCE ("too-many-offers", test_too_many_offers);
  ADD_ONCE ("busy", test_busy);
  ADD_ONCE ("begun-anew", test_begun_anew);

  g_test_add ("/core/chat/in-band/says-much", ChatStory, &chat_ways[1], chat_story_set_up,
              test_says_much, chat_story_tear_down);

  return g_test_run ();
}
