/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/s5b-way.h"

/* How far away others may be that reach an address: the wider, the more. 0: nobody is */
static guint
get_reach (FerryIpScope scope)
{
  switch (scope)
    {
    case FERRY_IP_PRIVATE:
      return 1;

    case FERRY_IP_SHARED:
      return 2;

    case FERRY_IP_GLOBAL:
      return 3;

    case FERRY_IP_NOBODY:
    case FERRY_IP_LOOPBACK:
    case FERRY_IP_LINK_LOCAL:
    case FERRY_IP_TRANSLATED:
    default:
      return 0;
    }
}

/* Whether @outer is the address of a router that @inner is behind, as far as one can see. */
static gboolean
is_router_of (const FerryIpAddress *outer,
              const FerryIpAddress *inner)
{
  guint reach = get_reach (ferry_ip_address_get_scope (inner));

  return outer->len == 4 && inner->len == 4 && reach > 0 &&
         get_reach (ferry_ip_address_get_scope (outer)) > reach;
}

static gboolean
is_router (GPtrArray            *theirs,
           const FerryIpAddress *address)
{
  for (guint i = 0; i < theirs->len; i++)
    {
      const FerryS5bCandidate *other = g_ptr_array_index (theirs, i);
      FerryIpAddress inner;

      if (other->type == FERRY_S5B_DIRECT && ferry_ip_address_parse (other->host, &inner) &&
          is_router_of (address, &inner))
        return TRUE;
    }

  return FALSE;
}

FerryPathOrigin
ferry_s5b_guess_origin (GPtrArray               *theirs,
                        const FerryS5bCandidate *candidate,
                        gboolean                 punches)
{
  FerryIpAddress address;

  g_return_val_if_fail (theirs != NULL && candidate != NULL, FERRY_ORIGIN_HOST);

  if (candidate->type == FERRY_S5B_PROXY)
    return FERRY_ORIGIN_PROXY;

  if (candidate->type == FERRY_S5B_ASSISTED && punches)
    return FERRY_ORIGIN_PREDICTED;

  if (ferry_ip_address_parse (candidate->host, &address) && is_router (theirs, &address))
    return FERRY_ORIGIN_MAPPED;

  return FERRY_ORIGIN_HOST;
}

FerryPathOrigin
ferry_s5b_guess_inbound_origin (const char *local,
                                const char *remote)
{
  FerryIpAddress ours;
  FerryIpAddress theirs;

  if (local != NULL && remote != NULL && ferry_ip_address_parse (local, &ours) &&
      ferry_ip_address_parse (remote, &theirs) && is_router_of (&theirs, &ours))
    return FERRY_ORIGIN_MAPPED;

  return FERRY_ORIGIN_HOST;
}
