/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "core/client.h"
#include "ui/profile.h"

G_BEGIN_DECLS

/**
 * FerryPreferencesWindow:
 *
 * What the user may decide; every row is bound to a key of the schema.
 */
#define FERRY_TYPE_PREFERENCES_WINDOW (ferry_preferences_window_get_type ())
G_DECLARE_FINAL_TYPE (FerryPreferencesWindow, ferry_preferences_window,
                      FERRY, PREFERENCES_WINDOW, AdwPreferencesWindow)

/* @profile: borrowed, outlives the window. @client: (nullable): while somebody is signed in */
GtkWidget *ferry_preferences_window_new (GtkWindow    *parent,
                                         FerryProfile *profile,
                                         FerryClient  *client);

G_END_DECLS
