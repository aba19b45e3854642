/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/transfer-private.h"

const char *
ferry_transfer_get_id (FerryTransfer *self)
{
  return self->id;
}

FerryDirection
ferry_transfer_get_direction (FerryTransfer *self)
{
  return self->direction;
}

FerryContact *
ferry_transfer_get_contact (FerryTransfer *self)
{
  return self->contact;
}

const char *
ferry_transfer_get_peer (FerryTransfer *self)
{
  return self->peer;
}

const char *
ferry_transfer_get_name (FerryTransfer *self)
{
  return self->name;
}

gint64
ferry_transfer_get_size (FerryTransfer *self)
{
  return self->size;
}

const char *
ferry_transfer_get_content_type (FerryTransfer *self)
{
  return self->content_type;
}

const char *
ferry_transfer_get_description (FerryTransfer *self)
{
  return self->description;
}

FerryTransferState
ferry_transfer_get_state (FerryTransfer *self)
{
  return self->state;
}

gint64
ferry_transfer_get_bytes (FerryTransfer *self)
{
  return self->bytes;
}

double
ferry_transfer_get_rate (FerryTransfer *self)
{
  return self->rate;
}

gint64
ferry_transfer_get_seconds_left (FerryTransfer *self)
{
  return self->seconds_left;
}

FerryPaths
ferry_transfer_get_path (FerryTransfer *self)
{
  return ferry_negotiation_get_path (self->negotiation);
}

const char *
ferry_transfer_get_via (FerryTransfer *self)
{
  return ferry_negotiation_get_way (self->negotiation);
}

gboolean
ferry_transfer_is_encrypted (FerryTransfer *self)
{
  return ferry_negotiation_is_secured (self->negotiation);
}

FerryTrustLevel
ferry_transfer_get_trust_level (FerryTransfer *self)
{
  return ferry_negotiation_get_level (self->negotiation);
}

const char *
ferry_transfer_get_dialect (FerryTransfer *self)
{
  return self->dialect != NULL ? self->dialect->name : NULL;
}

FerryVerified
ferry_transfer_get_verified (FerryTransfer *self)
{
  return self->verified;
}

const char *
ferry_transfer_get_sha256 (FerryTransfer *self)
{
  return self->sha256;
}

const GError *
ferry_transfer_get_error (FerryTransfer *self)
{
  return self->error;
}

const char *
ferry_transfer_get_step (FerryTransfer *self)
{
  return self->step;
}

GFile *
ferry_transfer_get_file (FerryTransfer *self)
{
  return self->file;
}

const char *
ferry_transfer_get_local (FerryTransfer *self)
{
  return ferry_negotiation_get_local (self->negotiation);
}

const char *
ferry_transfer_get_remote (FerryTransfer *self)
{
  return ferry_negotiation_get_remote (self->negotiation);
}

FerryPathReport *
ferry_transfer_get_report (FerryTransfer *self)
{
  return ferry_negotiation_get_report (self->negotiation);
}

double
ferry_transfer_get_elapsed (FerryTransfer *self)
{
  gint64 end = self->data_ended != 0 ? self->data_ended : g_get_monotonic_time ();
  gint64 spent = self->data_spent + (self->data_started != 0 ? end - self->data_started : 0);

  return spent / (double) G_USEC_PER_SEC;
}

gboolean
ferry_transfer_is_ended (FerryTransfer *self)
{
  return self->state >= FERRY_TRANSFER_DONE;
}

gboolean
ferry_transfer_is_active (FerryTransfer *self)
{
  return self->state != FERRY_TRANSFER_WAITING && !ferry_transfer_is_ended (self);
}

gboolean
ferry_transfer_can_retry (FerryTransfer *self)
{
  return self->role == FERRY_ROLE_INITIATOR && ferry_transfer_is_ended (self)
         && self->state != FERRY_TRANSFER_DONE;
}

gboolean
ferry_transfer_is_request (FerryTransfer *self)
{
  return (self->role == FERRY_ROLE_INITIATOR) == (self->direction == FERRY_DIRECTION_RECEIVE);
}
