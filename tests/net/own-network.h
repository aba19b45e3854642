/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether this test is the process that may enter a network of its own; if not, it is run again
 * as such a process, or skipped where that is not allowed. */
gboolean own_network_begin (void);
/* Nothing of the machine's is in it, and nothing of it stays. Returns: %FALSE: not allowed */
gboolean own_network_enter (void);
/* @arguments: of ip(8) */
gboolean own_network_ip    (const char *arguments);

G_END_DECLS
