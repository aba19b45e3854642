/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A decimal number as protocols write it: digits, nothing else, within @min and
 * @max (SEC-12). @text: (nullable): %NULL is no number. @number is left alone on %FALSE. */
gboolean ferry_number_parse (const char *text,
                             guint64     min,
                             guint64     max,
                             guint64    *number);

G_END_DECLS
