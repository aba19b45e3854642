/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* 128 bits nobody can guess (SEC-27), as 32 hex digits: for stanza and session ids.
 * Returns: (transfer full) */
char *ferry_random_id_new (void);

#define FERRY_RANDOM_MAX 256 /* bytes in a go */

/* The same, as they are. */
void  ferry_random_bytes  (guint8 *bytes,
                           gsize   n_bytes);

G_END_DECLS
