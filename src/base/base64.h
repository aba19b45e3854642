/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Base64 (RFC 4648 §4) from a stranger, strictly: only white space is skipped (IBB-9).
 * Encoding is g_base64_encode()'s, which breaks no lines.
 *
 * Returns: (transfer full) (nullable): %NULL if it is malformed or decodes to
 *   more than @max_size bytes */
GBytes *ferry_base64_decode (const char *text,
                             gsize       max_size);

G_END_DECLS
