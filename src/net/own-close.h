/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Where a peer takes our close of a stream for the word that its file arrived: the other
 * side of net/peer-close.h. For the main context only.
 */

/**
 * ferry_own_close_announce:
 * @n_bytes: what is to be read from it; -1: until the peer closes it
 *
 * Before the first byte is read: whether all was well is known only when @stream is closed.
 * An in-band one does not acknowledge the last of it before that.
 */
void ferry_own_close_announce (GIOStream *stream,
                               gint64     n_bytes);

/**
 * ferry_own_close_spoil:
 *
 * Has the closing of @stream, whoever does it and when, look to the peer like a failure.
 */
void ferry_own_close_spoil    (GIOStream *stream);

G_END_DECLS
