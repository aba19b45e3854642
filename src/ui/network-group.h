/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * FerryNetworkGroup:
 *
 * The preferences of paths: whether others learn our address, whether the router is asked to
 * let them in, at which port, and who tells how we look from outside.
 */
#define FERRY_TYPE_NETWORK_GROUP (ferry_network_group_get_type ())
G_DECLARE_FINAL_TYPE (FerryNetworkGroup, ferry_network_group, FERRY, NETWORK_GROUP,
                      AdwPreferencesGroup)

void ferry_network_group_set_up (FerryNetworkGroup *self,
                                 GSettings         *settings);

G_END_DECLS
