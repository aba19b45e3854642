/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/element.h"

G_BEGIN_DECLS

#define FERRY_NS_BYTESTREAMS "http://jabber.org/protocol/bytestreams"

typedef struct
{
  char    *jid;  /* (owned) */
  char    *host; /* (owned): IPv4, IPv6 without brackets, or a name */
  guint16  port;
} FerryStreamhost;

/**
 * FerryBytestreamsQuery:
 *
 * A `<query xmlns='http://jabber.org/protocol/bytestreams'/>` (XEP-0065): an offer
 * of hosts, which of them was used, the activation at a proxy, or a proxy's
 * own address.
 */
typedef struct
{
  char      *sid;      /* (owned) (nullable) */
  char      *dstaddr;  /* (owned) (nullable): forty hex digits, or it is left out */
  gboolean   udp;      /* mode='udp' */
  GPtrArray *hosts;    /* (owned): FerryStreamhost */
  char      *used;     /* (owned) (nullable): jid of the streamhost-used */
  char      *activate; /* (owned) (nullable): full JID to activate for */
} FerryBytestreamsQuery;

FerryBytestreamsQuery *ferry_bytestreams_query_new          (const char                  *sid);
void                   ferry_bytestreams_query_free         (FerryBytestreamsQuery       *self);
void                   ferry_bytestreams_query_add_host     (FerryBytestreamsQuery       *self,
                                                             const char                  *jid,
                                                             const char                  *host,
                                                             guint16                      port);
FerryElement          *ferry_bytestreams_query_encode       (const FerryBytestreamsQuery *self);
FerryBytestreamsQuery *ferry_bytestreams_query_decode       (const FerryElement          *query,
                                                             GError                     **error);

/* The iq payload that asks a proxy to join both ends of stream @sid (XEP-0065 §4.4). */
FerryElement          *ferry_bytestreams_activation_new     (const char                  *sid,
                                                             const char                  *target);
/* The iq payload that asks a proxy for its address (XEP-0065 §4.3). */
FerryElement          *ferry_bytestreams_address_query_new  (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FerryBytestreamsQuery, ferry_bytestreams_query_free)

G_END_DECLS
