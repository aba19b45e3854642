/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/port-mapping.h"

G_BEGIN_DECLS

/**
 * FerryPortMapper:
 *
 * Asks one router for one TCP port, by PCP (RFC 6887) and NAT-PMP (RFC 6886): a pure machine.
 * Both are asked at once where both can be (IPv4); the first good answer counts, and PCP is
 * preferred of two. Renews at half of the lease, asks anew when the router has forgotten
 * (its epoch went back, RFC 6887 §8.5, RFC 6886 §3.6), gives the port back at the end.
 *
 * Nothing that an answer says is believed unless it is of the size, version, nonce and port
 * that were asked for; what is not is ignored, as if it had never come.
 */
typedef struct _FerryPortMapper FerryPortMapper;

typedef enum
{
  FERRY_PORT_MAPPER_EVENT_START,       /* again: ask at once, whatever stands or is waited for */
  FERRY_PORT_MAPPER_EVENT_DATAGRAM,    /* @data, @size: from the router's port 5351, nobody else's;
                                        * what it announces to 224.0.0.1:5350 may come too */
  FERRY_PORT_MAPPER_EVENT_UNREACHABLE, /* ICMP: nobody listens there */
  FERRY_PORT_MAPPER_EVENT_DEADLINE,
  FERRY_PORT_MAPPER_EVENT_STOP,        /* give it back; without START: what another run left */
} FerryPortMapperEventKind;

typedef struct
{
  FerryPortMapperEventKind  kind;
  const guint8             *data;
  gsize                     size;
} FerryPortMapperEvent;

typedef enum
{
  FERRY_PORT_MAPPER_EFFECT_SEND,   /* @bytes to the router's port 5351 */
  FERRY_PORT_MAPPER_EFFECT_MAPPED, /* @mapping stands; again whenever something of it changes */
  FERRY_PORT_MAPPER_EFFECT_LOST,   /* @text: it does not stand any more; it is being asked for */
  FERRY_PORT_MAPPER_EFFECT_FAILED, /* @text: not to be had by @mapping.method; if by neither, it
                                    * tries again later by itself */
  FERRY_PORT_MAPPER_EFFECT_OVER,   /* after STOP: given back, or, with @text, it may stand still:
                                    * nobody has answered; the last effect */
} FerryPortMapperEffectKind;

typedef struct
{
  FerryPortMapperEffectKind  kind;
  GBytes                    *bytes;   /* (owned) (nullable) */
  FerryPortMapping           mapping;
  char                      *text;    /* (owned) (nullable): English */
} FerryPortMapperEffect;

/* What is asked for, and by which of the two methods. A value. */
typedef struct
{
  FerryIpAddress own;         /* our address on the way to the router */
  guint16        port;        /* of our listener */
  guint16        wanted_port; /* outside; 0: the same */
  guint8         nonce[12];   /* random; the same as before to take over what was left standing */
  guint          lifetime;    /* seconds, to ask for */
  guint          methods;     /* a bit (1 << FerryMappingMethod) each; 0: all that can be */
} FerryPortMapperRequest;

FerryPortMapper *ferry_port_mapper_new          (const FerryPortMapperRequest *request);
void             ferry_port_mapper_free         (FerryPortMapper              *self);
/* @now: µs, monotonic. @effects: (element-type FerryPortMapperEffect): appended to */
void             ferry_port_mapper_handle       (FerryPortMapper              *self,
                                                 const FerryPortMapperEvent   *event,
                                                 gint64                        now,
                                                 GPtrArray                    *effects);
/* When to send DEADLINE, µs; 0: not needed. Changes with every event. */
gint64           ferry_port_mapper_get_deadline (const FerryPortMapper        *self);
/* Whether one stands, or no method is being asked any more. */
gboolean         ferry_port_mapper_is_settled   (const FerryPortMapper        *self);
GPtrArray       *ferry_port_mapper_effects_new  (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FerryPortMapper, ferry_port_mapper_free)

G_END_DECLS
