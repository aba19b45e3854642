/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-socks5-listener"

#include "config.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include "net/deadline.h"
#include "net/socks5-listener.h"
#include "proto/s5b-address.h"
#include "proto/socks5-server.h"

/* SEC-24, SEC-25 */
#define MAX_GUESTS 32
#define MAX_GUESTS_PER_SOURCE 4
#define MAX_ACCEPTED 4
#define HANDSHAKE_TIMEOUT 5 /* seconds */

struct _FerrySocks5Listener
{
  GObject         parent_instance;

  guint16         fixed_port;
  guint16         port;          /* 0: closed */
  GSocketService *service;       /* (owned) (nullable) */
  GCancellable   *closed;        /* (owned) (nullable): ends what the service has brought */
  GPtrArray      *expectations;  /* (element-type Expectation) */
  GPtrArray      *guests;        /* (element-type Guest) (unowned): still in the handshake */
  guint           last_id;
};

typedef struct
{
  guint                     id;
  char                    **addresses;
  guint                     n_accepted;
  FerrySocks5AcceptedFunc   accepted;
  gpointer                  user_data;
} Expectation;

/* One connection that has not said yet whom it wants. */
typedef struct
{
  FerrySocks5Listener *listener;    /* (owned) */
  GSocketConnection   *connection;  /* (owned) */
  char                *source;      /* IP address */
  FerryDeadline       *deadline;
  FerrySocks5Server    handshake;
  GBytes              *sending;     /* (owned) (nullable) */
  guint                expectation; /* id; 0: not yet known */
  gboolean             is_refused;  /* hang up when all is sent */
  guint8               buffer[FERRY_SOCKS5_SERVER_MAX_READ];
} Guest;

G_DEFINE_FINAL_TYPE (FerrySocks5Listener, ferry_socks5_listener, G_TYPE_OBJECT)

static void guest_advance (Guest *guest);

static void
expectation_free (Expectation *expectation)
{
  g_strfreev (expectation->addresses);
  g_free (expectation);
}

static Expectation *
find_expectation (FerrySocks5Listener *self,
                  guint                id)
{
  for (guint i = 0; i < self->expectations->len; i++)
    {
      Expectation *expectation = g_ptr_array_index (self->expectations, i);

      if (expectation->id == id)
        return expectation;
    }

  return NULL;
}

/* Looks at all of them, wherever the first match is. */
static Expectation *
find_address (FerrySocks5Listener *self,
              const char          *address)
{
  Expectation *found = NULL;

  for (guint i = 0; i < self->expectations->len; i++)
    {
      Expectation *expectation = g_ptr_array_index (self->expectations, i);

      for (char **expected = expectation->addresses; *expected != NULL; expected++)
        {
          if (ferry_s5b_address_equal (*expected, address))
            found = expectation;
        }
    }

  return found;
}

static void
guest_free (Guest *guest)
{
  g_ptr_array_remove_fast (guest->listener->guests, guest);
  g_clear_pointer (&guest->deadline, ferry_deadline_free);
  g_clear_pointer (&guest->sending, g_bytes_unref);
  g_clear_object (&guest->connection);
  g_free (guest->source);
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
  Expectation *expectation = guest->is_refused ? NULL
                                               : find_expectation (self, guest->expectation);

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
    find_address (guest->listener, ferry_socks5_server_get_address (&guest->handshake));

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
      g_debug ("%s: %s", guest->source, error->message);
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

/* The same for an IPv4 address and its form on the dual-stack socket. */
static char *
dup_source (GSocketConnection *connection)
{
  g_autoptr(GSocketAddress) address = g_socket_connection_get_remote_address (connection, NULL);
  g_autofree char *text = NULL;

  if (!G_IS_INET_SOCKET_ADDRESS (address))
    return g_strdup ("");

  text = g_inet_address_to_string (
    g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));

  return g_strdup (g_str_has_prefix (text, "::ffff:") ? text + strlen ("::ffff:") : text);
}

static gboolean
has_room (FerrySocks5Listener *self,
          const char          *source)
{
  guint n = 0;

  for (guint i = 0; i < self->guests->len; i++)
    {
      const Guest *guest = g_ptr_array_index (self->guests, i);

      n += g_str_equal (guest->source, source);
    }

  return self->guests->len < MAX_GUESTS && n < MAX_GUESTS_PER_SOURCE;
}

static gboolean
incoming_cb (GSocketService      *service,
             GSocketConnection   *connection,
             GObject             *source_object,
             FerrySocks5Listener *self)
{
  g_autofree char *source = dup_source (connection);
  Guest *guest;

  if (!has_room (self, source))
    {
      g_debug ("%s: too many connections", source);
      g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
      return TRUE;
    }

  g_socket_set_option (g_socket_connection_get_socket (connection), IPPROTO_TCP, TCP_NODELAY,
                       TRUE, NULL);
  guest = g_new0 (Guest, 1);
  guest->listener = g_object_ref (self);
  guest->connection = g_object_ref (connection);
  guest->source = g_steal_pointer (&source);
  guest->deadline = ferry_deadline_new (HANDSHAKE_TIMEOUT, self->closed);
  ferry_socks5_server_init (&guest->handshake);
  g_ptr_array_add (self->guests, guest);
  guest_advance (guest);

  return TRUE;
}

static gboolean
open_socket (FerrySocks5Listener  *self,
             GError              **error)
{
  g_autoptr(GSocketService) service = g_socket_service_new ();
  GSocketListener *listener = G_SOCKET_LISTENER (service);

  if (self->fixed_port == 0)
    self->port = g_socket_listener_add_any_inet_port (listener, NULL, error);
  else if (g_socket_listener_add_inet_port (listener, self->fixed_port, NULL, error))
    self->port = self->fixed_port;

  if (self->port == 0)
    return FALSE;

  self->closed = g_cancellable_new ();
  self->service = g_steal_pointer (&service);
  g_signal_connect_object (self->service, "incoming", G_CALLBACK (incoming_cb), self, 0);
  g_socket_service_start (self->service);

  return TRUE;
}

static void
close_socket (FerrySocks5Listener *self)
{
  if (self->service == NULL)
    return;

  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_cancellable_cancel (self->closed);
  g_clear_object (&self->closed);
  g_clear_object (&self->service);
  self->port = 0;
}

guint
ferry_socks5_listener_expect (FerrySocks5Listener      *self,
                              const char *const        *addresses,
                              FerrySocks5AcceptedFunc   accepted,
                              gpointer                  user_data,
                              GError                  **error)
{
  Expectation *expectation;

  g_return_val_if_fail (FERRY_IS_SOCKS5_LISTENER (self), 0);
  g_return_val_if_fail (addresses != NULL && accepted != NULL, 0);

  if (self->service == NULL && !open_socket (self, error))
    return 0;

  expectation = g_new0 (Expectation, 1);
  expectation->id = ++self->last_id;
  expectation->addresses = g_strdupv ((char **) addresses);
  expectation->accepted = accepted;
  expectation->user_data = user_data;
  g_ptr_array_add (self->expectations, expectation);

  return expectation->id;
}

void
ferry_socks5_listener_forget (FerrySocks5Listener *self,
                              guint                id)
{
  Expectation *expectation;

  g_return_if_fail (FERRY_IS_SOCKS5_LISTENER (self));

  expectation = find_expectation (self, id);

  if (expectation != NULL)
    g_ptr_array_remove_fast (self->expectations, expectation);

  if (self->expectations->len == 0)
    close_socket (self);
}

guint16
ferry_socks5_listener_get_port (FerrySocks5Listener *self)
{
  g_return_val_if_fail (FERRY_IS_SOCKS5_LISTENER (self), 0);

  return self->port;
}

FerrySocks5Listener *
ferry_socks5_listener_new (guint16 port)
{
  FerrySocks5Listener *self = g_object_new (FERRY_TYPE_SOCKS5_LISTENER, NULL);

  self->fixed_port = port;
  return self;
}

static void
ferry_socks5_listener_dispose (GObject *object)
{
  FerrySocks5Listener *self = FERRY_SOCKS5_LISTENER (object);

  g_ptr_array_set_size (self->expectations, 0);
  close_socket (self);

  G_OBJECT_CLASS (ferry_socks5_listener_parent_class)->dispose (object);
}

static void
ferry_socks5_listener_finalize (GObject *object)
{
  FerrySocks5Listener *self = FERRY_SOCKS5_LISTENER (object);

  g_ptr_array_unref (self->expectations);
  g_ptr_array_unref (self->guests);

  G_OBJECT_CLASS (ferry_socks5_listener_parent_class)->finalize (object);
}

static void
ferry_socks5_listener_class_init (FerrySocks5ListenerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = ferry_socks5_listener_dispose;
  object_class->finalize = ferry_socks5_listener_finalize;
}

static void
ferry_socks5_listener_init (FerrySocks5Listener *self)
{
  self->expectations = g_ptr_array_new_with_free_func ((GDestroyNotify) expectation_free);
  self->guests = g_ptr_array_new ();
}
