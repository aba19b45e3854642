/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Numbers as people read them. All return new strings (transfer full). */

/* "24.5 MB"; "unknown size" if @size < 0. */
char *ferry_format_size      (gint64 size);
/* "12.4 of 24.5 MB": the unit is said once where both share it. */
char *ferry_format_progress  (gint64 bytes,
                              gint64 size);
/* @rate: bytes per second. */
char *ferry_format_rate      (double rate);
/* "1 minute left"; %NULL if @seconds < 0. */
char *ferry_format_time_left (gint64 seconds);
/* "in 3 seconds", "in 2 minutes". @seconds: how long it took. */
char *ferry_format_took      (double seconds);

G_END_DECLS
