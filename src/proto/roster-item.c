/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "proto/jid.h"
#include "proto/proto-error.h"
#include "proto/roster-item.h"

static const struct
{
  FerrySubscription  subscription;
  const char        *name;
} subscriptions[] = {
  { FERRY_SUBSCRIPTION_NONE, "none" },
  { FERRY_SUBSCRIPTION_TO, "to" },
  { FERRY_SUBSCRIPTION_FROM, "from" },
  { FERRY_SUBSCRIPTION_BOTH, "both" },
  { FERRY_SUBSCRIPTION_REMOVE, "remove" },
};

const char *
ferry_subscription_to_string (FerrySubscription subscription)
{
  for (guint i = 0; i < G_N_ELEMENTS (subscriptions); i++)
    if (subscriptions[i].subscription == subscription)
      return subscriptions[i].name;

  g_return_val_if_reached (NULL);
}

/* RFC 6121 §2.1.2.5: absent is none; so is what we do not know. */
static FerrySubscription
parse_subscription (const char *text)
{
  for (guint i = 0; i < G_N_ELEMENTS (subscriptions); i++)
    if (g_strcmp0 (subscriptions[i].name, text) == 0)
      return subscriptions[i].subscription;

  return FERRY_SUBSCRIPTION_NONE;
}

static char **
parse_groups (const FerryElement *item)
{
  GStrvBuilder *builder = g_strv_builder_new ();
  char **groups;

  for (guint i = 0; i < ferry_element_get_n_children (item); i++)
    {
      FerryElement *child = ferry_element_get_child (item, i);

      if (ferry_element_is (child, "group", FERRY_NS_ROSTER) && *ferry_element_get_text (child) != '\0')
        g_strv_builder_add (builder, ferry_element_get_text (child));
    }
  groups = g_strv_builder_end (builder);
  g_strv_builder_unref (builder);

  return groups;
}

FerryRosterItem *
ferry_roster_item_parse (const FerryElement  *item,
                         GError             **error)
{
  g_autofree char *normal = NULL;
  FerryRosterItem *self;
  const char *jid;
  const char *name;

  g_return_val_if_fail (item != NULL, NULL);

  jid = ferry_element_get_attribute (item, "jid");
  if (!ferry_element_is (item, "item", FERRY_NS_ROSTER) || jid == NULL)
    {
      g_set_error_literal (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED,
                           "Contact without an address");
      return NULL;
    }
  normal = ferry_jid_normalise (jid, error);
  if (normal == NULL)
    return NULL;

  name = ferry_element_get_attribute (item, "name");
  self = g_new0 (FerryRosterItem, 1);
  self->jid = ferry_jid_dup_bare (normal);
  self->name = name != NULL && *name != '\0' ? g_strdup (name) : NULL;
  self->subscription = parse_subscription (ferry_element_get_attribute (item, "subscription"));
  self->ask = g_strcmp0 (ferry_element_get_attribute (item, "ask"), "subscribe") == 0;
  self->groups = parse_groups (item);

  return self;
}

void
ferry_roster_item_free (FerryRosterItem *self)
{
  if (self == NULL)
    return;

  g_free (self->jid);
  g_free (self->name);
  g_strfreev (self->groups);
  g_free (self);
}

GPtrArray *
ferry_roster_query_parse (const FerryElement *query)
{
  GPtrArray *items = g_ptr_array_new_with_free_func ((GDestroyNotify) ferry_roster_item_free);

  g_return_val_if_fail (query != NULL, items);

  for (guint i = 0; i < ferry_element_get_n_children (query); i++)
    {
      FerryRosterItem *item = ferry_roster_item_parse (ferry_element_get_child (query, i), NULL);

      if (item != NULL)
        g_ptr_array_add (items, item);
    }

  return items;
}

FerryElement *
ferry_roster_query_new (void)
{
  return ferry_element_builder_end (ferry_element_builder_new ("query", FERRY_NS_ROSTER));
}

FerryElement *
ferry_roster_query_new_set (const FerryRosterItem *item)
{
  FerryElementBuilder *builder;

  g_return_val_if_fail (item != NULL && item->jid != NULL, NULL);

  builder = ferry_element_builder_new ("query", FERRY_NS_ROSTER);
  ferry_element_builder_open (builder, "item", NULL);
  ferry_element_builder_attribute (builder, "jid", item->jid);
  if (item->subscription == FERRY_SUBSCRIPTION_REMOVE)
    {
      ferry_element_builder_attribute (builder, "subscription", "remove");
    }
  else
    {
      ferry_element_builder_attribute (builder, "name", item->name);
      for (char **group = item->groups; group != NULL && *group != NULL; group++)
        ferry_element_builder_text_child (builder, "group", *group);
    }
  ferry_element_builder_close (builder);

  return ferry_element_builder_end (builder);
}
