/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-capabilities"

#include "config.h"

#include "core/capabilities-private.h"
#include "core/contact-private.h"
#include "proto/caps.h"
#include "proto/jid.h"

#define MAX_ASKING    8   /* questions under way; a login may bring thousands */
#define MAX_QUESTIONS 2000 /* outstanding; more hashes are somebody's malice */
#define MAX_STRANGERS 256 /* whose answers are kept */

/* What contacts can do, learnt from the hash in their presence (XEP-0115): one question for
 * all who announce the same hash, and none if it is known from before. */

/* What a hash stands for; asked of one who announces it after the other until an answer fits. */
typedef struct
{
  FerryCapabilities *self;  /* (owned) while asked, else %NULL */
  char              *ver;   /* (owned) */
  char              *node;  /* (owned) */
  char              *asked; /* (owned) (nullable): who is asked now */
  GHashTable        *jids;  /* (owned): char (owned): who else announce it */
} Question;

static void ask_next (FerryCapabilities *self);

static void
question_free (Question *question)
{
  g_free (question->ver);
  g_free (question->node);
  g_free (question->asked);
  g_hash_table_unref (question->jids);
  g_free (question);
}

static void
write_features (FerryCapabilities      *self,
                const char             *full_jid,
                const FerryKnownClient *client)
{
  FerryContact *contact = ferry_roster_lookup (self->roster, full_jid, FALSE);
  const char *const *features = (const char *const *) client->features;

  if (contact != NULL)
    ferry_contact_set_features (contact, full_jid, client->client_name, features,
                                ferry_capabilities_pick (features, NULL, FERRY_DIRECTION_SEND,
                                                         NULL) != NULL);
}

void
ferry_capabilities_apply (FerryCapabilities    *self,
                          const char           *full_jid,
                          const FerryDiscoInfo *info)
{
  FerryContact *contact = ferry_roster_lookup (self->roster, full_jid, FALSE);
  FerryKnownClient *client = ferry_known_client_new (info);

  if (contact != NULL && ferry_contact_find_resource (contact, full_jid) != NULL)
    {
      write_features (self, full_jid, client);
      ferry_known_client_free (client);
      return;
    }

  if (g_hash_table_size (self->strangers) >= MAX_STRANGERS)
    g_hash_table_remove_all (self->strangers);

  g_hash_table_insert (self->strangers, g_strdup (full_jid), client);
}

gboolean
ferry_capabilities_get_known (FerryCapabilities *self,
                              const char        *full_jid,
                              FerryKnownClient  *known)
{
  FerryContact *contact = ferry_roster_lookup (self->roster, full_jid, FALSE);
  const FerryResource *resource = NULL;
  const FerryKnownClient *stranger;

  if (contact != NULL)
    resource = ferry_contact_find_resource (contact, full_jid);

  if (resource != NULL)
    {
      known->client_name = resource->client_name;
      known->features = resource->features;
      return resource->features != NULL;
    }

  stranger = g_hash_table_lookup (self->strangers, full_jid);

  if (stranger != NULL)
    *known = *stranger;

  return stranger != NULL;
}

/* Whether @jid still announces @ver. */
static gboolean
announces (FerryCapabilities *self,
           const char        *jid,
           const char        *ver)
{
  FerryContact *contact = ferry_roster_lookup (self->roster, jid, FALSE);
  const FerryResource *resource = NULL;

  if (contact != NULL)
    resource = ferry_contact_find_resource (contact, jid);

  return resource != NULL && g_strcmp0 (resource->caps_ver, ver) == 0;
}

/* The answer counts for everybody: it is what the hash was made of. */
static void
settle (FerryCapabilities    *self,
        Question             *question,
        const FerryDiscoInfo *info)
{
  FerryKnownClient *client = ferry_known_client_new (info);
  GHashTableIter iter;
  gpointer jid;

  ferry_capabilities_cache_add (self->cache, question->ver, client->client_name,
                                (const char *const *) client->features);
  g_hash_table_iter_init (&iter, question->jids);

  while (g_hash_table_iter_next (&iter, &jid, NULL))
    if (announces (self, jid, question->ver))
      write_features (self, jid, client);

  ferry_known_client_free (client);
  g_hash_table_remove (self->pending, question->ver);
}

/* DISC-4: what is not the hash's counts for the one who said it, and nobody else. */
static void
take_answer (FerryCapabilities *self,
             Question          *question,
             FerryElement      *reply)
{
  g_autofree char *jid = g_steal_pointer (&question->asked);
  g_autoptr(FerryDiscoInfo) info = NULL;
  FerryElement *query = NULL;

  if (reply != NULL && ferry_iq_is (reply, FERRY_IQ_RESULT))
    query = ferry_element_find (reply, "query", FERRY_NS_DISCO_INFO);
  if (query != NULL)
    info = ferry_disco_info_parse (query, NULL);

  if (info != NULL && announces (self, jid, question->ver))
    ferry_capabilities_apply (self, jid, info);

  if (info != NULL && ferry_caps_verify (info, "sha-1", question->ver))
    settle (self, question, info);
  else if (g_hash_table_size (question->jids) > 0)
    g_queue_push_tail (&self->waiting, question);
  else
    g_hash_table_remove (self->pending, question->ver);
}

static void
caps_answered_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  Question *question = user_data;
  g_autoptr(FerryCapabilities) self = g_steal_pointer (&question->self);
  g_autoptr(GError) error = NULL;
  g_autoptr(FerryElement) reply = ferry_router_request_finish (FERRY_ROUTER (source), result,
                                                               &error);

  self->n_asking--;

  /* Offline: nobody announces anything any more. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED))
    g_hash_table_remove (self->pending, question->ver);
  else
    take_answer (self, question, reply);

  ask_next (self);
}

static void
ask (FerryCapabilities *self,
     Question          *question)
{
  g_autofree char *node = g_strdup_printf ("%s#%s", question->node, question->ver);
  g_autoptr(FerryElement) query = ferry_disco_query_new (FERRY_NS_DISCO_INFO, node);
  GHashTableIter iter;
  gpointer jid;

  g_hash_table_iter_init (&iter, question->jids);
  g_hash_table_iter_next (&iter, &jid, NULL);
  g_hash_table_iter_steal (&iter);
  question->asked = jid;

  self->n_asking++;
  question->self = g_object_ref (self);
  ferry_router_request_async (self->router, FERRY_IQ_GET, question->asked, query,
                              FERRY_CAPABILITIES_TIMEOUT, NULL, caps_answered_cb, question);
}

static void
ask_next (FerryCapabilities *self)
{
  while (self->n_asking < MAX_ASKING && !g_queue_is_empty (&self->waiting))
    ask (self, g_queue_pop_head (&self->waiting));
}

static void
learn (FerryCapabilities   *self,
       const FerryResource *resource)
{
  const FerryKnownClient *client = ferry_capabilities_cache_lookup (self->cache,
                                                                    resource->caps_ver);
  Question *question;

  if (client != NULL)
    {
      g_autofree char *jid = g_strdup (resource->jid);

      write_features (self, jid, client);
      return;
    }

  question = g_hash_table_lookup (self->pending, resource->caps_ver);

  if (question == NULL && g_hash_table_size (self->pending) >= MAX_QUESTIONS)
    return;

  if (question == NULL)
    {
      question = g_new0 (Question, 1);
      question->ver = g_strdup (resource->caps_ver);
      question->node = g_strdup (resource->caps_node);
      question->jids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      g_hash_table_insert (self->pending, question->ver, question);
      g_queue_push_tail (&self->waiting, question);
    }

  if (g_strcmp0 (question->asked, resource->jid) != 0)
    g_hash_table_add (question->jids, g_strdup (resource->jid));

  ask_next (self);
}

/* Runs after the roster's handler, which has made the resource. */
static gboolean
caps_presence_cb (FerryElement *stanza,
                  gpointer      user_data)
{
  FerryCapabilities *self = FERRY_CAPABILITIES (user_data);
  const char *from = ferry_element_get_attribute (stanza, "from");
  const FerryResource *resource = NULL;
  FerryContact *contact = NULL;

  if (from != NULL && ferry_jid_is_full (from))
    contact = ferry_roster_lookup (self->roster, from, FALSE);
  if (contact != NULL)
    resource = ferry_contact_find_resource (contact, from);

  if (resource != NULL && resource->features == NULL && resource->caps_node != NULL &&
      resource->caps_ver != NULL)
    learn (self, resource);

  return FALSE;
}

void
ferry_capabilities_watch (FerryCapabilities *self)
{
  static const FerryRoute route = { "presence", NULL, "c", FERRY_NS_CAPS };
  guint id = ferry_router_add_handler (self->router, &route, caps_presence_cb, self);

  g_array_append_val (self->handler_ids, id);
  g_queue_init (&self->waiting);
  self->pending = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                         (GDestroyNotify) question_free);
}

void
ferry_capabilities_stop (FerryCapabilities *self)
{
  g_queue_clear (&self->waiting);
  g_clear_pointer (&self->pending, g_hash_table_unref);
}
