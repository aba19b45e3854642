/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "fuzz.h"
#include "legacy/jingle-file-transfer-0.h"
#include "legacy/jingle-file-transfer-3.h"

static void
try_description (const FerryJingleApplication *application,
                 const FerryElement           *element)
{
  g_autoptr(FerryFileDescription) file = NULL;
  g_autoptr(FerryFileDescription) again = NULL;
  g_autoptr(FerryElement) once = NULL;
  g_autoptr(FerryElement) twice = NULL;
  gboolean is_request;
  gboolean is_request_again;

  file = application->parse_description (element, &is_request, NULL);
  if (file == NULL)
    return;

  once = application->build_description (file, is_request);
  again = application->parse_description (once, &is_request_again, NULL);
  g_assert_nonnull (again);
  g_assert_true (is_request == is_request_again);
  twice = application->build_description (again, is_request);
  g_assert_true (ferry_element_equal (once, twice));
}

static void
try_info (const FerryJingleApplication *application,
          const FerryElement           *element)
{
  FerryHashes hashes = { 0 };
  g_autoptr(GError) error = NULL;
  const char *content;
  FerryJingleInfo info;

  if (application->parse_info == NULL)
    return;

  info = application->parse_info (element, &content, &hashes, &error);
  g_assert_true (error == NULL || info == FERRY_JINGLE_INFO_UNKNOWN);
  g_assert_true (hashes.announced == 0 || info == FERRY_JINGLE_INFO_CHECKSUM);
}

/* An element of any version, read by all of them. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  static const FerryJingleApplication *const applications[] = {
    &ferry_jingle_file_transfer_0,
    &ferry_jingle_file_transfer_1,
    &ferry_jingle_file_transfer_3,
    &ferry_jingle_file_transfer_4,
  };
  g_autoptr(FerryElement) element = ferry_element_parse ((const char *) data, size, NULL);

  if (element == NULL)
    return 0;

  for (gsize i = 0; i < G_N_ELEMENTS (applications); i++)
    {
      try_description (applications[i], element);
      try_info (applications[i], element);
    }

  return 0;
}
