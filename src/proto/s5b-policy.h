/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/ip-address.h"

G_BEGIN_DECLS

/* Who says that an address is to be dialled. */
typedef enum
{
  FERRY_S5B_TRUST_PEER,       /* the peer, as a host of its own */
  FERRY_S5B_TRUST_PEER_PROXY, /* the peer, as a proxy */
  FERRY_S5B_TRUST_SERVER,     /* our own server, as its proxy */
} FerryS5bTrust;

/* What we know of our own place in the network. Borrowed. */
typedef struct
{
  const FerryIpAddress *own;            /* addresses of our interfaces */
  guint                 n_own;
  guint16               own_port;       /* of our listener; 0: none */
  gboolean              allow_loopback; /* tests and demo only */
} FerryS5bPolicy;

const char *ferry_s5b_policy_objection (const FerryS5bPolicy *self,
                                        const FerryIpAddress *address,
                                        guint16               port,
                                        FerryS5bTrust         trust);
/* Of a host that somebody else looks up for us. Names of this machine and of its own network are
 * objected to like addresses of it. */
const char *ferry_s5b_policy_object_to_host (const FerryS5bPolicy *self,
                                             const char           *host,
                                             guint16               port,
                                             FerryS5bTrust         trust);

G_END_DECLS
