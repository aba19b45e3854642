/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/back-off.h"

#define MAX_DOUBLINGS 16

guint
ferry_back_off_next (FerryBackOff *self,
                     double        jitter)
{
  guint64 delay = (guint64) self->first << MIN (self->n_failures, MAX_DOUBLINGS);

  self->n_failures++;

  return (guint) ((double) MIN (delay, self->longest) * (0.8 + 0.4 * jitter));
}
