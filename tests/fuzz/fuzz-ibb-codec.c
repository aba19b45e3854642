/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "fuzz.h"
#include "proto/ibb-codec.h"

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(FerryElement) element = ferry_element_parse ((const char *) data, size, NULL);
  g_autoptr(GBytes) bytes = NULL;
  const char *sid;
  guint block_size = 0;
  guint64 seq = 0;

  if (element == NULL)
    return 0;

  if (ferry_ibb_open_decode (element, &block_size, NULL))
    g_assert_cmpuint (block_size - 1, <, FERRY_IBB_MAX_BLOCK);

  if (ferry_ibb_transport_decode (element, ferry_element_get_xmlns (element), &sid, &block_size, NULL))
    g_assert_cmpuint (block_size, <=, FERRY_IBB_MAX_BLOCK);

  if (ferry_ibb_data_decode (element, &seq, &bytes, NULL))
    {
      g_autoptr(FerryElement) again = ferry_ibb_data_new ("sid", seq, g_bytes_get_data (bytes, NULL),
                                                          g_bytes_get_size (bytes));
      g_autoptr(GBytes) same = NULL;

      g_assert_true (ferry_ibb_data_decode (again, &seq, &same, NULL));
      g_assert_true (g_bytes_equal (bytes, same));
    }

  ferry_ibb_find_payload (element);

  return 0;
}
