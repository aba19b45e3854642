/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "proto/xml-text.h"

#define REPLACEMENT "\357\277\275" /* U+FFFD */

/* XML 1.0 §2.2, production Char; surrogates are no valid UTF-8 to begin with. */
static gboolean
is_char (gunichar c)
{
  return c >= 0x20 ? c != 0xfffe && c != 0xffff : c == '\t' || c == '\n' || c == '\r';
}

void
ferry_xml_append_repaired (GString    *out,
                           const char *text,
                           gsize       length)
{
  const char *end = text + length;

  while (text < end)
    {
      const char *start = text;
      gunichar c;

      while (text < end && *text >= 0x20 && !(*text & 0x80))
        text++;
      g_string_append_len (out, start, text - start);
      if (text == end)
        break;

      c = g_utf8_get_char_validated (text, end - text);
      if (c == (gunichar) -1 || c == (gunichar) -2)
        {
          g_string_append (out, REPLACEMENT);
          text++;
          continue;
        }
      if (is_char (c))
        g_string_append_len (out, text, g_utf8_next_char (text) - text);
      else
        g_string_append (out, REPLACEMENT);
      text = g_utf8_next_char (text);
    }
}

/* What would be markup, and what a parser would turn into something else:
 * XML 1.0 §2.11 (CR) and §3.3.3 (white space in attributes). */
static void
append_escaped (GString    *out,
                const char *text,
                const char *special)
{
  for (;;)
    {
      gsize plain = strcspn (text, special);

      g_string_append_len (out, text, plain);
      text += plain;
      switch (*text++)
        {
        case '\0': return;
        case '&':  g_string_append (out, "&amp;"); break;
        case '<':  g_string_append (out, "&lt;"); break;
        case '>':  g_string_append (out, "&gt;"); break;
        case '\'': g_string_append (out, "&apos;"); break;
        default:   g_string_append_printf (out, "&#%d;", text[-1]); break;
        }
    }
}

void
ferry_xml_append_attribute (GString    *out,
                            const char *name,
                            const char *value)
{
  g_string_append_c (out, ' ');
  g_string_append (out, name);
  g_string_append (out, "='");
  append_escaped (out, value, "&<>'\t\r\n");
  g_string_append_c (out, '\'');
}

void
ferry_xml_append_text (GString    *out,
                       const char *text)
{
  append_escaped (out, text, "&<>\r");
}
