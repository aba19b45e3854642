/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "transfer-details"

#include "config.h"

#include "ui/transfer-details.h"

#include "ui/error-text.h"
#include "ui/transfer-text.h"

static void
copy_clicked_cb (GtkButton *button,
                 GtkLabel  *details)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (button)),
                          gtk_label_get_label (details));
}

static gboolean
unparent_cb (gpointer user_data)
{
  gtk_widget_unparent (user_data);
  return G_SOURCE_REMOVE;
}

/* Not at once: a button inside it may still be handling its click. */
static void
popover_closed_cb (GtkWidget *popover)
{
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, unparent_cb, g_object_ref (popover), g_object_unref);
}

static void
say (GtkBuilder *builder,
     const char *id,
     const char *text)
{
  GtkWidget *label = GTK_WIDGET (gtk_builder_get_object (builder, id));

  gtk_widget_set_visible (label, text != NULL && *text != '\0');
  gtk_label_set_label (GTK_LABEL (label), text != NULL ? text : "");
}

void
ferry_transfer_details_popup (FerryTransfer *transfer,
                              GtkWidget     *button)
{
  g_autoptr(GtkBuilder) builder =
    gtk_builder_new_from_resource ("/im/ferry/Ferry/transfer-details.ui");
  GtkWidget *popover = GTK_WIDGET (gtk_builder_get_object (builder, "popover"));
  const GError *error = ferry_transfer_get_error (transfer);
  g_autofree char *status = ferry_transfer_text_status (transfer);
  g_autofree char *details = ferry_transfer_text_details (transfer);

  say (builder, "what", status);
  say (builder, "advice", error != NULL ? ferry_error_text_advice (error) : NULL);
  say (builder, "details", details);
  g_signal_connect_object (gtk_builder_get_object (builder, "copy"), "clicked",
                           G_CALLBACK (copy_clicked_cb),
                           gtk_builder_get_object (builder, "details"), 0);
  g_signal_connect (popover, "closed", G_CALLBACK (popover_closed_cb), NULL);
  g_signal_connect_object (button, "destroy", G_CALLBACK (gtk_widget_unparent), popover,
                           G_CONNECT_SWAPPED);
  gtk_widget_set_parent (popover, button);
  gtk_popover_popup (GTK_POPOVER (popover));
  /* The text comes first, and with the focus it was selected. */
  gtk_widget_grab_focus (GTK_WIDGET (gtk_builder_get_object (builder, "copy")));
  gtk_label_select_region (GTK_LABEL (gtk_builder_get_object (builder, "details")), 0, 0);
}
