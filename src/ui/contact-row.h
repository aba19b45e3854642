/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "core/contact.h"
#include "core/trust.h"

G_BEGIN_DECLS

/**
 * FerryContactRow:
 *
 * One contact in the list: avatar, name, how reachable, what waits. Files can be
 * dropped on it.
 *
 * Property "contact". Signal "files-dropped" (FerryContact, GListModel of GFile).
 */
#define FERRY_TYPE_CONTACT_ROW (ferry_contact_row_get_type ())
G_DECLARE_FINAL_TYPE (FerryContactRow, ferry_contact_row, FERRY, CONTACT_ROW, AdwBin)

GtkWidget *ferry_contact_row_new         (void);
/* Both nullable. */
void       ferry_contact_row_set_contact (FerryContactRow *self,
                                          FerryContact    *contact,
                                          FerryTrust      *trust);

G_END_DECLS
