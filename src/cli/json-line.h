/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FerryJsonLine:
 *
 * One event as one line of JSON (RFC 8259): an object whose first member is
 * "event". Whatever bytes the values hold, the line is valid UTF-8 and has no
 * line break before its end.
 */
typedef struct _FerryJsonLine FerryJsonLine;

FerryJsonLine *ferry_json_line_new         (const char         *event);
/* %NULL becomes null. */
void           ferry_json_line_add_string  (FerryJsonLine      *self,
                                            const char         *key,
                                            const char         *value);
void           ferry_json_line_add_strings (FerryJsonLine      *self,
                                            const char         *key,
                                            const char *const  *values);
void           ferry_json_line_add_int     (FerryJsonLine      *self,
                                            const char         *key,
                                            gint64              value);
/* Three decimals, whatever the locale; what is not a number becomes null. */
void           ferry_json_line_add_double  (FerryJsonLine      *self,
                                            const char         *key,
                                            double              value);
void           ferry_json_line_add_boolean (FerryJsonLine      *self,
                                            const char         *key,
                                            gboolean            value);
/* Frees @self. Returns: (transfer full): the line with its line break */
char          *ferry_json_line_end         (FerryJsonLine      *self);

G_END_DECLS
