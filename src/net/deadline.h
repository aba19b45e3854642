/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * FerryDeadline:
 *
 * A cancellable of an operation's own: cancelled with its caller's, or when its
 * time is over.
 */
typedef struct _FerryDeadline FerryDeadline;

/* @seconds: 0: none */
FerryDeadline *ferry_deadline_new             (guint          seconds,
                                               GCancellable  *outer);
void           ferry_deadline_free            (FerryDeadline *self);
GCancellable  *ferry_deadline_get_cancellable (FerryDeadline *self);
gboolean       ferry_deadline_has_passed      (FerryDeadline *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FerryDeadline, ferry_deadline_free)

G_END_DECLS
