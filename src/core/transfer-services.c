/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-transfer"

#include "config.h"

#include "core/random-id.h"
#include "core/transfer-services.h"

#define NS_CHAT_STATES "http://jabber.org/protocol/chatstates"
#define NS_HINTS       "urn:xmpp:hints"
#define GREETING_HEAD_START (600 * G_TIME_SPAN_MILLISECOND)

FerryTransferServices *
ferry_transfer_services_new (FerryRouter               *router,
                             FerryRoster               *roster,
                             FerryCapabilities         *capabilities,
                             FerryProxies              *proxies,
                             const FerrySettings       *settings,
                             const FerryDialect *const *dialects)
{
  FerryTransferServices *self = g_rc_box_new0 (FerryTransferServices);

  self->router = g_object_ref (router);
  self->roster = g_object_ref (roster);
  self->capabilities = g_object_ref (capabilities);
  self->proxies = proxies != NULL ? g_object_ref (proxies) : NULL;
  self->listener = ferry_socks5_listener_new (settings->listen_port);
  self->settings = ferry_settings_copy (settings);
  self->dialects = dialects;
  self->sessions = ferry_session_table_new ();
  self->shares = ferry_shares_new ();
  self->history = ferry_chat_history_new (settings->data_dir, settings->jid,
                                          settings->keep_history);
  self->kept_parts = ferry_kept_parts_new ();
  self->greeted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_queue_init (&self->deferred);

  return self;
}

FerryTransferServices *
ferry_transfer_services_ref (FerryTransferServices *self)
{
  return g_rc_box_acquire (self);
}

static void
services_clear (gpointer data)
{
  FerryTransferServices *self = data;

  g_clear_object (&self->router);
  g_clear_object (&self->roster);
  g_clear_object (&self->capabilities);
  g_clear_object (&self->proxies);
  g_clear_object (&self->network);
  g_clear_object (&self->listener);
  g_clear_object (&self->history);
  g_clear_object (&self->trust);
  g_clear_pointer (&self->settings, ferry_settings_free);
  g_clear_pointer (&self->sessions, ferry_session_table_free);
  g_clear_pointer (&self->shares, ferry_shares_free);
  g_clear_pointer (&self->kept_parts, ferry_kept_parts_free);
  g_clear_pointer (&self->greeted, g_hash_table_unref);
}

void
ferry_transfer_services_unref (FerryTransferServices *self)
{
  g_rc_box_release_full (self, services_clear);
}

void
ferry_transfer_services_set_trust (FerryTransferServices *self,
                                   FerryTrust            *trust)
{
  g_set_object (&self->trust, trust);
}

void
ferry_transfer_services_set_network (FerryTransferServices *self,
                                     FerryNetwork          *network)
{
  g_set_object (&self->network, network);
}

/* A message without words: it opens the conversation that some clients want to see
 * before an offer, and neither rings nor stays in an archive. */
static FerryElement *
build_greeting (const char *jid)
{
  FerryElementBuilder *builder = ferry_element_builder_new ("message", FERRY_NS_CLIENT);
  g_autofree char *id = ferry_random_id_new ();

  ferry_element_builder_attribute (builder, "to", jid);
  ferry_element_builder_attribute (builder, "id", id);
  ferry_element_builder_attribute (builder, "type", "chat");
  ferry_element_builder_open (builder, "active", NS_CHAT_STATES);
  ferry_element_builder_close (builder);
  ferry_element_builder_open (builder, "no-store", NS_HINTS);
  ferry_element_builder_close (builder);

  return ferry_element_builder_end (builder);
}

gint64
ferry_transfer_services_greet (FerryTransferServices *self,
                               const char            *jid,
                               gint64                 now)
{
  gint64 *ready = g_hash_table_lookup (self->greeted, jid);
  g_autoptr(FerryElement) greeting = NULL;

  if (ready == NULL)
    {
      greeting = build_greeting (jid);
      ferry_router_send (self->router, greeting);
      ready = g_new (gint64, 1);
      *ready = now + GREETING_HEAD_START;
      g_hash_table_insert (self->greeted, g_strdup (jid), ready);
    }

  return MAX (*ready - now, 0);
}
