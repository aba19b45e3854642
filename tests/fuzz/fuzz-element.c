/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "fuzz.h"
#include "proto/element.h"
#include "proto/proto-error.h"

/* What parses must print, and what was printed must parse to the same. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(FerryElement) element = ferry_element_parse ((const char *) data, size, NULL);
  g_autoptr(FerryElement) again = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  if (element == NULL)
    return 0;

  text = ferry_element_print (element);
  again = ferry_element_parse (text, -1, &error);
  /* Escaped it may have become too large. */
  if (again != NULL ? !ferry_element_equal (element, again)
                    : !g_error_matches (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_TOO_LARGE))
    g_error ("Does not survive: %s", text);

  return 0;
}
