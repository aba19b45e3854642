/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/jingle-application.h"

G_BEGIN_DECLS

/* XEP-0234 0.14 and 0.15: urn:xmpp:jingle:apps:file-transfer:3 */
extern const FerryJingleApplication ferry_jingle_file_transfer_3;
/* XEP-0234 0.16 and 0.17, without offers and requests in the description */
extern const FerryJingleApplication ferry_jingle_file_transfer_4;

G_END_DECLS
