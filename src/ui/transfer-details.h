/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "core/transfer.h"

G_BEGIN_DECLS

/* A popover at @button that says everything about @transfer: in words first, then
 * in terms that can be copied into a report. Ends with being closed. */
void ferry_transfer_details_popup (FerryTransfer *transfer,
                                   GtkWidget     *button);

G_END_DECLS
