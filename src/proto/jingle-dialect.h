/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/dialect.h"

G_BEGIN_DECLS

#define FERRY_NS_JINGLE_IBB_1 "urn:xmpp:jingle:transports:ibb:1"

/* urn:xmpp:jingle:1 with file transfer :5, as Dino, Conversations and Psi speak it. */
extern const FerryDialect ferry_jingle_1_dialect;

G_END_DECLS
