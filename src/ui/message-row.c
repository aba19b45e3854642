/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "message-row"

#include "config.h"

#include "ui/message-row.h"

#include "ui/chat-text.h"

struct _FerryMessageRow
{
  AdwBin parent_instance;

  FerryMessage *message; /* (owned) (nullable) */
  char         *who;     /* (owned) (nullable) */
  GtkWidget    *bubble;
  GtkLabel     *body;
  GtkLabel     *time;
  GtkImage     *mark;
};

G_DEFINE_FINAL_TYPE (FerryMessageRow, ferry_message_row, ADW_TYPE_BIN)

GtkWidget *
ferry_message_row_new (void)
{
  return g_object_new (FERRY_TYPE_MESSAGE_ROW, NULL);
}

/* The list's own row widget is what screen readers meet (and it has no name). */
static void
update_accessible (FerryMessageRow *self)
{
  GtkWidget *parent = gtk_widget_get_parent (GTK_WIDGET (self));
  g_autofree char *summary = NULL;

  if (parent == NULL)
    return;
  summary = ferry_message_text_summary (self->message, self->who);
  gtk_accessible_update_property (GTK_ACCESSIBLE (parent),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, summary, -1);
}

static void
update_state (FerryMessageRow *self)
{
  const char *mark = ferry_message_text_mark (self->message);

  gtk_widget_set_visible (GTK_WIDGET (self->mark), ferry_message_is_own (self->message));
  gtk_image_set_from_icon_name (self->mark, ferry_message_text_icon (self->message));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->mark), mark);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->mark), GTK_ACCESSIBLE_PROPERTY_LABEL, mark,
                                  -1);
  if (ferry_message_get_state (self->message) == FERRY_MESSAGE_UNDELIVERED)
    gtk_widget_add_css_class (GTK_WIDGET (self->mark), "warning");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->mark), "warning");
  update_accessible (self);
}

static void
update_words (FerryMessageRow *self)
{
  gboolean is_own = ferry_message_is_own (self->message);
  g_autofree char *body = ferry_message_text_body (self->message);
  g_autofree char *time = ferry_message_text_time (self->message);

  gtk_label_set_label (self->body, body);
  gtk_label_set_label (self->time, time);
  gtk_widget_set_halign (self->bubble, is_own ? GTK_ALIGN_END : GTK_ALIGN_START);
  gtk_widget_set_css_classes (self->bubble, is_own ? (const char *[]) { "bubble", "own", NULL }
                                                   : (const char *[]) { "bubble", NULL });
}

void
ferry_message_row_set_message (FerryMessageRow *self,
                               FerryMessage    *message,
                               const char      *who)
{
  g_return_if_fail (FERRY_IS_MESSAGE_ROW (self));

  if (self->message != NULL)
    g_signal_handlers_disconnect_by_func (self->message, update_state, self);
  g_set_object (&self->message, message);
  g_free (self->who);
  self->who = g_strdup (who);
  if (message == NULL)
    return;
  g_signal_connect_object (message, "notify::state", G_CALLBACK (update_state), self,
                           G_CONNECT_SWAPPED);
  update_words (self);
  update_state (self);
}

static void
ferry_message_row_dispose (GObject *object)
{
  ferry_message_row_set_message (FERRY_MESSAGE_ROW (object), NULL, NULL);
  G_OBJECT_CLASS (ferry_message_row_parent_class)->dispose (object);
}

static void
ferry_message_row_class_init (FerryMessageRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ferry_message_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/im/ferry/Ferry/message-row.ui");
  gtk_widget_class_bind_template_child (widget_class, FerryMessageRow, bubble);
  gtk_widget_class_bind_template_child (widget_class, FerryMessageRow, body);
  gtk_widget_class_bind_template_child (widget_class, FerryMessageRow, time);
  gtk_widget_class_bind_template_child (widget_class, FerryMessageRow, mark);
}

static void
ferry_message_row_init (FerryMessageRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
