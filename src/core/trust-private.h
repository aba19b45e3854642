/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/trust.h"

G_BEGIN_DECLS

/* trust-identity.c: where the key of an account lies. */

/* @jid: bare. Returns: (transfer full): a path */
char             *ferry_trust_identity_dup_path (const char  *data_dir,
                                                 const char  *jid);
/* The stored one, or a new one if there is none. */
FerryTlsIdentity *ferry_trust_identity_obtain   (const char  *path,
                                                 const char  *jid,
                                                 GError     **error);
/* A new one, stored in place of the old. */
FerryTlsIdentity *ferry_trust_identity_renew    (const char  *path,
                                                 const char  *jid,
                                                 GError     **error);

G_END_DECLS
