/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "window"

#include "config.h"

#include <glib/gi18n.h>

#include "ui/add-contact-dialog.h"
#include "ui/error-text.h"
#include "ui/window-private.h"

#define TOAST_TIMEOUT 5 /* seconds */

G_DEFINE_FINAL_TYPE (FerryWindow, ferry_window, ADW_TYPE_APPLICATION_WINDOW)

FerrySetupPage *
ferry_window_get_setup_page (FerryWindow *self)
{
  g_return_val_if_fail (FERRY_IS_WINDOW (self), NULL);
  return self->setup_page;
}

void
ferry_window_say (FerryWindow *self,
                  const char  *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  g_return_if_fail (FERRY_IS_WINDOW (self));

  /* Toasts queue up: what is said ten times would be in the way for a minute. */
  if (self->toast != NULL && g_str_equal (adw_toast_get_title (self->toast), escaped))
    return;
  g_set_weak_pointer (&self->toast, adw_toast_new (escaped));
  adw_toast_set_timeout (self->toast, TOAST_TIMEOUT);
  adw_toast_overlay_add_toast (self->toasts, self->toast);
}

void
ferry_window_complain (FerryWindow  *self,
                       const GError *error)
{
  g_return_if_fail (FERRY_IS_WINDOW (self));

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_debug ("%s", error->message);
  ferry_window_say (self, ferry_error_text_what (error));
}

void
ferry_window_show_contact (FerryWindow  *self,
                           FerryContact *contact)
{
  g_return_if_fail (FERRY_IS_WINDOW (self));

  ferry_contacts_page_select (self->contacts_page, contact);
  ferry_transfers_page_set_contact (self->transfers_page, self->client, contact);
  adw_leaflet_set_visible_child (self->leaflet, GTK_WIDGET (self->transfers_page));
}

void
ferry_window_show_transfer (FerryWindow   *self,
                            FerryTransfer *transfer)
{
  g_return_if_fail (FERRY_IS_WINDOW (self));

  ferry_window_show_contact (self, ferry_transfer_get_contact (transfer));
  if (ferry_transfer_get_state (transfer) == FERRY_TRANSFER_OFFERED)
    ferry_offer_desk_review (self->offers, transfer);
}

void
ferry_window_ask_recipient (FerryWindow *self,
                            GListModel  *files)
{
  g_return_if_fail (FERRY_IS_WINDOW (self));

  g_set_object (&self->pending, files);
  adw_leaflet_set_visible_child (self->leaflet, GTK_WIDGET (self->contacts_page));
  ferry_window_update_pending (self);
}

static void
add_dialog_destroyed_cb (FerryWindow *self)
{
  self->add_dialog = NULL;
}

void
ferry_window_add_contact (FerryWindow *self,
                          const char  *jid)
{
  g_return_if_fail (FERRY_IS_WINDOW (self));

  if (self->client == NULL)
    return;
  /* Links come from anywhere: they must not pile up windows, nor change an address
   * that somebody is about to confirm. */
  if (self->add_dialog == NULL)
    {
      self->add_dialog = ferry_add_contact_dialog_new (GTK_WINDOW (self),
                                                       ferry_client_get_roster (self->client), jid);
      g_signal_connect_object (self->add_dialog, "destroy", G_CALLBACK (add_dialog_destroyed_cb),
                               self, G_CONNECT_SWAPPED);
    }
  gtk_window_present (GTK_WINDOW (self->add_dialog));
}

static void
folded_cb (FerryWindow *self)
{
  gboolean folded = adw_leaflet_get_folded (self->leaflet);

  ferry_contacts_page_set_folded (self->contacts_page, folded);
  ferry_transfers_page_set_folded (self->transfers_page, folded);
  ferry_window_update_actions (self);
}

static void
contact_selected_cb (FerryWindow *self)
{
  FerryContact *contact = ferry_contacts_page_get_selected (self->contacts_page);

  ferry_transfers_page_set_contact (self->transfers_page, self->client, contact);
  ferry_window_update_actions (self);
}

static void
contact_chosen_cb (FerryWindow  *self,
                   FerryContact *contact)
{
  g_autoptr(GListModel) pending = g_steal_pointer (&self->pending);

  ferry_window_show_contact (self, contact);
  if (pending == NULL)
    return;
  ferry_window_update_pending (self);
  ferry_window_send_files (self, contact, pending);
}

static void
files_dropped_cb (FerryWindow  *self,
                  FerryContact *contact,
                  GListModel   *files)
{
  if (!adw_leaflet_get_folded (self->leaflet))
    ferry_window_show_contact (self, contact);
  ferry_window_send_files (self, contact, files);
}

static void
forget_client (FerryWindow *self)
{
  if (self->client == NULL)
    return;
  ferry_window_stop_countdown (self);
  g_signal_handlers_disconnect_by_data (ferry_client_get_account (self->client), self);
  g_signal_handlers_disconnect_by_data (ferry_client_get_roster (self->client), self);
  g_signal_handlers_disconnect_by_data (self->offers, self);
  g_clear_object (&self->offers);
  g_signal_handlers_disconnect_by_data (ferry_client_get_trust (self->client), self);
  g_signal_handlers_disconnect_by_data (self->chats, self);
  g_clear_object (&self->chats);
  if (self->add_dialog != NULL)
    gtk_window_destroy (GTK_WINDOW (self->add_dialog));
  g_ptr_array_set_size (self->requests, 0);
  ferry_transfers_page_set_contact (self->transfers_page, NULL, NULL);
  ferry_contacts_page_set_client (self->contacts_page, NULL);
  g_clear_object (&self->client);
}

void
ferry_window_set_client (FerryWindow *self,
                         FerryClient *client)
{
  g_return_if_fail (FERRY_IS_WINDOW (self));

  if (self->client == client)
    return;
  forget_client (self);
  if (client != NULL)
    {
      g_autofree char *dir = ferry_profile_dup_download_dir (self->profile);

      self->client = g_object_ref (client);
      self->offers = ferry_offer_desk_new (GTK_WINDOW (self), client, dir);
      self->chats = ferry_chat_desk_new (GTK_WINDOW (self), client);
      ferry_contacts_page_set_client (self->contacts_page, client);
      ferry_window_watch_client (self);
      ferry_window_watch_chats (self);
      adw_leaflet_set_visible_child (self->leaflet, GTK_WIDGET (self->contacts_page));
      ferry_contacts_page_focus_list (self->contacts_page);
    }
  gtk_stack_set_visible_child_name (self->stack, client != NULL ? "main" : "setup");
  ferry_window_update_actions (self);
}

static gboolean
close_cb (gpointer user_data)
{
  gtk_window_close (GTK_WINDOW (user_data));
  return G_SOURCE_REMOVE;
}

/* Later: GTK still handles the click on the dialog, which must go before its parent. */
static void
quit_response_cb (FerryWindow *self,
                  const char  *response)
{
  if (!g_str_equal (response, "quit"))
    return;
  self->is_closing = TRUE;
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, close_cb, g_object_ref (self), g_object_unref);
}

static void
ask_before_closing (FerryWindow *self,
                    guint        n_active)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), _("Files Are Still Moving"), NULL);
  AdwMessageDialog *message = ADW_MESSAGE_DIALOG (dialog);

  adw_message_dialog_format_body (message, ngettext ("%u transfer stops if you quit now.",
                                                     "%u transfers stop if you quit now.",
                                                     n_active), n_active);
  adw_message_dialog_add_responses (message, "stay", _("_Keep Going"), "quit", _("_Quit"), NULL);
  adw_message_dialog_set_response_appearance (message, "quit", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (message, "stay");
  adw_message_dialog_set_close_response (message, "stay");
  g_signal_connect_object (dialog, "response", G_CALLBACK (quit_response_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static gboolean
ferry_window_close_request (GtkWindow *window)
{
  FerryWindow *self = FERRY_WINDOW (window);
  GSettings *settings = ferry_profile_get_settings (self->profile);
  guint n_active = self->client == NULL ? 0 :
                   ferry_transfer_queue_get_n_active (ferry_client_get_queue (self->client));
  int width;
  int height;

  if (n_active > 0 && !self->is_closing && g_settings_get_boolean (settings, "ask-before-quit"))
    {
      ask_before_closing (self, n_active);
      return TRUE;
    }
  g_settings_set_boolean (settings, "window-maximized", gtk_window_is_maximized (window));
  gtk_window_get_default_size (window, &width, &height);
  g_settings_set (settings, "window-size", "(ii)", width, height);
  return GTK_WINDOW_CLASS (ferry_window_parent_class)->close_request (window);
}

static void
ferry_window_dispose (GObject *object)
{
  FerryWindow *self = FERRY_WINDOW (object);

  if (self->contacts_page != NULL)
    forget_client (self);
  ferry_window_stop_countdown (self);
  g_clear_weak_pointer (&self->toast);
  g_clear_object (&self->pending);
  g_clear_object (&self->shown_contact);
  g_clear_object (&self->encryption);
  g_clear_object (&self->relay_only);
  g_clear_pointer (&self->requests, g_ptr_array_unref);
  G_OBJECT_CLASS (ferry_window_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, "/im/ferry/Ferry/window.ui");
  gtk_widget_class_bind_template_child (widget_class, FerryWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, FerryWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, FerryWindow, setup_page);
  gtk_widget_class_bind_template_child (widget_class, FerryWindow, leaflet);
  gtk_widget_class_bind_template_child (widget_class, FerryWindow, contacts_page);
  gtk_widget_class_bind_template_child (widget_class, FerryWindow, transfers_page);
  gtk_widget_class_bind_template_callback (widget_class, folded_cb);
}

static void
ferry_window_class_init (FerryWindowClass *klass)
{
  g_type_ensure (FERRY_TYPE_SETUP_PAGE);
  g_type_ensure (FERRY_TYPE_CONTACTS_PAGE);
  g_type_ensure (FERRY_TYPE_TRANSFERS_PAGE);
  G_OBJECT_CLASS (klass)->dispose = ferry_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = ferry_window_close_request;
  ferry_window_install_actions (GTK_WIDGET_CLASS (klass));
  ferry_window_install_chat_actions (GTK_WIDGET_CLASS (klass));
  bind_template (GTK_WIDGET_CLASS (klass));
}

static void
ferry_window_init (FerryWindow *self)
{
  self->requests = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (self->contacts_page, "notify::selected",
                           G_CALLBACK (contact_selected_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->contacts_page, "chosen", G_CALLBACK (contact_chosen_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->contacts_page, "files-dropped", G_CALLBACK (files_dropped_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->transfers_page, "files-given",
                           G_CALLBACK (ferry_window_send_files), self, G_CONNECT_SWAPPED);
  ferry_window_init_banners (self);
  ferry_window_init_chats (self);
  folded_cb (self);
}

FerryWindow *
ferry_window_new (GtkApplication *app,
                  FerryProfile   *profile)
{
  FerryWindow *self = g_object_new (FERRY_TYPE_WINDOW, "application", app, NULL);
  GSettings *settings = ferry_profile_get_settings (profile);
  int width;
  int height;

  self->profile = profile;
  g_settings_get (settings, "window-size", "(ii)", &width, &height);
  gtk_window_set_default_size (GTK_WINDOW (self), width, height);
  if (g_settings_get_boolean (settings, "window-maximized"))
    gtk_window_maximize (GTK_WINDOW (self));
  return self;
}
