/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "fuzz.h"
#include "proto/bytestreams-codec.h"

/* What is read, and written again, is read as the same. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(FerryElement) element = ferry_element_parse ((const char *) data, size, NULL);
  g_autoptr(FerryBytestreamsQuery) once = NULL;
  g_autoptr(FerryBytestreamsQuery) twice = NULL;
  g_autoptr(FerryElement) written = NULL;
  g_autoptr(FerryElement) again = NULL;

  if (element == NULL)
    return 0;

  once = ferry_bytestreams_query_decode (element, NULL);
  if (once == NULL)
    return 0;

  written = ferry_bytestreams_query_encode (once);
  twice = ferry_bytestreams_query_decode (written, NULL);
  g_assert_nonnull (twice);
  again = ferry_bytestreams_query_encode (twice);
  g_assert_true (ferry_element_equal (written, again));

  return 0;
}
