/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "proto/iq.h"
#include "proto/jid.h"
#include "proto/xml-stream-parser.h"
#include "proto/xml-text.h"

#define NS_STREAM_ERRORS "urn:ietf:params:xml:ns:xmpp-streams"

#define SECOND       G_GINT64_CONSTANT (1000000) /* µs */
#define HEADER_LIMIT (5 * SECOND)                /* SEC-10 */
#define CLOSE_LIMIT  (10 * SECOND)               /* XS-11 */

#define RATE        (1024 * 1024)     /* bytes looked at in a second (SEC-10), and at once */
#define SLICE       (64 * 1024)       /* bytes parsed before the account is looked at */
#define MAX_BACKLOG (4 * 1024 * 1024) /* bytes that may wait for their second */
#define MAX_TEXT    256               /* bytes of the peer's words on an error */

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
  gboolean              has_header;  /* the peer's */

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

/* What we say of what we found wrong. %NULL: nothing */
static const char *const end_conditions[] = {
  [FERRY_XML_STREAM_END_CLOSED] = NULL,
  [FERRY_XML_STREAM_END_CUT] = NULL,
  [FERRY_XML_STREAM_END_PEER] = NULL,
  [FERRY_XML_STREAM_END_NAMESPACE] = "invalid-namespace",
  [FERRY_XML_STREAM_END_ADDRESS] = "invalid-from",
  [FERRY_XML_STREAM_END_MALFORMED] = "not-well-formed",
  [FERRY_XML_STREAM_END_RESTRICTED] = "restricted-xml",
  [FERRY_XML_STREAM_END_LIMIT] = "policy-violation",
};

static FerryXmlStreamEffect *
add_effect (FerryXmlStream           *self,
            FerryXmlStreamEffectKind  kind)
{
  FerryXmlStreamEffect *effect = g_new0 (FerryXmlStreamEffect, 1);

  effect->kind = kind;
  g_queue_push_tail (&self->effects, effect);

  return effect;
}

/* @text: (transfer full) */
static void
take_write (FerryXmlStream *self,
            char           *text)
{
  add_effect (self, FERRY_XML_STREAM_EFFECT_WRITE)->bytes = g_bytes_new_take (text, strlen (text));
}

static void
write_element (FerryXmlStream     *self,
               const FerryElement *element)
{
  take_write (self, ferry_element_print_inside (element, FERRY_NS_CLIENT));
}

/* XS-6: <?xml version='1.0'?><stream:stream xmlns='jabber:client'
 *   xmlns:stream='http://etherx.jabber.org/streams' from='…' to='…' [id='…'] version='1.0'>
 * XEP-0247 0.2: that of the responder has an id. */
static void
write_header (FerryXmlStream *self)
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
  take_write (self, g_string_free (out, FALSE));
}

/* Says the end, once. */
static void
write_end (FerryXmlStream *self)
{
  if (self->state != STATE_CLOSE_SENT)
    take_write (self, g_strdup ("</stream:stream>"));
}

/* Tells the owner when to call next, if that has changed. */
static void
update_wake (FerryXmlStream *self)
{
  gint64 deadline = self->limit;

  if (self->resume != 0 && (deadline == 0 || self->resume < deadline))
    deadline = self->resume;
  if (deadline == self->woken_at)
    return;

  self->woken_at = deadline;
  add_effect (self, FERRY_XML_STREAM_EFFECT_WAKE)->deadline = deadline;
}

/* @text: (nullable) */
static void
end (FerryXmlStream    *self,
     FerryXmlStreamEnd  reason,
     const char        *text)
{
  FerryXmlStreamEffect *effect;

  self->state = STATE_CLOSED;
  self->limit = self->resume = 0;
  g_byte_array_set_size (self->backlog, 0);
  update_wake (self);
  effect = add_effect (self, FERRY_XML_STREAM_EFFECT_END);
  effect->end = reason;
  effect->text = g_strdup (text);
}

/* RFC 6120 §4.9.1: an error stands inside a stream, so that the header comes before it, and it
 * ends the stream. After our end there is nothing to say. */
static void
fail_with (FerryXmlStream    *self,
           FerryXmlStreamEnd  reason,
           const char        *condition,
           const char        *text)
{
  if (self->state != STATE_CLOSE_SENT)
    {
      write_header (self);
      take_write (self, g_strdup_printf ("<stream:error><%s xmlns='" NS_STREAM_ERRORS "'/>"
                                         "</stream:error></stream:stream>", condition));
    }
  end (self, reason, text);
}

static void
fail (FerryXmlStream    *self,
      FerryXmlStreamEnd  reason,
      const char        *text)
{
  fail_with (self, reason, end_conditions[reason], text);
}

/* @jid: (nullable): XS-8: in headers, and XS-10: in stanzas, it may be bare, or missing */
static gboolean
is_address (const char *jid,
            const char *full,
            const char *bare)
{
  return jid == NULL || ferry_jid_equal (jid, full) || ferry_jid_equal (jid, bare);
}

static void
receive_header (FerryXmlStream     *self,
                const FerryElement *header)
{
  if (!is_address (ferry_element_get_attribute (header, "from"), self->peer_jid, self->peer_bare))
    {
      fail_with (self, FERRY_XML_STREAM_END_ADDRESS, "invalid-from", "Header from somebody else");
      return;
    }
  if (!is_address (ferry_element_get_attribute (header, "to"), self->own_jid, self->own_bare))
    {
      fail_with (self, FERRY_XML_STREAM_END_ADDRESS, "host-unknown", "Header to somebody else");
      return;
    }

  self->has_header = TRUE;
  if (self->state != STATE_HEADERS)
    return;

  write_header (self);
  /* XS-9: none is offered, as TLS is below already. */
  if (self->role == FERRY_ROLE_RESPONDER &&
      g_strcmp0 (ferry_element_get_attribute (header, "version"), "1.0") == 0)
    take_write (self, g_strdup ("<stream:features/>"));
  self->state = STATE_STREAMING;
  self->limit = 0;
  add_effect (self, FERRY_XML_STREAM_EFFECT_OPEN);
}

/* <stream:error><CONDITION xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>[<text>…</text>] */
static void
receive_error (FerryXmlStream     *self,
               const FerryElement *error)
{
  const char *words = ferry_element_find_text (error, "text", NS_STREAM_ERRORS);
  g_autofree char *cut = NULL;
  g_autofree char *text = NULL;
  const char *condition = "undefined-condition";

  for (guint i = 0; i < ferry_element_get_n_children (error); i++)
    {
      const FerryElement *child = ferry_element_get_child (error, i);

      if (ferry_element_is (child, NULL, NS_STREAM_ERRORS) && !ferry_element_is (child, "text", NULL))
        condition = ferry_element_get_name (child);
    }

  cut = g_strdup_printf ("%.*s%s%.*s", MAX_TEXT, condition, words != NULL ? ": " : "",
                         MAX_TEXT, words != NULL ? words : "");
  text = g_utf8_make_valid (cut, -1);
  write_end (self);
  end (self, FERRY_XML_STREAM_END_PEER, text);
}

/* A request that we do not even look into still has its answer, here and not at the owner's:
 * the true peer asked, in somebody else's name (7.4), or for somebody else (XS-15). */
static void
refuse (FerryXmlStream     *self,
        const FerryElement *stanza,
        FerryCondition      condition)
{
  g_autoptr(FerryStanzaError) reason = NULL;
  g_autoptr(FerryElement) error = NULL;
  g_autoptr(FerryElement) answer = NULL;

  if (!ferry_iq_is_request (stanza) || self->state != STATE_STREAMING)
    return;

  reason = ferry_stanza_error_new (condition == FERRY_CONDITION_NOT_AUTHORIZED
                                     ? FERRY_STANZA_ERROR_AUTH : FERRY_STANZA_ERROR_CANCEL,
                                   condition, NULL, NULL, NULL);
  error = ferry_stanza_error_to_element (reason);
  answer = ferry_iq_new (FERRY_IQ_ERROR, NULL, ferry_element_get_attribute (stanza, "id"), error);
  write_element (self, answer);
}

static void
receive_stanza (FerryXmlStream     *self,
                const FerryElement *stanza)
{
  FerryElementBuilder *builder;

  if (!is_address (ferry_element_get_attribute (stanza, "from"), self->peer_jid, self->peer_bare))
    {
      refuse (self, stanza, FERRY_CONDITION_NOT_AUTHORIZED);
      return;
    }
  if (!is_address (ferry_element_get_attribute (stanza, "to"), self->own_jid, self->own_bare))
    {
      refuse (self, stanza, FERRY_CONDITION_SERVICE_UNAVAILABLE);
      return;
    }

  builder = ferry_element_builder_new_from (stanza);
  ferry_element_builder_attribute (builder, "from", self->peer_jid);
  ferry_element_builder_attribute (builder, "to", self->own_jid);
  add_effect (self, FERRY_XML_STREAM_EFFECT_STANZA)->element = ferry_element_builder_end (builder);
}

/* XS-9: what belongs to the negotiation of a stream is read over, and so is what nobody knows. */
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

static void
receive_parsed (FerryXmlStream             *self,
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
      write_end (self);
      end (self, FERRY_XML_STREAM_END_CLOSED, NULL);
      break;
    case FERRY_XML_STREAM_PARSED_ERROR:
    default:
      fail (self, parsed->end, parsed->text);
      break;
    }
}

static void
parse_slice (FerryXmlStream *self)
{
  gsize size = MIN (self->backlog->len, SLICE);
  FerryXmlStreamParsed parsed;

  self->budget -= ferry_xml_stream_parser_feed (self->parser, self->backlog->data, size);
  g_byte_array_remove_range (self->backlog, 0, size);
  while (self->state != STATE_CLOSED && ferry_xml_stream_parser_take (self->parser, &parsed))
    {
      receive_parsed (self, &parsed);
      g_clear_pointer (&parsed.element, ferry_element_unref);
    }
}

static void
earn (FerryXmlStream *self,
      gint64          now)
{
  gint64 elapsed = CLAMP (now - self->budget_time, 0, 3600 * SECOND);

  self->budget = MIN (self->budget + elapsed * RATE / SECOND, RATE);
  self->budget_time = now;
}

/* SEC-10: parses as much as may be looked at now. A tag that comes in crumbs is looked at with
 * every one of them, and pays for it: then its crumbs gather here meanwhile. */
static void
work (FerryXmlStream *self,
      gint64          now)
{
  earn (self, now);
  while (self->state != STATE_CLOSED && self->backlog->len > 0 && self->budget > 0)
    parse_slice (self);
  if (self->state == STATE_CLOSED)
    return;

  if (self->backlog->len > MAX_BACKLOG)
    fail (self, FERRY_XML_STREAM_END_LIMIT, "Too much at once");
  else if (self->backlog->len == 0 && self->is_cut)
    end (self, FERRY_XML_STREAM_END_CUT, "The path ended before the stream");
  if (self->state == STATE_CLOSED)
    return;

  self->resume = self->backlog->len > 0 ? now + (SLICE - self->budget) * SECOND / RATE : 0;
  update_wake (self);
}

FerryXmlStream *
ferry_xml_stream_new (FerryRole   role,
                      const char *own_jid,
                      const char *peer_jid,
                      const char *id,
                      gboolean    both_first)
{
  FerryXmlStream *self;

  g_return_val_if_fail (own_jid != NULL && peer_jid != NULL && id != NULL, NULL);

  self = g_new0 (FerryXmlStream, 1);
  self->role = role;
  self->own_jid = g_strdup (own_jid);
  self->peer_jid = g_strdup (peer_jid);
  self->own_bare = ferry_jid_dup_bare (own_jid);
  self->peer_bare = ferry_jid_dup_bare (peer_jid);
  self->id = g_strdup (id);
  self->both_first = both_first;
  self->parser = ferry_xml_stream_parser_new ();
  self->backlog = g_byte_array_new ();
  self->budget = RATE;
  g_queue_init (&self->effects);

  return self;
}

static void
effect_free (FerryXmlStreamEffect *effect)
{
  ferry_xml_stream_effect_clear (effect);
  g_free (effect);
}

void
ferry_xml_stream_free (FerryXmlStream *self)
{
  if (self == NULL)
    return;

  g_queue_clear_full (&self->effects, (GDestroyNotify) effect_free);
  ferry_xml_stream_parser_free (self->parser);
  g_byte_array_unref (self->backlog);
  g_free (self->own_jid);
  g_free (self->peer_jid);
  g_free (self->own_bare);
  g_free (self->peer_bare);
  g_free (self->id);
  g_free (self);
}

void
ferry_xml_stream_start (FerryXmlStream *self,
                        gint64          now)
{
  g_return_if_fail (self != NULL);

  if (self->state != STATE_WAIT)
    return;

  self->state = STATE_HEADERS;
  self->limit = now + HEADER_LIMIT;
  self->budget_time = now;
  if (self->role == FERRY_ROLE_INITIATOR || self->both_first)
    write_header (self);
  work (self, now);
}

void
ferry_xml_stream_feed (FerryXmlStream *self,
                       GBytes         *bytes,
                       gint64          now)
{
  gconstpointer data;
  gsize size;

  g_return_if_fail (self != NULL && bytes != NULL);

  if (self->state == STATE_CLOSED || self->is_cut)
    return;

  data = g_bytes_get_data (bytes, &size);
  if (size > MAX_BACKLOG || self->backlog->len > MAX_BACKLOG)
    {
      fail (self, FERRY_XML_STREAM_END_LIMIT, "Too much at once");
      return;
    }
  if (size > 0)
    g_byte_array_append (self->backlog, data, size);
  else
    self->is_cut = TRUE;
  if (self->state != STATE_WAIT)
    work (self, now);
  else if (self->is_cut)
    end (self, FERRY_XML_STREAM_END_CUT, "The path ended before the stream");
}

void
ferry_xml_stream_expire (FerryXmlStream *self,
                         gint64          now)
{
  g_return_if_fail (self != NULL);

  if (self->state == STATE_CLOSED || self->state == STATE_WAIT)
    return;

  self->woken_at = 0; /* that alarm has rung */
  work (self, now);
  if (self->state == STATE_CLOSED || self->limit == 0 || now < self->limit)
    return;

  if (self->state == STATE_HEADERS)
    fail_with (self, FERRY_XML_STREAM_END_LIMIT, "connection-timeout", "No header in time");
  else
    end (self, FERRY_XML_STREAM_END_CUT, "The peer did not end its stream in time");
}

gboolean
ferry_xml_stream_send (FerryXmlStream     *self,
                       const FerryElement *stanza)
{
  g_autofree char *text = NULL;

  g_return_val_if_fail (self != NULL && stanza != NULL, FALSE);

  if (self->state != STATE_STREAMING)
    return FALSE;

  text = ferry_element_print_inside (stanza, FERRY_NS_CLIENT);
  if (strlen (text) > FERRY_XML_STREAM_MAX_STANZA)
    return FALSE;
  take_write (self, g_steal_pointer (&text));

  return TRUE;
}

void
ferry_xml_stream_close (FerryXmlStream *self,
                        gint64          now)
{
  g_return_if_fail (self != NULL);

  if (self->state == STATE_WAIT)
    {
      end (self, FERRY_XML_STREAM_END_CLOSED, NULL);
      return;
    }
  if (self->state != STATE_HEADERS && self->state != STATE_STREAMING)
    return;

  write_header (self);
  write_end (self);
  self->state = STATE_CLOSE_SENT;
  self->limit = now + CLOSE_LIMIT;
  update_wake (self);
}

gboolean
ferry_xml_stream_next (FerryXmlStream       *self,
                       FerryXmlStreamEffect *effect)
{
  FerryXmlStreamEffect *head;

  g_return_val_if_fail (self != NULL && effect != NULL, FALSE);

  head = g_queue_pop_head (&self->effects);
  if (head == NULL)
    return FALSE;
  *effect = *head;
  g_free (head);

  return TRUE;
}

void
ferry_xml_stream_effect_clear (FerryXmlStreamEffect *effect)
{
  g_return_if_fail (effect != NULL);

  g_clear_pointer (&effect->bytes, g_bytes_unref);
  g_clear_pointer (&effect->element, ferry_element_unref);
  g_clear_pointer (&effect->text, g_free);
}
