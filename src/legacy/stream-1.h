/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/dialect.h"

G_BEGIN_DECLS

/* XML streams by urn:xmpp:jingle:1. What is offered to us may be of either name. */
extern const FerryDialect ferry_stream_1_dialect;
/* The same, for a peer that has only the name of the founding draft. */
extern const FerryDialect ferry_stream_1_draft_dialect;

G_END_DECLS
