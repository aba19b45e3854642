/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/router.h"

G_BEGIN_DECLS

/**
 * FerryKeepAlive:
 *
 * Asks our server for a sign of life (XEP-0199 §4.2) at an interval, and says so when none
 * comes: the network may be gone without a word, above all after the machine slept.
 * For one login; free it when the port goes.
 */
typedef struct _FerryKeepAlive FerryKeepAlive;

typedef void (*FerryKeepAliveFunc) (gpointer user_data);

/* @interval: ms. @timeout: seconds. @silent: called at most once; may free. */
FerryKeepAlive *ferry_keep_alive_new   (FerryRouter        *router,
                                        const char         *domain,
                                        guint               interval,
                                        guint               timeout,
                                        FerryKeepAliveFunc  silent,
                                        gpointer            user_data);
void            ferry_keep_alive_free  (FerryKeepAlive     *self);
/* Now, unless an answer is awaited already. */
void            ferry_keep_alive_check (FerryKeepAlive     *self);

G_END_DECLS
