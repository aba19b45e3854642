/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "base/secret.h"
#include "core/negotiation-private.h"

G_DEFINE_FINAL_TYPE (FerryNegotiation, ferry_negotiation, G_TYPE_OBJECT)

FerryNegotiation *
ferry_negotiation_new (FerryTransferServices       *services,
                       const FerryNegotiationOwner *vtable,
                       gpointer                     owner)
{
  FerryNegotiation *self = g_object_new (FERRY_TYPE_NEGOTIATION, NULL);

  self->services = ferry_transfer_services_ref (services);
  self->vtable = vtable;
  self->owner = owner;

  return self;
}

void
ferry_negotiation_disown (FerryNegotiation *self)
{
  self->owner = NULL;
  ferry_negotiation_drop (self);
}

void
ferry_negotiation_way_changed (FerryNegotiation *self)
{
  if (self->owner != NULL)
    self->vtable->way_changed (self->owner);
}

void
ferry_negotiation_set_phrase (FerryNegotiation *self,
                              const char       *phrase)
{
  ferry_secret_set (&self->phrase, phrase);
}

gpointer
ferry_negotiation_get_owner (FerryNegotiation *self)
{
  return self->owner;
}

FerrySession *
ferry_negotiation_get_session (FerryNegotiation *self)
{
  return self->session;
}

const FerryDialect *
ferry_negotiation_get_dialect (FerryNegotiation *self)
{
  return self->session != NULL ? self->dialect : NULL;
}

const char *
ferry_negotiation_get_sid (FerryNegotiation *self)
{
  return self->sid;
}

const char *
ferry_negotiation_get_own_jid (FerryNegotiation *self)
{
  return self->session != NULL ? self->own_jid : NULL;
}

const char *
ferry_negotiation_get_peer (FerryNegotiation *self)
{
  return self->session != NULL ? self->peer : NULL;
}

FerryTransport *
ferry_negotiation_get_transport (FerryNegotiation *self)
{
  return self->transport;
}

GIOStream *
ferry_negotiation_get_stream (FerryNegotiation *self)
{
  return self->stream;
}

GIOStream *
ferry_negotiation_steal_stream (FerryNegotiation *self)
{
  return g_steal_pointer (&self->stream);
}

FerryTlsStream *
ferry_negotiation_get_tls (FerryNegotiation *self)
{
  return self->tls;
}

gboolean
ferry_negotiation_is_secured (FerryNegotiation *self)
{
  return self->is_secured;
}

gboolean
ferry_negotiation_is_securing (FerryNegotiation *self)
{
  return self->is_securing;
}

FerryTrustLevel
ferry_negotiation_get_level (FerryNegotiation *self)
{
  return self->level;
}

FerryPaths
ferry_negotiation_get_path (FerryNegotiation *self)
{
  return self->path;
}

const char *
ferry_negotiation_get_way (FerryNegotiation *self)
{
  return self->way;
}

const char *
ferry_negotiation_get_local (FerryNegotiation *self)
{
  return self->local;
}

const char *
ferry_negotiation_get_remote (FerryNegotiation *self)
{
  return self->remote;
}

FerryPathReport *
ferry_negotiation_get_report (FerryNegotiation *self)
{
  return self->report;
}

static void
ferry_negotiation_dispose (GObject *object)
{
  FerryNegotiation *self = FERRY_NEGOTIATION (object);

  ferry_negotiation_disown (self);

  G_OBJECT_CLASS (ferry_negotiation_parent_class)->dispose (object);
}

static void
ferry_negotiation_finalize (GObject *object)
{
  FerryNegotiation *self = FERRY_NEGOTIATION (object);

  g_clear_pointer (&self->peer, g_free);
  g_clear_pointer (&self->own_jid, g_free);
  g_clear_pointer (&self->phrase, ferry_secret_free);
  g_clear_pointer (&self->local, g_free);
  g_clear_pointer (&self->remote, g_free);
  g_clear_pointer (&self->report, ferry_path_report_unref);
  g_clear_pointer (&self->services, ferry_transfer_services_unref);

  G_OBJECT_CLASS (ferry_negotiation_parent_class)->finalize (object);
}

static void
ferry_negotiation_class_init (FerryNegotiationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = ferry_negotiation_dispose;
  object_class->finalize = ferry_negotiation_finalize;
}

static void
ferry_negotiation_init (FerryNegotiation *self)
{
  g_queue_init (&self->events);
}
