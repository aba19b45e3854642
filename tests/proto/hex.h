/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

/* Bytes as people write them, two digits each, with any spaces between. */
GByteArray *hex_parse  (const char   *text);
/* Two digits for each byte of @data, without spaces. */
char       *hex_print  (const guint8 *data,
                        gsize         size);
/* Asserts that @bytes are those of @text. */
void        hex_assert (GBytes       *bytes,
                        const char   *text);
