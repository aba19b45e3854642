/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "transfer-row"

#include "config.h"

#include "ui/transfer-row.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ui/display-text.h"
#include "ui/dropped-files.h"
#include "ui/transfer-badge.h"
#include "ui/transfer-details.h"
#include "ui/transfer-text.h"

struct _FerryTransferRow
{
  AdwBin parent_instance;

  FerryTransfer      *transfer; /* (owned) (nullable) */
  guint               tick;     /* an update is due with the next frame */
  GtkImage           *icon;
  GtkImage           *direction;
  GtkLabel           *name;
  GtkWidget          *verified;
  FerryTransferBadge *badge;
  GtkProgressBar     *progress;
  GtkInscription     *status;  /* not a label: new text must not lay the list out anew */
  GtkWidget          *decline;
  GtkWidget          *accept;
  GtkWidget          *pause;
  GtkWidget          *resume;
  GtkWidget          *cancel;
  GtkWidget          *retry;
  GtkWidget          *open;
  GtkWidget          *show;
  GtkWidget          *details;
};

G_DEFINE_FINAL_TYPE (FerryTransferRow, ferry_transfer_row, ADW_TYPE_BIN)

GtkWidget *
ferry_transfer_row_new (void)
{
  return g_object_new (FERRY_TYPE_TRANSFER_ROW, NULL);
}

FerryTransfer *
ferry_transfer_row_get_transfer (FerryTransferRow *self)
{
  g_return_val_if_fail (FERRY_IS_TRANSFER_ROW (self), NULL);
  return self->transfer;
}

/* Setting the same text again would lay the list out anew. */
static void
set_label (GtkLabel   *label,
           const char *text)
{
  if (g_strcmp0 (gtk_label_get_label (label), text) != 0)
    gtk_label_set_label (label, text);
}

static void
set_action (FerryTransferRow *self,
            GtkWidget        *button,
            const char       *action,
            gboolean          possible)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), action, possible);
  gtk_widget_set_visible (button, possible);
}

static void
update_actions (FerryTransferRow *self)
{
  FerryTransferState state = ferry_transfer_get_state (self->transfer);
  gboolean is_done = state == FERRY_TRANSFER_DONE;
  gboolean has_file = is_done && ferry_transfer_get_file (self->transfer) != NULL;
  gboolean is_ended = ferry_transfer_is_ended (self->transfer);
  gboolean is_received = ferry_transfer_get_direction (self->transfer) == FERRY_DIRECTION_RECEIVE;

  set_action (self, self->accept, "transfer.accept", state == FERRY_TRANSFER_OFFERED);
  set_action (self, self->decline, "transfer.decline", state == FERRY_TRANSFER_OFFERED);
  set_action (self, self->pause, "transfer.pause", state == FERRY_TRANSFER_RUNNING);
  set_action (self, self->resume, "transfer.resume", state == FERRY_TRANSFER_PAUSED);
  set_action (self, self->cancel, "transfer.cancel", !is_ended && state != FERRY_TRANSFER_OFFERED);
  set_action (self, self->retry, "transfer.retry", ferry_transfer_can_retry (self->transfer));
  set_action (self, self->open, "transfer.open", has_file && is_received);
  set_action (self, self->show, "transfer.show-in-folder", has_file);
  set_action (self, self->details, "transfer.details", state != FERRY_TRANSFER_WAITING &&
                                                       state != FERRY_TRANSFER_OFFERED);
}

static gboolean
has_progress (FerryTransferState state)
{
  return state == FERRY_TRANSFER_CONNECTING || state == FERRY_TRANSFER_RUNNING ||
         state == FERRY_TRANSFER_PAUSED || state == FERRY_TRANSFER_VERIFYING;
}

static void
update_progress (FerryTransferRow *self)
{
  gint64 size = ferry_transfer_get_size (self->transfer);
  gint64 bytes = ferry_transfer_get_bytes (self->transfer);

  if (size > 0)
    gtk_progress_bar_set_fraction (self->progress, CLAMP ((double) bytes / (double) size, 0, 1));
  else
    gtk_progress_bar_set_fraction (self->progress, 0);
}

#define LEFT_TO_RIGHT_MARK "\342\200\216"
#define RIGHT_TO_LEFT_MARK "\342\200\217"

/* Else the first letters, which may be a name in another script, say at which side
 * an inscription begins. */
static char *
dup_status (FerryTransferRow *self)
{
  gboolean is_rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  g_autofree char *status = ferry_transfer_text_status (self->transfer);

  return g_strconcat (is_rtl ? RIGHT_TO_LEFT_MARK : LEFT_TO_RIGHT_MARK, status, NULL);
}

static void
update_accessible (FerryTransferRow *self)
{
  GtkWidget *parent = gtk_widget_get_parent (GTK_WIDGET (self));
  g_autofree char *summary = ferry_transfer_text_summary (self->transfer);

  if (parent != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (parent),
                                    GTK_ACCESSIBLE_PROPERTY_LABEL, summary, -1);
}

/* What changes ten times a second; nothing else does while it runs. */
static void
update_numbers (FerryTransferRow *self)
{
  g_autofree char *status = dup_status (self);

  update_progress (self);
  if (g_strcmp0 (gtk_inscription_get_text (self->status), status) == 0)
    return;
  gtk_inscription_set_text (self->status, status);
  update_accessible (self);
}

static void
update_state (FerryTransferRow *self)
{
  FerryTransferState state = ferry_transfer_get_state (self->transfer);

  gtk_widget_set_visible (GTK_WIDGET (self->progress), has_progress (state));
  gtk_widget_set_visible (self->verified, state == FERRY_TRANSFER_DONE &&
                                          ferry_transfer_get_verified (self->transfer) ==
                                          FERRY_VERIFIED_YES);
  ferry_transfer_badge_update (self->badge, self->transfer);
  gtk_inscription_set_nat_lines (self->status, state == FERRY_TRANSFER_FAILED ? 2 : 1);
  if (state == FERRY_TRANSFER_FAILED)
    gtk_widget_add_css_class (GTK_WIDGET (self->status), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->status), "error");
  update_actions (self);
}

static void
update_identity (FerryTransferRow *self)
{
  gboolean is_outgoing = ferry_transfer_get_direction (self->transfer) == FERRY_DIRECTION_SEND;
  g_autofree char *name = ferry_display_text (ferry_transfer_get_name (self->transfer), 255);
  const char *type = ferry_transfer_get_content_type (self->transfer);
  g_autoptr(GIcon) icon = g_content_type_get_icon (type != NULL ? type
                                                                : "application/octet-stream");

  set_label (self->name, name);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->name), name);
  gtk_image_set_from_gicon (self->icon, icon);
  gtk_image_set_from_icon_name (self->direction, is_outgoing ? "go-up-symbolic"
                                                             : "go-down-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->direction), is_outgoing ? _("Sent") : _("Received"));
}

static gboolean
update_tick_cb (GtkWidget     *widget,
                GdkFrameClock *clock,
                gpointer       user_data)
{
  FerryTransferRow *self = FERRY_TRANSFER_ROW (widget);

  self->tick = 0;
  update_numbers (self);
  return G_SOURCE_REMOVE;
}

/* Bytes, rate and time left are notified one after the other: one update for all. */
static void
transfer_notify_cb (FerryTransferRow *self,
                    GParamSpec       *pspec)
{
  if (g_str_equal (pspec->name, "bytes") || g_str_equal (pspec->name, "rate") ||
      g_str_equal (pspec->name, "seconds-left"))
    {
      if (self->tick == 0)
        self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), update_tick_cb, NULL, NULL);
      return;
    }
  update_identity (self);
  update_state (self);
  update_numbers (self);
  update_accessible (self);
}

static void
contact_presence_cb (FerryTransferRow *self)
{
  update_numbers (self);
}

static void
drop_transfer (FerryTransferRow *self)
{
  FerryContact *contact = ferry_transfer_get_contact (self->transfer);

  if (self->tick != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick);
  self->tick = 0;
  g_signal_handlers_disconnect_by_func (self->transfer, transfer_notify_cb, self);
  if (contact != NULL)
    g_signal_handlers_disconnect_by_func (contact, contact_presence_cb, self);
  g_clear_object (&self->transfer);
}

void
ferry_transfer_row_set_transfer (FerryTransferRow *self,
                                 FerryTransfer    *transfer)
{
  FerryContact *contact;

  g_return_if_fail (FERRY_IS_TRANSFER_ROW (self));

  if (self->transfer == transfer)
    return;
  if (self->transfer != NULL)
    drop_transfer (self);
  if (transfer == NULL)
    return;

  self->transfer = g_object_ref (transfer);
  g_signal_connect_object (transfer, "notify", G_CALLBACK (transfer_notify_cb), self,
                           G_CONNECT_SWAPPED);
  contact = ferry_transfer_get_contact (transfer);
  if (contact != NULL)
    g_signal_connect_object (contact, "notify::presence", G_CALLBACK (contact_presence_cb), self,
                             G_CONNECT_SWAPPED);
  update_identity (self);
  update_state (self);
  gtk_inscription_set_text (self->status, "");
  update_numbers (self);
}

static GdkContentProvider *
drag_prepare_cb (FerryTransferRow *self,
                 double            x,
                 double            y)
{
  if (self->transfer == NULL || ferry_transfer_get_state (self->transfer) != FERRY_TRANSFER_DONE ||
      ferry_transfer_get_file (self->transfer) == NULL)
    return NULL;
  return ferry_dropped_files_provide (ferry_transfer_get_file (self->transfer));
}

static void
drag_begin_cb (FerryTransferRow *self,
               GdkDrag          *drag,
               GtkDragSource    *source)
{
  g_autoptr(GdkPaintable) paintable = gtk_widget_paintable_new (GTK_WIDGET (self->icon));

  gtk_drag_source_set_icon (source, paintable, 0, 0);
}

static void
pause_action (GtkWidget  *widget,
              const char *action,
              GVariant   *parameter)
{
  ferry_transfer_set_paused (FERRY_TRANSFER_ROW (widget)->transfer,
                             g_str_equal (action, "transfer.pause"));
}

static void
cancel_action (GtkWidget  *widget,
               const char *action,
               GVariant   *parameter)
{
  ferry_transfer_cancel (FERRY_TRANSFER_ROW (widget)->transfer);
}

static void
decline_action (GtkWidget  *widget,
                const char *action,
                GVariant   *parameter)
{
  ferry_transfer_decline (FERRY_TRANSFER_ROW (widget)->transfer);
}

static void
accept_action (GtkWidget  *widget,
               const char *action,
               GVariant   *parameter)
{
  ferry_transfer_accept (FERRY_TRANSFER_ROW (widget)->transfer, NULL, NULL);
}

/* transfer.open → win.open-file and so on: the window knows the queue. */
static void
window_action (GtkWidget  *widget,
               const char *action,
               GVariant   *parameter)
{
  g_autofree char *win_action = g_strconcat ("win.", strchr (action, '.') + 1, "-transfer", NULL);
  const char *id = ferry_transfer_get_id (FERRY_TRANSFER_ROW (widget)->transfer);

  gtk_widget_activate_action (widget, win_action, "s", id);
}

static void
details_action (GtkWidget  *widget,
                const char *action,
                GVariant   *parameter)
{
  FerryTransferRow *self = FERRY_TRANSFER_ROW (widget);

  gtk_window_present (GTK_WINDOW (
    ferry_transfer_details_new (GTK_WINDOW (gtk_widget_get_root (widget)), self->transfer)));
}

static void
ferry_transfer_row_dispose (GObject *object)
{
  ferry_transfer_row_set_transfer (FERRY_TRANSFER_ROW (object), NULL);
  G_OBJECT_CLASS (ferry_transfer_row_parent_class)->dispose (object);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "transfer.accept", NULL, accept_action);
  gtk_widget_class_install_action (widget_class, "transfer.decline", NULL, decline_action);
  gtk_widget_class_install_action (widget_class, "transfer.pause", NULL, pause_action);
  gtk_widget_class_install_action (widget_class, "transfer.resume", NULL, pause_action);
  gtk_widget_class_install_action (widget_class, "transfer.cancel", NULL, cancel_action);
  gtk_widget_class_install_action (widget_class, "transfer.retry", NULL, window_action);
  gtk_widget_class_install_action (widget_class, "transfer.open", NULL, window_action);
  gtk_widget_class_install_action (widget_class, "transfer.show-in-folder", NULL, window_action);
  gtk_widget_class_install_action (widget_class, "transfer.details", NULL, details_action);
}

static void
ferry_transfer_row_class_init (FerryTransferRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (FERRY_TYPE_TRANSFER_BADGE);
  G_OBJECT_CLASS (klass)->dispose = ferry_transfer_row_dispose;
  install_actions (widget_class);

  gtk_widget_class_set_template_from_resource (widget_class, "/im/ferry/Ferry/transfer-row.ui");
  gtk_widget_class_bind_template_child (widget_class, FerryTransferRow, icon);
  gtk_widget_class_bind_template_child (widget_class, FerryTransferRow, direction);
  gtk_widget_class_bind_template_child (widget_class, FerryTransferRow, name);
  gtk_widget_class_bind_template_child (widget_class, FerryTransferRow, verified);
  gtk_widget_class_bind_template_child (widget_class, FerryTransferRow, badge);
  gtk_widget_class_bind_template_child (widget_class, FerryTransferRow, progress);
  gtk_widget_class_bind_template_child (widget_class, FerryTransferRow, status);
  gtk_widget_class_bind_template_child (widget_class, FerryTransferRow, decline);
  gtk_widget_class_bind_template_child (widget_class, FerryTransferRow, accept);
  gtk_widget_class_bind_template_child (widget_class, FerryTransferRow, pause);
  gtk_widget_class_bind_template_child (widget_class, FerryTransferRow, resume);
  gtk_widget_class_bind_template_child (widget_class, FerryTransferRow, cancel);
  gtk_widget_class_bind_template_child (widget_class, FerryTransferRow, retry);
  gtk_widget_class_bind_template_child (widget_class, FerryTransferRow, open);
  gtk_widget_class_bind_template_child (widget_class, FerryTransferRow, show);
  gtk_widget_class_bind_template_child (widget_class, FerryTransferRow, details);
  gtk_widget_class_bind_template_callback (widget_class, drag_prepare_cb);
  gtk_widget_class_bind_template_callback (widget_class, drag_begin_cb);
}

static void
ferry_transfer_row_init (FerryTransferRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
