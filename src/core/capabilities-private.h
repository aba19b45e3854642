/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/capabilities-cache.h"
#include "core/capabilities.h"
#include "proto/disco.h"

G_BEGIN_DECLS

#define FERRY_CAPABILITIES_TIMEOUT 15 /* seconds, DISC-5 */

struct _FerryCapabilities
{
  GObject                 parent_instance;
  FerryRouter            *router;      /* (owned) */
  FerryRoster            *roster;      /* (owned) */
  FerryCapabilitiesCache *cache;       /* (owned) */
  FerryDiscoInfo         *own;         /* (owned): what we say of ourselves */
  char                   *own_ver;     /* (owned) */
  GArray                 *handler_ids; /* (owned): guint */

  GHashTable             *introduced;  /* (owned): bare JID (owned): whom our user sent something */
  GHashTable             *strangers;   /* (owned): full JID (owned) → FerryKnownClient (owned):
                                        * asked, but of no contact that is online */
  GHashTable             *pending;     /* (owned): ver (of the question) → Question (owned) */
  GQueue                  waiting;     /* Question: not asked yet */
  guint                   n_asking;
};

/* capabilities.c: the only one that knows dialects. The first that @features allow, or @forced
 * if they do; @features: %NULL: unknown. @row: its place, lower is better. (nullable) */
const FerryDialect *ferry_capabilities_pick     (const char *const   *features,
                                                 const FerryDialect  *forced,
                                                 FerryDirection       direction,
                                                 guint               *row);
const FerryDialect *ferry_capabilities_find     (const char          *dialect);
FerryKnownClient   *ferry_known_client_new      (const FerryDiscoInfo *info);
void                ferry_known_client_free     (FerryKnownClient    *self);

/* capabilities-answers.c: the routes of what others ask us. */
void                ferry_capabilities_serve    (FerryCapabilities   *self);

/* capabilities-learn.c */
void                ferry_capabilities_watch    (FerryCapabilities   *self);
void                ferry_capabilities_stop     (FerryCapabilities   *self);
/* Writes what @info says into the resource of @full_jid, or keeps it for a stranger's. */
void                ferry_capabilities_apply    (FerryCapabilities    *self,
                                                 const char           *full_jid,
                                                 const FerryDiscoInfo *info);
/* Of a contact's resource or a stranger's. %FALSE: unknown. Borrowed. */
gboolean            ferry_capabilities_get_known (FerryCapabilities   *self,
                                                 const char           *full_jid,
                                                 FerryKnownClient     *known);

G_END_DECLS
