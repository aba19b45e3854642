/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-socks5-listener"

#include "config.h"

#include "net/shared-port.h"
#include "net/socks5-listener-private.h"
#include "proto/s5b-address.h"

#define BACKLOG 32

G_DEFINE_FINAL_TYPE (FerrySocks5Listener, ferry_socks5_listener, G_TYPE_OBJECT)

static void
expectation_free (Expectation *expectation)
{
  g_strfreev (expectation->addresses);
  g_free (expectation);
}

Expectation *
_ferry_socks5_listener_find (FerrySocks5Listener *self,
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
Expectation *
_ferry_socks5_listener_find_address (FerrySocks5Listener *self,
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

static gboolean
incoming_cb (GSocketService      *service,
             GSocketConnection   *connection,
             GObject             *source_object,
             FerrySocks5Listener *self)
{
  _ferry_socks5_guest_welcome (self, connection);

  return TRUE;
}

void
ferry_socks5_listener_adopt (FerrySocks5Listener *self,
                             GSocketConnection   *connection)
{
  g_return_if_fail (FERRY_IS_SOCKS5_LISTENER (self));
  g_return_if_fail (G_IS_SOCKET_CONNECTION (connection));

  if (self->service != NULL)
    _ferry_socks5_guest_welcome (self, connection);
  else
    g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
}

guint16
ferry_socks5_listener_reserve (FerrySocks5Listener  *self,
                               GError              **error)
{
  g_return_val_if_fail (FERRY_IS_SOCKS5_LISTENER (self), 0);

  if (self->reserved == NULL)
    self->reserved = ferry_shared_port_reserve (self->fixed_port, error);

  return self->reserved != NULL ? ferry_shared_port_get (self->reserved) : 0;
}

static gboolean
open_socket (FerrySocks5Listener  *self,
             GError              **error)
{
  g_autoptr(GSocketService) service = g_socket_service_new ();
  g_autoptr(GSocket) socket = NULL;
  guint16 port = ferry_socks5_listener_reserve (self, error);

  if (port == 0)
    return FALSE;

  socket = ferry_shared_port_bind (g_socket_get_family (self->reserved), port, error);
  if (socket == NULL)
    return FALSE;

  g_socket_set_listen_backlog (socket, BACKLOG);
  if (!g_socket_listen (socket, error) ||
      !g_socket_listener_add_socket (G_SOCKET_LISTENER (service), socket, NULL, error))
    return FALSE;

  self->port = port;
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

  expectation = _ferry_socks5_listener_find (self, id);

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
  g_clear_object (&self->reserved);

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
