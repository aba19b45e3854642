/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "transfers-page"

#include "config.h"

#include "ui/transfers-page.h"

#include <glib/gi18n.h>

#include "ui/contact-text.h"
#include "ui/dropped-files.h"
#include "ui/transfer-list.h"
#include "ui/transfer-sections.h"

struct _FerryTransfersPage
{
  AdwBin parent_instance;

  FerryContact          *contact;  /* (owned) (nullable) */
  FerryTransferSections *sections; /* (owned) (nullable) */
  GtkFileChooserNative  *chooser;  /* (owned) (nullable): while it is open */

  GtkDropTarget     *drop_target;
  AdwHeaderBar      *header_bar;
  AdwWindowTitle    *title;
  GtkWidget         *back_button;
  GtkWidget         *send_button;
  GtkWidget         *lock_button;
  GtkImage          *lock;
  GtkLabel          *unread;
  GtkWidget         *contact_button;
  FerryBanner       *connection_banner;
  FerryBanner       *offers_banner;
  GtkStack          *stack;
  AdwStatusPage     *empty;
  FerryTransferList *list;
  GtkRevealer       *drop_revealer;
  AdwStatusPage     *drop_page;
};

enum { SIGNAL_FILES_GIVEN, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FerryTransfersPage, ferry_transfers_page, ADW_TYPE_BIN)

static void
give (FerryTransfersPage *self,
      GListModel         *files)
{
  if (self->contact != NULL && files != NULL && g_list_model_get_n_items (files) > 0)
    g_signal_emit (self, signals[SIGNAL_FILES_GIVEN], 0, self->contact, files);
}

static void
update_stack (FerryTransfersPage *self)
{
  const char *page = "none";

  if (self->contact != NULL)
    page = g_list_model_get_n_items (ferry_transfer_sections_get_list (self->sections)) > 0
           ? "list" : "empty";
  gtk_stack_set_visible_child_name (self->stack, page);
}

static void
update_contact (FerryTransfersPage *self)
{
  g_autofree char *name = ferry_contact_text_name (self->contact);
  g_autofree char *status = ferry_contact_text_status (self->contact);
  g_autofree char *escaped = g_markup_escape_text (name, -1);
  /* Translators: %s is a contact */
  g_autofree char *drop = g_strdup_printf (_("Drop to Send to %s"), escaped);
  g_autofree char *empty = g_strdup_printf (_("Send Files to %s"), escaped);
  g_autofree char *how = NULL;

  adw_window_title_set_title (self->title, name);
  adw_window_title_set_subtitle (self->title, status);
  adw_status_page_set_title (self->drop_page, drop);
  adw_status_page_set_title (self->empty, empty);
  if (ferry_contact_get_presence (self->contact) == FERRY_PRESENCE_OFFLINE)
    how = g_strdup_printf (_("Drop files here. They wait until %s is online."), escaped);
  else
    how = g_strdup (_("Drop files here, or paste them."));
  adw_status_page_set_description (self->empty, how);
}

static void
forget_contact (FerryTransfersPage *self)
{
  if (self->contact != NULL)
    g_signal_handlers_disconnect_by_func (self->contact, update_contact, self);
  ferry_transfer_list_set_model (self->list, NULL);
  g_clear_object (&self->sections);
  g_clear_object (&self->contact);
  adw_window_title_set_title (self->title, "");
  adw_window_title_set_subtitle (self->title, "");
}

void
ferry_transfers_page_set_contact (FerryTransfersPage *self,
                                  FerryClient        *client,
                                  FerryContact       *contact)
{
  g_return_if_fail (FERRY_IS_TRANSFERS_PAGE (self));

  if (self->contact != NULL && self->contact == contact)
    return;
  forget_contact (self);
  gtk_widget_set_visible (self->send_button, contact != NULL);
  gtk_widget_set_visible (self->contact_button, contact != NULL);
  if (contact != NULL)
    {
      GListModel *queue = G_LIST_MODEL (ferry_client_get_queue (client));
      GListModel *rows;

      self->contact = g_object_ref (contact);
      self->sections = ferry_transfer_sections_new (queue, contact);
      rows = ferry_transfer_sections_get_list (self->sections);
      ferry_transfer_list_set_model (self->list, rows);
      g_signal_connect_object (rows, "items-changed", G_CALLBACK (update_stack), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (contact, "notify", G_CALLBACK (update_contact), self,
                               G_CONNECT_SWAPPED);
      update_contact (self);
    }
  update_stack (self);
}

FerryContact *
ferry_transfers_page_get_contact (FerryTransfersPage *self)
{
  g_return_val_if_fail (FERRY_IS_TRANSFERS_PAGE (self), NULL);
  return self->contact;
}

/* Of the desktop's layout ("menu:minimize,maximize,close"), what a narrow window has room for
 * beside buttons of its own. */
static char *
dup_narrow_layout (GtkWidget *widget)
{
  g_autofree char *layout = NULL;
  g_autoptr(GRegex) wide = g_regex_new ("(minimize|maximize),?", 0, 0, NULL);

  g_object_get (gtk_widget_get_settings (widget), "gtk-decoration-layout", &layout, NULL);
  return layout != NULL ? g_regex_replace_literal (wide, layout, -1, 0, "", 0, NULL) : NULL;
}

void
ferry_transfers_page_set_folded (FerryTransfersPage *self,
                                 gboolean            folded)
{
  g_autofree char *layout = NULL;

  g_return_if_fail (FERRY_IS_TRANSFERS_PAGE (self));

  layout = folded ? dup_narrow_layout (GTK_WIDGET (self)) : NULL;
  adw_header_bar_set_decoration_layout (self->header_bar, layout);
  gtk_widget_set_visible (self->back_button, folded);
  adw_header_bar_set_show_start_title_buttons (self->header_bar, folded);
  gtk_widget_set_visible (GTK_WIDGET (self->connection_banner), folded);
  gtk_widget_set_visible (GTK_WIDGET (self->offers_banner), folded);
}

FerryBanner *
ferry_transfers_page_get_connection_banner (FerryTransfersPage *self)
{
  return self->connection_banner;
}

FerryBanner *
ferry_transfers_page_get_offers_banner (FerryTransfersPage *self)
{
  return self->offers_banner;
}

void
ferry_transfers_page_set_lock (FerryTransfersPage *self,
                               const char         *icon,
                               const char         *tooltip,
                               gboolean            is_alarming)
{
  g_return_if_fail (FERRY_IS_TRANSFERS_PAGE (self));

  gtk_widget_set_visible (self->lock_button, icon != NULL);
  if (icon == NULL)
    return;
  gtk_image_set_from_icon_name (self->lock, icon);
  gtk_widget_set_tooltip_text (self->lock_button, tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->lock_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, tooltip, -1);
  if (is_alarming)
    gtk_widget_add_css_class (self->lock_button, "error");
  else
    gtk_widget_remove_css_class (self->lock_button, "error");
}

void
ferry_transfers_page_set_unread (FerryTransfersPage *self,
                                 guint               n_unread)
{
  g_autofree char *text = g_strdup_printf ("%u", n_unread);

  g_return_if_fail (FERRY_IS_TRANSFERS_PAGE (self));

  gtk_label_set_label (self->unread, text);
  gtk_widget_set_visible (GTK_WIDGET (self->unread), n_unread > 0);
}

void
ferry_transfers_page_focus (FerryTransfersPage *self)
{
  g_return_if_fail (FERRY_IS_TRANSFERS_PAGE (self));
  gtk_widget_child_focus (gtk_stack_get_visible_child (self->stack), GTK_DIR_TAB_FORWARD);
}

static GdkDragAction
drop_entered_cb (FerryTransfersPage *self)
{
  if (self->contact == NULL)
    return 0;
  gtk_revealer_set_reveal_child (self->drop_revealer, TRUE);
  return GDK_ACTION_COPY;
}

static void
drop_left_cb (FerryTransfersPage *self)
{
  gtk_revealer_set_reveal_child (self->drop_revealer, FALSE);
}

static gboolean
drop_cb (FerryTransfersPage *self,
         const GValue       *value)
{
  g_autoptr(GListModel) files = ferry_dropped_files_from_value (value);

  gtk_revealer_set_reveal_child (self->drop_revealer, FALSE);
  give (self, files);
  return self->contact != NULL && files != NULL;
}

static void
chooser_response_cb (FerryTransfersPage *self,
                     int                 response)
{
  g_autoptr(GListModel) files = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    files = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (self->chooser));
  g_clear_object (&self->chooser);
  give (self, files);
}

void
ferry_transfers_page_choose_files (FerryTransfersPage *self)
{
  g_return_if_fail (FERRY_IS_TRANSFERS_PAGE (self));

  if (self->contact == NULL || self->chooser != NULL)
    return;
  self->chooser = gtk_file_chooser_native_new (_("Send Files"),
                                               GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                               GTK_FILE_CHOOSER_ACTION_OPEN, _("_Send"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (self->chooser), TRUE);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chooser_response_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
paste_read_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(FerryTransfersPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GListModel) files = ferry_dropped_files_paste_finish (result, &error);

  if (files != NULL)
    give (self, files);
  else
    gtk_widget_activate_action (GTK_WIDGET (self), "win.say", "s",
                                _("There are no files on the clipboard"));
}

void
ferry_transfers_page_paste (FerryTransfersPage *self)
{
  g_return_if_fail (FERRY_IS_TRANSFERS_PAGE (self));

  ferry_dropped_files_paste_async (gtk_widget_get_clipboard (GTK_WIDGET (self)), NULL,
                                   paste_read_cb, g_object_ref (self));
}

static void
paste_action (GtkWidget  *widget,
              const char *action,
              GVariant   *parameter)
{
  ferry_transfers_page_paste (FERRY_TRANSFERS_PAGE (widget));
}

static void
copy_address_action (GtkWidget  *widget,
                     const char *action,
                     GVariant   *parameter)
{
  FerryTransfersPage *self = FERRY_TRANSFERS_PAGE (widget);

  if (self->contact != NULL)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (widget),
                            ferry_contact_get_jid (self->contact));
}

static void
ferry_transfers_page_dispose (GObject *object)
{
  FerryTransfersPage *self = FERRY_TRANSFERS_PAGE (object);

  if (self->list != NULL)
    forget_contact (self);
  g_clear_object (&self->chooser);
  G_OBJECT_CLASS (ferry_transfers_page_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, "/im/ferry/Ferry/transfers-page.ui");
  gtk_widget_class_bind_template_child (widget_class, FerryTransfersPage, drop_target);
  gtk_widget_class_bind_template_child (widget_class, FerryTransfersPage, header_bar);
  gtk_widget_class_bind_template_child (widget_class, FerryTransfersPage, title);
  gtk_widget_class_bind_template_child (widget_class, FerryTransfersPage, back_button);
  gtk_widget_class_bind_template_child (widget_class, FerryTransfersPage, send_button);
  gtk_widget_class_bind_template_child (widget_class, FerryTransfersPage, lock_button);
  gtk_widget_class_bind_template_child (widget_class, FerryTransfersPage, lock);
  gtk_widget_class_bind_template_child (widget_class, FerryTransfersPage, unread);
  gtk_widget_class_bind_template_child (widget_class, FerryTransfersPage, contact_button);
  gtk_widget_class_bind_template_child (widget_class, FerryTransfersPage, connection_banner);
  gtk_widget_class_bind_template_child (widget_class, FerryTransfersPage, offers_banner);
  gtk_widget_class_bind_template_child (widget_class, FerryTransfersPage, stack);
  gtk_widget_class_bind_template_child (widget_class, FerryTransfersPage, empty);
  gtk_widget_class_bind_template_child (widget_class, FerryTransfersPage, list);
  gtk_widget_class_bind_template_child (widget_class, FerryTransfersPage, drop_revealer);
  gtk_widget_class_bind_template_child (widget_class, FerryTransfersPage, drop_page);
  gtk_widget_class_bind_template_callback (widget_class, drop_entered_cb);
  gtk_widget_class_bind_template_callback (widget_class, drop_left_cb);
  gtk_widget_class_bind_template_callback (widget_class, drop_cb);
}

static void
ferry_transfers_page_class_init (FerryTransfersPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (FERRY_TYPE_BANNER);
  g_type_ensure (FERRY_TYPE_TRANSFER_LIST);
  G_OBJECT_CLASS (klass)->dispose = ferry_transfers_page_dispose;
  signals[SIGNAL_FILES_GIVEN] =
    g_signal_new ("files-given", FERRY_TYPE_TRANSFERS_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, FERRY_TYPE_CONTACT, G_TYPE_LIST_MODEL);
  gtk_widget_class_install_action (widget_class, "page.paste", NULL, paste_action);
  gtk_widget_class_install_action (widget_class, "page.copy-address", NULL, copy_address_action);
  bind_template (widget_class);
}

static void
ferry_transfers_page_init (FerryTransfersPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_drop_target_set_gtypes (self->drop_target, (GType[]) { GDK_TYPE_FILE_LIST }, 1);
  gtk_widget_set_visible (self->send_button, FALSE);
  gtk_widget_set_visible (self->contact_button, FALSE);
}
