/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/xml-stream-parser.h"

G_BEGIN_DECLS

typedef enum
{
  STATE_WAIT,       /* for TLS */
  STATE_HEADERS,    /* the peer's header has not come */
  STATE_STREAMING,
  STATE_CLOSE_SENT, /* the peer's end is awaited; what it says before still counts */
  STATE_CLOSED,
} State;

struct _FerryXmlStream
{
  State                 state;
  FerryRole             role;
  char                 *own_jid;
  char                 *peer_jid;
  char                 *own_bare;
  char                 *peer_bare;
  char                 *id;
  gboolean              both_first;
  gboolean              wrote_header;
  gboolean              was_open;

  FerryXmlStreamParser *parser;
  GByteArray           *backlog;     /* not parsed yet */
  gboolean              is_cut;      /* nothing comes after the backlog */
  gint64                budget;      /* bytes that may be looked at; below 0: owed */
  gint64                budget_time; /* µs: when it was reckoned */

  gint64                limit;       /* µs: for the header, or for the peer's end; 0: none */
  gint64                resume;      /* µs: when the backlog goes on; 0: it does not wait */
  gint64                woken_at;    /* µs: what the owner was told last */
  GQueue                effects;     /* (element-type FerryXmlStreamEffect) (owned) */
};

/* xml-stream-effects.c */
FerryXmlStreamEffect *_ferry_xml_stream_add_effect   (FerryXmlStream           *self,
                                                      FerryXmlStreamEffectKind  kind);
/* @text: (transfer full) */
void                  _ferry_xml_stream_write        (FerryXmlStream           *self,
                                                      char                     *text);
/* Says our header, once. */
void                  _ferry_xml_stream_write_header (FerryXmlStream           *self);
/* Says our end, once. */
void                  _ferry_xml_stream_write_end    (FerryXmlStream           *self);
/* Tells the owner when to call next, if that has changed. */
void                  _ferry_xml_stream_update_wake  (FerryXmlStream           *self);
/* The last of all. @text: (nullable) */
void                  _ferry_xml_stream_end          (FerryXmlStream           *self,
                                                      FerryXmlStreamEnd         end,
                                                      const char               *text);
/* Says what is wrong, and ends. @condition: (nullable): %NULL: what goes with @end */
void                  _ferry_xml_stream_fail         (FerryXmlStream           *self,
                                                      FerryXmlStreamEnd         end,
                                                      const char               *condition,
                                                      const char               *text);

/* xml-stream-receive.c */
void                  _ferry_xml_stream_receive      (FerryXmlStream           *self,
                                                      const FerryXmlStreamParsed *parsed);

G_END_DECLS
