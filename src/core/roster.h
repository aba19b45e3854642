/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/contact.h"
#include "core/router.h"

G_BEGIN_DECLS

/**
 * FerryRoster:
 *
 * The contact list (RFC 6121 §2) and everybody's presence: a #GListModel of
 * #FerryContact, unsorted; the window sorts. Strangers are not in the model, but
 * lookup with @create makes them, so that their transfers have a contact.
 *
 * Properties: "loaded" (the server's list has come).
 * Signal "resource-gone" (char *full_jid): went offline.
 * Signal "subscription-requested" (FerryContact *contact).
 */
#define FERRY_TYPE_ROSTER (ferry_roster_get_type ())
G_DECLARE_FINAL_TYPE (FerryRoster, ferry_roster, FERRY, ROSTER, GObject)

FerryRoster  *ferry_roster_new           (FerryRouter          *router);
gboolean      ferry_roster_is_loaded     (FerryRoster          *self);
/* @jid: bare or full. Borrowed. Without @create %NULL for somebody unknown. */
FerryContact *ferry_roster_lookup        (FerryRoster          *self,
                                          const char           *jid,
                                          gboolean              create);
void          ferry_roster_add_async     (FerryRoster          *self,
                                          const char           *jid,
                                          const char           *name,
                                          GCancellable         *cancellable,
                                          GAsyncReadyCallback   callback,
                                          gpointer              user_data);
gboolean      ferry_roster_add_finish    (FerryRoster          *self,
                                          GAsyncResult         *result,
                                          GError              **error);
void          ferry_roster_remove_async  (FerryRoster          *self,
                                          FerryContact         *contact,
                                          GCancellable         *cancellable,
                                          GAsyncReadyCallback   callback,
                                          gpointer              user_data);
gboolean      ferry_roster_remove_finish (FerryRoster          *self,
                                          GAsyncResult         *result,
                                          GError              **error);
/* Answers a subscription request; asks back when allowed. */
void          ferry_roster_answer_subscription (FerryRoster    *self,
                                                FerryContact   *contact,
                                                gboolean        allow);

G_END_DECLS
