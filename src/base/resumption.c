/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "base/resumption.h"

/* Before each try. A router takes a minute or two to come back. */
static const gint64 delays[FERRY_RESUMPTION_MAX_TRIES] = {
  1 * G_TIME_SPAN_SECOND,
  3 * G_TIME_SPAN_SECOND,
  10 * G_TIME_SPAN_SECOND,
  30 * G_TIME_SPAN_SECOND,
  60 * G_TIME_SPAN_SECOND,
};

void
ferry_resumption_init (FerryResumption *self,
                       gint64           limit)
{
  g_return_if_fail (self != NULL && limit >= 0);

  *self = (FerryResumption) { .limit = limit };
}

static void
plan (FerryResumption *self,
      gint64           now)
{
  if (self->n_tries < G_N_ELEMENTS (delays))
    self->not_before = now + delays[self->n_tries];
}

void
ferry_resumption_break (FerryResumption *self,
                        gint64           position,
                        gint64           now)
{
  g_return_if_fail (self != NULL);

  if (position > self->position)
    {
      self->position = position;
      self->n_tries = 0;
      self->spent = 0;
    }

  if (!self->is_broken)
    self->broken_at = now;

  self->is_broken = TRUE;
  plan (self, now);
}

gboolean
ferry_resumption_is_broken (const FerryResumption *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->is_broken;
}

static gint64
get_end (const FerryResumption *self)
{
  return self->broken_at + self->limit - self->spent;
}

FerryResumptionStep
ferry_resumption_judge (const FerryResumption *self,
                        gboolean               can_try,
                        gint64                 now)
{
  g_return_val_if_fail (self != NULL, FERRY_RESUMPTION_GIVE_UP);

  if (!self->is_broken || now >= get_end (self) || self->n_tries >= G_N_ELEMENTS (delays))
    return FERRY_RESUMPTION_GIVE_UP;

  return can_try && now >= self->not_before ? FERRY_RESUMPTION_TRY : FERRY_RESUMPTION_WAIT;
}

void
ferry_resumption_begin_try (FerryResumption *self,
                            gint64           now)
{
  g_return_if_fail (self != NULL);

  self->n_tries++;
  plan (self, now);
}

/* Such changes come in bursts. */
void
ferry_resumption_change_network (FerryResumption *self,
                                 gint64           now)
{
  g_return_if_fail (self != NULL);

  self->n_tries = 0;
  plan (self, now);
}

void
ferry_resumption_go_on (FerryResumption *self,
                        gint64           now)
{
  g_return_if_fail (self != NULL);

  if (!self->is_broken)
    return;

  self->spent += now - self->broken_at;
  self->is_broken = FALSE;
}

gint64
ferry_resumption_get_due (const FerryResumption *self,
                          gboolean               can_try,
                          gint64                 now)
{
  g_return_val_if_fail (self != NULL, now);

  if (can_try && self->not_before > now)
    return MIN (self->not_before, get_end (self));

  return get_end (self);
}
