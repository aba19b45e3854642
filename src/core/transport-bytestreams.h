/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/transport.h"

G_BEGIN_DECLS

/**
 * FerryTransportBytestreams:
 *
 * SOCKS5 bytestreams without Jingle around them (XEP-0065): the requester, who proposed
 * the transport, lists its hosts in a `<query/>`; the target dials them one after another
 * and answers which it reached. Nothing of it is said in a `<transport/>`.
 *
 * Where the negotiation allows it, a stream that could not be had goes on in-band under
 * the same id (SIFT-7), and whoever uses the transport sees one stream.
 */
#define FERRY_TYPE_TRANSPORT_BYTESTREAMS (ferry_transport_bytestreams_get_type ())
G_DECLARE_FINAL_TYPE (FerryTransportBytestreams, ferry_transport_bytestreams,
                      FERRY, TRANSPORT_BYTESTREAMS, GObject)

/* In what kind of negotiation. Constant data. */
typedef struct
{
  const char *ns;
  const char *negotiation_ns; /* (nullable): whose id a request may carry for a sid (SI87-9) */
  guint       answer_limit;   /* seconds for the answer to our request */
  gboolean    any_sid;        /* the request may name another stream than agreed (BS0-6) */
} FerryBytestreamsForm;

extern const FerryBytestreamsForm ferry_bytestreams_plain;    /* SI, REL */
extern const FerryBytestreamsForm ferry_bytestreams_jingle_0; /* transports:bytestreams:0 */

/* @form: a #FerryBytestreamsForm */
FerryTransport *ferry_transport_bytestreams_new            (const FerryTransportContext *context,
                                                            gconstpointer                form);

/* Has @router answer requests for streams that nobody has as XEP-0065 says, not as if we
 * had never heard of them. Returns: the id of the handler */
guint           ferry_transport_bytestreams_refuse_unknown (FerryRouter                 *router);

G_END_DECLS
