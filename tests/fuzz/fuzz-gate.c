/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "fuzz.h"
#include "proto/gate.h"

/* Feeds @data in pieces of @size; the blanks after each piece are left out. */
static GString *
filter (const guint8 *data,
        gsize         len,
        gsize         size)
{
  g_autoptr(FerryGate) gate = ferry_gate_new ("romeo@montague.lit");
  GString *out = g_string_new (NULL);
  FerryElement *answer;
  gboolean ok = TRUE;

  while (ok && len > 0)
    {
      g_autoptr(GByteArray) passed = g_byte_array_new ();
      gsize piece = MIN (size, len);

      ok = ferry_gate_receive (gate, data, piece, passed, NULL);
      while (passed->len > 0 && passed->data[passed->len - 1] == ' ')
        passed->len--;
      g_string_append_len (out, (const char *) passed->data, passed->len);
      data += piece;
      len -= piece;
    }

  while ((answer = ferry_gate_take_answer (gate)) != NULL)
    ferry_element_unref (answer);

  return out;
}

/* How the stream was cut into pieces must not show in what is let through. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  GString *whole = filter (data, size, G_MAXSIZE);
  GString *pieces = filter (data, size, size > 0 ? 1 + data[size - 1] % 16 : 1);

  if (!g_string_equal (whole, pieces))
    g_error ("Whole: %s\nIn pieces: %s", whole->str, pieces->str);
  g_string_free (whole, TRUE);
  g_string_free (pieces, TRUE);

  return 0;
}
