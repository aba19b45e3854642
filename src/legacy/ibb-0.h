/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/ibb-variant.h"

G_BEGIN_DECLS

/* XEP-0261 before 0.5, and before it the file transfer of XEP-0234 0.7:
 * urn:xmpp:jingle:transports:ibb:0 */
extern const FerryIbbVariant ferry_ibb_0;

G_END_DECLS
