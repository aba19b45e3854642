/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Freed memory must not hold a secret until something else overwrites it.
 *
 * @value: (nullable): copied; what @field held is wiped */
void ferry_secret_set   (char       **field,
                         const char  *value);
/* (nullable); for g_clear_pointer(), too */
void ferry_secret_free  (char        *secret);

G_END_DECLS
