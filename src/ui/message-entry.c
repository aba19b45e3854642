/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "message-entry"

#include "config.h"

#include "ui/message-entry.h"

struct _FerryMessageEntry
{
  AdwBin parent_instance;

  GtkTextView   *text;
  GtkTextBuffer *buffer;
  GtkWidget     *placeholder;
  GtkWidget     *attach;
  GtkWidget     *send;
  gboolean       is_enabled;
};

enum { SIGNAL_SUBMITTED, SIGNAL_WRITING, SIGNAL_ATTACH, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FerryMessageEntry, ferry_message_entry, ADW_TYPE_BIN)

void
ferry_message_entry_focus (FerryMessageEntry *self)
{
  g_return_if_fail (FERRY_IS_MESSAGE_ENTRY (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->text));
}

static char *
dup_text (FerryMessageEntry *self)
{
  char *text;

  g_object_get (self->buffer, "text", &text, NULL);
  return g_strstrip (text);
}

static void
changed_cb (FerryMessageEntry *self)
{
  gboolean is_empty = gtk_text_buffer_get_char_count (self->buffer) == 0;
  g_autofree char *text = dup_text (self);

  gtk_widget_set_visible (self->placeholder, is_empty);
  gtk_widget_set_sensitive (self->send, self->is_enabled && *text != '\0');
  g_signal_emit (self, signals[SIGNAL_WRITING], 0, *text != '\0');
}

/* Empty first: whoever hears of the message may look here. */
static void
submit_cb (FerryMessageEntry *self)
{
  g_autofree char *text = dup_text (self);

  if (*text == '\0' || !self->is_enabled)
    return;
  gtk_text_buffer_set_text (self->buffer, "", -1);
  g_signal_emit (self, signals[SIGNAL_SUBMITTED], 0, text);
  gtk_widget_grab_focus (GTK_WIDGET (self->text));
}

/* Each by itself: who cannot see is told of a widget's own state alone. */
void
ferry_message_entry_set_enabled (FerryMessageEntry *self,
                                 gboolean           enabled)
{
  g_return_if_fail (FERRY_IS_MESSAGE_ENTRY (self));

  if (self->is_enabled == enabled)
    return;
  self->is_enabled = enabled;
  gtk_widget_set_sensitive (GTK_WIDGET (self->text), enabled);
  gtk_widget_set_sensitive (self->attach, enabled);
  changed_cb (self);
}

static void
attach_cb (FerryMessageEntry *self)
{
  g_signal_emit (self, signals[SIGNAL_ATTACH], 0);
}

/* Before the text sees it; but an input method that is composing comes first. */
static gboolean
key_pressed_cb (FerryMessageEntry     *self,
                guint                  keyval,
                guint                  keycode,
                GdkModifierType        state,
                GtkEventControllerKey *controller)
{
  GdkEvent *event = gtk_event_controller_get_current_event (GTK_EVENT_CONTROLLER (controller));

  if (keyval != GDK_KEY_Return && keyval != GDK_KEY_KP_Enter && keyval != GDK_KEY_ISO_Enter)
    return GDK_EVENT_PROPAGATE;
  if ((state & (GDK_SHIFT_MASK | GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;
  if (!gtk_text_view_im_context_filter_keypress (self->text, event))
    submit_cb (self);
  return GDK_EVENT_STOP;
}

static void
ferry_message_entry_class_init (FerryMessageEntryClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  signals[SIGNAL_SUBMITTED] =
    g_signal_new ("submitted", FERRY_TYPE_MESSAGE_ENTRY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_WRITING] =
    g_signal_new ("writing", FERRY_TYPE_MESSAGE_ENTRY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
  signals[SIGNAL_ATTACH] =
    g_signal_new ("attach", FERRY_TYPE_MESSAGE_ENTRY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/im/ferry/Ferry/message-entry.ui");
  gtk_widget_class_bind_template_child (widget_class, FerryMessageEntry, text);
  gtk_widget_class_bind_template_child (widget_class, FerryMessageEntry, buffer);
  gtk_widget_class_bind_template_child (widget_class, FerryMessageEntry, placeholder);
  gtk_widget_class_bind_template_child (widget_class, FerryMessageEntry, attach);
  gtk_widget_class_bind_template_child (widget_class, FerryMessageEntry, send);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, submit_cb);
  gtk_widget_class_bind_template_callback (widget_class, attach_cb);
  gtk_widget_class_bind_template_callback (widget_class, key_pressed_cb);
}

static void
ferry_message_entry_init (FerryMessageEntry *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->is_enabled = TRUE;
  changed_cb (self);
}
