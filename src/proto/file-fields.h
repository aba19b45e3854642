/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/file-description.h"
#include "proto/proto-error.h"

G_BEGIN_DECLS

/* What every way of describing a file has in common: how its values are read and
 * written. In all parsers an absent value leaves the target alone and is nothing
 * wrong; an error names @what. */

/* @text: (inout): replaced by a copy. SEC-11 */
gboolean ferry_file_parse_text   (const char            *found,
                                  const char            *what,
                                  char                 **text,
                                  GError               **error);
/* SEC-12 */
gboolean ferry_file_parse_number (const char            *found,
                                  const char            *what,
                                  gint64                *value,
                                  GError               **error);
/* XEP-0082 §3; FT5-12: -1 for a date that nobody can read, too. */
gint64   ferry_file_parse_date   (const char            *found);
/* The `<range/>` child of @file, after the size is known: SEC-21. */
gboolean ferry_file_parse_range  (FerryFileDescription  *self,
                                  const FerryElement    *file,
                                  GError               **error);

/* The only `<file/>` in @parent. Several of them are @several, none is
 * %FERRY_PROTO_ERROR_MALFORMED. Borrowed. */
FerryElement *ferry_file_find_only (const FerryElement   *parent,
                                    const char           *ns,
                                    FerryProtoError       several,
                                    GError              **error);

/* Returns: (transfer full) (nullable): %NULL for no date, or one without a calendar */
char    *ferry_file_dup_date     (gint64                 date);
void     ferry_file_build_range  (const FerryFileDescription *self,
                                  FerryElementBuilder        *builder);
/* All children but hashes, in the namespace of the open element. */
void     ferry_file_build_fields (const FerryFileDescription *self,
                                  FerryElementBuilder        *builder);

G_END_DECLS
