/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/contact-private.h"
#include "proto/jid.h"

enum
{
  PROP_0,
  PROP_JID,
  PROP_NAME,
  PROP_PRESENCE,
  PROP_STATUS,
  PROP_CAN_RECEIVE,
  PROP_CAN_CHAT,
  PROP_IN_ROSTER,
  PROP_SUBSCRIPTION,
  PROP_N_OFFERS,
  PROP_N_ACTIVE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (FerryContact, ferry_contact, G_TYPE_OBJECT)

static void
set_string (char       **field,
            const char  *value)
{
  char *copy = g_strdup (value);

  g_free (*field);
  *field = copy;
}

FerryContact *
ferry_contact_new (const char *jid)
{
  FerryContact *self = g_object_new (FERRY_TYPE_CONTACT, NULL);

  self->jid = g_strdup (jid);
  self->fallback = ferry_jid_dup_local (jid);

  if (self->fallback == NULL)
    self->fallback = g_strdup (jid);

  return self;
}

void
ferry_contact_set_roster (FerryContact *self,
                          gboolean      in_roster,
                          const char   *name,
                          const char   *subscription)
{
  const char *new_name = name != NULL && *name != '\0' ? name : NULL;
  gboolean renamed = g_strcmp0 (self->roster_name, new_name) != 0;
  gboolean moved = self->in_roster != in_roster;
  gboolean resubscribed = !g_str_equal (self->subscription, subscription);

  if (renamed)
    set_string (&self->roster_name, new_name);
  if (resubscribed)
    set_string (&self->subscription, subscription);
  self->in_roster = in_roster;

  if (renamed)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NAME]);
  if (moved)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IN_ROSTER]);
  if (resubscribed)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SUBSCRIPTION]);
}

static void
set_count (FerryContact *self,
           guint        *field,
           guint         value,
           GParamSpec   *pspec)
{
  if (*field == value)
    return;

  *field = value;
  g_object_notify_by_pspec (G_OBJECT (self), pspec);
}

void
ferry_contact_set_n_offers (FerryContact *self,
                            guint         n_offers)
{
  set_count (self, &self->n_offers, n_offers, properties[PROP_N_OFFERS]);
}

void
ferry_contact_set_n_active (FerryContact *self,
                            guint         n_active)
{
  set_count (self, &self->n_active, n_active, properties[PROP_N_ACTIVE]);
}

const char *
ferry_contact_get_jid (FerryContact *self)
{
  g_return_val_if_fail (FERRY_IS_CONTACT (self), NULL);

  return self->jid;
}

const char *
ferry_contact_get_name (FerryContact *self)
{
  g_return_val_if_fail (FERRY_IS_CONTACT (self), NULL);

  return self->roster_name != NULL ? self->roster_name : self->fallback;
}

FerryPresence
ferry_contact_get_presence (FerryContact *self)
{
  g_return_val_if_fail (FERRY_IS_CONTACT (self), FERRY_PRESENCE_OFFLINE);

  return self->presence;
}

const char *
ferry_contact_get_status (FerryContact *self)
{
  g_return_val_if_fail (FERRY_IS_CONTACT (self), NULL);

  return self->status;
}

gboolean
ferry_contact_get_can_receive (FerryContact *self)
{
  g_return_val_if_fail (FERRY_IS_CONTACT (self), FALSE);

  return self->can_receive;
}

gboolean
ferry_contact_get_can_chat (FerryContact *self)
{
  g_return_val_if_fail (FERRY_IS_CONTACT (self), FALSE);

  return self->can_chat;
}

gboolean
ferry_contact_get_in_roster (FerryContact *self)
{
  g_return_val_if_fail (FERRY_IS_CONTACT (self), FALSE);

  return self->in_roster;
}

const char *
ferry_contact_get_subscription (FerryContact *self)
{
  g_return_val_if_fail (FERRY_IS_CONTACT (self), NULL);

  return self->subscription;
}

gboolean
ferry_contact_is_trusted (FerryContact *self)
{
  g_return_val_if_fail (FERRY_IS_CONTACT (self), FALSE);

  return g_str_equal (self->subscription, "from") || g_str_equal (self->subscription, "both");
}

guint
ferry_contact_get_n_offers (FerryContact *self)
{
  g_return_val_if_fail (FERRY_IS_CONTACT (self), 0);

  return self->n_offers;
}

guint
ferry_contact_get_n_active (FerryContact *self)
{
  g_return_val_if_fail (FERRY_IS_CONTACT (self), 0);

  return self->n_active;
}

static void
ferry_contact_finalize (GObject *object)
{
  FerryContact *self = FERRY_CONTACT (object);

  g_clear_pointer (&self->jid, g_free);
  g_clear_pointer (&self->roster_name, g_free);
  g_clear_pointer (&self->fallback, g_free);
  g_clear_pointer (&self->subscription, g_free);
  g_clear_pointer (&self->status, g_free);
  g_clear_pointer (&self->resources, g_ptr_array_unref);

  G_OBJECT_CLASS (ferry_contact_parent_class)->finalize (object);
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
    case PROP_JID:
      g_value_set_string (value, self->jid);
      break;

    case PROP_NAME:
      g_value_set_string (value, ferry_contact_get_name (self));
      break;

    case PROP_PRESENCE:
      g_value_set_int (value, self->presence);
      break;

    case PROP_STATUS:
      g_value_set_string (value, self->status);
      break;

    case PROP_CAN_RECEIVE:
      g_value_set_boolean (value, self->can_receive);
      break;

    case PROP_CAN_CHAT:
      g_value_set_boolean (value, self->can_chat);
      break;

    case PROP_IN_ROSTER:
      g_value_set_boolean (value, self->in_roster);
      break;

    case PROP_SUBSCRIPTION:
      g_value_set_string (value, self->subscription);
      break;

    case PROP_N_OFFERS:
      g_value_set_uint (value, self->n_offers);
      break;

    case PROP_N_ACTIVE:
      g_value_set_uint (value, self->n_active);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ferry_contact_class_init (FerryContactClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = ferry_contact_finalize;
  object_class->get_property = ferry_contact_get_property;

  properties[PROP_JID] = g_param_spec_string ("jid", NULL, NULL, NULL, flags);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_PRESENCE] =
    g_param_spec_int ("presence", NULL, NULL, FERRY_PRESENCE_CHAT, FERRY_PRESENCE_OFFLINE,
                      FERRY_PRESENCE_OFFLINE, flags);
  properties[PROP_STATUS] = g_param_spec_string ("status", NULL, NULL, NULL, flags);
  properties[PROP_CAN_RECEIVE] =
    g_param_spec_boolean ("can-receive", NULL, NULL, FALSE, flags);
  properties[PROP_CAN_CHAT] = g_param_spec_boolean ("can-chat", NULL, NULL, FALSE, flags);
  properties[PROP_IN_ROSTER] = g_param_spec_boolean ("in-roster", NULL, NULL, FALSE, flags);
  properties[PROP_SUBSCRIPTION] =
    g_param_spec_string ("subscription", NULL, NULL, "none", flags);
  properties[PROP_N_OFFERS] =
    g_param_spec_uint ("n-offers", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_N_ACTIVE] =
    g_param_spec_uint ("n-active", NULL, NULL, 0, G_MAXUINT, 0, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
ferry_contact_init (FerryContact *self)
{
  self->presence = FERRY_PRESENCE_OFFLINE;
  self->subscription = g_strdup ("none");
}
