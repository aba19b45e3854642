/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-port-mappings"

#include "config.h"

#include "net/port-mappings-private.h"

#define SETTLE_TIME 3500 /* ms that every method has */
#define STOP_TIME 900    /* ms to give back; what is noted after that has time, too */

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FerryPortMappings, ferry_port_mappings, G_TYPE_OBJECT)

static void end_stop (FerryPortMappings *self);

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static GSource *
start_timer (FerryPortMappings *self,
             guint              delay,
             GSourceFunc        func)
{
  GSource *source = g_timeout_source_new (delay);

  g_source_set_callback (source, func, self, NULL);
  g_source_attach (source, g_main_context_get_thread_default ());
  return source;
}

gboolean
ferry_mapping_is_same (const FerryPortMapping *a,
                       const FerryPortMapping *b)
{
  return a->method == b->method && a->internal_port == b->internal_port &&
         a->external_port == b->external_port && a->lifetime == b->lifetime &&
         ferry_ip_address_equal (&a->internal, &b->internal) &&
         ferry_ip_address_equal (&a->external, &b->external);
}

/* Of what stands and is noted. Returns: whether anything of it has changed */
static gboolean
collect_mappings (FerryPortMappings *self)
{
  g_autoptr(GArray) before = g_steal_pointer (&self->mappings);

  self->mappings = g_array_new (FALSE, TRUE, sizeof (FerryPortMapping));
  for (guint i = 0; i < FERRY_N_ASKED; i++)
    if (self->asked[i] != NULL && self->asked[i]->stands && self->asked[i]->is_noted)
      g_array_append_val (self->mappings, self->asked[i]->mapping);

  if (before->len != self->mappings->len)
    return TRUE;

  for (guint i = 0; i < before->len; i++)
    if (!ferry_mapping_is_same (&g_array_index (before, FerryPortMapping, i),
                                &g_array_index (self->mappings, FerryPortMapping, i)))
      return TRUE;

  return FALSE;
}

static void
emit_changed (FerryPortMappings *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

void
ferry_port_mappings_noted (FerryPortMappings *self)
{
  g_object_ref (self);
  for (guint i = 0; i < FERRY_N_ASKED; i++)
    if (self->asked[i] != NULL && self->asked[i]->stands)
      self->asked[i]->is_noted = TRUE;

  collect_mappings (self);
  emit_changed (self);
  end_stop (self);
  g_object_unref (self);
}

/* What does not stand any more is not told of from now on; what stands newly, once it is noted. */
void
ferry_port_mappings_changed (FerryPortMappings *self)
{
  g_object_ref (self);
  if (collect_mappings (self))
    emit_changed (self);
  ferry_port_mappings_save (self);
  g_object_unref (self);
}

static gboolean
settle_cb (gpointer user_data)
{
  FerryPortMappings *self = user_data;

  for (guint i = 0; i < FERRY_N_ASKED; i++)
    if (self->asked[i] != NULL)
      ferry_mapping_asked_settle (self->asked[i]);

  clear_source (&self->settle_timer);
  ferry_port_mappings_changed (self);
  return G_SOURCE_REMOVE;
}

/* What stands stays noted as long as it is renewed. */
static gboolean
note_cb (gpointer user_data)
{
  ferry_port_mappings_save (user_data);
  return G_SOURCE_CONTINUE;
}

void
ferry_port_mappings_begin (FerryPortMappings *self)
{
  if (self->stop_task != NULL || self->port == 0)
    {
      end_stop (self);
      return;
    }

  clear_source (&self->settle_timer);
  self->settle_timer = start_timer (self, SETTLE_TIME, settle_cb);
  clear_source (&self->note_timer);
  self->note_timer = start_timer (self, FERRY_MAPPING_LIFETIME / 2 * 1000, note_cb);
  ferry_port_mappings_ask (self);
}

void
ferry_port_mappings_start (FerryPortMappings *self,
                           guint16            port)
{
  g_return_if_fail (FERRY_IS_PORT_MAPPINGS (self));
  g_return_if_fail (port != 0);

  self->port = port;

  if (self->stop_task != NULL || self->is_loading)
    return;
  if (self->lease_file != NULL && !self->is_loaded)
    ferry_port_mappings_load (self);
  else
    ferry_port_mappings_begin (self);
}

gboolean
ferry_port_mappings_is_settled (FerryPortMappings *self)
{
  g_return_val_if_fail (FERRY_IS_PORT_MAPPINGS (self), TRUE);

  if (self->port != 0 && self->note_timer == NULL)
    return FALSE; /* not begun */

  for (guint i = 0; i < FERRY_N_ASKED; i++)
    if (self->asked[i] != NULL && !ferry_mapping_asked_is_settled (self->asked[i]))
      return FALSE;

  return TRUE;
}

GArray *
ferry_port_mappings_get (FerryPortMappings *self)
{
  g_return_val_if_fail (FERRY_IS_PORT_MAPPINGS (self), NULL);

  return self->mappings;
}

const char *
ferry_port_mappings_get_fault (FerryPortMappings  *self,
                               FerryMappingMethod  method)
{
  FerryMappingAsked *asked;

  g_return_val_if_fail (FERRY_IS_PORT_MAPPINGS (self), NULL);

  for (guint i = 0; i < self->mappings->len; i++)
    if (g_array_index (self->mappings, FerryPortMapping, i).method == method)
      return NULL;

  if (self->port == 0 || !ferry_port_mappings_is_settled (self))
    return NULL;

  asked = self->asked[method == FERRY_MAPPING_UPNP ? FERRY_ASKED_IGD : 0];
  if (asked == NULL && method == FERRY_MAPPING_PCP)
    asked = self->asked[1];
  if (asked == NULL)
    return "there is no router";
  if (asked->faults[method] == NULL && asked->stands)
    return "another method is used"; /* it was not asked to the end */

  return asked->faults[method] != NULL ? asked->faults[method] : "the router does not answer";
}

/* When all is given back, or noted for the next run to do it. */
static void
end_stop (FerryPortMappings *self)
{
  g_autoptr(GTask) task = NULL;

  if (self->stop_task == NULL || self->is_loading || self->is_saving || self->leaving->len > 0)
    return;
  for (guint i = 0; i < FERRY_N_ASKED; i++)
    if (self->asked[i] != NULL)
      return;

  clear_source (&self->stop_timer);
  g_clear_pointer (&self->file, ferry_lease_file_close);
  g_array_set_size (self->orphans, 0);
  self->is_loaded = FALSE;
  task = g_steal_pointer (&self->stop_task);
  g_task_return_boolean (task, TRUE);

  if (self->port != 0)
    ferry_port_mappings_start (self, self->port);
}

/* Routers that do not answer are not waited for. */
static gboolean
stop_late_cb (gpointer user_data)
{
  FerryPortMappings *self = user_data;

  for (guint i = 0; i < self->leaving->len; i++)
    ferry_port_mappings_bequeath (self, g_ptr_array_index (self->leaving, i));
  g_ptr_array_set_size (self->leaving, 0);

  clear_source (&self->stop_timer);
  ferry_port_mappings_save (self);
  return G_SOURCE_REMOVE;
}

void
ferry_port_mappings_stop_async (FerryPortMappings   *self,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (FERRY_IS_PORT_MAPPINGS (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, ferry_port_mappings_stop_async);
  if (self->stop_task != NULL)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  self->stop_task = g_steal_pointer (&task);
  self->port = 0;
  clear_source (&self->settle_timer);
  clear_source (&self->note_timer);
  self->stop_timer = start_timer (self, STOP_TIME, stop_late_cb);

  for (guint i = 0; i < FERRY_N_ASKED; i++)
    ferry_port_mappings_leave (self, i);

  if (collect_mappings (self))
    emit_changed (self);
  end_stop (self);
}

void
ferry_port_mappings_stop_finish (FerryPortMappings *self,
                                 GAsyncResult      *result)
{
  g_return_if_fail (g_task_is_valid (result, self));

  g_task_propagate_boolean (G_TASK (result), NULL);
}

void
ferry_port_mappings_set_routers (FerryPortMappings *self,
                                 GSocketAddress    *ipv4,
                                 GSocketAddress    *ipv6)
{
  self->is_test = TRUE;
  g_set_object (&self->test_routers[0], ipv4);
  g_set_object (&self->test_routers[1], ipv6);
}

FerryPortMappings *
ferry_port_mappings_new (const char *lease_file)
{
  FerryPortMappings *self = g_object_new (FERRY_TYPE_PORT_MAPPINGS, NULL);

  self->lease_file = g_strdup (lease_file);
  return self;
}

static void
ferry_port_mappings_finalize (GObject *object)
{
  FerryPortMappings *self = FERRY_PORT_MAPPINGS (object);

  clear_source (&self->settle_timer);
  clear_source (&self->note_timer);
  clear_source (&self->stop_timer);
  for (guint i = 0; i < FERRY_N_ASKED; i++)
    g_clear_pointer (&self->asked[i], ferry_mapping_asked_free);
  g_clear_pointer (&self->leaving, g_ptr_array_unref);
  g_clear_pointer (&self->file, ferry_lease_file_close);
  g_clear_pointer (&self->orphans, g_array_unref);
  g_clear_pointer (&self->mappings, g_array_unref);
  g_clear_object (&self->test_routers[0]);
  g_clear_object (&self->test_routers[1]);
  g_free (self->lease_file);
  G_OBJECT_CLASS (ferry_port_mappings_parent_class)->finalize (object);
}

static void
ferry_port_mappings_class_init (FerryPortMappingsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ferry_port_mappings_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", FERRY_TYPE_PORT_MAPPINGS, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
ferry_port_mappings_init (FerryPortMappings *self)
{
  self->leaving = g_ptr_array_new_with_free_func ((GDestroyNotify) ferry_mapping_asked_free);
  self->mappings = g_array_new (FALSE, TRUE, sizeof (FerryPortMapping));
  self->orphans = g_array_new (FALSE, TRUE, sizeof (FerryLease));
}
