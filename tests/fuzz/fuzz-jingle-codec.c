/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "fuzz.h"
#include "proto/jingle-codec.h"

/* Whatever can be read can be written, and then reads as the same. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(FerryElement) element = ferry_element_parse ((const char *) data, size, NULL);
  g_autoptr(FerryElement) once = NULL;
  g_autoptr(FerryElement) twice = NULL;
  g_autoptr(FerryJingle) jingle = NULL;
  g_autoptr(FerryJingle) again = NULL;

  if (element != NULL)
    jingle = ferry_jingle_parse (element, &ferry_jingle_generation_1, NULL);
  if (jingle == NULL)
    return 0;

  once = ferry_jingle_to_element (jingle, &ferry_jingle_generation_1);
  again = ferry_jingle_parse (once, &ferry_jingle_generation_1, NULL);
  g_assert_nonnull (again);
  twice = ferry_jingle_to_element (again, &ferry_jingle_generation_1);
  g_assert_true (ferry_element_equal (once, twice));

  return 0;
}
