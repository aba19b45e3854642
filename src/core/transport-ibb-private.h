/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/transport-ibb.h"
#include "net/ibb-stream.h"

G_BEGIN_DECLS

#define FERRY_TRANSPORT_IBB_N_ROUTES 4

struct _FerryTransportIbb
{
  GObject          parent_instance;

  FerryRouter     *router;      /* (owned) */
  FerryStanzaPort *port;        /* (owned) (nullable): whose "drained" is watched */
  FerryRole        role;
  gboolean         proposer;
  char            *own_jid;     /* (owned) */
  char            *peer_jid;    /* (owned) */
  char            *sid;         /* (owned) (nullable): of the stream, once known */
  guint            block_size;  /* bytes; what we propose or have agreed to */
  guint            max_window;  /* blocks */

  FerryIbbStream  *stream;      /* (owned) (nullable): once both sides have spoken */
  gboolean         has_remote;
  guint            handlers[FERRY_TRANSPORT_IBB_N_ROUTES];
  GTask           *opening;     /* (owned) (nullable) */
  GSource         *timer;       /* (owned) (nullable): of opening */
  GSource         *cancelled;   /* (owned) (nullable): watches the cancellable of opening */
};

/* transport-ibb-open.c: until the stream is open, or will never be */
void _ferry_transport_ibb_open_async     (FerryTransport      *transport,
                                          GCancellable        *cancellable,
                                          GAsyncReadyCallback  callback,
                                          gpointer             user_data);
void _ferry_transport_ibb_stream_changed (FerryIbbStream      *stream,
                                          gpointer             user_data);

G_END_DECLS
