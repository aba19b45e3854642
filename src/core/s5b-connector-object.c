/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/s5b-connector-dial.h"

G_DEFINE_FINAL_TYPE (FerryS5bConnector, ferry_s5b_connector, G_TYPE_OBJECT)

gboolean
ferry_s5b_connector_is_stopped (FerryS5bConnector *self)
{
  g_return_val_if_fail (FERRY_IS_S5B_CONNECTOR (self), TRUE);

  return self->is_stopped;
}

FerryPaths
ferry_s5b_connector_get_path (FerryS5bConnector *self)
{
  g_return_val_if_fail (FERRY_IS_S5B_CONNECTOR (self), 0);

  return self->path;
}

const char *
ferry_s5b_connector_get_way (FerryS5bConnector *self)
{
  g_return_val_if_fail (FERRY_IS_S5B_CONNECTOR (self), NULL);

  return self->way;
}

char *
ferry_s5b_connector_dup_local (FerryS5bConnector *self)
{
  g_return_val_if_fail (FERRY_IS_S5B_CONNECTOR (self), NULL);

  return g_strdup (self->local);
}

char *
ferry_s5b_connector_dup_remote (FerryS5bConnector *self)
{
  g_return_val_if_fail (FERRY_IS_S5B_CONNECTOR (self), NULL);

  return g_strdup (self->remote);
}

void
ferry_s5b_connector_set_sid (FerryS5bConnector *self,
                             const char        *sid)
{
  g_return_if_fail (FERRY_IS_S5B_CONNECTOR (self));
  g_return_if_fail (sid != NULL && self->sid == NULL);

  self->sid = g_strdup (sid);
  self->engine = ferry_s5b_engine_new (self->role, sid, self->own_jid, self->peer_jid,
                                       self->rules, self->profile);
  if ((self->paths & FERRY_PATH_IN_BAND) != 0)
    ferry_s5b_engine_hurry (self->engine);
}

const char *
ferry_s5b_connector_get_sid (FerryS5bConnector *self)
{
  g_return_val_if_fail (FERRY_IS_S5B_CONNECTOR (self), NULL);

  return self->sid;
}

FerryS5bConnector *
ferry_s5b_connector_new (const FerryTransportContext *context,
                         FerryRole                    role,
                         const FerryS5bRules         *rules,
                         const FerryS5bConnectorFuncs *funcs,
                         gpointer                     user_data)
{
  FerryS5bConnector *self = g_object_new (FERRY_TYPE_S5B_CONNECTOR, NULL);

  self->router = g_object_ref (context->router);
  g_set_object (&self->listener, context->listener);
  g_set_object (&self->proxies, context->proxies);
  self->profile = context->profile;
  self->rules = rules;
  g_set_object (&self->network, context->network);
  self->paths = context->settings->paths;
  self->relay_only = context->relay_only;
  if (self->relay_only)
    self->paths &= ~FERRY_PATH_DIRECT;
  self->allow_loopback = context->settings->allow_loopback;
  self->role = role;
  self->hides_hosts = context->proposer && context->is_stranger;
  self->own_jid = g_strdup (context->own_jid);
  self->peer_jid = g_strdup (context->peer_jid);
  self->peer_punches = context->peer_punches && rules->may_punch;
  self->report = context->report != NULL ? ferry_path_report_ref (context->report) : NULL;
  self->funcs = funcs;
  self->user_data = user_data;

  return self;
}

static void
ferry_s5b_connector_dispose (GObject *object)
{
  FerryS5bConnector *self = FERRY_S5B_CONNECTOR (object);

  ferry_s5b_connector_stop (self);
  g_clear_object (&self->router);
  g_clear_object (&self->listener);
  g_clear_object (&self->proxies);
  g_clear_object (&self->network);

  G_OBJECT_CLASS (ferry_s5b_connector_parent_class)->dispose (object);
}

static void
ferry_s5b_connector_finalize (GObject *object)
{
  FerryS5bConnector *self = FERRY_S5B_CONNECTOR (object);

  g_clear_pointer (&self->engine, ferry_s5b_engine_free);
  g_clear_pointer (&self->connections, g_hash_table_unref);
  g_clear_pointer (&self->report, ferry_path_report_unref);
  g_clear_pointer (&self->planned, g_ptr_array_unref);
  g_clear_pointer (&self->own, g_ptr_array_unref);
  g_clear_pointer (&self->theirs, g_ptr_array_unref);
  g_clear_pointer (&self->knocked, g_ptr_array_unref);
  g_clear_object (&self->knocking);
  g_clear_object (&self->activating);
  g_clear_object (&self->dialer);
  g_free (self->own_jid);
  g_free (self->peer_jid);
  g_free (self->sid);
  g_free (self->local);
  g_free (self->remote);

  G_OBJECT_CLASS (ferry_s5b_connector_parent_class)->finalize (object);
}

static void
ferry_s5b_connector_class_init (FerryS5bConnectorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = ferry_s5b_connector_dispose;
  object_class->finalize = ferry_s5b_connector_finalize;
}

static void
ferry_s5b_connector_init (FerryS5bConnector *self)
{
  self->dialer = ferry_socks5_dialer_new ();
  self->activating = g_cancellable_new ();
  self->knocking = g_cancellable_new ();
  self->planned = g_ptr_array_new_with_free_func ((GDestroyNotify) ferry_planned_host_free);
  self->theirs = ferry_s5b_candidates_new ();
  self->knocked = ferry_s5b_candidates_new ();
  self->connections = g_hash_table_new_full (NULL, NULL, NULL,
                                             (GDestroyNotify) _ferry_s5b_connection_free);
}
