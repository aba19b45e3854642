/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/capabilities-private.h"
#include "proto/caps.h"
#include "proto/jid.h"

#define NS_PING "urn:xmpp:ping"

/* What others ask about us. To those who may not see us we do not exist (SEC-4): a handler
 * that declines leaves the answer to the router's last resort, which is that of no client. */

static gboolean
may_ask (FerryCapabilities *self,
         FerryElement      *request)
{
  const char *from = ferry_element_get_attribute (request, "from");
  const char *own = ferry_router_get_jid (self->router);
  FerryContact *contact;
  g_autofree char *domain = NULL;
  g_autofree char *normalised = NULL;
  g_autofree char *bare = NULL;

  if (from == NULL || own == NULL)
    return own != NULL;

  domain = ferry_jid_dup_domain (own);

  if (ferry_jid_equal_bare (from, own) || ferry_jid_equal (from, domain))
    return TRUE;

  contact = ferry_roster_lookup (self->roster, from, FALSE);

  if (contact != NULL && ferry_contact_is_trusted (contact))
    return TRUE;

  normalised = ferry_jid_normalise (from, NULL);
  bare = normalised != NULL ? ferry_jid_dup_bare (normalised) : NULL;

  return bare != NULL && g_hash_table_contains (self->introduced, bare);
}

static void
answer (FerryCapabilities *self,
        FerryElement      *request,
        FerryElement      *payload)
{
  g_autoptr(FerryElement) result = ferry_iq_new_result (request, payload);

  ferry_router_send (self->router, result);
}

static void
answer_not_found (FerryCapabilities *self,
                  FerryElement      *request)
{
  const FerryStanzaError error = {
    .type = FERRY_STANZA_ERROR_CANCEL,
    .condition = FERRY_CONDITION_ITEM_NOT_FOUND,
  };
  g_autoptr(FerryElement) result = ferry_iq_new_error (request, &error);

  ferry_router_send (self->router, result);
}

static FerryElement *
with_node (FerryElement *query,
           const char   *node)
{
  FerryElementBuilder *builder = ferry_element_builder_new_from (query);

  ferry_element_builder_attribute (builder, "node", node);

  return ferry_element_builder_end (builder);
}

/* DISC-1: about us as a whole, and about the hash in our presence. */
static gboolean
disco_info_asked_cb (FerryElement *request,
                     gpointer      user_data)
{
  FerryCapabilities *self = FERRY_CAPABILITIES (user_data);
  g_autofree char *own_node = g_strdup_printf ("%s#%s", FERRY_CAPS_NODE, self->own_ver);
  g_autoptr(FerryElement) info = NULL;
  g_autoptr(FerryElement) payload = NULL;
  const char *node;

  if (!may_ask (self, request))
    return FALSE;

  node = ferry_element_get_attribute (ferry_iq_get_payload (request), "node");

  if (node != NULL && !g_str_equal (node, own_node))
    {
      answer_not_found (self, request);
      return TRUE;
    }

  info = ferry_disco_info_to_element (self->own);
  payload = with_node (info, node);
  answer (self, request, payload);

  return TRUE;
}

static gboolean
disco_items_asked_cb (FerryElement *request,
                      gpointer      user_data)
{
  FerryCapabilities *self = FERRY_CAPABILITIES (user_data);
  g_autoptr(FerryElement) payload = NULL;
  const char *node;

  if (!may_ask (self, request))
    return FALSE;

  node = ferry_element_get_attribute (ferry_iq_get_payload (request), "node");
  payload = ferry_disco_query_new (FERRY_NS_DISCO_ITEMS, node);
  answer (self, request, payload);

  return TRUE;
}

static gboolean
pinged_cb (FerryElement *request,
           gpointer      user_data)
{
  FerryCapabilities *self = FERRY_CAPABILITIES (user_data);

  if (!may_ask (self, request))
    return FALSE;

  answer (self, request, NULL);

  return TRUE;
}

void
ferry_capabilities_serve (FerryCapabilities *self)
{
  static const struct
  {
    FerryRoute         route;
    FerryRouterHandler handler;
  } rows[] = {
    { { "iq", "get", "query", FERRY_NS_DISCO_INFO }, disco_info_asked_cb },
    { { "iq", "get", "query", FERRY_NS_DISCO_ITEMS }, disco_items_asked_cb },
    { { "iq", "get", "ping", NS_PING }, pinged_cb },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      guint id = ferry_router_add_handler (self->router, &rows[i].route, rows[i].handler, self);

      g_array_append_val (self->handler_ids, id);
    }
}
