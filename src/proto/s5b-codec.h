/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/element.h"
#include "proto/s5b-candidate.h"

G_BEGIN_DECLS

#define FERRY_NS_S5B_1 "urn:xmpp:jingle:transports:s5b:1"

/**
 * FERRY_NS_PUNCH:
 *
 * Our own: who advertises it takes a candidate of type "assisted" for the place behind a router
 * that keeps ports from which its owner connects, too: a hole is punched (TCP simultaneous open).
 * The session's initiator dials the responder's, and is the SOCKS5 client; the responder connects
 * to the initiator's, again and again, and serves what comes of it.
 */
#define FERRY_NS_PUNCH "urn:ferry:punch:0"

/* What a transport-info reports. */
typedef enum
{
  FERRY_S5B_INFO_NONE, /* only candidates, or nothing */
  FERRY_S5B_INFO_CANDIDATE_USED,
  FERRY_S5B_INFO_CANDIDATE_ERROR,
  FERRY_S5B_INFO_ACTIVATED,
  FERRY_S5B_INFO_PROXY_ERROR,
} FerryS5bInfo;

/**
 * FerryS5bTransport:
 *
 * A `<transport xmlns='urn:xmpp:jingle:transports:s5b:1'/>` (XEP-0260), in an
 * offer, an answer or a transport-info; also what other ages of it say
 * (#FerryS5bVariant).
 */
typedef struct
{
  char         *sid;        /* (owned) (nullable) */
  char         *dstaddr;    /* (owned) (nullable): forty hex digits, or it is left out */
  gboolean      with_mode;  /* say mode='tcp': only an initiator does (S5B1-3) */
  GPtrArray    *candidates; /* (owned): FerryS5bCandidate */
  FerryS5bInfo  info;
  char         *cid;        /* (owned) (nullable): of the info */
  char         *jid;        /* (owned) (nullable): of the host that the info is about: without a */
  char         *host;       /* (owned) (nullable)  cid, in the older ages only */
  guint16       port;       /* 0: not said */
} FerryS5bTransport;

FerryS5bTransport *ferry_s5b_transport_new    (const char              *sid);
void               ferry_s5b_transport_free   (FerryS5bTransport       *self);
FerryElement      *ferry_s5b_transport_encode (const FerryS5bTransport *self);
FerryS5bTransport *ferry_s5b_transport_decode (const FerryElement      *transport,
                                               const char              *peer_jid,
                                               GError                 **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FerryS5bTransport, ferry_s5b_transport_free)

G_END_DECLS
