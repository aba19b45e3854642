/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * FerrySetupPage:
 *
 * The first run, and signing in again: a welcome, then address and password.
 * Knows nothing of accounts; somebody tries what is submitted and reports back.
 *
 * Signals "submitted" (char *jid, char *password), "stopped": do not go on trying.
 */
#define FERRY_TYPE_SETUP_PAGE (ferry_setup_page_get_type ())
G_DECLARE_FINAL_TYPE (FerrySetupPage, ferry_setup_page, FERRY, SETUP_PAGE, AdwBin)

/* Skips the welcome. @jid: (nullable): filled in already. */
void ferry_setup_page_ask      (FerrySetupPage *self,
                                const char     *jid);
void ferry_setup_page_set_busy (FerrySetupPage *self,
                                gboolean        busy);
/* Says under the field concerned what went wrong; %NULL: nothing did. */
void ferry_setup_page_complain (FerrySetupPage *self,
                                const GError   *error);

G_END_DECLS
