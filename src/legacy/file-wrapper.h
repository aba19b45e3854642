/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/element.h"

G_BEGIN_DECLS

/* The `<offer/>` or `<request/>` between a description and its file, as XEP-0234 had it
 * until 0.15: exactly one of them (FT0-1). */

/* @is_request: (out): set in any case.
 * Returns: (nullable): borrowed; %NULL: %FERRY_PROTO_ERROR_MALFORMED */
FerryElement        *ferry_file_wrapper_find      (const FerryElement   *description,
                                                   gboolean             *is_request,
                                                   GError              **error);
/* A description of namespace @ns about @file, a `<file/>`. */
FerryElement        *ferry_file_wrapper_new       (const char           *ns,
                                                   gboolean              is_request,
                                                   FerryElement         *file);

G_END_DECLS
