/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "net/link.h"

G_BEGIN_DECLS

/* Bytes; "drained" is said when less than this waits, and again at nothing. */
#define FERRY_LINK_IO_LOW_WATER (32 * 1024)

/* Any of them may close the link. */
typedef struct
{
  void (*received) (const guint8 *data,
                    gsize         len,
                    gpointer      user_data);
  void (*drained)  (gpointer      user_data);
  void (*ended)    (const GError *error,      /* (nullable): the peer closed */
                    gpointer      user_data); /* once, and then nothing else */
} FerryLinkIoEvents;

/**
 * FerryLinkIo:
 *
 * Reads and writes a link without a turn of the main loop in between: what is
 * written goes out at once if the network takes it, and waits here otherwise.
 */
typedef struct _FerryLinkIo FerryLinkIo;

FerryLinkIo *ferry_link_io_new          (FerryLink               *link,
                                         const FerryLinkIoEvents *events,
                                         gpointer                 user_data);
/* Appends; flush() sends. A broken link says so through "ended", later. */
void         ferry_link_io_append       (FerryLinkIo             *self,
                                         const void              *data,
                                         gsize                    len);
void         ferry_link_io_flush        (FerryLinkIo             *self);
/* Bytes that the network has not taken yet. */
gsize        ferry_link_io_get_buffered (FerryLinkIo             *self);
/* Frees @self; the connection is shut down in its own time. No event follows. */
void         ferry_link_io_close        (FerryLinkIo             *self);

G_END_DECLS
