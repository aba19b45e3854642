/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "format"

#include "config.h"

#include "ui/format.h"

#include <glib/gi18n.h>
#include <string.h>

char *
ferry_format_size (gint64 size)
{
  if (size < 0)
    return g_strdup (_("unknown size"));
  return g_format_size ((guint64) size);
}

/* What follows the number: g_format_size() puts a no-break space before "MB", and
 * a plain one before "bytes". */
static char *
find_unit (char *size)
{
  char *unit = strstr (size, "\u00a0");

  return unit != NULL ? unit : strchr (size, ' ');
}

char *
ferry_format_progress (gint64 bytes,
                       gint64 size)
{
  g_autofree char *done = ferry_format_size (MAX (bytes, 0));
  g_autofree char *all = NULL;
  char *unit;
  char *done_unit;

  if (size < 0)
    return g_steal_pointer (&done);
  all = ferry_format_size (size);

  unit = find_unit (all);
  done_unit = find_unit (done);
  if (unit != NULL && done_unit != NULL && g_str_equal (unit, done_unit))
    *done_unit = '\0';
  /* Translators: how much of a file has moved: "12.4 of 24.5 MB" */
  return g_strdup_printf (_("%s of %s"), done, all);
}

char *
ferry_format_rate (double rate)
{
  g_autofree char *size = g_format_size ((guint64) CLAMP (rate, 0.0, 1e15));

  /* Translators: a speed: "3.1 MB/s" */
  return g_strdup_printf (_("%s/s"), size);
}

char *
ferry_format_time_left (gint64 seconds)
{
  guint minutes = (guint) MIN ((seconds + 30) / 60, 1000000);
  guint hours = (minutes + 30) / 60;

  if (seconds < 0)
    return NULL;
  if (seconds < 60)
    return g_strdup_printf (ngettext ("%u second left", "%u seconds left", (guint) MAX (seconds, 1)),
                            (guint) MAX (seconds, 1));
  if (minutes < 90)
    return g_strdup_printf (ngettext ("%u minute left", "%u minutes left", minutes), minutes);
  return g_strdup_printf (ngettext ("%u hour left", "%u hours left", hours), hours);
}

char *
ferry_format_took (double seconds)
{
  guint whole = (guint) CLAMP (seconds + 0.5, 0.0, 1e8);

  if (whole < 1)
    return g_strdup (_("in less than a second"));
  if (whole < 90)
    return g_strdup_printf (ngettext ("in %u second", "in %u seconds", whole), whole);
  whole = (whole + 30) / 60;
  return g_strdup_printf (ngettext ("in %u minute", "in %u minutes", whole), whole);
}
