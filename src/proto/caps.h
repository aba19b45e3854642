/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/disco.h"

G_BEGIN_DECLS

#define FERRY_NS_CAPS   "http://jabber.org/protocol/caps"
#define FERRY_CAPS_NODE "https://ferry.im/"

/* The `ver` of XEP-0115 §5.1 by SHA-1: the one everybody computes (DISC-3). */
char         *ferry_caps_compute    (const FerryDiscoInfo *info);
/* Whether @info is what @ver was made of, so that it counts for everybody who
 * announces @hash and @ver (DISC-4). @hash: (nullable): legacy caps verify nothing */
gboolean      ferry_caps_verify     (const FerryDiscoInfo *info,
                                     const char           *hash,
                                     const char           *ver);
/* Returns: (transfer full): the `<c/>` of presence (DISC-2) */
FerryElement *ferry_caps_to_element (const char           *node,
                                     const char           *ver);

G_END_DECLS
