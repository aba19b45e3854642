/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define FERRY_PATH_SILENCE 10 /* seconds */

/**
 * FerryPathWatch:
 *
 * Notices when the network no longer carries what a stream sends, long before TCP gives up by
 * itself (which takes it a quarter of an hour): nothing of what is on its way was acknowledged
 * for a while. The acknowledging is done by the other side's kernel, or by the proxy's, so a
 * reader who takes a rest, a slow disk or a stopped process are no death; nor is silence after
 * all was acknowledged.
 *
 * The end that only reads has nothing on its way. Its kernel is told to ask the other one when
 * nothing comes (keep-alive), and a read fails with %G_IO_ERROR_TIMED_OUT after about twice as
 * long.
 *
 * A stream that is not on TCP, encrypted or not, is not watched.
 */
typedef struct _FerryPathWatch FerryPathWatch;

typedef void (*FerryPathWatchFunc) (gpointer user_data);

/* @silence: seconds. @dead: called once, in the main context of this thread; it may free the
 * watch. */
FerryPathWatch *ferry_path_watch_new  (GIOStream          *stream,
                                       guint               silence,
                                       FerryPathWatchFunc  dead,
                                       gpointer            user_data);
void            ferry_path_watch_free (FerryPathWatch     *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FerryPathWatch, ferry_path_watch_free)

G_END_DECLS
