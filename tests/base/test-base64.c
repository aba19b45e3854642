/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "base/base64.h"

static void
test_decodes_with_white_space (void)
{
  static const struct
  {
    const char *text;
    const char *bytes;
  } cases[] = {
    { "", "" },
    { " \t\r\n", "" },
    { "PC9zdHJlYW06c3RyZWFtPg==", "</stream:stream>" },
    { "Zg==", "f" },
    { "Zm8=", "fo" },
    { "Zm9v", "foo" },
    { " Z\r\nm 9\tv\nYg = =\n", "foob" },
    { "+/+/", "\xfb\xff\xbf" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GBytes) bytes = ferry_base64_decode (cases[i].text, 100);

      g_assert_nonnull (bytes);
      g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                       cases[i].bytes, strlen (cases[i].bytes));
    }
}

/* IBB-9 */
static void
test_refuses_foreign_characters_and_padding (void)
{
  static const char *const texts[] = {
    "=AAA", "BBBB=CCC", "A", "AA", "AAA", "A===", "AA=", "AA=A", "AAA==", "AAAA=", "AAAA==",
    "====", "AA==AA==", "AAA-", "AAA_", "AAA.", "AA\vAA", "AAA\xc3\xa9", "AA&A", "AAAA\x80",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GBytes) bytes = ferry_base64_decode (texts[i], 100);

      if (bytes != NULL)
        g_error ("Took %s", texts[i]);
    }
}

/* IBB-10 */
static void
test_keeps_to_the_size (void)
{
  g_autoptr(GBytes) fits = ferry_base64_decode ("Zm9vYmE=", 5);
  g_autoptr(GBytes) more = ferry_base64_decode ("Zm9vYmE=", 4);

  g_assert_nonnull (fits);
  g_assert_null (more);
}

static void
test_undoes_the_encoder (void)
{
  guint8 block[256];

  for (guint i = 0; i < sizeof block; i++)
    block[i] = 255 - i;

  for (gsize len = 0; len <= sizeof block; len++)
    {
      g_autofree char *text = g_base64_encode (block, len);
      g_autoptr(GBytes) bytes = ferry_base64_decode (text, len);

      g_assert_nonnull (bytes);
      g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), block, len);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/base64/decodes-with-white-space", test_decodes_with_white_space);
  g_test_add_func ("/base/base64/refuses-foreign-characters-and-padding",
                   test_refuses_foreign_characters_and_padding);
  g_test_add_func ("/base/base64/keeps-to-the-size", test_keeps_to_the_size);
  g_test_add_func ("/base/base64/undoes-the-encoder", test_undoes_the_encoder);

  return g_test_run ();
}
