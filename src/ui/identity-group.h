/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "core/trust.h"

G_BEGIN_DECLS

/**
 * FerryIdentityGroup:
 *
 * The part of the preferences that is about encryption: when, and who we are to others.
 */
#define FERRY_TYPE_IDENTITY_GROUP (ferry_identity_group_get_type ())
G_DECLARE_FINAL_TYPE (FerryIdentityGroup, ferry_identity_group, FERRY, IDENTITY_GROUP,
                      AdwPreferencesGroup)

/* Once. @trust: (nullable): while somebody is signed in; it follows the preference at once */
void ferry_identity_group_set_up (FerryIdentityGroup *self,
                                  GSettings          *settings,
                                  FerryTrust         *trust);

G_END_DECLS
