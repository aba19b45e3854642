/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The FerryContact and FerryRoster of fake-core.h. */

#include "config.h"

#include "fake-private.h"

struct _FerryContact
{
  GObject        parent_instance;
  char          *jid;    /* (owned) */
  char          *name;   /* (owned) */
  char          *status; /* (owned) (nullable) */
  FerryPresence  presence;
  gboolean       in_roster;
  guint          n_offers;
  guint          n_active;
  GListModel    *queue;
};

enum { PROP_0, PROP_JID, PROP_NAME, PROP_PRESENCE, PROP_N_OFFERS, PROP_N_ACTIVE, N_PROPS };
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (FerryContact, ferry_contact, G_TYPE_OBJECT)

#define GETTER(type, name, field) \
  type ferry_contact_get_##name (FerryContact *self) { return self->field; }

GETTER (const char *, jid, jid)
GETTER (const char *, name, name)
GETTER (FerryPresence, presence, presence)
GETTER (const char *, status, status)
GETTER (gboolean, in_roster, in_roster)
GETTER (guint, n_offers, n_offers)
GETTER (guint, n_active, n_active)

/* The gallery's people have Ferry wherever they are. */
guint
ferry_contact_get_n_resources (FerryContact *self)
{
  return 0;
}

const FerryResource *
ferry_contact_get_resource (FerryContact *self,
                            guint         index)
{
  return NULL;
}

gboolean
ferry_resource_has_feature (const FerryResource *self,
                            const char          *feature)
{
  return TRUE;
}

void
fake_contact_set_queue (FerryContact *self,
                        GListModel   *queue)
{
  self->queue = queue;
}

void
fake_contact_recount (FerryContact *self)
{
  self->n_offers = 0;
  self->n_active = 0;
  for (guint i = 0; i < g_list_model_get_n_items (self->queue); i++)
    {
      g_autoptr(FerryTransfer) transfer = g_list_model_get_item (self->queue, i);

      if (transfer->contact != self || ferry_transfer_is_ended (transfer))
        continue;
      self->n_active++;
      self->n_offers += transfer->state == FERRY_TRANSFER_OFFERED;
    }
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_N_OFFERS]);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_N_ACTIVE]);
}

static void
ferry_contact_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  FerryContact *self = FERRY_CONTACT (object);

  switch (prop_id)
    {
    case PROP_JID: g_value_set_string (value, self->jid); break;
    case PROP_NAME: g_value_set_string (value, self->name); break;
    case PROP_PRESENCE: g_value_set_int (value, (int) self->presence); break;
    case PROP_N_OFFERS: g_value_set_uint (value, self->n_offers); break;
    case PROP_N_ACTIVE: g_value_set_uint (value, self->n_active); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ferry_contact_finalize (GObject *object)
{
  FerryContact *self = FERRY_CONTACT (object);

  g_free (self->jid);
  g_free (self->name);
  g_free (self->status);
  G_OBJECT_CLASS (ferry_contact_parent_class)->finalize (object);
}

static void
ferry_contact_class_init (FerryContactClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = ferry_contact_get_property;
  object_class->finalize = ferry_contact_finalize;
  props[PROP_JID] = g_param_spec_string ("jid", NULL, NULL, NULL, flags);
  props[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  props[PROP_PRESENCE] = g_param_spec_int ("presence", NULL, NULL, 0, 5, 0, flags);
  props[PROP_N_OFFERS] = g_param_spec_uint ("n-offers", NULL, NULL, 0, G_MAXUINT, 0, flags);
  props[PROP_N_ACTIVE] = g_param_spec_uint ("n-active", NULL, NULL, 0, G_MAXUINT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
ferry_contact_init (FerryContact *self)
{
}

struct _FerryRoster
{
  GObject    parent_instance;
  GPtrArray *contacts; /* (owned) */
};

static GType
roster_get_item_type (GListModel *model)
{
  return FERRY_TYPE_CONTACT;
}

static guint
roster_get_n_items (GListModel *model)
{
  return FERRY_ROSTER (model)->contacts->len;
}

static gpointer
roster_get_item (GListModel *model,
                 guint       position)
{
  FerryRoster *self = FERRY_ROSTER (model);

  return position < self->contacts->len ? g_object_ref (self->contacts->pdata[position]) : NULL;
}

static void
roster_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = roster_get_item_type;
  iface->get_n_items = roster_get_n_items;
  iface->get_item = roster_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (FerryRoster, ferry_roster, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, roster_iface_init))

static FerryContact *
create_contact (const char    *jid,
                const char    *name,
                FerryPresence  presence,
                const char    *status)
{
  FerryContact *contact = g_object_new (FERRY_TYPE_CONTACT, NULL);

  contact->jid = g_strdup (jid);
  contact->name = g_strdup (name);
  contact->status = g_strdup (status);
  contact->presence = presence;
  contact->in_roster = TRUE;
  return contact;
}

FerryContact *
fake_roster_add (FerryRoster   *self,
                 const char    *jid,
                 const char    *name,
                 FerryPresence  presence,
                 const char    *status)
{
  FerryContact *contact = create_contact (jid, name, presence, status);

  g_ptr_array_add (self->contacts, contact);
  g_list_model_items_changed (G_LIST_MODEL (self), self->contacts->len - 1, 0, 1);
  return contact;
}

void
fake_roster_add_many (FerryRoster *self,
                      guint        n)
{
  guint before = self->contacts->len;

  for (guint i = 0; i < n; i++)
    {
      guint mixed = i * 7919u % n;
      g_autofree char *jid = g_strdup_printf ("user%05u@example.org", mixed);
      g_autofree char *name = g_strdup_printf ("%c%c%c Person %05u", 'A' + (int) (mixed % 26),
                                               'a' + (int) (mixed / 26 % 26), 'e', mixed);

      g_ptr_array_add (self->contacts, create_contact (jid, name, mixed % 6, NULL));
    }
  g_list_model_items_changed (G_LIST_MODEL (self), before, 0, n);
}

void
fake_roster_request (FerryRoster  *self,
                     FerryContact *contact)
{
  g_signal_emit_by_name (self, "subscription-requested", contact);
}

gboolean
ferry_roster_is_loaded (FerryRoster *self)
{
  return TRUE;
}

FerryContact *
ferry_roster_lookup (FerryRoster *self,
                     const char  *jid,
                     gboolean     create)
{
  for (guint i = 0; i < self->contacts->len; i++)
    if (g_str_equal (ferry_contact_get_jid (self->contacts->pdata[i]), jid))
      return self->contacts->pdata[i];
  return NULL;
}

static void
finish_later (FerryRoster         *self,
              GAsyncReadyCallback  callback,
              gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, NULL, callback, user_data);

  g_task_return_boolean (task, TRUE);
}

void
ferry_roster_add_async (FerryRoster         *self,
                        const char          *jid,
                        const char          *name,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  fake_roster_add (self, jid, name != NULL ? name : jid, FERRY_PRESENCE_OFFLINE, NULL);
  finish_later (self, callback, user_data);
}

gboolean
ferry_roster_add_finish (FerryRoster   *self,
                         GAsyncResult  *result,
                         GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
ferry_roster_remove_async (FerryRoster         *self,
                           FerryContact        *contact,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  guint position;

  if (g_ptr_array_find (self->contacts, contact, &position))
    {
      g_ptr_array_remove_index (self->contacts, position);
      g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
    }
  finish_later (self, callback, user_data);
}

gboolean
ferry_roster_remove_finish (FerryRoster   *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
ferry_roster_answer_subscription (FerryRoster  *self,
                                  FerryContact *contact,
                                  gboolean      allow)
{
  g_print ("%s %s\n", allow ? "allow" : "deny", contact->jid);
}

static void
ferry_roster_finalize (GObject *object)
{
  g_ptr_array_unref (FERRY_ROSTER (object)->contacts);
  G_OBJECT_CLASS (ferry_roster_parent_class)->finalize (object);
}

static void
ferry_roster_class_init (FerryRosterClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ferry_roster_finalize;
  g_signal_new ("subscription-requested", FERRY_TYPE_ROSTER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 1, FERRY_TYPE_CONTACT);
}

static void
ferry_roster_init (FerryRoster *self)
{
  self->contacts = g_ptr_array_new_with_free_func (g_object_unref);
}
