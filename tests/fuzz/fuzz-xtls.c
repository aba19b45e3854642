/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "fuzz.h"
#include "proto/xtls.h"

/* What a `<security/>` says survives being written by us, in the form it came in. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(FerryElement) element = ferry_element_parse ((const char *) data, size, NULL);
  g_autoptr(FerryElement) written = NULL;
  FerryXtls value, again;

  if (element == NULL || !ferry_xtls_parse (element, &value, NULL))
    return 0;

  g_assert_true (strlen (value.sha1) % 40 == 0 && strlen (value.sha256) % 64 == 0);
  g_assert_cmpuint (value.methods & ~(guint) (FERRY_XTLS_X509 | FERRY_XTLS_SRP), ==, 0);

  written = ferry_xtls_to_element (&value);
  g_assert_true (ferry_xtls_parse (written, &again, NULL));
  if (value.methods & FERRY_XTLS_X509)
    g_assert_true (strcmp (value.sha1, again.sha1) == 0 &&
                   strcmp (value.sha256, again.sha256) == 0);
  if (value.form != FERRY_XTLS_FORM_OFFER || *value.sha1 != '\0' || *value.sha256 != '\0')
    g_assert_cmpuint (value.methods, ==, again.methods);

  return 0;
}
