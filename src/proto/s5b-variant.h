/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/s5b-codec.h"

G_BEGIN_DECLS

/**
 * FerryS5bRules:
 *
 * What differs between the ages of SOCKS5 bytestreams, as #FerryS5bEngine sees it:
 * flags and times, no namespaces. Constant data.
 */
typedef struct
{
  gboolean one_way;           /* XEP-0065: only the requester has hosts, only the target reports:
                               * the initiator of the engine is the requester */
  gboolean as_listed;         /* direct hosts, then proxies, in the order listed, whatever their
                               * priorities (S5B0-11, S5P-3) */
  gboolean is_sequential;     /* one host at a time (SIFT, Pidgin) */
  gboolean first_ends_all;    /* either side's success ends dialling on both (S5B0-8); a choice
                               * stands once its report is acknowledged (S5B0-9a) */
  gboolean initiator_wins;    /* of two successes, not the higher priority (S5B0-9) */
  gboolean initiator_first;   /* direct hosts: H(initiator, responder) whoever offered (SOCKS-10) */
  gboolean asks_twice;        /* … and then the other order of names, once */
  gboolean says_activated;    /* the offerer of a proxy says so, and the connector waits for it */
  gboolean activated_is_optional; /* silence means yes (S5B0-18) */
  gboolean may_punch;         /* "assisted" hosts may be places to punch holes to */
  gboolean needs_hosts_to_fail; /* an initiator with nothing to dial does not report (S5B0-17) */
  gint64   dial_limit;        /* µs, in all */
  gint64   dial_limit_proxies; /* … with proxies among the hosts */
  gint64   dial_limit_hurried; /* … once only direct ones are left, and there is another way than
                               * this transport; 0: the same */
  gint64   host_limit;        /* µs for one host; 0: only the limit in all */
  gint64   report_limit;      /* µs for the peer's report after ours */
  gint64   activated_limit;   /* µs for the peer's word that its proxy is active */
  gint64   proxy_limit;       /* µs to reach our own proxy; where activated_is_optional, to have
                               * activated it too */
} FerryS5bRules;

/**
 * FerryS5bVariant:
 *
 * An age of SOCKS5 bytestreams as a Jingle transport: how it is written, and by which
 * rules it is played.
 */
typedef struct
{
  const char          *ns;
  const FerryS5bRules *rules;
  FerryElement        *(*encode) (const FerryS5bTransport *transport);
  FerryS5bTransport   *(*decode) (const FerryElement      *transport,
                                  const char              *peer_jid,
                                  GError                 **error);
} FerryS5bVariant;

/* XEP-0260 ≥ 0.6: urn:xmpp:jingle:transports:s5b:1 */
extern const FerryS5bVariant ferry_s5b_1;

G_END_DECLS
