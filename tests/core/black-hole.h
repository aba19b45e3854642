/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where packets vanish: a port of all addresses whose queue is full, so that the
 * kernel drops what comes, as a firewall does. */
typedef struct
{
  guint16 port;
  int     fds[9];
} BlackHole;

void black_hole_init  (BlackHole *hole);
void black_hole_clear (BlackHole *hole);

G_END_DECLS
