/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-doctor"

#include "config.h"

#include "core/doctor.h"
#include "core/random-id.h"
#include "proto/ibb-codec.h"
#include "proto/jid.h"

#define PATIENCE     12000 /* milliseconds: routers that know no mapping are simply silent */
#define REPLY_WAIT   10    /* seconds, for an answer through the server */
#define BLOCK        4096  /* bytes: what in-band transfers send at once */
#define NS_PING      "urn:xmpp:ping"

struct _FerryDoctor
{
  GObject              parent_instance;
  FerryNetwork        *network;    /* (owned) */
  FerryProxies        *proxies;    /* (owned) (nullable) */
  FerryRouter         *router;     /* (owned) */
  FerrySocks5Listener *listener;   /* (owned) (nullable): without a client; then the network is ours */
  gboolean             is_online;
  gboolean             is_settled;
  gint64               sent_at;    /* µs, monotonic: the block */
  gint64               delay;      /* µs; -1: it has not come back */
  guint                n_open;     /* tests under way */
  FerryDiagnosis      *result;     /* (owned) (nullable): of the task, while its network ends */
};

enum { SIGNAL_PROGRESS, N_SIGNALS };
static guint signals[N_SIGNALS];

static guint n_alone; /* examinations without a client under way, of the whole program */

G_DEFINE_FINAL_TYPE (FerryDoctor, ferry_doctor, G_TYPE_OBJECT)

/* What the router calls its outside, told by any port it opened. */
static FerryIpAddress
find_external (const FerryPathFacts *facts)
{
  for (guint i = 0; i < facts->mappings->len; i++)
    {
      const FerryPortMapping *mapping = &g_array_index (facts->mappings, FerryPortMapping, i);

      if (!mapping->is_pinhole && mapping->external.len == 4)
        return mapping->external;
    }

  return (FerryIpAddress) { .len = 0 };
}

static void
collect (FerryDoctor      *self,
         FerryTestResults *results)
{
  FerryPortMappings *mappings = ferry_network_get_mappings (self->network);

  results->is_settled = self->is_settled;
  results->is_online = self->is_online;
  results->may_direct = ferry_network_is_direct (self->network);
  results->may_map = results->may_direct && mappings != NULL;
  results->has_stun_server = ferry_network_has_stun_server (self->network);
  results->stun_fault = ferry_network_get_stun_fault (self->network);
  for (guint method = 0; mappings != NULL && method < FERRY_N_MAPPING_METHODS; method++)
    results->faults[method] = ferry_port_mappings_get_fault (mappings, method);
  results->router_external = find_external (ferry_network_get_facts (self->network));
  results->in_band_delay = self->delay;
}

FerryDiagnosis *
ferry_doctor_get_diagnosis (FerryDoctor *self)
{
  FerryTestResults results = { 0 };

  g_return_val_if_fail (FERRY_IS_DOCTOR (self), NULL);

  collect (self, &results);

  return ferry_network_diagnose (ferry_network_get_facts (self->network), &results);
}

static void
tell_progress (FerryDoctor *self)
{
  g_signal_emit (self, signals[SIGNAL_PROGRESS], 0);
}

static void
stopped_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  FerryDoctor *self = g_task_get_source_object (task);

  ferry_network_stop_finish (FERRY_NETWORK (source), result);
  n_alone--;
  g_task_return_pointer (task, g_steal_pointer (&self->result),
                         (GDestroyNotify) ferry_diagnosis_free);
}

/* Takes @task: one test of it has ended, and the last one ends it. */
static void
end_test (GTask *task)
{
  g_autoptr(GTask) owned = task;
  FerryDoctor *self = g_task_get_source_object (task);

  if (--self->n_open > 0)
    {
      tell_progress (self);
      return;
    }

  self->is_settled = TRUE;
  self->result = ferry_doctor_get_diagnosis (self);
  tell_progress (self);

  if (self->listener != NULL)
    ferry_network_stop_async (self->network, stopped_cb, g_steal_pointer (&owned));
  else if (!g_task_return_error_if_cancelled (task))
    g_task_return_pointer (task, g_steal_pointer (&self->result),
                           (GDestroyNotify) ferry_diagnosis_free);
}

static GTask *
begin_test (GTask *task)
{
  FerryDoctor *self = g_task_get_source_object (task);

  self->n_open++;

  return g_object_ref (task);
}

static void
network_settled_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  ferry_network_wait_finish (FERRY_NETWORK (source), result, NULL);
  end_test (user_data);
}

static void
proxies_settled_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  ferry_proxies_wait_finish (FERRY_PROXIES (source), result, NULL);
  end_test (user_data);
}

/* Nobody waits for this block: that it is not found is our own answer, which went both ways as
 * the data of a file does. A server that keeps blocks back answers otherwise, or not at all. */
static void
block_answered_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  GTask *task = G_TASK (user_data);
  FerryDoctor *self = g_task_get_source_object (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(FerryElement) reply = ferry_router_request_finish (FERRY_ROUTER (source), result,
                                                               &error);
  g_autoptr(FerryStanzaError) answer = NULL;

  if (reply != NULL)
    answer = ferry_stanza_error_from_stanza (reply);
  if (answer != NULL && answer->condition == FERRY_CONDITION_ITEM_NOT_FOUND)
    self->delay = g_get_monotonic_time () - self->sent_at;
  else
    g_info ("The block did not come back: %s", error != NULL ? error->message : "refused");

  end_test (task);
}

static void
send_block (FerryDoctor *self,
            GTask       *task)
{
  g_autofree char *sid = ferry_random_id_new ();
  g_autofree guint8 *data = g_malloc0 (BLOCK);
  g_autoptr(FerryElement) block = ferry_ibb_data_new (sid, 0, data, BLOCK);

  self->sent_at = g_get_monotonic_time ();
  ferry_router_request_async (self->router, FERRY_IQ_SET, ferry_router_get_jid (self->router),
                              block, REPLY_WAIT, g_task_get_cancellable (task), block_answered_cb,
                              begin_test (task));
}

/* XEP-0199; any answer is a sign of life. */
static void
ping_answered_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  GTask *task = G_TASK (user_data);
  FerryDoctor *self = g_task_get_source_object (task);
  g_autoptr(GError) error = NULL;
  FerryElement *reply = ferry_router_request_finish (FERRY_ROUTER (source), result, &error);

  if (reply == NULL)
    g_info ("The server does not answer: %s", error->message);
  else if (ferry_router_get_jid (self->router) != NULL)
    send_block (self, task);
  g_clear_pointer (&reply, ferry_element_unref);

  end_test (task);
}

static void
ping_server (FerryDoctor *self,
             GTask       *task)
{
  g_autofree char *domain = ferry_jid_dup_domain (ferry_router_get_jid (self->router));
  g_autoptr(FerryElement) ping = NULL;

  ping = ferry_element_builder_end (ferry_element_builder_new ("ping", NS_PING));
  ferry_router_request_async (self->router, FERRY_IQ_GET, domain, ping, REPLY_WAIT,
                              g_task_get_cancellable (task), ping_answered_cb, begin_test (task));
}

/* What is known may be old: whoever tests again has changed something at the router. */
static void
look_anew (FerryDoctor *self)
{
  ferry_network_start (self->network);
  if (self->is_online && ferry_network_is_settled (self->network))
    ferry_network_online (self->network);
}

void
ferry_doctor_examine_async (FerryDoctor         *self,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (FERRY_IS_DOCTOR (self));
  g_return_if_fail (self->n_open == 0 && !self->is_settled);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, ferry_doctor_examine_async);

  self->is_online = ferry_router_get_jid (self->router) != NULL;
  self->n_open = 1; /* the asking itself */
  if (self->listener != NULL)
    n_alone++;
  look_anew (self);

  if (self->is_online && self->proxies != NULL)
    {
      ferry_proxies_discover (self->proxies);
      ferry_proxies_wait_async (self->proxies, PATIENCE, cancellable, proxies_settled_cb,
                                begin_test (task));
    }
  if (self->is_online)
    ping_server (self, task);
  ferry_network_wait_async (self->network, PATIENCE, cancellable, network_settled_cb,
                            begin_test (task));

  end_test (g_steal_pointer (&task));
}

FerryDiagnosis *
ferry_doctor_examine_finish (FerryDoctor   *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

gboolean
ferry_doctor_is_alone_anywhere (void)
{
  return n_alone > 0;
}

FerryDoctor *
ferry_doctor_new (FerryNetwork *network,
                  FerryProxies *proxies,
                  FerryRouter  *router)
{
  FerryDoctor *self;

  g_return_val_if_fail (FERRY_IS_NETWORK (network), NULL);
  g_return_val_if_fail (proxies == NULL || FERRY_IS_PROXIES (proxies), NULL);
  g_return_val_if_fail (FERRY_IS_ROUTER (router), NULL);

  self = g_object_new (FERRY_TYPE_DOCTOR, NULL);
  self->network = g_object_ref (network);
  self->proxies = proxies != NULL ? g_object_ref (proxies) : NULL;
  self->router = g_object_ref (router);
  g_signal_connect_object (network, "changed", G_CALLBACK (tell_progress), self,
                           G_CONNECT_SWAPPED);

  return self;
}

FerryDoctor *
ferry_doctor_new_alone (const FerrySettings *settings)
{
  g_autoptr(FerryRouter) router = ferry_router_new ();
  g_autoptr(FerrySocks5Listener) listener = ferry_socks5_listener_new (settings->listen_port);
  g_autoptr(FerryNetwork) network = ferry_network_new (router, listener, NULL, settings);
  FerryDoctor *self = ferry_doctor_new (network, NULL, router);

  self->listener = g_steal_pointer (&listener);

  return self;
}

static void
ferry_doctor_finalize (GObject *object)
{
  FerryDoctor *self = FERRY_DOCTOR (object);

  g_clear_pointer (&self->result, ferry_diagnosis_free);
  g_clear_object (&self->network);
  g_clear_object (&self->proxies);
  g_clear_object (&self->router);
  g_clear_object (&self->listener);

  G_OBJECT_CLASS (ferry_doctor_parent_class)->finalize (object);
}

static void
ferry_doctor_class_init (FerryDoctorClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ferry_doctor_finalize;

  signals[SIGNAL_PROGRESS] = g_signal_new ("progress", FERRY_TYPE_DOCTOR, G_SIGNAL_RUN_LAST, 0,
                                           NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
ferry_doctor_init (FerryDoctor *self)
{
  self->delay = -1;
}
