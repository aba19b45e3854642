/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FerryGateBytes:
 *
 * The raw bytes of a stream that may still have to be copied out: those of the
 * piece at hand, and what was kept of the pieces before. Places are counted in
 * bytes from the beginning of the stream.
 */
typedef struct
{
  GByteArray   *held; /* (owned): up to where the piece begins */
  gint64        fed;  /* where the piece begins */
  const guint8 *data; /* of the piece */
  gsize         len;
} FerryGateBytes;

void ferry_gate_bytes_init  (FerryGateBytes *self);
void ferry_gate_bytes_clear (FerryGateBytes *self);
/* Begins a piece. @data is borrowed until end() */
void ferry_gate_bytes_begin (FerryGateBytes *self,
                             const guint8   *data,
                             gsize           len);
/* Appends what lies between two places, which must both be at hand, to @out. */
void ferry_gate_bytes_copy  (FerryGateBytes *self,
                             gint64          begin,
                             gint64          end,
                             GByteArray     *out);
/* Ends the piece and keeps only what comes after @begin. */
void ferry_gate_bytes_end   (FerryGateBytes *self,
                             gint64          begin);

G_END_DECLS
