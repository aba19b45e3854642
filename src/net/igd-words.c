/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-igd-words"

#include "config.h"

#include "net/igd-words.h"

/* What a router answers (IGD 1 WANIPConnection §2.4.16), in words. */
static const char *
describe_refusal (int code)
{
  switch (code)
    {
    case 606:
      return "the router does not allow it";
    case 718:
      return "the router has given the port to another computer";
    case 725:
      return "the router would give the port away for ever only";
    case 728:
      return "the router has no ports left";
    default:
      return "the router refuses";
    }
}

const char *
ferry_igd_describe (const GError *error)
{
  const char *domain = g_quark_to_string (error->domain);

  if (g_strcmp0 (domain, "gupnp-simple-igd-error") == 0)
    return "the router does not know its own address";
  if (g_strcmp0 (domain, "gupnp-control-error") == 0)
    return describe_refusal (error->code);

  return "the router does not answer as UPnP demands";
}
