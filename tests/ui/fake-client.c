/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The FerryAccount, FerryTransferQueue and FerryClient of fake-core.h. */

#include "config.h"

#include "core/account-store.h"
#include "fake-private.h"

struct _FerryAccount
{
  GObject            parent_instance;
  FerryAccountState  state;
  GError            *error; /* (owned) (nullable) */
  gint64             retry_at;
  int                show;
};

enum { PROP_0, PROP_STATE, PROP_RETRY_AT, PROP_SHOW, N_PROPS };
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (FerryAccount, ferry_account, G_TYPE_OBJECT)
G_DEFINE_QUARK (ferry-connection-error-quark, ferry_connection_error)

const char *
ferry_account_get_jid (FerryAccount *self)
{
  return "romeo@montague.lit";
}

FerryAccountState
ferry_account_get_state (FerryAccount *self)
{
  return self->state;
}

const GError *
ferry_account_get_error (FerryAccount *self)
{
  return self->error;
}

gint64
ferry_account_get_retry_at (FerryAccount *self)
{
  return self->retry_at;
}

void
fake_account_set_state (FerryAccount      *self,
                        FerryAccountState  state,
                        GError            *error,
                        gint64             retry_at)
{
  self->state = state;
  g_clear_error (&self->error);
  self->error = error;
  self->retry_at = retry_at;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_RETRY_AT]);
}

void
ferry_account_connect (FerryAccount *self)
{
  fake_account_set_state (self, FERRY_ACCOUNT_ONLINE, NULL, 0);
}

void
ferry_account_disconnect (FerryAccount *self)
{
  fake_account_set_state (self, FERRY_ACCOUNT_OFFLINE, NULL, 0);
}

void
ferry_account_retry_now (FerryAccount *self)
{
  ferry_account_connect (self);
}

static void
ferry_account_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  FerryAccount *self = FERRY_ACCOUNT (object);

  switch (prop_id)
    {
    case PROP_STATE: g_value_set_int (value, (int) self->state); break;
    case PROP_RETRY_AT: g_value_set_int64 (value, self->retry_at); break;
    case PROP_SHOW: g_value_set_int (value, self->show); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ferry_account_set_property (GObject      *object,
                            guint         prop_id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  FERRY_ACCOUNT (object)->show = g_value_get_int (value);
  g_object_notify_by_pspec (object, pspec);
}

static void
ferry_account_finalize (GObject *object)
{
  g_clear_error (&FERRY_ACCOUNT (object)->error);
  G_OBJECT_CLASS (ferry_account_parent_class)->finalize (object);
}

static void
ferry_account_class_init (FerryAccountClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = ferry_account_get_property;
  object_class->set_property = ferry_account_set_property;
  object_class->finalize = ferry_account_finalize;
  props[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, 0, 3, 0, flags);
  props[PROP_RETRY_AT] = g_param_spec_int64 ("retry-at", NULL, NULL, 0, G_MAXINT64, 0, flags);
  props[PROP_SHOW] = g_param_spec_int ("show", NULL, NULL, 0, 5, FERRY_PRESENCE_AVAILABLE,
                                       flags | G_PARAM_WRITABLE);
  g_object_class_install_properties (object_class, N_PROPS, props);
  g_signal_new ("certificate-unknown", FERRY_TYPE_ACCOUNT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_BOOLEAN, 2, G_TYPE_TLS_CERTIFICATE, G_TYPE_UINT);
}

static void
ferry_account_init (FerryAccount *self)
{
  self->state = FERRY_ACCOUNT_ONLINE;
  self->show = FERRY_PRESENCE_AVAILABLE;
}

struct _FerryTransferQueue
{
  GObject    parent_instance;
  GPtrArray *transfers; /* (owned) */
  guint      next_id;
};

static GType
queue_get_item_type (GListModel *model)
{
  return FERRY_TYPE_TRANSFER;
}

static guint
queue_get_n_items (GListModel *model)
{
  return FERRY_TRANSFER_QUEUE (model)->transfers->len;
}

static gpointer
queue_get_item (GListModel *model,
                guint       position)
{
  FerryTransferQueue *self = FERRY_TRANSFER_QUEUE (model);

  return position < self->transfers->len ? g_object_ref (self->transfers->pdata[position]) : NULL;
}

static void
queue_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = queue_get_item_type;
  iface->get_n_items = queue_get_n_items;
  iface->get_item = queue_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (FerryTransferQueue, ferry_transfer_queue, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, queue_iface_init))

FerryTransfer *
fake_queue_add (FerryTransferQueue *self,
                FerryContact       *contact,
                FerryDirection      direction,
                const char         *name,
                gint64              size,
                FerryTransferState  state)
{
  FerryTransfer *transfer = g_object_new (FERRY_TYPE_TRANSFER, NULL);
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), name, NULL);

  transfer->id = g_strdup_printf ("t%u", self->next_id++);
  transfer->contact = g_object_ref (contact);
  transfer->direction = direction;
  transfer->name = g_strdup (name);
  transfer->content_type = g_content_type_guess (name, NULL, 0, NULL);
  transfer->size = size;
  transfer->state = state;
  transfer->file = g_file_new_for_path (path);
  transfer->ended_at = ferry_transfer_is_ended (transfer) ? g_get_real_time () : 0;
  fake_contact_set_queue (contact, G_LIST_MODEL (self));
  g_ptr_array_add (self->transfers, transfer);
  g_list_model_items_changed (G_LIST_MODEL (self), self->transfers->len - 1, 0, 1);
  fake_contact_recount (contact);
  if (state == FERRY_TRANSFER_OFFERED)
    g_signal_emit_by_name (self, "offered", transfer);
  return transfer;
}

FerryTransfer *
ferry_transfer_queue_find (FerryTransferQueue *self,
                           const char         *id)
{
  for (guint i = 0; i < self->transfers->len; i++)
    if (g_str_equal (ferry_transfer_get_id (self->transfers->pdata[i]), id))
      return self->transfers->pdata[i];
  return NULL;
}

/* A file is on its way as soon as it is dropped; @to is known, for the gallery's sake. */
FerryTransfer *
ferry_transfer_queue_send (FerryTransferQueue *self,
                           const char         *to,
                           GFile              *file)
{
  g_autofree char *name = g_file_get_basename (file);

  g_print ("send %s to %s\n", name, to);
  return NULL;
}

FerryTransfer *
ferry_transfer_queue_retry (FerryTransferQueue *self,
                            FerryTransfer      *transfer)
{
  fake_transfer_set_state (transfer, FERRY_TRANSFER_OFFERING);
  return transfer;
}

void
ferry_transfer_queue_clear (FerryTransferQueue *self,
                            FerryContact       *contact)
{
  for (guint i = self->transfers->len; i > 0; i--)
    {
      FerryTransfer *transfer = self->transfers->pdata[i - 1];

      if (!ferry_transfer_is_ended (transfer) || (contact != NULL && transfer->contact != contact))
        continue;
      g_ptr_array_remove_index (self->transfers, i - 1);
      g_list_model_items_changed (G_LIST_MODEL (self), i - 1, 1, 0);
    }
}

guint
ferry_transfer_queue_get_n_active (FerryTransferQueue *self)
{
  return 0;
}

static void
ferry_transfer_queue_finalize (GObject *object)
{
  g_ptr_array_unref (FERRY_TRANSFER_QUEUE (object)->transfers);
  G_OBJECT_CLASS (ferry_transfer_queue_parent_class)->finalize (object);
}

static void
ferry_transfer_queue_class_init (FerryTransferQueueClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ferry_transfer_queue_finalize;
  g_signal_new ("offered", FERRY_TYPE_TRANSFER_QUEUE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 1, FERRY_TYPE_TRANSFER);
  g_signal_new ("ended", FERRY_TYPE_TRANSFER_QUEUE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 1, FERRY_TYPE_TRANSFER);
}

static void
ferry_transfer_queue_init (FerryTransferQueue *self)
{
  self->transfers = g_ptr_array_new_with_free_func (g_object_unref);
}

struct _FerryClient
{
  GObject             parent_instance;
  FerrySettings      *settings; /* (owned) */
  FerryAccount       *account;  /* (owned) */
  FerryRoster        *roster;   /* (owned) */
  FerryTransferQueue *queue;    /* (owned) */
  FerryTrust         *trust;    /* (owned) */
  FerryNetwork       *network;  /* (owned) */
  FerryChats         *chats;    /* (owned) */
  FerryChatHistory   *history;  /* (owned): the real one, in a folder that is nobody's */
};

G_DEFINE_FINAL_TYPE (FerryClient, ferry_client, G_TYPE_OBJECT)

FerryClient *
ferry_client_new (const FerrySettings *settings)
{
  FerryClient *self = g_object_new (FERRY_TYPE_CLIENT, NULL);

  self->settings = ferry_settings_copy (settings);
  return self;
}

FerryClient *
fake_client_new (void)
{
  g_autoptr(FerrySettings) settings = ferry_settings_new ();

  return ferry_client_new (settings);
}

FerryAccount *
ferry_client_get_account (FerryClient *self)
{
  return self->account;
}

FerryRouter *
ferry_client_get_router (FerryClient *self)
{
  return NULL;
}

FerryProxies *
ferry_client_get_proxies (FerryClient *self)
{
  return NULL;
}

FerryRoster *
ferry_client_get_roster (FerryClient *self)
{
  return self->roster;
}

FerryNetwork *
ferry_client_get_network (FerryClient *self)
{
  return self->network;
}

FerryTransferQueue *
ferry_client_get_queue (FerryClient *self)
{
  return self->queue;
}

FerryTrust *
ferry_client_get_trust (FerryClient *self)
{
  return self->trust;
}

FerryChats *
ferry_client_get_chats (FerryClient *self)
{
  return self->chats;
}

FerryChatHistory *
ferry_client_get_history (FerryClient *self)
{
  return self->history;
}

const FerrySettings *
ferry_client_get_settings (FerryClient *self)
{
  return self->settings;
}

static void
ferry_client_finalize (GObject *object)
{
  FerryClient *self = FERRY_CLIENT (object);

  ferry_settings_free (self->settings);
  g_object_unref (self->history);
  g_object_unref (self->chats);
  g_object_unref (self->trust);
  g_object_unref (self->network);
  g_object_unref (self->account);
  g_object_unref (self->queue);
  g_object_unref (self->roster);
  G_OBJECT_CLASS (ferry_client_parent_class)->finalize (object);
}

static void
ferry_client_class_init (FerryClientClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ferry_client_finalize;
}

static void
ferry_client_init (FerryClient *self)
{
  g_autofree char *dir = g_build_filename (g_get_user_cache_dir (), "ferry-gallery", NULL);

  self->history = ferry_chat_history_new (dir, "romeo@montague.lit", FALSE);
  self->account = g_object_new (FERRY_TYPE_ACCOUNT, NULL);
  self->roster = g_object_new (FERRY_TYPE_ROSTER, NULL);
  self->queue = g_object_new (FERRY_TYPE_TRANSFER_QUEUE, NULL);
  self->trust = g_object_new (FERRY_TYPE_TRUST, NULL);
  self->network = g_object_new (FERRY_TYPE_NETWORK, NULL);
  self->chats = fake_chats_new (self);
}
