/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "hostile-stream.h"
#include "tls-wire.h"

typedef struct
{
  TlsWire       *wire;
  TlsWireManners manners;
  GIOStream     *from;
  GIOStream     *to;
  guint64        n_bytes; /* guarded by the wire's mutex */
  GThread       *thread;
} Way;

struct _TlsWire
{
  GMutex        mutex;
  GCond         moved;
  GIOStream    *client;   /* (owned) */
  GIOStream    *server;   /* (owned) */
  GIOStream    *inner[2]; /* (owned): their other ends */
  GCancellable *stop;     /* (owned) */
  Way           ways[2];  /* to the server, to the client */
};

static void
cut (TlsWire *self)
{
  for (guint i = 0; i < 2; i++)
    g_output_stream_close (g_io_stream_get_output_stream (self->inner[i]), NULL, NULL);
}

/* Returns: how many of the next bytes arrive */
static gsize
spoil (Way    *way,
       guint8 *data,
       gsize   size)
{
  const TlsWireManners *manners = &way->manners;
  guint64 before = way->n_bytes;

  if (manners->flip_at > before && manners->flip_at <= before + size)
    data[manners->flip_at - before - 1] ^= 0x20;

  if (manners->stall_at > 0)
    size = MIN (size, manners->stall_at - MIN (before, manners->stall_at));
  if (manners->cut_at > 0)
    size = MIN (size, manners->cut_at - MIN (before, manners->cut_at));

  return size;
}

static void
count (Way   *way,
       gsize  size)
{
  g_mutex_lock (&way->wire->mutex);
  way->n_bytes += size;
  g_cond_broadcast (&way->wire->moved);
  g_mutex_unlock (&way->wire->mutex);
}

static gpointer
way_thread (gpointer data)
{
  Way *way = data;
  GInputStream *in = g_io_stream_get_input_stream (way->from);
  GOutputStream *out = g_io_stream_get_output_stream (way->to);
  guint8 buffer[32 * 1024];
  gssize n;

  while ((n = g_input_stream_read (in, buffer, sizeof buffer, way->wire->stop, NULL)) > 0)
    {
      gsize size = spoil (way, buffer, n);

      if (size > 0 && !g_output_stream_write_all (out, buffer, size, NULL, way->wire->stop, NULL))
        break;
      count (way, n);
      if (way->manners.cut_at > 0 && way->n_bytes >= way->manners.cut_at)
        cut (way->wire);
    }

  if (n == 0)
    g_output_stream_close (out, NULL, NULL);

  return NULL;
}

TlsWire *
tls_wire_new (const TlsWireManners *to_server,
              const TlsWireManners *to_client)
{
  const HostileManners narrow = { .capacity = 256 * 1024 };
  const TlsWireManners none = { 0 };
  TlsWire *self = g_new0 (TlsWire, 1);

  g_mutex_init (&self->mutex);
  g_cond_init (&self->moved);
  self->stop = g_cancellable_new ();
  hostile_stream_pair (&narrow, &narrow, &self->client, &self->inner[0]);
  hostile_stream_pair (&narrow, &narrow, &self->server, &self->inner[1]);

  for (guint i = 0; i < 2; i++)
    {
      const TlsWireManners *manners = i == 0 ? to_server : to_client;

      self->ways[i] = (Way) { self, manners != NULL ? *manners : none, self->inner[i],
                              self->inner[1 - i] };
      self->ways[i].thread = g_thread_new ("wire", way_thread, &self->ways[i]);
    }

  return self;
}

void
tls_wire_free (TlsWire *self)
{
  g_cancellable_cancel (self->stop);

  for (guint i = 0; i < 2; i++)
    g_thread_join (self->ways[i].thread);

  for (guint i = 0; i < 2; i++)
    g_object_unref (self->inner[i]);

  g_object_unref (self->client);
  g_object_unref (self->server);
  g_object_unref (self->stop);
  g_cond_clear (&self->moved);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

GIOStream *
tls_wire_get_client (TlsWire *self)
{
  return self->client;
}

GIOStream *
tls_wire_get_server (TlsWire *self)
{
  return self->server;
}

guint64
tls_wire_get_bytes (TlsWire  *self,
                    gboolean  to_server)
{
  guint64 n;

  g_mutex_lock (&self->mutex);
  n = self->ways[to_server ? 0 : 1].n_bytes;
  g_mutex_unlock (&self->mutex);

  return n;
}

void
tls_wire_await (TlsWire  *self,
                gboolean  to_server,
                guint64   n_bytes)
{
  g_mutex_lock (&self->mutex);
  while (self->ways[to_server ? 0 : 1].n_bytes < n_bytes)
    g_cond_wait (&self->moved, &self->mutex);
  g_mutex_unlock (&self->mutex);
}
