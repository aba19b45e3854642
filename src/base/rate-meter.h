/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FerryRateMeter:
 *
 * How fast something grows, smoothed over a few seconds. A plain value; zeroed
 * it has not begun. It knows no clock: times are arguments, µs, monotonic.
 */
typedef struct
{
  /*< private >*/
  gboolean begun;
  gint64   bytes;
  gint64   start;
  gint64   last;
  double   rate; /* bytes per second */
} FerryRateMeter;

/* @bytes: how many there are by now, in all. The first call sets the start. */
void   ferry_rate_meter_update           (FerryRateMeter       *self,
                                          gint64                bytes,
                                          gint64                now);
/* Bytes per second; 0 while not known. */
gint64 ferry_rate_meter_get_rate         (const FerryRateMeter *self);
/* Until @size bytes are there, rounded up; -1: not known, or not within a day. */
int    ferry_rate_meter_get_seconds_left (const FerryRateMeter *self,
                                          gint64                size);

G_END_DECLS
