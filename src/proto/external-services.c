/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "base/host.h"
#include "base/number.h"
#include "base/secret.h"
#include "proto/external-services.h"
#include "proto/proto-error.h"

#define MAX_TYPE       32   /* octets */
#define MAX_CREDENTIAL 1024 /* octets */

static const struct
{
  const char *type;
  guint16     port;
} usual_ports[] = {
  { "stun", 3478 },
  { "stuns", 5349 },
  { "turn", 3478 },
  { "turns", 5349 },
};

static guint16
get_usual_port (const char *type)
{
  for (gsize i = 0; i < G_N_ELEMENTS (usual_ports); i++)
    if (strcmp (type, usual_ports[i].type) == 0)
      return usual_ports[i].port;

  return 0;
}

static gboolean
is_type (const char *text)
{
  gsize len = text != NULL ? strlen (text) : 0;

  if (len == 0 || len > MAX_TYPE)
    return FALSE;

  return strspn (text, "abcdefghijklmnopqrstuvwxyz0123456789-_.") == len;
}

static gboolean
parse_port (const char *text,
            const char *type,
            guint16    *port)
{
  guint64 number = get_usual_port (type);

  if (text != NULL && !ferry_number_parse (text, 1, G_MAXUINT16, &number))
    return FALSE;

  *port = number;

  return TRUE;
}

/* Returns: (nullable): not one we know */
static const char *
parse_transport (const char *text)
{
  if (text == NULL)
    return "udp";
  if (g_ascii_strcasecmp (text, "udp") == 0)
    return "udp";

  return g_ascii_strcasecmp (text, "tcp") == 0 ? "tcp" : NULL;
}

static gboolean
is_credential (const char *text)
{
  return text == NULL || strlen (text) <= MAX_CREDENTIAL;
}

/* XEP-0082; 0: not said, or not to be understood */
static gint64
parse_time (const char *text)
{
  g_autoptr(GDateTime) time = text != NULL ? g_date_time_new_from_iso8601 (text, NULL) : NULL;

  return time != NULL ? g_date_time_to_unix (time) : 0;
}

static gboolean
is_true (const char *text)
{
  return g_strcmp0 (text, "true") == 0 || g_strcmp0 (text, "1") == 0;
}

/* Returns: (nullable) (transfer full): %NULL: it makes no sense */
static FerryExternalService *
parse_service (const FerryElement *element)
{
  const char *type = ferry_element_get_attribute (element, "type");
  const char *host = ferry_element_get_attribute (element, "host");
  const char *username = ferry_element_get_attribute (element, "username");
  const char *password = ferry_element_get_attribute (element, "password");
  const char *transport =
    parse_transport (ferry_element_get_attribute (element, "transport"));
  FerryExternalService *self;
  guint16 port;

  if (!is_type (type) || transport == NULL || !ferry_host_is_valid (host) ||
      !is_credential (username) || !is_credential (password) ||
      !parse_port (ferry_element_get_attribute (element, "port"), type, &port))
    return NULL;

  self = g_new0 (FerryExternalService, 1);
  self->type = g_strdup (type);
  self->host = g_strdup (host);
  self->port = port;
  self->transport = g_strdup (transport);
  self->username = g_strdup (username);
  self->password = g_strdup (password);
  self->is_restricted = is_true (ferry_element_get_attribute (element, "restricted"));
  self->expires = parse_time (ferry_element_get_attribute (element, "expires"));

  return self;
}

/* XEP-0215 §3.3: a push may say which have gone. */
static gboolean
is_gone (const FerryElement *element)
{
  return g_strcmp0 (ferry_element_get_attribute (element, "action"), "delete") == 0;
}

FerryElement *
ferry_external_services_query_new (const char *xmlns,
                                   const char *type)
{
  FerryElementBuilder *builder;

  g_return_val_if_fail (xmlns != NULL, NULL);

  builder = ferry_element_builder_new ("services", xmlns);
  ferry_element_builder_attribute (builder, "type", type);

  return ferry_element_builder_end (builder);
}

GPtrArray *
ferry_external_services_parse (const FerryElement  *services,
                               GError             **error)
{
  GPtrArray *found;
  const char *xmlns;

  g_return_val_if_fail (services != NULL, NULL);

  xmlns = ferry_element_get_xmlns (services);
  if (!ferry_element_is (services, "services", FERRY_NS_EXTERNAL_SERVICES) &&
      !ferry_element_is (services, "services", FERRY_NS_EXTERNAL_SERVICES_1))
    {
      g_set_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED,
                   "Not a list of services: <%s>", ferry_element_get_name (services));
      return NULL;
    }

  found = g_ptr_array_new_with_free_func ((GDestroyNotify) ferry_external_service_free);
  for (guint i = 0; i < ferry_element_get_n_children (services); i++)
    {
      FerryElement *child = ferry_element_get_child (services, i);
      FerryExternalService *service;

      if (found->len == FERRY_EXTERNAL_SERVICES_MAX)
        break;
      if (!ferry_element_is (child, "service", xmlns) || is_gone (child))
        continue;
      service = parse_service (child);
      if (service != NULL)
        g_ptr_array_add (found, service);
    }

  return found;
}

void
ferry_external_service_free (FerryExternalService *self)
{
  if (self == NULL)
    return;

  g_free (self->type);
  g_free (self->host);
  g_free (self->transport);
  g_free (self->username);
  ferry_secret_free (self->password);
  g_free (self);
}
