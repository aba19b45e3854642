/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* How one direction of a hostile pair misbehaves. All zero: it does not. */
typedef struct
{
  gsize    slice;     /* bytes a read gives at most; 0: all there are */
  gsize    capacity;  /* bytes it holds before writers wait; 0: no limit */
  guint64  fail_at;   /* reads fail with CONNECTION_CLOSED once so many bytes have passed */
  guint64  stall_at;  /* reads wait for ever once so many bytes have passed */
} HostileManners;

/* Two ends of an in-memory connection. Blocking calls may be used from any
 * thread and obey their cancellable; the input streams are pollable. */
void hostile_stream_pair (const HostileManners  *a_to_b,
                          const HostileManners  *b_to_a,
                          GIOStream            **a,
                          GIOStream            **b);

G_END_DECLS
