/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "proto/file-description.h"
#include "proto/proto-error.h"

static FerryFileDescription *
parse (const char  *children,
       GError     **error)
{
  g_autofree char *xml = g_strdup_printf ("<file xmlns='" FERRY_NS_FILE_TRANSFER_5 "'>%s</file>",
                                         children);
  g_autoptr(FerryElement) file = ferry_element_parse (xml, -1, error);

  g_assert_nonnull (file);

  return ferry_file_description_parse (file, error);
}

/* XEP-0234 example 1, field by field */
static void
test_reads_every_field (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(FerryFileDescription) file = parse (
    "<date>1969-07-21T02:56:15Z</date><desc>This is a test. If this were a real file...</desc>"
    "<media-type>text/plain</media-type><name>test.txt</name><range/><size>6144</size>"
    "<hash xmlns='urn:xmpp:hashes:2' algo='sha-1'>w0mcJylzCn+AfvuGdqkty2+KP48=</hash>", &error);

  g_assert_no_error (error);
  g_assert_cmpint (file->date, ==, -14159025);
  g_assert_cmpstr (file->description, ==, "This is a test. If this were a real file...");
  g_assert_cmpstr (file->media_type, ==, "text/plain");
  g_assert_cmpstr (file->name, ==, "test.txt");
  g_assert_cmpint (file->size, ==, 6144);
  g_assert_true (file->has_range);
  g_assert_cmpint (file->range_offset, ==, 0);
  g_assert_cmpint (file->range_length, ==, -1);
  g_assert_nonnull (ferry_hashes_get (&file->hashes, FERRY_HASH_SHA1));
}

static void
test_knows_what_was_not_said (void)
{
  g_autoptr(FerryFileDescription) file = parse ("", NULL);

  g_assert_null (file->name);
  g_assert_null (file->media_type);
  g_assert_null (file->description);
  g_assert_cmpint (file->size, ==, -1);
  g_assert_cmpint (file->date, ==, -1);
  g_assert_false (file->has_range);
}

static void
test_writes_what_it_reads (void)
{
  static const char *const cases[] = {
    "",
    "<date>1969-07-21T02:56:15Z</date><desc>d</desc><media-type>text/plain</media-type>"
    "<name>a &amp; \xc3\xa9.txt</name><range/><size>6144</size>"
    "<hash xmlns='urn:xmpp:hashes:2' algo='sha-1'>w0mcJylzCn+AfvuGdqkty2+KP48=</hash>",
    "<range offset='270336'/>",
    "<date>0069-07-21T02:56:15Z</date>",
    "<range offset='2048' length='1024'/><size>6144</size>",
    "<name>empty</name><size>0</size>", /* FT5-11 */
    "<size>9223372036854775807</size><hash-used xmlns='urn:xmpp:hashes:2' algo='sha-1'/>",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *xml =
        g_strdup_printf ("<file xmlns='" FERRY_NS_FILE_TRANSFER_5 "'>%s</file>", cases[i]);
      g_autoptr(FerryElement) read = ferry_element_parse (xml, -1, NULL);
      g_autoptr(FerryFileDescription) file = ferry_file_description_parse (read, NULL);
      g_autoptr(FerryFileDescription) copy = ferry_file_description_copy (file);
      g_autoptr(FerryElement) written = ferry_file_description_to_element (copy);

      g_assert_true (ferry_element_equal (read, written));
    }
}

/* FT5-12: ours are strict, theirs are dropped if need be */
static void
test_dates (void)
{
  static const struct { const char *text; gint64 date; } cases[] = {
    { "2024-02-01T10:00:00Z", 1706781600 },
    { "2024-02-01T10:00:00.123Z", 1706781600 },
    { "2024-02-01T12:00:00+02:00", 1706781600 },
    { "2024-02-01T10:00:00+00:00Z", -1 }, /* Gajim 1.7 */
    { "2024-02-01", -1 },
    { "yesterday", -1 },
    { "", -1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *xml = g_strdup_printf ("<name>a</name><date>%s</date>", cases[i].text);
      g_autoptr(FerryFileDescription) file = parse (xml, NULL);

      g_assert_nonnull (file);
      g_assert_cmpint (file->date, ==, cases[i].date);
    }
}

static void
test_dates_out_of_reach_are_not_written (void)
{
  g_autoptr(FerryFileDescription) file = ferry_file_description_new ();
  g_autoptr(FerryElement) element = NULL;

  file->date = G_MAXINT64;
  element = ferry_file_description_to_element (file);
  g_assert_null (ferry_element_find (element, "date", NULL));
}

/* Q-CO-1 */
static void
test_reads_both_spellings_of_the_type (void)
{
  static const char *const cases[] = {
    "<mediaType>image/png</mediaType>",
    "<media-type>image/png</media-type>",
    "<mediaType>x/y</mediaType><media-type>image/png</media-type>",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(FerryFileDescription) file = parse (cases[i], NULL);

      g_assert_cmpstr (file->media_type, ==, "image/png");
    }
}

/* SEC-11, SEC-12, SEC-21 */
static void
test_refuses (void)
{
  static const struct { const char *children; FerryProtoError code; } cases[] = {
    { "<size>-1</size>", FERRY_PROTO_ERROR_MALFORMED },
    { "<size>+1</size>", FERRY_PROTO_ERROR_MALFORMED },
    { "<size> 1</size>", FERRY_PROTO_ERROR_MALFORMED },
    { "<size></size>", FERRY_PROTO_ERROR_MALFORMED },
    { "<size>1.5</size>", FERRY_PROTO_ERROR_MALFORMED },
    { "<size>0x10</size>", FERRY_PROTO_ERROR_MALFORMED },
    { "<size>9223372036854775808</size>", FERRY_PROTO_ERROR_MALFORMED },
    { "<size>99999999999999999999999999</size>", FERRY_PROTO_ERROR_MALFORMED },
    { "<range offset='-1'/>", FERRY_PROTO_ERROR_MALFORMED },
    { "<range length='x'/>", FERRY_PROTO_ERROR_MALFORMED },
    { "<range offset='7'/><size>6</size>", FERRY_PROTO_ERROR_MALFORMED },
    { "<size>6</size><range offset='5' length='2'/>", FERRY_PROTO_ERROR_MALFORMED },
    { "<size>6</size><range offset='6' length='9223372036854775807'/>",
      FERRY_PROTO_ERROR_MALFORMED },
    { "<hash xmlns='urn:xmpp:hashes:2' algo='sha-1'>c3Q=</hash>", FERRY_PROTO_ERROR_MALFORMED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(FerryFileDescription) file = parse (cases[i].children, &error);

      g_assert_null (file);
      g_assert_error (error, FERRY_PROTO_ERROR, (int) cases[i].code);
    }
}

static void
test_limits_text (void)
{
  static const char *const names[] = { "name", "desc", "media-type", "mediaType" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    for (gsize length = 1024; length <= 1025; length++)
      {
        g_autofree char *text = g_strnfill (length, 'a');
        g_autofree char *xml = g_strdup_printf ("<%s>%s</%s>", names[i], text, names[i]);
        g_autoptr(GError) error = NULL;
        g_autoptr(FerryFileDescription) file = parse (xml, &error);

        g_assert_true ((file != NULL) == (length <= 1024));
        if (length > 1024)
          g_assert_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_TOO_LARGE);
      }
}

/* One control character in a name must not end the stream to our server. */
static void
test_never_writes_what_xml_forbids (void)
{
  g_autoptr(FerryFileDescription) file = ferry_file_description_new ();
  g_autoptr(FerryElement) element = NULL;
  g_autoptr(FerryElement) again = NULL;
  g_autofree char *xml = NULL;

  file->name = g_strdup ("a\001b\033c\xef\xbf\xbf\xff<&>.txt");
  element = ferry_file_description_to_element (file);
  xml = ferry_element_print (element);
  again = ferry_element_parse (xml, -1, NULL);
  g_assert_nonnull (again);
  g_assert_cmpstr (ferry_element_find_text (again, "name", NULL), ==,
                   "a\xef\xbf\xbd" "b\xef\xbf\xbd" "c\xef\xbf\xbd\xef\xbf\xbd<&>.txt");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/proto/file-description/reads-every-field", test_reads_every_field);
  g_test_add_func ("/proto/file-description/knows-what-was-not-said", test_knows_what_was_not_said);
  g_test_add_func ("/proto/file-description/writes-what-it-reads", test_writes_what_it_reads);
  g_test_add_func ("/proto/file-description/dates", test_dates);
  g_test_add_func ("/proto/file-description/dates-out-of-reach-are-not-written",
                   test_dates_out_of_reach_are_not_written);
  g_test_add_func ("/proto/file-description/reads-both-spellings-of-the-type",
                   test_reads_both_spellings_of_the_type);
  g_test_add_func ("/proto/file-description/refuses", test_refuses);
  g_test_add_func ("/proto/file-description/limits-text", test_limits_text);
  g_test_add_func ("/proto/file-description/never-writes-what-xml-forbids",
                   test_never_writes_what_xml_forbids);

  return g_test_run ();
}
