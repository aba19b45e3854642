/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "contact-text"

#include "config.h"

#include "ui/contact-text.h"

#include <glib/gi18n.h>

#include "ui/display-text.h"

static const struct
{
  const char *text;
  const char *css_class;
} presences[] = {
  [FERRY_PRESENCE_CHAT] = { N_("online"), "online" },
  [FERRY_PRESENCE_AVAILABLE] = { N_("online"), "online" },
  [FERRY_PRESENCE_AWAY] = { N_("away"), "away" },
  [FERRY_PRESENCE_XA] = { N_("away for longer"), "away" },
  [FERRY_PRESENCE_DND] = { N_("do not disturb"), "busy" },
  [FERRY_PRESENCE_OFFLINE] = { N_("offline"), "offline" },
};

const char *
ferry_contact_text_presence (FerryPresence presence)
{
  g_return_val_if_fail (presence < G_N_ELEMENTS (presences), "");
  return _(presences[presence].text);
}

const char *
ferry_contact_text_class (FerryPresence presence)
{
  g_return_val_if_fail (presence < G_N_ELEMENTS (presences), "offline");
  return presences[presence].css_class;
}

char *
ferry_contact_text_name (FerryContact *contact)
{
  return ferry_display_text (ferry_contact_get_name (contact), 80);
}

char *
ferry_contact_text_status (FerryContact *contact)
{
  const char *presence = ferry_contact_text_presence (ferry_contact_get_presence (contact));
  const char *status = ferry_contact_get_status (contact);
  g_autofree char *clean = NULL;

  if (status == NULL || *status == '\0')
    return g_strdup (presence);
  clean = ferry_display_text (status, 120);
  return g_strjoin (" · ", presence, clean, NULL);
}

char *
ferry_contact_text_summary (FerryContact *contact)
{
  g_autofree char *name = ferry_contact_text_name (contact);
  const char *presence = ferry_contact_text_presence (ferry_contact_get_presence (contact));
  guint n_offers = ferry_contact_get_n_offers (contact);
  g_autofree char *offers = NULL;

  if (n_offers == 0)
    return g_strjoin (", ", name, presence, NULL);
  offers = g_strdup_printf (ngettext ("%u file offered", "%u files offered", n_offers), n_offers);
  return g_strjoin (", ", name, presence, offers, NULL);
}
