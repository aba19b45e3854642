/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/element.h"

G_BEGIN_DECLS

#define FERRY_NS_ROSTER "jabber:iq:roster"

/* RFC 6121 §2.1.2.5. NONE, TO, FROM and BOTH are bits. */
typedef enum
{
  FERRY_SUBSCRIPTION_NONE = 0,
  FERRY_SUBSCRIPTION_TO = 1 << 0,   /* we see them */
  FERRY_SUBSCRIPTION_FROM = 1 << 1, /* they see us */
  FERRY_SUBSCRIPTION_BOTH = FERRY_SUBSCRIPTION_TO | FERRY_SUBSCRIPTION_FROM,
  FERRY_SUBSCRIPTION_REMOVE = 1 << 2,
} FerrySubscription;

/* An entry of the contact list (RFC 6121 §2.1.2). */
typedef struct
{
  char               *jid;          /* (owned): bare, normalised */
  char               *name;         /* (owned) (nullable) */
  FerrySubscription   subscription;
  gboolean            ask;          /* our request to see them is pending */
  char              **groups;       /* (owned): %NULL-terminated */
} FerryRosterItem;

/* "none", "to", "from", "both", "remove" */
const char      *ferry_subscription_to_string (FerrySubscription      subscription);

/* Errors: %FERRY_PROTO_ERROR_MALFORMED: no address, or none that is one */
FerryRosterItem *ferry_roster_item_parse      (const FerryElement    *item,
                                               GError               **error);
void             ferry_roster_item_free       (FerryRosterItem       *self);

/* The items of a `<query/>`; malformed ones are left out.
 * Returns: (transfer full) (element-type FerryRosterItem) */
GPtrArray       *ferry_roster_query_parse     (const FerryElement    *query);
/* The `<query/>` that fetches the list. Returns: (transfer full) */
FerryElement    *ferry_roster_query_new       (void);
/* The `<query/>` that adds, renames or (FERRY_SUBSCRIPTION_REMOVE) deletes @item;
 * the rest of what it says of subscription is the server's to know.
 * Returns: (transfer full) */
FerryElement    *ferry_roster_query_new_set   (const FerryRosterItem *item);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FerryRosterItem, ferry_roster_item_free)

G_END_DECLS
