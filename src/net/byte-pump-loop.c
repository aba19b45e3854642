/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-byte-pump"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "net/byte-pump-private.h"
#include "net/hash-ring.h"
#include "net/tls-stream.h"

static gboolean
set_file_error (GError **error,
                int      saved_errno)
{
  g_set_error_literal (error, FERRY_PUMP_ERROR, FERRY_PUMP_ERROR_FILE, g_strerror (saved_errno));
  return FALSE;
}

static void
count_moved (FerryBytePump *self,
             gsize          n)
{
  atomic_fetch_add_explicit (&self->moved, n, memory_order_relaxed);
  atomic_store_explicit (&self->last_moved, g_get_monotonic_time (), memory_order_relaxed);
}

/* Returns FALSE when cancelled, paused or not. */
static gboolean
wait_while_paused (FerryBytePump  *self,
                   GCancellable   *cancellable,
                   GError        **error)
{
  g_mutex_lock (&self->mutex);

  while (self->is_paused && !g_cancellable_is_cancelled (cancellable))
    g_cond_wait (&self->resumed, &self->mutex);

  g_mutex_unlock (&self->mutex);
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

/* How many bytes the next block may have; 0: all moved. */
static gsize
next_size (FerryBytePump *self)
{
  guint64 moved = ferry_byte_pump_get_bytes (self);

  return self->length < 0 ? FERRY_HASH_RING_BLOCK
                          : MIN (FERRY_HASH_RING_BLOCK, (guint64) self->length - moved);
}

static gboolean
check_truncated (FerryBytePump  *self,
                 GError        **error)
{
  if (self->length < 0)
    return TRUE;

  g_set_error (error, FERRY_PUMP_ERROR, FERRY_PUMP_ERROR_TRUNCATED,
               "Only %" G_GUINT64_FORMAT " of %" G_GINT64_FORMAT " bytes came",
               ferry_byte_pump_get_bytes (self), self->length);
  return FALSE;
}

static gssize
read_file (FerryBytePump  *self,
           guint8         *buffer,
           gsize           size,
           GError        **error)
{
  gssize n;

  do
    n = pread (self->fd, buffer, size, self->offset + ferry_byte_pump_get_bytes (self));
  while (n < 0 && errno == EINTR);

  if (n < 0)
    set_file_error (error, errno);

  return n;
}

static gboolean
write_file (FerryBytePump  *self,
            const guint8   *buffer,
            gsize           size,
            GError        **error)
{
  while (size > 0)
    {
      gssize n = pwrite (self->fd, buffer, size, self->offset + ferry_byte_pump_get_bytes (self));

      /* Some file systems in user space take nothing and call it no error. */
      if (n == 0 || (n < 0 && errno != EINTR))
        return set_file_error (error, n < 0 ? errno : EIO);

      if (n > 0)
        {
          count_moved (self, n);
          buffer += n;
          size -= n;
        }
    }

  return TRUE;
}

static gboolean
write_stream (FerryBytePump  *self,
              const guint8   *buffer,
              gsize           size,
              GCancellable   *cancellable,
              GError        **error)
{
  GOutputStream *out = g_io_stream_get_output_stream (self->stream);

  while (size > 0)
    {
      gssize n = g_output_stream_write (out, buffer, size, cancellable, error);

      if (n < 0)
        return FALSE;

      count_moved (self, n);
      buffer += n;
      size -= n;
    }

  return TRUE;
}

/* The peer learns that the file is complete; its answers can still come in. */
static gboolean
half_close (FerryBytePump  *self,
            GCancellable   *cancellable,
            GError        **error)
{
  if (G_IS_SOCKET_CONNECTION (self->stream))
    return g_socket_shutdown (g_socket_connection_get_socket (G_SOCKET_CONNECTION (self->stream)),
                              FALSE, TRUE, error);

  return g_output_stream_close (g_io_stream_get_output_stream (self->stream), cancellable, error);
}

static gboolean
pump_to_stream (FerryBytePump  *self,
                FerryHashRing  *ring,
                GCancellable   *cancellable,
                GError        **error)
{
  gsize size;

  posix_fadvise (self->fd, self->offset, MAX (self->length, 0), POSIX_FADV_SEQUENTIAL);

  while ((size = next_size (self)) > 0)
    {
      guint8 *buffer;
      gssize n;

      if (!wait_while_paused (self, cancellable, error))
        return FALSE;

      buffer = ferry_hash_ring_acquire (ring);
      n = read_file (self, buffer, size, error);

      if (n < 0 || (n == 0 && !check_truncated (self, error)))
        return FALSE;

      if (n == 0)
        break;

      ferry_hash_ring_publish (ring, n);

      if (!write_stream (self, buffer, n, cancellable, error))
        return FALSE;
    }

  return half_close (self, cancellable, error);
}

static gboolean
set_too_large (FerryBytePump  *self,
               GError        **error)
{
  g_set_error (error, FERRY_PUMP_ERROR, FERRY_PUMP_ERROR_TOO_LARGE,
               "More than %" G_GINT64_FORMAT " bytes came", self->length);
  return FALSE;
}

/* A peer may keep its end open after the last byte, so this must not wait. A
 * stream that cannot be asked without waiting is not asked. */
static gboolean
check_too_large (FerryBytePump  *self,
                 GCancellable   *cancellable,
                 GError        **error)
{
  GInputStream *in = g_io_stream_get_input_stream (self->stream);
  guint8 byte;

  if (FERRY_IS_TLS_STREAM (self->stream))
    return !ferry_tls_stream_has_unread (FERRY_TLS_STREAM (self->stream)) ||
           set_too_large (self, error);

  if (!G_IS_POLLABLE_INPUT_STREAM (in) ||
      !g_pollable_input_stream_can_poll (G_POLLABLE_INPUT_STREAM (in)) ||
      g_pollable_input_stream_read_nonblocking (G_POLLABLE_INPUT_STREAM (in), &byte, 1,
                                                cancellable, NULL) <= 0)
    return TRUE;

  return set_too_large (self, error);
}

/* Asks for one byte more than there should be, where it fits: what came together
 * with the last byte is noticed on every stream, without waiting for it. */
static gsize
with_one_more (FerryBytePump *self,
               gsize          size)
{
  return self->length < 0 ? size : MIN (size + 1, FERRY_HASH_RING_BLOCK);
}

static gboolean
pump_to_file (FerryBytePump  *self,
              FerryHashRing  *ring,
              GCancellable   *cancellable,
              GError        **error)
{
  GInputStream *in = g_io_stream_get_input_stream (self->stream);
  gsize size;

  while ((size = next_size (self)) > 0)
    {
      guint8 *buffer;
      gssize n;

      if (!wait_while_paused (self, cancellable, error))
        return FALSE;

      buffer = ferry_hash_ring_acquire (ring);
      n = g_input_stream_read (in, buffer, with_one_more (self, size), cancellable, error);

      if (n < 0)
        return FALSE;

      if (n == 0)
        return check_truncated (self, error);

      if ((gsize) n > size)
        return set_too_large (self, error);

      ferry_hash_ring_publish (ring, n);

      if (!write_file (self, buffer, n, error))
        return FALSE;
    }

  return check_too_large (self, cancellable, error);
}

gboolean
ferry_byte_pump_loop (FerryBytePump  *self,
                      GCancellable   *cancellable,
                      GError        **error)
{
  FerryHashRing *ring = ferry_hash_ring_new (self->algorithms, self->length);
  gboolean ok = self->way == FERRY_PUMP_TO_STREAM
                ? pump_to_stream (self, ring, cancellable, error)
                : pump_to_file (self, ring, cancellable, error);

  ferry_hash_ring_finish (ring, &self->hashes);
  return ok;
}
