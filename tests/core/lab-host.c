/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "lab-host.h"

#define GREETING_LEN 3
#define REQUEST_LEN  47

struct _LabHost
{
  LabHostMood     mood;
  char           *address;
  char           *early;
  GSocketService *service;
  GCancellable   *closed;
  guint16         port;
  GPtrArray      *calls; /* Call */
};

typedef struct
{
  LabHost           *host;
  GSocketConnection *stream;
  guint8             buffer[REQUEST_LEN];
} Call;

static void
call_free (Call *call)
{
  g_io_stream_close (G_IO_STREAM (call->stream), NULL, NULL);
  g_object_unref (call->stream);
  g_free (call);
}

static void
put (Call         *call,
     gconstpointer data,
     gsize         len)
{
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (call->stream));

  g_assert_true (g_output_stream_write_all (out, data, len, NULL, NULL, NULL));
}

/* RFC 1928 §6, of each length that was seen in the wild. */
static void
reply (Call *call)
{
  static const guint8 ipv4[] = { 5, 0, 0, 1, 127, 0, 0, 1, 0, 0 };
  static const guint8 name[] = "\x05\x00\x00\x03\x09" "127.0.0.1" "\x00";
  g_autoptr(GByteArray) bytes = g_byte_array_new ();

  if (call->host->mood == LAB_HOST_IPV4)
    g_byte_array_append (bytes, ipv4, sizeof ipv4);
  else if (call->host->mood == LAB_HOST_NAMES)
    g_byte_array_append (bytes, name, sizeof name);
  else
    g_byte_array_append (bytes, call->buffer, REQUEST_LEN);

  bytes->data[1] = call->host->mood == LAB_HOST_REFUSES ? 5 : 0;
  if (call->host->early != NULL)
    g_byte_array_append (bytes, (const guint8 *) call->host->early, strlen (call->host->early));

  put (call, bytes->data, bytes->len);
}

static void
request_read_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  Call *call = user_data;
  gsize n;

  if (!g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &n, NULL) ||
      n != REQUEST_LEN)
    return;

  g_assert_cmpmem (call->buffer, 5, "\x05\x01\x00\x03\x28", 5);
  g_assert_cmpmem (call->buffer + 5, 40, call->host->address, 40);
  reply (call);
}

static void
greeting_read_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  Call *call = user_data;
  gsize n;

  if (!g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &n, NULL) ||
      n != GREETING_LEN)
    return;

  g_assert_cmpmem (call->buffer, n, "\x05\x01\x00", 3);
  put (call, "\x05\x00", 2);
  g_input_stream_read_all_async (G_INPUT_STREAM (source), call->buffer, REQUEST_LEN,
                                 G_PRIORITY_DEFAULT, call->host->closed, request_read_cb, call);
}

static gboolean
incoming_cb (GSocketService    *service,
             GSocketConnection *stream,
             GObject           *source_object,
             gpointer           user_data)
{
  LabHost *self = user_data;
  Call *call = g_new0 (Call, 1);

  call->host = self;
  call->stream = g_object_ref (stream);
  g_ptr_array_add (self->calls, call);

  if (self->mood != LAB_HOST_IS_MUTE)
    g_input_stream_read_all_async (g_io_stream_get_input_stream (G_IO_STREAM (stream)),
                                   call->buffer, GREETING_LEN, G_PRIORITY_DEFAULT, self->closed,
                                   greeting_read_cb, call);

  return TRUE;
}

LabHost *
lab_host_new (LabHostMood  mood,
              const char  *address,
              const char  *early)
{
  LabHost *self = g_new0 (LabHost, 1);

  self->mood = mood;
  self->address = g_strdup (address);
  self->early = g_strdup (early);
  self->closed = g_cancellable_new ();
  self->calls = g_ptr_array_new_with_free_func ((GDestroyNotify) call_free);
  self->service = g_socket_service_new ();
  self->port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (self->service), NULL, NULL);
  g_assert_cmpuint (self->port, !=, 0);
  g_signal_connect (self->service, "incoming", G_CALLBACK (incoming_cb), self);

  return self;
}

void
lab_host_free (LabHost *self)
{
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_object_unref (self->service);
  g_cancellable_cancel (self->closed);
  while (g_main_context_iteration (NULL, FALSE))
    ; /* whoever reads learns of it */

  g_ptr_array_unref (self->calls);
  g_object_unref (self->closed);
  g_free (self->address);
  g_free (self->early);
  g_free (self);
}

guint16
lab_host_get_port (LabHost *self)
{
  return self->port;
}

guint
lab_host_get_n_calls (LabHost *self)
{
  return self->calls->len;
}
