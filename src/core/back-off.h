/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How long to wait before each next attempt: it doubles from @first up to @longest, each time
 * a fifth more or less, so that a restarted server is not stormed by all its users at once. */
typedef struct
{
  guint first;      /* ms */
  guint longest;    /* ms, before the jitter */
  guint n_failures; /* in a row; 0 begins anew */
} FerryBackOff;

/* Counts a failure. @jitter: a random number from 0 to 1. Returns: ms to wait */
guint ferry_back_off_next (FerryBackOff *self,
                           double        jitter);

G_END_DECLS
