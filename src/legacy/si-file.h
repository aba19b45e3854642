/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/file-description.h"

G_BEGIN_DECLS

/* The `<file/>` of XEP-0096 §2, which the first versions of XEP-0234 borrowed. */

/* An offer names the file and its size (SIFT-1). %FERRY_PROTO_ERROR_MALFORMED: it does not;
 * %FERRY_PROTO_ERROR_UNSUPPORTED: what it says cannot be used (numbers, range, digest);
 * %FERRY_PROTO_ERROR_TOO_LARGE: SEC-11. */
FerryFileDescription *ferry_si_file_parse_offer (const FerryElement          *file,
                                                 GError                     **error);
/* An answer or a request may leave out whatever it likes; the same errors. Whether a
 * range fits a file whose size is not repeated is the session's question (SIFT-5). */
FerryFileDescription *ferry_si_file_parse       (const FerryElement          *file,
                                                 GError                     **error);
/* What @self does not know is not written: one that only has a range is an answer (SIFT-4). */
FerryElement         *ferry_si_file_to_element  (const FerryFileDescription  *self);

G_END_DECLS
