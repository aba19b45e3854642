/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "proto/path-planner-private.h"

#define PREFIX_BYTES 8 /* of an IPv6 network */

/* Why no address of this kind is of use to anybody. Returns: (nullable) */
static const char *
object_to_scope (const Plan           *plan,
                 const FerryIpAddress *address)
{
  switch (ferry_ip_address_get_scope (address))
    {
    case FERRY_IP_LOOPBACK:
      return plan->rules->allow_loopback ? NULL : "a loopback address";

    case FERRY_IP_LINK_LOCAL:
      return "a link-local address";

    case FERRY_IP_PRIVATE:
    case FERRY_IP_SHARED:
    case FERRY_IP_GLOBAL:
      return NULL;

    case FERRY_IP_NOBODY:
    case FERRY_IP_TRANSLATED:
    default:
      return "an address at which nobody is reached";
    }
}

/* Of all that is direct. Returns: (nullable) */
static const char *
object_to_direct (const Plan *plan)
{
  if (!plan->rules->may_direct)
    return "nothing direct is to be offered";

  return plan->facts->port == 0 ? "no port can be had" : NULL;
}

static gboolean
has_pinhole (const Plan           *plan,
             const FerryIpAddress *address)
{
  for (guint i = 0; i < plan->facts->mappings->len; i++)
    {
      const FerryPortMapping *mapping =
        &g_array_index (plan->facts->mappings, FerryPortMapping, i);

      if (mapping->is_pinhole && ferry_ip_address_equal (&mapping->internal, address))
        return TRUE;
    }

  return FALSE;
}

/* RFC 8981: a temporary address of the same network tells less of this machine, unless the
 * router lets in those who call the other one. */
static gboolean
is_stood_in_for (const Plan                  *plan,
                 const FerryInterfaceAddress *own)
{
  if (own->address.len != 16 || (own->flags & FERRY_ADDRESS_TEMPORARY) != 0 ||
      has_pinhole (plan, &own->address))
    return FALSE;

  for (guint i = 0; i < plan->facts->addresses->len; i++)
    {
      const FerryInterfaceAddress *other = g_ptr_array_index (plan->facts->addresses, i);

      if (other->address.len == 16 && (other->flags & FERRY_ADDRESS_TEMPORARY) != 0 &&
          (other->flags & FERRY_ADDRESS_DEPRECATED) == 0 &&
          g_strcmp0 (other->interface, own->interface) == 0 &&
          memcmp (other->address.bytes, own->address.bytes, PREFIX_BYTES) == 0)
        return TRUE;
    }

  return FALSE;
}

const char *
_ferry_path_object_to_interface (const Plan                  *plan,
                                 const FerryInterfaceAddress *own)
{
  const char *objection = object_to_direct (plan);

  if (objection == NULL)
    objection = object_to_scope (plan, &own->address);
  if (objection != NULL)
    return objection;

  if ((own->flags & FERRY_ADDRESS_VIRTUAL) != 0)
    return "a bridge to containers or virtual machines";
  if ((own->flags & FERRY_ADDRESS_DEPRECATED) != 0)
    return "deprecated: for old connections only";

  return is_stood_in_for (plan, own) ? "a temporary address stands in for it" : NULL;
}

const FerryReflexive *
_ferry_path_get_reflexive (const Plan *plan,
                           guint       len)
{
  return len == 4 ? &plan->facts->reflexive4 : &plan->facts->reflexive6;
}

/* Whether one of the mappings that are offered leads to @host already. */
static gboolean
is_mapped (const Plan *plan,
           const char *host)
{
  for (guint i = 0; i < plan->entries->len; i++)
    {
      const Entry *entry = g_ptr_array_index (plan->entries, i);

      if (entry->host->origin == FERRY_ORIGIN_MAPPED && entry->host->left_out == NULL &&
          g_str_equal (entry->host->host, host))
        return TRUE;
    }

  return FALSE;
}

const char *
_ferry_path_object_to_mapping (const Plan             *plan,
                               const FerryPortMapping *mapping,
                               const char             *host)
{
  const char *objection = object_to_direct (plan);

  if (objection == NULL)
    objection = object_to_scope (plan, &mapping->external);
  if (objection != NULL)
    return objection;

  if (mapping->external_port == 0 || mapping->internal_port != plan->facts->port)
    return "not of our port";

  return is_mapped (plan, host) ? "another mapping leads there" : NULL;
}

/* Whether others reach us by a mapping, as far as we can tell: then no hole has to be punched. */
static gboolean
has_good_mapping (const Plan *plan,
                  guint       len)
{
  for (guint i = 0; i < plan->entries->len; i++)
    {
      const Entry *entry = g_ptr_array_index (plan->entries, i);

      if (entry->rank == RANK_MAPPED && entry->len == len && entry->host->left_out == NULL)
        return TRUE;
    }

  return FALSE;
}

const char *
_ferry_path_object_to_prediction (const Plan           *plan,
                                  const FerryReflexive *reflexive,
                                  guint                 len)
{
  const char *objection = object_to_direct (plan);

  if (objection != NULL)
    return objection;
  if (reflexive->seen.len == 0)
    return "nobody told us how we look from outside";
  if (reflexive->is_ours)
    return "nobody translates our addresses";
  if (!reflexive->keeps_ports)
    return "the router changes ports";
  if (has_good_mapping (plan, len))
    return "a mapping does better";

  objection = object_to_scope (plan, &reflexive->seen);
  if (objection != NULL)
    return objection;

  return plan->rules->may_punch ? NULL : "the peer does not punch holes";
}

const char *
_ferry_path_object_to_proxy (const Plan           *plan,
                             const FerryPathProxy *proxy)
{
  if (!plan->rules->may_proxy)
    return "proxies are not wanted";
  if (proxy->fault != NULL)
    return proxy->fault;

  return proxy->delay < 0 ? "not tried yet" : NULL;
}
