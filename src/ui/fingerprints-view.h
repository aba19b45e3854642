/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "core/chat.h"

G_BEGIN_DECLS

/**
 * FerryFingerprintsView:
 *
 * The whole fingerprints of both ends, to be read out, copied or scanned, and the word of our
 * user that theirs is the right one.
 */
#define FERRY_TYPE_FINGERPRINTS_VIEW (ferry_fingerprints_view_get_type ())
G_DECLARE_FINAL_TYPE (FerryFingerprintsView, ferry_fingerprints_view, FERRY, FINGERPRINTS_VIEW,
                      AdwBin)

/* Once. @own_jid: bare, for the code that a camera reads. */
void ferry_fingerprints_view_set_chat (FerryFingerprintsView *self,
                                       FerryChat             *chat,
                                       FerryTrust            *trust,
                                       const char            *own_jid);

G_END_DECLS
