/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A stranger's text (a file name, a nickname, a status) made harmless to look at:
 * valid UTF-8, one line, no control characters, none that turn the direction of
 * what follows ("photo\u202Egpj.exe"), at most @max_chars characters.
 * Returns: (transfer full): never empty; "?" if nothing is left */
char *ferry_display_text (const char *text,
                          guint       max_chars);
/* The same for many lines: line breaks and tabs stay, at the ends they do not.
 * Returns: (transfer full): never empty; "?" if nothing is left */
char *ferry_display_lines (const char *text,
                           guint       max_chars);

G_END_DECLS
