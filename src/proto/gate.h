/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/element.h"

G_BEGIN_DECLS

/**
 * FerryGate:
 *
 * Stands between the server's bytes and a trusting XML parser. It lets whole
 * stanzas through, unchanged, and drops those that would forge a sender by a
 * prefixed attribute, or cost too much to build (FERRY_XML_MAX_…). Of a stanza
 * it drops nothing is kept, however long it is.
 *
 * What our own account or server says (no sender, or the account's bare address)
 * may be eight times as large: a contact list has no other limit.
 */
typedef struct _FerryGate FerryGate;

/* @account: the bare JID of this stream */
FerryGate    *ferry_gate_new           (const char    *account);
void          ferry_gate_free          (FerryGate     *self);

/* Takes any piece of the stream, from its very first byte; after SASL success it
 * awaits the new stream by itself. Whole stanzas are appended to @passed.
 *
 * Returns: %FALSE with @error set if the stream must end: %FERRY_PROTO_ERROR_MALFORMED
 *   (not well-formed, document type, processing instruction) or _TOO_LARGE */
gboolean      ferry_gate_receive       (FerryGate     *self,
                                        const guint8  *data,
                                        gsize          len,
                                        GByteArray    *passed,
                                        GError       **error);
/* The iq error owed to the sender of a dropped request (GEN-1), one a call.
 * Returns: (transfer full) (nullable): %NULL if there are no more */
FerryElement *ferry_gate_take_answer   (FerryGate     *self);
/* How many stanzas were dropped so far, for the log. */
guint         ferry_gate_get_n_dropped (FerryGate     *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FerryGate, ferry_gate_free)

G_END_DECLS
