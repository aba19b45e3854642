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
    ferry_transfer_offer (self);
}

void
ferry_transfer_source_ready (FerryTransfer *self)
{
  start_advance (self);
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
  self->n_awaited = 2;
  ferry_transfer_set_state (self, FERRY_TRANSFER_OFFERING);
  ferry_transfer_notify (self, FERRY_TRANSFER_PROP_STARTED_AT);
  ferry_transfer_open_source (self);
  ferry_capabilities_choose_async (self->services->capabilities, self->to,
                                   self->services->settings->dialect, self->cancellable,
                                   start_chosen_cb, g_object_ref (self));
}

void
ferry_transfer_offer (FerryTransfer *self)
{
  const char *own_jid = ferry_router_get_jid (self->services->router);
  g_autofree char **transports = ferry_transfer_list_transports (self);
  g_autoptr(FerryFileDescription) file = ferry_transfer_describe (self);
  FerrySessionConfig config = { NULL };

  if (own_jid == NULL || transports[0] == NULL)
    {
      if (own_jid == NULL)
        ferry_transfer_fail (self, FERRY_TRANSFER_ERROR_CONNECTION_LOST, "we are not connected");
      else
        ferry_transfer_fail (self, FERRY_TRANSFER_ERROR_NO_ROUTE, "no path is allowed that both sides know");
      return;
    }

  g_free (self->own_jid);
  self->own_jid = g_strdup (own_jid);
  self->sid = ferry_random_id_new ();
  ferry_session_table_add (self->services->sessions, self->peer, self->sid, self);

  config.own_jid = self->own_jid;
  config.peer_jid = self->peer;
  config.sid = self->sid;
  config.transports = (const char *const *) transports;
  config.profile = self->profile;
  config.file = file;
  self->session = self->dialect->offer (&config);
  self->generation++;
  ferry_transfer_set_state (self, FERRY_TRANSFER_OFFERING);
  ferry_transfer_feed_kind (self, FERRY_SESSION_EVENT_START);
}
