/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/transport-ibb.h"
#include "net/ibb-stream.h"
#include "proto/ibb-variant.h"

G_BEGIN_DECLS

#define FERRY_TRANSPORT_IBB_N_ROUTES 4

struct _FerryTransportIbb
{
  GObject                parent_instance;

  FerryRouter           *router;      /* (owned) */
  FerryStanzaPort       *port;        /* (owned) (nullable): whose "drained" is watched */
  const FerryIbbVariant *variant;     /* static */
  FerryRole              role;
  gboolean               proposer;
  gboolean               names_terms; /* sid and block size are said before the stream */
  char                  *own_jid;     /* (owned) */
  char                  *peer_jid;    /* (owned) */
  char                  *sid;         /* (owned) (nullable): of the stream, once known */
  guint                  own_block_size; /* bytes; what we propose */
  guint                  block_size;  /* bytes; what we have agreed to, as far as it is known */
  guint                  max_window;  /* blocks */

  FerryPathReport       *report;      /* (owned) (nullable) */
  FerryIbbStream        *stream;      /* (owned) (nullable) */
  gboolean               has_remote;
  guint                  handlers[FERRY_TRANSPORT_IBB_N_ROUTES];

  guint                  waiting;     /* handler; 0: not waiting for an <open/> */
  FerryElement          *held;        /* (owned) (nullable): one that came before open() */

  GTask                 *opening;     /* (owned) (nullable) */
  GSource               *timer;       /* (owned) (nullable): of opening */
  GSource               *cancelled;   /* (owned) (nullable): watches the cancellable of opening */
};

/* transport-ibb.c: for those who want to know. @text: (nullable) */
void _ferry_transport_ibb_note           (FerryTransportIbb   *self,
                                          FerryPathStepKind    kind,
                                          const char          *text);

/* transport-ibb-stream.c: the stream and its stanzas; once both sides know the terms */
void _ferry_transport_ibb_make_stream    (FerryTransportIbb   *self);
void _ferry_transport_ibb_drop_stream    (FerryTransportIbb   *self);

/* transport-ibb-wait.c: the target of a stream whose <open/> names the terms */
void _ferry_transport_ibb_wait           (FerryTransportIbb   *self);
void _ferry_transport_ibb_stop_waiting   (FerryTransportIbb   *self);
/* Grants the <open/> that is held. */
void _ferry_transport_ibb_take_held      (FerryTransportIbb   *self);

/* transport-ibb-open.c: until the stream is open, or will never be */
void _ferry_transport_ibb_open_async     (FerryTransport      *transport,
                                          GCancellable        *cancellable,
                                          GAsyncReadyCallback  callback,
                                          gpointer             user_data);
void _ferry_transport_ibb_stream_changed (FerryIbbStream      *stream,
                                          gpointer             user_data);

G_END_DECLS
