/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * FerryPartFile:
 *
 * An incoming file while it is incomplete: `NAME.part`, mode 0600, beneath a
 * folder that is held open. All calls block; none ever replaces or follows
 * anything that lies in the folder (SEC-18, SEC-19). Only core/inbox uses it.
 */
typedef struct
{
  int   folder; /* descriptor */
  int   fd;     /* the .part, for reading and writing */
  char *name;   /* (owned): of the .part, in the folder */
} FerryPartFile;

/* Ways to give a file its name without replacing another, best first. File systems
 * that cannot do one may do the next; %FERRY_PUBLISH_PLACEHOLDER works everywhere. */
typedef enum
{
  FERRY_PUBLISH_RENAME,      /* renameat2 (RENAME_NOREPLACE) */
  FERRY_PUBLISH_LINK,        /* linkat, then unlinkat */
  FERRY_PUBLISH_PLACEHOLDER, /* an empty file of our own in the name's place, then renameat */
} FerryPublishMethod;

/* @name: a safe one. @size: bytes that will come, -1: not known. */
FerryPartFile *ferry_part_file_create     (GFile               *folder,
                                           const char          *name,
                                           gint64               size,
                                           GError             **error);
/* Syncs, then renames to @name or its first free variant. @method: the first to try.
 * Returns: (transfer full): the name it has now */
char          *ferry_part_file_publish    (FerryPartFile       *self,
                                           const char          *name,
                                           FerryPublishMethod   method,
                                           GError             **error);
/* How long it is; -1: somebody took it away. */
gint64         ferry_part_file_get_n_bytes (FerryPartFile      *self);
/* Removes the .part, unless published. */
void           ferry_part_file_free       (FerryPartFile       *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FerryPartFile, ferry_part_file_free)

G_END_DECLS
