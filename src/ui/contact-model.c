/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "contact-model"

#include "config.h"

#include "ui/contact-model.h"

/* After a login everybody's presence comes at once: sort once, not 10,000 times. */
#define RESORT_DELAY 250 /* milliseconds */

struct _FerryContactModel
{
  GObject parent_instance;

  GListModel        *contacts;    /* (owned) */
  GPtrArray         *watched;     /* (owned): the contacts, in the order of @contacts */
  GtkStringFilter   *name_filter; /* (owned) */
  GtkStringFilter   *jid_filter;  /* (owned) */
  GtkNumericSorter  *rank_sorter; /* (owned) */
  GListModel        *list;        /* (owned) */
  guint              resort_source;
};

G_DEFINE_FINAL_TYPE (FerryContactModel, ferry_contact_model, G_TYPE_OBJECT)

/* Offers first, then as #FerryPresence orders it. */
static int
get_rank (FerryContact *contact)
{
  FerryPresence presence = ferry_contact_get_presence (contact);

  if (ferry_contact_get_n_offers (contact) > 0)
    return -1;
  return presence == FERRY_PRESENCE_CHAT ? FERRY_PRESENCE_AVAILABLE : (int) presence;
}

static GtkExpression *
lookup (const char *property)
{
  return gtk_property_expression_new (FERRY_TYPE_CONTACT, NULL, property);
}

static GtkExpression *
create_rank (void)
{
  return gtk_cclosure_expression_new (G_TYPE_INT, NULL, 0, NULL, G_CALLBACK (get_rank), NULL, NULL);
}

/* A sort model keeps the keys of its items for as long as the sorter's expressions
 * are the same, whatever gtk_sorter_changed() says: only a new one drops them all. */
static gboolean
resort_cb (gpointer user_data)
{
  FerryContactModel *self = user_data;
  GtkExpression *rank = create_rank ();

  self->resort_source = 0;
  gtk_numeric_sorter_set_expression (self->rank_sorter, rank);
  gtk_expression_unref (rank);
  return G_SOURCE_REMOVE;
}

static void
contact_notify_cb (FerryContact      *contact,
                   GParamSpec        *pspec,
                   FerryContactModel *self)
{
  if (!g_str_equal (pspec->name, "name") && !g_str_equal (pspec->name, "presence") &&
      !g_str_equal (pspec->name, "n-offers"))
    return;
  if (self->resort_source == 0)
    self->resort_source = g_timeout_add (RESORT_DELAY, resort_cb, self);
}

/* Not g_signal_connect_object(): 10,000 closures that watch one object make each
 * connection and each disconnection slower than the one before. */
static void
watch (FerryContactModel *self,
       FerryContact      *contact)
{
  g_signal_connect (contact, "notify", G_CALLBACK (contact_notify_cb), self);
}

static void
unwatch (FerryContactModel *self,
         FerryContact      *contact)
{
  g_signal_handlers_disconnect_by_func (contact, contact_notify_cb, self);
}

static void
contacts_changed_cb (FerryContactModel *self,
                     guint              position,
                     guint              removed,
                     guint              added)
{
  for (guint i = position; i < position + removed; i++)
    unwatch (self, self->watched->pdata[i]);
  if (removed > 0)
    g_ptr_array_remove_range (self->watched, position, removed);

  for (guint i = position; i < position + added; i++)
    {
      FerryContact *contact = g_list_model_get_item (self->contacts, i);

      watch (self, contact);
      g_ptr_array_insert (self->watched, (int) i, contact);
    }
}

static GtkFilter *
create_filter (FerryContactModel *self)
{
  GtkAnyFilter *any = gtk_any_filter_new ();

  self->name_filter = gtk_string_filter_new (lookup ("name"));
  self->jid_filter = gtk_string_filter_new (lookup ("jid"));
  gtk_multi_filter_append (GTK_MULTI_FILTER (any), GTK_FILTER (g_object_ref (self->name_filter)));
  gtk_multi_filter_append (GTK_MULTI_FILTER (any), GTK_FILTER (g_object_ref (self->jid_filter)));
  return GTK_FILTER (any);
}

/* Sorters by expression have keys: sorting 10,000 does not collate 130,000 times. */
static GtkSorter *
create_sorter (FerryContactModel *self)
{
  GtkMultiSorter *multi = gtk_multi_sorter_new ();

  self->rank_sorter = gtk_numeric_sorter_new (create_rank ());
  gtk_multi_sorter_append (multi, GTK_SORTER (g_object_ref (self->rank_sorter)));
  gtk_multi_sorter_append (multi, GTK_SORTER (gtk_string_sorter_new (lookup ("name"))));
  return GTK_SORTER (multi);
}

FerryContactModel *
ferry_contact_model_new (GListModel *contacts)
{
  FerryContactModel *self = g_object_new (FERRY_TYPE_CONTACT_MODEL, NULL);
  GtkFilterListModel *filtered;

  g_return_val_if_fail (G_IS_LIST_MODEL (contacts), NULL);

  self->contacts = g_object_ref (contacts);
  g_signal_connect_object (contacts, "items-changed", G_CALLBACK (contacts_changed_cb), self,
                           G_CONNECT_SWAPPED);
  contacts_changed_cb (self, 0, 0, g_list_model_get_n_items (contacts));

  filtered = gtk_filter_list_model_new (g_object_ref (contacts), create_filter (self));
  self->list = G_LIST_MODEL (gtk_sort_list_model_new (G_LIST_MODEL (filtered),
                                                      create_sorter (self)));
  return self;
}

GListModel *
ferry_contact_model_get_list (FerryContactModel *self)
{
  g_return_val_if_fail (FERRY_IS_CONTACT_MODEL (self), NULL);
  return self->list;
}

void
ferry_contact_model_set_search (FerryContactModel *self,
                                const char        *text)
{
  g_return_if_fail (FERRY_IS_CONTACT_MODEL (self));

  gtk_string_filter_set_search (self->name_filter, text);
  gtk_string_filter_set_search (self->jid_filter, text);
}

static void
ferry_contact_model_dispose (GObject *object)
{
  FerryContactModel *self = FERRY_CONTACT_MODEL (object);

  g_clear_handle_id (&self->resort_source, g_source_remove);
  if (self->contacts != NULL)
    contacts_changed_cb (self, 0, self->watched->len, 0);
  g_clear_object (&self->list);
  g_clear_object (&self->name_filter);
  g_clear_object (&self->jid_filter);
  g_clear_object (&self->rank_sorter);
  g_clear_pointer (&self->watched, g_ptr_array_unref);
  g_clear_object (&self->contacts);
  G_OBJECT_CLASS (ferry_contact_model_parent_class)->dispose (object);
}

static void
ferry_contact_model_class_init (FerryContactModelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ferry_contact_model_dispose;
}

static void
ferry_contact_model_init (FerryContactModel *self)
{
  self->watched = g_ptr_array_new_with_free_func (g_object_unref);
}
