/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "legacy/si-codec.h"
#include "proto/dialect.h"

G_BEGIN_DECLS

/* One offer of a file by stream initiation, on either side and by either text: a session machine
 * (proto/session.h). There is one question and one answer; after it only the stream speaks. Nobody
 * can take an offer back, and no stanza says that the file arrived (SIFT-6).
 *
 * @text: static */
FerrySession *ferry_si_session_new (const FerrySiText        *text,
                                    FerryRole                 role,
                                    const FerrySessionConfig *config);

G_END_DECLS
