/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "fuzz.h"
#include "legacy/si-file.h"

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(FerryElement) element = ferry_element_parse ((const char *) data, size, NULL);
  g_autoptr(FerryFileDescription) offer = NULL;
  g_autoptr(FerryFileDescription) file = NULL;
  g_autoptr(FerryFileDescription) again = NULL;
  g_autoptr(FerryElement) once = NULL;
  g_autoptr(FerryElement) twice = NULL;

  if (element != NULL)
    file = ferry_si_file_parse (element, NULL);
  if (file == NULL)
    return 0;

  offer = ferry_si_file_parse_offer (element, NULL);
  g_assert_true ((offer != NULL) == (file->name != NULL && file->size >= 0));
  g_assert_true (file->size < 0 || file->range_offset <= file->size);

  once = ferry_si_file_to_element (file);
  again = ferry_si_file_parse (once, NULL);
  g_assert_nonnull (again);
  twice = ferry_si_file_to_element (again);
  g_assert_true (ferry_element_equal (once, twice));

  return 0;
}
