/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "base/safe-name.h"
#include "fuzz.h"

static void
check (const char *name)
{
  if (*name == '\0' || *name == '.' || strchr (name, '/') != NULL || strchr (name, '\\') != NULL ||
      strlen (name) > FERRY_SAFE_NAME_MAX || !g_utf8_validate (name, -1, NULL))
    g_error ("Not safe: %s", name);
}

/* Safe, numbered or not, and safe already the second time. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autofree char *untrusted = g_strndup ((const char *) data, size);
  g_autofree char *safe = ferry_safe_name (untrusted);
  g_autofree char *again = ferry_safe_name (safe);
  g_autofree char *numbered = ferry_safe_name_numbered (safe, 99);

  check (safe);
  check (numbered);
  if (strcmp (safe, again) != 0)
    g_error ("Not stable: %s, %s", safe, again);

  return 0;
}
