/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/transport.h"

G_BEGIN_DECLS

/**
 * FerryTransportS5b:
 *
 * SOCKS5 bytestreams (XEP-0260): the two parties connect directly, or through a
 * proxy of one's server. #FerryS5bEngine decides; this dials, listens and speaks.
 */
#define FERRY_TYPE_TRANSPORT_S5B (ferry_transport_s5b_get_type ())
G_DECLARE_FINAL_TYPE (FerryTransportS5b, ferry_transport_s5b, FERRY, TRANSPORT_S5B, GObject)

/* @variant: a #FerryS5bVariant */
FerryTransport *ferry_transport_s5b_new (const FerryTransportContext *context,
                                         gconstpointer                variant);

G_END_DECLS
