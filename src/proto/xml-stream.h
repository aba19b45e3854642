/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/element.h"
#include "proto/role.h"

G_BEGIN_DECLS

#define FERRY_NS_XML_STREAM     "urn:xmpp:jingle:apps:xmlstream:0"
#define FERRY_NS_XML_STREAM_TMP "urn:xmpp:tmp:jingle:apps:xmlstream:0" /* of the founding draft */

/* Why a stream ended. */
typedef enum
{
  FERRY_XML_STREAM_END_CLOSED,    /* both said </stream:stream> (XS-11) */
  FERRY_XML_STREAM_END_CUT,       /* the path ended, or the peer mirrored no end in time */
  FERRY_XML_STREAM_END_PEER,      /* the peer sent a stream error */
  FERRY_XML_STREAM_END_NAMESPACE, /* from here on: what we found wrong, and said */
  FERRY_XML_STREAM_END_ADDRESS,   /* a header from or to somebody else */
  FERRY_XML_STREAM_END_MALFORMED,
  FERRY_XML_STREAM_END_RESTRICTED, /* DOCTYPE, a PI, a comment, an entity (SEC-8) */
  FERRY_XML_STREAM_END_LIMIT,     /* too large, too deep, too much, too late (SEC-10) */
} FerryXmlStreamEnd;

typedef enum
{
  FERRY_XML_STREAM_EFFECT_WRITE,  /* @bytes: to the path, in order */
  FERRY_XML_STREAM_EFFECT_OPEN,   /* both headers are there: stanzas may be sent */
  FERRY_XML_STREAM_EFFECT_STANZA, /* @element: message, presence or iq, with from and to filled in
                                   * (XS-10). One in another's name, or for another, never comes
                                   * here: it is dropped, and a request answered */
  FERRY_XML_STREAM_EFFECT_WAKE,   /* @deadline: µs, monotonic; replaces the one before; 0: none */
  FERRY_XML_STREAM_EFFECT_END,    /* @end, @text: the last effect of all; everything was written */
} FerryXmlStreamEffectKind;

typedef struct
{
  FerryXmlStreamEffectKind  kind;
  GBytes                   *bytes;   /* (owned) (nullable) */
  FerryElement             *element; /* (owned) (nullable) */
  gint64                    deadline;
  FerryXmlStreamEnd         end;
  char                     *text;    /* (owned) (nullable): English */
} FerryXmlStreamEffect;

/**
 * FerryXmlStream:
 *
 * One XML stream between two clients (XEP-0247, XEP-0246, protocols 7.4): a pure machine with a
 * parser of its own. Bytes and deadlines in, bytes and stanzas out.
 *
 * WAIT → HEADERS → STREAMING → CLOSE_SENT → CLOSED
 */
typedef struct _FerryXmlStream FerryXmlStream;

/* @own_jid, @peer_jid: full. @id: random, of our header if we respond. @both_first: the founding
 * draft: both send their header at once (XS-7). */
FerryXmlStream *ferry_xml_stream_new      (FerryRole             role,
                                           const char           *own_jid,
                                           const char           *peer_jid,
                                           const char           *id,
                                           gboolean              both_first);
void            ferry_xml_stream_free     (FerryXmlStream       *self);
/* In: TLS is up. */
void            ferry_xml_stream_start    (FerryXmlStream       *self,
                                           gint64                now);
/* In: @bytes came; an empty one: the path has ended. What comes before TLS ends the stream. */
void            ferry_xml_stream_feed     (FerryXmlStream       *self,
                                           GBytes               *bytes,
                                           gint64                now);
void            ferry_xml_stream_expire   (FerryXmlStream       *self,
                                           gint64                now);
/* In: say this stanza. %FALSE: the stream is not open, or nobody would take one so large. */
gboolean        ferry_xml_stream_send     (FerryXmlStream       *self,
                                           const FerryElement   *stanza);
/* In: our side is done. */
void            ferry_xml_stream_close    (FerryXmlStream       *self,
                                           gint64                now);
/* Out: the effects, in order. %FALSE: none left. */
gboolean        ferry_xml_stream_next     (FerryXmlStream       *self,
                                           FerryXmlStreamEffect *effect);
void            ferry_xml_stream_effect_clear (FerryXmlStreamEffect *effect);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FerryXmlStream, ferry_xml_stream_free)

G_END_DECLS
