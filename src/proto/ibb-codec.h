/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/element.h"

G_BEGIN_DECLS

#define FERRY_NS_IBB          "http://jabber.org/protocol/ibb"
#define FERRY_NS_JINGLE_IBB_1 "urn:xmpp:jingle:transports:ibb:1"

#define FERRY_IBB_MAX_BLOCK 65535 /* bytes, XEP-0047 §2.1 */

/* Payloads of XEP-0047. */
FerryElement *ferry_ibb_open_new          (const char          *sid,
                                           guint                block_size);
FerryElement *ferry_ibb_data_new          (const char          *sid,
                                           guint16              seq,
                                           const guint8        *data,
                                           gsize                size);
FerryElement *ferry_ibb_close_new         (const char          *sid);

/* The open, data or close in a stanza. Returns: (nullable) (transfer none) */
FerryElement *ferry_ibb_find_payload      (const FerryElement  *stanza);

gboolean      ferry_ibb_open_decode       (const FerryElement  *open,
                                           guint               *block_size,
                                           GError             **error);
/* Peer: Conversations counts on past 65535, so @seq may be larger (Q-CO-5). */
gboolean      ferry_ibb_data_decode       (const FerryElement  *data,
                                           guint64             *seq,
                                           GBytes             **bytes,
                                           GError             **error);

/* The `<transport/>` of XEP-0261, in namespace @ns. @sid: (nullable); @block_size: 0: not said */
FerryElement *ferry_ibb_transport_new     (const char          *ns,
                                           const char          *sid,
                                           guint                block_size);
/* @sid: (nullable) (transfer none); @block_size: 0 if it is not said */
gboolean      ferry_ibb_transport_decode  (const FerryElement  *transport,
                                           const char          *ns,
                                           const char         **sid,
                                           guint               *block_size,
                                           GError             **error);

G_END_DECLS
