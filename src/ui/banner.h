/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * FerryBanner:
 *
 * A line across the top of a page that says something and offers one or two
 * things to do about it. (libadwaita has one from 1.3 on.)
 *
 * Signals "clicked", "secondary-clicked".
 */
#define FERRY_TYPE_BANNER (ferry_banner_get_type ())
G_DECLARE_FINAL_TYPE (FerryBanner, ferry_banner, FERRY, BANNER, AdwBin)

/* Shows it; hides it if @title is %NULL. A label that is %NULL: no such button. */
void ferry_banner_say        (FerryBanner *self,
                              const char  *title,
                              const char  *button_label,
                              const char  *secondary_label);
/* In one line with its buttons, where height is dear. Once. */
void ferry_banner_set_inline (FerryBanner *self);

G_END_DECLS
