/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-transport-s5b"

#include "config.h"

#include "core/random-id.h"
#include "core/transport-s5b-private.h"
#include "net/local-addresses.h"
#include "proto/s5b-address.h"
#include "proto/s5b-offer.h"

#define PROXIES_WAIT 150 /* milliseconds: a person waits for the offer to go out */

/* SOCKS-8: either order of names is this stream. */
static gboolean
listen_for_peer (FerryTransportS5b *self)
{
  g_autofree char *ours = ferry_s5b_address_new (self->sid, self->own_jid, self->peer_jid);
  g_autofree char *theirs = ferry_s5b_address_new (self->sid, self->peer_jid, self->own_jid);
  const char *addresses[] = { ours, theirs, NULL };
  g_autoptr(GError) error = NULL;

  if (self->listener == NULL)
    return FALSE;

  self->expectation = ferry_socks5_listener_expect (self->listener, addresses,
                                                    _ferry_transport_s5b_accepted_cb, self, &error);
  if (self->expectation == 0)
    g_info ("Not offering direct connections: %s", error->message);

  return self->expectation != 0;
}

static void
offer_direct (FerryTransportS5b *self,
              FerryS5bOffer     *offer)
{
  g_auto(GStrv) addresses = NULL;
  guint16 port;

  if ((self->paths & FERRY_PATH_DIRECT) == 0 || self->hides_hosts || !listen_for_peer (self))
    return;

  port = ferry_socks5_listener_get_port (self->listener);
  addresses = ferry_local_addresses_list (self->allow_loopback, FERRY_S5B_MAX_DIRECT_OFFERED);

  for (guint i = 0; addresses[i] != NULL; i++)
    ferry_s5b_offer_add_direct (offer, addresses[i], port, self->own_jid);
}

static void
offer_proxies (FerryTransportS5b *self,
               FerryS5bOffer     *offer)
{
  if ((self->paths & FERRY_PATH_PROXY) == 0 || self->proxies == NULL)
    return;

  for (guint i = 0; i < ferry_proxies_get_n (self->proxies); i++)
    {
      const FerryProxy *proxy = ferry_proxies_get (self->proxies, i);

      ferry_s5b_offer_add_proxy (offer, proxy->host, proxy->port, proxy->jid);
    }
}

static FerryElement *
build_transport (FerryTransportS5b *self)
{
  g_autofree char *nonce = ferry_random_id_new ();
  g_autoptr(FerryS5bOffer) offer = ferry_s5b_offer_new (self->role, nonce, self->theirs);
  g_autoptr(FerryS5bTransport) transport = ferry_s5b_transport_new (self->sid);

  offer_direct (self, offer);
  offer_proxies (self, offer);
  ferry_s5b_engine_set_own (self->engine, ferry_s5b_offer_get_candidates (offer));

  g_ptr_array_unref (transport->candidates);
  transport->candidates = g_ptr_array_ref (ferry_s5b_offer_get_candidates (offer));
  transport->dstaddr = ferry_s5b_address_new (self->sid, self->own_jid, self->peer_jid);
  transport->with_mode = self->role == FERRY_ROLE_INITIATOR; /* S5B1-3 */

  return self->variant->encode (transport);
}

static void
prepare_proxies_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);

  ferry_proxies_wait_finish (FERRY_PROXIES (source), result, NULL); /* without them then */

  if (!g_task_return_error_if_cancelled (task))
    g_task_return_pointer (task, build_transport (g_task_get_source_object (task)),
                           (GDestroyNotify) ferry_element_unref);
}

void
_ferry_transport_s5b_prepare_async (FerryTransport      *transport,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  FerryTransportS5b *self = FERRY_TRANSPORT_S5B (transport);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, _ferry_transport_s5b_prepare_async);
  g_return_if_fail (self->engine != NULL); /* set_remote() comes first where we answer */

  if ((self->paths & FERRY_PATH_PROXY) != 0 && self->proxies != NULL)
    ferry_proxies_wait_async (self->proxies, PROXIES_WAIT, cancellable,
                              prepare_proxies_cb, g_steal_pointer (&task));
  else
    g_task_return_pointer (task, build_transport (self), (GDestroyNotify) ferry_element_unref);
}
