/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gdk/gdk.h>

G_BEGIN_DECLS

/* A QR code (ISO 18004) of @text with its quiet zone, black on white whatever the theme: a camera
 * reads it. @size: of one side, in pixels; never less than one for a module.
 * Returns: (transfer full) (nullable): %NULL if @text is too long for a code */
GdkPaintable *ferry_qr_code_new (const char *text,
                                 guint       size);

G_END_DECLS
