/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/session.h"

G_BEGIN_DECLS

/* What the error in answer to an offer, whose words differ from client to client, means. */
FerryOutcome ferry_refusal_get_outcome (const FerryStanzaError *error);
/* Returns: (transfer full): @what, and how it was answered; English, for the log */
char        *ferry_refusal_dup_text    (const FerryStanzaError *error,
                                        const char             *what);

G_END_DECLS
