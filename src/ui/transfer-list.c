/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "transfer-list"

#include "config.h"

#include "ui/transfer-list.h"

#include <glib/gi18n.h>

#include "ui/transfer-row.h"
#include "ui/transfer-sections.h"

struct _FerryTransferList
{
  AdwBin parent_instance;

  GtkListView *list_view;
};

G_DEFINE_FINAL_TYPE (FerryTransferList, ferry_transfer_list, ADW_TYPE_BIN)

static const char *
get_title (FerrySection section)
{
  switch (section)
    {
    case FERRY_SECTION_ACTIVE:
      return _("Active");
    case FERRY_SECTION_WAITING:
      return _("Waiting");
    case FERRY_SECTION_DONE:
    default:
      return _("Done");
    }
}

static GtkWidget *
create_clear_button (void)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (_("C_lear"));

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, _("Clear What Is Done"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.clear-done");
  return button;
}

static GtkWidget *
create_headline (FerrySection section)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = gtk_label_new (get_title (section));

  gtk_widget_add_css_class (box, "section-header");
  gtk_widget_add_css_class (label, "heading");
  gtk_widget_set_hexpand (label, TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_box_append (GTK_BOX (box), label);
  if (section == FERRY_SECTION_DONE)
    gtk_box_append (GTK_BOX (box), create_clear_button ());
  return box;
}

static void
name_row (GtkWidget  *child,
          const char *name)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_parent (child)),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/* Rows are used again for other items; headlines are few and made anew. */
static void
row_bind_cb (FerryTransferList *self,
             GtkListItem       *list_item)
{
  gpointer item = gtk_list_item_get_item (list_item);
  GtkWidget *child = gtk_list_item_get_child (list_item);
  FerrySection section;

  if (FERRY_IS_TRANSFER (item))
    {
      if (!FERRY_IS_TRANSFER_ROW (child))
        gtk_list_item_set_child (list_item, child = ferry_transfer_row_new ());
      gtk_list_item_set_activatable (list_item, TRUE);
      ferry_transfer_row_set_transfer (FERRY_TRANSFER_ROW (child), item);
      return;
    }
  section = ferry_section_header_get_section (item);
  child = create_headline (section);
  gtk_list_item_set_child (list_item, child);
  gtk_list_item_set_activatable (list_item, FALSE);
  name_row (child, get_title (section));
}

static void
row_unbind_cb (FerryTransferList *self,
               GtkListItem       *list_item)
{
  GtkWidget *child = gtk_list_item_get_child (list_item);

  if (FERRY_IS_TRANSFER_ROW (child))
    ferry_transfer_row_set_transfer (FERRY_TRANSFER_ROW (child), NULL);
}

static void
row_activated_cb (FerryTransferList *self,
                  guint              position)
{
  GListModel *model = G_LIST_MODEL (gtk_list_view_get_model (self->list_view));
  g_autoptr(GObject) item = g_list_model_get_item (model, position);

  if (!FERRY_IS_TRANSFER (item))
    return;
  if (ferry_transfer_get_state (FERRY_TRANSFER (item)) == FERRY_TRANSFER_OFFERED)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.review-transfer", "s",
                                ferry_transfer_get_id (FERRY_TRANSFER (item)));
  else
    gtk_widget_activate_action (GTK_WIDGET (self), "win.open-transfer", "s",
                                ferry_transfer_get_id (FERRY_TRANSFER (item)));
}

static FerryTransfer *
get_focused_transfer (FerryTransferList *self)
{
  GtkWidget *row = gtk_widget_get_focus_child (GTK_WIDGET (self->list_view));
  GtkWidget *child = row != NULL ? gtk_widget_get_first_child (row) : NULL;

  return FERRY_IS_TRANSFER_ROW (child) ? ferry_transfer_row_get_transfer (FERRY_TRANSFER_ROW (child))
                                       : NULL;
}

static void
toggle_paused_action (GtkWidget  *widget,
                      const char *action,
                      GVariant   *parameter)
{
  FerryTransfer *transfer = get_focused_transfer (FERRY_TRANSFER_LIST (widget));

  if (transfer == NULL || ferry_transfer_is_ended (transfer))
    return;
  ferry_transfer_set_paused (transfer,
                             ferry_transfer_get_state (transfer) != FERRY_TRANSFER_PAUSED);
}

static void
cancel_action (GtkWidget  *widget,
               const char *action,
               GVariant   *parameter)
{
  FerryTransfer *transfer = get_focused_transfer (FERRY_TRANSFER_LIST (widget));

  if (transfer != NULL && !ferry_transfer_is_ended (transfer))
    ferry_transfer_cancel (transfer);
}

static gboolean
is_new (gpointer item)
{
  if (FERRY_IS_TRANSFER (item))
    return !ferry_transfer_is_ended (item);
  return ferry_section_header_get_section (item) == FERRY_SECTION_ACTIVE;
}

/* By itself the view stays with the rows it shows, and what was just sent is out of sight. */
static void
items_changed_cb (FerryTransferList *self,
                  guint              position,
                  guint              n_removed,
                  guint              n_added,
                  GListModel        *model)
{
  for (guint i = position; i < position + n_added; i++)
    {
      g_autoptr(GObject) item = g_list_model_get_item (model, i);

      if (!is_new (item))
        continue;
      /* The first row is below its headline. */
      gtk_widget_activate_action (GTK_WIDGET (self->list_view), "list.scroll-to-item", "u",
                                  i == 1 ? 0 : i);
      return;
    }
}

void
ferry_transfer_list_set_model (FerryTransferList *self,
                               GListModel        *model)
{
  g_autoptr(GtkSelectionModel) selection = NULL;

  g_return_if_fail (FERRY_IS_TRANSFER_LIST (self));

  if (model != NULL)
    selection = GTK_SELECTION_MODEL (gtk_no_selection_new (g_object_ref (model)));
  gtk_list_view_set_model (self->list_view, selection);
  if (selection != NULL)
    g_signal_connect_object (selection, "items-changed", G_CALLBACK (items_changed_cb), self,
                             G_CONNECT_SWAPPED);
}

static void
ferry_transfer_list_class_init (FerryTransferListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_install_action (widget_class, "list.toggle-paused", NULL, toggle_paused_action);
  gtk_widget_class_install_action (widget_class, "list.cancel", NULL, cancel_action);
  gtk_widget_class_set_template_from_resource (widget_class, "/im/ferry/Ferry/transfer-list.ui");
  gtk_widget_class_bind_template_child (widget_class, FerryTransferList, list_view);
}

static void
ferry_transfer_list_init (FerryTransferList *self)
{
  g_autoptr(GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (factory, "bind", G_CALLBACK (row_bind_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (row_unbind_cb), self, G_CONNECT_SWAPPED);
  gtk_list_view_set_factory (self->list_view, factory);
  g_signal_connect_object (self->list_view, "activate", G_CALLBACK (row_activated_cb), self,
                           G_CONNECT_SWAPPED);
}
