/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "legacy/namespaces.h"
#include "legacy/si-file.h"
#include "proto/proto-error.h"
#include "vector.h"

#define MD5_OF_HELLO  "b1946ac92492d2347c6235b4d2611184" /* "hello\n" */
#define SHA1_OF_HELLO "f572d396fae9206628714fb2ce00f72e94f2258f"

/* @inside: attributes, and children if it goes on with ">" */
static FerryElement *
new_file (const char *inside)
{
  gboolean has_children = g_str_has_suffix (inside, "/>");
  g_autofree char *xml = g_strdup_printf ("<file xmlns='" FERRY_NS_SI_FILE_TRANSFER "' %s%s", inside,
                                          has_children ? "</file>" : "/>");
  FerryElement *file = ferry_element_parse (xml, -1, NULL);

  g_assert_nonnull (file);

  return file;
}

static FerryFileDescription *
parse_offer (const char  *inside,
             GError     **error)
{
  g_autoptr(FerryElement) file = new_file (inside);

  return ferry_si_file_parse_offer (file, error);
}

/* FT0-2, SIFT-1, SIFT-3 */
static void
test_reads_every_field (void)
{
  g_autoptr(FerryElement) element = vector_load ("xep-0096", "file-full.xml");
  g_autoptr(FerryFileDescription) file = ferry_si_file_parse_offer (element, NULL);
  g_autofree char *hash = NULL;

  g_assert_nonnull (file);
  g_assert_cmpstr (file->name, ==, "test.txt");
  g_assert_cmpint (file->size, ==, 1022);
  g_assert_cmpint (file->date, ==, -14159025);
  g_assert_cmpstr (file->description, ==, "This is a test. If this were a real file...");
  g_assert_null (file->media_type);
  g_assert_false (file->has_range);
  hash = ferry_hashes_dup_hex (&file->hashes, FERRY_HASH_MD5);
  g_assert_cmpstr (hash, ==, "552da749930852c69ae5d2141d3766b1");
}

static void
test_writes_what_it_reads (void)
{
  static const char *const names[] = {
    "file-full.xml", "file-minimal.xml", "file-of-a-range.xml", "file-of-an-answer.xml",
    "file-with-ranges.xml",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(FerryElement) element = vector_load ("xep-0096", names[i]);
      g_autoptr(FerryFileDescription) file = ferry_si_file_parse (element, NULL);

      g_assert_nonnull (file);
      vector_assert_equal (element, ferry_si_file_to_element (file));
    }
}

/* SIFT-1, FT0-1 */
static void
test_offers_name_and_size (void)
{
  static const char *const cases[] = { "", "name='a'", "size='6'", "name='' size='6'" };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(FerryElement) element = new_file (cases[i]);
      g_autoptr(FerryFileDescription) answer = ferry_si_file_parse (element, NULL);
      g_autoptr(GError) error = NULL;

      g_assert_nonnull (answer);
      g_assert_null (ferry_si_file_parse_offer (element, &error));
      g_assert_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED);
    }
}

static void
test_is_particular_about_the_element (void)
{
  static const char *const cases[] = {
    "<file xmlns='urn:xmpp:jingle:apps:file-transfer:5' name='a' size='6'/>",
    "<range xmlns='" FERRY_NS_SI_FILE_TRANSFER "' name='a' size='6'/>",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(FerryElement) element = ferry_element_parse (cases[i], -1, NULL);
      g_autoptr(GError) error = NULL;

      g_assert_null (ferry_si_file_parse (element, &error));
      g_assert_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED);
    }
}

/* FT0-2, C-21: told apart by length */
static void
test_hashes (void)
{
  static const struct { const char *hash; guint present; } cases[] = {
    { MD5_OF_HELLO, 1u << FERRY_HASH_MD5 },
    { "B1946AC92492D2347C6235B4D2611184", 1u << FERRY_HASH_MD5 },
    { SHA1_OF_HELLO, 1u << FERRY_HASH_SHA1 },
    { "", 0 },
    { "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03", 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *inside = g_strdup_printf ("name='a' size='6' hash='%s'", cases[i].hash);
      g_autoptr(FerryFileDescription) file = parse_offer (inside, NULL);

      g_assert_nonnull (file);
      g_assert_cmpuint (file->hashes.present, ==, cases[i].present);
    }
}

/* FT0-8: only what this dialect can say */
static void
test_writes_md5_alone (void)
{
  g_autoptr(FerryFileDescription) file = parse_offer ("name='a' size='6'", NULL);
  g_autoptr(FerryElement) without = NULL;
  g_autoptr(FerryElement) with = NULL;
  guint8 digest[FERRY_HASH_MAX_SIZE] = { 0xab };

  ferry_hashes_announce (&file->hashes, FERRY_HASH_MD5);
  ferry_hashes_set (&file->hashes, FERRY_HASH_SHA256, digest);
  without = ferry_si_file_to_element (file);
  g_assert_null (ferry_element_get_attribute (without, "hash"));

  ferry_hashes_set (&file->hashes, FERRY_HASH_MD5, digest);
  with = ferry_si_file_to_element (file);
  g_assert_cmpstr (ferry_element_get_attribute (with, "hash"), ==,
                   "ab000000000000000000000000000000");
}

/* XEP-0082; FT5-12 says what becomes of the others */
static void
test_dates (void)
{
  static const struct { const char *text; gint64 date; } cases[] = {
    { "2024-02-01T10:00:00Z", 1706781600 },
    { "2024-02-01T10:00:00.123Z", 1706781600 },
    { "2024-02-01T10:00:00.123456Z", 1706781600 },
    { "2024-02-01T11:30:00+01:30", 1706781600 },
    { "2005-11-29T11:21Z", -1 }, /* XEP-0137's own example */
    { "20240201T10:00:00", -1 }, /* XEP-0091, of an unknown zone */
    { "", -1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *inside = g_strdup_printf ("name='a' size='6' date='%s'", cases[i].text);
      g_autoptr(FerryFileDescription) file = parse_offer (inside, NULL);

      g_assert_nonnull (file);
      g_assert_cmpint (file->date, ==, cases[i].date);
    }
}

/* SIFT-4 */
static void
test_ranges (void)
{
  static const struct { const char *range; gint64 offset; gint64 length; } cases[] = {
    { "<range/>", 0, -1 },
    { "<range offset='128'/>", 128, -1 },
    { "<range length='256'/>", 0, 256 },
    { "<range offset='128' length='256'/>", 128, 256 },
    { "<range offset='0' length='0'/>", 0, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *inside = g_strdup_printf (">%s", cases[i].range);
      g_autoptr(FerryElement) element = new_file (inside);
      g_autoptr(FerryFileDescription) file = ferry_si_file_parse (element, NULL);

      g_assert_nonnull (file);
      g_assert_true (file->has_range);
      g_assert_cmpint (file->range_offset, ==, cases[i].offset);
      g_assert_cmpint (file->range_length, ==, cases[i].length);
    }
}

/* SEC-12, SEC-21 */
static void
test_refuses (void)
{
  static const char *const cases[] = {
    "name='a' size='-1'",
    "name='a' size=''",
    "name='a' size=' 6'",
    "name='a' size='6 bytes'",
    "name='a' size='9223372036854775808'",
    "name='a' size='6' hash='b1946ac92492d2347c6235b4d261118g'",
    "name='a' size='6' hash='f572d396fae9206628714fb2ce00f72e94f2258-'",
    "name='a' size='6'><range offset='7'/>",
    "name='a' size='6'><range offset='5' length='2'/>",
    "name='a' size='6'><range offset='x'/>",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (parse_offer (cases[i], &error));
      g_assert_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_UNSUPPORTED);
    }
}

/* SEC-11, SEC-18: no name is too strange, only too long */
static void
test_limits_text (void)
{
  static const char *const forms[] = { "name='%s' size='6'", "name='a' size='6'><desc>%s</desc><x/>" };

  for (gsize i = 0; i < G_N_ELEMENTS (forms); i++)
    for (gsize length = 1024; length <= 1025; length++)
      {
        g_autofree char *text = g_strnfill (length, '/');
        g_auto(GStrv) around = g_strsplit (forms[i], "%s", 2);
        g_autofree char *inside = g_strjoin (text, around[0], around[1], NULL);
        g_autoptr(GError) error = NULL;
        g_autoptr(FerryFileDescription) file = parse_offer (inside, &error);

        g_assert_true ((file != NULL) == (length <= 1024));
        if (length > 1024)
          g_assert_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_TOO_LARGE);
      }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/legacy/si-file/reads-every-field", test_reads_every_field);
  g_test_add_func ("/legacy/si-file/writes-what-it-reads", test_writes_what_it_reads);
  g_test_add_func ("/legacy/si-file/offers-name-and-size", test_offers_name_and_size);
  g_test_add_func ("/legacy/si-file/is-particular-about-the-element",
                   test_is_particular_about_the_element);
  g_test_add_func ("/legacy/si-file/hashes", test_hashes);
  g_test_add_func ("/legacy/si-file/writes-md5-alone", test_writes_md5_alone);
  g_test_add_func ("/legacy/si-file/dates", test_dates);
  g_test_add_func ("/legacy/si-file/ranges", test_ranges);
  g_test_add_func ("/legacy/si-file/refuses", test_refuses);
  g_test_add_func ("/legacy/si-file/limits-text", test_limits_text);

  return g_test_run ();
}
