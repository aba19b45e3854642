/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/disco.h"
#include "proto/proto-error.h"

static void
item_free (gpointer data)
{
  FerryDiscoItem *item = data;

  g_free (item->jid);
  g_free (item->node);
  g_free (item->name);
  g_free (item);
}

FerryElement *
ferry_disco_query_new (const char *xmlns,
                       const char *node)
{
  FerryElementBuilder *builder;

  g_return_val_if_fail (xmlns != NULL, NULL);

  builder = ferry_element_builder_new ("query", xmlns);
  ferry_element_builder_attribute (builder, "node", node);

  return ferry_element_builder_end (builder);
}

GPtrArray *
ferry_disco_items_parse (const FerryElement  *query,
                         GError             **error)
{
  GPtrArray *items;

  g_return_val_if_fail (query != NULL, NULL);

  if (!ferry_element_is (query, "query", FERRY_NS_DISCO_ITEMS))
    {
      g_set_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED,
                   "Not a list of items: <%s>", ferry_element_get_name (query));
      return NULL;
    }

  items = g_ptr_array_new_with_free_func (item_free);
  for (guint i = 0; i < ferry_element_get_n_children (query); i++)
    {
      FerryElement *child = ferry_element_get_child (query, i);
      const char *jid = ferry_element_get_attribute (child, "jid");
      FerryDiscoItem *item;

      if (!ferry_element_is (child, "item", FERRY_NS_DISCO_ITEMS) || jid == NULL)
        continue;
      if (items->len == FERRY_DISCO_MAX_ITEMS)
        break;
      item = g_new0 (FerryDiscoItem, 1);
      item->jid = g_strdup (jid);
      item->node = g_strdup (ferry_element_get_attribute (child, "node"));
      item->name = g_strdup (ferry_element_get_attribute (child, "name"));
      g_ptr_array_add (items, item);
    }

  return items;
}
