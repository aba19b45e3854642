/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/s5b-connector.h"
#include "core/transport-bytestreams.h"

G_BEGIN_DECLS

struct _FerryTransportBytestreams
{
  GObject                     parent_instance;

  const FerryBytestreamsForm *form;       /* static */
  FerryRouter                *router;     /* (owned) */
  FerryS5bConnector          *connector;  /* (owned) */
  const FerryPeerProfile     *profile;    /* static */
  FerryPathReport            *report;     /* (owned) (nullable) */
  FerryRole                   role;
  gboolean                    is_requester;
  gboolean                    falls_back; /* and our user allows it */
  char                       *own_jid;    /* (owned) */
  char                       *peer_jid;   /* (owned) */
  char                       *stream_sid; /* (owned) (nullable): as negotiated */

  GTask                      *opening;    /* (owned) (nullable) */
  GSource                    *cancelled;  /* (owned) (nullable): watches its cancellable */
  GSource                    *timer;      /* (owned) (nullable): for the peer's next move */
  char                       *trouble;    /* (owned) (nullable): why there is no SOCKS5 stream */
  GPtrArray                  *hosts;      /* (owned) (nullable): the requester's */

  /* requester */
  GCancellable               *asking;     /* (owned): ends the wait for the answer */
  char                       *refusal;    /* (owned) (nullable): the peer's own words */

  /* target */
  guint                       handler;    /* waits for the request; 0: not */
  FerryElement               *held;       /* (owned) (nullable): the request, unanswered */
  char                       *dstaddr;    /* (owned) (nullable): of the request */

  FerryTransport             *in_band;       /* (owned) (nullable) */
  GCancellable               *in_band_ended; /* (owned) (nullable) */
  gboolean                    is_in_band;    /* it is the stream */
};

/* transport-bytestreams.c */
/* Goes on without SOCKS5. @text: (nullable): why */
void _ferry_transport_bytestreams_failed          (FerryTransportBytestreams *self,
                                                   const char                *text);
/* Begins to find the connection. */
void _ferry_transport_bytestreams_connect         (FerryTransportBytestreams *self);
void _ferry_transport_bytestreams_start_timer     (FerryTransportBytestreams *self,
                                                   guint                      seconds,
                                                   GSourceFunc                callback);
void _ferry_transport_bytestreams_stop_timer      (FerryTransportBytestreams *self);
void _ferry_transport_bytestreams_finish          (FerryTransportBytestreams *self,
                                                   GIOStream                 *stream);
void _ferry_transport_bytestreams_give_up         (FerryTransportBytestreams *self);

/* transport-bytestreams-requester.c */
void _ferry_transport_bytestreams_request         (FerryTransportBytestreams *self);
void _ferry_transport_bytestreams_called          (gpointer                   user_data);

/* transport-bytestreams-target.c */
void _ferry_transport_bytestreams_wait            (FerryTransportBytestreams *self);
void _ferry_transport_bytestreams_stop_waiting    (FerryTransportBytestreams *self);
void _ferry_transport_bytestreams_dial            (FerryTransportBytestreams *self);
void _ferry_transport_bytestreams_report          (const FerryS5bEffect      *report,
                                                   gpointer                   user_data);

/* transport-bytestreams-in-band.c */
void _ferry_transport_bytestreams_arm_in_band     (FerryTransportBytestreams *self);
void _ferry_transport_bytestreams_open_in_band    (FerryTransportBytestreams *self);
void _ferry_transport_bytestreams_drop_in_band    (FerryTransportBytestreams *self);

G_END_DECLS
