/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-roster"

#include "config.h"

#include "core/contact-private.h"
#include "core/roster-private.h"
#include "proto/jid.h"
#include "proto/presence.h"

#define NS_MUC_USER "http://jabber.org/protocol/muc#user"

/* Presence of contacts (RFC 6121 §4), each in its resource. */

static const FerryPresence reachability[] = {
  [FERRY_SHOW_AVAILABLE] = FERRY_PRESENCE_AVAILABLE,
  [FERRY_SHOW_CHAT] = FERRY_PRESENCE_CHAT,
  [FERRY_SHOW_AWAY] = FERRY_PRESENCE_AWAY,
  [FERRY_SHOW_XA] = FERRY_PRESENCE_XA,
  [FERRY_SHOW_DND] = FERRY_PRESENCE_DND,
};

static void
take_available (FerryRoster               *self,
                const char                *jid,
                const FerryPresenceStanza *presence)
{
  const char *own = ferry_router_get_jid (self->router);
  FerryContact *contact;
  FerryPresenceInfo info = {
    .presence = reachability[presence->show],
    .priority = presence->priority,
    .status = presence->status,
    .caps_node = presence->caps_node,
    /* DISC-4: legacy caps verify nothing, and this is the one hash we compute. */
    .caps_ver = g_strcmp0 (presence->caps_hash, "sha-1") == 0 ? presence->caps_ver : NULL,
  };

  if (ferry_jid_equal (jid, own))
    return;

  /* SEC-7: other devices of our own are contacts too, though on no list. */
  contact = ferry_roster_lookup (self, jid, ferry_jid_equal_bare (jid, own));

  if (contact != NULL)
    ferry_contact_set_resource (contact, jid, &info);
}

static void
take_resource_away (FerryRoster  *self,
                    FerryContact *contact,
                    const char   *jid)
{
  g_autofree char *gone = g_strdup (jid);

  if (ferry_contact_remove_resource (contact, gone))
    ferry_roster_emit_gone (self, gone);
}

/* From a bare JID it is the end of all resources. */
static void
take_unavailable (FerryRoster *self,
                  const char  *jid)
{
  FerryContact *contact = ferry_roster_lookup (self, jid, FALSE);
  const FerryResource *resource;

  if (contact == NULL)
    return;

  if (ferry_jid_is_full (jid))
    take_resource_away (self, contact, jid);
  else
    while ((resource = ferry_contact_get_resource (contact, 0)) != NULL)
      take_resource_away (self, contact, resource->jid);
}

static void
take_presence (FerryRoster               *self,
               const char                *jid,
               const FerryPresenceStanza *presence)
{
  g_autofree char *bare = NULL;

  switch (presence->type)
    {
    case FERRY_PRESENCE_TYPE_AVAILABLE:
      take_available (self, jid, presence);
      break;

    /* An error says that whatever we sent did not find it (RFC 6121 §4.6.3). */
    case FERRY_PRESENCE_TYPE_ERROR:
    case FERRY_PRESENCE_TYPE_UNAVAILABLE:
      take_unavailable (self, jid);
      break;

    case FERRY_PRESENCE_TYPE_SUBSCRIBE:
      bare = ferry_jid_dup_bare (jid);
      ferry_roster_take_request (self, bare);
      break;

    /* The server pushes the list as changed by these (RFC 6121 §3). */
    case FERRY_PRESENCE_TYPE_SUBSCRIBED:
    case FERRY_PRESENCE_TYPE_UNSUBSCRIBE:
    case FERRY_PRESENCE_TYPE_UNSUBSCRIBED:
    case FERRY_PRESENCE_TYPE_PROBE:
    default:
      break;
    }
}

gboolean
ferry_roster_receive_presence (FerryElement *stanza,
                               gpointer      user_data)
{
  g_auto(FerryPresenceStanza) presence = { 0 };
  g_autofree char *jid = NULL;

  /* SEC-5: who is in a room is no contact. */
  if (ferry_element_find (stanza, "x", NS_MUC_USER) != NULL)
    return FALSE;

  if (ferry_presence_parse (&presence, stanza) && presence.from != NULL)
    jid = ferry_jid_normalise (presence.from, NULL);

  if (jid != NULL)
    take_presence (FERRY_ROSTER (user_data), jid, &presence);

  /* Others may read it too; nobody answers it. */
  return FALSE;
}
