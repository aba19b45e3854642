/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define FERRY_DUPLEX_MAX_UNSENT (16 * 1024 * 1024) /* bytes that wait to be written */

/**
 * FerryDuplex:
 *
 * Between a #GIOStream that blocks and the main loop, both ways at once: one thread reads, one
 * writes, and what they have to say is said in the main context the duplex was made in. Reading
 * waits while that is behind; writing never waits, but has a limit.
 *
 * Used once. Its functions are for that context only. The stream is closed after
 * ferry_duplex_break(), as soon as both threads have let go of it.
 */
typedef struct _FerryDuplex FerryDuplex;

typedef struct
{
  /* Some bytes, in order; an empty @bytes: the other side has closed its end in good order. */
  void (*received) (FerryDuplex  *self,
                    GBytes       *bytes,
                    gpointer      user_data);
  /* All that was to be written is, and our end is closed. */
  void (*closed)   (FerryDuplex  *self,
                    gpointer      user_data);
  /* Once, after all that could still be received; nothing is received or written any more. */
  void (*failed)   (FerryDuplex  *self,
                    const GError *error,
                    gpointer      user_data);
} FerryDuplexFuncs;

/* Begins to read. @funcs: static */
FerryDuplex *ferry_duplex_new   (GIOStream               *stream,
                                 const FerryDuplexFuncs  *funcs,
                                 gpointer                 user_data);
/* %FALSE: the other side takes too little. What is written after a failure, of which failed()
 * tells, or after closing is forgotten. */
gboolean     ferry_duplex_write (FerryDuplex             *self,
                                 GBytes                  *bytes);
/* Bytes that wait to be written. */
gsize        ferry_duplex_get_unsent (FerryDuplex        *self);
/* While it is paused nothing is received; the other side then has to wait, too. */
void         ferry_duplex_set_paused (FerryDuplex        *self,
                                 gboolean                 paused);
/* Writes what waits, then closes our end; the other way stays open. */
void         ferry_duplex_close (FerryDuplex             *self);
/* Ends it at once and frees it; calls no function afterwards. */
void         ferry_duplex_break (FerryDuplex             *self);

G_END_DECLS
