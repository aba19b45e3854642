/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-transfer"

#include "config.h"

#include "core/transfer-resume.h"

/* One of the things to wait for before the offer has come. */
static void
start_advance (FerryTransfer *self)
{
  if (--self->n_awaited == 0)
    ferry_transfer_open_session (self);
}

static gboolean
start_greeted_cb (gpointer user_data)
{
  FerryTransfer *self = user_data;

  g_clear_pointer (&self->greeting, g_source_unref);
  start_advance (self);

  return G_SOURCE_REMOVE;
}

static void
start_greet (FerryTransfer *self)
{
  gint64 now = g_get_monotonic_time ();
  gint64 delay = 0;

  if (self->profile->needs_conversation)
    delay = ferry_transfer_services_greet (self->services, self->peer, now);

  if (delay == 0)
    {
      start_advance (self);
      return;
    }

  self->greeting = g_timeout_source_new (0);
  g_source_set_ready_time (self->greeting, now + delay);
  g_source_set_callback (self->greeting, start_greeted_cb, g_object_ref (self), g_object_unref);
  g_source_attach (self->greeting, NULL);
}

static void
start_chosen_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(FerryTransfer) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(FerryRecipient) recipient =
    ferry_capabilities_choose_finish (FERRY_CAPABILITIES (source), result, &error);

  if (ferry_transfer_is_ended (self))
    return;

  if (recipient == NULL)
    {
      ferry_transfer_fail (self, error->domain == FERRY_TRANSFER_ERROR ? error->code
                                                        : FERRY_TRANSFER_ERROR_OFFLINE,
            error->message);
      return;
    }

  self->dialect = recipient->dialect;
  self->profile = recipient->profile;
  ferry_transfer_set_string (self, FERRY_TRANSFER_PROP_PEER, &self->peer, recipient->jid);
  ferry_transfer_notify (self, FERRY_TRANSFER_PROP_DIALECT);
  start_greet (self);
}

void
ferry_transfer_start (FerryTransfer *self)
{
  g_autoptr(GError) error = NULL;

  g_return_if_fail (self->state == FERRY_TRANSFER_WAITING);

  if (!ferry_negotiation_check (self->services, NULL, self->to, FALSE, &error))
    {
      ferry_transfer_fail (self, error->code, error->message);
      return;
    }

  self->started_at = g_get_real_time ();
  self->n_awaited = self->wanted == NULL ? 2 : 1;
  ferry_transfer_set_state (self, FERRY_TRANSFER_OFFERING);
  ferry_transfer_notify (self, FERRY_TRANSFER_PROP_STARTED_AT);
  if (self->wanted == NULL)
    ferry_transfer_open_source (self, start_advance);
  ferry_capabilities_choose_async (self->services->capabilities, self->to,
                                   self->services->settings->dialect, self->direction,
                                   self->cancellable,
                                   start_chosen_cb, g_object_ref (self));
}

/* What we offer, or ask for. Returns: (transfer full) */
static FerryFileDescription *
describe_wish (FerryTransfer *self)
{
  FerryFileDescription *file;

  if (self->wanted == NULL)
    return ferry_transfer_describe (self);

  file = ferry_file_description_new ();
  file->name = g_strdup (self->wanted);
  return file;
}

gboolean
ferry_transfer_begin_session (FerryTransfer               *self,
                              const char                  *sid,
                              const FerryFileDescription  *file,
                              GError                     **error)
{
  const FerryNegotiationTerms terms = {
    .dialect = self->dialect,
    .profile = self->profile,
    .role = self->role,
    .peer = self->peer,
    .sid = sid,
    .allowed = self->allowed,
    .file = file,
    .is_request = self->wanted != NULL,
  };

  return ferry_negotiation_begin (self->negotiation, &terms, error);
}

static void
open_hashed_session (FerryTransfer *self)
{
  g_autoptr(FerryFileDescription) file = describe_wish (self);
  g_autofree char *sid = ferry_transfer_dup_next_sid (self);
  g_autoptr(GError) error = NULL;

  if (!ferry_transfer_begin_session (self, sid, file, &error))
    {
      ferry_transfer_fail (self, error->code, error->message);
      return;
    }

  if (!ferry_transfer_is_looking (self))
    ferry_transfer_set_state (self, FERRY_TRANSFER_OFFERING);
  ferry_transfer_feed_kind (self, FERRY_SESSION_EVENT_START);
}

void
ferry_transfer_open_session (FerryTransfer *self)
{
  if (self->wanted == NULL)
    ferry_transfer_hash_source (self, self->dialect->hashes, open_hashed_session);
  else
    open_hashed_session (self);
}
