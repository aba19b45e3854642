/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <math.h>

#include "cli/json-line.h"

struct _FerryJsonLine
{
  GString *text; /* (owned) */
};

/* RFC 8259 §7: quotation mark, reverse solidus and the control characters must be
 * escaped. U+2028 and U+2029 need not be, but some readers take them for line ends. */
static void
append_character (GString  *text,
                  gunichar  c)
{
  if (c == '"' || c == '\\')
    g_string_append_printf (text, "\\%c", (char) c);
  else if (c == '\n')
    g_string_append (text, "\\n");
  else if (c < 0x20 || c == 0x7f || c == 0x2028 || c == 0x2029)
    g_string_append_printf (text, "\\u%04x", c);
  else
    g_string_append_unichar (text, c);
}

static void
append_string (GString    *text,
               const char *value)
{
  g_autofree char *valid = NULL;
  const char *p;

  if (value == NULL)
    {
      g_string_append (text, "null");
      return;
    }

  valid = g_utf8_make_valid (value, -1);
  g_string_append_c (text, '"');
  for (p = valid; *p != '\0'; p = g_utf8_next_char (p))
    append_character (text, g_utf8_get_char (p));
  g_string_append_c (text, '"');
}

static void
append_key (FerryJsonLine *self,
            const char    *key)
{
  g_string_append_c (self->text, self->text->len == 0 ? '{' : ',');
  append_string (self->text, key);
  g_string_append_c (self->text, ':');
}

FerryJsonLine *
ferry_json_line_new (const char *event)
{
  FerryJsonLine *self = g_new0 (FerryJsonLine, 1);

  self->text = g_string_new (NULL);
  ferry_json_line_add_string (self, "event", event);

  return self;
}

void
ferry_json_line_add_string (FerryJsonLine *self,
                            const char    *key,
                            const char    *value)
{
  append_key (self, key);
  append_string (self->text, value);
}

void
ferry_json_line_add_strings (FerryJsonLine     *self,
                             const char        *key,
                             const char *const *values)
{
  gsize i;

  append_key (self, key);
  g_string_append_c (self->text, '[');
  for (i = 0; values != NULL && values[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append_c (self->text, ',');
      append_string (self->text, values[i]);
    }
  g_string_append_c (self->text, ']');
}

void
ferry_json_line_add_int (FerryJsonLine *self,
                         const char    *key,
                         gint64         value)
{
  append_key (self, key);
  g_string_append_printf (self->text, "%" G_GINT64_FORMAT, value);
}

void
ferry_json_line_add_double (FerryJsonLine *self,
                            const char    *key,
                            double         value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE + 320]; /* 309 digits before the point at most */

  append_key (self, key);
  if (isfinite (value))
    g_string_append (self->text, g_ascii_formatd (buffer, sizeof buffer, "%.3f", value));
  else
    g_string_append (self->text, "null");
}

void
ferry_json_line_add_boolean (FerryJsonLine *self,
                             const char    *key,
                             gboolean       value)
{
  append_key (self, key);
  g_string_append (self->text, value ? "true" : "false");
}

char *
ferry_json_line_end (FerryJsonLine *self)
{
  char *line;

  g_string_append (self->text, "}\n");
  line = g_string_free (self->text, FALSE);
  g_free (self);

  return line;
}
