/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/port-mapper.h"

/* A mapper, a clock that runs when it is told to, and a router whose answers are dictated.
 * We are 192.168.1.7 or 2001:db8::7, and listen at port 5086. */
typedef struct
{
  FerryPortMapper  *mapper;
  GPtrArray        *effects;
  GString          *log;     /* what was done since the last look */
  gint64            now;     /* µs */
  FerryPortMapping  mapping; /* the last that stood */
  GBytes           *sent;    /* (owned) (nullable): the last datagram */
} Desk;

/* @methods: as in FerryPortMapperRequest */
void desk_open    (Desk                     *self,
                   const char               *own,
                   guint                     methods);
void desk_close   (Desk                     *self);
void desk_tell    (Desk                     *self,
                   FerryPortMapperEventKind  kind);
/* Lets @ms pass, with all deadlines in it. */
void desk_pass    (Desk                     *self,
                   gint64                    ms);
void desk_hear    (Desk                     *self,
                   const char               *hex);
/* Answers of RFC 6887; @external: an address. */
void desk_pcp     (Desk                     *self,
                   guint                     result,
                   guint32                   lifetime,
                   guint32                   epoch,
                   const char               *external,
                   guint16                   external_port);
/* Answers of RFC 6886. */
void desk_address (Desk                     *self,
                   guint                     result,
                   guint32                   epoch,
                   const char               *external);
void desk_map     (Desk                     *self,
                   guint                     result,
                   guint32                   epoch,
                   guint16                   external_port,
                   guint32                   lifetime);
/* Asserts what was done since the last look, one after the other, each with ";" behind it:
 * "pcp 3600 5086" (lifetime and port that are asked for), "address", "map 3600 5086",
 * "mapped PCP 203.0.113.7 40000 3600", "lost: …", "failed NAT-PMP: …", "over", "over unheard". */
void desk_expect  (Desk                     *self,
                   const char               *log);
