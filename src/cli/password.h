/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where a password comes from: @file if not %NULL, else @fd if not negative, else the
 * environment (FERRY_PASSWORD, which is then removed from it), else the terminal,
 * without echo, asking for @jid's. One line; its line break is not part of it.
 * Blocks. Errors: %G_FILE_ERROR. */
char *ferry_password_read (const char  *file,
                           int          fd,
                           const char  *jid,
                           GError     **error);

G_END_DECLS
