/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "window-actions"

#include "config.h"

#include <glib/gi18n.h>

#include "ui/contact-text.h"
#include "ui/file-launch.h"
#include "ui/file-sender.h"
#include "ui/window-private.h"

/* The names of our own presence in the account menu. */
static const struct
{
  const char    *name;
  FerryPresence  presence;
} shows[] = {
  { "online", FERRY_PRESENCE_AVAILABLE },
  { "away", FERRY_PRESENCE_AWAY },
  { "dnd", FERRY_PRESENCE_DND },
};

static const struct
{
  const char *action;
  const char *accels[3];
} shortcuts[] = {
  { "win.send-files", { "<Control>o" } },
  { "win.add-contact", { "<Control>n" } },
  { "win.search", { "<Control>f" } },
  { "win.chat", { "<Control>t" } },
  { "win.verify", { "<Control><Shift>v" } },
  { "win.focus-contacts", { "<Control>1" } },
  { "win.focus-transfers", { "<Control>2" } },
  { "win.next-pane", { "F6" } },
  { "win.menu", { "F10" } },
  { "win.back", { "<Alt>Left" } },
  { "win.review-offers", { "<Control>Return", "<Control>KP_Enter" } },
  { "window.close", { "<Control>w" } },
};

static FerryContact *
get_contact (FerryWindow *self)
{
  return ferry_transfers_page_get_contact (self->transfers_page);
}

static FerryTransfer *
find_transfer (GtkWidget *widget,
               GVariant  *id)
{
  FerryWindow *self = FERRY_WINDOW (widget);

  if (self->client == NULL)
    return NULL;
  return ferry_transfer_queue_find (ferry_client_get_queue (self->client),
                                    g_variant_get_string (id, NULL));
}

static void
send_done_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(FerryWindow) self = user_data;
  g_autoptr(GError) error = NULL;

  ferry_file_sender_send_finish (result, &error);
  if (error != NULL)
    ferry_window_complain (self, error);
}

void
ferry_window_send_files (FerryWindow  *self,
                         FerryContact *contact,
                         GListModel   *files)
{
  ferry_file_sender_send_async (ferry_client_get_queue (self->client),
                                ferry_contact_get_jid (contact), files, send_done_cb,
                                g_object_ref (self));
}

static void
send_files_action (GtkWidget  *widget,
                   const char *action,
                   GVariant   *parameter)
{
  ferry_transfers_page_choose_files (FERRY_WINDOW (widget)->transfers_page);
}

/* From the contacts; the page itself has its own. */
static void
paste_action (GtkWidget  *widget,
              const char *action,
              GVariant   *parameter)
{
  ferry_transfers_page_paste (FERRY_WINDOW (widget)->transfers_page);
}

static void
add_contact_action (GtkWidget  *widget,
                    const char *action,
                    GVariant   *parameter)
{
  ferry_window_add_contact (FERRY_WINDOW (widget), NULL);
}

static void
remove_done_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(FerryWindow) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!ferry_roster_remove_finish (FERRY_ROSTER (source), result, &error))
    ferry_window_complain (self, error);
  else
    ferry_contacts_page_select (self->contacts_page, NULL);
}

static void
remove_response_cb (FerryWindow *self,
                    const char  *response)
{
  FerryContact *contact = get_contact (self);

  if (g_str_equal (response, "remove") && contact != NULL && self->client != NULL)
    ferry_roster_remove_async (ferry_client_get_roster (self->client), contact, NULL,
                               remove_done_cb, g_object_ref (self));
}

static void
remove_contact_action (GtkWidget  *widget,
                       const char *action,
                       GVariant   *parameter)
{
  FerryWindow *self = FERRY_WINDOW (widget);
  g_autofree char *name = ferry_contact_text_name (get_contact (self));
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), NULL, NULL);
  AdwMessageDialog *message = ADW_MESSAGE_DIALOG (dialog);

  adw_message_dialog_format_heading (message, _("Remove %s?"), name);
  adw_message_dialog_set_body (message, _("You will not see each other online any more. "
                                          "Files already received stay where they are."));
  adw_message_dialog_add_responses (message, "cancel", _("_Cancel"), "remove", _("_Remove"), NULL);
  adw_message_dialog_set_response_appearance (message, "remove", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (message, "cancel");
  adw_message_dialog_set_close_response (message, "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (remove_response_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
pane_action (GtkWidget  *widget,
             const char *action,
             GVariant   *parameter)
{
  FerryWindow *self = FERRY_WINDOW (widget);
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));
  GtkWidget *contacts = GTK_WIDGET (self->contacts_page);
  gboolean to_contacts = g_str_equal (action, "win.focus-contacts");

  if (g_str_equal (action, "win.next-pane"))
    to_contacts = focus == NULL || !gtk_widget_is_ancestor (focus, contacts);
  adw_leaflet_set_visible_child (self->leaflet, to_contacts ? contacts
                                                            : GTK_WIDGET (self->transfers_page));
  if (to_contacts)
    ferry_contacts_page_focus_list (self->contacts_page);
  else
    ferry_transfers_page_focus (self->transfers_page);
}

static void
search_action (GtkWidget  *widget,
               const char *action,
               GVariant   *parameter)
{
  FerryWindow *self = FERRY_WINDOW (widget);

  adw_leaflet_set_visible_child (self->leaflet, GTK_WIDGET (self->contacts_page));
  ferry_contacts_page_focus_search (self->contacts_page);
}

static void
back_action (GtkWidget  *widget,
             const char *action,
             GVariant   *parameter)
{
  adw_leaflet_navigate (FERRY_WINDOW (widget)->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
}

static void
menu_action (GtkWidget  *widget,
             const char *action,
             GVariant   *parameter)
{
  ferry_contacts_page_open_menu (FERRY_WINDOW (widget)->contacts_page);
}

static void
clear_done_action (GtkWidget  *widget,
                   const char *action,
                   GVariant   *parameter)
{
  FerryWindow *self = FERRY_WINDOW (widget);

  if (get_contact (self) != NULL)
    ferry_transfer_queue_clear (ferry_client_get_queue (self->client), get_contact (self));
}

static void
review_offers_action (GtkWidget  *widget,
                     const char *action,
                     GVariant   *parameter)
{
  ferry_window_review (FERRY_WINDOW (widget));
}

static void
review_action (GtkWidget  *widget,
               const char *action,
               GVariant   *parameter)
{
  FerryTransfer *transfer = find_transfer (widget, parameter);

  if (transfer != NULL)
    ferry_offer_desk_review (FERRY_WINDOW (widget)->offers, transfer);
}

static void
show_transfer_action (GtkWidget  *widget,
                      const char *action,
                      GVariant   *parameter)
{
  FerryTransfer *transfer = find_transfer (widget, parameter);

  if (transfer != NULL)
    ferry_window_show_transfer (FERRY_WINDOW (widget), transfer);
}

static void
retry_action (GtkWidget  *widget,
              const char *action,
              GVariant   *parameter)
{
  FerryTransfer *transfer = find_transfer (widget, parameter);

  if (transfer != NULL && ferry_transfer_can_retry (transfer))
    ferry_transfer_queue_retry (ferry_client_get_queue (FERRY_WINDOW (widget)->client), transfer);
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
open_action (GtkWidget  *widget,
             const char *action,
             GVariant   *parameter)
{
  FerryTransfer *transfer = find_transfer (widget, parameter);

  if (transfer == NULL || ferry_transfer_get_state (transfer) != FERRY_TRANSFER_DONE ||
      ferry_transfer_get_file (transfer) == NULL)
    return;
  if (g_str_equal (action, "win.open-transfer"))
    ferry_file_launch_async (GTK_WINDOW (widget), ferry_transfer_get_file (transfer),
                             launch_done_cb, NULL);
  else
    ferry_file_reveal_async (GTK_WINDOW (widget), ferry_transfer_get_file (transfer),
                             launch_done_cb, NULL);
}

static void
say_action (GtkWidget  *widget,
            const char *action,
            GVariant   *parameter)
{
  ferry_window_say (FERRY_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

static void
show_action (GtkWidget  *widget,
             const char *action,
             GVariant   *parameter)
{
  FerryAccount *account = ferry_client_get_account (FERRY_WINDOW (widget)->client);
  const char *name = g_variant_get_string (parameter, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (shows); i++)
    if (g_str_equal (shows[i].name, name))
      g_object_set (account, "show", (int) shows[i].presence, NULL);
}

static void
log_out_action (GtkWidget  *widget,
                const char *action,
                GVariant   *parameter)
{
  gtk_widget_activate_action (widget, "app.log-out", NULL);
}

void
ferry_window_update_actions (FerryWindow *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean has_client = self->client != NULL;
  FerryContact *contact = get_contact (self);
  gboolean has_contact = has_client && contact != NULL;
  gboolean is_online = has_client && ferry_account_get_state (ferry_client_get_account (self->client))
                                     == FERRY_ACCOUNT_ONLINE;

  gtk_widget_action_set_enabled (widget, "win.send-files", has_contact);
  gtk_widget_action_set_enabled (widget, "win.paste", has_contact);
  gtk_widget_action_set_enabled (widget, "win.clear-done", has_contact);
  gtk_widget_action_set_enabled (widget, "win.remove-contact",
                                 is_online && has_contact && ferry_contact_get_in_roster (contact));
  gtk_widget_action_set_enabled (widget, "win.add-contact", is_online);
  gtk_widget_action_set_enabled (widget, "win.search", has_client);
  gtk_widget_action_set_enabled (widget, "win.next-pane", has_client);
  gtk_widget_action_set_enabled (widget, "win.focus-contacts", has_client);
  gtk_widget_action_set_enabled (widget, "win.focus-transfers", has_contact);
  gtk_widget_action_set_enabled (widget, "win.menu", has_client);
  gtk_widget_action_set_enabled (widget, "win.show", has_client);
  gtk_widget_action_set_enabled (widget, "win.log-out", has_client);
  gtk_widget_action_set_enabled (widget, "win.review-offers", has_client);
  gtk_widget_action_set_enabled (widget, "win.back", has_client &&
                                 adw_leaflet_get_folded (self->leaflet));
  ferry_window_update_chats (self);
}

/* The one home of win.* */
void
ferry_window_install_actions (GtkWidgetClass *klass)
{
  gtk_widget_class_install_action (klass, "win.send-files", NULL, send_files_action);
  gtk_widget_class_install_action (klass, "win.paste", NULL, paste_action);
  gtk_widget_class_install_action (klass, "win.add-contact", NULL, add_contact_action);
  gtk_widget_class_install_action (klass, "win.remove-contact", NULL, remove_contact_action);
  gtk_widget_class_install_action (klass, "win.search", NULL, search_action);
  gtk_widget_class_install_action (klass, "win.focus-contacts", NULL, pane_action);
  gtk_widget_class_install_action (klass, "win.focus-transfers", NULL, pane_action);
  gtk_widget_class_install_action (klass, "win.next-pane", NULL, pane_action);
  gtk_widget_class_install_action (klass, "win.back", NULL, back_action);
  gtk_widget_class_install_action (klass, "win.menu", NULL, menu_action);
  gtk_widget_class_install_action (klass, "win.clear-done", NULL, clear_done_action);
  gtk_widget_class_install_action (klass, "win.review-offers", NULL, review_offers_action);
  gtk_widget_class_install_action (klass, "win.review-transfer", "s", review_action);
  gtk_widget_class_install_action (klass, "win.show-transfer", "s", show_transfer_action);
  gtk_widget_class_install_action (klass, "win.retry-transfer", "s", retry_action);
  gtk_widget_class_install_action (klass, "win.open-transfer", "s", open_action);
  gtk_widget_class_install_action (klass, "win.show-in-folder-transfer", "s", open_action);
  gtk_widget_class_install_action (klass, "win.say", "s", say_action);
  gtk_widget_class_install_action (klass, "win.show", "s", show_action);
  gtk_widget_class_install_action (klass, "win.log-out", NULL, log_out_action);
}

void
ferry_window_add_shortcuts (GtkApplication *app)
{
  for (guint i = 0; i < G_N_ELEMENTS (shortcuts); i++)
    gtk_application_set_accels_for_action (app, shortcuts[i].action, shortcuts[i].accels);
}
