/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What the network does to one direction. All zero: nothing. */
typedef struct
{
  guint64 cut_at;   /* bytes after which both directions end, as if the path had broken */
  guint64 stall_at; /* bytes after which nothing arrives any more */
  guint64 flip_at;  /* the byte, counted from 1, that arrives as another one */
} TlsWireManners;

/**
 * TlsWire:
 *
 * Two ends of a connection in memory, and between them a network that passes on what it is given,
 * in threads of its own.
 */
typedef struct _TlsWire TlsWire;

TlsWire   *tls_wire_new       (const TlsWireManners *to_server, /* (nullable) */
                               const TlsWireManners *to_client); /* (nullable) */
/* Closes all, and waits for the threads. */
void       tls_wire_free      (TlsWire              *self);
/* Borrowed. */
GIOStream *tls_wire_get_client (TlsWire             *self);
GIOStream *tls_wire_get_server (TlsWire             *self);
/* Bytes that were sent there. */
guint64    tls_wire_get_bytes (TlsWire              *self,
                               gboolean              to_server);
/* Waits until a certain number of bytes were sent there. */
void       tls_wire_await     (TlsWire              *self,
                               gboolean              to_server,
                               guint64               n_bytes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TlsWire, tls_wire_free)

G_END_DECLS
