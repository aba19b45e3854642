/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "core/transfer.h"

G_BEGIN_DECLS

/**
 * FerryTransferBadge:
 *
 * Which path a file takes, and whether others can read it on the way.
 */
#define FERRY_TYPE_TRANSFER_BADGE (ferry_transfer_badge_get_type ())
G_DECLARE_FINAL_TYPE (FerryTransferBadge, ferry_transfer_badge, FERRY, TRANSFER_BADGE, AdwBin)

/* Shows how @transfer stands now; nothing before there is a path. */
void ferry_transfer_badge_update (FerryTransferBadge *self,
                                  FerryTransfer      *transfer);

G_END_DECLS
