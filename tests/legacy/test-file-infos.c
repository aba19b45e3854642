/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "legacy/jingle-file-transfer-0.h"
#include "legacy/jingle-file-transfer-3.h"
#include "legacy/namespaces.h"
#include "proto/proto-error.h"
#include "vector.h"

#define SHA1 "f572d396fae9206628714fb2ce00f72e94f2258f" /* "hello\n" */

/* What is said while a file moves, or after: XEP-0234's own examples. */
static void
test_reads (void)
{
  static const struct
  {
    const FerryJingleApplication *application;
    const char *folder;
    const char *name;
    FerryJingleInfo info;
    const char *content;
    FerryHashAlgorithm algorithm;
    const char *hex;
  } cases[] = {
    { &ferry_jingle_file_transfer_1, "xep-0234-0.11", "info-hash.xml", FERRY_JINGLE_INFO_CHECKSUM,
      NULL, FERRY_HASH_MD5, "552da749930852c69ae5d2141d3766b1" }, /* FT1-1 */
    { &ferry_jingle_file_transfer_3, "xep-0234-0.15", "info-checksum.xml",
      FERRY_JINGLE_INFO_CHECKSUM, NULL, FERRY_HASH_SHA1, SHA1 },
    { &ferry_jingle_file_transfer_3, "xep-0234-0.15", "info-received.xml",
      FERRY_JINGLE_INFO_RECEIVED, NULL, FERRY_HASH_SHA1, NULL }, /* FT3-2 */
    { &ferry_jingle_file_transfer_3, "xep-0234-0.15", "info-abort.xml",
      FERRY_JINGLE_INFO_ABORTED, NULL, FERRY_HASH_SHA1, NULL },
    { &ferry_jingle_file_transfer_4, "xep-0234-0.17", "info-checksum.xml",
      FERRY_JINGLE_INFO_CHECKSUM, "a-file-offer", FERRY_HASH_SHA1, SHA1 },
    { &ferry_jingle_file_transfer_4, "xep-0234-0.17", "info-received.xml",
      FERRY_JINGLE_INFO_RECEIVED, "a-file-offer", FERRY_HASH_SHA1, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(FerryElement) info = vector_load (cases[i].folder, cases[i].name);
      FerryHashes hashes = { 0 };
      g_autofree char *hex = NULL;
      g_autoptr(GError) error = NULL;
      const char *content = "nothing";

      g_assert_cmpint (cases[i].application->parse_info (info, &content, &hashes, &error), ==,
                       cases[i].info);
      g_assert_no_error (error);
      g_assert_cmpstr (content, ==, cases[i].content);
      hex = ferry_hashes_dup_hex (&hashes, cases[i].algorithm);
      g_assert_cmpstr (hex, ==, cases[i].hex);
    }
}

static void
test_writes (void)
{
  g_autoptr(FerryFileDescription) file = ferry_file_description_new ();
  g_autoptr(FerryElement) checksum_3 = vector_load ("xep-0234-0.15", "info-checksum.xml");
  g_autoptr(FerryElement) received_3 = vector_load ("xep-0234-0.15", "info-received.xml");
  g_autoptr(FerryElement) checksum_4 = vector_load ("xep-0234-0.17", "info-checksum.xml");
  g_autoptr(FerryElement) received_4 = vector_load ("xep-0234-0.17", "info-received.xml");
  const FerryJingleApplication *ft3 = &ferry_jingle_file_transfer_3;
  const FerryJingleApplication *ft4 = &ferry_jingle_file_transfer_4;

  g_assert_true (ferry_hashes_parse_digest (&file->hashes, FERRY_HASH_SHA1, SHA1, NULL));

  vector_assert_equal (checksum_3, ft3->build_checksum (FERRY_ROLE_INITIATOR, "c", file));
  vector_assert_equal (received_3, ft3->build_received (FERRY_ROLE_INITIATOR, "c", file));
  vector_assert_equal (checksum_4, ft4->build_checksum (FERRY_ROLE_INITIATOR, "a-file-offer", file));
  vector_assert_equal (received_4, ft4->build_received (FERRY_ROLE_INITIATOR, "a-file-offer", file));
}

/* A stanza of one dialect in a session of another means nothing there. */
static void
test_knows_its_own_alone (void)
{
  static const char *const infos[][2] = {
    { "xep-0234", "09-received.xml" },
    { "xep-0234-0.11", "info-hash.xml" },
    { "xep-0234-0.15", "info-abort.xml" },
    { "xep-0234-0.15", "info-checksum.xml" },
    { "xep-0234-0.15", "info-received.xml" },
    { "xep-0234-0.17", "info-checksum.xml" },
    { "xep-0234-0.17", "info-received.xml" },
  };
  static const struct { const FerryJingleApplication *application; const char *folder; } cases[] = {
    { &ferry_jingle_file_transfer_1, "xep-0234-0.11" },
    { &ferry_jingle_file_transfer_3, "xep-0234-0.15" },
    { &ferry_jingle_file_transfer_4, "xep-0234-0.17" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (infos); j++)
      {
        g_autoptr(FerryElement) info = vector_load (infos[j][0], infos[j][1]);
        FerryHashes hashes = { 0 };
        const char *content;

        if (strcmp (cases[i].folder, infos[j][0]) == 0)
          continue;

        g_assert_cmpint (cases[i].application->parse_info (info, &content, &hashes, NULL), ==,
                         FERRY_JINGLE_INFO_UNKNOWN);
        g_assert_cmpuint (hashes.announced, ==, 0);
      }
}

static void
test_refuses (void)
{
  static const struct { const FerryJingleApplication *application; const char *xml; } cases[] = {
    { &ferry_jingle_file_transfer_1,
      "<hash xmlns='urn:xmpp:jingle:apps:file-transfer:info:1'/>" },
    { &ferry_jingle_file_transfer_1,
      "<hash xmlns='urn:xmpp:jingle:apps:file-transfer:info:1'>" SHA1 "</hash>" },
    { &ferry_jingle_file_transfer_3, "<checksum xmlns='" FERRY_NS_FILE_TRANSFER_3 "'/>" },
    { &ferry_jingle_file_transfer_3,
      "<checksum xmlns='" FERRY_NS_FILE_TRANSFER_3 "'><file/><file/></checksum>" },
    { &ferry_jingle_file_transfer_4,
      "<checksum xmlns='" FERRY_NS_FILE_TRANSFER_4 "'><file>"
      "<hash xmlns='urn:xmpp:hashes:1' algo='sha-256'>" SHA1 "</hash></file></checksum>" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(FerryElement) info = ferry_element_parse (cases[i].xml, -1, NULL);
      FerryHashes hashes = { 0 };
      g_autoptr(GError) error = NULL;
      const char *content;

      g_assert_cmpint (cases[i].application->parse_info (info, &content, &hashes, &error), ==,
                       FERRY_JINGLE_INFO_UNKNOWN);
      g_assert_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED);
      g_assert_cmpuint (hashes.present, ==, 0);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/legacy/file-infos/reads", test_reads);
  g_test_add_func ("/legacy/file-infos/writes", test_writes);
  g_test_add_func ("/legacy/file-infos/knows-its-own-alone", test_knows_its_own_alone);
  g_test_add_func ("/legacy/file-infos/refuses", test_refuses);

  return g_test_run ();
}
