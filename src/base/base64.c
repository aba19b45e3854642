/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "base/base64.h"

#define PADDING 64
#define SKIP    65
#define FOREIGN 66

/* What a character stands for: 0–63, or one of the above. */
static guint8
get_value (char c)
{
  if (c >= 'A' && c <= 'Z')
    return c - 'A';
  if (c >= 'a' && c <= 'z')
    return c - 'a' + 26;
  if (c >= '0' && c <= '9')
    return c - '0' + 52;

  switch (c)
    {
    case '+':
      return 62;
    case '/':
      return 63;
    case '=':
      return PADDING;
    case ' ': case '\t': case '\r': case '\n':
      return SKIP;
    default:
      return FOREIGN;
    }
}

/* Decodes into @out, which has room for three bytes for each four characters.
 * Returns how many came out; -1 if @text is malformed. */
static gssize
decode (const char *text,
        guint8     *out)
{
  const guint8 *start = out;
  guint32 bits = 0;
  guint n_chars = 0;   /* of the group of four, padding included */
  guint n_padding = 0;

  for (; *text != '\0'; text++)
    {
      guint8 value = get_value (*text);

      if (value == SKIP)
        continue;
      if (value == FOREIGN)
        return -1;
      if (value == PADDING ? n_chars < 2 || ++n_padding > 2 : n_padding > 0)
        return -1;

      bits = bits << 6 | (value & 63);
      if (++n_chars < 4)
        continue;

      *out++ = bits >> 16;
      *out++ = bits >> 8;
      *out++ = bits;
      n_chars = 0;
    }

  if (n_chars != 0)
    return -1;

  return out - start - n_padding;
}

GBytes *
ferry_base64_decode (const char *text,
                     gsize       max_size)
{
  g_autofree guint8 *out = NULL;
  gssize size;

  g_return_val_if_fail (text != NULL, NULL);

  out = g_malloc (strlen (text) / 4 * 3 + 3);
  size = decode (text, out);
  if (size < 0 || (gsize) size > max_size)
    return NULL;

  return g_bytes_new_take (g_steal_pointer (&out), size);
}
