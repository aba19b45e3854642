/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "proto/xml-stream-private.h"
#include "proto/xml-text.h"

/* What we say of what we found wrong (RFC 6120 §4.9.3). */
static const char *const conditions[] = {
  [FERRY_XML_STREAM_END_NAMESPACE] = "invalid-namespace",
  [FERRY_XML_STREAM_END_ADDRESS] = "invalid-from",
  [FERRY_XML_STREAM_END_MALFORMED] = "not-well-formed",
  [FERRY_XML_STREAM_END_RESTRICTED] = "restricted-xml",
  [FERRY_XML_STREAM_END_LIMIT] = "policy-violation",
};

FerryXmlStreamEffect *
_ferry_xml_stream_add_effect (FerryXmlStream           *self,
                              FerryXmlStreamEffectKind  kind)
{
  FerryXmlStreamEffect *effect = g_new0 (FerryXmlStreamEffect, 1);

  effect->kind = kind;
  g_queue_push_tail (&self->effects, effect);

  return effect;
}

void
_ferry_xml_stream_write (FerryXmlStream *self,
                         char           *text)
{
  FerryXmlStreamEffect *effect = _ferry_xml_stream_add_effect (self, FERRY_XML_STREAM_EFFECT_WRITE);

  effect->bytes = g_bytes_new_take (text, strlen (text));
}

/* XS-6: <?xml version='1.0'?><stream:stream xmlns='jabber:client'
 *   xmlns:stream='http://etherx.jabber.org/streams' from='…' to='…' [id='…'] version='1.0'>
 * XEP-0247 0.2: that of the responder has an id. */
void
_ferry_xml_stream_write_header (FerryXmlStream *self)
{
  GString *out;

  if (self->wrote_header)
    return;

  self->wrote_header = TRUE;
  out = g_string_new ("<?xml version='1.0'?><stream:stream xmlns='" FERRY_NS_CLIENT "'"
                      " xmlns:stream='" FERRY_NS_STREAMS "'");
  ferry_xml_append_attribute (out, "from", self->own_jid);
  ferry_xml_append_attribute (out, "to", self->peer_jid);
  if (self->role == FERRY_ROLE_RESPONDER)
    ferry_xml_append_attribute (out, "id", self->id);
  g_string_append (out, " version='1.0'>");
  _ferry_xml_stream_write (self, g_string_free (out, FALSE));
}

/* Nothing may be said before TLS (XTLS-9), nor after the end. */
static gboolean
can_write (const FerryXmlStream *self)
{
  return self->state == STATE_HEADERS || self->state == STATE_STREAMING;
}

void
_ferry_xml_stream_write_end (FerryXmlStream *self)
{
  if (can_write (self))
    _ferry_xml_stream_write (self, g_strdup ("</stream:stream>"));
}

void
_ferry_xml_stream_update_wake (FerryXmlStream *self)
{
  gint64 deadline = self->limit;

  if (self->resume != 0 && (deadline == 0 || self->resume < deadline))
    deadline = self->resume;
  if (deadline == self->woken_at)
    return;

  self->woken_at = deadline;
  _ferry_xml_stream_add_effect (self, FERRY_XML_STREAM_EFFECT_WAKE)->deadline = deadline;
}

void
_ferry_xml_stream_end (FerryXmlStream    *self,
                       FerryXmlStreamEnd  end,
                       const char        *text)
{
  FerryXmlStreamEffect *effect;

  self->state = STATE_CLOSED;
  self->limit = self->resume = 0;
  g_byte_array_set_size (self->backlog, 0);
  _ferry_xml_stream_update_wake (self);

  effect = _ferry_xml_stream_add_effect (self, FERRY_XML_STREAM_EFFECT_END);
  effect->end = end;
  effect->text = g_strdup (text);
}

/* RFC 6120 §4.9.1: an error stands inside a stream, so that our header comes before it, and it
 * ends the stream. */
void
_ferry_xml_stream_fail (FerryXmlStream    *self,
                        FerryXmlStreamEnd  end,
                        const char        *condition,
                        const char        *text)
{
  if (can_write (self))
    {
      _ferry_xml_stream_write_header (self);
      _ferry_xml_stream_write (self, g_strconcat ("<stream:error><",
                                                  condition != NULL ? condition : conditions[end],
                                                  " xmlns='" FERRY_NS_STREAM_ERRORS "'/></stream:error>",
                                                  NULL));
      _ferry_xml_stream_write_end (self);
    }
  _ferry_xml_stream_end (self, end, text);
}
