/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/jingle-application.h"

G_BEGIN_DECLS

/* XEP-0234 0.7 and 0.8: urn:xmpp:jingle:apps:file-transfer:0 */
extern const FerryJingleApplication ferry_jingle_file_transfer_0;
/* XEP-0234 0.9 to 0.12, with other transports and a hash afterwards (FT1-1) */
extern const FerryJingleApplication ferry_jingle_file_transfer_1;

G_END_DECLS
