/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/settings.h"
#include "core/trust.h"

G_BEGIN_DECLS

/* What files and chats have in common in the events of `--json`. */

/* @path: one bit. Returns: as for --transport */
const char *ferry_path_to_word           (FerryPaths      path);
/* Whether we know who is at the other end: "no", "compared", "phrase". */
const char *ferry_trust_level_to_word    (FerryTrustLevel level);
/* The same for people: "not verified" … */
const char *ferry_trust_level_to_phrase  (FerryTrustLevel level);

G_END_DECLS
