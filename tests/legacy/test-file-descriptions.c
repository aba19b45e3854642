/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "legacy/jingle-file-transfer-0.h"
#include "legacy/jingle-file-transfer-3.h"
#include "legacy/namespaces.h"
#include "proto/proto-error.h"
#include "vector.h"

#define SI "xmlns='" FERRY_NS_SI_FILE_TRANSFER "'"
#define SHA1 "f572d396fae9206628714fb2ce00f72e94f2258f" /* "hello\n" */

static const FerryJingleApplication *const applications[] = {
  &ferry_jingle_file_transfer_0,
  &ferry_jingle_file_transfer_1,
  &ferry_jingle_file_transfer_3,
  &ferry_jingle_file_transfer_4,
};

static FerryFileDescription *
parse (const FerryJingleApplication  *application,
       const char                    *children,
       gboolean                      *is_request,
       GError                       **error)
{
  g_autofree char *xml = g_strdup_printf ("<description xmlns='%s'>%s</description>",
                                          application->ns, children);
  g_autoptr(FerryElement) description = ferry_element_parse (xml, -1, NULL);

  g_assert_nonnull (description);

  return application->parse_description (description, is_request, error);
}

/* Every example of its versions of XEP-0234, there and back. */
static void
test_writes_what_it_reads (void)
{
  static const struct
  {
    const FerryJingleApplication *application;
    const char *folder;
    const char *name;
    gboolean is_request;
  } cases[] = {
    { &ferry_jingle_file_transfer_0, "xep-0234-0.8", "offer.xml", FALSE },
    { &ferry_jingle_file_transfer_0, "xep-0234-0.8", "request.xml", TRUE },
    { &ferry_jingle_file_transfer_1, "xep-0234-0.11", "offer.xml", FALSE },
    { &ferry_jingle_file_transfer_1, "xep-0234-0.11", "request.xml", TRUE },
    { &ferry_jingle_file_transfer_3, "xep-0234-0.15", "offer.xml", FALSE },
    { &ferry_jingle_file_transfer_3, "xep-0234-0.15", "request.xml", TRUE },
    { &ferry_jingle_file_transfer_3, "xep-0234-0.15", "request-of-a-range.xml", TRUE },
    { &ferry_jingle_file_transfer_4, "xep-0234-0.17", "offer.xml", FALSE },
    { &ferry_jingle_file_transfer_4, "xep-0234-0.17", "offer-without-digest.xml", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(FerryElement) description = vector_load (cases[i].folder, cases[i].name);
      g_autoptr(FerryFileDescription) file = NULL;
      g_autoptr(GError) error = NULL;
      gboolean is_request = !cases[i].is_request;

      file = cases[i].application->parse_description (description, &is_request, &error);
      g_assert_no_error (error);
      g_assert_true (is_request == cases[i].is_request);
      vector_assert_equal (description, cases[i].application->build_description (file, is_request));
    }
}

/* FT0-1 */
static void
test_ft0_is_an_offer_or_a_request (void)
{
  static const char *const cases[] = {
    "",
    "<file " SI " name='a' size='6'/>",
    "<offer/>",
    "<offer><file name='a' size='6'/></offer>",
    "<offer><file " SI " name='a' size='6'/></offer><request><file " SI " name='a'/></request>",
    "<offer><file " SI " name='a' size='6'/></offer><offer><file " SI " name='b' size='6'/></offer>",
    "<offer><file " SI " name='a' size='6'/><file " SI " name='b' size='6'/></offer>",
    "<offer><file " SI " size='6'/></offer>",
    "<offer><file " SI " name='a'/></offer>",
    "<offer xmlns='urn:x'><file " SI " name='a' size='6'/></offer>",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (gsize j = 0; j < 2; j++)
      {
        g_autoptr(GError) error = NULL;
        gboolean is_request;

        g_assert_null (parse (applications[j], cases[i], &is_request, &error));
        g_assert_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED);
      }
}

/* Protocols 6.3: it is a description, and cannot be used */
static void
test_ft0_ends_the_session_for_bad_numbers (void)
{
  static const char *const cases[] = {
    "<offer><file " SI " name='a' size='six'/></offer>",
    "<offer><file " SI " name='a' size='6'><range offset='7'/></file></offer>",
    "<request><file " SI " name='a'><range offset='-1'/></file></request>",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      gboolean is_request;

      g_assert_null (parse (&ferry_jingle_file_transfer_0, cases[i], &is_request, &error));
      g_assert_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_UNSUPPORTED);
    }
}

/* FT0-4, FT0-7 */
static void
test_ft0_answers_may_be_brief (void)
{
  g_autoptr(FerryElement) description = ferry_element_parse (
    "<description xmlns='" FERRY_NS_FILE_TRANSFER_0 "'><offer><file " SI ">"
    "<range offset='5'/></file></offer></description>", -1, NULL);
  g_autoptr(FerryElement) empty = ferry_element_parse (
    "<description xmlns='" FERRY_NS_FILE_TRANSFER_0 "'><offer/></description>", -1, NULL);
  g_autoptr(FerryFileDescription) file = NULL;
  g_autoptr(GError) error = NULL;

  file = ferry_jingle_file_transfer_0.parse_answer (description, &error);
  g_assert_no_error (error);
  g_assert_true (file->has_range);
  g_assert_cmpint (file->range_offset, ==, 5);

  g_assert_null (ferry_jingle_file_transfer_0.parse_answer (empty, &error));
  g_assert_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED);
}

/* FT0-5, FT4-3 */
static void
test_who_says_the_direction (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (applications); i++)
    g_assert_true (applications[i]->says_direction ==
                   (applications[i] != &ferry_jingle_file_transfer_4));
  g_assert_true (ferry_jingle_file_transfer_0.omits_senders);
}

static void
test_counts_files (void)
{
  static const struct
  {
    const FerryJingleApplication *application;
    const char *children;
    FerryProtoError code;
  } cases[] = {
    { &ferry_jingle_file_transfer_3, "", FERRY_PROTO_ERROR_MALFORMED },
    { &ferry_jingle_file_transfer_3, "<offer/>", FERRY_PROTO_ERROR_MALFORMED },
    { &ferry_jingle_file_transfer_3, "<file><name>a</name></file>", FERRY_PROTO_ERROR_MALFORMED },
    { &ferry_jingle_file_transfer_3, "<offer><file/><file/></offer>", /* FT3-1 */
      FERRY_PROTO_ERROR_UNSUPPORTED },
    { &ferry_jingle_file_transfer_4, "", FERRY_PROTO_ERROR_MALFORMED },
    { &ferry_jingle_file_transfer_4, "<offer><file/></offer>", FERRY_PROTO_ERROR_MALFORMED },
    { &ferry_jingle_file_transfer_4, "<file/><file/>", FERRY_PROTO_ERROR_MALFORMED },
    { &ferry_jingle_file_transfer_4, "<file><size>x</size></file>", FERRY_PROTO_ERROR_UNSUPPORTED },
    { &ferry_jingle_file_transfer_4, "<file><hash xmlns='urn:xmpp:hashes:1' algo='md5'>6</hash></file>",
      FERRY_PROTO_ERROR_UNSUPPORTED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      gboolean is_request;

      g_assert_null (parse (cases[i].application, cases[i].children, &is_request, &error));
      g_assert_error (error, FERRY_PROTO_ERROR, (int) cases[i].code);
    }
}

/* FT4-1, C-11 */
static void
test_reads_every_form_of_hash (void)
{
  static const char *const cases[] = {
    "<hash xmlns='urn:xmpp:hashes:1' algo='sha-1'>" SHA1 "</hash>",
    "<hash xmlns='urn:xmpp:hashes:1' algo='sha-1'>F572D396FAE9206628714FB2CE00F72E94F2258F</hash>",
    "<hash xmlns='urn:xmpp:hashes:1' algo='sha-1'>\n  " SHA1 "\n</hash>",
    "<hash xmlns='urn:xmpp:hashes:1' algo='sha-1'>9XLTlvrpIGYocU+yzgD3LpTyJY8=</hash>",
    "<hash xmlns='urn:xmpp:hashes:0' algo='sha-1'>" SHA1 "</hash>",
    "<hashes xmlns='urn:xmpp:hashes:0'><hash algo='sha-1'>" SHA1 "</hash></hashes>",
    "<hashes xmlns='urn:xmpp:hashes:1'><hash algo='sha-1'>" SHA1 "</hash></hashes>",
    "<hash xmlns='urn:xmpp:hashes:2' algo='sha-1'>9XLTlvrpIGYocU+yzgD3LpTyJY8=</hash>",
    "<hash xmlns='urn:xmpp:hashes:1' algo='x'>?</hash>"
    "<hash xmlns='urn:xmpp:hashes:1' algo='sha-1'>" SHA1 "</hash>",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *children = g_strdup_printf ("<file>%s</file>", cases[i]);
      g_autoptr(FerryFileDescription) file = NULL;
      g_autofree char *hex = NULL;
      gboolean is_request;

      file = parse (&ferry_jingle_file_transfer_4, children, &is_request, NULL);
      g_assert_nonnull (file);
      hex = ferry_hashes_dup_hex (&file->hashes, FERRY_HASH_SHA1);
      g_assert_cmpstr (hex, ==, SHA1);
    }
}

/* XEP-0234 0.14 says the same in other words than 0.15. */
static void
test_reads_the_older_ft3 (void)
{
  g_autoptr(FerryElement) older = vector_load ("xep-0234-0.15", "offer-with-hashes.xml");
  g_autoptr(FerryElement) newer = vector_load ("xep-0234-0.15", "offer.xml");
  g_autoptr(FerryFileDescription) file = NULL;
  gboolean is_request;

  file = ferry_jingle_file_transfer_3.parse_description (older, &is_request, NULL);
  g_assert_nonnull (file);
  vector_assert_equal (newer, ferry_jingle_file_transfer_3.build_description (file, is_request));
}

static void
test_refuses_hashes (void)
{
  static const char *const cases[] = {
    "<hash xmlns='urn:xmpp:hashes:1'>" SHA1 "</hash>",
    "<hash xmlns='urn:xmpp:hashes:1' algo='sha-1'>552da749930852c69ae5d2141d3766b1</hash>",
    "<hash xmlns='urn:xmpp:hashes:1' algo='sha-1'>" SHA1 "00</hash>",
    "<hash xmlns='urn:xmpp:hashes:1' algo='sha-1'>" SHA1 "</hash>"
    "<hashes xmlns='urn:xmpp:hashes:0'><hash algo='sha-1'>9XLTlvrpIGYocU+yzgD3LpTyJY4=</hash></hashes>",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *children = g_strdup_printf ("<offer><file>%s</file></offer>", cases[i]);
      g_autoptr(GError) error = NULL;
      gboolean is_request;

      g_assert_null (parse (&ferry_jingle_file_transfer_3, children, &is_request, &error));
      g_assert_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_UNSUPPORTED);
    }
}

/* The media type came with FT:4. */
static void
test_ft3_says_nothing_of_the_type (void)
{
  g_autoptr(FerryFileDescription) file = ferry_file_description_new ();
  g_autoptr(FerryElement) description = NULL;
  g_autoptr(FerryFileDescription) again = NULL;
  gboolean is_request;

  file->name = g_strdup ("a");
  file->media_type = g_strdup ("text/plain");
  description = ferry_jingle_file_transfer_3.build_description (file, FALSE);
  again = ferry_jingle_file_transfer_3.parse_description (description, &is_request, NULL);
  g_assert_cmpstr (again->name, ==, "a");
  g_assert_null (again->media_type);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/legacy/file-descriptions/writes-what-it-reads", test_writes_what_it_reads);
  g_test_add_func ("/legacy/file-descriptions/ft0-is-an-offer-or-a-request",
                   test_ft0_is_an_offer_or_a_request);
  g_test_add_func ("/legacy/file-descriptions/ft0-ends-the-session-for-bad-numbers",
                   test_ft0_ends_the_session_for_bad_numbers);
  g_test_add_func ("/legacy/file-descriptions/ft0-answers-may-be-brief",
                   test_ft0_answers_may_be_brief);
  g_test_add_func ("/legacy/file-descriptions/who-says-the-direction", test_who_says_the_direction);
  g_test_add_func ("/legacy/file-descriptions/counts-files", test_counts_files);
  g_test_add_func ("/legacy/file-descriptions/reads-every-form-of-hash",
                   test_reads_every_form_of_hash);
  g_test_add_func ("/legacy/file-descriptions/reads-the-older-ft3", test_reads_the_older_ft3);
  g_test_add_func ("/legacy/file-descriptions/refuses-hashes", test_refuses_hashes);
  g_test_add_func ("/legacy/file-descriptions/ft3-says-nothing-of-the-type",
                   test_ft3_says_nothing_of_the_type);

  return g_test_run ();
}
