/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-socks5-listener"

#include "config.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "net/socks5-listener-private.h"

/* Whoever has connected, until it has said whom it wants. */

/* SEC-24, SEC-25 */
#define MAX_GUESTS 32
#define MAX_GUESTS_PER_SOURCE 4
#define MAX_ACCEPTED 4
#define HANDSHAKE_TIMEOUT 5 /* seconds */

static void guest_advance (Guest *guest);

static void
guest_free (Guest *guest)
{
  g_ptr_array_remove_fast (guest->listener->guests, guest);
  if (guest->silence != NULL)
    g_source_destroy (guest->silence);
  g_clear_pointer (&guest->silence, g_source_unref);
  g_clear_pointer (&guest->deadline, ferry_deadline_free);
  g_clear_pointer (&guest->sending, g_bytes_unref);
  g_clear_object (&guest->connection);
  g_object_unref (guest->listener);
  g_free (guest);
}

/* Consumes @guest: an accepted one is handed over, any other is hung up on. */
static void
guest_leave (Guest *guest)
{
  g_autoptr(FerrySocks5Listener) self = g_object_ref (guest->listener);
  g_autoptr(GSocketConnection) connection = g_object_ref (guest->connection);
  g_autofree char *address = g_strdup (ferry_socks5_server_get_address (&guest->handshake));
  Expectation *expectation = NULL;

  if (!guest->is_refused)
    expectation = _ferry_socks5_listener_find (self, guest->expectation);

  guest_free (guest);

  if (expectation != NULL)
    expectation->accepted (connection, address, expectation->user_data);
  else
    g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
}

static void
guest_answer (Guest *guest)
{
  Expectation *expectation =
    _ferry_socks5_listener_find_address (guest->listener, ferry_socks5_server_get_address (&guest->handshake));

  if (expectation != NULL && expectation->n_accepted < MAX_ACCEPTED)
    {
      expectation->n_accepted++;
      guest->expectation = expectation->id;
      guest->sending = ferry_socks5_server_accept (&guest->handshake);
    }
  else
    {
      guest->is_refused = TRUE;
      guest->sending = ferry_socks5_server_refuse (&guest->handshake);
    }
}

static void
guest_read_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  Guest *guest = user_data;
  g_autoptr(GError) error = NULL;
  gsize n;

  if (!g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &n, &error) ||
      n < ferry_socks5_server_get_needed (&guest->handshake))
    {
      guest->is_refused = TRUE;
      guest_leave (guest);
      return;
    }

  if (!ferry_socks5_server_receive (&guest->handshake, guest->buffer, &guest->sending, &error))
    {
      g_debug ("A guest: %s", error->message);
      guest->is_refused = TRUE;
    }
  else if (ferry_socks5_server_get_address (&guest->handshake) != NULL)
    {
      guest_answer (guest);
    }

  guest_advance (guest);
}

static void
guest_written_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  Guest *guest = user_data;

  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, NULL))
    guest->is_refused = TRUE;

  g_clear_pointer (&guest->sending, g_bytes_unref);
  guest_advance (guest);
}

/* Does whatever the handshake wants next. May consume @guest. */
static void
guest_advance (Guest *guest)
{
  GIOStream *stream = G_IO_STREAM (guest->connection);
  GCancellable *cancellable = ferry_deadline_get_cancellable (guest->deadline);

  if (guest->sending != NULL)
    g_output_stream_write_all_async (g_io_stream_get_output_stream (stream),
                                     g_bytes_get_data (guest->sending, NULL),
                                     g_bytes_get_size (guest->sending), G_PRIORITY_DEFAULT,
                                     cancellable, guest_written_cb, guest);
  else if (guest->is_refused || guest->expectation != 0)
    guest_leave (guest);
  else
    g_input_stream_read_all_async (g_io_stream_get_input_stream (stream), guest->buffer,
                                   ferry_socks5_server_get_needed (&guest->handshake),
                                   G_PRIORITY_DEFAULT, cancellable, guest_read_cb, guest);
}

/* The same for an IPv4 address and its form on the dual-stack socket. Returns: %FALSE: it has
 * none any more */
static gboolean
find_place (GSocketConnection *connection,
            FerryIpAddress    *host,
            guint16           *port)
{
  g_autoptr(GSocketAddress) place = g_socket_connection_get_remote_address (connection, NULL);
  GInetAddress *address;
  FerryIpAddress ip;

  if (!G_IS_INET_SOCKET_ADDRESS (place))
    return FALSE;

  address = g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (place));
  ip = ferry_ip_address (g_inet_address_to_bytes (address),
                         g_inet_address_get_native_size (address));
  *host = ferry_ip_address_unmap (&ip);
  *port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (place));

  return TRUE;
}

static gboolean
has_room (FerrySocks5Listener  *self,
          const FerryIpAddress *host)
{
  guint n = 0;

  for (guint i = 0; i < self->guests->len; i++)
    {
      const Guest *guest = g_ptr_array_index (self->guests, i);

      n += ferry_ip_address_equal (&guest->host, host);
    }

  return self->guests->len < MAX_GUESTS && n < MAX_GUESTS_PER_SOURCE;
}

/* Or it hung up, or its time is over: reading will tell. */
static gboolean
guest_spoke_cb (GSocket      *socket,
                GIOCondition  condition,
                gpointer      user_data)
{
  Guest *guest = user_data;

  g_clear_pointer (&guest->silence, g_source_unref);
  guest_advance (guest);

  return G_SOURCE_REMOVE;
}

void
_ferry_socks5_guest_welcome (FerrySocks5Listener *self,
                             GSocketConnection   *connection)
{
  GSocket *socket = g_socket_connection_get_socket (connection);
  FerryIpAddress host;
  guint16 port;
  Guest *guest;

  if (!find_place (connection, &host, &port) || !has_room (self, &host))
    {
      g_debug ("Not let in: too many connections");
      g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
      return;
    }

  g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, TRUE, NULL);
  guest = g_new0 (Guest, 1);
  guest->listener = g_object_ref (self);
  guest->connection = g_object_ref (connection);
  guest->host = host;
  guest->port = port;
  guest->deadline = ferry_deadline_new (HANDSHAKE_TIMEOUT, self->closed);
  ferry_socks5_server_init (&guest->handshake);
  g_ptr_array_add (self->guests, guest);

  guest->silence = g_socket_create_source (socket, G_IO_IN,
                                           ferry_deadline_get_cancellable (guest->deadline));
  g_source_set_callback (guest->silence, G_SOURCE_FUNC (guest_spoke_cb), guest, NULL);
  g_source_attach (guest->silence, g_main_context_get_thread_default ());
}

/* Nothing has come of it, and nothing waits to be read. */
static gboolean
is_silent (const Guest *guest)
{
  int fd = g_socket_get_fd (g_socket_connection_get_socket (guest->connection));
  char byte;

  return guest->silence != NULL && recv (fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
         (errno == EAGAIN || errno == EWOULDBLOCK);
}

GSocketConnection *
ferry_socks5_listener_take_silent (FerrySocks5Listener *self,
                                   GInetSocketAddress  *place)
{
  GInetAddress *address;
  FerryIpAddress host;

  g_return_val_if_fail (FERRY_IS_SOCKS5_LISTENER (self), NULL);
  g_return_val_if_fail (G_IS_INET_SOCKET_ADDRESS (place), NULL);

  address = g_inet_socket_address_get_address (place);
  host = ferry_ip_address (g_inet_address_to_bytes (address),
                           g_inet_address_get_native_size (address));

  for (guint i = 0; i < self->guests->len; i++)
    {
      Guest *guest = g_ptr_array_index (self->guests, i);
      GSocketConnection *connection;

      if (guest->port != g_inet_socket_address_get_port (place) ||
          !ferry_ip_address_equal (&guest->host, &host) || !is_silent (guest))
        continue;

      connection = g_object_ref (guest->connection);
      guest_free (guest);
      return connection;
    }

  return NULL;
}
