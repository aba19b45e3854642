/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "hex.h"

GByteArray *
hex_parse (const char *text)
{
  GByteArray *bytes = g_byte_array_new ();

  while (*text != '\0')
    {
      guint8 byte;

      if (g_ascii_isspace (*text))
        {
          text++;
          continue;
        }
      g_assert_true (g_ascii_isxdigit (text[0]) && g_ascii_isxdigit (text[1]));
      byte = g_ascii_xdigit_value (text[0]) << 4 | g_ascii_xdigit_value (text[1]);
      g_byte_array_append (bytes, &byte, 1);
      text += 2;
    }

  return bytes;
}

char *
hex_print (const guint8 *data,
           gsize         size)
{
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < size; i++)
    g_string_append_printf (text, "%02x", data[i]);

  return g_string_free (text, FALSE);
}

void
hex_assert (GBytes     *bytes,
            const char *text)
{
  g_autoptr(GByteArray) expected = hex_parse (text);
  g_autofree char *expected_text = hex_print (expected->data, expected->len);
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  g_autofree char *found_text = hex_print (data, size);

  g_assert_cmpstr (found_text, ==, expected_text);
}
