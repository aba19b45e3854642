/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/router.h"

G_BEGIN_DECLS

/**
 * FerryRouteTable:
 *
 * Who wants which stanza: the rows of #FerryRouter, in the order they came. Handlers may
 * come and go while one of them runs.
 */
typedef struct _FerryRouteTable FerryRouteTable;

FerryRouteTable *ferry_route_table_new      (void);
void             ferry_route_table_free     (FerryRouteTable    *self);
/* @route: copied. Returns: an id for remove() */
guint            ferry_route_table_add      (FerryRouteTable    *self,
                                             const FerryRoute   *route,
                                             FerryRouterHandler  func,
                                             gpointer            user_data);
void             ferry_route_table_remove   (FerryRouteTable    *self,
                                             guint               id);
/* Returns: whether a handler has taken @stanza */
gboolean         ferry_route_table_dispatch (FerryRouteTable    *self,
                                             FerryElement       *stanza);

G_END_DECLS
