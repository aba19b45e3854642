/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "qr-code"

#include "config.h"

#include "ui/qr-code.h"

#include <qrencode.h>
#include <string.h>

#define QUIET_ZONE 4 /* modules, on each side */
#define WHITE 0xff
#define BLACK 0x00

static void
fill_module (guint8 *pixels,
             guint   stride,
             guint   scale,
             guint   x,
             guint   y)
{
  for (guint row = 0; row < scale; row++)
    memset (pixels + (y * scale + row) * stride + x * scale * 3, BLACK, scale * 3);
}

static GdkPaintable *
draw (const QRcode *code,
      guint         size)
{
  guint width = (guint) code->width;
  guint modules = width + 2 * QUIET_ZONE;
  guint scale = MAX (size / modules, 1);
  guint side = modules * scale;
  guint8 *pixels = g_malloc ((gsize) side * side * 3);
  g_autoptr(GBytes) bytes = g_bytes_new_take (pixels, (gsize) side * side * 3);

  memset (pixels, WHITE, (gsize) side * side * 3);
  for (guint y = 0; y < width; y++)
    for (guint x = 0; x < width; x++)
      if (code->data[y * width + x] & 1)
        fill_module (pixels, side * 3, scale, x + QUIET_ZONE, y + QUIET_ZONE);
  return GDK_PAINTABLE (gdk_memory_texture_new ((int) side, (int) side, GDK_MEMORY_R8G8B8, bytes,
                                                side * 3));
}

GdkPaintable *
ferry_qr_code_new (const char *text,
                   guint       size)
{
  QRcode *code = QRcode_encodeString8bit (text, 0, QR_ECLEVEL_M);
  GdkPaintable *paintable;

  if (code == NULL)
    return NULL;
  paintable = draw (code, size);
  QRcode_free (code);
  return paintable;
}
