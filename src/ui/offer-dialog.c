/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "offer-dialog"

#include "config.h"

#include "ui/offer-dialog.h"

#include <glib/gi18n.h>

#include "ui/chat-text.h"
#include "ui/contact-text.h"
#include "ui/display-text.h"
#include "ui/format.h"
#include "ui/trust-text.h"

#define ARM_DELAY 500 /* milliseconds */

struct _FerryOfferDialog
{
  AdwMessageDialog parent_instance;

  guint      arm_source;
  GtkImage  *icon;
  GtkLabel  *name;
  GtkLabel  *kind;
  GtkWidget *stranger;
  GtkWidget *unverified;
  GtkImage  *lock;
  GtkWidget *level;
  GtkWidget *verify;
  GtkLabel  *where;
};

enum { SIGNAL_VERIFY, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FerryOfferDialog, ferry_offer_dialog, ADW_TYPE_MESSAGE_DIALOG)

static const char *const responses[] = { "decline", "save-as", "accept" };

static void
set_armed (FerryOfferDialog *self,
           gboolean          armed)
{
  for (guint i = 0; i < G_N_ELEMENTS (responses); i++)
    adw_message_dialog_set_response_enabled (ADW_MESSAGE_DIALOG (self), responses[i], armed);
  gtk_widget_set_sensitive (self->verify, armed);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (self), armed ? "accept" : NULL);
}

static gboolean
arm_cb (gpointer user_data)
{
  FerryOfferDialog *self = user_data;

  self->arm_source = 0;
  set_armed (self, TRUE);
  return G_SOURCE_REMOVE;
}

static void
describe_sender (FerryOfferDialog *self,
                 FerryContact     *contact)
{
  g_autofree char *name = ferry_contact_text_name (contact);
  g_autofree char *address = ferry_display_text (ferry_contact_get_jid (contact), 120);

  /* Translators: %s is a contact */
  adw_message_dialog_format_heading (ADW_MESSAGE_DIALOG (self), _("%s Wants to Send a File"), name);
  adw_message_dialog_set_body (ADW_MESSAGE_DIALOG (self), address);
  gtk_widget_set_visible (self->stranger, !ferry_contact_get_in_roster (contact));
}

/* Nothing is said of who is known for sure. */
static void
describe_trust (FerryOfferDialog *self,
                FerryContact     *contact,
                FerryTrust       *trust)
{
  gboolean is_changed;
  FerryTrustLevel level = ferry_trust_text_lookup (trust, ferry_contact_get_jid (contact),
                                                   &is_changed);

  gtk_widget_set_visible (self->unverified, is_changed || !ferry_trust_text_is_verified (level));
  gtk_image_set_from_icon_name (self->lock, ferry_trust_text_icon (level, is_changed));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->level),
                                 is_changed ? _("Their key has changed")
                                            : _("Identity not verified"));
  gtk_widget_set_visible (self->verify, is_changed || ferry_chat_text_can_open (contact));
}

static void
verify_clicked_cb (FerryOfferDialog *self)
{
  g_signal_emit (self, signals[SIGNAL_VERIFY], 0);
}

static void
describe_file (FerryOfferDialog *self,
               FerryTransfer    *transfer,
               const char       *download_dir)
{
  const char *type = ferry_transfer_get_content_type (transfer);
  g_autofree char *name = ferry_display_text (ferry_transfer_get_name (transfer), 255);
  g_autofree char *size = ferry_format_size (ferry_transfer_get_size (transfer));
  gboolean is_known = type != NULL && !g_content_type_is_unknown (type);
  g_autofree char *type_text = is_known ? g_content_type_get_description (type) : NULL;
  g_autofree char *kind = g_strjoin (" · ", size, type_text, NULL);
  g_autoptr(GIcon) icon = g_content_type_get_icon (type != NULL ? type
                                                                : "application/octet-stream");
  g_autofree char *folder = g_filename_display_basename (download_dir);
  g_autofree char *where = g_strdup_printf (_("Accept saves it in “%s”. Nothing is overwritten."),
                                            folder);

  gtk_image_set_from_gicon (self->icon, icon);
  gtk_label_set_label (self->name, name);
  gtk_label_set_label (self->kind, kind);
  gtk_label_set_label (self->where, where);
}

FerryOfferDialog *
ferry_offer_dialog_new (GtkWindow     *parent,
                        FerryTransfer *transfer,
                        const char    *download_dir,
                        FerryTrust    *trust)
{
  FerryOfferDialog *self = g_object_new (FERRY_TYPE_OFFER_DIALOG, "transient-for", parent, NULL);

  g_return_val_if_fail (FERRY_IS_TRANSFER (transfer), NULL);

  describe_sender (self, ferry_transfer_get_contact (transfer));
  describe_trust (self, ferry_transfer_get_contact (transfer), trust);
  describe_file (self, transfer, download_dir);
  set_armed (self, FALSE);
  self->arm_source = g_timeout_add (ARM_DELAY, arm_cb, self);
  return self;
}

static void
ferry_offer_dialog_dispose (GObject *object)
{
  FerryOfferDialog *self = FERRY_OFFER_DIALOG (object);

  g_clear_handle_id (&self->arm_source, g_source_remove);
  G_OBJECT_CLASS (ferry_offer_dialog_parent_class)->dispose (object);
}

static void
ferry_offer_dialog_class_init (FerryOfferDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ferry_offer_dialog_dispose;
  signals[SIGNAL_VERIFY] = g_signal_new ("verify", FERRY_TYPE_OFFER_DIALOG, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/im/ferry/Ferry/offer-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, FerryOfferDialog, icon);
  gtk_widget_class_bind_template_child (widget_class, FerryOfferDialog, name);
  gtk_widget_class_bind_template_child (widget_class, FerryOfferDialog, kind);
  gtk_widget_class_bind_template_child (widget_class, FerryOfferDialog, stranger);
  gtk_widget_class_bind_template_child (widget_class, FerryOfferDialog, unverified);
  gtk_widget_class_bind_template_child (widget_class, FerryOfferDialog, lock);
  gtk_widget_class_bind_template_child (widget_class, FerryOfferDialog, level);
  gtk_widget_class_bind_template_child (widget_class, FerryOfferDialog, verify);
  gtk_widget_class_bind_template_child (widget_class, FerryOfferDialog, where);
  gtk_widget_class_bind_template_callback (widget_class, verify_clicked_cb);
}

static void
ferry_offer_dialog_init (FerryOfferDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
