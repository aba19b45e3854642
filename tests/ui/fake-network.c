/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/network.h"

struct _FerryNetwork
{
  GObject parent_instance;
};

G_DEFINE_FINAL_TYPE (FerryNetwork, ferry_network, G_TYPE_OBJECT)

void
ferry_network_configure (FerryNetwork        *self,
                         const FerrySettings *settings)
{
  g_print ("network relay-only=%d map-ports=%d stun=%s\n", settings->relay_only,
           settings->map_ports, settings->stun_server);
}

void
ferry_network_stop_async (FerryNetwork        *self,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, NULL, callback, user_data);

  g_task_return_boolean (task, TRUE);
}

void
ferry_network_stop_finish (FerryNetwork *self,
                           GAsyncResult *result)
{
  g_task_propagate_boolean (G_TASK (result), NULL);
}

static void
ferry_network_class_init (FerryNetworkClass *klass)
{
}

static void
ferry_network_init (FerryNetwork *self)
{
}
