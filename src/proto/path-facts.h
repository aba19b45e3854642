/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/port-mapping.h"

G_BEGIN_DECLS

/* What an address of ours is like; a bit each. */
typedef enum
{
  FERRY_ADDRESS_TEMPORARY = 1 << 0,  /* RFC 8981 */
  FERRY_ADDRESS_DEPRECATED = 1 << 1, /* for old connections only */
  FERRY_ADDRESS_VIRTUAL = 1 << 2,    /* of a bridge to containers or virtual machines */
  FERRY_ADDRESS_TUNNEL = 1 << 3,     /* point to point: a VPN */
} FerryAddressFlags;

typedef struct
{
  FerryIpAddress    address;
  char             *interface; /* (owned) */
  FerryAddressFlags flags;
} FerryInterfaceAddress;

/* What a STUN server saw of us, for one family of addresses: a value. */
typedef struct
{
  FerryIpAddress seen;       /* none: not known */
  gboolean       is_ours;    /* it is an address of an interface: nobody translates */
  gboolean       keeps_ports; /* the port was the one we sent from */
} FerryReflexive;

typedef struct
{
  char     *jid;        /* (owned) */
  char     *host;       /* (owned): name or address */
  guint16   port;
  gboolean  is_foreign; /* of the contact's server, not of ours */
  gint64    delay;      /* µs to connect; -1: not probed yet */
  char     *fault;      /* (owned) (nullable): English: why it is of no use */
} FerryPathProxy;

/**
 * FerryPathFacts:
 *
 * All that is known of our place in the network: a plain record, made by core/network and
 * judged by proto/path-planner and proto/network-diagnosis.
 */
typedef struct
{
  GPtrArray      *addresses;  /* (owned): FerryInterfaceAddress */
  GArray         *mappings;   /* (owned): FerryPortMapping that stand */
  GPtrArray      *proxies;    /* (owned): FerryPathProxy */
  FerryReflexive  reflexive4;
  FerryReflexive  reflexive6;
  guint16         port;       /* of our listener; 0: none can be had */
} FerryPathFacts;

FerryPathFacts        *ferry_path_facts_new         (void);
void                   ferry_path_facts_free        (FerryPathFacts        *self);
FerryInterfaceAddress *ferry_interface_address_new  (const FerryIpAddress  *address,
                                                     const char            *interface,
                                                     FerryAddressFlags      flags);
void                   ferry_interface_address_free (FerryInterfaceAddress *self);
FerryPathProxy        *ferry_path_proxy_new         (const char            *jid,
                                                     const char            *host,
                                                     guint16                port);
FerryPathProxy        *ferry_path_proxy_copy        (const FerryPathProxy  *self);
void                   ferry_path_proxy_free        (FerryPathProxy        *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FerryPathFacts, ferry_path_facts_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FerryInterfaceAddress, ferry_interface_address_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FerryPathProxy, ferry_path_proxy_free)

G_END_DECLS
