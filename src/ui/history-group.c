/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "history-group"

#include "config.h"

#include "ui/history-group.h"

#include <glib/gi18n.h>

struct _FerryHistoryGroup
{
  AdwPreferencesGroup parent_instance;

  FerryChatHistory *history; /* (owned) (nullable) */
  AdwActionRow     *keep_row;
  GtkSwitch        *keep;
};

G_DEFINE_FINAL_TYPE (FerryHistoryGroup, ferry_history_group, ADW_TYPE_PREFERENCES_GROUP)

static void
keep_switched_cb (FerryHistoryGroup *self)
{
  if (self->history != NULL)
    ferry_chat_history_set_on (self->history, gtk_switch_get_active (self->keep));
}

/* The window may have been closed meanwhile. */
static void
deleted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(FerryHistoryGroup) self = user_data;
  g_autoptr(GError) error = NULL;
  gboolean is_deleted = ferry_chat_history_delete_finish (result, &error);
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (!is_deleted)
    g_warning ("Kept messages cannot be deleted: %s", error->message);
  if (ADW_IS_PREFERENCES_WINDOW (root))
    adw_preferences_window_add_toast (ADW_PREFERENCES_WINDOW (root),
                                      adw_toast_new (is_deleted ? _("Messages deleted")
                                                     : _("Not all messages could be deleted")));
}

static void
response_cb (FerryHistoryGroup *self,
             const char        *response)
{
  if (g_str_equal (response, "yes"))
    ferry_chat_history_delete_async (self->history, NULL, deleted_cb, g_object_ref (self));
}

static void
delete_cb (FerryHistoryGroup *self)
{
  GtkWindow *parent = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
  GtkWidget *dialog = adw_message_dialog_new (parent, _("Delete Kept Messages?"),
                                              _("Everything that was said in secure chats and is "
                                                "kept on this computer is deleted, of all "
                                                "accounts and contacts. What a chat shows now "
                                                "stays there until Ferry ends."));
  AdwMessageDialog *message = ADW_MESSAGE_DIALOG (dialog);

  adw_message_dialog_add_responses (message, "cancel", _("_Cancel"), "yes", _("_Delete"), NULL);
  adw_message_dialog_set_response_appearance (message, "yes", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (message, "cancel");
  adw_message_dialog_set_close_response (message, "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (response_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
describe (FerryHistoryGroup *self)
{
  g_autofree char *folder = ferry_chat_history_dup_folder (self->history);
  g_autofree char *shown = g_filename_display_name (folder);
  /* Translators: %s is a folder */
  g_autofree char *text = g_strdup_printf (_("In %s, not encrypted: whoever gets at this computer "
                                             "or its disk can read them. If this is off, they are "
                                             "gone when Ferry ends."), shown);
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  adw_action_row_set_subtitle (self->keep_row, escaped);
}

void
ferry_history_group_set_up (FerryHistoryGroup *self,
                            GSettings         *settings,
                            FerryChatHistory  *history)
{
  g_return_if_fail (FERRY_IS_HISTORY_GROUP (self));
  g_return_if_fail (self->history == NULL);

  self->history = g_object_ref (history);
  g_settings_bind (settings, "keep-chat-history", self->keep, "active", G_SETTINGS_BIND_DEFAULT);
  describe (self);
}

static void
ferry_history_group_dispose (GObject *object)
{
  g_clear_object (&FERRY_HISTORY_GROUP (object)->history);
  G_OBJECT_CLASS (ferry_history_group_parent_class)->dispose (object);
}

static void
ferry_history_group_class_init (FerryHistoryGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ferry_history_group_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/im/ferry/Ferry/history-group.ui");
  gtk_widget_class_bind_template_child (widget_class, FerryHistoryGroup, keep_row);
  gtk_widget_class_bind_template_child (widget_class, FerryHistoryGroup, keep);
  gtk_widget_class_bind_template_callback (widget_class, keep_switched_cb);
  gtk_widget_class_bind_template_callback (widget_class, delete_cb);
}

static void
ferry_history_group_init (FerryHistoryGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
