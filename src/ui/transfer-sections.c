/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "transfer-sections"

#include "config.h"

#include "ui/transfer-sections.h"

struct _FerrySectionHeader
{
  GObject parent_instance;

  FerrySection section;
};

G_DEFINE_FINAL_TYPE (FerrySectionHeader, ferry_section_header, G_TYPE_OBJECT)

static void
ferry_section_header_class_init (FerrySectionHeaderClass *klass)
{
}

static void
ferry_section_header_init (FerrySectionHeader *self)
{
}

FerrySection
ferry_section_header_get_section (FerrySectionHeader *self)
{
  g_return_val_if_fail (FERRY_IS_SECTION_HEADER (self), FERRY_SECTION_ACTIVE);
  return self->section;
}

/* What the filter of one section looks at. */
typedef struct
{
  FerryContact *contact; /* (owned) */
  FerrySection  section;
} Wanted;

struct _FerryTransferSections
{
  GObject parent_instance;

  GListModel *queue;                     /* (owned) */
  GPtrArray  *watched;                   /* (owned): the transfers, in the order of @queue */
  GtkFilter  *filters[FERRY_N_SECTIONS]; /* (owned) */
  GListModel *list;                      /* (owned) */
};

G_DEFINE_FINAL_TYPE (FerryTransferSections, ferry_transfer_sections, G_TYPE_OBJECT)

FerrySection
ferry_section_of_transfer (FerryTransfer *transfer)
{
  if (ferry_transfer_is_ended (transfer))
    return FERRY_SECTION_DONE;
  if (ferry_transfer_get_state (transfer) == FERRY_TRANSFER_WAITING)
    return FERRY_SECTION_WAITING;
  return FERRY_SECTION_ACTIVE;
}

static gboolean
match (gpointer item,
       gpointer user_data)
{
  const Wanted *wanted = user_data;

  return ferry_transfer_get_contact (item) == wanted->contact &&
         ferry_section_of_transfer (item) == wanted->section;
}

static void
wanted_free (gpointer data)
{
  Wanted *wanted = data;

  g_object_unref (wanted->contact);
  g_free (wanted);
}

static void
transfer_state_cb (FerryTransferSections *self)
{
  for (guint i = 0; i < FERRY_N_SECTIONS; i++)
    gtk_filter_changed (self->filters[i], GTK_FILTER_CHANGE_DIFFERENT);
}

static void
queue_changed_cb (FerryTransferSections *self,
                  guint                  position,
                  guint                  removed,
                  guint                  added)
{
  for (guint i = position; i < position + removed; i++)
    g_signal_handlers_disconnect_by_func (self->watched->pdata[i], transfer_state_cb, self);
  if (removed > 0)
    g_ptr_array_remove_range (self->watched, position, removed);

  for (guint i = position; i < position + added; i++)
    {
      FerryTransfer *transfer = g_list_model_get_item (self->queue, i);

      g_signal_connect_object (transfer, "notify::state", G_CALLBACK (transfer_state_cb), self,
                               G_CONNECT_SWAPPED);
      g_ptr_array_insert (self->watched, (int) i, transfer);
    }
}

/* A list of the headline alone, and of nothing while the section is empty. It changes
 * after those who show the section have heard of that, never in between. */
static void
section_changed_cb (GtkSliceListModel *headline,
                    guint              position,
                    guint              removed,
                    guint              added,
                    GListModel        *section)
{
  gtk_slice_list_model_set_size (headline, g_list_model_get_n_items (section) > 0 ? 1 : 0);
}

static GListModel *
create_headline (FerrySection  section,
                 GListModel   *transfers)
{
  GListStore *store = g_list_store_new (FERRY_TYPE_SECTION_HEADER);
  g_autoptr(FerrySectionHeader) header = g_object_new (FERRY_TYPE_SECTION_HEADER, NULL);
  GtkSliceListModel *headline;

  header->section = section;
  g_list_store_append (store, header);
  headline = gtk_slice_list_model_new (G_LIST_MODEL (store), 0, 0);
  g_signal_connect_object (transfers, "items-changed", G_CALLBACK (section_changed_cb), headline,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  gtk_slice_list_model_set_size (headline, g_list_model_get_n_items (transfers) > 0 ? 1 : 0);
  return G_LIST_MODEL (headline);
}

/* What ended last comes first. */
static GListModel *
newest_first (GListModel *transfers)
{
  GtkExpression *ended = gtk_property_expression_new (FERRY_TYPE_TRANSFER, NULL, "ended-at");
  GtkNumericSorter *sorter = gtk_numeric_sorter_new (ended);

  gtk_numeric_sorter_set_sort_order (sorter, GTK_SORT_DESCENDING);
  return G_LIST_MODEL (gtk_sort_list_model_new (transfers, GTK_SORTER (sorter)));
}

static void
append_section (FerryTransferSections *self,
                GListStore            *parts,
                FerryContact          *contact,
                FerrySection           section)
{
  Wanted *wanted = g_new0 (Wanted, 1);
  g_autoptr(GListModel) transfers = NULL;
  g_autoptr(GListModel) headline = NULL;

  wanted->contact = g_object_ref (contact);
  wanted->section = section;
  self->filters[section] = GTK_FILTER (gtk_custom_filter_new (match, wanted, wanted_free));
  transfers = G_LIST_MODEL (gtk_filter_list_model_new (g_object_ref (self->queue),
                                                       g_object_ref (self->filters[section])));
  if (section == FERRY_SECTION_DONE)
    transfers = newest_first (g_steal_pointer (&transfers));

  headline = create_headline (section, transfers);
  g_list_store_append (parts, headline);
  g_list_store_append (parts, transfers);
}

FerryTransferSections *
ferry_transfer_sections_new (GListModel   *queue,
                             FerryContact *contact)
{
  FerryTransferSections *self = g_object_new (FERRY_TYPE_TRANSFER_SECTIONS, NULL);
  GListStore *parts = g_list_store_new (G_TYPE_LIST_MODEL);

  g_return_val_if_fail (G_IS_LIST_MODEL (queue), NULL);

  self->queue = g_object_ref (queue);
  g_signal_connect_object (queue, "items-changed", G_CALLBACK (queue_changed_cb), self,
                           G_CONNECT_SWAPPED);
  queue_changed_cb (self, 0, 0, g_list_model_get_n_items (queue));

  for (guint i = 0; i < FERRY_N_SECTIONS; i++)
    append_section (self, parts, contact, i);
  self->list = G_LIST_MODEL (gtk_flatten_list_model_new (G_LIST_MODEL (parts)));
  return self;
}

GListModel *
ferry_transfer_sections_get_list (FerryTransferSections *self)
{
  g_return_val_if_fail (FERRY_IS_TRANSFER_SECTIONS (self), NULL);
  return self->list;
}

static void
ferry_transfer_sections_dispose (GObject *object)
{
  FerryTransferSections *self = FERRY_TRANSFER_SECTIONS (object);

  g_clear_object (&self->list);
  for (guint i = 0; i < FERRY_N_SECTIONS; i++)
    g_clear_object (&self->filters[i]);
  g_clear_pointer (&self->watched, g_ptr_array_unref);
  g_clear_object (&self->queue);
  G_OBJECT_CLASS (ferry_transfer_sections_parent_class)->dispose (object);
}

static void
ferry_transfer_sections_class_init (FerryTransferSectionsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ferry_transfer_sections_dispose;
}

static void
ferry_transfer_sections_init (FerryTransferSections *self)
{
  self->watched = g_ptr_array_new_with_free_func (g_object_unref);
}
