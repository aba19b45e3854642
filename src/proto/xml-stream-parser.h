/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/xml-stream.h"

G_BEGIN_DECLS

/* In this folder only: what a FerryXmlStream reads with. */

#define FERRY_NS_STREAMS       "http://etherx.jabber.org/streams"
#define FERRY_NS_STREAM_ERRORS "urn:ietf:params:xml:ns:xmpp-streams"

#define FERRY_XML_STREAM_MAX_STANZA    (256 * 1024) /* bytes (SEC-10) */
#define FERRY_XML_STREAM_MAX_ATTRIBUTE (8 * 1024)   /* bytes */

typedef enum
{
  FERRY_XML_STREAM_PARSED_HEADER, /* @element: empty, whose namespaces are right */
  FERRY_XML_STREAM_PARSED_STANZA, /* @element: whatever stands between header and end */
  FERRY_XML_STREAM_PARSED_CLOSE,  /* </stream:stream>; nothing follows */
  FERRY_XML_STREAM_PARSED_ERROR,  /* @end, @text; nothing follows */
} FerryXmlStreamParsedKind;

typedef struct
{
  FerryXmlStreamParsedKind  kind;
  FerryElement             *element; /* (owned) (nullable) */
  FerryXmlStreamEnd         end;
  const char               *text;    /* (nullable): static, English */
} FerryXmlStreamParsed;

/**
 * FerryXmlStreamParser:
 *
 * Cuts the bytes of a client-to-client stream into its header, stanzas and end, within the
 * limits of SEC-8 and SEC-10. How the bytes come in pieces makes no difference.
 */
typedef struct _FerryXmlStreamParser FerryXmlStreamParser;

FerryXmlStreamParser *ferry_xml_stream_parser_new  (void);
void                  ferry_xml_stream_parser_free (FerryXmlStreamParser *self);
/* Returns: bytes that were looked at: a tag that is not whole is looked at again */
gsize                 ferry_xml_stream_parser_feed (FerryXmlStreamParser *self,
                                                    const guint8         *data,
                                                    gsize                 size);
/* Returns: %FALSE: there are no more. @parsed: its element is given */
gboolean              ferry_xml_stream_parser_take (FerryXmlStreamParser *self,
                                                    FerryXmlStreamParsed *parsed);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FerryXmlStreamParser, ferry_xml_stream_parser_free)

G_END_DECLS
