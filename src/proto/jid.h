/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* XMPP addresses (RFC 7622) as plain strings: local@domain/resource. */

char       *ferry_jid_normalise    (const char  *jid,
                                    GError     **error);
gboolean    ferry_jid_is_full      (const char  *jid);
char       *ferry_jid_dup_bare     (const char  *jid);
char       *ferry_jid_dup_local    (const char  *jid);
char       *ferry_jid_dup_domain   (const char  *jid);
const char *ferry_jid_get_resource (const char  *jid);
gboolean    ferry_jid_equal        (const char  *a,
                                    const char  *b);
gboolean    ferry_jid_equal_bare   (const char  *a,
                                    const char  *b);

G_END_DECLS
