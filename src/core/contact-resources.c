/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "core/contact-private.h"
#include "proto/jid.h"
#include "proto/xml-stream.h"
#include "proto/xtls.h"

#define MAX_RESOURCES 64 /* more are no person's */

/* Where a contact is online, and what follows from it for the contact as a whole. */

typedef struct
{
  FerryResource public; /* first: what others see is this */
  gboolean      can_receive;
} Resource;

static void
resource_free (Resource *resource)
{
  g_free (resource->public.jid);
  g_free (resource->public.status);
  g_free (resource->public.client_name);
  g_free (resource->public.caps_node);
  g_free (resource->public.caps_ver);
  g_strfreev (resource->public.features);
  g_free (resource);
}

/* The most willing to receive first: priority, then presence, then the name for good order. */
static int
compare_resources (gconstpointer a,
                   gconstpointer b)
{
  const Resource *first = *(const Resource *const *) a;
  const Resource *second = *(const Resource *const *) b;

  if (first->public.priority != second->public.priority)
    return first->public.priority > second->public.priority ? -1 : 1;
  if (first->public.presence != second->public.presence)
    return first->public.presence < second->public.presence ? -1 : 1;

  return strcmp (first->public.jid, second->public.jid);
}

static Resource *
find_resource (FerryContact *self,
               const char   *full_jid,
               guint        *index)
{
  for (guint i = 0; self->resources != NULL && i < self->resources->len; i++)
    {
      Resource *resource = self->resources->pdata[i];

      if (g_str_equal (resource->public.jid, full_jid))
        {
          if (index != NULL)
            *index = i;
          return resource;
        }
    }

  return NULL;
}

static void
set_string (char       **field,
            const char  *value)
{
  char *copy = g_strdup (value);

  g_free (*field);
  *field = copy;
}

/* XS-2, XS-5: streams, and what secures them. */
static gboolean
can_chat (const FerryResource *resource)
{
  return ferry_resource_has_feature (resource, FERRY_NS_XTLS)
         && (ferry_resource_has_feature (resource, FERRY_NS_XML_STREAM)
             || ferry_resource_has_feature (resource, FERRY_NS_XML_STREAM_TMP));
}

/* Recomputes what follows from the resources. A contact is as reachable as its most reachable
 * resource, and says what that one says. */
static void
refresh (FerryContact *self)
{
  FerryPresence presence = FERRY_PRESENCE_OFFLINE;
  const char *status = NULL;
  gboolean can_receive = FALSE;
  gboolean chats = FALSE;
  GObject *object = G_OBJECT (self);

  for (guint i = 0; i < ferry_contact_get_n_resources (self); i++)
    {
      const Resource *resource = self->resources->pdata[i];

      /* RFC 6121 §4.7.2.3: not for what is meant for the contact as such. */
      if (resource->public.priority < 0)
        continue;

      can_receive |= resource->can_receive;
      chats |= can_chat (&resource->public);

      if (resource->public.presence < presence)
        {
          presence = resource->public.presence;
          status = resource->public.status;
        }
    }

  g_object_freeze_notify (object);

  if (self->presence != presence)
    g_object_notify (object, "presence");
  if (g_strcmp0 (self->status, status) != 0)
    g_object_notify (object, "status");
  if (self->can_receive != can_receive)
    g_object_notify (object, "can-receive");
  if (self->can_chat != chats)
    g_object_notify (object, "can-chat");

  self->presence = presence;
  self->can_receive = can_receive;
  self->can_chat = chats;
  set_string (&self->status, status);
  g_object_thaw_notify (object);
}

/* What we learnt of one client says nothing of the next under the same name. */
static void
forget_features (Resource *resource)
{
  g_clear_pointer (&resource->public.features, g_strfreev);
  g_clear_pointer (&resource->public.client_name, g_free);
  resource->can_receive = FALSE;
}

void
ferry_contact_set_resource (FerryContact            *self,
                            const char              *full_jid,
                            const FerryPresenceInfo *info)
{
  Resource *resource = find_resource (self, full_jid, NULL);

  if (resource == NULL)
    {
      if (ferry_contact_get_n_resources (self) >= MAX_RESOURCES)
        return;

      resource = g_new0 (Resource, 1);
      resource->public.jid = g_strdup (full_jid);

      if (self->resources == NULL)
        self->resources = g_ptr_array_new_with_free_func ((GDestroyNotify) resource_free);
      g_ptr_array_add (self->resources, resource);
    }
  else if (g_strcmp0 (resource->public.caps_node, info->caps_node) != 0 ||
           g_strcmp0 (resource->public.caps_ver, info->caps_ver) != 0)
    forget_features (resource);

  resource->public.presence = info->presence;
  resource->public.priority = info->priority;
  set_string (&resource->public.status, info->status);
  set_string (&resource->public.caps_node, info->caps_node);
  set_string (&resource->public.caps_ver, info->caps_ver);

  g_ptr_array_sort (self->resources, compare_resources);
  refresh (self);
}

gboolean
ferry_contact_remove_resource (FerryContact *self,
                               const char   *full_jid)
{
  guint index;

  if (find_resource (self, full_jid, &index) == NULL)
    return FALSE;

  g_ptr_array_remove_index (self->resources, index);
  refresh (self);

  return TRUE;
}

void
ferry_contact_clear_resources (FerryContact *self)
{
  g_clear_pointer (&self->resources, g_ptr_array_unref);
  refresh (self);
}

void
ferry_contact_set_features (FerryContact      *self,
                            const char        *full_jid,
                            const char        *client_name,
                            const char *const *features,
                            gboolean           can_receive)
{
  Resource *resource = find_resource (self, full_jid, NULL);

  if (resource == NULL)
    return;

  forget_features (resource);
  resource->public.client_name = g_strdup (client_name);
  resource->public.features = g_strdupv ((char **) features);
  resource->can_receive = can_receive;
  refresh (self);
}

guint
ferry_contact_get_n_resources (FerryContact *self)
{
  g_return_val_if_fail (FERRY_IS_CONTACT (self), 0);

  return self->resources != NULL ? self->resources->len : 0;
}

/**
 * ferry_contact_get_resource:
 *
 * Returns: (nullable) (transfer none): %NULL past the end
 */
const FerryResource *
ferry_contact_get_resource (FerryContact *self,
                            guint         index)
{
  g_return_val_if_fail (FERRY_IS_CONTACT (self), NULL);

  if (index >= ferry_contact_get_n_resources (self))
    return NULL;

  return &((const Resource *) self->resources->pdata[index])->public;
}

/**
 * ferry_contact_find_resource:
 *
 * Returns: (nullable) (transfer none): %NULL while it is not online
 */
const FerryResource *
ferry_contact_find_resource (FerryContact *self,
                             const char   *full_jid)
{
  g_autofree char *normalised = NULL;
  const Resource *resource;

  g_return_val_if_fail (FERRY_IS_CONTACT (self), NULL);
  g_return_val_if_fail (full_jid != NULL, NULL);

  normalised = ferry_jid_normalise (full_jid, NULL);
  resource = normalised != NULL ? find_resource (self, normalised, NULL) : NULL;

  return resource != NULL ? &resource->public : NULL;
}

gboolean
ferry_resource_has_feature (const FerryResource *self,
                            const char          *feature)
{
  g_return_val_if_fail (self != NULL && feature != NULL, FALSE);

  return self->features != NULL && g_strv_contains ((const char *const *) self->features, feature);
}
