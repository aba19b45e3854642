/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "chat-window"

#include "config.h"

#include "ui/chat-window.h"

#include <glib/gi18n.h>

#include "ui/chat-page.h"
#include "ui/chat-text.h"
#include "ui/contact-text.h"
#include "ui/dropped-files.h"
#include "ui/trust-dialogs.h"
#include "ui/trust-text.h"
#include "ui/verify-page.h"

#define TOAST_TIMEOUT 4 /* seconds */

struct _FerryChatWindow
{
  AdwWindow parent_instance;

  FerryChat            *chat;    /* (owned) (nullable) */
  FerryTrust           *trust;   /* (owned) (nullable) */
  GtkFileChooserNative *chooser; /* (owned) (nullable): while it is open */

  AdwToastOverlay *toasts;
  AdwWindowTitle  *title;
  GtkWidget       *back_button;
  GtkWidget       *lock_button;
  GtkStack        *stack;
  FerryChatPage   *chat_page;
  FerryVerifyPage *verify_page;
  GtkDropTarget   *drop_target;
  GtkRevealer     *drop_revealer;
  AdwStatusPage   *drop_page;
};

enum { SIGNAL_FILES_GIVEN, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FerryChatWindow, ferry_chat_window, ADW_TYPE_WINDOW)

FerryChat *
ferry_chat_window_get_chat (FerryChatWindow *self)
{
  g_return_val_if_fail (FERRY_IS_CHAT_WINDOW (self), NULL);
  return self->chat;
}

void
ferry_chat_window_say (FerryChatWindow *self,
                       const char      *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  AdwToast *toast;

  g_return_if_fail (FERRY_IS_CHAT_WINDOW (self));

  toast = adw_toast_new (escaped);
  adw_toast_set_timeout (toast, TOAST_TIMEOUT);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

static gboolean
is_verifying (FerryChatWindow *self)
{
  return g_str_equal (gtk_stack_get_visible_child_name (self->stack), "verify");
}

static void
update_title (FerryChatWindow *self)
{
  g_autofree char *name = ferry_contact_text_name (ferry_chat_get_contact (self->chat));
  g_autofree char *state = ferry_chat_text_state (self->chat);
  /* Translators: %s is a contact */
  g_autofree char *verify = g_strdup_printf (_("Verify %s"), name);
  g_autofree char *window = g_strdup_printf (_("Secure Chat with %s"), name);

  adw_window_title_set_title (self->title, is_verifying (self) ? verify : name);
  adw_window_title_set_subtitle (self->title, state);
  gtk_window_set_title (GTK_WINDOW (self), window);
}

static void
update_lock (FerryChatWindow *self)
{
  FerryTrustLevel level = ferry_chat_text_level (self->chat, self->trust);
  gboolean is_changed = ferry_chat_is_changed (self->chat);
  const char *state = is_changed ? _("Another key was shown") : ferry_trust_text_level (level);
  g_autofree char *tooltip = g_strdup_printf ("%s (%s)", _("Verify"), state);

  gtk_button_set_icon_name (GTK_BUTTON (self->lock_button),
                            ferry_trust_text_icon (level, is_changed));
  gtk_widget_set_tooltip_text (self->lock_button, tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->lock_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, tooltip, -1);
  if (is_changed)
    gtk_widget_add_css_class (self->lock_button, "error");
  else
    gtk_widget_remove_css_class (self->lock_button, "error");
}

static void
update_actions (FerryChatWindow *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  FerryChatState state = ferry_chat_get_state (self->chat);
  gboolean is_changed = ferry_chat_is_changed (self->chat);
  const FerryPin *pin =
    ferry_trust_lookup (self->trust, ferry_contact_get_jid (ferry_chat_get_contact (self->chat)));

  gtk_widget_action_set_enabled (widget, "win.reopen", !is_changed && state == FERRY_CHAT_CLOSED);
  gtk_widget_action_set_enabled (widget, "win.close-chat", state != FERRY_CHAT_CLOSED &&
                                                           state != FERRY_CHAT_CLOSING);
  gtk_widget_action_set_enabled (widget, "win.verify", !is_verifying (self));
  gtk_widget_action_set_enabled (widget, "win.back", is_verifying (self));
  gtk_widget_action_set_enabled (widget, "win.send-files", !is_changed);
  gtk_widget_action_set_enabled (widget, "win.forget-identity", pin != NULL);
}

/* While somebody looks at the messages they are read. */
static void
mark_read (FerryChatWindow *self)
{
  if (gtk_window_is_active (GTK_WINDOW (self)) && !is_verifying (self) &&
      ferry_chat_get_n_unread (self->chat) > 0)
    ferry_chat_mark_read (self->chat);
}

static void
update (FerryChatWindow *self)
{
  update_title (self);
  update_lock (self);
  update_actions (self);
  mark_read (self);
}

static void
turn_to (FerryChatWindow *self,
         const char      *page)
{
  gboolean to_verify = g_str_equal (page, "verify");

  gtk_stack_set_visible_child_name (self->stack, page);
  gtk_widget_set_visible (self->back_button, to_verify);
  gtk_widget_set_visible (self->lock_button, !to_verify);
  update (self);
  if (to_verify)
    ferry_verify_page_begin (self->verify_page);
  else
    ferry_chat_page_focus (self->chat_page);
}

void
ferry_chat_window_verify (FerryChatWindow *self)
{
  g_return_if_fail (FERRY_IS_CHAT_WINDOW (self));
  turn_to (self, "verify");
}

static void
give (FerryChatWindow *self,
      GListModel      *files)
{
  guint n = files != NULL ? g_list_model_get_n_items (files) : 0;
  g_autofree char *text = NULL;

  if (n == 0 || ferry_chat_is_changed (self->chat))
    return;
  g_signal_emit (self, signals[SIGNAL_FILES_GIVEN], 0, ferry_chat_get_contact (self->chat), files);
  text = g_strdup_printf (ngettext ("%u file: see the main window", "%u files: see the main window",
                                    n), n);
  ferry_chat_window_say (self, text);
}

static GdkDragAction
drop_entered_cb (FerryChatWindow *self)
{
  if (ferry_chat_is_changed (self->chat))
    return 0;
  gtk_revealer_set_reveal_child (self->drop_revealer, TRUE);
  return GDK_ACTION_COPY;
}

static void
drop_left_cb (FerryChatWindow *self)
{
  gtk_revealer_set_reveal_child (self->drop_revealer, FALSE);
}

static gboolean
drop_cb (FerryChatWindow *self,
         const GValue    *value)
{
  g_autoptr(GListModel) files = ferry_dropped_files_from_value (value);

  drop_left_cb (self);
  give (self, files);
  return files != NULL;
}

static void
chooser_response_cb (FerryChatWindow *self,
                     int              response)
{
  g_autoptr(GListModel) files = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    files = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (self->chooser));
  g_clear_object (&self->chooser);
  give (self, files);
}

static void
choose_files (FerryChatWindow *self)
{
  if (self->chooser != NULL)
    return;
  self->chooser = gtk_file_chooser_native_new (_("Send Files"), GTK_WINDOW (self),
                                               GTK_FILE_CHOOSER_ACTION_OPEN, _("_Send"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (self->chooser), TRUE);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chooser_response_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
window_action (GtkWidget  *widget,
               const char *action,
               GVariant   *parameter)
{
  FerryChatWindow *self = FERRY_CHAT_WINDOW (widget);

  if (g_str_equal (action, "win.verify"))
    turn_to (self, "verify");
  else if (g_str_equal (action, "win.back"))
    turn_to (self, "chat");
  else if (g_str_equal (action, "win.reopen"))
    ferry_chat_open (self->chat, NULL, NULL);
  else if (g_str_equal (action, "win.close-chat"))
    ferry_chat_close (self->chat);
  else if (g_str_equal (action, "win.forget-identity"))
    ferry_trust_dialogs_ask_forget (GTK_WINDOW (self), self->trust,
                                    ferry_chat_get_contact (self->chat));
  else if (g_str_equal (action, "win.send-files"))
    choose_files (self);
  else
    ferry_chat_window_say (self, g_variant_get_string (parameter, NULL));
}

/* Escape only leaves the page: a stray one must not close a chat for two. */
static gboolean
escape_cb (GtkWidget *widget,
           GVariant  *args,
           gpointer   user_data)
{
  turn_to (FERRY_CHAT_WINDOW (widget), "chat");
  return TRUE;
}

FerryChatWindow *
ferry_chat_window_new (GtkApplication *app,
                       FerryChat      *chat,
                       FerryTrust     *trust,
                       const char     *own_jid)
{
  FerryChatWindow *self = g_object_new (FERRY_TYPE_CHAT_WINDOW, "application", app, NULL);
  g_autofree char *name = ferry_contact_text_name (ferry_chat_get_contact (chat));
  g_autofree char *escaped = g_markup_escape_text (name, -1);
  g_autofree char *drop = g_strdup_printf (_("Drop to Send to %s"), escaped);

  self->chat = g_object_ref (chat);
  self->trust = g_object_ref (trust);
  adw_status_page_set_title (self->drop_page, drop);
  ferry_chat_page_set_chat (self->chat_page, chat, trust);
  ferry_verify_page_set_chat (self->verify_page, chat, trust, own_jid);
  g_signal_connect_object (chat, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (trust, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self, "notify::is-active", G_CALLBACK (mark_read), self,
                           G_CONNECT_SWAPPED);
  turn_to (self, "chat");
  return self;
}

static gboolean
ferry_chat_window_close_request (GtkWindow *window)
{
  ferry_chat_close (FERRY_CHAT_WINDOW (window)->chat);
  return GTK_WINDOW_CLASS (ferry_chat_window_parent_class)->close_request (window);
}

static void
ferry_chat_window_dispose (GObject *object)
{
  FerryChatWindow *self = FERRY_CHAT_WINDOW (object);

  if (self->chat != NULL)
    g_signal_handlers_disconnect_by_data (self->chat, self);
  if (self->trust != NULL)
    g_signal_handlers_disconnect_by_data (self->trust, self);
  g_signal_handlers_disconnect_by_func (self, mark_read, self);
  g_clear_object (&self->chooser);
  g_clear_object (&self->chat);
  g_clear_object (&self->trust);
  G_OBJECT_CLASS (ferry_chat_window_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, "/im/ferry/Ferry/chat-window.ui");
  gtk_widget_class_bind_template_child (widget_class, FerryChatWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, FerryChatWindow, title);
  gtk_widget_class_bind_template_child (widget_class, FerryChatWindow, back_button);
  gtk_widget_class_bind_template_child (widget_class, FerryChatWindow, lock_button);
  gtk_widget_class_bind_template_child (widget_class, FerryChatWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, FerryChatWindow, chat_page);
  gtk_widget_class_bind_template_child (widget_class, FerryChatWindow, verify_page);
  gtk_widget_class_bind_template_child (widget_class, FerryChatWindow, drop_target);
  gtk_widget_class_bind_template_child (widget_class, FerryChatWindow, drop_revealer);
  gtk_widget_class_bind_template_child (widget_class, FerryChatWindow, drop_page);
  gtk_widget_class_bind_template_callback (widget_class, choose_files);
  gtk_widget_class_bind_template_callback (widget_class, drop_entered_cb);
  gtk_widget_class_bind_template_callback (widget_class, drop_left_cb);
  gtk_widget_class_bind_template_callback (widget_class, drop_cb);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  static const char *const plain[] = {
    "win.verify", "win.back", "win.reopen", "win.close-chat", "win.forget-identity",
    "win.send-files",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (plain); i++)
    gtk_widget_class_install_action (widget_class, plain[i], NULL, window_action);
  gtk_widget_class_install_action (widget_class, "win.say", "s", window_action);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, escape_cb, NULL);
}

static void
ferry_chat_window_class_init (FerryChatWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (FERRY_TYPE_CHAT_PAGE);
  g_type_ensure (FERRY_TYPE_VERIFY_PAGE);
  G_OBJECT_CLASS (klass)->dispose = ferry_chat_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = ferry_chat_window_close_request;
  signals[SIGNAL_FILES_GIVEN] =
    g_signal_new ("files-given", FERRY_TYPE_CHAT_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, FERRY_TYPE_CONTACT, G_TYPE_LIST_MODEL);
  install_actions (widget_class);
  bind_template (widget_class);
}

static void
ferry_chat_window_init (FerryChatWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_drop_target_set_gtypes (self->drop_target, (GType[]) { GDK_TYPE_FILE_LIST }, 1);
}
