/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "preferences-window"

#include "config.h"

#include "ui/preferences-window.h"

#include <glib/gi18n.h>

#include "ui/history-group.h"
#include "ui/identity-group.h"
#include "ui/network-group.h"
#include "ui/network-test-group.h"

struct _FerryPreferencesWindow
{
  AdwPreferencesWindow parent_instance;

  FerryProfile         *profile;
  GtkFileChooserNative *chooser; /* (owned) (nullable): while it is open */
  AdwActionRow         *folder_row;
  GtkWidget            *folder_button;
  GtkWidget            *max_running;
  GtkWidget            *ask_before_quit;
  GtkWidget            *notify_offers;
  GtkWidget            *notify_arrivals;
  GtkWidget            *notify_chats;
  FerryIdentityGroup   *identity;
  FerryHistoryGroup    *history;
  FerryNetworkGroup    *network;
  FerryNetworkTestGroup *network_test;
};

G_DEFINE_FINAL_TYPE (FerryPreferencesWindow, ferry_preferences_window, ADW_TYPE_PREFERENCES_WINDOW)

static void
update_folder (FerryPreferencesWindow *self)
{
  g_autofree char *path = ferry_profile_dup_download_dir (self->profile);
  g_autofree char *shown = g_filename_display_name (path);
  g_autofree char *escaped = g_markup_escape_text (shown, -1);

  adw_action_row_set_subtitle (self->folder_row, escaped);
}

static void
chooser_response_cb (FerryPreferencesWindow *self,
                     int                     response)
{
  g_autoptr(GFile) folder = NULL;
  g_autofree char *path = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    folder = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser));
  g_clear_object (&self->chooser);
  path = folder != NULL ? g_file_get_path (folder) : NULL;
  if (path != NULL)
    g_settings_set_string (ferry_profile_get_settings (self->profile), "download-folder", path);
}

static void
folder_clicked_cb (FerryPreferencesWindow *self)
{
  g_autofree char *path = ferry_profile_dup_download_dir (self->profile);
  g_autoptr(GFile) folder = g_file_new_for_path (path);

  if (self->chooser != NULL)
    return;
  self->chooser = gtk_file_chooser_native_new (_("Choose Folder"), GTK_WINDOW (self),
                                               GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER,
                                               _("_Choose"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (self->chooser), folder, NULL);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chooser_response_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
bind (FerryPreferencesWindow *self,
      const char             *key,
      GtkWidget              *widget,
      const char             *property)
{
  g_settings_bind (ferry_profile_get_settings (self->profile), key, widget, property,
                   G_SETTINGS_BIND_DEFAULT);
}

/* What is kept can be deleted without signing in, too. */
static void
set_up_history (FerryPreferencesWindow *self,
                FerryClient            *client)
{
  g_autoptr(FerryChatHistory) history = NULL;

  if (client != NULL)
    history = g_object_ref (ferry_client_get_history (client));
  else
    history = ferry_chat_history_new (ferry_profile_get_data_dir (self->profile), NULL, FALSE);
  ferry_history_group_set_up (self->history, ferry_profile_get_settings (self->profile), history);
}

GtkWidget *
ferry_preferences_window_new (GtkWindow    *parent,
                              FerryProfile *profile,
                              FerryClient  *client)
{
  FerryPreferencesWindow *self = g_object_new (FERRY_TYPE_PREFERENCES_WINDOW,
                                               "transient-for", parent, NULL);

  self->profile = profile;
  bind (self, "max-running", self->max_running, "value");
  bind (self, "ask-before-quit", self->ask_before_quit, "active");
  bind (self, "notify-offers", self->notify_offers, "active");
  bind (self, "notify-arrivals", self->notify_arrivals, "active");
  bind (self, "notify-chats", self->notify_chats, "active");
  ferry_identity_group_set_up (self->identity, ferry_profile_get_settings (profile),
                               client != NULL ? ferry_client_get_trust (client) : NULL);
  set_up_history (self, client);
  ferry_network_group_set_up (self->network, ferry_profile_get_settings (profile));
  ferry_network_test_group_set_up (self->network_test, profile, client);
  g_signal_connect_object (ferry_profile_get_settings (profile), "changed::download-folder",
                           G_CALLBACK (update_folder), self, G_CONNECT_SWAPPED);
  update_folder (self);
  return GTK_WIDGET (self);
}

static void
ferry_preferences_window_dispose (GObject *object)
{
  g_clear_object (&FERRY_PREFERENCES_WINDOW (object)->chooser);
  G_OBJECT_CLASS (ferry_preferences_window_parent_class)->dispose (object);
}

static void
ferry_preferences_window_class_init (FerryPreferencesWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (FERRY_TYPE_HISTORY_GROUP);
  g_type_ensure (FERRY_TYPE_IDENTITY_GROUP);
  g_type_ensure (FERRY_TYPE_NETWORK_GROUP);
  g_type_ensure (FERRY_TYPE_NETWORK_TEST_GROUP);
  G_OBJECT_CLASS (klass)->dispose = ferry_preferences_window_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/im/ferry/Ferry/preferences-window.ui");
  gtk_widget_class_bind_template_child (widget_class, FerryPreferencesWindow, folder_row);
  gtk_widget_class_bind_template_child (widget_class, FerryPreferencesWindow, folder_button);
  gtk_widget_class_bind_template_child (widget_class, FerryPreferencesWindow, max_running);
  gtk_widget_class_bind_template_child (widget_class, FerryPreferencesWindow, ask_before_quit);
  gtk_widget_class_bind_template_child (widget_class, FerryPreferencesWindow, notify_offers);
  gtk_widget_class_bind_template_child (widget_class, FerryPreferencesWindow, notify_arrivals);
  gtk_widget_class_bind_template_child (widget_class, FerryPreferencesWindow, notify_chats);
  gtk_widget_class_bind_template_child (widget_class, FerryPreferencesWindow, identity);
  gtk_widget_class_bind_template_child (widget_class, FerryPreferencesWindow, history);
  gtk_widget_class_bind_template_child (widget_class, FerryPreferencesWindow, network);
  gtk_widget_class_bind_template_child (widget_class, FerryPreferencesWindow, network_test);
  gtk_widget_class_bind_template_callback (widget_class, folder_clicked_cb);
}

static void
ferry_preferences_window_init (FerryPreferencesWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
