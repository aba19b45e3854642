/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What lower floors say in English of paths, routers and proxies, for people: translated as far as
 * it is known, and harmless, since a router or a peer may have had a say in it. "A: B" is taken
 * apart. Returns: (transfer full): never empty */
char *ferry_reason_text (const char *english);

G_END_DECLS
