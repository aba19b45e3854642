/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "base/number.h"

gboolean
ferry_number_parse (const char *text,
                    guint64     min,
                    guint64     max,
                    guint64    *number)
{
  guint64 value;

  g_return_val_if_fail (number != NULL && min <= max, FALSE);

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, min, max, &value, NULL))
    return FALSE;
  *number = value;

  return TRUE;
}
