/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/gate-bytes.h"

static const char stream[] = "abcdefghijkl";

static void
begin (FerryGateBytes *bytes,
       gsize           at,
       gsize           len)
{
  ferry_gate_bytes_begin (bytes, (const guint8 *) stream + at, len);
}

static void
assert_copies (FerryGateBytes *bytes,
               gint64          from,
               gint64          to)
{
  g_autoptr(GByteArray) out = g_byte_array_new ();

  ferry_gate_bytes_copy (bytes, from, to, out);
  g_assert_cmpmem (out->data, out->len, stream + from, to - from);
}

/* Wherever the pieces are cut and whatever is kept, places keep their bytes. */
static void
test_keeps_places_over_pieces (void)
{
  for (gint64 kept = 0; kept <= 4; kept++)
    for (gint64 later = kept; later <= 8; later++)
      {
        FerryGateBytes bytes;

        ferry_gate_bytes_init (&bytes);
        begin (&bytes, 0, 4);
        assert_copies (&bytes, 0, 4);
        ferry_gate_bytes_end (&bytes, kept);
        begin (&bytes, 4, 4);
        for (gint64 from = kept; from <= 8; from++)
          for (gint64 to = from; to <= 8; to++)
            assert_copies (&bytes, from, to);
        ferry_gate_bytes_end (&bytes, later);
        begin (&bytes, 8, 4);
        assert_copies (&bytes, later, 12);
        ferry_gate_bytes_end (&bytes, 12);
        g_assert_cmpuint (bytes.held->len, ==, 0);
        ferry_gate_bytes_clear (&bytes);
      }
}

static void
test_keeps_nothing_when_told_so (void)
{
  FerryGateBytes bytes;

  ferry_gate_bytes_init (&bytes);
  begin (&bytes, 0, 4);
  ferry_gate_bytes_end (&bytes, 2);
  g_assert_cmpuint (bytes.held->len, ==, 2);
  begin (&bytes, 4, 4);
  ferry_gate_bytes_end (&bytes, G_MAXINT64);
  g_assert_cmpuint (bytes.held->len, ==, 0);
  g_assert_cmpint (bytes.fed, ==, 8);
  ferry_gate_bytes_clear (&bytes);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/proto/gate-bytes/keeps-places-over-pieces", test_keeps_places_over_pieces);
  g_test_add_func ("/proto/gate-bytes/keeps-nothing-when-told-so", test_keeps_nothing_when_told_so);

  return g_test_run ();
}
