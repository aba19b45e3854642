/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * FerryShares:
 *
 * The folders whose files others may ask for, and who may. What they name is a key
 * into this table, never a path (SEC-18): it finds a regular file that lies directly
 * in a folder shared with them, under exactly this name. Hidden files are not shared,
 * links are not followed, and whatever is not there looks like what is not for
 * them (SEC-22).
 */
typedef struct _FerryShares FerryShares;

FerryShares *ferry_shares_new    (void);
void         ferry_shares_free   (FerryShares       *self);
/* @jids: (nullable): with whom, %NULL-terminated; bare, or one client's full JID.
 * %NULL: with everybody who may send us requests at all (SEC-4). */
void         ferry_shares_add    (FerryShares       *self,
                                  GFile             *folder,
                                  const char *const *jids);
/* Takes back what was shared of @folder. */
void         ferry_shares_remove (FerryShares       *self,
                                  GFile             *folder);
/* @peer: the full JID of who asks. @name: (nullable): as they wrote it.
 * Returns: (nullable) (transfer full): the file; open it without following links */
GFile       *ferry_shares_lookup (FerryShares       *self,
                                  const char        *peer,
                                  const char        *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FerryShares, ferry_shares_free)

G_END_DECLS
