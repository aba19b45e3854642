/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "fuzz.h"
#include "proto/chat-stanza.h"
#include "proto/xml-stream.h"

#define ROMEO  "romeo@montague.lit/orchard"
#define JULIET "juliet@capulet.lit/balcony"

/* What the effects say, but for the alarms. Returns: the deadline; 0: none */
static gint64
drain (FerryXmlStream *stream,
       GString        *out,
       gint64          deadline,
       guint          *n_ends)
{
  FerryXmlStreamEffect effect;
  FerryChatStanza value;

  while (ferry_xml_stream_next (stream, &effect))
    {
      g_assert_cmpuint (*n_ends, ==, 0);
      if (effect.kind == FERRY_XML_STREAM_EFFECT_WAKE)
        deadline = effect.deadline;
      else if (effect.kind == FERRY_XML_STREAM_EFFECT_WRITE)
        g_string_append_len (out, g_bytes_get_data (effect.bytes, NULL), g_bytes_get_size (effect.bytes));
      else
        g_string_append_printf (out, "\n%d %d %s ", effect.kind, effect.end, effect.text);
      if (effect.element != NULL)
        {
          g_autofree char *text = ferry_element_print (effect.element);
          g_autoptr(FerryElement) again = ferry_element_parse (text, -1, NULL);

          g_assert_nonnull (again);
          ferry_chat_stanza_parse (effect.element, &value);
          g_string_append (out, text);
        }
      *n_ends += effect.kind == FERRY_XML_STREAM_EFFECT_END;
      ferry_xml_stream_effect_clear (&effect);
    }

  return deadline;
}

/* Feeds @data in pieces of @size, and lets the path end. */
static GString *
hear (FerryRole     role,
      const guint8 *data,
      gsize         len,
      gsize         size)
{
  gboolean is_romeo = role == FERRY_ROLE_INITIATOR;
  g_autoptr(FerryXmlStream) stream = ferry_xml_stream_new (role, is_romeo ? ROMEO : JULIET,
                                                           is_romeo ? JULIET : ROMEO, "s1", FALSE);
  g_autoptr(GBytes) end = g_bytes_new (NULL, 0);
  GString *out = g_string_new (NULL);
  gint64 deadline = 0;
  guint n_ends = 0;

  ferry_xml_stream_start (stream, 1);
  for (gsize at = 0; at < len; at += size)
    {
      g_autoptr(GBytes) piece = g_bytes_new (data + at, MIN (size, len - at));

      ferry_xml_stream_feed (stream, piece, 1);
      deadline = drain (stream, out, deadline, &n_ends);
    }
  ferry_xml_stream_feed (stream, end, 1);
  deadline = drain (stream, out, deadline, &n_ends);

  /* What waits for its second gets it. */
  for (guint i = 0; n_ends == 0; i++)
    {
      g_assert_cmpuint (i, <, 1000);
      g_assert_cmpint (deadline, >, 0);
      ferry_xml_stream_expire (stream, deadline);
      deadline = drain (stream, out, 0, &n_ends);
    }

  return out;
}

/* How it was cut into pieces must not show: inputs are too short for the limits, on which the
 * place of the cut does bear. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  for (guint i = 0; i < 2; i++)
    {
      FerryRole role = i == 0 ? FERRY_ROLE_INITIATOR : FERRY_ROLE_RESPONDER;
      GString *whole = hear (role, data, size, G_MAXINT);
      GString *pieces = hear (role, data, size, size > 0 ? 4 + data[size - 1] % 16 : 1);

      if (!g_string_equal (whole, pieces))
        g_error ("Whole: %s\nIn pieces: %s", whole->str, pieces->str);
      g_string_free (whole, TRUE);
      g_string_free (pieces, TRUE);
    }

  return 0;
}
