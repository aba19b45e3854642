/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/roster.h"

G_BEGIN_DECLS

/* For client.c. Fetches the list; call after login, before presence is sent. The finish()
 * fails when no answer comes. */
void          ferry_roster_load_async       (FerryRoster          *self,
                                             GAsyncReadyCallback   callback,
                                             gpointer              user_data);
gboolean      ferry_roster_load_finish      (FerryRoster          *self,
                                             GAsyncResult         *result,
                                             GError              **error);
/* The connection is gone: nobody is known to be online. No "resource-gone": the others may
 * well still be there, and a file on its way between us needs no server. */
void          ferry_roster_go_offline       (FerryRoster  *self);

struct _FerryRoster
{
  GObject       parent_instance;
  FerryRouter  *router;      /* (owned) */
  GPtrArray    *contacts;    /* (owned): FerryContact (owned): the list */
  GHashTable   *by_jid;      /* (owned): bare JID (of the contact) → FerryContact (owned): all */
  GHashTable   *invited;     /* (owned): bare JID (owned): whom our user asked to see */
  gboolean      is_loaded;
  guint         presence_id;
  guint         push_id;
};

/* roster-presence.c: the route of presence. */
gboolean      ferry_roster_receive_presence (FerryElement *stanza,
                                             gpointer      user_data);

/* roster-requests.c: asks the user, or answers for him where he has answered already. */
void          ferry_roster_take_request     (FerryRoster  *self,
                                             const char   *bare_jid);

/* roster.c, for these two. @bare_jid: normalised. */
FerryContact *ferry_roster_find             (FerryRoster  *self,
                                             const char   *bare_jid,
                                             gboolean      create);
void          ferry_roster_emit_gone        (FerryRoster  *self,
                                             const char   *full_jid);
void          ferry_roster_emit_requested   (FerryRoster  *self,
                                             FerryContact *contact);

G_END_DECLS
