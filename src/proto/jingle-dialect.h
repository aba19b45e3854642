/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

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

G_END_DECLS
