/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "udp-peer.h"

G_BEGIN_DECLS

/* A router on loopback that speaks PCP (RFC 6887) and NAT-PMP (RFC 6886), as far as a test lets
 * it. Starts as zero. */
typedef struct
{
  UdpPeer    *peer;
  UdpPeer    *other;          /* another port of the same machine */
  gboolean    speaks_pcp;
  gboolean    speaks_nat_pmp;
  gboolean    is_silent;
  gboolean    babbles;        /* says something, but never an answer */
  guint8      refuses;        /* a result code of both protocols; 0: no */
  gboolean    lies;           /* much that is no answer comes before each answer */
  guint16     external_port;  /* 0: as wished */
  const char *external;       /* IPv4 or IPv6 */

  GHashTable *mapped;         /* own port → whose it is: the nonce (RFC 6887 §11.3) */
  GPtrArray  *deleted;        /* own ports, in their order */
  guint       n_asked;        /* by MAP, to last */
  guint8      nonce[12];      /* of the last PCP question */
} ScriptedRouter;

void     scripted_router_start     (ScriptedRouter *self,
                                    GSocketFamily   family);
void     scripted_router_stop      (ScriptedRouter *self);
/* Forgets all, as a reboot does, and tells everybody of it. */
void     scripted_router_reboot    (ScriptedRouter *self);
/* Somebody else tells everybody of a reboot. */
void     scripted_router_slander   (ScriptedRouter *self);
gboolean scripted_router_has       (ScriptedRouter *self,
                                    guint16         port);
guint    scripted_router_n_deleted (ScriptedRouter *self,
                                    guint16         port);

G_END_DECLS
