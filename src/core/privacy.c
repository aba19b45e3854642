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
