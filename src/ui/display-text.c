/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "display-text"

#include "config.h"

#include "ui/display-text.h"

/* Invisible characters that change how their neighbours are laid out. */
static gboolean
is_layout_control (gunichar c)
{
  return c == 0x061c || c == 0xfeff ||
         (c >= 0x200b && c <= 0x200f) ||
         (c >= 0x2028 && c <= 0x202e) ||
         (c >= 0x2060 && c <= 0x206f);
}

static gboolean
is_harmless (gunichar c)
{
  const guint bad = 1u << G_UNICODE_CONTROL | 1u << G_UNICODE_FORMAT | 1u << G_UNICODE_SURROGATE |
                    1u << G_UNICODE_PRIVATE_USE | 1u << G_UNICODE_UNASSIGNED |
                    1u << G_UNICODE_LINE_SEPARATOR | 1u << G_UNICODE_PARAGRAPH_SEPARATOR;

  return (bad & 1u << g_unichar_type (c)) == 0 && !is_layout_control (c);
}

/* Words in some scripts, and emoji, are spelt with them. */
static gboolean
is_joiner (gunichar c)
{
  return c == 0x200c || c == 0x200d;
}

static char *
clean (const char *text,
       guint       max_chars,
       gboolean    keeps_lines)
{
  g_autofree char *valid = g_utf8_make_valid (text != NULL ? text : "", -1);
  g_autoptr(GString) out = g_string_new (NULL);
  guint n = 0;

  for (const char *p = valid; *p != '\0' && n < max_chars; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      gboolean is_space = c == '\n' || c == '\t';

      if (is_space && !keeps_lines)
        c = ' ';
      if (!is_space && !is_harmless (c) && !(keeps_lines && is_joiner (c)))
        continue;
      g_string_append_unichar (out, c);
      n++;
    }

  g_strstrip (out->str);
  return g_strdup (*out->str != '\0' ? out->str : "?");
}

char *
ferry_display_text (const char *text,
                    guint       max_chars)
{
  return clean (text, max_chars, FALSE);
}

char *
ferry_display_lines (const char *text,
                     guint       max_chars)
{
  return clean (text, max_chars, TRUE);
}
