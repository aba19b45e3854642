/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FerrySessionTable:
 *
 * The sessions under way, by the peer's full JID *and* the session id (SEC-1):
 * who only knows a session id reaches nothing (SEC-3). Sessions are borrowed.
 */
typedef struct _FerrySessionTable FerrySessionTable;

FerrySessionTable *ferry_session_table_new    (void);
void               ferry_session_table_free   (FerrySessionTable *self);
/* %FALSE: the pair is taken. */
gboolean           ferry_session_table_add    (FerrySessionTable *self,
                                               const char        *peer,
                                               const char        *sid,
                                               gpointer           session);
void               ferry_session_table_remove (FerrySessionTable *self,
                                               const char        *peer,
                                               const char        *sid);
gpointer           ferry_session_table_lookup (FerrySessionTable *self,
                                               const char        *peer,
                                               const char        *sid);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FerrySessionTable, ferry_session_table_free)

G_END_DECLS
