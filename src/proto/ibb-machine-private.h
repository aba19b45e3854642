/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/ibb-machine.h"
#include "proto/iq.h"

G_BEGIN_DECLS

#define SECOND G_GINT64_CONSTANT (1000000)

typedef enum
{
  STATE_IDLE,
  STATE_OPENING,  /* our <open/> awaits its answer */
  STATE_OPEN,
  STATE_CLOSING,  /* all that is sent is to be acknowledged first */
  STATE_CLOSED_BY_US, /* our <close/> awaits its answer */
  STATE_CLOSED,
} State;

/* A block that the peer has not acknowledged. */
typedef struct
{
  FerryElement *data;   /* (owned): to send it again */
  guint         tag;
  gboolean      failed; /* to be sent again */
} Flight;

struct _FerryIbbMachine
{
  State    state;
  char    *sid;
  guint    block_size;    /* bytes */
  gboolean counts_text;   /* … which the peer may count after their encoding */
  FerryIbbClose close;
  gboolean may_be_opened; /* by an <open/>, although it is open: one (JI0-5) */
  gboolean is_done;       /* closed, and well */
  guint    next_tag;
  guint    open_tag;
  guint    close_tag;
  gint64   close_limit;   /* µs */

  GQueue   flights;       /* Flight, in the order of their seq */
  guint16  send_seq;
  guint    window;        /* blocks */
  guint    max_window;
  guint    n_acked;       /* since the window changed */
  guint    n_retries;
  gboolean is_resending;  /* the first block in flight is one that had failed */
  gint64   retry_at;      /* µs; 0: not waiting for it */

  guint64  n_received;    /* blocks */
  gboolean counts_on;     /* the peer's seq does not wrap (Q-CO-5) */
  gsize    unread;        /* bytes received and not consumed */
  GQueue   held;          /* FerryElement: requests whose answer waits for the reader */
  guint64  held_from;     /* the first block in the last such time … */
  guint64  held_to;       /* … and the one after its last */

  guint64  n_bytes;       /* received */
  gboolean holds_end;     /* what ends the stream is answered by abort() … */
  gboolean refuses_end;   /* … with an error */
  gint64   end;           /* bytes; -1: unknown */
  guint    n_final;       /* the last so many of @held */
};

FerryIbbEffect *_ferry_ibb_effects_add        (GPtrArray          *effects,
                                               FerryIbbEffectKind  kind);
guint           _ferry_ibb_machine_request    (FerryIbbMachine    *self,
                                               FerryElement       *payload,
                                               GPtrArray          *effects);
void            _ferry_ibb_machine_reply      (FerryElement       *stanza,
                                               GPtrArray          *effects);
void            _ferry_ibb_machine_fail       (FerryIbbMachine    *self,
                                               const char         *text,
                                               GPtrArray          *effects);
void            _ferry_ibb_machine_release    (FerryIbbMachine    *self,
                                               gsize               limit,
                                               GPtrArray          *effects);

/* ibb-machine-send.c */
void            _ferry_ibb_flight_free        (Flight             *flight);
void            _ferry_ibb_machine_answer_data (FerryIbbMachine   *self,
                                               guint               tag,
                                               const FerryElement *reply,
                                               gint64              now,
                                               GPtrArray          *effects);
void            _ferry_ibb_machine_retry      (FerryIbbMachine    *self,
                                               GPtrArray          *effects);

/* ibb-machine-receive.c */
void            _ferry_ibb_machine_receive_data (FerryIbbMachine  *self,
                                               FerryElement       *stanza,
                                               const FerryElement *data,
                                               GPtrArray          *effects);
void            _ferry_ibb_machine_refuse     (FerryElement       *stanza,
                                               FerryStanzaErrorType type,
                                               FerryCondition      condition,
                                               GPtrArray          *effects);
gboolean        _ferry_ibb_machine_is_at_end  (const FerryIbbMachine *self);
void            _ferry_ibb_machine_hold_final (FerryIbbMachine    *self,
                                               FerryElement       *stanza);
void            _ferry_ibb_machine_answer_held (FerryIbbMachine   *self,
                                               GPtrArray          *effects);

G_END_DECLS
