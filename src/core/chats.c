/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-chats"

#include "config.h"

#include "core/chat-private.h"
#include "core/chats-private.h"
#include "core/entrances.h"
#include "core/offer-limits.h"
#include "legacy/dialects.h"
#include "proto/jid.h"
#include "proto/jingle-generation.h"

/* What is said inside the encrypted stream alone. */
static const FerryRoute secured_routes[] = {
  { .stanza = "iq", .type = "get", .child_name = "pubkeys", .child_ns = FERRY_NS_PUBKEY },
  { .stanza = "iq", .type = "set", .child_ns = FERRY_NS_COMPARISON },
};

struct _FerryChats
{
  GObject                parent_instance;
  FerryTransferServices *services;  /* (owned) */
  FerryEntrances        *entrances; /* (owned) */
  FerryOfferLimits      *limits;    /* (owned) */
  GPtrArray             *chats;     /* (owned): FerryChat (owned) */
  gboolean               is_online; /* as far as the chats were told */
  guint                  handlers[G_N_ELEMENTS (secured_routes)];
};

enum
{
  SIGNAL_OFFERED,
  SIGNAL_RECEIVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void ferry_chats_iface_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FerryChats, ferry_chats, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, ferry_chats_iface_init))

static void
chat_offered_cb (FerryChat *chat,
                 gpointer   user_data)
{
  g_signal_emit (user_data, signals[SIGNAL_OFFERED], 0, chat);
}

static void
chat_received_cb (FerryChat    *chat,
                  FerryMessage *message,
                  gpointer      user_data)
{
  g_signal_emit (user_data, signals[SIGNAL_RECEIVED], 0, chat, message);
}

/* Somebody whose chats are welcome is not counted. */
static void
chat_state_changed_cb (FerryChat  *chat,
                       GParamSpec *pspec,
                       gpointer    user_data)
{
  FerryChats *self = user_data;

  if (chat->role == FERRY_ROLE_RESPONDER && chat->state == FERRY_CHAT_OPEN)
    ferry_offer_limits_give_back (self->limits, ferry_contact_get_jid (chat->contact));
}

static FerryChat *
find (FerryChats *self,
      const char *bare_jid)
{
  for (guint i = 0; i < self->chats->len; i++)
    {
      FerryChat *chat = self->chats->pdata[i];

      if (ferry_jid_equal_bare (ferry_contact_get_jid (chat->contact), bare_jid))
        return chat;
    }

  return NULL;
}

FerryChat *
ferry_chats_get (FerryChats   *self,
                 FerryContact *contact)
{
  FerryChat *chat;

  g_return_val_if_fail (FERRY_IS_CHATS (self), NULL);
  g_return_val_if_fail (FERRY_IS_CONTACT (contact), NULL);

  chat = find (self, ferry_contact_get_jid (contact));
  if (chat != NULL)
    return chat;

  chat = ferry_chat_new (self->services, contact);
  g_signal_connect_object (chat, "offered", G_CALLBACK (chat_offered_cb), self, 0);
  g_signal_connect_object (chat, "received", G_CALLBACK (chat_received_cb), self, 0);
  g_signal_connect_object (chat, "notify::state", G_CALLBACK (chat_state_changed_cb), self, 0);
  g_ptr_array_add (self->chats, chat);
  g_list_model_items_changed (G_LIST_MODEL (self), self->chats->len - 1, 0, 1);

  return chat;
}

/* SEC-31. */
static gboolean
may_offer_cb (gpointer    owner,
              const char *from)
{
  FerryChats *self = owner;
  g_autofree char *bare = ferry_jid_dup_bare (from);
  guint n_of_peer = 0;
  guint n_in_all = 0;

  for (guint i = 0; i < self->chats->len; i++)
    {
      FerryChat *chat = self->chats->pdata[i];

      n_in_all += chat->state == FERRY_CHAT_OFFERED;
      n_of_peer += chat->state == FERRY_CHAT_OFFERED
                   && ferry_jid_equal_bare (ferry_contact_get_jid (chat->contact), bare);
    }

  return ferry_offer_limits_take (self->limits, bare, n_of_peer, n_in_all,
                                  g_get_monotonic_time ());
}

static void
take_cb (gpointer            owner,
         const FerryDialect *dialect,
         FerryContact       *contact,
         FerryElement       *iq)
{
  FerryChats *self = owner;
  FerryChat *chat = ferry_chats_get (self, contact);
  const char *from = ferry_element_get_attribute (iq, "from");
  FerryChatJudgement judgement = ferry_chat_judge_offer (chat, from, dialect->get_sid (iq));
  g_autoptr(FerryElement) reply = NULL;

  if (judgement == FERRY_CHAT_TAKES)
    {
      ferry_chat_take_offer (chat, dialect, iq);
      return;
    }

  if (judgement == FERRY_CHAT_WINS_TIE && dialect->tie != NULL)
    reply = dialect->tie (iq);
  else
    reply = dialect->busy (iq);

  ferry_router_send (self->services->router, reply);
}

static const FerryEntrancesOwner entrances_owner = {
  .take = take_cb,
  .may_offer = may_offer_cb,
};

/* XTLS-19, XTLS-24: over the server anybody there could have said it. Who may not see us learns
 * no more than that nobody answers (SEC-4). */
static gboolean
clear_channel_cb (FerryElement *iq,
                  gpointer      user_data)
{
  FerryChats *self = user_data;
  const char *from = ferry_element_get_attribute (iq, "from");
  FerryContact *contact = from != NULL ? ferry_roster_lookup (self->services->roster, from, FALSE)
                                       : NULL;
  g_autoptr(FerryElement) answer = NULL;

  if (contact == NULL || !ferry_contact_is_trusted (contact))
    return FALSE;

  answer = ferry_jingle_refuse (&ferry_jingle_generation_1, iq, FERRY_JINGLE_REFUSE_CLEAR_CHANNEL,
                                NULL);
  ferry_router_send (self->services->router, answer);
  return TRUE;
}

/* Presences that end because our own connection did say nothing about the peers. */
static void
roster_resource_gone_cb (FerryChats *self,
                         const char *full_jid)
{
  FerryChat *chat = find (self, full_jid);

  if (chat != NULL && ferry_router_get_jid (self->services->router) != NULL)
    ferry_chat_peer_gone (chat, full_jid);
}

static void
account_changed_cb (FerryChats *self)
{
  gboolean is_online = ferry_router_get_jid (self->services->router) != NULL;

  if (self->is_online == is_online)
    return;

  self->is_online = is_online;

  for (guint i = 0; !is_online && i < self->chats->len; i++)
    ferry_chat_went_offline (self->chats->pdata[i]);
}

static void
account_leaving_cb (FerryChats *self)
{
  for (guint i = 0; i < self->chats->len; i++)
    ferry_chat_leave (self->chats->pdata[i]);
}

static void
trust_changed_cb (FerryChats *self,
                  const char *bare_jid)
{
  FerryChat *chat = find (self, bare_jid);

  if (chat != NULL)
    ferry_chat_trust_changed (chat);
}

FerryChats *
ferry_chats_new (FerryTransferServices *services,
                 FerryAccount          *account)
{
  FerryChats *self = g_object_new (FERRY_TYPE_CHATS, NULL);

  self->services = ferry_transfer_services_ref (services);
  self->is_online = ferry_router_get_jid (services->router) != NULL;
  self->entrances = ferry_entrances_new (services, ferry_stream_dialects_get (), &entrances_owner,
                                         self);
  for (guint i = 0; i < G_N_ELEMENTS (secured_routes); i++)
    self->handlers[i] = ferry_router_add_handler (services->router, &secured_routes[i],
                                                  clear_channel_cb, self);
  g_signal_connect_object (services->roster, "resource-gone",
                           G_CALLBACK (roster_resource_gone_cb), self, G_CONNECT_SWAPPED);

  if (services->trust != NULL)
    g_signal_connect_object (services->trust, "changed", G_CALLBACK (trust_changed_cb), self,
                             G_CONNECT_SWAPPED);

  if (account != NULL)
    {
      g_signal_connect_object (account, "notify::state", G_CALLBACK (account_changed_cb), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (account, "online", G_CALLBACK (account_changed_cb), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (account, "leaving", G_CALLBACK (account_leaving_cb), self,
                               G_CONNECT_SWAPPED);
    }

  return self;
}

static GType
ferry_chats_get_item_type (GListModel *model)
{
  return FERRY_TYPE_CHAT;
}

static guint
ferry_chats_get_n_items (GListModel *model)
{
  return FERRY_CHATS (model)->chats->len;
}

static gpointer
ferry_chats_get_item (GListModel *model,
                      guint       position)
{
  FerryChats *self = FERRY_CHATS (model);

  return position < self->chats->len ? g_object_ref (self->chats->pdata[position]) : NULL;
}

static void
ferry_chats_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = ferry_chats_get_item_type;
  iface->get_n_items = ferry_chats_get_n_items;
  iface->get_item = ferry_chats_get_item;
}

/* What is under way is told to the others, as far as they can be reached. A window may hold a
 * chat longer than we live. */
static void
ferry_chats_dispose (GObject *object)
{
  FerryChats *self = FERRY_CHATS (object);

  for (guint i = 0; i < self->chats->len; i++)
    {
      g_signal_handlers_disconnect_by_data (self->chats->pdata[i], self);
      ferry_chat_leave (self->chats->pdata[i]);
    }

  g_ptr_array_set_size (self->chats, 0);
  g_clear_pointer (&self->entrances, ferry_entrances_free);
  for (guint i = 0; self->services != NULL && i < G_N_ELEMENTS (secured_routes); i++)
    ferry_router_remove_handler (self->services->router, self->handlers[i]);
  g_clear_pointer (&self->services, ferry_transfer_services_unref);

  G_OBJECT_CLASS (ferry_chats_parent_class)->dispose (object);
}

static void
ferry_chats_finalize (GObject *object)
{
  FerryChats *self = FERRY_CHATS (object);

  g_clear_pointer (&self->chats, g_ptr_array_unref);
  g_clear_pointer (&self->limits, ferry_offer_limits_free);

  G_OBJECT_CLASS (ferry_chats_parent_class)->finalize (object);
}

static void
ferry_chats_class_init (FerryChatsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = ferry_chats_dispose;
  object_class->finalize = ferry_chats_finalize;

  signals[SIGNAL_OFFERED] =
    g_signal_new ("offered", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 1, FERRY_TYPE_CHAT);
  signals[SIGNAL_RECEIVED] =
    g_signal_new ("received", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 2, FERRY_TYPE_CHAT, FERRY_TYPE_MESSAGE);
}

static void
ferry_chats_init (FerryChats *self)
{
  self->chats = g_ptr_array_new_with_free_func (g_object_unref);
  self->limits = ferry_offer_limits_new ();
}
