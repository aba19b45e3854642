/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/ibb-codec.h"

G_BEGIN_DECLS

/**
 * FerryIbbMachine:
 *
 * One in-band bytestream (XEP-0047), either end of it. Pure: stanzas, data and
 * the time go in, effects come out. The owner sees to it that only stanzas of
 * the right peer and sid get here (SEC-3).
 */
typedef struct _FerryIbbMachine FerryIbbMachine;

typedef enum
{
  FERRY_IBB_EFFECT_REPLY,    /* @element: a whole stanza, an answer */
  FERRY_IBB_EFFECT_REQUEST,  /* @element: payload of an iq set to the peer; answer() with @tag */
  FERRY_IBB_EFFECT_OPENED,   /* bytes can flow */
  FERRY_IBB_EFFECT_RECEIVED, /* @bytes; consume() them once they are read */
  FERRY_IBB_EFFECT_FINISHED, /* closed, and all we sent has arrived */
  FERRY_IBB_EFFECT_FAILED,   /* closed: @text says why */
} FerryIbbEffectKind;

typedef struct
{
  FerryIbbEffectKind  kind;
  FerryElement       *element; /* (owned) (nullable) */
  guint               tag;
  GBytes             *bytes;   /* (owned) (nullable) */
  char               *text;    /* (owned) (nullable): English, for the log and the details */
} FerryIbbEffect;

/* How our side ends a stream. */
typedef enum
{
  FERRY_IBB_CLOSE_AWAITED, /* with a <close/>, whose answer is waited for (IBB-14) */
  FERRY_IBB_CLOSE_SAID,    /* with a <close/>. Peer: libpurple never answers it */
  FERRY_IBB_CLOSE_UNSAID,  /* once all is acknowledged; the negotiation says the rest (JI0-7) */
} FerryIbbClose;

typedef struct
{
  const char   *sid;         /* copied */
  guint         block_size;  /* bytes, as negotiated */
  guint         max_window;  /* blocks in flight at most */
  gboolean      is_open;     /* the negotiation itself opened it: an <open/> need not come (JI0-4) */
  gboolean      counts_text; /* the peer may mean the encoded size: send smaller blocks (IBB-11) */
  FerryIbbClose close;
} FerryIbbConfig;

/* Received and not consumed; more, and the peer waits for its acks (SEC-29). */
#define FERRY_IBB_QUEUE_LIMIT (1024 * 1024)

/* (element-type FerryIbbEffect) */
GPtrArray       *ferry_ibb_effects_new          (void);

FerryIbbMachine *ferry_ibb_machine_new          (const FerryIbbConfig  *config);
void             ferry_ibb_machine_free         (FerryIbbMachine       *self);

/* Says <open/>; OPENED or FAILED follows. */
void             ferry_ibb_machine_open         (FerryIbbMachine       *self,
                                                 GPtrArray             *effects);
/* @stanza: an iq set or a message with a payload for this stream. */
void             ferry_ibb_machine_receive      (FerryIbbMachine       *self,
                                                 FerryElement          *stanza,
                                                 gint64                 now,
                                                 GPtrArray             *effects);
/* @reply: (nullable): none came in time. @now: µs, monotonic */
void             ferry_ibb_machine_answer       (FerryIbbMachine       *self,
                                                 guint                  tag,
                                                 const FerryElement    *reply,
                                                 gint64                 now,
                                                 GPtrArray             *effects);
gboolean         ferry_ibb_machine_is_open      (const FerryIbbMachine *self);
/* Whether it takes a block now. */
gboolean         ferry_ibb_machine_can_send     (const FerryIbbMachine *self);
/* Bytes in a block that we send, at most. */
guint            ferry_ibb_machine_get_block_size (const FerryIbbMachine *self);
void             ferry_ibb_machine_send         (FerryIbbMachine       *self,
                                                 const guint8          *data,
                                                 gsize                  size,
                                                 GPtrArray             *effects);
/* The reader took @size bytes of what was RECEIVED. */
void             ferry_ibb_machine_consume      (FerryIbbMachine       *self,
                                                 gsize                  size,
                                                 GPtrArray             *effects);
/* Closes once everything sent is acknowledged; FINISHED or FAILED follows. */
void             ferry_ibb_machine_close        (FerryIbbMachine       *self,
                                                 gint64                 now,
                                                 GPtrArray             *effects);
/* Receiving: that its end is reached in good order is to say more than that the blocks came
 * (SIFT-6). From the @n_bytes-th byte on (-1: nobody knows how many there are) neither a
 * block nor the peer's <close/> is answered before abort(). */
void             ferry_ibb_machine_hold_end     (FerryIbbMachine       *self,
                                                 gint64                 n_bytes);
/* What is still to be answered then, abort() refuses. */
void             ferry_ibb_machine_refuse_end   (FerryIbbMachine       *self);
/* Closes now; FAILED follows, unless it is over already. */
void             ferry_ibb_machine_abort        (FerryIbbMachine       *self,
                                                 GPtrArray             *effects);
/* When to call wake(), µs; 0: not needed. */
gint64           ferry_ibb_machine_get_deadline (const FerryIbbMachine *self);
void             ferry_ibb_machine_wake         (FerryIbbMachine       *self,
                                                 gint64                 now,
                                                 GPtrArray             *effects);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FerryIbbMachine, ferry_ibb_machine_free)

G_END_DECLS
