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
/* @report: (transfer full) */
void           fake_transfer_take_report   (FerryTransfer      *transfer,
                                            FerryPathReport    *report);
void           fake_transfer_set_security  (FerryTransfer      *transfer,
                                            gboolean            is_encrypted,
                                            FerryTrustLevel     level);

/* Whether what the doctor examines is a good network; otherwise it is a bad one. */
void           fake_doctor_set_good        (gboolean            good);
/* How much longer it takes. */
void           fake_doctor_set_slowness    (guint               factor);

/* What is known of somebody's key; @is_changed: another one was shown since. */
void           fake_trust_set              (FerryTrust         *trust,
                                            const char         *jid,
                                            FerryTrustLevel     level,
                                            gboolean            is_changed);
/* Chats are made by ferry_chats_get(), and do what one tells them. */
void           fake_chat_set_state         (FerryChat          *chat,
                                            FerryChatState      state);
void           fake_chat_set_level         (FerryChat          *chat,
                                            FerryTrustLevel     level);
void           fake_chat_set_comparison    (FerryChat          *chat,
                                            FerryComparison     comparison);
void           fake_chat_set_composing     (FerryChat          *chat,
                                            gboolean            is_composing);
/* Closes it for that reason. */
void           fake_chat_fail              (FerryChat          *chat,
                                            FerryChatError      code);
/* The other side asks for a chat. */
void           fake_chat_ask               (FerryChat          *chat,
                                            gboolean            is_phrase_wanted);
/* Returns: (transfer none) */
FerryMessage  *fake_chat_add               (FerryChat          *chat,
                                            gboolean            is_own,
                                            const char         *body,
                                            FerryMessageState   state);
void           fake_message_set_state      (FerryMessage       *message,
                                            FerryMessageState   state);

G_END_DECLS
