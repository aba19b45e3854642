/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/trust.h"

G_BEGIN_DECLS

/* What is known of the other end, in words and in padlocks. */

/* "verified by phrase", "verified by comparing", "not verified" */
const char      *ferry_trust_text_level       (FerryTrustLevel  level);
/* "Encrypted, not verified", "Not encrypted": of a session. */
const char      *ferry_trust_text_session     (gboolean         is_encrypted,
                                               FerryTrustLevel  level);
/* Icons: closed with a tick, open, broken. Never by colour alone. */
const char      *ferry_trust_text_icon        (FerryTrustLevel  level,
                                               gboolean         is_changed);
const char      *ferry_trust_text_session_icon (gboolean        is_encrypted,
                                                FerryTrustLevel level);
/* Whether a person made sure who it is. */
gboolean         ferry_trust_text_is_verified (FerryTrustLevel  level);
/* Of the certificate known for @jid; @is_changed: (out) (nullable): another one was shown. */
FerryTrustLevel  ferry_trust_text_lookup      (FerryTrust      *trust,
                                               const char      *jid,
                                               gboolean        *is_changed);
/* @hex: (nullable): of a digest. In groups of eight, @per_line of them in each line.
 * Returns: (transfer full) (nullable) */
char            *ferry_trust_text_fingerprint (const char      *hex,
                                               guint            per_line);

G_END_DECLS
