/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-transport-ibb"

#include "config.h"

#include "core/transport-ibb.h"
#include "proto/ibb-codec.h"

/* XEP-0047: an <open/> nobody negotiated is not acceptable, and data or a <close/>
 * for a stream nobody has do not find it. Who asks learns nothing else (SEC-3). */
static gboolean
unknown_received_cb (FerryElement *stanza,
                     gpointer      user_data)
{
  FerryRouter *router = user_data;
  const FerryElement *payload = ferry_ibb_find_payload (stanza);
  const FerryStanzaError error = {
    .type = FERRY_STANZA_ERROR_CANCEL,
    .condition = payload != NULL && ferry_element_is (payload, "open", FERRY_NS_IBB)
                   ? FERRY_CONDITION_NOT_ACCEPTABLE : FERRY_CONDITION_ITEM_NOT_FOUND,
  };
  g_autoptr(FerryElement) answer = NULL;

  if (payload == NULL)
    return FALSE;

  answer = ferry_iq_new_error (stanza, &error);
  ferry_router_send (router, answer);

  return TRUE;
}

guint
ferry_transport_ibb_refuse_unknown (FerryRouter *router)
{
  const FerryRoute route = {
    .stanza = "iq",
    .type = "set",
    .child_ns = FERRY_NS_IBB,
    .is_last = TRUE,
  };

  g_return_val_if_fail (FERRY_IS_ROUTER (router), 0);

  return ferry_router_add_handler (router, &route, unknown_received_cb, router);
}
