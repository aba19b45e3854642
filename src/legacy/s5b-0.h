/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/s5b-variant.h"

G_BEGIN_DECLS

/* urn:xmpp:jingle:transports:s5b:0 (XEP-0260 0.1 and 0.2, and the drafts before it). A
 * transport that it reads or writes has no cids: hosts and reports are named by jid, host
 * and port. */
extern const FerryS5bVariant ferry_s5b_0;

G_END_DECLS
