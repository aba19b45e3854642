/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-transfer"

#include "config.h"

#include "core/random-id.h"
#include "core/transfer-private.h"

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

  g_clear_pointer (&self->wake, g_source_unref);
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

  if (delay > 0)
    ferry_transfer_set_wake (self, now + delay, start_greeted_cb);
  else
    start_advance (self);
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
  g_return_if_fail (self->state == FERRY_TRANSFER_WAITING);

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

static void
make_session (FerryTransfer     *self,
              const char *const *transports)
{
  g_autoptr(FerryFileDescription) file = describe_wish (self);
  const FerrySessionConfig config = {
    .own_jid = self->own_jid,
    .peer_jid = self->peer,
    .sid = self->sid,
    .transports = transports,
    .profile = self->profile,
    .file = file,
    .features = ferry_capabilities_get_features (self->services->capabilities, self->peer),
  };

  self->session = self->wanted == NULL ? self->dialect->offer (&config)
                                       : self->dialect->request (&config);
  self->generation++;
}

static void
open_hashed_session (FerryTransfer *self)
{
  const char *own_jid = ferry_router_get_jid (self->services->router);
  g_autofree char **transports = ferry_transfer_list_transports (self);

  if (own_jid == NULL || transports[0] == NULL)
    {
      if (own_jid == NULL)
        ferry_transfer_fail (self, FERRY_TRANSFER_ERROR_CONNECTION_LOST, "we are not connected");
      else
        ferry_transfer_fail (self, FERRY_TRANSFER_ERROR_NO_ROUTE,
                             "no path is allowed that both sides know");
      return;
    }

  g_free (self->own_jid);
  self->own_jid = g_strdup (own_jid);
  self->sid = ferry_random_id_new ();
  ferry_session_table_add (self->services->sessions, self->peer, self->sid, self);
  make_session (self, (const char *const *) transports);
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
