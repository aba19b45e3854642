/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/jingle-application.h"
#include "proto/jingle-generation.h"

G_BEGIN_DECLS

/* What the dialects of a generation have in common; each of these is a function of
 * #FerryDialect but for the generation. */
const char   *ferry_jingle_dialect_get_sid    (const FerryJingleGeneration *generation,
                                               const FerryElement          *iq);
gboolean      ferry_jingle_dialect_is_opening (const FerryJingleGeneration *generation,
                                               const FerryElement          *iq);
FerryElement *ferry_jingle_dialect_refuse     (const FerryJingleGeneration *generation,
                                               const FerryElement          *iq);

/* Whether @iq opens a session about one of @applications (%NULL-terminated). */
gboolean      ferry_jingle_dialect_is_opening_of (const FerryJingleGeneration         *generation,
                                                  const FerryJingleApplication *const *applications,
                                                  const FerryElement                  *iq);
/* XS-2: whether a peer with @features (nullable) has XML streams by their first name alone. */
gboolean      ferry_jingle_dialect_is_draft   (const char *const           *features);

G_END_DECLS
