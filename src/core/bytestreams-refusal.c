/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-transport-bytestreams"

#include "config.h"

#include "core/transport-bytestreams.h"
#include "proto/bytestreams-codec.h"

/* XEP-0065 §5.3.1: a stream nobody negotiated is not acceptable, whoever asks (SEC-3). */
static gboolean
unknown_received_cb (FerryElement *stanza,
                     gpointer      user_data)
{
  FerryRouter *router = user_data;
  g_autoptr(FerryStanzaError) error =
    ferry_stanza_error_new (FERRY_STANZA_ERROR_MODIFY, FERRY_CONDITION_NOT_ACCEPTABLE,
                            NULL, NULL, NULL);
  g_autoptr(FerryElement) answer = NULL;

  ferry_stanza_error_add_code (error); /* GEN-6 */
  answer = ferry_iq_new_error (stanza, error);
  ferry_router_send (router, answer);

  return TRUE;
}

guint
ferry_transport_bytestreams_refuse_unknown (FerryRouter *router)
{
  const FerryRoute route = {
    .stanza = "iq",
    .type = "set",
    .child_name = "query",
    .child_ns = FERRY_NS_BYTESTREAMS,
    .is_last = TRUE,
  };

  g_return_val_if_fail (FERRY_IS_ROUTER (router), 0);

  return ferry_router_add_handler (router, &route, unknown_received_cb, router);
}
