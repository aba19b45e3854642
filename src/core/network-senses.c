/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-network"

#include "config.h"

#include "core/network-private.h"
#include "net/interfaces.h"
#include "net/stun-query.h"

static guint16
reserve_port (FerrySocks5Listener *listener)
{
  g_autoptr(GError) error = NULL;
  guint16 port = ferry_socks5_listener_reserve (listener, &error);

  if (port == 0)
    g_info ("No port for direct connections: %s", error->message);

  return port;
}

static GObject *
mappings_new (const char *lease_file)
{
  return G_OBJECT (ferry_port_mappings_new (lease_file));
}

static void
mappings_start (GObject *mappings,
                guint16  port)
{
  ferry_port_mappings_start (FERRY_PORT_MAPPINGS (mappings), port);
}

static gboolean
mappings_is_settled (GObject *mappings)
{
  return ferry_port_mappings_is_settled (FERRY_PORT_MAPPINGS (mappings));
}

static GArray *
mappings_get (GObject *mappings)
{
  return ferry_port_mappings_get (FERRY_PORT_MAPPINGS (mappings));
}

static void
mappings_stop_async (GObject             *mappings,
                     GAsyncReadyCallback  callback,
                     gpointer             user_data)
{
  ferry_port_mappings_stop_async (FERRY_PORT_MAPPINGS (mappings), callback, user_data);
}

static void
mappings_stop_finish (GObject      *mappings,
                      GAsyncResult *result)
{
  ferry_port_mappings_stop_finish (FERRY_PORT_MAPPINGS (mappings), result);
}

const FerryNetworkSenses ferry_network_senses = {
  .list_addresses = ferry_interfaces_list,
  .reserve_port = reserve_port,
  .query_async = ferry_stun_query_async,
  .query_finish = ferry_stun_query_finish,
  .mappings_new = mappings_new,
  .mappings_start = mappings_start,
  .mappings_is_settled = mappings_is_settled,
  .mappings_get = mappings_get,
  .mappings_stop_async = mappings_stop_async,
  .mappings_stop_finish = mappings_stop_finish,
};
