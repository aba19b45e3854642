/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-network"

#include "config.h"

#include "core/network-private.h"
#include "core/waiters.h"

#define STOP_LIMIT 1000 /* ms */

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FerryNetwork, ferry_network, G_TYPE_OBJECT)

void
ferry_network_changed (FerryNetwork *self)
{
  g_autoptr(FerryNetwork) held = g_object_ref (self);

  g_signal_emit (held, signals[SIGNAL_CHANGED], 0);
  if (ferry_network_is_settled (held))
    ferry_waiters_release (held->waiters);
}

void
ferry_network_start (FerryNetwork *self)
{
  g_return_if_fail (FERRY_IS_NETWORK (self));

  if (self->is_started)
    return;

  self->is_started = TRUE;
  ferry_network_watch (self);
  ferry_network_begin_round (self);
}

void
ferry_network_online (FerryNetwork *self)
{
  gboolean is_new;

  g_return_if_fail (FERRY_IS_NETWORK (self));

  is_new = !self->is_online;
  self->is_online = TRUE;

  if (!self->is_started)
    ferry_network_start (self);
  else if (!is_new || ferry_network_has_slept (self))
    ferry_network_begin_round (self); /* much may have changed since */
  else if (ferry_network_is_direct (self))
    {
      ferry_network_ask_services (self);
      ferry_network_changed (self);
    }
}

gboolean
ferry_network_is_relay_only (FerryNetwork *self)
{
  g_return_val_if_fail (FERRY_IS_NETWORK (self), TRUE);

  return self->settings->relay_only;
}

gboolean
ferry_network_is_direct (FerryNetwork *self)
{
  g_return_val_if_fail (FERRY_IS_NETWORK (self), FALSE);

  return !self->settings->relay_only && self->knows_desktop && self->desktop_proxy == NULL;
}

gboolean
ferry_network_knows_desktop (FerryNetwork *self)
{
  g_return_val_if_fail (FERRY_IS_NETWORK (self), FALSE);

  return self->knows_desktop;
}

GProxyResolver *
ferry_network_get_desktop_proxy (FerryNetwork *self)
{
  g_return_val_if_fail (FERRY_IS_NETWORK (self), NULL);

  return self->desktop_proxy;
}

gboolean
ferry_network_is_settled (FerryNetwork *self)
{
  g_return_val_if_fail (FERRY_IS_NETWORK (self), TRUE);

  return self->n_open == 0 && self->settling_id == 0
         && (self->mappings == NULL || self->senses->mappings_is_settled (self->mappings))
         && (self->proxies == NULL || ferry_proxies_is_settled (self->proxies));
}

/* Monitors miss some changes, and a machine that slept may be elsewhere: whoever waits is about to
 * tell others where we are. */
static void
look_again (FerryNetwork *self)
{
  gboolean is_elsewhere;

  if (!self->is_started || self->settling_id != 0)
    return;

  is_elsewhere = ferry_network_has_slept (self);
  if (ferry_network_is_direct (self))
    is_elsewhere = ferry_network_look_at_addresses (self) || is_elsewhere;

  if (is_elsewhere || (!self->knows_desktop && self->n_open == 0))
    ferry_network_begin_round (self);
  else if (self->n_open == 0)
    ferry_network_check_desktop (self);
}

void
ferry_network_wait_async (FerryNetwork        *self,
                          guint                timeout_ms,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (FERRY_IS_NETWORK (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, ferry_network_wait_async);
  look_again (self);

  if (ferry_network_is_settled (self))
    g_task_return_boolean (task, TRUE);
  else
    ferry_waiters_add (self->waiters, g_steal_pointer (&task), timeout_ms);
}

gboolean
ferry_network_wait_finish (FerryNetwork  *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

const FerryPathFacts *
ferry_network_get_facts (FerryNetwork *self)
{
  g_return_val_if_fail (FERRY_IS_NETWORK (self), NULL);

  return self->facts;
}

const char *
ferry_network_get_stun_fault (FerryNetwork *self)
{
  g_return_val_if_fail (FERRY_IS_NETWORK (self), NULL);

  return self->stun_fault;
}

FerryPortMappings *
ferry_network_get_mappings (FerryNetwork *self)
{
  g_return_val_if_fail (FERRY_IS_NETWORK (self), NULL);

  return FERRY_IS_PORT_MAPPINGS (self->mappings) ? FERRY_PORT_MAPPINGS (self->mappings) : NULL;
}

gboolean
ferry_network_has_stun_server (FerryNetwork *self)
{
  g_return_val_if_fail (FERRY_IS_NETWORK (self), FALSE);

  return self->settings->stun_server != NULL || self->stun_servers->len > 0;
}

void
ferry_network_configure (FerryNetwork        *self,
                         const FerrySettings *settings)
{
  g_return_if_fail (FERRY_IS_NETWORK (self));
  g_return_if_fail (settings != NULL);

  if (self->settings->relay_only == settings->relay_only
      && self->settings->map_ports == settings->map_ports
      && g_strcmp0 (self->settings->stun_server, settings->stun_server) == 0)
    return;

  self->settings->relay_only = settings->relay_only;
  self->settings->map_ports = settings->map_ports;
  g_free (self->settings->stun_server);
  self->settings->stun_server = g_strdup (settings->stun_server);

  if (self->is_started)
    ferry_network_begin_round (self);
}

/* Nothing is found out any more, until the next start(). */
void
ferry_network_stop_async (FerryNetwork        *self,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (FERRY_IS_NETWORK (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, ferry_network_stop_async);

  if (self->is_started)
    ferry_network_unwatch (self);
  self->is_started = FALSE;
  self->is_online = FALSE;
  self->n_open = 0;
  g_cancellable_cancel (self->round);
  g_clear_object (&self->round);
  ferry_network_leave_routers (self);
  ferry_waiters_release (self->waiters);

  if (self->n_leaving == 0)
    g_task_return_boolean (task, TRUE);
  else
    ferry_waiters_add (self->stoppers, g_steal_pointer (&task), STOP_LIMIT);
}

void
ferry_network_stop_finish (FerryNetwork *self,
                           GAsyncResult *result)
{
  g_return_if_fail (g_task_is_valid (result, self));

  g_task_propagate_boolean (G_TASK (result), NULL);
}

void
ferry_network_set_senses (FerryNetwork             *self,
                          const FerryNetworkSenses *senses)
{
  g_return_if_fail (!self->is_started);

  self->senses = senses;
}

void
ferry_network_set_resolver (FerryNetwork   *self,
                            GProxyResolver *resolver)
{
  g_set_object (&self->resolver, resolver);
}

FerryNetwork *
ferry_network_new (FerryRouter         *router,
                   FerrySocks5Listener *listener,
                   FerryProxies        *proxies,
                   const FerrySettings *settings)
{
  FerryNetwork *self;

  g_return_val_if_fail (FERRY_IS_ROUTER (router), NULL);
  g_return_val_if_fail (FERRY_IS_SOCKS5_LISTENER (listener), NULL);
  g_return_val_if_fail (settings != NULL, NULL);

  self = g_object_new (FERRY_TYPE_NETWORK, NULL);
  self->router = g_object_ref (router);
  self->listener = g_object_ref (listener);
  self->settings = ferry_settings_copy (settings);
  ferry_network_watch_services (self);

  if (proxies != NULL)
    {
      self->proxies = g_object_ref (proxies);
      g_signal_connect_object (proxies, "changed", G_CALLBACK (ferry_network_take_proxies), self,
                               G_CONNECT_SWAPPED);
    }

  return self;
}

static void
ferry_network_dispose (GObject *object)
{
  FerryNetwork *self = FERRY_NETWORK (object);

  if (self->is_started)
    ferry_network_unwatch (self);
  self->is_started = FALSE;

  if (self->router != NULL)
    ferry_network_unwatch_services (self);
  g_cancellable_cancel (self->round);
  g_clear_object (&self->round);
  g_clear_object (&self->mappings);
  g_clear_object (&self->router);
  g_clear_object (&self->listener);
  g_clear_object (&self->proxies);

  G_OBJECT_CLASS (ferry_network_parent_class)->dispose (object);
}

static void
ferry_network_finalize (GObject *object)
{
  FerryNetwork *self = FERRY_NETWORK (object);

  g_clear_object (&self->resolver);
  g_clear_object (&self->desktop_proxy);
  g_clear_pointer (&self->settings, ferry_settings_free);
  g_clear_pointer (&self->facts, ferry_path_facts_free);
  g_clear_pointer (&self->stun_servers, g_ptr_array_unref);
  g_clear_pointer (&self->waiters, g_ptr_array_unref);
  g_clear_pointer (&self->stoppers, g_ptr_array_unref);
  g_free (self->stun_fault);

  G_OBJECT_CLASS (ferry_network_parent_class)->finalize (object);
}

static void
ferry_network_class_init (FerryNetworkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = ferry_network_dispose;
  object_class->finalize = ferry_network_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", FERRY_TYPE_NETWORK, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
}

static void
ferry_network_init (FerryNetwork *self)
{
  self->senses = &ferry_network_senses;
  self->resolver = g_object_ref (g_proxy_resolver_get_default ());
  self->facts = ferry_path_facts_new ();
  self->stun_servers =
    g_ptr_array_new_with_free_func ((GDestroyNotify) ferry_stun_server_free);
  self->waiters = ferry_waiters_new ();
  self->stoppers = ferry_waiters_new ();
}
