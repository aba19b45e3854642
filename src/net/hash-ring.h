/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/hashes.h"

G_BEGIN_DECLS

/* One read or write of the pump, in bytes. */
#define FERRY_HASH_RING_BLOCK (256 * 1024)

/**
 * FerryHashRing:
 *
 * The buffers of one pump, allocated once, and the thread that hashes them
 * behind its back. The pump fills the buffer that acquire() hands out, publishes
 * it, and may go on reading (not writing) it until the next acquire().
 *
 * Without algorithms it is one buffer and no thread; for what fits one block it
 * is one buffer that is hashed on the spot.
 */
typedef struct _FerryHashRing FerryHashRing;

/* @expected: bytes to come, -1: unknown. */
FerryHashRing *ferry_hash_ring_new     (guint          algorithms,
                                        gint64         expected);
/* Waits for a free buffer of %FERRY_HASH_RING_BLOCK bytes. */
guint8        *ferry_hash_ring_acquire (FerryHashRing *self);
/* The first @size bytes of the acquired buffer are to be hashed. */
void           ferry_hash_ring_publish (FerryHashRing *self,
                                        gsize          size);
/* Waits for the hash thread and frees @self; digests go to @hashes (nullable). */
void           ferry_hash_ring_finish  (FerryHashRing *self,
                                        FerryHashes   *hashes);

G_END_DECLS
