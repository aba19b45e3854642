/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/transport.h"

G_BEGIN_DECLS

/**
 * FerryTransportIbb:
 *
 * In-band bytestreams (XEP-0047), of all ages and with Jingle around them or not
 * (XEP-0261): the bytes travel in stanzas, through both servers. Slow, but it works
 * wherever a message does.
 */
#define FERRY_TYPE_TRANSPORT_IBB (ferry_transport_ibb_get_type ())
G_DECLARE_FINAL_TYPE (FerryTransportIbb, ferry_transport_ibb, FERRY, TRANSPORT_IBB, GObject)

/* @variant: a #FerryIbbVariant */
FerryTransport *ferry_transport_ibb_new            (const FerryTransportContext *context,
                                                    gconstpointer                variant);

/* Has @router answer stanzas for in-band streams that nobody has as XEP-0047 says,
 * not as if we had never heard of them. Returns: the id of the handler */
guint           ferry_transport_ibb_refuse_unknown (FerryRouter                 *router);

G_END_DECLS
