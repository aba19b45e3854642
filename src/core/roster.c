/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/contact-private.h"
#include "core/roster-private.h"
#include "proto/jid.h"
#include "proto/roster-item.h"

enum
{
  PROP_0,
  PROP_LOADED,
  N_PROPS
};

enum
{
  SIGNAL_RESOURCE_GONE,
  SIGNAL_SUBSCRIPTION_REQUESTED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void ferry_roster_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FerryRoster, ferry_roster, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      ferry_roster_list_model_init))

static FerryContact *
make_contact (FerryRoster *self,
              const char  *bare_jid)
{
  FerryContact *contact = ferry_contact_new (bare_jid);

  g_hash_table_insert (self->by_jid, (char *) ferry_contact_get_jid (contact), contact);

  /* SEC-7: we may see ourselves. */
  if (ferry_jid_equal_bare (bare_jid, ferry_router_get_jid (self->router)))
    ferry_contact_set_roster (contact, FALSE, NULL, "both");

  return contact;
}

FerryContact *
ferry_roster_find (FerryRoster *self,
                   const char  *bare_jid,
                   gboolean     create)
{
  FerryContact *contact = g_hash_table_lookup (self->by_jid, bare_jid);

  return contact == NULL && create ? make_contact (self, bare_jid) : contact;
}

static void
take_out (FerryRoster *self,
          guint        index)
{
  g_autoptr(FerryContact) contact = g_object_ref (self->contacts->pdata[index]);

  g_ptr_array_remove_index (self->contacts, index);
  ferry_contact_set_roster (contact, FALSE, NULL, "none");
  g_list_model_items_changed (G_LIST_MODEL (self), index, 1, 0);
}

/* Writes @item into its contact.
 * Returns: (nullable) (transfer none): the contact if it is to join the list */
static FerryContact *
apply_item (FerryRoster           *self,
            const FerryRosterItem *item)
{
  FerryContact *contact = ferry_roster_find (self, item->jid, TRUE);
  gboolean was_in_roster = ferry_contact_get_in_roster (contact);

  ferry_contact_set_roster (contact, TRUE, item->name,
                            ferry_subscription_to_string (item->subscription));

  if (item->ask)
    g_hash_table_add (self->invited, g_strdup (item->jid));

  return was_in_roster ? NULL : contact;
}

/* Who is on our list but not on the server's any more. @listed: set of bare JIDs. */
static void
take_out_unlisted (FerryRoster *self,
                   GHashTable  *listed)
{
  for (guint i = self->contacts->len; i > 0; i--)
    {
      FerryContact *contact = self->contacts->pdata[i - 1];

      if (!g_hash_table_contains (listed, ferry_contact_get_jid (contact)))
        take_out (self, i - 1);
    }
}

/* The whole list in one change of the model, however long it is. */
static void
apply_list (FerryRoster  *self,
            FerryElement *query)
{
  g_autoptr(GPtrArray) items = ferry_roster_query_parse (query);
  g_autoptr(GHashTable) listed = g_hash_table_new (g_str_hash, g_str_equal);
  guint n_before;

  for (guint i = 0; i < items->len; i++)
    g_hash_table_add (listed, ((const FerryRosterItem *) items->pdata[i])->jid);

  take_out_unlisted (self, listed);
  n_before = self->contacts->len;

  for (guint i = 0; i < items->len; i++)
    {
      const FerryRosterItem *item = items->pdata[i];
      FerryContact *contact = NULL;

      if (item->subscription != FERRY_SUBSCRIPTION_REMOVE)
        contact = apply_item (self, item);
      if (contact != NULL)
        g_ptr_array_add (self->contacts, g_object_ref (contact));
    }

  if (self->contacts->len > n_before)
    g_list_model_items_changed (G_LIST_MODEL (self), n_before, 0, self->contacts->len - n_before);
}

static void
list_loaded_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  FerryRoster *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr(FerryElement) reply = ferry_router_request_finish (FERRY_ROUTER (source), result,
                                                               &error);
  FerryElement *query = NULL;

  if (reply == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  if (ferry_iq_is (reply, FERRY_IQ_RESULT))
    query = ferry_element_find (reply, "query", FERRY_NS_ROSTER);

  /* A server without contact lists is none to wait for. */
  if (query != NULL)
    apply_list (self, query);

  if (!self->is_loaded)
    {
      self->is_loaded = TRUE;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADED]);
    }

  g_task_return_boolean (task, TRUE);
}

void
ferry_roster_load_async (FerryRoster         *self,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr(FerryElement) query = ferry_roster_query_new ();
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, ferry_roster_load_async);
  ferry_router_request_async (self->router, FERRY_IQ_GET, NULL, query, FERRY_ROUTER_TIMEOUT,
                              NULL, list_loaded_cb, task);
}

gboolean
ferry_roster_load_finish (FerryRoster   *self,
                          GAsyncResult  *result,
                          GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
ferry_roster_go_offline (FerryRoster *self)
{
  /* A list of its own: those who are told may look somebody up, which makes contacts. */
  GList *all = g_hash_table_get_values (self->by_jid);

  for (GList *l = all; l != NULL; l = l->next)
    ferry_contact_clear_resources (l->data);

  g_list_free (all);
}

static void
apply_push (FerryRoster           *self,
            const FerryRosterItem *item)
{
  FerryContact *contact = ferry_roster_find (self, item->jid, FALSE);
  guint index;

  if (item->subscription == FERRY_SUBSCRIPTION_REMOVE)
    {
      g_hash_table_remove (self->invited, item->jid);

      if (contact != NULL && g_ptr_array_find (self->contacts, contact, &index))
        take_out (self, index);
      return;
    }

  contact = apply_item (self, item);

  if (contact != NULL)
    {
      g_ptr_array_add (self->contacts, g_object_ref (contact));
      g_list_model_items_changed (G_LIST_MODEL (self), self->contacts->len - 1, 0, 1);
    }
}

/* RFC 6121 §2.1.6: from nobody but our own account. Elsewhere it would be a forgery. */
static gboolean
is_own_push (FerryRoster  *self,
             FerryElement *stanza)
{
  const char *from = ferry_element_get_attribute (stanza, "from");
  const char *own = ferry_router_get_jid (self->router);
  g_autofree char *domain = NULL;

  if (from == NULL)
    return TRUE;

  if (own == NULL || ferry_jid_is_full (from))
    return FALSE;

  domain = ferry_jid_dup_domain (own);

  return ferry_jid_equal_bare (from, own) || ferry_jid_equal (from, domain);
}

static gboolean
roster_push_cb (FerryElement *stanza,
                gpointer      user_data)
{
  static const FerryStanzaError malformed = {
    .type = FERRY_STANZA_ERROR_MODIFY,
    .condition = FERRY_CONDITION_BAD_REQUEST,
  };
  FerryRoster *self = FERRY_ROSTER (user_data);
  g_autoptr(FerryRosterItem) item = NULL;
  g_autoptr(FerryElement) answer = NULL;
  FerryElement *query;

  if (!is_own_push (self, stanza))
    return FALSE;

  query = ferry_element_find (stanza, "query", FERRY_NS_ROSTER);

  if (ferry_element_get_n_children (query) == 1 &&
      ferry_element_is (ferry_element_get_child (query, 0), "item", FERRY_NS_ROSTER))
    item = ferry_roster_item_parse (ferry_element_get_child (query, 0), NULL);

  answer = item != NULL ? ferry_iq_new_result (stanza, NULL)
                        : ferry_iq_new_error (stanza, &malformed);
  ferry_router_send (self->router, answer);

  if (item != NULL)
    apply_push (self, item);

  return TRUE;
}

gboolean
ferry_roster_is_loaded (FerryRoster *self)
{
  g_return_val_if_fail (FERRY_IS_ROSTER (self), FALSE);

  return self->is_loaded;
}

/**
 * ferry_roster_lookup:
 *
 * Returns: (nullable) (transfer none): %NULL also for what is no address
 */
FerryContact *
ferry_roster_lookup (FerryRoster *self,
                     const char  *jid,
                     gboolean     create)
{
  g_autofree char *normalised = NULL;
  g_autofree char *bare = NULL;

  g_return_val_if_fail (FERRY_IS_ROSTER (self), NULL);
  g_return_val_if_fail (jid != NULL, NULL);

  normalised = ferry_jid_normalise (jid, NULL);

  if (normalised == NULL)
    return NULL;

  bare = ferry_jid_dup_bare (normalised);

  return ferry_roster_find (self, bare, create);
}

void
ferry_roster_emit_requested (FerryRoster  *self,
                             FerryContact *contact)
{
  g_signal_emit (self, signals[SIGNAL_SUBSCRIPTION_REQUESTED], 0, contact);
}

void
ferry_roster_emit_gone (FerryRoster *self,
                        const char  *full_jid)
{
  g_signal_emit (self, signals[SIGNAL_RESOURCE_GONE], 0, full_jid);
}

FerryRoster *
ferry_roster_new (FerryRouter *router)
{
  static const FerryRoute presences = { .stanza = "presence" };
  static const FerryRoute pushes = { "iq", "set", "query", FERRY_NS_ROSTER };
  FerryRoster *self;

  g_return_val_if_fail (FERRY_IS_ROUTER (router), NULL);

  self = g_object_new (FERRY_TYPE_ROSTER, NULL);
  self->router = g_object_ref (router);
  self->presence_id = ferry_router_add_handler (router, &presences,
                                                ferry_roster_receive_presence, self);
  self->push_id = ferry_router_add_handler (router, &pushes, roster_push_cb, self);

  return self;
}

static GType
ferry_roster_get_item_type (GListModel *model)
{
  return FERRY_TYPE_CONTACT;
}

static guint
ferry_roster_get_n_items (GListModel *model)
{
  return FERRY_ROSTER (model)->contacts->len;
}

static gpointer
ferry_roster_get_item (GListModel *model,
                       guint       position)
{
  FerryRoster *self = FERRY_ROSTER (model);

  return position < self->contacts->len ? g_object_ref (self->contacts->pdata[position]) : NULL;
}

static void
ferry_roster_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = ferry_roster_get_item_type;
  iface->get_n_items = ferry_roster_get_n_items;
  iface->get_item = ferry_roster_get_item;
}

static void
ferry_roster_dispose (GObject *object)
{
  FerryRoster *self = FERRY_ROSTER (object);

  if (self->router != NULL)
    {
      ferry_router_remove_handler (self->router, self->presence_id);
      ferry_router_remove_handler (self->router, self->push_id);
    }

  g_clear_object (&self->router);

  G_OBJECT_CLASS (ferry_roster_parent_class)->dispose (object);
}

static void
ferry_roster_finalize (GObject *object)
{
  FerryRoster *self = FERRY_ROSTER (object);

  g_clear_pointer (&self->contacts, g_ptr_array_unref);
  g_clear_pointer (&self->by_jid, g_hash_table_unref);
  g_clear_pointer (&self->invited, g_hash_table_unref);

  G_OBJECT_CLASS (ferry_roster_parent_class)->finalize (object);
}

static void
ferry_roster_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_LOADED:
      g_value_set_boolean (value, FERRY_ROSTER (object)->is_loaded);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ferry_roster_class_init (FerryRosterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = ferry_roster_dispose;
  object_class->finalize = ferry_roster_finalize;
  object_class->get_property = ferry_roster_get_property;

  properties[PROP_LOADED] =
    g_param_spec_boolean ("loaded", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_RESOURCE_GONE] =
    g_signal_new ("resource-gone", FERRY_TYPE_ROSTER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_SUBSCRIPTION_REQUESTED] =
    g_signal_new ("subscription-requested", FERRY_TYPE_ROSTER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 1, FERRY_TYPE_CONTACT);
}

static void
ferry_roster_init (FerryRoster *self)
{
  self->contacts = g_ptr_array_new_with_free_func (g_object_unref);
  self->by_jid = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);
  self->invited = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}
