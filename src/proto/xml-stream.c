/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "proto/jid.h"
#include "proto/xml-stream-private.h"

#define SECOND       G_GINT64_CONSTANT (1000000) /* µs */
#define HEADER_LIMIT (5 * SECOND)                /* SEC-10 */
#define CLOSE_LIMIT  (10 * SECOND)               /* XS-11 */

#define RATE        (1024 * 1024)     /* bytes looked at in a second (SEC-10), and at once */
#define SLICE       (64 * 1024)       /* bytes parsed before the account is looked at */
#define MAX_BACKLOG (4 * 1024 * 1024) /* bytes that may wait for their second */

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

static void
parse_slice (FerryXmlStream *self)
{
  gsize size = MIN (self->backlog->len, SLICE);
  FerryXmlStreamParsed parsed;

  self->budget -= ferry_xml_stream_parser_feed (self->parser, self->backlog->data, size);
  g_byte_array_remove_range (self->backlog, 0, size);
  while (self->state != STATE_CLOSED && ferry_xml_stream_parser_take (self->parser, &parsed))
    {
      _ferry_xml_stream_receive (self, &parsed);
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

/* SEC-10: parses as much as may be looked at by now. A tag that comes in crumbs is looked at again
 * with every one of them, and pays for it: then they gather here, and are looked at together. */
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
    {
      _ferry_xml_stream_fail (self, FERRY_XML_STREAM_END_LIMIT, NULL, "Too much at once");
    }
  else if (self->backlog->len == 0 && self->is_cut)
    {
      _ferry_xml_stream_end (self, FERRY_XML_STREAM_END_CUT, "The path ended before the stream");
    }
  else
    {
      self->resume = self->backlog->len > 0 ? now + (SLICE - self->budget) * SECOND / RATE : 0;
      _ferry_xml_stream_update_wake (self);
    }
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
    _ferry_xml_stream_write_header (self);
  work (self, now);
}

void
ferry_xml_stream_feed (FerryXmlStream *self,
                       GBytes         *bytes,
                       gint64          now)
{
  g_return_if_fail (self != NULL && bytes != NULL);

  if (self->state == STATE_CLOSED || self->is_cut)
    return;

  self->is_cut = g_bytes_get_size (bytes) == 0;
  if (self->state == STATE_WAIT)
    {
      /* Before TLS nobody can have said anything (XTLS-9). */
      _ferry_xml_stream_end (self, self->is_cut ? FERRY_XML_STREAM_END_CUT
                                                : FERRY_XML_STREAM_END_MALFORMED, NULL);
      return;
    }

  if (!self->is_cut)
    g_byte_array_append (self->backlog, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  work (self, now);
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
    _ferry_xml_stream_fail (self, FERRY_XML_STREAM_END_LIMIT, "connection-timeout",
                            "No header in time");
  else
    _ferry_xml_stream_end (self, FERRY_XML_STREAM_END_CUT, "No end in time");
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
  _ferry_xml_stream_write (self, g_steal_pointer (&text));

  return TRUE;
}

void
ferry_xml_stream_close (FerryXmlStream *self,
                        gint64          now)
{
  g_return_if_fail (self != NULL);

  if (self->state == STATE_WAIT)
    {
      _ferry_xml_stream_end (self, FERRY_XML_STREAM_END_CLOSED, NULL);
      return;
    }
  if (self->state != STATE_HEADERS && self->state != STATE_STREAMING)
    return;

  _ferry_xml_stream_write_header (self);
  _ferry_xml_stream_write_end (self);
  self->state = STATE_CLOSE_SENT;
  self->limit = now + CLOSE_LIMIT;
  _ferry_xml_stream_update_wake (self);
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
