/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "window-chats"

#include "config.h"

#include <glib/gi18n.h>

#include "ui/chat-text.h"
#include "ui/contact-text.h"
#include "ui/security-policy.h"
#include "ui/trust-dialogs.h"
#include "ui/trust-text.h"
#include "ui/window-private.h"

#define AS_FOR_EVERYBODY "default" /* the target of a menu item, beside the names of policies */

static FerryContact *
get_contact (FerryWindow *self)
{
  return self->client != NULL ? ferry_transfers_page_get_contact (self->transfers_page) : NULL;
}

void
ferry_window_show_chat (FerryWindow  *self,
                        FerryContact *contact)
{
  g_return_if_fail (FERRY_IS_WINDOW (self));

  ferry_window_show_contact (self, contact);
  ferry_chat_desk_show (self->chats, contact);
}

static void
chat_action (GtkWidget  *widget,
             const char *action,
             GVariant   *parameter)
{
  FerryWindow *self = FERRY_WINDOW (widget);
  FerryContact *contact = get_contact (self);

  if (contact == NULL)
    return;
  if (g_str_equal (action, "win.chat"))
    ferry_chat_desk_show (self->chats, contact);
  else if (g_str_equal (action, "win.verify"))
    ferry_chat_desk_verify (self->chats, contact);
  else
    ferry_trust_dialogs_ask_forget (GTK_WINDOW (self), ferry_client_get_trust (self->client),
                                    contact);
}

static void
verify_contact_action (GtkWidget  *widget,
                       const char *action,
                       GVariant   *parameter)
{
  FerryWindow *self = FERRY_WINDOW (widget);
  FerryContact *contact;

  if (self->client == NULL)
    return;
  contact = ferry_roster_lookup (ferry_client_get_roster (self->client),
                                 g_variant_get_string (parameter, NULL), FALSE);
  if (contact != NULL)
    ferry_chat_desk_verify (self->chats, contact);
}

static char *
dup_lock_tooltip (FerryWindow  *self,
                  FerryContact *contact,
                  gboolean      can_chat,
                  guint         n_unread)
{
  gboolean is_changed;
  FerryTrustLevel level = ferry_trust_text_lookup (ferry_client_get_trust (self->client),
                                                   ferry_contact_get_jid (contact), &is_changed);
  const char *state = is_changed ? _("another key was shown") : ferry_trust_text_level (level);
  g_autofree char *unread = NULL;
  g_autofree char *first = NULL;

  if (!can_chat && ferry_contact_get_presence (contact) == FERRY_PRESENCE_OFFLINE)
    first = g_strdup (_("No secure chat while they are offline"));
  else if (!can_chat)
    first = g_strdup (_("Their program knows no secure chats"));
  else
    first = g_strdup (_("Secure Chat (Ctrl+T)"));
  if (n_unread == 0)
    return g_strjoin (" · ", first, state, NULL);
  unread = g_strdup_printf (ngettext ("%u new message", "%u new messages", n_unread), n_unread);
  return g_strjoin (" · ", first, unread, state, NULL);
}

static void
update_lock (FerryWindow  *self,
             FerryContact *contact,
             gboolean      can_chat,
             guint         n_unread)
{
  gboolean is_changed;
  FerryTrustLevel level = ferry_trust_text_lookup (ferry_client_get_trust (self->client),
                                                   ferry_contact_get_jid (contact), &is_changed);
  g_autofree char *tooltip = dup_lock_tooltip (self, contact, can_chat, n_unread);

  ferry_transfers_page_set_lock (self->transfers_page, ferry_trust_text_icon (level, is_changed),
                                 tooltip, is_changed);
  ferry_transfers_page_set_unread (self->transfers_page, n_unread);
}

static gboolean
is_chat_alive (FerryChat *chat)
{
  return chat != NULL && (ferry_chat_get_state (chat) != FERRY_CHAT_CLOSED ||
                          g_list_model_get_n_items (G_LIST_MODEL (chat)) > 0);
}

void
ferry_window_update_chats (FerryWindow *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  FerryContact *contact = get_contact (self);
  FerryTrust *trust = contact != NULL ? ferry_client_get_trust (self->client) : NULL;
  const char *jid = contact != NULL ? ferry_contact_get_jid (contact) : NULL;
  const FerryPin *pin = contact != NULL ? ferry_trust_lookup (trust, jid) : NULL;
  FerryChat *chat = contact != NULL ? ferry_chat_desk_lookup (self->chats, contact) : NULL;
  gboolean can_chat = contact != NULL && (ferry_chat_text_can_open (contact) ||
                                          is_chat_alive (chat));

  g_signal_group_set_target (self->shown_contact, contact);
  gtk_widget_action_set_enabled (widget, "win.chat", can_chat);
  gtk_widget_action_set_enabled (widget, "win.verify", can_chat || pin != NULL);
  gtk_widget_action_set_enabled (widget, "win.forget-identity", pin != NULL);
  g_simple_action_set_enabled (self->encryption, contact != NULL);
  g_simple_action_set_enabled (self->relay_only, contact != NULL);
  if (contact == NULL)
    {
      ferry_transfers_page_set_lock (self->transfers_page, NULL, NULL, FALSE);
      return;
    }
  g_simple_action_set_state (self->encryption, g_variant_new_string (
    ferry_trust_has_policy (trust, jid)
      ? ferry_security_policy_to_name (ferry_trust_get_policy (trust, jid)) : AS_FOR_EVERYBODY));
  g_simple_action_set_state (self->relay_only,
                             g_variant_new_boolean (ferry_trust_get_relay_only (trust, jid)));
  update_lock (self, contact, can_chat, chat != NULL ? ferry_chat_get_n_unread (chat) : 0);
}

static void
encryption_changed_cb (FerryWindow *self,
                       GVariant    *value)
{
  FerryTrust *trust = ferry_client_get_trust (self->client);
  const char *word = g_variant_get_string (value, NULL);
  FerryContact *contact = get_contact (self);

  if (contact == NULL)
    return;

  if (g_str_equal (word, AS_FOR_EVERYBODY))
    ferry_trust_unset_policy (trust, ferry_contact_get_jid (contact));
  else
    ferry_trust_set_policy (trust, ferry_contact_get_jid (contact),
                            ferry_security_policy_from_name (word));
}

static void
relay_only_changed_cb (FerryWindow *self,
                       GVariant    *value)
{
  FerryContact *contact = get_contact (self);

  if (contact != NULL)
    ferry_trust_set_relay_only (ferry_client_get_trust (self->client),
                                ferry_contact_get_jid (contact), g_variant_get_boolean (value));
}

void
ferry_window_watch_chats (FerryWindow *self)
{
  g_signal_connect_object (ferry_client_get_trust (self->client), "changed",
                           G_CALLBACK (ferry_window_update_chats), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->chats, "changed", G_CALLBACK (ferry_window_update_chats), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->chats, "files-given", G_CALLBACK (ferry_window_send_files), self,
                           G_CONNECT_SWAPPED);
}

void
ferry_window_init_chats (FerryWindow *self)
{
  g_autoptr(GSimpleActionGroup) group = g_simple_action_group_new ();

  self->encryption = g_simple_action_new_stateful ("encryption", G_VARIANT_TYPE_STRING,
                                                   g_variant_new_string ("auto"));
  g_signal_connect_object (self->encryption, "change-state", G_CALLBACK (encryption_changed_cb),
                           self, G_CONNECT_SWAPPED);
  g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (self->encryption));
  self->relay_only = g_simple_action_new_stateful ("relay-only", NULL,
                                                   g_variant_new_boolean (FALSE));
  g_signal_connect_object (self->relay_only, "change-state", G_CALLBACK (relay_only_changed_cb),
                           self, G_CONNECT_SWAPPED);
  g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (self->relay_only));
  gtk_widget_insert_action_group (GTK_WIDGET (self), "contact", G_ACTION_GROUP (group));
  self->shown_contact = g_signal_group_new (FERRY_TYPE_CONTACT);
  g_signal_group_connect_swapped (self->shown_contact, "notify",
                                  G_CALLBACK (ferry_window_update_chats), self);
}

void
ferry_window_install_chat_actions (GtkWidgetClass *klass)
{
  gtk_widget_class_install_action (klass, "win.chat", NULL, chat_action);
  gtk_widget_class_install_action (klass, "win.verify", NULL, chat_action);
  gtk_widget_class_install_action (klass, "win.forget-identity", NULL, chat_action);
  gtk_widget_class_install_action (klass, "win.verify-contact", "s", verify_contact_action);
}
