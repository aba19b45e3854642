/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a client of one make and version can do. */
typedef struct
{
  char  *client_name; /* (owned) (nullable) */
  char **features;    /* (owned): sorted */
} FerryKnownClient;

/**
 * FerryCapabilitiesCache:
 *
 * What checked caps hashes stand for (DISC-6), remembered on disk: the 2000 used last. The
 * file is read at the first question and written a while after a change, and at the end.
 */
typedef struct _FerryCapabilitiesCache FerryCapabilitiesCache;

FerryCapabilitiesCache *ferry_capabilities_cache_new    (const char             *data_dir);
/* Writes what is not written yet. */
void                    ferry_capabilities_cache_free   (FerryCapabilitiesCache *self);
/* Borrowed until the next add(). (nullable) */
const FerryKnownClient *ferry_capabilities_cache_lookup (FerryCapabilitiesCache *self,
                                                         const char             *ver);
/* Copies all. @ver must have been checked (DISC-4). */
void                    ferry_capabilities_cache_add    (FerryCapabilitiesCache *self,
                                                         const char             *ver,
                                                         const char             *client_name,
                                                         const char *const      *features);

G_END_DECLS
