/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "core/transfer-queue.h"

G_BEGIN_DECLS

/**
 * FerryNotifier:
 *
 * Tells the desktop what happens while nobody looks: an offer, with Accept and
 * Decline; an arrival, with Open and Show in Folder. Takes back what is answered.
 */
#define FERRY_TYPE_NOTIFIER (ferry_notifier_get_type ())
G_DECLARE_FINAL_TYPE (FerryNotifier, ferry_notifier, FERRY, NOTIFIER, GObject)

/* @app: not referenced, outlives it. */
FerryNotifier *ferry_notifier_new (GtkApplication     *app,
                                   GSettings          *settings,
                                   FerryTransferQueue *queue);

G_END_DECLS
