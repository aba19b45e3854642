/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/negotiation-private.h"

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
ferry_negotiation_get_local (FerryNegotiation *self)
{
  return self->local;
}

const char *
ferry_negotiation_get_remote (FerryNegotiation *self)
{
  return self->remote;
}
