/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether @text, from wherever, may be looked up or dialled: an IP address without brackets
 * and zone, or a name of letters (also of other scripts), digits, dots, - and _. */
gboolean ferry_host_is_valid (const char  *text);
/* HOST, HOST:PORT, [IPV6], [IPV6]:PORT or IPV6. @host: (out) (transfer full): without
 * brackets. @port: (out): @default_port if none is named; never 0. Both are left alone on %FALSE. */
gboolean ferry_host_parse    (const char  *text,
                              guint16      default_port,
                              char       **host,
                              guint16     *port);

G_END_DECLS
