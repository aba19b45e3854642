/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/client.h"

G_BEGIN_DECLS

/* A core without a network, for looking at windows: implements the part of
 * core/ that ui/ uses, with everything settable. Linked instead of the real one. */

/* A client whose account says that it is online and whose roster is loaded. */
FerryClient   *fake_client_new             (void);
void           fake_account_set_state      (FerryAccount       *account,
                                            FerryAccountState   state,
                                            GError             *error,
                                            gint64              retry_at);
/* Returns: (transfer none) */
FerryContact  *fake_roster_add             (FerryRoster        *roster,
                                            const char         *jid,
                                            const char         *name,
                                            FerryPresence       presence,
                                            const char         *status);
/* 10,000 at once, with one signal, as a roster result brings them. */
void           fake_roster_add_many        (FerryRoster        *roster,
                                            guint               n);
void           fake_roster_request         (FerryRoster        *roster,
                                            FerryContact       *contact);
/* Returns: (transfer none) */
FerryTransfer *fake_queue_add              (FerryTransferQueue *queue,
                                            FerryContact       *contact,
                                            FerryDirection      direction,
                                            const char         *name,
                                            gint64              size,
                                            FerryTransferState  state);
/* Moves bytes on, notifying like the real one does. */
void           fake_transfer_progress      (FerryTransfer      *transfer,
                                            gint64              bytes,
                                            double              rate);
void           fake_transfer_set_path      (FerryTransfer      *transfer,
                                            FerryPaths          path);
void           fake_transfer_set_state     (FerryTransfer      *transfer,
                                            FerryTransferState  state);
/* @error: (transfer full) */
void           fake_transfer_fail          (FerryTransfer      *transfer,
                                            const char         *step,
                                            GError             *error);

G_END_DECLS
