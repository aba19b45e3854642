/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "chat-request-dialog"

#include "config.h"

#include "ui/chat-request-dialog.h"

#include <glib/gi18n.h>

#include "ui/contact-text.h"
#include "ui/display-text.h"
#include "ui/trust-text.h"

#define ARM_DELAY 500 /* milliseconds */

struct _FerryChatRequestDialog
{
  AdwMessageDialog parent_instance;

  guint      arm_source;
  gboolean   is_phrase_wanted;
  GtkImage  *lock;
  GtkWidget *level;
  GtkWidget *stranger;
  GtkWidget *phrase_box;
  GtkWidget *phrase;
};

G_DEFINE_FINAL_TYPE (FerryChatRequestDialog, ferry_chat_request_dialog, ADW_TYPE_MESSAGE_DIALOG)

char *
ferry_chat_request_dialog_dup_phrase (FerryChatRequestDialog *self)
{
  g_return_val_if_fail (FERRY_IS_CHAT_REQUEST_DIALOG (self), NULL);

  if (!self->is_phrase_wanted)
    return NULL;
  return g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->phrase)));
}

static void
update_responses (FerryChatRequestDialog *self)
{
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (self);
  gboolean is_armed = self->arm_source == 0;
  gboolean is_complete = !self->is_phrase_wanted ||
                         *gtk_editable_get_text (GTK_EDITABLE (self->phrase)) != '\0';

  gtk_widget_set_sensitive (self->phrase_box, is_armed);
  adw_message_dialog_set_response_enabled (dialog, "decline", is_armed);
  adw_message_dialog_set_response_enabled (dialog, "accept", is_armed && is_complete);
  adw_message_dialog_set_default_response (dialog, is_armed ? "accept" : NULL);
}

static gboolean
arm_cb (gpointer user_data)
{
  FerryChatRequestDialog *self = user_data;

  self->arm_source = 0;
  update_responses (self);
  return G_SOURCE_REMOVE;
}

static void
phrase_changed_cb (FerryChatRequestDialog *self)
{
  update_responses (self);
}

static void
phrase_activated_cb (FerryChatRequestDialog *self)
{
  if (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (self), "accept"))
    adw_message_dialog_response (ADW_MESSAGE_DIALOG (self), "accept");
}

static void
describe (FerryChatRequestDialog *self,
          FerryContact           *contact,
          FerryTrust             *trust)
{
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (self);
  g_autofree char *name = ferry_contact_text_name (contact);
  g_autofree char *address = ferry_display_text (ferry_contact_get_jid (contact), 120);
  gboolean is_changed;
  FerryTrustLevel level = ferry_trust_text_lookup (trust, ferry_contact_get_jid (contact),
                                                   &is_changed);
  const char *shown = _("Identity not verified");

  /* Translators: %s is a contact */
  adw_message_dialog_format_heading (dialog, _("%s Wants to Chat Securely"), name);
  adw_message_dialog_set_body (dialog, address);
  gtk_image_set_from_icon_name (self->lock, ferry_trust_text_icon (level, is_changed));
  if (is_changed)
    shown = _("Their key has changed");
  else if (ferry_trust_text_is_verified (level))
    shown = ferry_trust_text_level (level);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->level), shown);
  gtk_widget_set_visible (self->stranger, !ferry_contact_get_in_roster (contact));
}

FerryChatRequestDialog *
ferry_chat_request_dialog_new (GtkWindow  *parent,
                               FerryChat  *chat,
                               FerryTrust *trust)
{
  FerryChatRequestDialog *self = g_object_new (FERRY_TYPE_CHAT_REQUEST_DIALOG,
                                               "transient-for", parent, NULL);

  g_return_val_if_fail (FERRY_IS_CHAT (chat), NULL);

  self->is_phrase_wanted = ferry_chat_is_phrase_wanted (chat);
  gtk_widget_set_visible (self->phrase_box, self->is_phrase_wanted);
  describe (self, ferry_chat_get_contact (chat), trust);
  self->arm_source = g_timeout_add (ARM_DELAY, arm_cb, self);
  update_responses (self);
  return self;
}

static void
ferry_chat_request_dialog_dispose (GObject *object)
{
  FerryChatRequestDialog *self = FERRY_CHAT_REQUEST_DIALOG (object);

  g_clear_handle_id (&self->arm_source, g_source_remove);
  G_OBJECT_CLASS (ferry_chat_request_dialog_parent_class)->dispose (object);
}

static void
ferry_chat_request_dialog_class_init (FerryChatRequestDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ferry_chat_request_dialog_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/im/ferry/Ferry/chat-request-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, FerryChatRequestDialog, lock);
  gtk_widget_class_bind_template_child (widget_class, FerryChatRequestDialog, level);
  gtk_widget_class_bind_template_child (widget_class, FerryChatRequestDialog, stranger);
  gtk_widget_class_bind_template_child (widget_class, FerryChatRequestDialog, phrase_box);
  gtk_widget_class_bind_template_child (widget_class, FerryChatRequestDialog, phrase);
  gtk_widget_class_bind_template_callback (widget_class, phrase_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, phrase_activated_cb);
}

static void
ferry_chat_request_dialog_init (FerryChatRequestDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
