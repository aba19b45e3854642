/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/port-mapping.h"

const char *
ferry_mapping_method_to_string (FerryMappingMethod method)
{
  switch (method)
    {
    case FERRY_MAPPING_PCP:
      return "PCP";

    case FERRY_MAPPING_NAT_PMP:
      return "NAT-PMP";

    case FERRY_MAPPING_UPNP:
      return "UPnP";

    default:
      g_return_val_if_reached ("");
    }
}
