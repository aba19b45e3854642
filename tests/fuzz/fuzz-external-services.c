/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "base/host.h"
#include "fuzz.h"
#include "proto/external-services.h"

/* Whatever a server says, what is made of it may be looked up, dialled and shown. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(FerryElement) element = ferry_element_parse ((const char *) data, size, NULL);
  g_autoptr(GPtrArray) services = NULL;

  if (element == NULL)
    return 0;

  services = ferry_external_services_parse (element, NULL);
  if (services == NULL)
    return 0;

  if (services->len > FERRY_EXTERNAL_SERVICES_MAX)
    g_error ("%u services", services->len);
  for (guint i = 0; i < services->len; i++)
    {
      const FerryExternalService *service = g_ptr_array_index (services, i);

      if (!ferry_host_is_valid (service->host))
        g_error ("A service at %s", service->host);
      if (!g_str_is_ascii (service->type) || *service->type == '\0')
        g_error ("A service of type %s", service->type);
      if (g_strcmp0 (service->transport, "udp") != 0 && g_strcmp0 (service->transport, "tcp") != 0)
        g_error ("A service by %s", service->transport);
    }

  return 0;
}
