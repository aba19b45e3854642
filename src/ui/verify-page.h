/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "core/chat.h"

G_BEGIN_DECLS

/**
 * FerryVerifyPage:
 *
 * How to make sure who is at the other end: by a short number, by a phrase, by fingerprints.
 */
#define FERRY_TYPE_VERIFY_PAGE (ferry_verify_page_get_type ())
G_DECLARE_FINAL_TYPE (FerryVerifyPage, ferry_verify_page, FERRY, VERIFY_PAGE, AdwBin)

/* Once. */
void ferry_verify_page_set_chat (FerryVerifyPage *self,
                                 FerryChat       *chat,
                                 FerryTrust      *trust,
                                 const char      *own_jid);
/* The page is seen now: makes the number, if it can be made. */
void ferry_verify_page_begin    (FerryVerifyPage *self);

G_END_DECLS
