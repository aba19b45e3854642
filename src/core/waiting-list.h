/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/router.h"

G_BEGIN_DECLS

/* All that wait for the same kind of request at @router, so that one of them can tell
 * whether the others have the better claim to it. @what: static; a kind of request.
 * Returns: (transfer none): unowned elements, which remove themselves */
GPtrArray *ferry_waiting_list_get (FerryRouter *router,
                                   const char  *what);

G_END_DECLS
