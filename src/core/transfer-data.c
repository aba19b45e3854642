/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-transfer"

#include "config.h"

#include <errno.h>

#include "core/transfer-delivery.h"
#include "core/transfer-resume.h"

/* A pump at work. It may outlive its place in the transfer; then all that is left
 * to do is to close the stream, which must wait until the worker is done with it. */
typedef struct
{
  FerryTransfer *transfer; /* (owned) */
  GIOStream     *stream;   /* (owned) */
} Run;

static void
run_free (Run *run)
{
  g_clear_object (&run->transfer);
  g_clear_object (&run->stream);
  g_free (run);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Run, run_free)

void
ferry_transfer_data_failed (FerryTransfer *self,
                            FerryOutcome   outcome,
                            GError        *failure)
{
  const FerrySessionEvent event = {
    .kind = FERRY_SESSION_EVENT_DATA_FAILED,
    .outcome = outcome,
    .text = failure->message,
  };

  g_debug ("Transfer %s: %s", self->id, failure->message);
  g_clear_error (&self->failure);
  self->failure = failure;
  ferry_transfer_feed (self, &event);
}

static gboolean
is_disk_full (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE)
         || g_str_equal (error->message, g_strerror (ENOSPC))
         || g_str_equal (error->message, g_strerror (EDQUOT));
}

/* Ours to answer for: the file we read, or the disk we write to. */
void
ferry_transfer_file_failed (FerryTransfer *self,
                            const GError  *error)
{
  int code = FERRY_TRANSFER_ERROR_FILE;

  if (self->direction == FERRY_DIRECTION_RECEIVE)
    code = is_disk_full (error) ? FERRY_TRANSFER_ERROR_DISK_FULL : FERRY_TRANSFER_ERROR_DISK;

  ferry_transfer_data_failed (self, FERRY_OUTCOME_DISK,
                              g_error_new_literal (FERRY_TRANSFER_ERROR, code, error->message));
}

/* The path broke. Without our server it may have been part of the path, and a peer
 * whose presence ended meanwhile did not cut the file short: it went away. Bytes that are not
 * what the peer encrypted are nobody's accident (XTLS-21). */
static FerryOutcome
judge_broken_path (FerryTransfer *self,
                   const GError  *error)
{
  gboolean is_short = g_error_matches (error, FERRY_PUMP_ERROR, FERRY_PUMP_ERROR_TRUNCATED)
                      || g_error_matches (error, FERRY_TLS_ERROR, FERRY_TLS_ERROR_TRUNCATED);

  if (g_error_matches (error, FERRY_TLS_ERROR, FERRY_TLS_ERROR_RECORD))
    return FERRY_OUTCOME_INSECURE;

  if (is_short && !self->was_peer_gone)
    return FERRY_OUTCOME_TRUNCATED;

  return FERRY_OUTCOME_PEER_GONE;
}

/* Who falls silent, or whose presence ended, did not stop the transfer. */
static gboolean
is_gone (FerryTransfer *self,
         const GError  *error)
{
  return self->was_peer_gone
         || g_error_matches (error, FERRY_PUMP_ERROR, FERRY_PUMP_ERROR_STALLED)
         || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
}

void
ferry_transfer_pump_failed (FerryTransfer *self,
                            const GError  *error)
{
  gboolean is_sending = self->direction == FERRY_DIRECTION_SEND;
  gboolean is_offline = ferry_router_get_jid (self->services->router) == NULL;
  g_autoptr(GError) cause = NULL;

  if (is_sending && g_error_matches (error, FERRY_PUMP_ERROR, FERRY_PUMP_ERROR_TRUNCATED))
    cause = g_error_new_literal (FERRY_PUMP_ERROR, FERRY_PUMP_ERROR_FILE,
                                 "it became shorter while it was sent");
  else if (g_error_matches (error, FERRY_PUMP_ERROR, FERRY_PUMP_ERROR_FILE))
    cause = g_error_copy (error);

  if (cause != NULL)
    {
      ferry_transfer_file_failed (self, cause);
      return;
    }

  if (g_error_matches (error, FERRY_PUMP_ERROR, FERRY_PUMP_ERROR_TOO_LARGE))
    {
      ferry_transfer_data_failed (self, FERRY_OUTCOME_TOO_LARGE, g_error_copy (error));
      return;
    }

  if (!is_gone (self, error) && !is_offline && ferry_transfer_doubt_delivery (self))
    return;

  if (is_offline && ferry_transfer_get_path (self) == FERRY_PATH_IN_BAND)
    cause = g_error_new_literal (FERRY_TRANSFER_ERROR, FERRY_TRANSFER_ERROR_CONNECTION_LOST,
                                 error->message);
  else if (is_gone (self, error))
    cause = g_error_new_literal (FERRY_TRANSFER_ERROR, FERRY_TRANSFER_ERROR_PEER_GONE,
                                 error->message);

  ferry_transfer_data_failed (self, judge_broken_path (self, error),
                              g_error_copy (cause != NULL ? cause : error));
}

void
ferry_transfer_feed_hashes (FerryTransfer         *self,
                            FerrySessionEventKind  kind,
                            const FerryHashes     *hashes)
{
  const FerrySessionEvent event = { .kind = kind, .hashes = hashes };

  ferry_transfer_feed (self, &event);
}

static void
hash_received_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(FerryTransfer) self = user_data;
  g_autoptr(GError) error = NULL;
  FerryHashes whole = { 0 };
  gboolean ok = ferry_hash_file_finish (result, &whole, &error);

  if (!ferry_transfer_has_session (self)
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (!ok)
    {
      ferry_transfer_file_failed (self, error);
      return;
    }

  ferry_hashes_merge (&self->hashes, &whole);
  ferry_transfer_set_sha256 (self);
  ferry_transfer_say_done (self);
}

/* What is here from before did not pass the pump (SEC-21). */
static void
hash_received (FerryTransfer *self)
{
  const FerryHashes *offered = &ferry_transfer_get_agreed (self)->hashes;

  ferry_transfer_set_state (self, FERRY_TRANSFER_VERIFYING);
  ferry_hash_file_async (self->fd, 0, self->size, offered->announced | 1u << FERRY_HASH_SHA256,
                         self->cancellable, hash_received_cb, g_object_ref (self));
}

static void
pump_finished (FerryTransfer *self,
               FerryBytePump *pump)
{
  g_autoptr(GError) error = NULL;
  FerryHashes passed = { 0 };

  if (self->direction == FERRY_DIRECTION_SEND && !ferry_transfer_is_unchanged (self, &error))
    {
      ferry_transfer_file_failed (self, error);
      return;
    }

  if (self->direction == FERRY_DIRECTION_RECEIVE && self->pump_offset > 0)
    {
      hash_received (self);
      return;
    }

  ferry_byte_pump_get_hashes (pump, &passed);

  if (passed.present != 0)
    {
      ferry_hashes_merge (&self->hashes, &passed);
      if (self->direction == FERRY_DIRECTION_SEND)
        ferry_transfer_feed_hashes (self, FERRY_SESSION_EVENT_HASHES, &self->hashes);
    }

  ferry_transfer_set_sha256 (self);
  ferry_transfer_set_state (self, FERRY_TRANSFER_VERIFYING);
  ferry_transfer_say_done (self);
}

/* Its place was taken away; another may have waited for it to be done with the file. */
static void
finish_stale (FerryTransfer *self,
              GIOStream     *stream)
{
  g_io_stream_close_async (stream, G_PRIORITY_DEFAULT, NULL, NULL, NULL);

  if (self->n_workers == 0 && self->is_pump_due && self->fd >= 0)
    ferry_transfer_begin_pump (self);
}

static void
pump_done_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(Run) run = user_data;
  g_autoptr(GError) error = NULL;
  FerryBytePump *pump = FERRY_BYTE_PUMP (source);
  FerryTransfer *self = run->transfer;
  gboolean ok = ferry_byte_pump_run_finish (pump, result, &error);

  self->n_workers--;

  /* Whoever hears of the last bytes may still cancel. */
  if (self->pump == pump)
    {
      ferry_transfer_stop_ticker (self);
      ferry_transfer_update_progress (self);
    }

  if (self->pump != pump)
    {
      finish_stale (self, run->stream);
      return;
    }

  g_object_freeze_notify (G_OBJECT (self));
  self->data_ended = g_get_monotonic_time ();
  g_clear_object (&self->pump);
  g_clear_object (&self->pumping);

  if (!ok)
    g_clear_pointer (&self->path_watch, ferry_path_watch_free);

  if (ok)
    pump_finished (self, pump);
  else
    ferry_transfer_pump_failed (self, error);

  g_object_thaw_notify (G_OBJECT (self));
}

static gboolean
is_whole (FerryTransfer *self,
          gint64         offset,
          gint64         length)
{
  return offset == 0 && (length < 0 || length == self->size);
}

/* A part of the file says nothing of the whole, which the offer was about. */
static guint
choose_algorithms (FerryTransfer *self,
                   gint64         offset,
                   gint64         length)
{
  const guint sha256 = 1u << FERRY_HASH_SHA256;

  if (!is_whole (self, offset, length))
    return 0;

  if (self->direction == FERRY_DIRECTION_RECEIVE)
    return ferry_transfer_get_agreed (self)->hashes.announced | sha256;

  return (self->dialect->hashes | sha256) & ~self->hashes.present;
}

/* What is sent must be what was offered. With a length the pump notices both too few
 * bytes and too many. */
static gboolean
check_pump (FerryTransfer *self)
{
  g_autoptr(GError) error = NULL;

  if (self->direction == FERRY_DIRECTION_SEND && !ferry_transfer_is_unchanged (self, &error))
    {
      ferry_transfer_file_failed (self, error);
      return FALSE;
    }

  if (self->pump_length < 0 && self->size >= 0)
    self->pump_length = self->size - self->pump_offset;

  return TRUE;
}

static void
path_dead_cb (gpointer user_data)
{
  g_autoptr(FerryTransfer) self = g_object_ref (user_data);

  ferry_transfer_break_data (self, "the network does not carry anything there any more");
}

/* The numbers of this way; those of the ways before it stay. */
static void
begin_counting (FerryTransfer *self)
{
  self->pump_end = self->pump_offset + self->pump_length;
  self->position = self->pump_offset;
  self->bytes = MAX (self->bytes, self->position);
  self->data_started = g_get_monotonic_time ();
  self->data_ended = 0;
}

void
ferry_transfer_begin_pump (FerryTransfer *self)
{
  gboolean is_sending = self->direction == FERRY_DIRECTION_SEND;
  GIOStream *stream = ferry_negotiation_get_stream (self->negotiation);
  gint64 offset = self->pump_offset;
  Run *run;

  self->is_pump_due = FALSE;
  if (!check_pump (self))
    return;

  if (is_sending && !is_whole (self, offset, self->pump_length))
    ferry_transfer_hash_whole (self);

  run = g_new0 (Run, 1);
  run->transfer = g_object_ref (self);
  run->stream = g_object_ref (stream);
  begin_counting (self);
  self->n_workers++;
  self->pumping = g_cancellable_new ();
  self->pump = ferry_byte_pump_new (stream, self->fd,
                                    is_sending ? FERRY_PUMP_TO_STREAM : FERRY_PUMP_TO_FILE,
                                    choose_algorithms (self, offset, self->pump_length));
  ferry_byte_pump_set_paused (self->pump, self->is_paused);
  ferry_byte_pump_run_async (self->pump, offset, self->pump_length, FERRY_TRANSFER_IDLE_LIMIT,
                             self->pumping, pump_done_cb, run);
  self->path_watch = ferry_path_watch_new (stream, FERRY_PATH_SILENCE, path_dead_cb, self);
  ferry_transfer_set_state (self, self->is_paused ? FERRY_TRANSFER_PAUSED
                                                  : FERRY_TRANSFER_RUNNING);
  ferry_transfer_start_ticker (self);
}

/* Effect PUMP. The disk may be slower than the peer. */
void
ferry_transfer_pump (FerryTransfer            *self,
                     const FerrySessionEffect *effect)
{
  gboolean is_busy;

  if (self->way.is_echo)
    {
      ferry_transfer_feed_hashes (self, FERRY_SESSION_EVENT_DATA_DONE, &self->hashes);
      return;
    }

  if (!ferry_transfer_go_on (self))
    return;

  self->pump_offset = effect->range_offset;
  self->pump_length = effect->range_length;
  self->close_confirms = effect->close_confirms;
  ferry_transfer_announce_close (self);

  /* Of the way that broke: it may still write what it has read. */
  is_busy = self->direction == FERRY_DIRECTION_RECEIVE && self->n_workers > 0;

  if (self->fd >= 0 && !is_busy)
    {
      ferry_transfer_begin_pump (self);
      return;
    }

  self->is_pump_due = TRUE;
  if (self->fd < 0)
    ferry_transfer_expect_file (self);
}

void
ferry_transfer_stop_pump (FerryTransfer *self)
{
  g_autoptr(GCancellable) pumping = g_steal_pointer (&self->pumping);
  g_autoptr(GIOStream) stream = NULL;

  ferry_transfer_spoil_close (self);
  ferry_transfer_stop_ticker (self);
  g_clear_pointer (&self->path_watch, ferry_path_watch_free);
  self->is_pump_due = FALSE;

  if (self->pump != NULL)
    {
      ferry_transfer_update_progress (self);
      g_clear_object (&self->pump);
      self->data_ended = g_get_monotonic_time ();
      stream = ferry_negotiation_steal_stream (self->negotiation);
    }

  if (pumping != NULL)
    g_cancellable_cancel (pumping);
}

/* Bytes were moving, and cannot any more. */
void
ferry_transfer_break_data (FerryTransfer *self,
                           const char    *reason)
{
  ferry_transfer_stop_pump (self);
  ferry_transfer_data_failed (self, FERRY_OUTCOME_PEER_GONE,
                              g_error_new_literal (FERRY_TRANSFER_ERROR,
                                                   FERRY_TRANSFER_ERROR_PEER_GONE, reason));
}
