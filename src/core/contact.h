/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* How reachable somebody is, best first: the order of the contact list. */
typedef enum
{
  FERRY_PRESENCE_CHAT,
  FERRY_PRESENCE_AVAILABLE,
  FERRY_PRESENCE_AWAY,
  FERRY_PRESENCE_XA,
  FERRY_PRESENCE_DND,
  FERRY_PRESENCE_OFFLINE,
} FerryPresence;

/**
 * FerryResource:
 *
 * One device or program of a contact that is online now. A plain record owned by
 * its contact; gone with the next change of presence.
 */
typedef struct
{
  char          *jid;           /* (owned): full */
  FerryPresence  presence;
  int            priority;
  char          *status;        /* (owned) (nullable) */
  char          *client_name;   /* (owned) (nullable): once known from disco */
  char          *caps_node;     /* (owned) (nullable) */
  char          *caps_ver;      /* (owned) (nullable) */
  char         **features;      /* (owned) (nullable): sorted; %NULL: not known yet */
} FerryResource;

/**
 * FerryContact:
 *
 * Somebody on the contact list, or a stranger who spoke to us.
 *
 * Properties, all read-only and notified: "jid" (bare), "name" (never empty: the
 * roster's, else the local part), "presence" (#FerryPresence as an int), "status"
 * (nullable), "can-receive" (some resource speaks a dialect of ours, as far as
 * is known), "can-chat" (some resource takes secure chats, likewise), "in-roster",
 * "subscription" ("none", "to", "from", "both"), "n-offers" (incoming offers that
 * wait for an answer), "n-active" (transfers not ended).
 */
#define FERRY_TYPE_CONTACT (ferry_contact_get_type ())
G_DECLARE_FINAL_TYPE (FerryContact, ferry_contact, FERRY, CONTACT, GObject)

const char          *ferry_contact_get_jid         (FerryContact *self);
const char          *ferry_contact_get_name        (FerryContact *self);
FerryPresence        ferry_contact_get_presence    (FerryContact *self);
const char          *ferry_contact_get_status      (FerryContact *self);
gboolean             ferry_contact_get_can_receive (FerryContact *self);
gboolean             ferry_contact_get_can_chat    (FerryContact *self);
gboolean             ferry_contact_get_in_roster   (FerryContact *self);
const char          *ferry_contact_get_subscription (FerryContact *self);
/* Presence subscription "from" or "both": the contact may see us (SEC-4). */
gboolean             ferry_contact_is_trusted      (FerryContact *self);
guint                ferry_contact_get_n_offers    (FerryContact *self);
guint                ferry_contact_get_n_active    (FerryContact *self);

guint                ferry_contact_get_n_resources (FerryContact *self);
/* Best priority first. Borrowed. */
const FerryResource *ferry_contact_get_resource    (FerryContact *self,
                                                    guint         index);
const FerryResource *ferry_contact_find_resource   (FerryContact *self,
                                                    const char   *full_jid);
gboolean             ferry_resource_has_feature    (const FerryResource *self,
                                                    const char          *feature);

G_END_DECLS
