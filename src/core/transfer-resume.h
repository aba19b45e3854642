/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/transfer-private.h"

G_BEGIN_DECLS

/* The path dies while a file is on its way. The sender offers the same file again, as the same
 * transfer; the ids of its sessions differ by a number at the end alone, so that what a person
 * stopped meanwhile is told from what a person sends once more. The receiver goes on with the
 * part that it has. How soon, how often and how long is base/resumption's. */

/* transfer-resume.c: looking for another way. */
gboolean ferry_transfer_is_looking     (FerryTransfer        *self);
/* … and no session has been begun yet that may be it. */
gboolean ferry_transfer_is_idle        (FerryTransfer        *self);
/* It broke for @error, or a try did. Returns: whether that is dealt with: another way is looked
 * for, or has been for long enough. */
gboolean ferry_transfer_look_on        (FerryTransfer        *self,
                                        const GError         *error);
/* Something changed that it may have waited for. */
void     ferry_transfer_look           (FerryTransfer        *self);
void     ferry_transfer_network_changed (FerryTransfer       *self);
void     ferry_transfer_stop_looking   (FerryTransfer        *self);
/* Our user gives it up. Returns: whether the peer is being told, which it is in a session that
 * begins for that; it ends soon. Once. */
gboolean ferry_transfer_withdraw       (FerryTransfer        *self);
/* What comes is not the rest of it. */
void     ferry_transfer_disappoint     (FerryTransfer        *self);

/* transfer-take-up.c: what sessions of one transfer have in common. */
/* Returns: (nullable) (transfer full): the id for the next session; %NULL: any */
char    *ferry_transfer_dup_next_sid   (FerryTransfer        *self);
/* Returns: (nullable) (transfer full): what all sessions of one transfer have in their id; %NULL:
 * there will be no other one */
char    *ferry_transfer_dup_story      (const char           *sid);
/* Effect PUMP: whether this way is as safe as the first one; if not, it has failed. */
gboolean ferry_transfer_go_on          (FerryTransfer        *self);
/* Receiving: whether an offer of @file in session @sid is this one again, and its part is there. */
gboolean ferry_transfer_can_take_up    (FerryTransfer        *self,
                                        const char           *from,
                                        const char           *sid,
                                        const FerryFileDescription *file);
/* Makes the session for the offer; the request is the caller's to feed. */
gboolean ferry_transfer_take_up        (FerryTransfer        *self,
                                        const FerryDialect   *dialect,
                                        const char           *from,
                                        const char           *sid);
/* Effect ASK. Returns: whether nobody has to be asked. */
gboolean ferry_transfer_answer_alone   (FerryTransfer        *self);

G_END_DECLS
