/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What people may know of the protocol that two programs agreed in, with its technical
 * name: "Stream Initiation, as in Pidgin (si)".
 * Returns: (transfer full) (nullable): %NULL if there is no @dialect */
char *ferry_protocol_text (const char *dialect);

G_END_DECLS
