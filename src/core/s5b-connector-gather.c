/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-s5b-connector"

#include "config.h"

#include "core/random-id.h"
#include "core/s5b-connector-dial.h"
#include "net/interfaces.h"
#include "proto/jid.h"
#include "proto/s5b-address.h"
#include "proto/s5b-offer.h"

#define MAX_WAIT    150 /* ms: a person waits for the offer to go out */
#define MAX_PATIENT 4    /* direct hosts to offer to a peer that may try them one by one */

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
learn_addresses (FerryPathFacts *facts,
                 GPtrArray      *addresses)
{
  for (guint i = 0; i < addresses->len; i++)
    {
      const FerryInterfaceAddress *own = g_ptr_array_index (addresses, i);

      g_ptr_array_add (facts->addresses,
                       ferry_interface_address_new (&own->address, own->interface, own->flags));
    }
}

static void
learn_place (FerryS5bConnector *self,
             FerryPathFacts    *facts)
{
  const FerryPathFacts *known;
  g_autoptr(GPtrArray) addresses = NULL;

  if (self->network == NULL)
    {
      addresses = ferry_interfaces_list (self->allow_loopback);
      learn_addresses (facts, addresses);
      return;
    }

  known = ferry_network_get_facts (self->network);
  learn_addresses (facts, known->addresses);
  g_array_append_vals (facts->mappings, known->mappings->data, known->mappings->len);
  facts->reflexive4 = known->reflexive4;
  facts->reflexive6 = known->reflexive6;
}

/* Whether the peer's server may learn that we are there: it runs proxies, which are looked for and
 * tried, and in the end dialled by both (SEC-15). */
static gboolean
may_ask_their_server (FerryS5bConnector *self)
{
  return !self->hides_hosts && !self->relay_only;
}

/* What is known by now. Returns: (transfer full) */
static FerryPathFacts *
learn (FerryS5bConnector *self)
{
  FerryPathFacts *facts = ferry_path_facts_new ();
  g_autofree char *domain = ferry_jid_dup_domain (self->peer_jid);

  learn_place (self, facts);
  facts->port = self->expectation != 0 ? ferry_socks5_listener_get_port (self->listener) : 0;

  if (self->proxies != NULL)
    {
      g_ptr_array_unref (facts->proxies);
      facts->proxies = ferry_proxies_list (self->proxies,
                                           may_ask_their_server (self) ? domain : NULL);
    }

  return facts;
}

static gboolean
has_assisted (GPtrArray *theirs)
{
  for (guint i = 0; i < theirs->len; i++)
    {
      const FerryS5bCandidate *candidate = g_ptr_array_index (theirs, i);

      if (candidate->type == FERRY_S5B_ASSISTED)
        return TRUE;
    }

  return FALSE;
}

/* Returns: (transfer full) (element-type FerryPlannedHost) */
static GPtrArray *
plan (FerryS5bConnector *self,
      GPtrArray         *theirs)
{
  gboolean may_direct = _ferry_s5b_connector_is_direct (self) && !self->hides_hosts &&
                        listen_for_peer (self);
  g_autoptr(FerryPathFacts) facts = learn (self);
  const FerryPathRules rules = {
    .may_direct = may_direct,
    .may_proxy = (self->paths & FERRY_PATH_PROXY) != 0,
    .may_punch = self->peer_punches && (theirs == NULL || has_assisted (theirs)),
    .allow_loopback = self->allow_loopback,
    .max_direct = get_max_direct (self),
    .max_proxies = FERRY_S5B_MAX_PROXY_OFFERED,
  };

  return ferry_path_plan (facts, &rules);
}

static gboolean
add_to_offer (FerryS5bConnector      *self,
              FerryS5bOffer          *offer,
              const FerryPlannedHost *host)
{
  switch (host->origin)
    {
    case FERRY_ORIGIN_MAPPED:
      return ferry_s5b_offer_add_mapped (offer, host->host, host->port, self->own_jid);

    case FERRY_ORIGIN_PREDICTED:
      return ferry_s5b_offer_add_assisted (offer, host->host, host->port, self->own_jid);

    case FERRY_ORIGIN_PROXY:
      return ferry_s5b_offer_add_proxy (offer, host->host, host->port, host->jid);

    case FERRY_ORIGIN_HOST:
    default:
      return ferry_s5b_offer_add_direct (offer, host->host, host->port, self->own_jid);
    }
}

/* Consumes @host. */
static void
offer_host (FerryS5bConnector *self,
            FerryS5bOffer     *offer,
            FerryPlannedHost  *host)
{
  g_autoptr(FerryPlannedHost) owned = host;
  const char *reason = host->left_out;

  if (reason == NULL && !add_to_offer (self, offer, host))
    reason = "the peer has named it";

  _ferry_s5b_connector_note (self, reason != NULL ? FERRY_PATH_STEP_LEFT_OUT
                                                  : FERRY_PATH_STEP_OFFERED,
                             ferry_path_origin_to_string (host->origin),
                             *host->host != '\0' ? host->host : NULL, host->port,
                             reason != NULL ? reason : host->via);
  if (reason == NULL)
    g_ptr_array_add (self->planned, g_steal_pointer (&owned));
}

static GPtrArray *
gather (FerryS5bConnector *self,
        GPtrArray         *theirs)
{
  g_autofree char *nonce = ferry_random_id_new ();
  g_autoptr(FerryS5bOffer) offer = ferry_s5b_offer_new (self->role, nonce, theirs);
  g_autoptr(GPtrArray) hosts = plan (self, theirs);

  g_ptr_array_set_free_func (hosts, NULL);
  for (guint i = 0; i < hosts->len; i++)
    offer_host (self, offer, g_ptr_array_index (hosts, i));

  self->own = g_ptr_array_ref (ferry_s5b_offer_get_candidates (offer));
  ferry_s5b_engine_set_own (self->engine, self->own);
  if (self->role == FERRY_ROLE_INITIATOR && _ferry_s5b_connector_get_prediction (self) != NULL)
    ferry_s5b_engine_punch (self->engine);

  return g_ptr_array_ref (self->own);
}

/* What is not known yet, and may be in a moment. */
typedef struct
{
  GPtrArray *theirs; /* (owned) (nullable) */
  guint      n_open; /* waits */
} Gathering;

static void
gathering_free (Gathering *gathering)
{
  g_clear_pointer (&gathering->theirs, g_ptr_array_unref);
  g_free (gathering);
}

/* One wait less. Consumes @task. */
static void
gather_on (GTask *task)
{
  g_autoptr(GTask) owned = task;
  Gathering *gathering = g_task_get_task_data (owned);

  if (--gathering->n_open == 0 && !g_task_return_error_if_cancelled (owned))
    g_task_return_pointer (owned, gather (g_task_get_source_object (owned), gathering->theirs),
                           (GDestroyNotify) g_ptr_array_unref);
}

static void
gather_proxies_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  ferry_proxies_wait_finish (FERRY_PROXIES (source), result, NULL); /* without them then */
  gather_on (G_TASK (user_data));
}

static void
gather_place_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  ferry_network_wait_finish (FERRY_NETWORK (source), result, NULL);
  gather_on (G_TASK (user_data));
}

static void
wait_for_proxies (FerryS5bConnector *self,
                  GTask             *task)
{
  Gathering *gathering = g_task_get_task_data (task);
  g_autofree char *domain = ferry_jid_dup_domain (self->peer_jid);

  if (may_ask_their_server (self))
    ferry_proxies_want (self->proxies, domain);

  gathering->n_open++;
  ferry_proxies_wait_async (self->proxies, MAX_WAIT, g_task_get_cancellable (task),
                            gather_proxies_cb, g_object_ref (task));
}

void
ferry_s5b_connector_gather_async (FerryS5bConnector   *self,
                                  GPtrArray           *theirs,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  GTask *task;
  Gathering *gathering;

  g_return_if_fail (FERRY_IS_S5B_CONNECTOR (self));
  g_return_if_fail (self->engine != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, ferry_s5b_connector_gather_async);
  gathering = g_new0 (Gathering, 1);
  gathering->theirs = theirs != NULL ? g_ptr_array_ref (theirs) : NULL;
  gathering->n_open = 1; /* until all have been begun */
  g_task_set_task_data (task, gathering, (GDestroyNotify) gathering_free);

  if ((self->paths & FERRY_PATH_PROXY) != 0 && self->proxies != NULL)
    wait_for_proxies (self, task);

  if (self->network != NULL)
    {
      gathering->n_open++;
      ferry_network_wait_async (self->network, MAX_WAIT, cancellable, gather_place_cb,
                                g_object_ref (task));
    }

  gather_on (task);
}

GPtrArray *
ferry_s5b_connector_gather_finish (FerryS5bConnector  *self,
                                   GAsyncResult       *result,
                                   GError            **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
