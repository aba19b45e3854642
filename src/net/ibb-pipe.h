/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * FerryIbbPipe:
 *
 * What the main loop and the worker thread of a #FerryIbbStream share: two queues
 * of bytes, guarded by one lock. The worker waits here; the main loop never does.
 */
typedef struct _FerryIbbPipe FerryIbbPipe;

/* @kick: called by the worker's side, in any thread, when the main loop has work to do. */
FerryIbbPipe  *ferry_ibb_pipe_new           (void                (*kick) (gpointer),
                                             gpointer              user_data);
FerryIbbPipe  *ferry_ibb_pipe_ref           (FerryIbbPipe         *self);
void           ferry_ibb_pipe_unref         (FerryIbbPipe         *self);
/* The main loop is gone: @kick will not be called again. */
void           ferry_ibb_pipe_detach        (FerryIbbPipe         *self);

/* For the main loop. */
void           ferry_ibb_pipe_push          (FerryIbbPipe         *self,
                                             GBytes               *bytes);
gsize          ferry_ibb_pipe_take_consumed (FerryIbbPipe         *self);
gsize          ferry_ibb_pipe_take          (FerryIbbPipe         *self,
                                             guint8               *buffer,
                                             gsize                 size);
gboolean       ferry_ibb_pipe_is_drained    (FerryIbbPipe         *self);
void           ferry_ibb_pipe_end           (FerryIbbPipe         *self,
                                             const GError         *error);
GError        *ferry_ibb_pipe_dup_error     (FerryIbbPipe         *self);

/* The two ends, for the worker; made in the thread of the main loop. */
GInputStream  *ferry_ibb_pipe_new_input     (FerryIbbPipe         *self);
GOutputStream *ferry_ibb_pipe_new_output    (FerryIbbPipe         *self);

/* What the ends do. */
gssize         ferry_ibb_pipe_read          (FerryIbbPipe         *self,
                                             void                 *buffer,
                                             gsize                 count,
                                             GCancellable         *cancellable,
                                             GError              **error);
gssize         ferry_ibb_pipe_write         (FerryIbbPipe         *self,
                                             const void           *buffer,
                                             gsize                 count,
                                             GCancellable         *cancellable,
                                             GError              **error);
gboolean       ferry_ibb_pipe_close         (FerryIbbPipe         *self,
                                             gboolean              wait,
                                             GCancellable         *cancellable,
                                             GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FerryIbbPipe, ferry_ibb_pipe_unref)

G_END_DECLS
