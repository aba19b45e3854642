/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/capabilities-private.h"
#include "legacy/dialects.h"
#include "proto/caps.h"
#include "proto/jid.h"
#include "proto/s5b-codec.h"

G_DEFINE_FINAL_TYPE (FerryCapabilities, ferry_capabilities, G_TYPE_OBJECT)

/* What we can do beside what the dialects say of themselves (protocols: 10.1). */
static const char *const own_features[] = {
  "http://jabber.org/protocol/bytestreams",
  "http://jabber.org/protocol/caps",
  "http://jabber.org/protocol/disco#info",
  "http://jabber.org/protocol/ibb",
  FERRY_NS_PUNCH,
  FERRY_NS_RESUME,
  "urn:xmpp:hash-function-text-names:sha-1",
  "urn:xmpp:hash-function-text-names:sha-256",
  "urn:xmpp:hash-function-text-names:sha-512",
  "urn:xmpp:hashes:2",
  "urn:xmpp:ping",
  NULL
};

static void
add_features (FerryDiscoInfo    *info,
              const char *const *features)
{
  for (; features != NULL && *features != NULL; features++)
    if (!ferry_disco_info_has_feature (info, *features))
      ferry_disco_info_add_feature (info, *features);
}

static FerryDiscoInfo *
build_own_info (void)
{
  FerryDiscoInfo *info = ferry_disco_info_new (NULL);

  ferry_disco_info_add_identity (info, "client", "pc", NULL, "Ferry");
  add_features (info, own_features);

  for (const FerryDialect *const *dialect = ferry_dialects_get (); *dialect != NULL; dialect++)
    {
      add_features (info, (*dialect)->features);
      add_features (info, (*dialect)->transports);
      add_features (info, (*dialect)->accepts);
    }

  return info;
}

/* All features of @dialect, and one of its transports at least. */
gboolean
ferry_capabilities_allow (const char *const  *features,
                          const FerryDialect *dialect)
{
  for (const char *const *needed = dialect->features; *needed != NULL; needed++)
    if (!g_strv_contains (features, *needed))
      return FALSE;

  if (dialect->hides_transports)
    return TRUE;

  for (const char *const *transport = dialect->transports; *transport != NULL; transport++)
    if (g_strv_contains (features, *transport))
      return TRUE;

  return FALSE;
}

const FerryDialect *
ferry_capabilities_pick (const char *const  *features,
                         const FerryDialect *forced,
                         FerryDirection      direction,
                         guint              *row)
{
  gboolean is_stream = direction == FERRY_DIRECTION_BOTH;
  const FerryDialect *const *dialects = is_stream ? ferry_stream_dialects_get ()
                                                  : ferry_dialects_get ();

  /* XS-2: of an XML stream nothing is hoped. */
  if (is_stream && features == NULL)
    return NULL;

  for (guint i = 0; dialects[i] != NULL; i++)
    {
      if (forced != NULL && dialects[i] != forced)
        continue;

      if (direction == FERRY_DIRECTION_RECEIVE && dialects[i]->request == NULL)
        continue;

      /* SEL-9: of who does not say, the best is hoped. */
      if (features != NULL && !ferry_capabilities_allow (features, dialects[i]))
        continue;

      if (row != NULL)
        *row = i;
      return dialects[i];
    }

  return NULL;
}

const FerryDialect *
ferry_capabilities_find (const char *dialect)
{
  return ferry_dialects_find (dialect);
}

FerryKnownClient *
ferry_known_client_new (const FerryDiscoInfo *info)
{
  FerryKnownClient *self = g_new0 (FerryKnownClient, 1);

  self->client_name = g_strdup (ferry_disco_info_get_client_name (info));
  self->features = ferry_disco_info_dup_features (info);

  return self;
}

void
ferry_known_client_free (FerryKnownClient *self)
{
  g_free (self->client_name);
  g_strfreev (self->features);
  g_free (self);
}

void
ferry_recipient_free (FerryRecipient *self)
{
  if (self == NULL)
    return;

  g_free (self->jid);
  g_free (self);
}

/**
 * ferry_capabilities_get_own_caps:
 *
 * Returns: (transfer full)
 */
FerryElement *
ferry_capabilities_get_own_caps (FerryCapabilities *self)
{
  g_return_val_if_fail (FERRY_IS_CAPABILITIES (self), NULL);

  return ferry_caps_to_element (FERRY_CAPS_NODE, self->own_ver);
}

void
ferry_capabilities_set_features (FerryCapabilities *self,
                                 const char *const *features)
{
  g_return_if_fail (FERRY_IS_CAPABILITIES (self));

  ferry_disco_info_free (self->own);
  self->own = build_own_info ();
  add_features (self->own, features);
  g_free (self->own_ver);
  self->own_ver = ferry_caps_compute (self->own);
}

const FerryPeerProfile *
ferry_capabilities_get_profile (FerryCapabilities *self,
                                const char        *full_jid)
{
  g_autofree char *jid = NULL;
  const FerryResource *resource = NULL;
  FerryContact *contact;
  FerryKnownClient known = { 0 };

  g_return_val_if_fail (FERRY_IS_CAPABILITIES (self), NULL);
  g_return_val_if_fail (full_jid != NULL, NULL);

  jid = ferry_jid_normalise (full_jid, NULL);

  if (jid == NULL)
    return ferry_peer_profile_get_default ();

  ferry_capabilities_get_known (self, jid, &known);
  contact = ferry_roster_lookup (self->roster, jid, FALSE);

  if (contact != NULL)
    resource = ferry_contact_find_resource (contact, jid);

  /* Its node may tell before its features do. */
  return ferry_peer_profile_find (resource != NULL ? resource->caps_node : NULL,
                                  known.client_name, (const char *const *) known.features);
}

const char *const *
ferry_capabilities_get_features (FerryCapabilities *self,
                                 const char        *full_jid)
{
  g_autofree char *jid = NULL;
  FerryKnownClient known = { 0 };

  g_return_val_if_fail (FERRY_IS_CAPABILITIES (self), NULL);
  g_return_val_if_fail (full_jid != NULL, NULL);

  jid = ferry_jid_normalise (full_jid, NULL);

  if (jid == NULL || !ferry_capabilities_get_known (self, jid, &known))
    return NULL;

  return (const char *const *) known.features;
}

static void
disco_answered_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  g_autoptr(FerryStanzaError) refusal = NULL;
  GError *error = NULL;
  g_autoptr(FerryElement) reply = ferry_router_request_finish (FERRY_ROUTER (source), result,
                                                               &error);
  FerryElement *query;

  if (reply == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  query = ferry_element_find (reply, "query", FERRY_NS_DISCO_INFO);

  if (ferry_iq_is (reply, FERRY_IQ_RESULT) && query != NULL)
    {
      g_task_return_pointer (task, ferry_element_ref (query), (GDestroyNotify) ferry_element_unref);
      return;
    }

  refusal = ferry_stanza_error_from_stanza (reply);
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED, "%s",
                           refusal != NULL ? ferry_condition_to_string (refusal->condition)
                                           : "The answer says nothing");
}

void
ferry_capabilities_disco_async (FerryCapabilities   *self,
                                const char          *jid,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr(FerryElement) query = NULL;
  GTask *task;

  g_return_if_fail (FERRY_IS_CAPABILITIES (self));
  g_return_if_fail (jid != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, ferry_capabilities_disco_async);
  query = ferry_disco_query_new (FERRY_NS_DISCO_INFO, NULL);
  ferry_router_request_async (self->router, FERRY_IQ_GET, jid, query, FERRY_CAPABILITIES_TIMEOUT,
                              cancellable, disco_answered_cb, task);
}

FerryElement *
ferry_capabilities_disco_finish (FerryCapabilities  *self,
                                 GAsyncResult       *result,
                                 GError            **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

FerryCapabilities *
ferry_capabilities_new (FerryRouter *router,
                        FerryRoster *roster,
                        const char  *data_dir)
{
  FerryCapabilities *self;

  g_return_val_if_fail (FERRY_IS_ROUTER (router), NULL);
  g_return_val_if_fail (FERRY_IS_ROSTER (roster), NULL);
  g_return_val_if_fail (data_dir != NULL, NULL);

  self = g_object_new (FERRY_TYPE_CAPABILITIES, NULL);
  self->router = g_object_ref (router);
  self->roster = g_object_ref (roster);
  self->cache = ferry_capabilities_cache_new (data_dir);
  ferry_capabilities_serve (self);
  ferry_capabilities_watch (self);

  return self;
}

static void
ferry_capabilities_dispose (GObject *object)
{
  FerryCapabilities *self = FERRY_CAPABILITIES (object);

  for (guint i = 0; self->router != NULL && i < self->handler_ids->len; i++)
    ferry_router_remove_handler (self->router, g_array_index (self->handler_ids, guint, i));

  g_clear_object (&self->router);
  g_clear_object (&self->roster);

  G_OBJECT_CLASS (ferry_capabilities_parent_class)->dispose (object);
}

static void
ferry_capabilities_finalize (GObject *object)
{
  FerryCapabilities *self = FERRY_CAPABILITIES (object);

  ferry_capabilities_stop (self);
  g_clear_pointer (&self->cache, ferry_capabilities_cache_free);
  g_clear_pointer (&self->own, ferry_disco_info_free);
  g_clear_pointer (&self->own_ver, g_free);
  g_clear_pointer (&self->handler_ids, g_array_unref);
  g_clear_pointer (&self->introduced, g_hash_table_unref);
  g_clear_pointer (&self->strangers, g_hash_table_unref);

  G_OBJECT_CLASS (ferry_capabilities_parent_class)->finalize (object);
}

static void
ferry_capabilities_class_init (FerryCapabilitiesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = ferry_capabilities_dispose;
  object_class->finalize = ferry_capabilities_finalize;
}

static void
ferry_capabilities_init (FerryCapabilities *self)
{
  self->handler_ids = g_array_new (FALSE, FALSE, sizeof (guint));
  self->introduced = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->strangers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                           (GDestroyNotify) ferry_known_client_free);
  self->own = build_own_info ();
  self->own_ver = ferry_caps_compute (self->own);
}
