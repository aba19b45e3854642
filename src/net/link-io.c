/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-link-io"

#include "config.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "net/link-io.h"

#define READ_SIZE (32 * 1024)
#define WRITE_SIZE (16 * 1024) /* a TLS record */

struct _FerryLinkIo
{
  FerryLink         *link;          /* (owned) */
  FerryLinkIoEvents  events;
  gpointer           user_data;
  gboolean           is_closed;     /* no event may follow */

  GSource           *readable;      /* (owned) (nullable) */
  GSource           *writable;      /* (owned) (nullable): the network is full */
  GByteArray        *out;
  gsize              n_written;     /* of @out */
  gsize              retried;       /* bytes of the write that has to be repeated as it was */
  guint8             in[READ_SIZE];
};

static void
stop_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);

  g_clear_pointer (source, g_source_unref);
}

static void
link_io_clear (gpointer data)
{
  FerryLinkIo *self = data;

  ferry_link_free (self->link);
  g_byte_array_unref (self->out);
}

static void
end (FerryLinkIo  *self,
     const GError *error)
{
  stop_source (&self->readable);
  stop_source (&self->writable);

  if (!self->is_closed)
    {
      self->is_closed = TRUE;
      self->events.ended (error, self->user_data);
    }
}

/* Without this the kernel holds acknowledgements back for 40 ms, and with them
 * the next small stanza of a peer that uses Nagle's algorithm. The kernel
 * forgets it, so it is said after each read. */
static void
acknowledge_at_once (FerryLinkIo *self)
{
  g_socket_set_option (self->link->socket, IPPROTO_TCP, TCP_QUICKACK, TRUE, NULL);
}

static gboolean
readable_cb (GObject  *stream,
             gpointer  user_data)
{
  FerryLinkIo *self = g_rc_box_acquire (user_data);
  g_autoptr(GError) error = NULL;
  gssize n = g_pollable_input_stream_read_nonblocking (G_POLLABLE_INPUT_STREAM (stream), self->in,
                                                       sizeof self->in, NULL, &error);

  if (n > 0)
    {
      acknowledge_at_once (self);
      self->events.received (self->in, n, self->user_data);
    }
  else if (n == 0 || !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    {
      end (self, error);
    }

  g_rc_box_release_full (self, link_io_clear);
  return G_SOURCE_CONTINUE;
}

/* Writes until all is gone or the network is full. Returns FALSE when it broke. */
static gboolean
write_some (FerryLinkIo  *self,
            GError      **error)
{
  GPollableOutputStream *out =
    G_POLLABLE_OUTPUT_STREAM (g_io_stream_get_output_stream (self->link->stream));

  while (self->n_written < self->out->len)
    {
      gsize size = self->retried > 0 ? self->retried
                                     : MIN (WRITE_SIZE, self->out->len - self->n_written);
      gssize n = g_pollable_output_stream_write_nonblocking (out, self->out->data + self->n_written,
                                                             size, NULL, error);

      if (n < 0)
        {
          self->retried = size;
          return g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
        }

      self->retried = 0;
      self->n_written += n;
    }

  return TRUE;
}

/* Moves what is left to the front when that is cheap. */
static void
forget_written (FerryLinkIo *self)
{
  if (self->n_written == self->out->len)
    g_byte_array_set_size (self->out, 0);
  else if (self->n_written > self->out->len / 2)
    g_byte_array_remove_range (self->out, 0, self->n_written);
  else
    return;

  self->n_written = 0;
}

static void say_drained (FerryLinkIo *self,
                         gsize        before);

static gboolean
writable_cb (GObject  *stream,
             gpointer  user_data)
{
  FerryLinkIo *self = g_rc_box_acquire (user_data);
  gsize before = ferry_link_io_get_buffered (self);

  stop_source (&self->writable);
  ferry_link_io_flush (self);
  say_drained (self, before);
  g_rc_box_release_full (self, link_io_clear);

  return G_SOURCE_REMOVE;
}

static void
say_drained (FerryLinkIo *self,
             gsize        before)
{
  gsize now = ferry_link_io_get_buffered (self);

  if (!self->is_closed && ((now == 0 && before > 0) || (now < FERRY_LINK_IO_LOW_WATER &&
                                                       before >= FERRY_LINK_IO_LOW_WATER)))
    self->events.drained (self->user_data);
}

/* A write that fails is not told from within the write: whoever writes is in
 * the middle of something. Reading fails too, and tells. */
void
ferry_link_io_flush (FerryLinkIo *self)
{
  g_autoptr(GError) error = NULL;

  if (self->writable != NULL || self->is_closed)
    return;

  if (!write_some (self, &error))
    {
      g_debug ("%s", error->message);
      g_socket_shutdown (self->link->socket, TRUE, TRUE, NULL);
      self->n_written = self->out->len;
      self->retried = 0; /* what comes next may be shorter */
    }

  forget_written (self);

  if (self->out->len > 0)
    {
      GPollableOutputStream *out =
        G_POLLABLE_OUTPUT_STREAM (g_io_stream_get_output_stream (self->link->stream));

      self->writable = g_pollable_output_stream_create_source (out, NULL);
      g_source_set_callback (self->writable, G_SOURCE_FUNC (writable_cb), self, NULL);
      g_source_attach (self->writable, g_main_context_get_thread_default ());
    }
}

void
ferry_link_io_append (FerryLinkIo *self,
                      const void  *data,
                      gsize        len)
{
  g_byte_array_append (self->out, data, len);
}

gsize
ferry_link_io_get_buffered (FerryLinkIo *self)
{
  return self->out->len - self->n_written;
}

/* @link: (transfer full) */
FerryLinkIo *
ferry_link_io_new (FerryLink               *link,
                   const FerryLinkIoEvents *events,
                   gpointer                 user_data)
{
  FerryLinkIo *self = g_rc_box_new0 (FerryLinkIo);
  GInputStream *in = g_io_stream_get_input_stream (link->stream);

  self->link = link;
  self->events = *events;
  self->user_data = user_data;
  self->out = g_byte_array_new ();
  self->readable = g_pollable_input_stream_create_source (G_POLLABLE_INPUT_STREAM (in), NULL);
  g_source_set_callback (self->readable, G_SOURCE_FUNC (readable_cb), self, NULL);
  g_source_attach (self->readable, g_main_context_get_thread_default ());
  acknowledge_at_once (self);

  return self;
}

void
ferry_link_io_close (FerryLinkIo *self)
{
  ferry_link_io_flush (self);

  /* With the network full, a TLS goodbye would keep a thread for as long as TCP hopes. */
  if (ferry_link_io_get_buffered (self) > 0)
    g_socket_shutdown (self->link->socket, TRUE, TRUE, NULL);

  self->is_closed = TRUE;
  stop_source (&self->readable);
  stop_source (&self->writable);
  g_io_stream_close_async (self->link->stream, G_PRIORITY_DEFAULT, NULL, NULL, NULL);
  g_rc_box_release_full (self, link_io_clear);
}
