/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-port-mappings"

#include "config.h"

#include "net/port-mappings-igd-private.h"

typedef struct
{
  FerryMappingIgd  *igd;     /* (owned) */
  FerryMappingNews  news;
  FerryPortMapping  mapping;
  const char       *text;    /* (nullable): static */
} Message;

static void
igd_clear (FerryMappingIgd *self)
{
  g_free (self->own);
  g_free (self->router);
  g_main_context_unref (self->home);
  g_main_context_unref (self->context);
}

static void
igd_unref (FerryMappingIgd *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify) igd_clear);
}

void
ferry_igd_run_in (GMainContext   *context,
                  guint           delay,
                  GSourceFunc     func,
                  gpointer        data,
                  GDestroyNotify  destroy)
{
  GSource *source = g_timeout_source_new (delay);

  g_source_set_callback (source, func, data, destroy);
  g_source_attach (source, context);
  g_source_unref (source);
}

static void
message_free (gpointer data)
{
  Message *message = data;

  igd_unref (message->igd);
  g_free (message);
}

static gboolean
message_cb (gpointer user_data)
{
  Message *message = user_data;
  FerryMappingIgd *self = message->igd;

  if (self->func != NULL)
    self->func (message->news, &message->mapping, message->text, self->user_data);

  return G_SOURCE_REMOVE;
}

void
ferry_igd_tell (FerryMappingIgd        *self,
                FerryMappingNews        news,
                const FerryPortMapping *mapping,
                const char             *text)
{
  Message *message = g_new0 (Message, 1);

  message->igd = g_atomic_rc_box_acquire (self);
  message->news = news;
  message->text = text;
  if (mapping != NULL)
    message->mapping = *mapping;

  ferry_igd_run_in (self->home, 0, message_cb, message, message_free);
}

static gpointer
igd_thread (gpointer data)
{
  FerryMappingIgd *self = data;

  g_main_context_push_thread_default (self->context);
  self->loop = g_main_loop_new (self->context, FALSE);
  self->returns = g_hash_table_new (NULL, NULL);
  ferry_igd_limits_hush ();
  ferry_igd_begin (self);

  g_main_loop_run (self->loop);

  g_clear_pointer (&self->returns, g_hash_table_unref);
  g_clear_pointer (&self->loop, g_main_loop_unref);
  g_main_context_pop_thread_default (self->context);
  igd_unref (self);

  return NULL;
}

FerryMappingIgd *
ferry_mapping_igd_new (const FerryMappingPlace *place,
                       guint16                  port,
                       FerryMappingFunc         func,
                       gpointer                 user_data)
{
  FerryMappingIgd *self = g_atomic_rc_box_new0 (FerryMappingIgd);

  self->own = ferry_ip_address_to_string (&place->own);
  self->router = ferry_ip_address_to_string (&place->router);
  self->internal = place->own;
  self->port = port;
  self->home = g_main_context_ref_thread_default ();
  self->context = g_main_context_new ();
  self->func = func;
  self->user_data = user_data;
  g_thread_unref (g_thread_new ("ferry-upnp", igd_thread, g_atomic_rc_box_acquire (self)));

  return self;
}

void
ferry_mapping_igd_give_back (FerryMappingIgd *self,
                             guint16          port,
                             guint16          external_port)
{
  FerryIgdReturn *one = g_new0 (FerryIgdReturn, 1);

  one->igd = self;
  one->port = port;
  one->external_port = external_port;
  ferry_igd_run_in (self->context, 0, ferry_igd_give_back_cb, one, g_free);
}

void
ferry_mapping_igd_stop (FerryMappingIgd *self)
{
  ferry_igd_run_in (self->context, 0, ferry_igd_stop_cb, self, NULL);
}

void
ferry_mapping_igd_free (FerryMappingIgd *self)
{
  self->func = NULL;
  ferry_mapping_igd_stop (self);
  igd_unref (self);
}
