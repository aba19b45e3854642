/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "chat-notifier"

#include "config.h"

#include "ui/chat-notifier.h"

#include <glib/gi18n.h>

#include "ui/chat-window.h"
#include "ui/contact-text.h"

struct _FerryChatNotifier
{
  GObject parent_instance;

  GtkApplication *app;
  GSettings      *settings; /* (owned) */
  FerryChats     *chats;    /* (owned) */
  GPtrArray      *shown;    /* (owned): FerryChats with a notification */
};

G_DEFINE_FINAL_TYPE (FerryChatNotifier, ferry_chat_notifier, G_TYPE_OBJECT)

static const char *
get_jid (FerryChat *chat)
{
  return ferry_contact_get_jid (ferry_chat_get_contact (chat));
}

/* One for each chat: the next replaces the one before. */
static char *
dup_id (FerryChat *chat)
{
  return g_strconcat ("chat-", get_jid (chat), NULL);
}

static void
withdraw (FerryChatNotifier *self,
          FerryChat         *chat)
{
  g_autofree char *id = dup_id (chat);

  g_application_withdraw_notification (G_APPLICATION (self->app), id);
}

/* Answered, withdrawn, or read. */
static void
chat_notify_cb (FerryChatNotifier *self,
                GParamSpec        *pspec,
                FerryChat         *chat)
{
  if (ferry_chat_get_state (chat) == FERRY_CHAT_OFFERED || ferry_chat_get_n_unread (chat) > 0)
    return;
  g_signal_handlers_disconnect_by_func (chat, chat_notify_cb, self);
  withdraw (self, chat);
  g_ptr_array_remove (self->shown, chat);
}

static void
send (FerryChatNotifier *self,
      FerryChat         *chat,
      GNotification     *notification)
{
  g_autofree char *id = dup_id (chat);

  g_notification_set_default_action_and_target (notification, "app.show-chat", "s",
                                                get_jid (chat));
  g_application_send_notification (G_APPLICATION (self->app), id, notification);
  if (g_ptr_array_find (self->shown, chat, NULL))
    return;
  g_ptr_array_add (self->shown, g_object_ref (chat));
  g_signal_connect_object (chat, "notify", G_CALLBACK (chat_notify_cb), self, G_CONNECT_SWAPPED);
}

/* The window that has the focus, if it is one of ours. */
static GtkWindow *
get_watched (FerryChatNotifier *self)
{
  GtkWindow *window = gtk_application_get_active_window (self->app);

  return window != NULL && gtk_window_is_active (window) ? window : NULL;
}

/* Who wants to hear a phrase gets it in the window alone. */
static void
chats_offered_cb (FerryChatNotifier *self,
                  FerryChat         *chat)
{
  g_autofree char *who = ferry_contact_text_name (ferry_chat_get_contact (chat));
  /* Translators: %s is a contact, here and below */
  g_autofree char *title = g_strdup_printf (_("%s wants to chat securely"), who);
  g_autoptr(GNotification) notification = NULL;

  if (get_watched (self) != NULL || !g_settings_get_boolean (self->settings, "notify-chats"))
    return;
  notification = g_notification_new (title);
  g_notification_set_priority (notification, G_NOTIFICATION_PRIORITY_HIGH);
  g_notification_add_button_with_target (notification, _("Decline"), "app.decline-chat", "s",
                                         get_jid (chat));
  if (!ferry_chat_is_phrase_wanted (chat))
    g_notification_add_button_with_target (notification, _("Accept"), "app.accept-chat", "s",
                                           get_jid (chat));
  send (self, chat, notification);
}

static void
chats_received_cb (FerryChatNotifier *self,
                   FerryChat         *chat,
                   FerryMessage      *message)
{
  g_autofree char *who = ferry_contact_text_name (ferry_chat_get_contact (chat));
  g_autofree char *title = g_strdup_printf (_("New message from %s"), who);
  GtkWindow *watched = get_watched (self);
  g_autoptr(GNotification) notification = NULL;

  if (!g_settings_get_boolean (self->settings, "notify-chats") ||
      (FERRY_IS_CHAT_WINDOW (watched) &&
       ferry_chat_window_get_chat (FERRY_CHAT_WINDOW (watched)) == chat))
    return;
  notification = g_notification_new (title);
  send (self, chat, notification);
}

FerryChatNotifier *
ferry_chat_notifier_new (GtkApplication *app,
                         GSettings      *settings,
                         FerryChats     *chats)
{
  FerryChatNotifier *self = g_object_new (FERRY_TYPE_CHAT_NOTIFIER, NULL);

  self->app = app;
  self->settings = g_object_ref (settings);
  self->chats = g_object_ref (chats);
  g_signal_connect_object (chats, "offered", G_CALLBACK (chats_offered_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (chats, "received", G_CALLBACK (chats_received_cb), self,
                           G_CONNECT_SWAPPED);
  return self;
}

/* Nobody is left to hear the buttons. */
static void
ferry_chat_notifier_dispose (GObject *object)
{
  FerryChatNotifier *self = FERRY_CHAT_NOTIFIER (object);

  for (guint i = 0; i < self->shown->len; i++)
    withdraw (self, self->shown->pdata[i]);
  g_ptr_array_set_size (self->shown, 0);
  g_clear_object (&self->settings);
  g_clear_object (&self->chats);
  G_OBJECT_CLASS (ferry_chat_notifier_parent_class)->dispose (object);
}

static void
ferry_chat_notifier_finalize (GObject *object)
{
  g_ptr_array_unref (FERRY_CHAT_NOTIFIER (object)->shown);
  G_OBJECT_CLASS (ferry_chat_notifier_parent_class)->finalize (object);
}

static void
ferry_chat_notifier_class_init (FerryChatNotifierClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ferry_chat_notifier_dispose;
  G_OBJECT_CLASS (klass)->finalize = ferry_chat_notifier_finalize;
}

static void
ferry_chat_notifier_init (FerryChatNotifier *self)
{
  self->shown = g_ptr_array_new_with_free_func (g_object_unref);
}
