/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "base/base64.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr(GBytes) strict = ferry_base64_decode (text, 64 * 1024);
  g_autofree guint8 *lenient = NULL;
  gsize len = 0;

  if (strict == NULL)
    return 0;

  /* What we take, everybody takes for the same. */
  lenient = g_base64_decode (text, &len);
  if (len != g_bytes_get_size (strict) ||
      (len > 0 && memcmp (lenient, g_bytes_get_data (strict, NULL), len) != 0))
    g_error ("Decodes to something else: %s", text);

  return 0;
}
