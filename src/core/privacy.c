/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/privacy.h"
#include "proto/jid.h"

gboolean
ferry_privacy_is_stranger (const FerryTransferServices *services,
                           const char                  *jid)
{
  const char *own_jid = ferry_router_get_jid (services->router);
  FerryContact *contact;

  if (own_jid != NULL && ferry_jid_equal_bare (own_jid, jid))
    return FALSE;

  contact = ferry_roster_lookup (services->roster, jid, FALSE);

  return contact == NULL
         || g_strcmp0 (ferry_contact_get_subscription (contact), "both") != 0;
}

gboolean
ferry_privacy_is_relay_only (const FerryTransferServices *services,
                             const char                  *jid)
{
  gboolean is_wanted = services->network != NULL
                       ? ferry_network_is_relay_only (services->network)
                       : services->settings->relay_only;

  return is_wanted
         || (services->trust != NULL && ferry_trust_get_relay_only (services->trust, jid));
}

/* Or may yet be found. */
static gboolean
has_own_proxy (const FerryTransferServices *services)
{
  if (services->proxies == NULL)
    return FALSE;

  for (guint i = 0; i < ferry_proxies_get_n (services->proxies); i++)
    if (ferry_proxies_get (services->proxies, i)->fault == NULL)
      return TRUE;

  return !ferry_proxies_is_settled (services->proxies);
}

FerryPaths
ferry_privacy_get_paths (const FerryTransferServices *services,
                         const char                  *jid)
{
  if (!ferry_privacy_is_relay_only (services, jid))
    return FERRY_PATH_ANY;

  return has_own_proxy (services) ? FERRY_PATH_PROXY | FERRY_PATH_IN_BAND : FERRY_PATH_IN_BAND;
}
