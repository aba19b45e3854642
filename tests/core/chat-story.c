/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "chat-story.h"

static void
configure_direct (FerrySettings *settings)
{
  settings->paths = FERRY_PATH_DIRECT;
}

static void
configure_in_band (FerrySettings *settings)
{
  settings->paths = FERRY_PATH_IN_BAND;
}

const ChatWay chat_ways[2] = {
  { "direct", configure_direct, FERRY_PATH_DIRECT },
  { "in-band", configure_in_band, FERRY_PATH_IN_BAND },
};

static FerryChat *
get_chat (Party      *party,
          const char *whom)
{
  return ferry_chats_get (party->chats, ferry_roster_lookup (party->roster, whom, TRUE));
}

static void
offered_cb (FerryChats *chats,
            FerryChat  *chat,
            gpointer    user_data)
{
  ChatStory *self = user_data;

  g_assert_true (chat == self->juliet);
  self->n_offered++;
}

static gboolean
is_there (gpointer subject,
          guint    number)
{
  return ferry_contact_get_presence (ferry_chat_get_contact (subject)) != FERRY_PRESENCE_OFFLINE;
}

void
chat_story_set_up (ChatStory     *self,
                   gconstpointer  way)
{
  two_clients_set_up (&self->clients, ((const ChatWay *) way)->configure);
  party_give_trust (&self->clients.romeo, FERRY_SECURITY_AUTO);
  party_give_trust (&self->clients.juliet, FERRY_SECURITY_AUTO);
  two_clients_befriend (&self->clients);
  self->romeo = get_chat (&self->clients.romeo, JULIET);
  self->juliet = get_chat (&self->clients.juliet, ROMEO);
  g_signal_connect (self->clients.juliet.chats, "offered", G_CALLBACK (offered_cb), self);
  wait_until (is_there, self->romeo, 0);
  wait_until (is_there, self->juliet, 0);
}

void
chat_story_tear_down (ChatStory     *self,
                      gconstpointer  way)
{
  two_clients_tear_down (&self->clients);
}

static gboolean
has_chat_state (gpointer subject,
                guint    number)
{
  return ferry_chat_get_state (subject) == number || ferry_chat_get_error (subject) != NULL;
}

void
wait_for_chat (FerryChat      *chat,
               FerryChatState  state)
{
  wait_until (has_chat_state, chat, state);

  if (ferry_chat_get_error (chat) != NULL)
    g_test_message ("%s", ferry_chat_get_error (chat)->message);

  g_assert_cmpuint (ferry_chat_get_state (chat), ==, state);
}

static gboolean
is_offered (gpointer subject,
            guint    number)
{
  return ferry_chat_get_state (subject) == FERRY_CHAT_OFFERED;
}

void
wait_for_offer (FerryChat *chat)
{
  wait_until (is_offered, chat, 0);
}

void
chat_story_ask (ChatStory  *self,
                const char *romeos,
                const char *juliets)
{
  guint n_before = self->n_offered;

  ferry_chat_open (self->romeo, NULL, romeos);
  g_assert_cmpuint (ferry_chat_get_state (self->romeo), ==, FERRY_CHAT_OFFERING);
  wait_for_offer (self->juliet);
  g_assert_cmpuint (self->n_offered, ==, n_before + 1);
  g_assert_cmpint (ferry_chat_is_phrase_wanted (self->juliet), ==, romeos != NULL);
  g_assert_cmpstr (ferry_chat_get_peer (self->juliet), ==, ROMEO);
  ferry_chat_accept (self->juliet, juliets);
}

void
chat_story_open (ChatStory  *self,
                 const char *phrase)
{
  chat_story_ask (self, phrase, phrase);
  wait_for_chat (self->romeo, FERRY_CHAT_OPEN);
  wait_for_chat (self->juliet, FERRY_CHAT_OPEN);
}

gboolean
chat_is_closed (gpointer subject,
                guint    number)
{
  return ferry_chat_get_state (subject) == FERRY_CHAT_CLOSED;
}

static void
assert_closed (FerryChat *chat,
               int        code)
{
  const GError *error;

  wait_until (chat_is_closed, chat, 0);
  error = ferry_chat_get_error (chat);

  if (error != NULL)
    g_test_message ("%s", error->message);

  if (code >= 0)
    g_assert_error ((GError *) error, FERRY_CHAT_ERROR, code);
  else
    g_assert_no_error ((GError *) error);
}

void
chat_story_end (ChatStory *self,
                int        romeos,
                int        juliets)
{
  assert_closed (self->romeo, romeos);
  assert_closed (self->juliet, juliets);
}

static gboolean
has_messages (gpointer subject,
              guint    number)
{
  return g_list_model_get_n_items (subject) >= number;
}

void
wait_for_messages (FerryChat *chat,
                   guint      n)
{
  wait_until (has_messages, chat, n);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (chat)), ==, n);
}

static FerryMessage *
get_message (FerryChat *chat,
             guint      index)
{
  g_autoptr(FerryMessage) message = g_list_model_get_item (G_LIST_MODEL (chat), index);

  g_assert_nonnull (message);
  return message;
}

void
assert_message (FerryChat  *chat,
                guint       index,
                const char *body,
                gboolean    is_own)
{
  FerryMessage *message = get_message (chat, index);

  g_assert_cmpstr (ferry_message_get_body (message), ==, body);
  g_assert_cmpint (ferry_message_is_own (message), ==, is_own);
  g_assert_cmpint (ferry_message_get_time (message), >, 0);
}

static gboolean
has_message_state (gpointer subject,
                   guint    number)
{
  return ferry_message_get_state (subject) == number;
}

void
wait_for_message (FerryChat         *chat,
                  guint              index,
                  FerryMessageState  state)
{
  wait_until (has_message_state, get_message (chat, index), state);
}
