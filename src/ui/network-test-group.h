/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "core/client.h"
#include "ui/profile.h"

G_BEGIN_DECLS

/**
 * FerryNetworkTestGroup:
 *
 * "Test This Network": what the doctor finds, as it finds it, and what one can do. A test ends
 * with the widget.
 */
#define FERRY_TYPE_NETWORK_TEST_GROUP (ferry_network_test_group_get_type ())
G_DECLARE_FINAL_TYPE (FerryNetworkTestGroup, ferry_network_test_group,
                      FERRY, NETWORK_TEST_GROUP, AdwPreferencesGroup)

/* @profile: borrowed, outlives the widget. @client: (nullable): while somebody is signed in */
void ferry_network_test_group_set_up (FerryNetworkTestGroup *self,
                                      FerryProfile          *profile,
                                      FerryClient           *client);

G_END_DECLS
