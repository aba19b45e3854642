/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/dialect.h"

G_BEGIN_DECLS

/* One file by a reliable entity link (XEP-0041), on either side: a session machine
 * (proto/session.h). The initiator offers and sends; the responder's consent tells the context
 * id, @config->sid if we are that, under which both then agree on a stream, again and again
 * until one of them stands or all have failed. */
FerrySession *ferry_rel_session_new (FerryRole                 role,
                                     const FerrySessionConfig *config);

G_END_DECLS
