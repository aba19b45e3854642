/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/dialect.h"
#include "proto/jingle-session.h"

G_BEGIN_DECLS

/* XEP-0166 0.30 to 0.34: urn:xmpp:jingle:0 */
extern const FerryJingleGeneration ferry_jingle_generation_0;

/* It with file transfer :0 by s5b:0, and by ibb:0 if that fails. What is offered to us may
 * come by any transport of its time. */
extern const FerryDialect ferry_jingle_0_dialect;
/* As XEP-0234 0.8 has it: by bytestreams:0 or, in another content, by ibb:0. */
extern const FerryDialect ferry_jingle_0_bytestreams_dialect;
/* By ibb:0 alone. */
extern const FerryDialect ferry_jingle_0_ibb_dialect;
/* By s5b:0, with file transfer :1. */
extern const FerryDialect ferry_jingle_0_ft1_dialect;

/* What its sessions can go by. */
extern const FerryJingleWay ferry_jingle_0_ways[];

G_END_DECLS
