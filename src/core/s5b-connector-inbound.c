/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-s5b-connector"

#include "config.h"

#include <errno.h>
#include <sys/socket.h>

#include "core/s5b-connector-dial.h"

/* The connections that the peer made to us. */

/* An end of a connection in the form in which it is offered: the listener's socket shows IPv4
 * addresses as ::ffff:a.b.c.d. @place: (transfer full) (nullable). @port: (out) (optional) */
static char *
dup_host (GSocketAddress *place,
          guint16        *port)
{
  g_autoptr(GSocketAddress) owned = place;
  GInetAddress *address;
  FerryIpAddress ip;

  if (!G_IS_INET_SOCKET_ADDRESS (owned))
    return NULL;

  address = g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (owned));
  ip = ferry_ip_address (g_inet_address_to_bytes (address),
                         g_inet_address_get_native_size (address));
  ip = ferry_ip_address_unmap (&ip);
  if (port != NULL)
    *port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (owned));

  return ferry_ip_address_to_string (&ip);
}

/* What a connection from there was made to, if that place is one from which the peer punches. */
static const char *
find_punched (FerryS5bConnector *self,
              const char        *host,
              guint16            port)
{
  for (guint i = 0; i < self->knocked->len; i++)
    {
      const FerryS5bCandidate *candidate = g_ptr_array_index (self->knocked, i);

      if (candidate->port == port && g_strcmp0 (candidate->host, host) == 0)
        return _ferry_s5b_connector_get_prediction (self);
    }

  return NULL;
}

void
_ferry_s5b_connector_accepted_cb (GSocketConnection *stream,
                                  const char        *address,
                                  gpointer           user_data)
{
  FerryS5bConnector *self = user_data;
  g_autoptr(FerryS5bConnector) held = g_object_ref (self);
  S5bConnection *connection = g_new0 (S5bConnection, 1);
  g_autofree char *local = dup_host (g_socket_connection_get_local_address (stream, NULL), NULL);
  const char *punched;
  FerryS5bEvent event = { .kind = FERRY_S5B_EVENT_INBOUND };

  connection->id = event.id = ferry_s5b_engine_new_id (self->engine);
  connection->cancellable = g_cancellable_new ();
  connection->stream = g_object_ref (stream);
  connection->inbound = TRUE;
  connection->host = dup_host (g_socket_connection_get_remote_address (stream, NULL),
                               &connection->port);
  punched = find_punched (self, connection->host, connection->port);
  event.text = punched != NULL ? punched : local;
  connection->way = _ferry_s5b_connector_get_way_in (local, connection->host, punched != NULL);
  g_hash_table_insert (self->connections, GUINT_TO_POINTER (event.id), connection);
  _ferry_s5b_connector_note_call (self, connection, local);

  if (self->funcs->called != NULL)
    self->funcs->called (self->user_data);
  ferry_s5b_connector_handle (held, &event);
}

static gboolean
has_hung_up (S5bConnection *connection)
{
  int fd = g_socket_get_fd (g_socket_connection_get_socket (connection->stream));
  char byte;
  gssize n = recv (fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);

  return n == 0 || (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}

static guint
count_inbound (FerryS5bConnector *self)
{
  GHashTableIter iter;
  S5bConnection *connection;
  guint n = 0;

  g_hash_table_iter_init (&iter, self->connections);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &connection))
    n += connection->inbound;

  return n;
}

/* Where the peer made several connections, tells the engine which of them it has
 * given up. Peeks only: the first byte may be the file's already (SOCKS-7). A
 * single one is kept even so: it may have carried an empty file. */
void
_ferry_s5b_connector_sweep (FerryS5bConnector *self)
{
  g_autoptr(GList) ids = g_hash_table_get_keys (self->connections);

  for (GList *link = ids; link != NULL; link = link->next)
    {
      S5bConnection *connection = g_hash_table_lookup (self->connections, link->data);
      FerryS5bEvent event = {
        .kind = FERRY_S5B_EVENT_INBOUND_LOST,
        .id = GPOINTER_TO_UINT (link->data),
      };

      if (connection == NULL || !connection->inbound || count_inbound (self) < 2 ||
          !has_hung_up (connection))
        continue;

      g_hash_table_remove (self->connections, link->data);
      ferry_s5b_connector_handle (self, &event);
    }
}
