/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <stdio.h>
#include <unistd.h>

#include "cli/output.h"

#define ERASE_LINE "\r\033[K"

void
ferry_output_init (FerryOutput *self,
                   gboolean     json)
{
  self->json = json;
  self->terminal = isatty (STDERR_FILENO);
  self->progress_shown = FALSE;
}

/* Escape sequences would let a file name write all over the terminal; formatting
 * characters (U+202E) would let "gpj.exe" read "exe.jpg". */
char *
ferry_output_escape (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *escaped = g_string_new (NULL);
  const char *p;

  for (p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      GUnicodeType type = g_unichar_type (c);
      gboolean harmless = type != G_UNICODE_CONTROL && type != G_UNICODE_FORMAT
                          && type != G_UNICODE_LINE_SEPARATOR
                          && type != G_UNICODE_PARAGRAPH_SEPARATOR;

      g_string_append_unichar (escaped, harmless ? c : 0xfffd);
    }

  return g_string_free (escaped, FALSE);
}

static void G_GNUC_PRINTF (2, 0)
print_line (FILE       *file,
            const char *format,
            va_list     arguments)
{
  g_autofree char *text = g_strdup_vprintf (format, arguments);
  g_autofree char *escaped = ferry_output_escape (text);

  fprintf (file, "%s\n", escaped);
  fflush (file);
}

void
ferry_output_event (FerryOutput   *self,
                    FerryJsonLine *line)
{
  g_autofree char *text = ferry_json_line_end (line);

  if (!self->json)
    return;

  fputs (text, stdout);
  fflush (stdout);
}

void
ferry_output_say (FerryOutput *self,
                  const char  *format,
                  ...)
{
  va_list arguments;

  ferry_output_progress (self, "");
  va_start (arguments, format);
  print_line (stderr, format, arguments);
  va_end (arguments);
}

void
ferry_output_answer (FerryOutput *self,
                     const char  *format,
                     ...)
{
  va_list arguments;

  if (self->json)
    return;

  va_start (arguments, format);
  print_line (stdout, format, arguments);
  va_end (arguments);
}

void
ferry_output_progress (FerryOutput *self,
                       const char  *text)
{
  g_autofree char *escaped = ferry_output_escape (text);

  if (!self->terminal || (*text == '\0' && !self->progress_shown))
    return;

  fprintf (stderr, ERASE_LINE "%s", escaped);
  fflush (stderr);
  self->progress_shown = *text != '\0';
}
