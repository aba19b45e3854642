/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "core/contact.h"

G_BEGIN_DECLS

/**
 * FerryContactModel:
 *
 * The contacts as the list shows them: who offers a file first, then by
 * reachability, then by name; narrowed down by a search. Follows changes of the
 * contacts themselves, which a #GtkSortListModel alone does not.
 */
#define FERRY_TYPE_CONTACT_MODEL (ferry_contact_model_get_type ())
G_DECLARE_FINAL_TYPE (FerryContactModel, ferry_contact_model, FERRY, CONTACT_MODEL, GObject)

/* @contacts: of #FerryContact, in any order. */
FerryContactModel *ferry_contact_model_new        (GListModel        *contacts);
/* The sorted and narrowed list. Borrowed. */
GListModel        *ferry_contact_model_get_list   (FerryContactModel *self);
/* Part of a name or an address; empty or %NULL: everybody. */
void               ferry_contact_model_set_search (FerryContactModel *self,
                                                   const char        *text);

G_END_DECLS
