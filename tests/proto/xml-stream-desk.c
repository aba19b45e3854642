/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "xml-stream-desk.h"

#define SECOND G_GINT64_CONSTANT (1000000) /* µs */

/* What holds of every effect, whatever came before it. */
static void
check_effect (const Desk                 *self,
              const FerryXmlStreamEffect *effect)
{
  g_assert_cmpuint (self->n_ended, ==, 0);
  switch (effect->kind)
    {
    case FERRY_XML_STREAM_EFFECT_WRITE:
      g_assert_cmpuint (g_bytes_get_size (effect->bytes), >, 0);
      g_assert_false (g_str_has_suffix (self->written->str, THE_END));
      break;
    case FERRY_XML_STREAM_EFFECT_OPEN:
      g_assert_cmpuint (self->n_opened, ==, 0);
      g_assert_cmpuint (self->written->len, >, 0);
      break;
    case FERRY_XML_STREAM_EFFECT_STANZA:
      g_assert_cmpuint (self->n_opened, ==, 1);
      break;
    case FERRY_XML_STREAM_EFFECT_WAKE:
      break;
    case FERRY_XML_STREAM_EFFECT_END:
    default:
      g_assert_cmpint (self->deadline, ==, 0);
      break;
    }
}

static void
take_effect (Desk                 *self,
             FerryXmlStreamEffect *effect)
{
  g_autofree char *stanza = NULL;

  switch (effect->kind)
    {
    case FERRY_XML_STREAM_EFFECT_WRITE:
      g_string_append_len (self->written, g_bytes_get_data (effect->bytes, NULL),
                           g_bytes_get_size (effect->bytes));
      break;
    case FERRY_XML_STREAM_EFFECT_OPEN:
      self->n_opened++;
      break;
    case FERRY_XML_STREAM_EFFECT_STANZA:
      stanza = ferry_element_print_inside (effect->element, FERRY_NS_CLIENT);
      g_string_append (self->stanzas, stanza);
      break;
    case FERRY_XML_STREAM_EFFECT_WAKE:
      self->deadline = effect->deadline;
      break;
    case FERRY_XML_STREAM_EFFECT_END:
    default:
      self->n_ended++;
      self->end = effect->end;
      self->text = g_steal_pointer (&effect->text);
      break;
    }
}

static void
drain (Desk *self)
{
  FerryXmlStreamEffect effect;

  while (ferry_xml_stream_next (self->stream, &effect))
    {
      check_effect (self, &effect);
      take_effect (self, &effect);
      ferry_xml_stream_effect_clear (&effect);
    }
}

Desk *
desk_new (FerryRole role,
          gboolean  both_first)
{
  gboolean is_romeo = role == FERRY_ROLE_INITIATOR;
  Desk *self = g_new0 (Desk, 1);

  self->stream = ferry_xml_stream_new (role, is_romeo ? ROMEO : JULIET, is_romeo ? JULIET : ROMEO, ID,
                                       both_first);
  self->written = g_string_new (NULL);
  self->stanzas = g_string_new (NULL);
  self->now = SECOND;

  return self;
}

Desk *
desk_new_open (FerryRole role)
{
  Desk *self = desk_new (role, FALSE);

  desk_start (self);
  desk_feed (self, role == FERRY_ROLE_INITIATOR ? HEADER_OF_JULIET : HEADER_OF_ROMEO, -1);
  g_assert_cmpuint (self->n_opened, ==, 1);
  g_assert_cmpint (self->deadline, ==, 0);
  g_string_truncate (self->written, 0);

  return self;
}

void
desk_free (Desk *self)
{
  ferry_xml_stream_free (self->stream);
  g_string_free (self->written, TRUE);
  g_string_free (self->stanzas, TRUE);
  g_free (self->text);
  g_free (self);
}

void
desk_start (Desk *self)
{
  ferry_xml_stream_start (self->stream, self->now);
  drain (self);
}

void
desk_feed (Desk       *self,
           const char *bytes,
           gssize      size)
{
  g_autoptr(GBytes) copy = g_bytes_new (bytes, size < 0 ? strlen (bytes) : (gsize) size);

  ferry_xml_stream_feed (self->stream, copy, self->now);
  drain (self);
}

void
desk_cut (Desk *self)
{
  desk_feed (self, "", 0);
}

void
desk_close (Desk *self)
{
  ferry_xml_stream_close (self->stream, self->now);
  drain (self);
}

static void
wake (Desk *self)
{
  self->now = self->deadline;
  self->deadline = 0;
  ferry_xml_stream_expire (self->stream, self->now);
  drain (self);
}

void
desk_sleep (Desk   *self,
            gint64  seconds)
{
  gint64 until = self->now + seconds * SECOND;

  while (self->deadline != 0 && self->deadline <= until)
    wake (self);
  self->now = until;
}

void
desk_settle (Desk *self)
{
  desk_sleep (self, 60);
}

gboolean
desk_send (Desk       *self,
           const char *stanza)
{
  g_autoptr(FerryElement) element = ferry_element_parse (stanza, -1, NULL);
  gboolean is_said = ferry_xml_stream_send (self->stream, element);

  drain (self);

  return is_said;
}
