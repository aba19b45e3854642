/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "proto/hashes.h"
#include "proto/proto-error.h"

#define NS "xmlns='" FERRY_NS_HASHES_2 "'"

/* "hello\n" (protocols 16) */
#define HELLO_SHA1       "9XLTlvrpIGYocU+yzgD3LpTyJY8="
#define HELLO_SHA1_HEX   "f572d396fae9206628714fb2ce00f72e94f2258f"
#define HELLO_SHA256     "WJG1tSLV3whtD/CxEPvZ0hu0/HFjrzTQgoai6Eb2vgM="
#define HELLO_SHA256_HEX "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"

static gboolean
parse (FerryHashes  *hashes,
       const char   *children,
       GError      **error)
{
  g_autofree char *xml = g_strdup_printf ("<file xmlns='urn:x'>%s</file>", children);
  g_autoptr(FerryElement) file = ferry_element_parse (xml, -1, NULL);

  g_assert_nonnull (file);

  return ferry_hashes_parse (hashes, file, error);
}

static void
fill (FerryHashes        *hashes,
      FerryHashAlgorithm  algorithm,
      char                letter)
{
  guint8 digest[FERRY_HASH_MAX_SIZE];

  memset (digest, letter, sizeof digest);
  ferry_hashes_set (hashes, algorithm, digest);
}

static void
test_names_are_those_of_the_registry (void)
{
  static const struct { FerryHashAlgorithm algorithm; const char *name; gsize size; } cases[] = {
    { FERRY_HASH_MD5, "md5", 16 },
    { FERRY_HASH_SHA1, "sha-1", 20 },
    { FERRY_HASH_SHA256, "sha-256", 32 },
    { FERRY_HASH_SHA512, "sha-512", 64 },
    { FERRY_HASH_SHA3_256, "sha3-256", 32 },
  };
  FerryHashAlgorithm algorithm;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_cmpstr (ferry_hash_algorithm_get_name (cases[i].algorithm), ==, cases[i].name);
      g_assert_cmpuint (ferry_hash_algorithm_get_size (cases[i].algorithm), ==, cases[i].size);
      g_assert_true (ferry_hash_algorithm_parse (cases[i].name, &algorithm));
      g_assert_cmpint (algorithm, ==, cases[i].algorithm);
    }
  g_assert_false (ferry_hash_algorithm_parse ("SHA-256", &algorithm));
  g_assert_false (ferry_hash_algorithm_parse ("blake2b-256", &algorithm));
  g_assert_false (ferry_hash_algorithm_parse (NULL, &algorithm));
}

static void
test_reads_and_writes (void)
{
  static const char children[] =
    "<hash " NS " algo='sha-1'>" HELLO_SHA1 "</hash>"
    "<hash " NS " algo='sha-256'>" HELLO_SHA256 "</hash>"
    "<hash-used " NS " algo='sha-512'/>";
  g_autofree char *xml = g_strdup_printf ("<file xmlns='urn:x'>%s</file>", children);
  FerryElementBuilder *builder = ferry_element_builder_new ("file", "urn:x");
  g_autoptr(FerryElement) wanted = ferry_element_parse (xml, -1, NULL);
  g_autoptr(FerryElement) written = NULL;
  g_autofree char *sha256 = NULL;
  g_autofree char *sha512 = NULL;
  g_autofree char *sha1 = NULL;
  FerryHashes hashes = { 0 };

  g_assert_true (parse (&hashes, children, NULL));
  sha1 = ferry_hashes_dup_hex (&hashes, FERRY_HASH_SHA1);
  sha256 = ferry_hashes_dup_hex (&hashes, FERRY_HASH_SHA256);
  sha512 = ferry_hashes_dup_hex (&hashes, FERRY_HASH_SHA512);
  g_assert_cmpstr (sha1, ==, HELLO_SHA1_HEX);
  g_assert_cmpstr (sha256, ==, HELLO_SHA256_HEX);
  g_assert_null (sha512);
  g_assert_null (ferry_hashes_get (&hashes, FERRY_HASH_MD5));

  ferry_hashes_build (&hashes, builder);
  written = ferry_element_builder_end (builder);
  g_assert_true (ferry_element_equal (written, wanted));
}

static void
test_tolerates (void)
{
  static const struct { const char *children; guint announced; guint present; } cases[] = {
    { "", 0, 0 },
    { "<hash " NS " algo='sha-256'/>", 1 << FERRY_HASH_SHA256, 0 },
    { "<hash " NS " algo='sha-256'> \n </hash>", 1 << FERRY_HASH_SHA256, 0 },
    { "<hash " NS " algo='sha-1'>\n 9XLTlvrpIGYocU+y\n zgD3LpTyJY8=\n</hash>", /* C-10 */
      1 << FERRY_HASH_SHA1, 1 << FERRY_HASH_SHA1 },
    { "<hash " NS " algo='blake2b-512'>!</hash>", 0, 0 },
    { "<hash xmlns='urn:xmpp:hashes:1' algo='sha-1'>f572</hash>", 0, 0 },
    { "<hash " NS " algo='sha-1'>" HELLO_SHA1 "</hash>"
      "<hash " NS " algo='sha-1'>" HELLO_SHA1 "</hash>",
      1 << FERRY_HASH_SHA1, 1 << FERRY_HASH_SHA1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      FerryHashes hashes = { 0 };

      parse (&hashes, cases[i].children, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (hashes.announced, ==, cases[i].announced);
      g_assert_cmpuint (hashes.present, ==, cases[i].present);
    }
}

static void
test_refuses (void)
{
  static const char *const cases[] = {
    "<hash " NS ">" HELLO_SHA1 "</hash>",
    "<hash-used " NS "/>",
    "<hash " NS " algo='sha-256'>" HELLO_SHA1 "</hash>",
    "<hash " NS " algo='sha-1'>" HELLO_SHA1_HEX "</hash>",
    "<hash " NS " algo='sha-1'>9XLTlvrpIGYocU+yzgD3LpTyJY8</hash>",
    "<hash " NS " algo='sha-1'>9XLTlvrpIGYocU-yzgD3LpTyJY8=</hash>",
    "<hash " NS " algo='sha-1'>=XLTlvrpIGYocU+yzgD3LpTyJY8=</hash>",
    "<hash " NS " algo='sha-1'>" HELLO_SHA1 "</hash>"
    "<hash " NS " algo='sha-1'>AAAAlvrpIGYocU+yzgD3LpTyJY8=</hash>",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      static const FerryHashes none = { 0 };
      g_autoptr(GError) error = NULL;
      FerryHashes hashes = { 0 };

      g_assert_false (parse (&hashes, cases[i], &error));
      g_assert_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED);
      g_assert_cmpmem (&hashes, sizeof hashes, &none, sizeof none);
    }
}

/* FT-6, SEC-23 */
static void
test_judges (void)
{
  static const struct
  {
    const char *expected;
    const char *computed;
    FerryHashVerdict verdict;
  } cases[] = {
    /* a letter per algorithm, in their order; '.' unknown, '?' announced */
    { ".....", "aaaaa", FERRY_HASHES_UNKNOWN },
    { "??.??", "aaaaa", FERRY_HASHES_UNKNOWN },
    { "..a..", ".a...", FERRY_HASHES_UNKNOWN },
    { "a....", "a....", FERRY_HASHES_WEAK },
    { "aa...", "aaa..", FERRY_HASHES_WEAK },
    { "..a..", "..a..", FERRY_HASHES_VERIFIED },
    { "...a.", "aaaaa", FERRY_HASHES_VERIFIED },
    { "....a", "aaaaa", FERRY_HASHES_VERIFIED },
    { "aaa??", "aaaaa", FERRY_HASHES_VERIFIED },
    { "..b..", "aaaaa", FERRY_HASHES_MISMATCH },
    { "b.a..", "aaaaa", FERRY_HASHES_MISMATCH },
    { ".b...", ".a...", FERRY_HASHES_MISMATCH },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      FerryHashes expected = { 0 };
      FerryHashes computed = { 0 };

      for (guint a = 0; a < FERRY_N_HASHES; a++)
        {
          if (cases[i].expected[a] == '?')
            ferry_hashes_announce (&expected, a);
          else if (cases[i].expected[a] != '.')
            fill (&expected, a, cases[i].expected[a]);
          if (cases[i].computed[a] != '.')
            fill (&computed, a, cases[i].computed[a]);
        }
      g_assert_cmpint (ferry_hashes_compare (&expected, &computed), ==, cases[i].verdict);
    }
}

static void
test_one_wrong_bit_is_a_mismatch (void)
{
  for (guint a = 0; a < FERRY_N_HASHES; a++)
    for (gsize bit = 0; bit < 8 * ferry_hash_algorithm_get_size (a); bit++)
      {
        FerryHashes expected = { 0 };
        FerryHashes computed;

        fill (&expected, a, 'a');
        computed = expected;
        computed.digest[a][bit / 8] ^= 1 << bit % 8;
        g_assert_cmpint (ferry_hashes_compare (&expected, &computed), ==, FERRY_HASHES_MISMATCH);
      }
}

static void
test_merge_keeps_what_was_said_first (void)
{
  FerryHashes hashes = { 0 };
  FerryHashes more = { 0 };

  fill (&hashes, FERRY_HASH_SHA256, 'a');
  ferry_hashes_announce (&hashes, FERRY_HASH_SHA512);
  fill (&more, FERRY_HASH_SHA256, 'b');
  fill (&more, FERRY_HASH_SHA512, 'b');
  ferry_hashes_announce (&more, FERRY_HASH_MD5);
  ferry_hashes_merge (&hashes, &more);

  g_assert_cmpint (ferry_hashes_get (&hashes, FERRY_HASH_SHA256)[0], ==, 'a');
  g_assert_cmpint (ferry_hashes_get (&hashes, FERRY_HASH_SHA512)[63], ==, 'b');
  g_assert_cmpuint (hashes.announced & (1u << FERRY_HASH_MD5), !=, 0);
  g_assert_null (ferry_hashes_get (&hashes, FERRY_HASH_MD5));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/proto/hashes/names-are-those-of-the-registry",
                   test_names_are_those_of_the_registry);
  g_test_add_func ("/proto/hashes/reads-and-writes", test_reads_and_writes);
  g_test_add_func ("/proto/hashes/tolerates", test_tolerates);
  g_test_add_func ("/proto/hashes/refuses", test_refuses);
  g_test_add_func ("/proto/hashes/judges", test_judges);
  g_test_add_func ("/proto/hashes/one-wrong-bit-is-a-mismatch", test_one_wrong_bit_is_a_mismatch);
  g_test_add_func ("/proto/hashes/merge-keeps-what-was-said-first",
                   test_merge_keeps_what_was_said_first);

  return g_test_run ();
}
