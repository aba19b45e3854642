/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/dialect.h"
#include "proto/jingle-session.h"

G_BEGIN_DECLS

/* urn:xmpp:jingle:1. With file transfer :5, as Dino, Conversations and Psi speak it; what
 * is offered to us in an older version is taken as well. */
extern const FerryDialect ferry_jingle_1_dialect;
/* The same, offering an older version. */
extern const FerryDialect ferry_jingle_1_ft4_dialect;
extern const FerryDialect ferry_jingle_1_ft3_dialect;
extern const FerryDialect ferry_jingle_1_ft1_dialect;

/* What its sessions can go by. */
extern const FerryJingleWay ferry_jingle_1_ways[];

G_END_DECLS
