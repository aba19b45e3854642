/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "fake-network.h"

struct _FerryNetwork
{
  GObject         parent_instance;
  FerryPathFacts *facts;      /* (owned) */
  GTask          *waiter;     /* (owned) (nullable) */
  gboolean        is_direct;
  gboolean        has_stun_server;
  const char     *stun_fault; /* (nullable) */
  gboolean        is_started;
  gboolean        is_settled;
  guint           n_online;
};

enum { SIGNAL_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

static guint n_made; /* by ferry_network_new() */
static guint n_stopped;

G_DEFINE_FINAL_TYPE (FerryNetwork, ferry_network, G_TYPE_OBJECT)

FerryNetwork *
fake_network_new (void)
{
  return g_object_new (FERRY_TYPE_NETWORK, NULL);
}

/* What an examination alone makes for itself: it settles at once. */
FerryNetwork *
ferry_network_new (FerryRouter         *router,
                   FerrySocks5Listener *listener,
                   FerryProxies        *proxies,
                   const FerrySettings *settings)
{
  FerryNetwork *self = fake_network_new ();

  g_assert_true (FERRY_IS_ROUTER (router));
  g_assert_true (FERRY_IS_SOCKS5_LISTENER (listener));
  g_assert_null (proxies);
  self->is_direct = !settings->relay_only;
  self->is_settled = TRUE;
  n_made++;

  return self;
}

FerryPathFacts *
fake_network_get_facts (FerryNetwork *self)
{
  return self->facts;
}

void
fake_network_set_direct (FerryNetwork *self,
                         gboolean      is_direct)
{
  self->is_direct = is_direct;
}

void
fake_network_set_stun (FerryNetwork *self,
                       gboolean      has_server,
                       const char   *fault)
{
  self->has_stun_server = has_server;
  self->stun_fault = fault;
}

void
fake_network_change (FerryNetwork *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

void
fake_network_settle (FerryNetwork *self)
{
  g_autoptr(GTask) waiter = g_steal_pointer (&self->waiter);

  self->is_settled = TRUE;
  if (waiter != NULL)
    g_task_return_boolean (waiter, TRUE);
}

gboolean
fake_network_is_started (FerryNetwork *self)
{
  return self->is_started;
}

guint
fake_network_get_n_online (FerryNetwork *self)
{
  return self->n_online;
}

gboolean
fake_network_has_stopped_all (void)
{
  return n_made == n_stopped;
}

void
ferry_network_start (FerryNetwork *self)
{
  self->is_started = TRUE;
}

void
ferry_network_online (FerryNetwork *self)
{
  self->n_online++;
}

gboolean
ferry_network_is_settled (FerryNetwork *self)
{
  return self->is_settled;
}

gboolean
ferry_network_is_direct (FerryNetwork *self)
{
  return self->is_direct;
}

void
ferry_network_wait_async (FerryNetwork        *self,
                          guint                timeout_ms,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_assert_null (self->waiter);
  g_assert_cmpuint (timeout_ms, >=, 1000);
  self->waiter = g_task_new (self, cancellable, callback, user_data);
  if (self->is_settled || g_cancellable_is_cancelled (cancellable))
    fake_network_settle (self);
}

gboolean
ferry_network_wait_finish (FerryNetwork  *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

const FerryPathFacts *
ferry_network_get_facts (FerryNetwork *self)
{
  return self->facts;
}

const char *
ferry_network_get_stun_fault (FerryNetwork *self)
{
  return self->stun_fault;
}

FerryPortMappings *
ferry_network_get_mappings (FerryNetwork *self)
{
  return NULL;
}

gboolean
ferry_network_has_stun_server (FerryNetwork *self)
{
  return self->has_stun_server;
}

void
ferry_network_stop_async (FerryNetwork        *self,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, NULL, callback, user_data);

  n_stopped++;
  g_task_return_boolean (task, TRUE);
}

void
ferry_network_stop_finish (FerryNetwork *self,
                           GAsyncResult *result)
{
  g_assert_true (g_task_is_valid (result, self));
}

static void
ferry_network_finalize (GObject *object)
{
  FerryNetwork *self = FERRY_NETWORK (object);

  g_assert_null (self->waiter);
  ferry_path_facts_free (self->facts);
  G_OBJECT_CLASS (ferry_network_parent_class)->finalize (object);
}

static void
ferry_network_class_init (FerryNetworkClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ferry_network_finalize;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", FERRY_TYPE_NETWORK, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
ferry_network_init (FerryNetwork *self)
{
  self->facts = ferry_path_facts_new ();
  self->is_direct = TRUE;
}
