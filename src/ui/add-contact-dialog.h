/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "core/roster.h"

G_BEGIN_DECLS

/**
 * FerryAddContactDialog:
 *
 * Asks for an address and a name and puts them on the contact list.
 */
#define FERRY_TYPE_ADD_CONTACT_DIALOG (ferry_add_contact_dialog_get_type ())
G_DECLARE_FINAL_TYPE (FerryAddContactDialog, ferry_add_contact_dialog,
                      FERRY, ADD_CONTACT_DIALOG, AdwWindow)

/* @jid: (nullable): filled in already. */
GtkWidget *ferry_add_contact_dialog_new (GtkWindow   *parent,
                                         FerryRoster *roster,
                                         const char  *jid);

G_END_DECLS
