/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-network"

#include "config.h"

#include "core/network-private.h"
#include "proto/disco.h"
#include "proto/external-services.h"
#include "proto/jid.h"

#define TIMEOUT     10 /* seconds an answer */
#define MAX_SERVERS 4  /* asked one after another */

static const char *const namespaces[] = {
  FERRY_NS_EXTERNAL_SERVICES,
  FERRY_NS_EXTERNAL_SERVICES_1,
};

static char *
dup_domain (FerryNetwork *self)
{
  const char *own = ferry_router_get_jid (self->router);

  return own != NULL ? ferry_jid_dup_domain (own) : NULL;
}

/* Of a good answer. Returns: (nullable) (transfer none) */
static FerryElement *
find_payload (FerryElement *reply,
              const char   *name,
              const char   *xmlns)
{
  if (reply == NULL || !ferry_iq_is (reply, FERRY_IQ_RESULT))
    return NULL;

  return ferry_element_find (reply, name, xmlns);
}

static gboolean
is_known (GPtrArray                  *servers,
          const FerryExternalService *service)
{
  for (guint i = 0; i < servers->len; i++)
    {
      const FerryStunServer *server = servers->pdata[i];

      if (server->port == service->port && g_ascii_strcasecmp (server->host, service->host) == 0)
        return TRUE;
    }

  return FALSE;
}

/* A TURN server answers what a STUN server does (RFC 8656 §3), to whoever asks. */
static void
take_servers (FerryNetwork *self,
              GPtrArray    *services,
              const char   *type)
{
  for (guint i = 0; i < services->len && self->stun_servers->len < MAX_SERVERS; i++)
    {
      const FerryExternalService *service = services->pdata[i];

      if (!g_str_equal (service->type, type) || !g_str_equal (service->transport, "udp")
          || service->port == 0 || is_known (self->stun_servers, service))
        continue;

      g_ptr_array_add (self->stun_servers,
                       ferry_stun_server_new (service->host, service->port));
    }
}

static void
services_answered_cb (GObject      *source,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  g_autoptr(FerryNetwork) self = ferry_network_answer (user_data);
  g_autoptr(FerryElement) reply = ferry_router_request_finish (FERRY_ROUTER (source), result,
                                                               NULL);
  g_autoptr(GPtrArray) services = NULL;
  FerryElement *answer = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (namespaces) && answer == NULL; i++)
    answer = find_payload (reply, "services", namespaces[i]);

  if (self == NULL)
    return;

  if (answer != NULL)
    services = ferry_external_services_parse (answer, NULL);

  g_ptr_array_set_size (self->stun_servers, 0);
  if (services != NULL)
    {
      take_servers (self, services, "stun");
      take_servers (self, services, "turn");
    }

  ferry_network_ask_stun (self);
  ferry_network_changed (self);
}

static void
info_answered_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(FerryNetwork) self = ferry_network_answer (user_data);
  g_autoptr(FerryElement) reply = ferry_router_request_finish (FERRY_ROUTER (source), result,
                                                               NULL);
  FerryElement *query = find_payload (reply, "query", FERRY_NS_DISCO_INFO);
  g_autoptr(FerryDiscoInfo) info = query != NULL ? ferry_disco_info_parse (query, NULL) : NULL;
  g_autofree char *domain = NULL;

  if (self == NULL)
    return;

  domain = dup_domain (self);
  for (gsize i = 0; domain != NULL && info != NULL && i < G_N_ELEMENTS (namespaces); i++)
    if (ferry_disco_info_has_feature (info, namespaces[i]))
      {
        g_autoptr(FerryElement) payload = ferry_external_services_query_new (namespaces[i], NULL);

        ferry_router_request_async (self->router, FERRY_IQ_GET, domain, payload, TIMEOUT, NULL,
                                    services_answered_cb, ferry_network_ask (self));
        break;
      }

  ferry_network_changed (self);
}

/* One set by hand is the only one that is asked. */
void
ferry_network_ask_services (FerryNetwork *self)
{
  g_autofree char *domain = dup_domain (self);
  g_autoptr(FerryElement) payload = ferry_disco_query_new (FERRY_NS_DISCO_INFO, NULL);

  if (self->settings->stun_server != NULL)
    ferry_network_ask_stun (self);
  else if (domain != NULL)
    ferry_router_request_async (self->router, FERRY_IQ_GET, domain, payload, TIMEOUT, NULL,
                                info_answered_cb, ferry_network_ask (self));
}

/* DISC-8 */
static gboolean
is_from_own_server (FerryNetwork       *self,
                    const FerryElement *stanza)
{
  const char *from = ferry_element_get_attribute (stanza, "from");
  g_autofree char *domain = dup_domain (self);

  return domain != NULL && (from == NULL || ferry_jid_equal (from, domain));
}

static gboolean
services_pushed_cb (FerryElement *stanza,
                    gpointer      user_data)
{
  FerryNetwork *self = FERRY_NETWORK (user_data);
  g_autoptr(FerryElement) reply = NULL;

  if (!is_from_own_server (self, stanza))
    return FALSE;

  reply = ferry_iq_new_result (stanza, NULL);
  ferry_router_send (self->router, reply);
  if (self->is_online && ferry_network_is_direct (self))
    ferry_network_begin_round (self);

  return TRUE;
}

void
ferry_network_watch_services (FerryNetwork *self)
{
  G_STATIC_ASSERT (G_N_ELEMENTS (namespaces) == G_N_ELEMENTS (self->push_ids));

  for (gsize i = 0; i < G_N_ELEMENTS (namespaces); i++)
    {
      const FerryRoute route = { "iq", "set", "services", namespaces[i] };

      self->push_ids[i] = ferry_router_add_handler (self->router, &route, services_pushed_cb,
                                                    self);
    }
}

void
ferry_network_unwatch_services (FerryNetwork *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (self->push_ids); i++)
    {
      if (self->push_ids[i] != 0)
        ferry_router_remove_handler (self->router, self->push_ids[i]);
      self->push_ids[i] = 0;
    }
}
