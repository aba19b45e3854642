/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Those who wait for the same thing, each as long as it likes: tasks that return %TRUE when it has
 * happened or their time is over, and fail only when they are cancelled. */

/* Returns: (transfer full) (element-type GTask) */
GPtrArray *ferry_waiters_new     (void);
/* @task: (transfer full). @timeout: ms */
void       ferry_waiters_add     (GPtrArray *waiters,
                                  GTask     *task,
                                  guint      timeout);
/* It has happened. */
void       ferry_waiters_release (GPtrArray *waiters);

G_END_DECLS
