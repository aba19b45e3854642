/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/path-facts.h"

FerryPathFacts *
ferry_path_facts_new (void)
{
  FerryPathFacts *self = g_new0 (FerryPathFacts, 1);

  self->addresses =
    g_ptr_array_new_with_free_func ((GDestroyNotify) ferry_interface_address_free);
  self->mappings = g_array_new (FALSE, FALSE, sizeof (FerryPortMapping));
  self->proxies = g_ptr_array_new_with_free_func ((GDestroyNotify) ferry_path_proxy_free);

  return self;
}

void
ferry_path_facts_free (FerryPathFacts *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->addresses, g_ptr_array_unref);
  g_clear_pointer (&self->mappings, g_array_unref);
  g_clear_pointer (&self->proxies, g_ptr_array_unref);
  g_free (self);
}

FerryInterfaceAddress *
ferry_interface_address_new (const FerryIpAddress *address,
                             const char           *interface,
                             FerryAddressFlags     flags)
{
  FerryInterfaceAddress *self;

  g_return_val_if_fail (address != NULL, NULL);

  self = g_new0 (FerryInterfaceAddress, 1);
  self->address = *address;
  self->interface = g_strdup (interface);
  self->flags = flags;

  return self;
}

void
ferry_interface_address_free (FerryInterfaceAddress *self)
{
  if (self == NULL)
    return;

  g_free (self->interface);
  g_free (self);
}

FerryPathProxy *
ferry_path_proxy_new (const char *jid,
                      const char *host,
                      guint16     port)
{
  FerryPathProxy *self = g_new0 (FerryPathProxy, 1);

  self->jid = g_strdup (jid);
  self->host = g_strdup (host);
  self->port = port;
  self->delay = -1;

  return self;
}

FerryPathProxy *
ferry_path_proxy_copy (const FerryPathProxy *self)
{
  FerryPathProxy *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new (FerryPathProxy, 1);
  *copy = *self;
  copy->jid = g_strdup (self->jid);
  copy->host = g_strdup (self->host);
  copy->fault = g_strdup (self->fault);

  return copy;
}

void
ferry_path_proxy_free (FerryPathProxy *self)
{
  if (self == NULL)
    return;

  g_free (self->jid);
  g_free (self->host);
  g_free (self->fault);
  g_free (self);
}
