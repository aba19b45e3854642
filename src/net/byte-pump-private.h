/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <stdatomic.h>

#include "net/byte-pump.h"

G_BEGIN_DECLS

struct _FerryBytePump
{
  GObject        parent_instance;

  GIOStream     *stream;        /* (owned) */
  int            fd;            /* (owned); -1: could not be duplicated */
  int            fd_errno;
  FerryPumpWay   way;
  guint          algorithms;
  FerryHashes    hashes;        /* written by the worker before it finishes */

  gint64         offset;
  gint64         length;        /* -1: until the source ends */
  _Atomic guint64 moved;        /* bytes */
  _Atomic gint64  last_moved;   /* µs, monotonic */

  GMutex         mutex;
  GCond          resumed;
  gboolean       is_paused;     /* under @mutex */
};

/* The worker's part: copies all, blocking. @cancellable ends any wait. */
gboolean ferry_byte_pump_loop (FerryBytePump  *self,
                               GCancellable   *cancellable,
                               GError        **error);

G_END_DECLS
