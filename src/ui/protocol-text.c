/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "protocol-text"

#include "config.h"

#include "ui/protocol-text.h"

#include <glib/gi18n.h>

/* The first that the name begins with counts. */
static const struct
{
  const char *prefix;
  const char *words;
} protocols[] = {
  { "jingle-1", N_("Jingle, the current protocol") },
  { "jingle-0", N_("Jingle, in its first form") },
  { "jingle", N_("Jingle, in an older form") },
  { "si-87", N_("Stream Initiation, in its first form") },
  { "si", N_("Stream Initiation, as in Pidgin") },
  { "rel", N_("Reliable Entity Link") },
};

char *
ferry_protocol_text (const char *dialect)
{
  if (dialect == NULL)
    return NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (protocols); i++)
    {
      if (g_str_has_prefix (dialect, protocols[i].prefix))
        return g_strdup_printf ("%s (%s)", _(protocols[i].words), dialect);
    }

  return g_strdup (dialect);
}
