/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The scenes with a secure chat in them: its window above the main one. */

#include "config.h"

#include "gallery.h"

#include "ui/preferences-window.h"

static FerryChat *
get_chat (Gallery    *self,
          const char *jid)
{
  FerryContact *contact = ferry_roster_lookup (ferry_client_get_roster (self->client), jid, FALSE);

  return ferry_chats_get (ferry_client_get_chats (self->client), contact);
}

static void
talk (FerryChat *chat)
{
  fake_chat_add (chat, FALSE, "Hi!", FERRY_MESSAGE_DELIVERED);
  fake_chat_add (chat, TRUE, "Good morrow. Did you get the file?", FERRY_MESSAGE_DELIVERED);
  fake_chat_add (chat, FALSE, "The one with the long list of everything that has to go on "
                              "the ferry tomorrow, or the other one?\nI have only\u202E the second.",
                 FERRY_MESSAGE_DELIVERED);
  fake_chat_add (chat, TRUE, "The list. 🚢", FERRY_MESSAGE_SENT);
}

/* Bob's chat, open, with a few words in it. */
static FerryChat *
show_chat (Gallery *self)
{
  FerryContact *bob = gallery_show_main (self);
  FerryChat *chat = ferry_chats_get (ferry_client_get_chats (self->client), bob);

  fake_chat_set_state (chat, FERRY_CHAT_OPEN);
  fake_chat_set_level (chat, FERRY_TRUST_FIRST_USE);
  talk (chat);
  ferry_window_show_chat (self->window, bob);
  return chat;
}

static void
scene_chat (Gallery *self)
{
  fake_chat_set_composing (show_chat (self), TRUE);
}

static void
scene_chat_new (Gallery *self)
{
  ferry_window_show_chat (self->window, gallery_show_main (self));
}

static void
scene_chat_verified (Gallery *self)
{
  FerryChat *chat = show_chat (self);

  fake_trust_set (ferry_client_get_trust (self->client), "bob@example.org", FERRY_TRUST_PHRASE,
                  FALSE);
  fake_chat_set_level (chat, FERRY_TRUST_PHRASE);
}

static void
scene_chat_lost (Gallery *self)
{
  FerryChat *chat = show_chat (self);

  fake_chat_fail (chat, FERRY_CHAT_ERROR_LOST);
  fake_chat_add (chat, TRUE, "Are you there?", FERRY_MESSAGE_UNDELIVERED);
  fake_chat_add (chat, TRUE, "Then this waits.", FERRY_MESSAGE_WAITING);
}

static void
scene_chat_changed (Gallery *self)
{
  FerryChat *chat = show_chat (self);

  fake_trust_set (ferry_client_get_trust (self->client), "bob@example.org", FERRY_TRUST_COMPARED,
                  TRUE);
  fake_chat_fail (chat, FERRY_CHAT_ERROR_KEY_CHANGED);
}

static void
scene_verify (Gallery *self)
{
  show_chat (self);
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.verify", NULL);
}

static void
scene_verify_changed (Gallery *self)
{
  scene_chat_changed (self);
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.verify", NULL);
}

static gboolean
ask_cb (gpointer user_data)
{
  Gallery *self = user_data;
  gboolean by_phrase = g_str_equal (self->scene, "chat-request-phrase");

  fake_chat_ask (get_chat (self, "juliet@capulet.lit"), by_phrase);
  return G_SOURCE_REMOVE;
}

static void
scene_chat_request (Gallery *self)
{
  gallery_show_main (self);
  g_timeout_add (300, ask_cb, self);
}

static gboolean
write_cb (gpointer user_data)
{
  FerryChat *chat = user_data;

  fake_chat_set_state (chat, FERRY_CHAT_OPEN);
  fake_chat_add (chat, FALSE, "Hi!", FERRY_MESSAGE_DELIVERED);
  fake_chat_add (chat, FALSE, "Are you there?", FERRY_MESSAGE_DELIVERED);
  return G_SOURCE_REMOVE;
}

/* Words that nobody has looked at yet. */
static void
scene_unread (Gallery *self)
{
  gallery_show_main (self);
  g_timeout_add (300, write_cb, get_chat (self, "bob@example.org"));
}

static void
scene_preferences (Gallery *self)
{
  gallery_show_main (self);
  gtk_window_present (GTK_WINDOW (ferry_preferences_window_new (GTK_WINDOW (self->window),
                                                                self->profile, self->client)));
}

const Scene gallery_chat_scenes[] = {
  { "chat", scene_chat },
  { "chat-new", scene_chat_new },
  { "chat-verified", scene_chat_verified },
  { "chat-lost", scene_chat_lost },
  { "chat-changed", scene_chat_changed },
  { "chat-request", scene_chat_request },
  { "chat-request-phrase", scene_chat_request },
  { "verify", scene_verify },
  { "verify-changed", scene_verify_changed },
  { "unread", scene_unread },
  { "preferences", scene_preferences },
  { NULL },
};
