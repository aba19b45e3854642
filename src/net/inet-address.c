/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-inet-address"

#include "config.h"

#include "net/inet-address.h"

GInetAddress *
ferry_inet_address_new (const FerryIpAddress *address)
{
  if (address->len != 4 && address->len != 16)
    return NULL;

  return g_inet_address_new_from_bytes (address->bytes, address->len == 4 ? G_SOCKET_FAMILY_IPV4
                                                                          : G_SOCKET_FAMILY_IPV6);
}

GSocketAddress *
ferry_inet_address_new_socket (const FerryIpAddress *address,
                               guint16               port)
{
  g_autoptr(GInetAddress) inet = ferry_inet_address_new (address);

  return inet != NULL ? g_inet_socket_address_new (inet, port) : NULL;
}

FerryIpAddress
ferry_inet_address_get_ip (GInetAddress *address)
{
  return ferry_ip_address (g_inet_address_to_bytes (address),
                           g_inet_address_get_native_size (address));
}
