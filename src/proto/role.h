/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Which party opened the session; who sends the file is another question. A bit each. */
typedef enum
{
  FERRY_ROLE_INITIATOR = 1 << 0,
  FERRY_ROLE_RESPONDER = 1 << 1,
} FerryRole;

G_END_DECLS
