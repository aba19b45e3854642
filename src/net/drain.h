/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * ferry_drain_async:
 * @idle_limit: seconds without progress, after which it fails with %G_IO_ERROR_TIMED_OUT
 *
 * Waits until the other end's kernel has acknowledged all that was written to @stream.
 * Fails when the connection breaks before. There is nothing to wait for, and it is done
 * at once, where @stream is no TCP connection, encrypted or not.
 */
void     ferry_drain_async  (GIOStream            *stream,
                             guint                 idle_limit,
                             GCancellable         *cancellable,
                             GAsyncReadyCallback   callback,
                             gpointer              user_data);
gboolean ferry_drain_finish (GAsyncResult         *result,
                             GError              **error);

G_END_DECLS
