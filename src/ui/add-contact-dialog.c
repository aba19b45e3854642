/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "add-contact-dialog"

#include "config.h"

#include "ui/add-contact-dialog.h"

#include "proto/jid.h"
#include "ui/error-text.h"

struct _FerryAddContactDialog
{
  AdwWindow parent_instance;

  FerryRoster *roster; /* (owned) */
  GtkWidget   *add;
  GtkWidget   *address;
  GtkWidget   *name;
  GtkLabel    *error;
};

G_DEFINE_FINAL_TYPE (FerryAddContactDialog, ferry_add_contact_dialog, ADW_TYPE_WINDOW)

static void
complain (FerryAddContactDialog *self,
          const GError          *error)
{
  gtk_widget_set_visible (GTK_WIDGET (self->error), error != NULL);
  if (error != NULL)
    {
      g_autofree char *text = g_strjoin (" ", ferry_error_text_what (error),
                                         ferry_error_text_advice (error), NULL);

      gtk_label_set_label (self->error, text);
      gtk_widget_add_css_class (self->address, "error");
    }
  else
    gtk_widget_remove_css_class (self->address, "error");
}

static void
changed_cb (FerryAddContactDialog *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->address));

  gtk_widget_set_sensitive (self->add, *text != '\0');
  complain (self, NULL);
}

static void
add_done_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(FerryAddContactDialog) self = user_data;
  g_autoptr(GError) error = NULL;

  if (ferry_roster_add_finish (FERRY_ROSTER (source), result, &error))
    {
      gtk_window_destroy (GTK_WINDOW (self));
      return;
    }
  gtk_widget_set_sensitive (self->add, TRUE);
  complain (self, error);
}

static void
add_clicked_cb (FerryAddContactDialog *self)
{
  g_autofree char *typed = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->address)));
  const char *name = gtk_editable_get_text (GTK_EDITABLE (self->name));
  g_autofree char *jid = ferry_jid_normalise (g_strstrip (typed), NULL);
  g_autofree char *local = jid != NULL ? ferry_jid_dup_local (jid) : NULL;
  g_autofree char *bare = jid != NULL ? ferry_jid_dup_bare (jid) : NULL;

  if (!gtk_widget_get_sensitive (self->add))
    return;
  if (local == NULL || *local == '\0')
    {
      g_autoptr(GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                                                     "Not an address");
      complain (self, error);
      return;
    }
  gtk_widget_set_sensitive (self->add, FALSE);
  ferry_roster_add_async (self->roster, bare, *name != '\0' ? name : NULL, NULL, add_done_cb,
                          g_object_ref (self));
}

static void
ferry_add_contact_dialog_dispose (GObject *object)
{
  g_clear_object (&FERRY_ADD_CONTACT_DIALOG (object)->roster);
  G_OBJECT_CLASS (ferry_add_contact_dialog_parent_class)->dispose (object);
}

static void
ferry_add_contact_dialog_class_init (FerryAddContactDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ferry_add_contact_dialog_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/im/ferry/Ferry/add-contact-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, FerryAddContactDialog, add);
  gtk_widget_class_bind_template_child (widget_class, FerryAddContactDialog, address);
  gtk_widget_class_bind_template_child (widget_class, FerryAddContactDialog, name);
  gtk_widget_class_bind_template_child (widget_class, FerryAddContactDialog, error);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, add_clicked_cb);
}

static void
ferry_add_contact_dialog_init (FerryAddContactDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
ferry_add_contact_dialog_new (GtkWindow   *parent,
                              FerryRoster *roster,
                              const char  *jid)
{
  FerryAddContactDialog *self = g_object_new (FERRY_TYPE_ADD_CONTACT_DIALOG,
                                              "transient-for", parent, NULL);

  self->roster = g_object_ref (roster);
  if (jid != NULL)
    gtk_editable_set_text (GTK_EDITABLE (self->address), jid);
  gtk_widget_grab_focus (jid == NULL ? self->address : self->name);
  return GTK_WIDGET (self);
}
