/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "net/shared-port.h"

/* Not g_socket_bind(): it takes SO_REUSEPORT back. */
static gboolean
bind_any (GSocket        *socket,
          GSocketFamily   family,
          guint16         port,
          GError        **error)
{
  g_autoptr(GInetAddress) any = g_inet_address_new_any (family);
  g_autoptr(GSocketAddress) place = g_inet_socket_address_new (any, port);
  struct sockaddr_storage native;
  gssize size = g_socket_address_get_native_size (place);
  int saved;

  if (!g_socket_address_to_native (place, &native, sizeof native, error))
    return FALSE;

  if (bind (g_socket_get_fd (socket), (struct sockaddr *) &native, size) == 0)
    return TRUE;

  saved = errno;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved), "Port %u: %s", port,
               g_strerror (saved));

  return FALSE;
}

static GSocket *
make_socket (GSocketFamily   family,
             gboolean        reuses_addresses,
             gboolean        shares_port,
             GError        **error)
{
  g_autoptr(GSocket) socket = g_socket_new (family, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP,
                                            error);

  if (socket == NULL)
    return NULL;

  if (family == G_SOCKET_FAMILY_IPV6 &&
      !g_socket_set_option (socket, IPPROTO_IPV6, IPV6_V6ONLY, FALSE, error))
    return NULL;

  if (!g_socket_set_option (socket, SOL_SOCKET, SO_REUSEADDR, reuses_addresses, error) ||
      !g_socket_set_option (socket, SOL_SOCKET, SO_REUSEPORT, shares_port, error))
    return NULL;

  return g_steal_pointer (&socket);
}

/* Taken without SO_REUSEPORT, it is nobody else's; SO_REUSEADDR is for what earlier connections
 * left behind. With the flags turned round, only sockets that share it get it. */
static GSocket *
reserve (GSocketFamily   family,
         guint16         port,
         GError        **error)
{
  g_autoptr(GSocket) socket = make_socket (family, port != 0, FALSE, error);

  if (socket == NULL || !bind_any (socket, family, port, error))
    return NULL;

  if (!g_socket_set_option (socket, SOL_SOCKET, SO_REUSEADDR, FALSE, error) ||
      !g_socket_set_option (socket, SOL_SOCKET, SO_REUSEPORT, TRUE, error))
    return NULL;

  return g_steal_pointer (&socket);
}

GSocket *
ferry_shared_port_reserve (guint16   port,
                           GError  **error)
{
  g_autoptr(GError) no_ipv6 = NULL;
  GSocket *socket = reserve (G_SOCKET_FAMILY_IPV6, port, &no_ipv6);

  if (socket != NULL)
    return socket;

  if (g_error_matches (no_ipv6, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
    {
      g_propagate_error (error, g_steal_pointer (&no_ipv6));
      return NULL;
    }

  return reserve (G_SOCKET_FAMILY_IPV4, port, error);
}

GSocket *
ferry_shared_port_bind (GSocketFamily   family,
                        guint16         port,
                        GError        **error)
{
  g_autoptr(GSocket) socket = make_socket (family, TRUE, TRUE, error);

  if (socket == NULL || !bind_any (socket, family, port, error))
    return NULL;

  return g_steal_pointer (&socket);
}

guint16
ferry_shared_port_get (GSocket *socket)
{
  g_autoptr(GSocketAddress) place = g_socket_get_local_address (socket, NULL);

  return G_IS_INET_SOCKET_ADDRESS (place)
           ? g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (place)) : 0;
}
