/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/iq.h"
#include "proto/jid.h"
#include "proto/xml-stream-private.h"

#define MAX_TEXT 256 /* bytes of the peer's words on an error */

/* @jid: (nullable): it may be bare in headers (XS-8), or missing; so we take it in stanzas. */
static gboolean
is_address (const char *jid,
            const char *full,
            const char *bare)
{
  return jid == NULL || ferry_jid_equal (jid, full) || ferry_jid_equal (jid, bare);
}

static gboolean
is_from_peer (const FerryXmlStream *self,
              const FerryElement   *element)
{
  return is_address (ferry_element_get_attribute (element, "from"), self->peer_jid, self->peer_bare);
}

static gboolean
is_to_us (const FerryXmlStream *self,
          const FerryElement   *element)
{
  return is_address (ferry_element_get_attribute (element, "to"), self->own_jid, self->own_bare);
}

/* Where we have said our end already, theirs is all that is awaited. */
static void
open_stream (FerryXmlStream     *self,
             const FerryElement *header)
{
  if (self->state != STATE_HEADERS)
    return;

  _ferry_xml_stream_write_header (self);
  /* XS-9: there are none to negotiate, as TLS is below already. */
  if (self->role == FERRY_ROLE_RESPONDER &&
      g_strcmp0 (ferry_element_get_attribute (header, "version"), "1.0") == 0)
    _ferry_xml_stream_write (self, g_strdup ("<stream:features/>"));

  self->state = STATE_STREAMING;
  self->was_open = TRUE;
  self->limit = 0;
  _ferry_xml_stream_add_effect (self, FERRY_XML_STREAM_EFFECT_OPEN);
}

static void
receive_header (FerryXmlStream     *self,
                const FerryElement *header)
{
  if (!is_from_peer (self, header))
    _ferry_xml_stream_fail (self, FERRY_XML_STREAM_END_ADDRESS, "invalid-from",
                            "Header from somebody else");
  else if (!is_to_us (self, header))
    _ferry_xml_stream_fail (self, FERRY_XML_STREAM_END_ADDRESS, "host-unknown",
                            "Header to somebody else");
  else
    open_stream (self, header);
}

/* <stream:error><CONDITION xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>[<text>…</text>] */
static char *
dup_error_text (const FerryElement *error)
{
  const char *words = ferry_element_find_text (error, "text", FERRY_NS_STREAM_ERRORS);
  const char *condition = "undefined-condition";
  g_autofree char *cut = NULL;

  for (guint i = 0; i < ferry_element_get_n_children (error); i++)
    {
      const FerryElement *child = ferry_element_get_child (error, i);

      if (ferry_element_is (child, NULL, FERRY_NS_STREAM_ERRORS) &&
          !ferry_element_is (child, "text", NULL))
        condition = ferry_element_get_name (child);
    }

  cut = g_strdup_printf ("%.*s%s%.*s", MAX_TEXT, condition, words != NULL ? ": " : "",
                         MAX_TEXT, words != NULL ? words : "");

  return g_utf8_make_valid (cut, -1);
}

static void
receive_error (FerryXmlStream     *self,
               const FerryElement *error)
{
  g_autofree char *text = dup_error_text (error);

  _ferry_xml_stream_write_end (self);
  _ferry_xml_stream_end (self, FERRY_XML_STREAM_END_PEER, text);
}

/* A request that is dropped still has its answer (RFC 6120 §8.2.3); it is given here, as the owner
 * never hears of it. It goes to the peer, who asked, whatever name it used. */
static void
refuse (FerryXmlStream       *self,
        const FerryElement   *stanza,
        FerryStanzaErrorType  type,
        FerryCondition        condition)
{
  g_autoptr(FerryStanzaError) reason = ferry_stanza_error_new (type, condition, NULL, NULL, NULL);
  g_autoptr(FerryElement) error = ferry_stanza_error_to_element (reason);
  g_autoptr(FerryElement) answer = NULL;

  if (!ferry_iq_is_request (stanza))
    return;

  answer = ferry_iq_new (FERRY_IQ_ERROR, NULL, ferry_element_get_attribute (stanza, "id"), error);
  ferry_xml_stream_send (self, answer);
}

static void
receive_stanza (FerryXmlStream     *self,
                const FerryElement *stanza)
{
  FerryElementBuilder *builder;

  if (!is_from_peer (self, stanza))
    {
      refuse (self, stanza, FERRY_STANZA_ERROR_AUTH, FERRY_CONDITION_NOT_AUTHORIZED);
      return;
    }
  if (!is_to_us (self, stanza)) /* XS-15: nothing is passed on */
    {
      refuse (self, stanza, FERRY_STANZA_ERROR_CANCEL, FERRY_CONDITION_SERVICE_UNAVAILABLE);
      return;
    }
  if (!self->was_open)
    return;

  builder = ferry_element_builder_new_from (stanza);
  ferry_element_builder_attribute (builder, "from", self->peer_jid);
  ferry_element_builder_attribute (builder, "to", self->own_jid);
  _ferry_xml_stream_add_effect (self, FERRY_XML_STREAM_EFFECT_STANZA)->element =
    ferry_element_builder_end (builder);
}

/* XS-9: what would negotiate more is read over, and so is what nobody knows. */
static void
receive_child (FerryXmlStream     *self,
               const FerryElement *child)
{
  if (ferry_element_is (child, "error", FERRY_NS_STREAMS))
    receive_error (self, child);
  else if (ferry_element_is (child, "message", FERRY_NS_CLIENT) ||
           ferry_element_is (child, "presence", FERRY_NS_CLIENT) ||
           ferry_element_is (child, "iq", FERRY_NS_CLIENT))
    receive_stanza (self, child);
}

void
_ferry_xml_stream_receive (FerryXmlStream             *self,
                           const FerryXmlStreamParsed *parsed)
{
  switch (parsed->kind)
    {
    case FERRY_XML_STREAM_PARSED_HEADER:
      receive_header (self, parsed->element);
      break;
    case FERRY_XML_STREAM_PARSED_STANZA:
      receive_child (self, parsed->element);
      break;
    case FERRY_XML_STREAM_PARSED_CLOSE:
      _ferry_xml_stream_write_end (self);
      _ferry_xml_stream_end (self, FERRY_XML_STREAM_END_CLOSED, NULL);
      break;
    case FERRY_XML_STREAM_PARSED_ERROR:
    default:
      _ferry_xml_stream_fail (self, parsed->end, NULL, parsed->text);
      break;
    }
}
