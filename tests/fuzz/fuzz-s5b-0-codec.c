/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "fuzz.h"
#include "legacy/s5b-0.h"

#define PEER "juliet@capulet.lit/balcony"

/* What is read, and written again, is read as the same. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(FerryElement) element = ferry_element_parse ((const char *) data, size, NULL);
  g_autoptr(FerryS5bTransport) once = NULL;
  g_autoptr(FerryS5bTransport) twice = NULL;
  g_autoptr(FerryElement) written = NULL;
  g_autoptr(FerryElement) again = NULL;

  if (element == NULL)
    return 0;

  once = ferry_s5b_0.decode (element, PEER, NULL);
  if (once == NULL)
    return 0;

  g_assert_cmpuint (once->candidates->len, <=, FERRY_S5B_MAX_CANDIDATES + 1);
  written = ferry_s5b_0.encode (once);
  twice = ferry_s5b_0.decode (written, PEER, NULL);
  g_assert_nonnull (twice);
  again = ferry_s5b_0.encode (twice);
  g_assert_true (ferry_element_equal (written, again));

  return 0;
}
