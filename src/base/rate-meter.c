/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "base/rate-meter.h"

/* How much past counts: after this long an old rate weighs half. Microseconds. */
#define MEMORY (3 * G_USEC_PER_SEC)

/* Samples closer than this tell nothing. Microseconds. */
#define STEP (50 * 1000)

#define MAX_SECONDS (24 * 60 * 60)

/* No wire is that fast; what is more is a jump. Bytes per second. */
#define MAX_RATE 1e15

void
ferry_rate_meter_update (FerryRateMeter *self,
                         gint64          bytes,
                         gint64          now)
{
  gint64 elapsed;
  double latest;

  g_return_if_fail (self != NULL);

  if (!self->begun || bytes < self->bytes)
    {
      *self = (FerryRateMeter) { .begun = TRUE, .bytes = bytes, .start = now, .last = now };
      return;
    }

  elapsed = now - self->last;
  if (elapsed < STEP)
    return;

  /* At first the mean of all there is; later each sample by the share of its time. */
  latest = (bytes - self->bytes) * (double) G_USEC_PER_SEC / elapsed;
  self->rate += (latest - self->rate) * elapsed / MIN (now - self->start, MEMORY + elapsed);
  self->bytes = bytes;
  self->last = now;
}

gint64
ferry_rate_meter_get_rate (const FerryRateMeter *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return MIN (self->rate, MAX_RATE) + 0.5;
}

int
ferry_rate_meter_get_seconds_left (const FerryRateMeter *self,
                                   gint64                size)
{
  double seconds;

  g_return_val_if_fail (self != NULL, -1);

  if (size <= self->bytes)
    return self->begun ? 0 : -1;
  if (self->rate < 1)
    return -1;

  seconds = (size - self->bytes) / self->rate;
  if (seconds > MAX_SECONDS)
    return -1;

  return (int) seconds + ((int) seconds < seconds);
}
