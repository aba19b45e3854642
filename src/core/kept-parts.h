/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/inbox.h"
#include "proto/file-description.h"

G_BEGIN_DECLS

/**
 * FerryKeptParts:
 *
 * What arrived of files whose transfer broke, for the next offer of the same file by the
 * same person: then only the rest is asked for (FT-9, SIFT-4). Whether the two parts make
 * the file is for the hash of the whole to say (SEC-21), so what has none is not kept.
 *
 * Each is a `.part` in the user's folder. They go away with this table: nothing is resumed
 * after a restart.
 */
typedef struct _FerryKeptParts FerryKeptParts;

FerryKeptParts *ferry_kept_parts_new  (void);
void            ferry_kept_parts_free (FerryKeptParts             *self);
/* Removes them all from the disk. */
void            ferry_kept_parts_clear (FerryKeptParts            *self);
/* Whether a part of it is any use: it can be had from the middle, and the whole be checked. */
gboolean        ferry_kept_parts_can_keep (const FerryFileDescription *file);
/* The name, the length and the date are the sender's word for it; a hash that it said both
 * times is more. */
gboolean        ferry_kept_parts_is_same_file (const FerryFileDescription *a,
                                               const FerryFileDescription *b);
/* Takes hold of @inbox if it is worth it: enough of it is there, and @file can be had in
 * parts. @peer: bare or full. @name: the one it is to have, in @folder.
 * Returns: whether it did */
gboolean        ferry_kept_parts_keep (FerryKeptParts             *self,
                                       const char                 *peer,
                                       const FerryFileDescription *file,
                                       GFile                      *folder,
                                       const char                 *name,
                                       FerryInbox                 *inbox);
/* Returns: (nullable) (transfer full): the one that @file goes on from; @offset: (out): bytes */
FerryInbox     *ferry_kept_parts_take (FerryKeptParts             *self,
                                       const char                 *peer,
                                       const FerryFileDescription *file,
                                       GFile                      *folder,
                                       const char                 *name,
                                       gint64                     *offset);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FerryKeptParts, ferry_kept_parts_free)

G_END_DECLS
