/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "notifier"

#include "config.h"

#include "ui/notifier.h"

#include <glib/gi18n.h>

#include "ui/contact-text.h"
#include "ui/display-text.h"
#include "ui/error-text.h"
#include "ui/format.h"

struct _FerryNotifier
{
  GObject parent_instance;

  GtkApplication     *app;
  GSettings          *settings; /* (owned) */
  FerryTransferQueue *queue;    /* (owned) */
  GPtrArray          *asked;    /* (owned): FerryTransfers whose notification waits for an answer */
};

G_DEFINE_FINAL_TYPE (FerryNotifier, ferry_notifier, G_TYPE_OBJECT)

static gboolean
is_watched (FerryNotifier *self)
{
  GtkWindow *window = gtk_application_get_active_window (self->app);

  return window != NULL && gtk_window_is_active (window);
}

static void
send (FerryNotifier *self,
      FerryTransfer *transfer,
      GNotification *notification)
{
  g_application_send_notification (G_APPLICATION (self->app), ferry_transfer_get_id (transfer),
                                   notification);
}

static void
withdraw (FerryNotifier *self,
          FerryTransfer *transfer)
{
  g_application_withdraw_notification (G_APPLICATION (self->app), ferry_transfer_get_id (transfer));
}

/* Answered, wherever it was, or withdrawn by the peer. */
static void
transfer_state_cb (FerryNotifier *self,
                   GParamSpec    *pspec,
                   FerryTransfer *transfer)
{
  if (ferry_transfer_get_state (transfer) == FERRY_TRANSFER_OFFERED)
    return;
  g_signal_handlers_disconnect_by_func (transfer, transfer_state_cb, self);
  withdraw (self, transfer);
  g_ptr_array_remove (self->asked, transfer);
}

static void
queue_offered_cb (FerryNotifier *self,
                  FerryTransfer *transfer)
{
  const char *id = ferry_transfer_get_id (transfer);
  g_autofree char *who = ferry_contact_text_name (ferry_transfer_get_contact (transfer));
  g_autofree char *name = ferry_display_text (ferry_transfer_get_name (transfer), 120);
  g_autofree char *size = ferry_format_size (ferry_transfer_get_size (transfer));
  g_autofree char *title = g_strdup_printf (_("%s wants to send a file"), who);
  g_autofree char *body = g_strdup_printf ("%s · %s", name, size);
  g_autoptr(GNotification) notification = NULL;

  if (is_watched (self) || !g_settings_get_boolean (self->settings, "notify-offers"))
    return;
  notification = g_notification_new (title);
  g_notification_set_body (notification, body);
  g_notification_set_priority (notification, G_NOTIFICATION_PRIORITY_HIGH);
  g_notification_set_default_action_and_target (notification, "app.show", "s", id);
  g_notification_add_button_with_target (notification, _("Decline"), "app.decline", "s", id);
  g_notification_add_button_with_target (notification, _("Accept"), "app.accept", "s", id);
  g_signal_connect_object (transfer, "notify::state", G_CALLBACK (transfer_state_cb), self,
                           G_CONNECT_SWAPPED);
  g_ptr_array_add (self->asked, g_object_ref (transfer));
  send (self, transfer, notification);
}

static void
notify_arrival (FerryNotifier *self,
                FerryTransfer *transfer)
{
  const char *id = ferry_transfer_get_id (transfer);
  g_autofree char *who = ferry_contact_text_name (ferry_transfer_get_contact (transfer));
  g_autofree char *name = ferry_display_text (ferry_transfer_get_name (transfer), 120);
  g_autofree char *title = g_strdup_printf (_("A file from %s has arrived"), who);
  g_autoptr(GNotification) notification = g_notification_new (title);

  g_notification_set_body (notification, name);
  g_notification_set_default_action_and_target (notification, "app.show", "s", id);
  g_notification_add_button_with_target (notification, _("Open"), "app.open-file", "s", id);
  g_notification_add_button_with_target (notification, _("Show in Folder"), "app.show-in-folder",
                                         "s", id);
  send (self, transfer, notification);
}

static void
notify_failure (FerryNotifier *self,
                FerryTransfer *transfer)
{
  g_autofree char *name = ferry_display_text (ferry_transfer_get_name (transfer), 120);
  const char *what = ferry_error_text_what (ferry_transfer_get_error (transfer));
  g_autofree char *body = g_strdup_printf ("%s: %s", name, what);
  g_autoptr(GNotification) notification = g_notification_new (_("A file did not get through"));

  g_notification_set_body (notification, body);
  g_notification_set_default_action_and_target (notification, "app.show", "s",
                                                ferry_transfer_get_id (transfer));
  send (self, transfer, notification);
}

static void
queue_ended_cb (FerryNotifier *self,
                FerryTransfer *transfer)
{
  if (is_watched (self) || !g_settings_get_boolean (self->settings, "notify-arrivals"))
    return;
  if (ferry_transfer_get_state (transfer) == FERRY_TRANSFER_FAILED)
    notify_failure (self, transfer);
  else if (ferry_transfer_get_state (transfer) == FERRY_TRANSFER_DONE &&
           ferry_transfer_get_direction (transfer) == FERRY_DIRECTION_RECEIVE)
    notify_arrival (self, transfer);
}

FerryNotifier *
ferry_notifier_new (GtkApplication     *app,
                    GSettings          *settings,
                    FerryTransferQueue *queue)
{
  FerryNotifier *self = g_object_new (FERRY_TYPE_NOTIFIER, NULL);

  self->app = app;
  self->settings = g_object_ref (settings);
  self->queue = g_object_ref (queue);
  g_signal_connect_object (queue, "offered", G_CALLBACK (queue_offered_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (queue, "ended", G_CALLBACK (queue_ended_cb), self, G_CONNECT_SWAPPED);
  return self;
}

/* Nobody is left to hear the buttons of an open question. */
static void
ferry_notifier_dispose (GObject *object)
{
  FerryNotifier *self = FERRY_NOTIFIER (object);

  for (guint i = 0; i < self->asked->len; i++)
    withdraw (self, self->asked->pdata[i]);
  g_ptr_array_set_size (self->asked, 0);
  g_clear_object (&self->settings);
  g_clear_object (&self->queue);
  G_OBJECT_CLASS (ferry_notifier_parent_class)->dispose (object);
}

static void
ferry_notifier_finalize (GObject *object)
{
  g_ptr_array_unref (FERRY_NOTIFIER (object)->asked);
  G_OBJECT_CLASS (ferry_notifier_parent_class)->finalize (object);
}

static void
ferry_notifier_class_init (FerryNotifierClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ferry_notifier_dispose;
  G_OBJECT_CLASS (klass)->finalize = ferry_notifier_finalize;
}

static void
ferry_notifier_init (FerryNotifier *self)
{
  self->asked = g_ptr_array_new_with_free_func (g_object_unref);
}
