/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-account"

#include "config.h"

#include "core/account-private.h"
#include "proto/jid.h"
#include "proto/presence.h"

/* One login after another: what account.c is asked for happens here. */

/* RFC 6121 §4.7. With a priority of 0 whoever writes to the bare JID may find us. */
void
ferry_account_send_presence (FerryAccount *self)
{
  static const FerryShow shows[] = {
    [FERRY_PRESENCE_CHAT] = FERRY_SHOW_CHAT,
    [FERRY_PRESENCE_AVAILABLE] = FERRY_SHOW_AVAILABLE,
    [FERRY_PRESENCE_AWAY] = FERRY_SHOW_AWAY,
    [FERRY_PRESENCE_XA] = FERRY_SHOW_XA,
    [FERRY_PRESENCE_DND] = FERRY_SHOW_DND,
  };
  FerryPresenceStanza presence = { .type = FERRY_PRESENCE_TYPE_UNAVAILABLE };
  g_autoptr(FerryElement) stanza = NULL;

  if (self->state != FERRY_ACCOUNT_ONLINE || !self->is_announced)
    return;

  if (self->show != FERRY_PRESENCE_OFFLINE)
    {
      presence.type = FERRY_PRESENCE_TYPE_AVAILABLE;
      presence.show = shows[self->show];
      presence.priority = self->settings->priority;
      presence.caps_node = self->caps_node;
      presence.caps_ver = self->caps_ver;
    }

  stanza = ferry_presence_to_element (&presence);
  ferry_router_send (self->router, stanza);
}

static void
port_gone_cb (FerryStanzaPort *port,
              GError          *error,
              gpointer         user_data)
{
  g_object_unref (port);
}

/* The port lives until it is done; the server tells our contacts. */
static void
say_goodbye (FerryAccount    *self,
             FerryStanzaPort *port)
{
  g_signal_connect (g_object_ref (port), "closed", G_CALLBACK (port_gone_cb), NULL);
  self->link->close (port);
}

/* Lets go of the port; @close: politely, if it is up. */
void
ferry_account_drop_port (FerryAccount *self,
                         gboolean      close)
{
  g_autoptr(FerryStanzaPort) port = g_steal_pointer (&self->port);
  g_autoptr(GCancellable) cancellable = g_steal_pointer (&self->cancellable);
  gboolean was_online = self->state == FERRY_ACCOUNT_ONLINE;

  g_clear_pointer (&self->keep_alive, ferry_keep_alive_free);
  g_clear_error (&self->early_end);

  if (port == NULL)
    return;

  g_signal_handlers_disconnect_by_data (port, self);

  if (close && was_online)
    say_goodbye (self, port);

  g_cancellable_cancel (cancellable);
  ferry_router_set_port (self->router, NULL);
}

static gboolean
account_retry_cb (gpointer user_data)
{
  FerryAccount *self = FERRY_ACCOUNT (user_data);

  self->retry_id = 0;
  ferry_account_start (self);

  return G_SOURCE_REMOVE;
}

void
ferry_account_plan_retry (FerryAccount *self,
                          guint         delay,
                          GError       *error)
{
  g_clear_handle_id (&self->retry_id, g_source_remove);
  self->retry_id = g_timeout_add (delay, account_retry_cb, self);
  ferry_account_set_state (self, FERRY_ACCOUNT_WAITING, error,
                           g_get_monotonic_time () + delay * 1000LL);
}

/* Whether trying again cannot help, or would throw another session of the user's out. */
static gboolean
is_final (const GError *error)
{
  return g_error_matches (error, FERRY_CONNECTION_ERROR, FERRY_CONNECTION_ERROR_AUTH) ||
         g_error_matches (error, FERRY_CONNECTION_ERROR, FERRY_CONNECTION_ERROR_CONFLICT) ||
         g_error_matches (error, FERRY_CONNECTION_ERROR, FERRY_CONNECTION_ERROR_CERTIFICATE);
}

/* The port is dead, or was never born. Consumes @error. */
static void
fail (FerryAccount *self,
      GError       *error,
      gboolean      close)
{
  gint64 steady = self->link->steady_after * 1000LL;

  if (self->state == FERRY_ACCOUNT_ONLINE &&
      g_get_monotonic_time () - self->online_since >= steady)
    self->back_off.n_failures = 0;

  g_debug ("%s: %s", self->settings->jid, error->message);
  ferry_account_drop_port (self, close);

  if (self->settings->reconnect && !is_final (error))
    ferry_account_plan_retry (self, ferry_back_off_next (&self->back_off, g_random_double ()),
                              error);
  else
    ferry_account_set_state (self, FERRY_ACCOUNT_OFFLINE, error, 0);
}

static void
account_closed_cb (FerryStanzaPort *port,
                   GError          *error,
                   gpointer         user_data)
{
  FerryAccount *self = FERRY_ACCOUNT (user_data);
  GError *reason = error != NULL ? g_error_copy (error)
                                 : g_error_new (FERRY_CONNECTION_ERROR, FERRY_CONNECTION_ERROR_LOST,
                                                "The server ended the connection");

  if (self->state == FERRY_ACCOUNT_ONLINE)
    {
      fail (self, reason, FALSE);
      return;
    }

  /* connect_finish() is still to come, and knows better unless it succeeds. */
  g_clear_error (&self->early_end);
  self->early_end = reason;
}

static void
account_silent_cb (gpointer user_data)
{
  fail (FERRY_ACCOUNT (user_data),
        g_error_new (FERRY_CONNECTION_ERROR, FERRY_CONNECTION_ERROR_LOST,
                     "The server went silent"), TRUE);
}

static void
go_online (FerryAccount *self)
{
  g_autoptr(FerryStanzaPort) port = g_object_ref (self->port);
  g_autofree char *domain = ferry_jid_dup_domain (self->settings->jid);

  self->online_since = g_get_monotonic_time ();
  self->is_announced = !self->holds_presence;
  self->keep_alive = ferry_keep_alive_new (self->router, domain, self->link->ping_interval,
                                           self->link->ping_timeout, account_silent_cb, self);
  ferry_router_set_port (self->router, port);
  ferry_account_set_state (self, FERRY_ACCOUNT_ONLINE, NULL, 0);
  ferry_account_emit_online (self);

  /* Unless somebody has thought better of it meanwhile. */
  if (self->port == port)
    ferry_account_send_presence (self);
}

static void
account_connected_cb (GObject      *source,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  g_autoptr(FerryAccount) self = FERRY_ACCOUNT (user_data);
  FerryStanzaPort *port = FERRY_STANZA_PORT (source);
  g_autoptr(GError) error = NULL;
  gboolean connected = self->link->connect_finish (port, result, &error);

  if (self->port != port)
    {
      /* Given up meanwhile. */
      if (connected)
        say_goodbye (self, port);
    }
  else if (!connected)
    fail (self, g_steal_pointer (&error), FALSE);
  else if (self->early_end != NULL)
    fail (self, g_steal_pointer (&self->early_end), FALSE);
  else
    go_online (self);
}

static gboolean
account_certificate_unknown_cb (FerryStanzaPort *port,
                                GTlsCertificate *certificate,
                                guint            flags,
                                gpointer         user_data)
{
  return ferry_account_emit_certificate_unknown (FERRY_ACCOUNT (user_data), certificate, flags);
}

/* The error of the attempt before stays to be seen until this one ends. */
void
ferry_account_start (FerryAccount *self)
{
  const FerryConnectionSettings settings = {
    .jid = self->asked_jid,
    .password = self->settings->password,
    .server = self->settings->server,
    .tls = self->settings->tls,
    .ca_file = self->settings->ca_file,
  };

  g_clear_handle_id (&self->retry_id, g_source_remove);
  self->port = self->link->create ();
  self->cancellable = g_cancellable_new ();
  g_signal_connect_object (self->port, "closed", G_CALLBACK (account_closed_cb), self, 0);
  g_signal_connect_object (self->port, "certificate-unknown",
                           G_CALLBACK (account_certificate_unknown_cb), self, 0);
  ferry_account_set_state (self, FERRY_ACCOUNT_CONNECTING, self->error, 0);
  self->link->connect_async (self->port, &settings, self->cancellable,
                             account_connected_cb, g_object_ref (self));
}
