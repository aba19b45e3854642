/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-transfer"

#include "config.h"

#include "core/transfer-private.h"

#define TICK_INTERVAL   100 /* ms */
#define MAX_UNANNOUNCED (G_GINT64_CONSTANT (1) << 30) /* bytes, SEC-20 */

void
ferry_transfer_update_progress (FerryTransfer *self)
{
  gint64 now = g_get_monotonic_time ();
  gint64 seconds;
  gint64 bytes;
  double rate;

  self->position = self->pump_offset + ferry_byte_pump_get_bytes (self->pump);
  bytes = MAX (self->bytes, self->position);
  ferry_rate_meter_update (&self->meter, self->position, now);
  rate = ferry_rate_meter_get_rate (&self->meter);
  seconds = self->size >= 0 ? ferry_rate_meter_get_seconds_left (&self->meter, self->size) : -1;

  if (bytes != self->bytes)
    {
      self->bytes = bytes;
      ferry_transfer_notify (self, FERRY_TRANSFER_PROP_BYTES);
    }

  if (rate != self->rate)
    {
      self->rate = rate;
      ferry_transfer_notify (self, FERRY_TRANSFER_PROP_RATE);
    }

  if (seconds != self->seconds_left)
    {
      self->seconds_left = seconds;
      ferry_transfer_notify (self, FERRY_TRANSFER_PROP_SECONDS_LEFT);
    }
}

static gboolean
tick_cb (gpointer user_data)
{
  g_autoptr(FerryTransfer) self = g_object_ref (user_data);

  g_object_freeze_notify (G_OBJECT (self));
  ferry_transfer_update_progress (self);
  g_object_thaw_notify (G_OBJECT (self));

  if (self->size < 0 && self->position > MAX_UNANNOUNCED && self->pump != NULL)
    {
      ferry_transfer_stop_pump (self);
      ferry_transfer_data_failed (self, FERRY_OUTCOME_TOO_LARGE,
                                  g_error_new (FERRY_TRANSFER_ERROR,
                                               FERRY_TRANSFER_ERROR_TOO_LARGE,
                                               "no size was announced, and it does not end"));
    }

  return self->ticker != NULL ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

void
ferry_transfer_stop_ticker (FerryTransfer *self)
{
  if (self->ticker != NULL)
    g_source_destroy (self->ticker);

  g_clear_pointer (&self->ticker, g_source_unref);
}

/* Ten times a second, and only while something moves. */
void
ferry_transfer_start_ticker (FerryTransfer *self)
{
  ferry_transfer_stop_ticker (self);
  self->meter = (FerryRateMeter) { 0 };
  ferry_rate_meter_update (&self->meter, self->position, g_get_monotonic_time ());
  self->ticker = g_timeout_source_new (TICK_INTERVAL);
  g_source_set_callback (self->ticker, tick_cb, self, NULL);
  g_source_attach (self->ticker, NULL);
}

void
ferry_transfer_set_paused (FerryTransfer *self,
                           gboolean       paused)
{
  g_return_if_fail (FERRY_IS_TRANSFER (self));

  if (self->is_paused == paused || ferry_transfer_is_ended (self))
    return;

  self->is_paused = paused;

  if (self->pump == NULL)
    return;

  ferry_byte_pump_set_paused (self->pump, paused);

  if (paused)
    ferry_transfer_stop_ticker (self);
  else
    ferry_transfer_start_ticker (self);

  self->rate = 0;
  ferry_transfer_notify (self, FERRY_TRANSFER_PROP_RATE);
  ferry_transfer_set_state (self, paused ? FERRY_TRANSFER_PAUSED : FERRY_TRANSFER_RUNNING);
}
