/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/s5b-codec.h"

G_BEGIN_DECLS

/* What a #FerryS5bEngine wants done, in order. */
typedef enum
{
  FERRY_S5B_EFFECT_DIAL,     /* connect to @host:@port, ask for @address: DIALLED or DIAL_FAILED */
  FERRY_S5B_EFFECT_DROP,     /* give up connection @id, or the attempt, whichever way it came */
  FERRY_S5B_EFFECT_SEND,     /* say @info about @cid, which is host @jid, @host, @port */
  FERRY_S5B_EFFECT_ACTIVATE, /* have proxy @jid join us with the peer: ACTIVATION_DONE or _FAILED */
  FERRY_S5B_EFFECT_USE,      /* connection @id carries the data; drop all others; the last effect */
  FERRY_S5B_EFFECT_FAILED,   /* no connection: @text says what was tried; the last effect */
} FerryS5bEffectKind;

typedef enum
{
  FERRY_S5B_HOST_PEER,       /* an address of the peer's own */
  FERRY_S5B_HOST_PUNCHED,    /* … of its router, to which it connects from there as well */
  FERRY_S5B_HOST_PEER_PROXY, /* a proxy that the peer offered */
  FERRY_S5B_HOST_OWN_PROXY,  /* a proxy that we offered */
} FerryS5bHost;

typedef struct
{
  FerryS5bEffectKind  kind;
  guint               id;      /* of a connection */
  FerryS5bHost        whose;   /* DIAL */
  char               *host;    /* (owned) (nullable) */
  guint16             port;
  char               *address; /* (owned) (nullable): what to ask the host for */
  FerryS5bInfo        info;
  char               *cid;     /* (owned) (nullable); USE: of the candidate that was chosen */
  char               *jid;     /* (owned) (nullable): of the proxy to ask, or of the host reported */
  gboolean            proxied; /* USE: through a proxy, not directly */
  char               *text;    /* (owned) (nullable): English, for the log and the details */
} FerryS5bEffect;

GPtrArray      *ferry_s5b_effects_new (void);
FerryS5bEffect *ferry_s5b_effects_add (GPtrArray          *effects,
                                       FerryS5bEffectKind  kind,
                                       guint               id);

G_END_DECLS
