/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-transfer"

#include "config.h"

#include "core/transfer-delivery.h"
#include "net/drain.h"
#include "net/own-close.h"
#include "net/peer-close.h"

#define CLOSE_LIMIT 30 /* seconds, FT-4 */

void
ferry_transfer_set_sha256 (FerryTransfer *self)
{
  g_autofree char *hex = ferry_hashes_dup_hex (&self->hashes, FERRY_HASH_SHA256);

  ferry_transfer_set_string (self, FERRY_TRANSFER_PROP_SHA256, &self->sha256, hex);
}

static void
sent (FerryTransfer *self,
      gboolean       confirmed)
{
  const FerrySessionEvent event = {
    .kind = FERRY_SESSION_EVENT_DATA_DONE,
    .hashes = &self->hashes,
    .confirmed = confirmed,
  };

  ferry_transfer_feed (self, &event);
}

/* The stream broke. If all that is left to know is whether the file arrived, this is no good
 * sign, and no more than that: a receiver breaks it whether its user or its disk gave up. */
gboolean
ferry_transfer_doubt_delivery (FerryTransfer *self)
{
  if (self->direction != FERRY_DIRECTION_SEND || !self->close_confirms
      || self->position != self->pump_end)
    return FALSE;

  sent (self, FALSE);
  return TRUE;
}

static void
closed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(FerryTransfer) self = user_data;
  g_autoptr(GError) error = NULL;
  gboolean ok = ferry_peer_close_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (error != NULL)
    g_debug ("Transfer %s: %s", self->id, error->message);
  g_clear_object (&self->pumping);
  sent (self, ok);
}

static void
drained_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(FerryTransfer) self = user_data;
  g_autoptr(GError) error = NULL;

  if (ferry_drain_finish (result, &error))
    {
      if (self->close_confirms)
        {
          ferry_peer_close_async (G_IO_STREAM (source), CLOSE_LIMIT, self->pumping, closed_cb,
                                  g_object_ref (self));
          return;
        }

      g_clear_object (&self->pumping);
      sent (self, ferry_transfer_get_path (self) == FERRY_PATH_IN_BAND);
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_clear_object (&self->pumping);
      ferry_transfer_pump_failed (self, error);
    }
}

/* All bytes are out of our hands. The kernel may hold some for long, and the silence
 * that FT-4 speaks of begins with the last one that was acknowledged. */
void
ferry_transfer_say_done (FerryTransfer *self)
{
  GIOStream *stream = ferry_negotiation_get_stream (self->negotiation);

  if (self->direction == FERRY_DIRECTION_RECEIVE)
    {
      ferry_transfer_feed_hashes (self, FERRY_SESSION_EVENT_DATA_DONE, &self->hashes);
      return;
    }

  if (stream == NULL) /* ended by what was said last */
    return;

  self->pumping = g_cancellable_new ();
  ferry_drain_async (stream, FERRY_TRANSFER_IDLE_LIMIT, self->pumping, drained_cb,
                     g_object_ref (self));
}

/* The peer says that it has the file, perhaps while our end of an in-band stream
 * still waited for the answer to its <close/>. Returns: whether it can have it. */
gboolean
ferry_transfer_settle_data (FerryTransfer *self)
{
  if (self->direction != FERRY_DIRECTION_SEND)
    return TRUE;

  ferry_transfer_set_sha256 (self);

  return self->size == 0 || (self->data_started != 0 && self->position == self->pump_end);
}

/* Receiving: the sender may go by how the stream ends; then all but the good end must differ from
 * it (SIFT-6). */
static gboolean
is_watched (FerryTransfer *self)
{
  return self->close_confirms && self->direction == FERRY_DIRECTION_RECEIVE
         && ferry_negotiation_get_stream (self->negotiation) != NULL;
}

/* Before the first byte. */
void
ferry_transfer_announce_close (FerryTransfer *self)
{
  gint64 n_bytes = self->pump_length;

  if (n_bytes < 0 && self->size >= 0)
    n_bytes = self->size - self->pump_offset;

  if (is_watched (self))
    ferry_own_close_announce (ferry_negotiation_get_stream (self->negotiation), n_bytes);
}

/* The end has come. */
void
ferry_transfer_spoil_close (FerryTransfer *self)
{
  if (is_watched (self) && !self->is_stored)
    ferry_own_close_spoil (ferry_negotiation_get_stream (self->negotiation));
}
