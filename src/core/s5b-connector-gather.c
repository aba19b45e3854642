/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-s5b-connector"

#include "config.h"

#include "core/random-id.h"
#include "core/s5b-connector-private.h"
#include "net/local-addresses.h"
#include "proto/s5b-address.h"
#include "proto/s5b-offer.h"

#define PROXIES_WAIT 150 /* milliseconds: a person waits for the offer to go out */
#define MAX_PATIENT  4   /* direct hosts to offer to a peer that may try them one by one */

/* SOCKS-8: either order of names is this stream. */
static gboolean
listen_for_peer (FerryS5bConnector *self)
{
  g_autofree char *ours = ferry_s5b_address_new (self->sid, self->own_jid, self->peer_jid);
  g_autofree char *theirs = ferry_s5b_address_new (self->sid, self->peer_jid, self->own_jid);
  const char *addresses[] = { ours, theirs, NULL };
  g_autoptr(GError) error = NULL;

  if (self->listener == NULL)
    return FALSE;

  self->expectation = ferry_socks5_listener_expect (self->listener, addresses,
                                                    _ferry_s5b_connector_accepted_cb, self, &error);
  if (self->expectation == 0)
    g_info ("Not offering direct connections: %s", error->message);

  return self->expectation != 0;
}

/* Peers: QXmpp gives each host seven seconds. slixmpp dials all at once, and gives up if
 * one is turned away: our listener keeps no more than four (SEC-25). */
static guint
get_max_direct (FerryS5bConnector *self)
{
  return self->rules->one_way ? MAX_PATIENT : FERRY_S5B_MAX_DIRECT_OFFERED;
}

static void
offer_direct (FerryS5bConnector *self,
              FerryS5bOffer     *offer)
{
  g_auto(GStrv) addresses = NULL;
  guint16 port;

  if (!_ferry_s5b_connector_is_direct (self) || self->hides_hosts || !listen_for_peer (self))
    return;

  port = ferry_socks5_listener_get_port (self->listener);
  addresses = ferry_local_addresses_list (self->allow_loopback, get_max_direct (self));

  for (guint i = 0; addresses[i] != NULL; i++)
    ferry_s5b_offer_add_direct (offer, addresses[i], port, self->own_jid);
}

static void
offer_proxies (FerryS5bConnector *self,
               FerryS5bOffer     *offer)
{
  if ((self->paths & FERRY_PATH_PROXY) == 0 || self->proxies == NULL)
    return;

  for (guint i = 0; i < ferry_proxies_get_n (self->proxies); i++)
    {
      const FerryPathProxy *proxy = ferry_proxies_get (self->proxies, i);

      if (proxy->fault == NULL)
        ferry_s5b_offer_add_proxy (offer, proxy->host, proxy->port, proxy->jid);
    }
}

static GPtrArray *
gather (FerryS5bConnector *self,
        GPtrArray         *theirs)
{
  g_autofree char *nonce = ferry_random_id_new ();
  g_autoptr(FerryS5bOffer) offer = ferry_s5b_offer_new (self->role, nonce, theirs);
  GPtrArray *candidates;

  offer_direct (self, offer);
  offer_proxies (self, offer);

  candidates = g_ptr_array_ref (ferry_s5b_offer_get_candidates (offer));
  ferry_s5b_engine_set_own (self->engine, candidates);

  return candidates;
}

static void
gather_proxies_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);

  ferry_proxies_wait_finish (FERRY_PROXIES (source), result, NULL); /* without them then */

  if (!g_task_return_error_if_cancelled (task))
    g_task_return_pointer (task, gather (g_task_get_source_object (task),
                                         g_task_get_task_data (task)),
                           (GDestroyNotify) g_ptr_array_unref);
}

void
ferry_s5b_connector_gather_async (FerryS5bConnector   *self,
                                  GPtrArray           *theirs,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (FERRY_IS_S5B_CONNECTOR (self));
  g_return_if_fail (self->engine != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, ferry_s5b_connector_gather_async);
  if (theirs != NULL)
    g_task_set_task_data (task, g_ptr_array_ref (theirs), (GDestroyNotify) g_ptr_array_unref);

  if ((self->paths & FERRY_PATH_PROXY) != 0 && self->proxies != NULL)
    ferry_proxies_wait_async (self->proxies, PROXIES_WAIT, cancellable,
                              gather_proxies_cb, g_steal_pointer (&task));
  else
    g_task_return_pointer (task, gather (self, theirs), (GDestroyNotify) g_ptr_array_unref);
}

GPtrArray *
ferry_s5b_connector_gather_finish (FerryS5bConnector  *self,
                                   GAsyncResult       *result,
                                   GError            **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
