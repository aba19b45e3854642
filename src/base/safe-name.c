/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "base/safe-name.h"

#define FALLBACK "file"

/* Longer is no extension but a name with a dot in it. Bytes, dot included. */
#define EXTENSION_MAX 17

/* Whether a name may hold @c: nothing unseen that breaks lines or turns the
 * direction of text, so that "exe.fdp" cannot pose as a PDF. The joiners of
 * Persian and of emoji (U+200C, U+200D) are harmless. */
static gboolean
is_harmless (gunichar c)
{
  static const struct
  {
    gunichar first;
    gunichar last;
  } tricks[] = {
    { 0x061c, 0x061c }, { 0x200b, 0x200b }, { 0x200e, 0x200f }, { 0x2028, 0x202e },
    { 0x2066, 0x206f }, { 0xfeff, 0xfeff }, { 0xfff9, 0xfffb }, { 0xe0000, 0xe007f },
  };

  if (g_unichar_iscntrl (c) || (c & 0xfffe) == 0xfffe)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (tricks); i++)
    if (c >= tricks[i].first && c <= tricks[i].last)
      return FALSE;

  return TRUE;
}

/* A blank of any script. */
static gboolean
is_blank (gunichar c)
{
  return g_unichar_isspace (c) || c == 0x3164 || c == 0x00ad;
}

/* Where the text between @start and @end ends, blanks and dots left aside. */
static const char *
trim_end (const char *start,
          const char *end)
{
  while (end > start)
    {
      const char *p = g_utf8_find_prev_char (start, end);

      if (*p != '.' && !is_blank (g_utf8_get_char (p)))
        break;
      end = p;
    }

  return end;
}

/* Strips what hides a file or confuses other systems: leading dots and blanks,
 * trailing dots and blanks. */
static void
strip (GString *name)
{
  const char *p = name->str;

  while (*p != '\0' && (*p == '.' || is_blank (g_utf8_get_char (p))))
    p = g_utf8_next_char (p);
  g_string_erase (name, 0, p - name->str);

  g_string_truncate (name, trim_end (name->str, name->str + name->len) - name->str);
}

/* Whether Windows takes @name for a device; sharing a disk with it, we do not make one. */
static gboolean
is_device (const char *name)
{
  static const char *const devices[] = { "CON", "PRN", "AUX", "NUL" };
  static const char *const numbered[] = { "COM", "LPT" };
  gsize len = strcspn (name, ". ");

  for (guint i = 0; i < G_N_ELEMENTS (devices); i++)
    if (len == 3 && g_ascii_strncasecmp (name, devices[i], 3) == 0)
      return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (numbered); i++)
    if (len == 4 && g_ascii_strncasecmp (name, numbered[i], 3) == 0 && g_ascii_isdigit (name[3]))
      return TRUE;

  return FALSE;
}

/* Where the extension of @name begins, at its dot or at the end; ".tar.gz" is one. */
static const char *
get_extension (const char *name)
{
  const char *end = name + strlen (name);
  const char *dot = strrchr (name, '.');

  if (dot == NULL || dot == name || end - dot > EXTENSION_MAX || strchr (dot, ' ') != NULL)
    return end;
  if (dot - name > 4 && g_ascii_strncasecmp (dot - 4, ".tar", 4) == 0)
    return dot - 4;

  return dot;
}

/* @stem shortened to make room, @suffix, @extension. */
static char *
assemble (const char *stem,
          gsize       stem_len,
          const char *suffix,
          const char *extension)
{
  gsize room = FERRY_SAFE_NAME_MAX - strlen (suffix) - strlen (extension);
  const char *end = stem + stem_len;

  if (stem_len > room)
    end = trim_end (stem, g_utf8_find_prev_char (stem, stem + room + 1));

  return g_strdup_printf ("%.*s%s%s", (int) (end - stem), stem, suffix, extension);
}

char *
ferry_safe_name (const char *untrusted)
{
  g_autofree char *valid = g_utf8_make_valid (untrusted != NULL ? untrusted : "", -1);
  g_autoptr(GString) name = g_string_new (NULL);
  const char *extension;

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == '/' || c == '\\')
        g_string_truncate (name, 0);
      else if (is_harmless (c))
        g_string_append_unichar (name, c);
    }

  strip (name);
  if (is_device (name->str))
    g_string_prepend_c (name, '_');
  if (name->len == 0)
    g_string_assign (name, FALLBACK);

  extension = get_extension (name->str);

  return assemble (name->str, extension - name->str, "", extension);
}

char *
ferry_safe_name_numbered (const char *safe,
                          guint       n)
{
  g_autofree char *suffix = g_strdup_printf (" (%u)", n);
  const char *extension;

  g_return_val_if_fail (safe != NULL, NULL);

  extension = get_extension (safe);

  return assemble (safe, extension - safe, suffix, extension);
}
