/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "proto/hashes.h"

G_BEGIN_DECLS

/**
 * FerryBytePump:
 *
 * Copies between a file descriptor and a #GIOStream in a worker thread, and
 * hashes what passes in a second one. The main loop never touches file data.
 * Used once.
 */
#define FERRY_TYPE_BYTE_PUMP (ferry_byte_pump_get_type ())
G_DECLARE_FINAL_TYPE (FerryBytePump, ferry_byte_pump, FERRY, BYTE_PUMP, GObject)

#define FERRY_PUMP_ERROR (ferry_pump_error_quark ())
GQuark ferry_pump_error_quark (void);

typedef enum
{
  FERRY_PUMP_ERROR_TRUNCATED, /* the source ended before @length bytes */
  FERRY_PUMP_ERROR_TOO_LARGE, /* the stream held more than @length bytes */
  FERRY_PUMP_ERROR_FILE,      /* our file could not be read or written; message names errno */
  FERRY_PUMP_ERROR_STALLED,   /* no byte moved for the idle limit */
} FerryPumpError;

typedef enum
{
  FERRY_PUMP_TO_STREAM, /* file → stream: sends, then half-closes the stream's output */
  FERRY_PUMP_TO_FILE,   /* stream → file */
} FerryPumpWay;

/* @fd: duplicated; read or written by offset (pread, pwrite). @algorithms: bit
 * per #FerryHashAlgorithm to compute; 0: no hash thread. */
FerryBytePump *ferry_byte_pump_new          (GIOStream            *stream,
                                             int                   fd,
                                             FerryPumpWay          way,
                                             guint                 algorithms);
/* @length: bytes to move; -1: until the source ends. With a length, TO_FILE
 * reads one byte more at most, to notice a peer that sends too much.
 * @idle_limit: seconds without a byte before STALLED, 0: none; a pause does not count. */
void           ferry_byte_pump_run_async    (FerryBytePump        *self,
                                             gint64                offset,
                                             gint64                length,
                                             guint                 idle_limit,
                                             GCancellable         *cancellable,
                                             GAsyncReadyCallback   callback,
                                             gpointer              user_data);
gboolean       ferry_byte_pump_run_finish   (FerryBytePump        *self,
                                             GAsyncResult         *result,
                                             GError              **error);
/* Any thread. Bytes moved since run(), without @offset. */
guint64        ferry_byte_pump_get_bytes    (FerryBytePump        *self);
void           ferry_byte_pump_set_paused   (FerryBytePump        *self,
                                             gboolean              paused);
/* After run() has finished well: the digests of the bytes that passed. */
void           ferry_byte_pump_get_hashes   (FerryBytePump        *self,
                                             FerryHashes          *hashes);

/* Hashes @fd from @offset, @length bytes, in a thread of its own. */
void           ferry_hash_file_async        (int                   fd,
                                             gint64                offset,
                                             gint64                length,
                                             guint                 algorithms,
                                             GCancellable         *cancellable,
                                             GAsyncReadyCallback   callback,
                                             gpointer              user_data);
gboolean       ferry_hash_file_finish       (GAsyncResult         *result,
                                             FerryHashes          *hashes,
                                             GError              **error);

G_END_DECLS
