/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "contacts-page"

#include "config.h"

#include "ui/contacts-page.h"

#include <glib/gi18n.h>

#include "ui/contact-model.h"
#include "ui/contact-row.h"
#include "ui/contact-text.h"
#include "ui/display-text.h"

/* A list view makes some 200 rows whatever its height. The first frame shows at
 * most so many; the others are made after it. */
#define FIRST_ROWS 40

struct _FerryContactsPage
{
  AdwBin parent_instance;

  FerryClient        *client;    /* (owned) (nullable) */
  FerryContactModel  *model;     /* (owned) (nullable) */
  GtkSliceListModel  *slice;     /* (owned) (nullable): between @model and @selection */
  GtkSingleSelection *selection; /* (owned) (nullable) */
  guint               n_ticks;   /* since the client came */
  FerryContact       *selected;  /* (owned) (nullable) */

  FerryBanner    *connection_banner;
  FerryBanner    *offers_banner;
  FerryBanner    *request_banner;
  FerryBanner    *pending_banner;
  AdwHeaderBar   *header_bar;
  GtkMenuButton  *menu_button;
  GtkSearchEntry *search;
  GtkStack       *stack;
  GtkSpinner     *spinner;
  GtkListView    *list_view;
  AdwStatusPage  *nobody;
  GtkWidget      *account_button;
  GtkWidget      *own_dot;
  GtkLabel       *own_jid;
};

enum { PROP_0, PROP_SELECTED, N_PROPS };
static GParamSpec *props[N_PROPS];

enum { SIGNAL_CHOSEN, SIGNAL_FILES_DROPPED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FerryContactsPage, ferry_contacts_page, ADW_TYPE_BIN)

static void
drag_left_cb (FerryContactsPage *self)
{
  gtk_widget_remove_css_class (GTK_WIDGET (self->list_view), "drop-ready");
}

/* A drag that ends in a drop does not leave. */
static void
row_dropped_cb (FerryContactsPage *self,
                FerryContact      *contact,
                GListModel        *files)
{
  drag_left_cb (self);
  g_signal_emit (self, signals[SIGNAL_FILES_DROPPED], 0, contact, files);
}

static void
row_setup_cb (FerryContactsPage *self,
              GtkListItem       *list_item)
{
  GtkWidget *row = ferry_contact_row_new ();

  g_signal_connect_object (row, "files-dropped", G_CALLBACK (row_dropped_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_list_item_set_child (list_item, row);
}

static void
row_bind_cb (FerryContactsPage *self,
             GtkListItem       *list_item)
{
  ferry_contact_row_set_contact (FERRY_CONTACT_ROW (gtk_list_item_get_child (list_item)),
                                 gtk_list_item_get_item (list_item),
                                 ferry_client_get_trust (self->client));
}

static void
row_unbind_cb (FerryContactsPage *self,
               GtkListItem       *list_item)
{
  ferry_contact_row_set_contact (FERRY_CONTACT_ROW (gtk_list_item_get_child (list_item)), NULL,
                                 NULL);
}

static void
update_stack (FerryContactsPage *self)
{
  FerryRoster *roster = ferry_client_get_roster (self->client);
  const char *page = "list";

  if (g_list_model_get_n_items (G_LIST_MODEL (roster)) == 0)
    page = ferry_roster_is_loaded (roster) ? "empty" : "loading";
  else if (g_list_model_get_n_items (G_LIST_MODEL (self->selection)) == 0)
    page = "nobody";
  gtk_stack_set_visible_child_name (self->stack, page);
  gtk_spinner_set_spinning (self->spinner, g_str_equal (page, "loading"));
  gtk_widget_set_visible (GTK_WIDGET (self->search),
                          g_list_model_get_n_items (G_LIST_MODEL (roster)) > 0);
}

static void
update_account (FerryContactsPage *self)
{
  FerryAccount *account = ferry_client_get_account (self->client);
  gboolean is_online = ferry_account_get_state (account) == FERRY_ACCOUNT_ONLINE;
  const char *classes[] = { "presence-dot", NULL, NULL };
  const char *presence;
  g_autofree char *label = NULL;
  int show;

  g_object_get (account, "show", &show, NULL);
  classes[1] = ferry_contact_text_class (is_online ? (FerryPresence) show : FERRY_PRESENCE_OFFLINE);
  presence = ferry_contact_text_presence (is_online ? (FerryPresence) show
                                                    : FERRY_PRESENCE_OFFLINE);
  gtk_widget_set_css_classes (self->own_dot, classes);
  gtk_label_set_label (self->own_jid, ferry_account_get_jid (account));
  label = g_strdup_printf (_("Account %s, %s"), ferry_account_get_jid (account), presence);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->account_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

/* The list may lose the selected one to the search; the page stays on it. */
static void
selection_changed_cb (FerryContactsPage *self)
{
  FerryContact *contact = gtk_single_selection_get_selected_item (self->selection);

  if (contact == NULL || !g_set_object (&self->selected, contact))
    return;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SELECTED]);
}

static void
row_activated_cb (FerryContactsPage *self,
                  guint              position)
{
  g_autoptr(FerryContact) contact = g_list_model_get_item (G_LIST_MODEL (self->selection),
                                                           position);

  ferry_contacts_page_select (self, contact);
  g_signal_emit (self, signals[SIGNAL_CHOSEN], 0, contact);
}

static void
search_changed_cb (FerryContactsPage *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search));
  g_autofree char *shown = ferry_display_text (text, 40);
  g_autofree char *escaped = g_markup_escape_text (shown, -1);
  g_autofree char *sentence = g_strdup_printf (_("No contact called “%s”."), escaped);

  if (self->model == NULL)
    return;
  adw_status_page_set_description (self->nobody, sentence);
  ferry_contact_model_set_search (self->model, text);
}

static void
search_stopped_cb (FerryContactsPage *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  ferry_contacts_page_focus_list (self);
}

/* Enter takes the first one found. */
static void
search_activated_cb (FerryContactsPage *self)
{
  if (self->selection != NULL && g_list_model_get_n_items (G_LIST_MODEL (self->selection)) > 0)
    row_activated_cb (self, 0);
}

static void
drag_entered_cb (FerryContactsPage *self)
{
  gtk_widget_add_css_class (GTK_WIDGET (self->list_view), "drop-ready");
}

static void
clear_client (FerryContactsPage *self)
{
  gtk_list_view_set_model (self->list_view, NULL);
  if (self->client != NULL)
    {
      g_signal_handlers_disconnect_by_data (ferry_client_get_roster (self->client), self);
      g_signal_handlers_disconnect_by_data (ferry_client_get_account (self->client), self);
    }
  g_clear_object (&self->selection);
  g_clear_object (&self->slice);
  g_clear_object (&self->model);
  g_clear_object (&self->client);
  g_clear_object (&self->selected);
}

/* The first call comes before the first frame, the second after it. */
static gboolean
grow_tick_cb (GtkWidget     *widget,
              GdkFrameClock *clock,
              gpointer       user_data)
{
  FerryContactsPage *self = FERRY_CONTACTS_PAGE (widget);

  if (self->n_ticks++ == 0)
    return G_SOURCE_CONTINUE;
  if (self->slice != NULL)
    gtk_slice_list_model_set_size (self->slice, G_MAXUINT);
  return G_SOURCE_REMOVE;
}

static void
create_selection (FerryContactsPage *self)
{
  GListModel *list = ferry_contact_model_get_list (self->model);

  self->slice = gtk_slice_list_model_new (g_object_ref (list), 0, FIRST_ROWS);
  self->selection = gtk_single_selection_new (G_LIST_MODEL (g_object_ref (self->slice)));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
  self->n_ticks = 0;
  gtk_widget_add_tick_callback (GTK_WIDGET (self), grow_tick_cb, NULL, NULL);
}

static void
watch (FerryContactsPage *self)
{
  FerryRoster *roster = ferry_client_get_roster (self->client);
  FerryAccount *account = ferry_client_get_account (self->client);

  g_signal_connect_object (roster, "items-changed", G_CALLBACK (update_stack), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (roster, "notify::loaded", G_CALLBACK (update_stack), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (account, "notify", G_CALLBACK (update_account), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->selection, "items-changed", G_CALLBACK (update_stack), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->selection, "notify::selected-item",
                           G_CALLBACK (selection_changed_cb), self, G_CONNECT_SWAPPED);
}

void
ferry_contacts_page_set_client (FerryContactsPage *self,
                                FerryClient       *client)
{
  g_return_if_fail (FERRY_IS_CONTACTS_PAGE (self));

  clear_client (self);
  if (client == NULL)
    return;
  self->client = g_object_ref (client);
  self->model = ferry_contact_model_new (G_LIST_MODEL (ferry_client_get_roster (client)));
  create_selection (self);
  watch (self);
  gtk_list_view_set_model (self->list_view, GTK_SELECTION_MODEL (self->selection));
  update_stack (self);
  update_account (self);
}

FerryContact *
ferry_contacts_page_get_selected (FerryContactsPage *self)
{
  g_return_val_if_fail (FERRY_IS_CONTACTS_PAGE (self), NULL);
  return self->selected;
}

static guint
find_position (FerryContactsPage *self,
               FerryContact      *contact)
{
  GListModel *list = G_LIST_MODEL (self->selection);

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr(FerryContact) item = g_list_model_get_item (list, i);

      if (item == contact)
        return i;
    }
  return GTK_INVALID_LIST_POSITION;
}

void
ferry_contacts_page_select (FerryContactsPage *self,
                            FerryContact      *contact)
{
  g_return_if_fail (FERRY_IS_CONTACTS_PAGE (self));

  if (self->selection == NULL)
    return;
  gtk_single_selection_set_selected (self->selection,
                                     contact != NULL ? find_position (self, contact)
                                                     : GTK_INVALID_LIST_POSITION);
  if (g_set_object (&self->selected, contact))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SELECTED]);
}

void
ferry_contacts_page_focus_search (FerryContactsPage *self)
{
  g_return_if_fail (FERRY_IS_CONTACTS_PAGE (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}

void
ferry_contacts_page_focus_list (FerryContactsPage *self)
{
  g_return_if_fail (FERRY_IS_CONTACTS_PAGE (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->list_view));
}

void
ferry_contacts_page_open_menu (FerryContactsPage *self)
{
  g_return_if_fail (FERRY_IS_CONTACTS_PAGE (self));
  gtk_menu_button_popup (self->menu_button);
}

void
ferry_contacts_page_set_folded (FerryContactsPage *self,
                                gboolean           folded)
{
  g_return_if_fail (FERRY_IS_CONTACTS_PAGE (self));
  adw_header_bar_set_show_end_title_buttons (self->header_bar, folded);
}

FerryBanner *
ferry_contacts_page_get_connection_banner (FerryContactsPage *self)
{
  return self->connection_banner;
}

FerryBanner *
ferry_contacts_page_get_offers_banner (FerryContactsPage *self)
{
  return self->offers_banner;
}

FerryBanner *
ferry_contacts_page_get_request_banner (FerryContactsPage *self)
{
  return self->request_banner;
}

FerryBanner *
ferry_contacts_page_get_pending_banner (FerryContactsPage *self)
{
  return self->pending_banner;
}

static void
ferry_contacts_page_get_property (GObject    *object,
                                  guint       prop_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  FerryContactsPage *self = FERRY_CONTACTS_PAGE (object);

  if (prop_id == PROP_SELECTED)
    g_value_set_object (value, self->selected);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
ferry_contacts_page_dispose (GObject *object)
{
  FerryContactsPage *self = FERRY_CONTACTS_PAGE (object);

  if (self->list_view != NULL)
    clear_client (self);
  G_OBJECT_CLASS (ferry_contacts_page_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, "/im/ferry/Ferry/contacts-page.ui");
  gtk_widget_class_bind_template_child (widget_class, FerryContactsPage, connection_banner);
  gtk_widget_class_bind_template_child (widget_class, FerryContactsPage, offers_banner);
  gtk_widget_class_bind_template_child (widget_class, FerryContactsPage, request_banner);
  gtk_widget_class_bind_template_child (widget_class, FerryContactsPage, pending_banner);
  gtk_widget_class_bind_template_child (widget_class, FerryContactsPage, menu_button);
  gtk_widget_class_bind_template_child (widget_class, FerryContactsPage, header_bar);
  gtk_widget_class_bind_template_child (widget_class, FerryContactsPage, search);
  gtk_widget_class_bind_template_child (widget_class, FerryContactsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, FerryContactsPage, list_view);
  gtk_widget_class_bind_template_child (widget_class, FerryContactsPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, FerryContactsPage, nobody);
  gtk_widget_class_bind_template_child (widget_class, FerryContactsPage, account_button);
  gtk_widget_class_bind_template_child (widget_class, FerryContactsPage, own_dot);
  gtk_widget_class_bind_template_child (widget_class, FerryContactsPage, own_jid);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_stopped_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, drag_entered_cb);
  gtk_widget_class_bind_template_callback (widget_class, drag_left_cb);
}

static void
ferry_contacts_page_class_init (FerryContactsPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  g_type_ensure (FERRY_TYPE_BANNER);
  object_class->get_property = ferry_contacts_page_get_property;
  object_class->dispose = ferry_contacts_page_dispose;

  props[PROP_SELECTED] =
    g_param_spec_object ("selected", NULL, NULL, FERRY_TYPE_CONTACT,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  signals[SIGNAL_CHOSEN] =
    g_signal_new ("chosen", FERRY_TYPE_CONTACTS_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, FERRY_TYPE_CONTACT);
  signals[SIGNAL_FILES_DROPPED] =
    g_signal_new ("files-dropped", FERRY_TYPE_CONTACTS_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, FERRY_TYPE_CONTACT, G_TYPE_LIST_MODEL);
  bind_template (GTK_WIDGET_CLASS (klass));
}

static void
ferry_contacts_page_init (FerryContactsPage *self)
{
  g_autoptr(GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_search_entry_set_key_capture_widget (self->search, GTK_WIDGET (self->list_view));
  g_signal_connect_object (factory, "setup", G_CALLBACK (row_setup_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "bind", G_CALLBACK (row_bind_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (row_unbind_cb), self, G_CONNECT_SWAPPED);
  gtk_list_view_set_factory (self->list_view, factory);
}
