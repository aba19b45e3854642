/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-network"

#include "config.h"

#include <time.h>

#include "core/network-private.h"

#define BURST      500                    /* ms: changes of the network come in bursts */
#define SLEEP_LEAST (10 * G_USEC_PER_SEC) /* the clocks drift, too */

static gboolean
burst_over_cb (gpointer user_data)
{
  FerryNetwork *self = user_data;

  self->settling_id = 0;
  ferry_network_begin_round (self);

  return G_SOURCE_REMOVE;
}

static void
network_changed_cb (GNetworkMonitor *monitor,
                    gboolean         available,
                    gpointer         user_data)
{
  FerryNetwork *self = FERRY_NETWORK (user_data);

  g_clear_handle_id (&self->settling_id, g_source_remove);
  self->settling_id = g_timeout_add (BURST, burst_over_cb, self);
}

void
ferry_network_watch (FerryNetwork *self)
{
  g_signal_connect_object (g_network_monitor_get_default (), "network-changed",
                           G_CALLBACK (network_changed_cb), self, 0);
  ferry_network_has_slept (self);
}

void
ferry_network_unwatch (FerryNetwork *self)
{
  g_signal_handlers_disconnect_by_func (g_network_monitor_get_default (), network_changed_cb, self);
  g_clear_handle_id (&self->settling_id, g_source_remove);
}

/* The monotonic clock stands still while the machine sleeps, and with it every timer: leases of
 * routers run out meanwhile. */
gboolean
ferry_network_has_slept (FerryNetwork *self)
{
  struct timespec now;
  gint64 was = self->slept;

  if (clock_gettime (CLOCK_BOOTTIME, &now) != 0)
    return FALSE;

  self->slept = now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000 - g_get_monotonic_time ();

  return self->slept - was > SLEEP_LEAST;
}
