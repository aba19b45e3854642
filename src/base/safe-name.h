/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define FERRY_SAFE_NAME_MAX 200 /* bytes */

/* A harmless name for a file that a stranger named @untrusted (SEC-18): one path
 * component, no tricks, never empty, at most FERRY_SAFE_NAME_MAX bytes of UTF-8.
 * @untrusted: (nullable). Returns: (transfer full) */
char *ferry_safe_name          (const char *untrusted);
/* "name (2).tar.gz" for "name.tar.gz" and 2; again at most FERRY_SAFE_NAME_MAX bytes.
 * Returns: (transfer full) */
char *ferry_safe_name_numbered (const char *safe,
                                guint       n);

G_END_DECLS
