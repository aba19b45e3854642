/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/transfer.h"

G_BEGIN_DECLS

/* What is said about a transfer in its row. New strings unless noted. */

/* One line: what goes on, how far it is, or how it ended. */
char       *ferry_transfer_text_status  (FerryTransfer *transfer);
/* The row as one sentence, for people who do not see it. */
char       *ferry_transfer_text_summary (FerryTransfer *transfer);
/* Everything that is known, line by line, for copying into a report. */
char       *ferry_transfer_text_details (FerryTransfer *transfer);
/* "direct", "proxy", "in-band"; static. Returns: (nullable) */
const char *ferry_transfer_text_path    (FerryPaths     path);

G_END_DECLS
