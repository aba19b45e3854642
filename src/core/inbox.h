/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * FerryInbox:
 *
 * Where one incoming file lands: a `.part` file of mode 0600 beside its later
 * name, opened beneath the folder, renamed without ever replacing anything
 * (SEC-18, SEC-19). Blocking work runs in threads. Used once.
 */
#define FERRY_TYPE_INBOX (ferry_inbox_get_type ())
G_DECLARE_FINAL_TYPE (FerryInbox, ferry_inbox, FERRY, INBOX, GObject)

/* @name: made safe here, whatever it is. @size: -1: not known. */
FerryInbox *ferry_inbox_new           (GFile                *folder,
                                       const char           *name,
                                       gint64                size);
/* Checks free space, creates the .part. finish(): its descriptor, owned by the inbox;
 * -1 with %G_IO_ERROR_NO_SPACE or another of the file system's. */
void        ferry_inbox_open_async    (FerryInbox           *self,
                                       GCancellable         *cancellable,
                                       GAsyncReadyCallback   callback,
                                       gpointer              user_data);
int         ferry_inbox_open_finish   (FerryInbox           *self,
                                       GAsyncResult         *result,
                                       GError              **error);
/* Of an open one: its descriptor, and how long the .part is; -1: there is none any more. */
int         ferry_inbox_get_fd        (FerryInbox           *self);
gint64      ferry_inbox_get_n_bytes   (FerryInbox           *self);
/* Syncs, renames to the first free "name", "name (1)" … , syncs the folder. */
void        ferry_inbox_commit_async  (FerryInbox           *self,
                                       GCancellable         *cancellable,
                                       GAsyncReadyCallback   callback,
                                       gpointer              user_data);
/* Returns: (transfer full): where it lies */
GFile      *ferry_inbox_commit_finish (FerryInbox           *self,
                                       GAsyncResult         *result,
                                       GError              **error);
/* Removes the .part; also on finalize, unless committed. */
void        ferry_inbox_discard       (FerryInbox           *self);

G_END_DECLS
