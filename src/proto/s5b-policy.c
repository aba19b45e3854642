/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/s5b-policy.h"

/* The peer chooses which addresses we dial (SEC-14, SEC-16): it must not be able
 * to make us knock at this machine, at the router, or at a neighbour's database. */

/* Services that act on what a stranger sends them. */
static const guint16 known_services[] = {
  1433, 1521, 2049, 2375, 2379, 3306, 3389, 5432, 5900, 5984, 6379, 8009, 9042, 9200, 9300, 10250,
  11211, 27017,
};

static gboolean
is_own (const FerryS5bPolicy *self,
        const FerryIpAddress *address)
{
  for (guint i = 0; i < self->n_own; i++)
    if (ferry_ip_address_equal (&self->own[i], address))
      return TRUE;

  return FALSE;
}

static gboolean
has_own_beside (const FerryS5bPolicy *self,
                const FerryIpAddress *address)
{
  for (guint i = 0; i < self->n_own; i++)
    if (ferry_ip_address_is_beside (&self->own[i], address))
      return TRUE;

  return FALSE;
}

static const char *
object_to_port (guint16       port,
                FerryS5bTrust trust)
{
  if (port == 0 || (port < 1024 && port != 80 && port != 443))
    return "a port of system services";

  if (trust == FERRY_S5B_TRUST_PEER)
    for (gsize i = 0; i < G_N_ELEMENTS (known_services); i++)
      if (port == known_services[i])
        return "a port of another service";

  return NULL;
}

/* What is translated would reach any IPv4 address; of what is link-local, the interface is not
 * known. */
static const char *
object_to_scope (const FerryS5bPolicy *self,
                 const FerryIpAddress *address,
                 FerryS5bTrust         trust)
{
  switch (ferry_ip_address_get_scope (address))
    {
    case FERRY_IP_GLOBAL:
      return NULL;

    case FERRY_IP_LOOPBACK:
      return self->allow_loopback ? NULL : "a loopback address";

    case FERRY_IP_PRIVATE:
    case FERRY_IP_SHARED:
      if (trust == FERRY_S5B_TRUST_SERVER)
        return NULL;
      if (trust == FERRY_S5B_TRUST_PEER_PROXY)
        return "a proxy in a private network";
      return has_own_beside (self, address) ? NULL : "a private network that is not ours";

    case FERRY_IP_NOBODY:
    case FERRY_IP_LINK_LOCAL:
    case FERRY_IP_TRANSLATED:
    default:
      return "an address that no host can have";
    }
}

/**
 * ferry_s5b_policy_objection:
 * @address: the very address that would be connected to, after resolution
 *
 * Returns: (nullable): why it must not be dialled; %NULL: go ahead
 */
const char *
ferry_s5b_policy_objection (const FerryS5bPolicy *self,
                            const FerryIpAddress *address,
                            guint16               port,
                            FerryS5bTrust         trust)
{
  FerryIpAddress unmapped;
  const char *objection;

  g_return_val_if_fail (self != NULL && address != NULL, "no address");
  g_return_val_if_fail (address->len == 4 || address->len == 16, "no address");

  unmapped = ferry_ip_address_unmap (address);

  objection = object_to_port (port, trust);
  if (objection != NULL)
    return objection;

  if (self->own_port != 0 && port == self->own_port && is_own (self, &unmapped))
    return "our own listener";

  return object_to_scope (self, &unmapped, trust);
}

/* RFC 6761 §6.3, RFC 6762 §3; a single label is of whoever looks it up. */
static gboolean
is_local_name (const char *name)
{
  static const char *const endings[] = { ".localhost", ".local", ".internal", ".lan", ".home.arpa" };
  g_autofree char *lower = g_ascii_strdown (name, -1);

  if (g_str_has_suffix (lower, "."))
    lower[strlen (lower) - 1] = '\0';

  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (lower, endings[i]))
      return TRUE;

  return strchr (lower, '.') == NULL;
}

const char *
ferry_s5b_policy_object_to_host (const FerryS5bPolicy *self,
                                 const char           *host,
                                 guint16               port,
                                 FerryS5bTrust         trust)
{
  FerryIpAddress address;

  g_return_val_if_fail (self != NULL && host != NULL, "no address");

  if (ferry_ip_address_parse (host, &address))
    return ferry_s5b_policy_objection (self, &address, port, trust);

  return is_local_name (host) ? "a name of a local network" : object_to_port (port, trust);
}
