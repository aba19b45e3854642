/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/roster-private.h"
#include "proto/jid.h"
#include "proto/presence.h"
#include "proto/roster-item.h"

#define MAX_STRANGERS 1000 /* who may ask to see us, before we stop to listen */

/* What people ask of the list, and of each other (RFC 6121 §2.3 to §3). */

static void
send_presence_to (FerryRoster       *self,
                  const char        *jid,
                  FerryPresenceType  type)
{
  g_autoptr(FerryElement) stanza = NULL;
  const FerryPresenceStanza presence = { .type = type, .to = (char *) jid };

  stanza = ferry_presence_to_element (&presence);
  ferry_router_send (self->router, stanza);
}

void
ferry_roster_take_request (FerryRoster *self,
                           const char  *bare_jid)
{
  guint n_strangers = g_hash_table_size (self->by_jid) - self->contacts->len;
  FerryContact *contact = ferry_roster_find (self, bare_jid, n_strangers < MAX_STRANGERS);

  if (contact == NULL)
    return;

  /* Our user asked first: that they ask back is no news to him. */
  if (g_hash_table_contains (self->invited, bare_jid))
    send_presence_to (self, bare_jid, FERRY_PRESENCE_TYPE_SUBSCRIBED);
  else
    ferry_roster_emit_requested (self, contact);
}

void
ferry_roster_answer_subscription (FerryRoster  *self,
                                  FerryContact *contact,
                                  gboolean      allow)
{
  const char *jid;
  const char *subscription;

  g_return_if_fail (FERRY_IS_ROSTER (self));
  g_return_if_fail (FERRY_IS_CONTACT (contact));

  jid = ferry_contact_get_jid (contact);
  subscription = ferry_contact_get_subscription (contact);
  send_presence_to (self, jid, allow ? FERRY_PRESENCE_TYPE_SUBSCRIBED
                                     : FERRY_PRESENCE_TYPE_UNSUBSCRIBED);

  if (!allow)
    g_hash_table_remove (self->invited, jid);
  else if (!g_str_equal (subscription, "to") && !g_str_equal (subscription, "both"))
    send_presence_to (self, jid, FERRY_PRESENCE_TYPE_SUBSCRIBE);
}

static gboolean
return_refusal (GTask        *task,
                FerryElement *reply,
                GError       *error)
{
  g_autoptr(FerryStanzaError) refusal = NULL;

  if (reply == NULL)
    g_task_return_error (task, error);
  else if (ferry_iq_is (reply, FERRY_IQ_ERROR))
    {
      refusal = ferry_stanza_error_from_stanza (reply);
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED, "The server refused: %s",
                               refusal->text != NULL
                               ? refusal->text : ferry_condition_to_string (refusal->condition));
    }
  else
    return FALSE;

  return TRUE;
}

static void
contact_added_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  FerryRoster *self = g_task_get_source_object (task);
  const char *jid = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr(FerryElement) reply = ferry_router_request_finish (FERRY_ROUTER (source), result,
                                                               &error);

  if (return_refusal (task, reply, error))
    return;

  g_hash_table_add (self->invited, g_strdup (jid));
  send_presence_to (self, jid, FERRY_PRESENCE_TYPE_SUBSCRIBE);
  g_task_return_boolean (task, TRUE);
}

/**
 * ferry_roster_add_async:
 * @name: (nullable)
 *
 * Puts @jid on the list and asks to see its presence. Errors: %FERRY_PROTO_ERROR_MALFORMED
 * for what is no address; %G_IO_ERROR.
 */
void
ferry_roster_add_async (FerryRoster         *self,
                        const char          *jid,
                        const char          *name,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(FerryElement) query = NULL;
  g_autofree char *normalised = NULL;
  FerryRosterItem item = { .name = (char *) name };
  GError *error = NULL;

  g_return_if_fail (FERRY_IS_ROSTER (self));
  g_return_if_fail (jid != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, ferry_roster_add_async);
  normalised = ferry_jid_normalise (jid, &error);

  if (normalised == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  item.jid = ferry_jid_dup_bare (normalised);
  query = ferry_roster_query_new_set (&item);
  g_task_set_task_data (task, item.jid, g_free);
  ferry_router_request_async (self->router, FERRY_IQ_SET, NULL, query, FERRY_ROUTER_TIMEOUT,
                              cancellable, contact_added_cb, g_steal_pointer (&task));
}

gboolean
ferry_roster_add_finish (FerryRoster   *self,
                         GAsyncResult  *result,
                         GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
contact_removed_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  GError *error = NULL;
  g_autoptr(FerryElement) reply = ferry_router_request_finish (FERRY_ROUTER (source), result,
                                                               &error);

  if (!return_refusal (task, reply, error))
    g_task_return_boolean (task, TRUE);
}

/* The server's push takes the contact off the model. */
void
ferry_roster_remove_async (FerryRoster         *self,
                           FerryContact        *contact,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(FerryElement) query = NULL;
  FerryRosterItem item = { .subscription = FERRY_SUBSCRIPTION_REMOVE };

  g_return_if_fail (FERRY_IS_ROSTER (self));
  g_return_if_fail (FERRY_IS_CONTACT (contact));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, ferry_roster_remove_async);
  item.jid = (char *) ferry_contact_get_jid (contact);
  query = ferry_roster_query_new_set (&item);
  ferry_router_request_async (self->router, FERRY_IQ_SET, NULL, query, FERRY_ROUTER_TIMEOUT,
                              cancellable, contact_removed_cb, g_steal_pointer (&task));
}

gboolean
ferry_roster_remove_finish (FerryRoster   *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
