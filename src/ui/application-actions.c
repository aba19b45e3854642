/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "application-actions"

#include "config.h"

#include <glib/gi18n.h>

#include "ui/application-private.h"
#include "ui/file-launch.h"
#include "ui/preferences-window.h"

/* A notification may outlive what it is about: an id that is gone is no mistake. */
static FerryTransfer *
find_transfer (FerryApplication *self,
               GVariant         *id)
{
  if (self->client == NULL)
    return NULL;
  return ferry_transfer_queue_find (ferry_client_get_queue (self->client),
                                    g_variant_get_string (id, NULL));
}

static void
accept_action (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  FerryTransfer *transfer = find_transfer (user_data, parameter);

  if (transfer != NULL && ferry_transfer_get_state (transfer) == FERRY_TRANSFER_OFFERED)
    ferry_transfer_accept (transfer, NULL, NULL);
}

static void
decline_action (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  FerryTransfer *transfer = find_transfer (user_data, parameter);

  if (transfer != NULL && ferry_transfer_get_state (transfer) == FERRY_TRANSFER_OFFERED)
    ferry_transfer_decline (transfer);
}

static void
show_action (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  FerryApplication *self = user_data;
  FerryTransfer *transfer = find_transfer (self, parameter);

  g_application_activate (G_APPLICATION (self));
  if (transfer != NULL && self->window != NULL)
    ferry_window_show_transfer (self->window, transfer);
}

/* A notification may outlive its chat, too. @jid: bare */
static FerryChat *
find_chat (FerryApplication *self,
           GVariant         *jid)
{
  FerryContact *contact = NULL;

  if (self->client != NULL && self->window != NULL)
    contact = ferry_roster_lookup (ferry_client_get_roster (self->client),
                                   g_variant_get_string (jid, NULL), FALSE);
  return contact != NULL ? ferry_chats_get (ferry_client_get_chats (self->client), contact) : NULL;
}

static void
answer_chat_action (GSimpleAction *action,
                    GVariant      *parameter,
                    gpointer       user_data)
{
  FerryApplication *self = user_data;
  FerryChat *chat = find_chat (self, parameter);

  if (chat == NULL || ferry_chat_get_state (chat) != FERRY_CHAT_OFFERED)
    return;
  if (g_str_equal (g_action_get_name (G_ACTION (action)), "decline-chat"))
    {
      ferry_chat_decline (chat);
      return;
    }
  ferry_chat_accept (chat, NULL);
  ferry_window_show_chat (self->window, ferry_chat_get_contact (chat));
}

static void
show_chat_action (GSimpleAction *action,
                  GVariant      *parameter,
                  gpointer       user_data)
{
  FerryApplication *self = user_data;
  FerryChat *chat;

  g_application_activate (G_APPLICATION (self));
  chat = find_chat (self, parameter);
  if (chat != NULL)
    ferry_window_show_chat (self->window, ferry_chat_get_contact (chat));
}

static void
launch_done_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  if (!ferry_file_launch_finish (result, &error))
    ferry_window_complain (FERRY_WINDOW (source), error);
}

static void
open_file_action (GSimpleAction *action,
                  GVariant      *parameter,
                  gpointer       user_data)
{
  FerryApplication *self = user_data;
  FerryTransfer *transfer = find_transfer (self, parameter);
  GtkWindow *window = GTK_WINDOW (self->window);

  if (transfer == NULL || window == NULL ||
      ferry_transfer_get_state (transfer) != FERRY_TRANSFER_DONE)
    return;
  if (g_str_equal (g_action_get_name (G_ACTION (action)), "open-file"))
    ferry_file_launch_async (window, ferry_transfer_get_file (transfer), launch_done_cb, NULL);
  else
    ferry_file_reveal_async (window, ferry_transfer_get_file (transfer), launch_done_cb, NULL);
}

static void
preferences_action (GSimpleAction *action,
                    GVariant      *parameter,
                    gpointer       user_data)
{
  FerryApplication *self = user_data;
  GtkWindow *preferences;

  g_application_activate (G_APPLICATION (self));
  if (self->window == NULL)
    return;
  preferences = GTK_WINDOW (ferry_preferences_window_new (GTK_WINDOW (self->window), self->profile,
                                                          self->client));
  gtk_window_set_destroy_with_parent (preferences, TRUE); /* which ends a test at shutdown */
  gtk_window_present (preferences);
}

static void
about_action (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  FerryApplication *self = user_data;

  g_application_activate (G_APPLICATION (self));
  adw_show_about_window (GTK_WINDOW (self->window),
                         "application-name", _("Ferry"),
                         "application-icon", APPLICATION_ID,
                         "version", PACKAGE_VERSION,
                         "comments", _("Hands files straight to the people on your contact list."),
                         "license-type", GTK_LICENSE_GPL_3_0,
                         "copyright", "© 2026 The Ferry developers",
                         "developer-name", _("The Ferry developers"),
                         /* Translators: your name, for the credits */
                         "translator-credits", _("translator-credits"),
                         NULL);
}

static void
log_out_action (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  ferry_application_sign_out (user_data);
}

/* Through the window: it asks while files are moving. */
static void
quit_action (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  FerryApplication *self = user_data;

  if (self->window != NULL)
    gtk_window_close (GTK_WINDOW (self->window));
  else
    g_application_quit (G_APPLICATION (self));
}

static const GActionEntry entries[] = {
  { "accept", accept_action, "s" },
  { "decline", decline_action, "s" },
  { "show", show_action, "s" },
  { "accept-chat", answer_chat_action, "s" },
  { "decline-chat", answer_chat_action, "s" },
  { "show-chat", show_chat_action, "s" },
  { "open-file", open_file_action, "s" },
  { "show-in-folder", open_file_action, "s" },
  { "preferences", preferences_action },
  { "about", about_action },
  { "log-out", log_out_action },
  { "quit", quit_action },
};

void
ferry_application_install_actions (FerryApplication *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  gtk_application_set_accels_for_action (GTK_APPLICATION (self), "app.preferences",
                                         (const char *[]) { "<Control>comma", NULL });
  gtk_application_set_accels_for_action (GTK_APPLICATION (self), "app.quit",
                                         (const char *[]) { "<Control>q", NULL });
  ferry_window_add_shortcuts (GTK_APPLICATION (self));
}
