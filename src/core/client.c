/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-client"

#include "config.h"

#include "core/account-private.h"
#include "core/chats-private.h"
#include "core/client.h"
#include "core/roster-private.h"
#include "core/transfer-queue-private.h"
#include "core/transport-bytestreams.h"
#include "core/transport-ibb.h"

struct _FerryClient
{
  GObject             parent_instance;
  FerrySettings      *settings;     /* (owned) */
  FerryRouter        *router;       /* (owned), as all of these */
  FerryRoster        *roster;
  FerryCapabilities  *capabilities;
  FerryProxies       *proxies;
  FerryNetwork       *network;
  FerryAccount       *account;
  FerryTransferQueue *queue;
  FerryChats         *chats;
  FerryTrust         *trust;
  FerryChatHistory   *history;
};

G_DEFINE_FINAL_TYPE (FerryClient, ferry_client, G_TYPE_OBJECT)

static void
client_list_loaded_cb (GObject      *source,
                       GAsyncResult *result,
                       gpointer      user_data)
{
  g_autoptr(FerryAccount) account = FERRY_ACCOUNT (user_data);
  g_autoptr(GError) error = NULL;

  if (!ferry_roster_load_finish (FERRY_ROSTER (source), result, &error))
    g_debug ("No contact list: %s", error->message);

  /* Contacts may well be there without it. */
  ferry_account_announce (account);
}

/* Presence waits for the list (RFC 6121 §2.2): so that contacts are known when theirs comes,
 * and because some servers answer nothing else while they ask ten thousand contacts for it. */
static void
client_online_cb (FerryAccount *account,
                  gpointer      user_data)
{
  FerryClient *self = FERRY_CLIENT (user_data);

  ferry_roster_load_async (self->roster, client_list_loaded_cb, g_object_ref (account));
  ferry_proxies_discover (self->proxies);
  ferry_network_online (self->network);
}

static void
client_state_changed_cb (FerryAccount *account,
                         GParamSpec   *pspec,
                         gpointer      user_data)
{
  FerryClient *self = FERRY_CLIENT (user_data);
  FerryAccountState state = ferry_account_get_state (account);

  if (state != FERRY_ACCOUNT_ONLINE)
    ferry_roster_go_offline (self->roster);

  /* Routers take their time: they are asked while the server is. */
  if (state == FERRY_ACCOUNT_CONNECTING)
    ferry_network_start (self->network);
}

static void
announce_capabilities (FerryClient *self)
{
  g_autoptr(FerryElement) caps = ferry_capabilities_get_own_caps (self->capabilities);

  ferry_account_set_caps (self->account, ferry_element_get_attribute (caps, "node"),
                          ferry_element_get_attribute (caps, "ver"));
}

static void
announce_security (FerryClient *self)
{
  ferry_capabilities_set_features (self->capabilities, ferry_trust_get_features (self->trust));
  announce_capabilities (self);
}

/* Where we are: the listener is the one that transfers have. */
static void
create_network (FerryClient *self)
{
  FerryTransferServices *services = ferry_transfer_queue_get_services (self->queue);

  if (self->settings->allow_loopback)
    ferry_proxies_allow_loopback (self->proxies);

  self->network = ferry_network_new (self->router, services->listener, self->proxies,
                                     self->settings);
  ferry_transfer_services_set_network (services, self->network);
}

/**
 * ferry_client_new:
 * @settings: copied; an address and a password at least
 */
FerryClient *
ferry_client_new (const FerrySettings *settings)
{
  FerryClient *self;

  g_return_val_if_fail (settings != NULL && settings->jid != NULL, NULL);

  self = g_object_new (FERRY_TYPE_CLIENT, NULL);
  self->settings = ferry_settings_copy (settings);
  self->router = ferry_router_new ();
  self->roster = ferry_roster_new (self->router);
  self->capabilities = ferry_capabilities_new (self->router, self->roster, settings->data_dir);
  self->proxies = ferry_proxies_new (self->router);
  self->account = ferry_account_new (self->router, settings);
  self->queue = ferry_transfer_queue_new (self->router, self->roster, self->capabilities,
                                          self->proxies, self->account, settings);
  create_network (self);
  self->trust = ferry_trust_new (settings->jid, settings->data_dir, settings->security);
  ferry_transfer_queue_set_trust (self->queue, self->trust);
  self->chats = ferry_chats_new (ferry_transfer_queue_get_services (self->queue), self->account);
  self->history = g_object_ref (ferry_transfer_queue_get_services (self->queue)->history);

  ferry_transport_ibb_refuse_unknown (self->router);
  ferry_transport_bytestreams_refuse_unknown (self->router);
  announce_security (self);
  ferry_account_hold_presence (self->account);
  g_signal_connect_object (self->account, "online", G_CALLBACK (client_online_cb), self, 0);
  g_signal_connect_object (self->account, "notify::state",
                           G_CALLBACK (client_state_changed_cb), self, 0);
  /* A router that forgot a path forgot the way to our server, too. */
  g_signal_connect_object (self->queue, "broken", G_CALLBACK (ferry_account_check), self->account,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->trust, "features-changed", G_CALLBACK (announce_security), self,
                           G_CONNECT_SWAPPED);

  return self;
}

FerryAccount *
ferry_client_get_account (FerryClient *self)
{
  g_return_val_if_fail (FERRY_IS_CLIENT (self), NULL);

  return self->account;
}

FerryRouter *
ferry_client_get_router (FerryClient *self)
{
  g_return_val_if_fail (FERRY_IS_CLIENT (self), NULL);

  return self->router;
}

FerryRoster *
ferry_client_get_roster (FerryClient *self)
{
  g_return_val_if_fail (FERRY_IS_CLIENT (self), NULL);

  return self->roster;
}

FerryCapabilities *
ferry_client_get_capabilities (FerryClient *self)
{
  g_return_val_if_fail (FERRY_IS_CLIENT (self), NULL);

  return self->capabilities;
}

FerryProxies *
ferry_client_get_proxies (FerryClient *self)
{
  g_return_val_if_fail (FERRY_IS_CLIENT (self), NULL);

  return self->proxies;
}

FerryNetwork *
ferry_client_get_network (FerryClient *self)
{
  g_return_val_if_fail (FERRY_IS_CLIENT (self), NULL);

  return self->network;
}

FerryTransferQueue *
ferry_client_get_queue (FerryClient *self)
{
  g_return_val_if_fail (FERRY_IS_CLIENT (self), NULL);

  return self->queue;
}

FerryTrust *
ferry_client_get_trust (FerryClient *self)
{
  g_return_val_if_fail (FERRY_IS_CLIENT (self), NULL);

  return self->trust;
}

FerryChats *
ferry_client_get_chats (FerryClient *self)
{
  g_return_val_if_fail (FERRY_IS_CLIENT (self), NULL);

  return self->chats;
}

FerryChatHistory *
ferry_client_get_history (FerryClient *self)
{
  g_return_val_if_fail (FERRY_IS_CLIENT (self), NULL);

  return self->history;
}

const FerrySettings *
ferry_client_get_settings (FerryClient *self)
{
  g_return_val_if_fail (FERRY_IS_CLIENT (self), NULL);

  return self->settings;
}

/* The account goes offline first: that ends every request, and with it what holds the parts. */
static void
ferry_client_dispose (GObject *object)
{
  FerryClient *self = FERRY_CLIENT (object);

  if (self->account != NULL)
    ferry_account_disconnect (self->account);
  if (self->trust != NULL)
    ferry_trust_flush (self->trust); /* a window may hold it longer than the program lives */

  if (self->chats != NULL)
    g_object_run_dispose (G_OBJECT (self->chats));
  if (self->history != NULL)
    ferry_chat_history_flush (self->history); /* likewise */

  g_clear_object (&self->chats);
  g_clear_object (&self->queue);
  g_clear_object (&self->trust);
  g_clear_object (&self->history);
  g_clear_object (&self->account);
  g_clear_object (&self->network);
  g_clear_object (&self->proxies);
  g_clear_object (&self->capabilities);
  g_clear_object (&self->roster);
  g_clear_object (&self->router);

  G_OBJECT_CLASS (ferry_client_parent_class)->dispose (object);
}

static void
ferry_client_finalize (GObject *object)
{
  FerryClient *self = FERRY_CLIENT (object);

  g_clear_pointer (&self->settings, ferry_settings_free);

  G_OBJECT_CLASS (ferry_client_parent_class)->finalize (object);
}

static void
ferry_client_class_init (FerryClientClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = ferry_client_dispose;
  object_class->finalize = ferry_client_finalize;
}

static void
ferry_client_init (FerryClient *self)
{
}
