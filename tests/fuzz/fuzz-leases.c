/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "fuzz.h"
#include "net/lease-file.h"

#define NOW 1000000
#define MAX_LEASES 64

/* Any text gives so many leases, each of use, which come out as they went in. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr(GArray) leases = ferry_leases_parse (text, NOW);
  g_autofree char *printed = ferry_leases_print (leases);
  g_autoptr(GArray) again = ferry_leases_parse (printed, NOW);
  g_autofree char *printed_again = ferry_leases_print (again);

  if (leases->len > MAX_LEASES || again->len != leases->len)
    g_error ("%u leases, and then %u", leases->len, again->len);
  if (!g_str_equal (printed, printed_again))
    g_error ("Not the same: %s%s", printed, printed_again);

  for (guint i = 0; i < leases->len; i++)
    {
      FerryLease *lease = &g_array_index (leases, FerryLease, i);

      if (lease->port == 0 || lease->external_port == 0 || lease->expires <= NOW ||
          lease->own.len != lease->router.len || lease->method >= FERRY_N_MAPPING_METHODS)
        g_error ("A lease of no use");
    }

  return 0;
}
