/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-transfer-queue"

#include "config.h"

#include "core/transfer-queue-private.h"
#include "core/transfer-resume.h"
#include "legacy/dialects.h"

#define MAX_MISSED 50 /* offers that our user did not accept and that are over */

enum
{
  SIGNAL_OFFERED,
  SIGNAL_BROKEN,
  SIGNAL_ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void ferry_transfer_queue_iface_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FerryTransferQueue, ferry_transfer_queue, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      ferry_transfer_queue_iface_init))

static void
take_out (FerryTransferQueue *self,
          guint               position)
{
  g_signal_handlers_disconnect_by_data (self->transfers->pdata[position], self);
  g_ptr_array_remove_index (self->transfers, position);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
}

static gboolean
is_missed (FerryTransfer *transfer)
{
  return transfer->direction == FERRY_DIRECTION_RECEIVE && ferry_transfer_is_ended (transfer)
         && transfer->folder == NULL;
}

/* Who offers and takes back all day long must not fill our list: the oldest go. */
static void
forget_missed (FerryTransferQueue *self)
{
  guint n = 0;

  for (guint i = self->transfers->len; i > 0; i--)
    {
      if (is_missed (self->transfers->pdata[i - 1]) && ++n > MAX_MISSED)
        take_out (self, i - 1);
    }
}

static void
transfer_changed_cb (FerryTransfer *transfer,
                     GParamSpec    *pspec,
                     gpointer       user_data)
{
  FerryTransferQueue *self = user_data;

  ferry_transfer_queue_count_for (self, transfer->contact);

  if (ferry_transfer_is_idle (transfer))
    g_signal_emit (self, signals[SIGNAL_BROKEN], 0, transfer);

  if (ferry_transfer_is_ended (transfer))
    {
      ferry_transfer_queue_remember (self, transfer);
      g_signal_emit (self, signals[SIGNAL_ENDED], 0, transfer);
    }

  if (is_missed (transfer))
    forget_missed (self);

  ferry_transfer_queue_schedule (self);
}

static void
watch_contact (FerryTransferQueue *self,
               FerryContact       *contact)
{
  if (!g_hash_table_add (self->watched, g_object_ref (contact)))
    return;

  g_signal_connect_object (contact, "notify::presence", G_CALLBACK (ferry_transfer_queue_schedule), self,
                           G_CONNECT_SWAPPED);
}

static void
watch_transfer (FerryTransferQueue *self,
                FerryTransfer      *transfer)
{
  g_signal_connect_object (transfer, "notify::state", G_CALLBACK (transfer_changed_cb), self, 0);
  g_signal_connect_object (transfer, "examined", G_CALLBACK (ferry_transfer_queue_schedule), self,
                           G_CONNECT_SWAPPED);
  watch_contact (self, transfer->contact);
  ferry_transfer_queue_count_for (self, transfer->contact);
}

void
ferry_transfer_queue_append (FerryTransferQueue *self,
                             FerryTransfer      *transfer)
{
  g_ptr_array_add (self->transfers, g_object_ref (transfer));
  watch_transfer (self, transfer);
  g_list_model_items_changed (G_LIST_MODEL (self), self->transfers->len - 1, 0, 1);

  if (is_missed (transfer))
    forget_missed (self);
}

FerryTransfer *
ferry_transfer_queue_send (FerryTransferQueue *self,
                           const char         *to,
                           GFile              *file)
{
  g_autoptr(FerryTransfer) transfer = NULL;
  FerryContact *contact;

  g_return_val_if_fail (FERRY_IS_TRANSFER_QUEUE (self), NULL);
  g_return_val_if_fail (to != NULL && G_IS_FILE (file), NULL);

  contact = ferry_roster_lookup (self->services->roster, to, TRUE);
  if (contact == NULL)
    return NULL;

  transfer = ferry_transfer_new_outgoing (self->services, contact, to, file);
  ferry_transfer_queue_append (self, transfer);

  return transfer;
}

FerryTransfer *
ferry_transfer_queue_request (FerryTransferQueue *self,
                              const char         *to,
                              const char         *name,
                              GFile              *folder)
{
  g_autoptr(FerryTransfer) transfer = NULL;
  FerryContact *contact;

  g_return_val_if_fail (FERRY_IS_TRANSFER_QUEUE (self), NULL);
  g_return_val_if_fail (to != NULL && name != NULL && G_IS_FILE (folder), NULL);

  contact = ferry_roster_lookup (self->services->roster, to, TRUE);
  if (contact == NULL)
    return NULL;

  transfer = ferry_transfer_new_request (self->services, contact, to, name, folder);
  ferry_transfer_queue_append (self, transfer);
  ferry_transfer_queue_schedule (self);

  return transfer;
}

FerryShares *
ferry_transfer_queue_get_shares (FerryTransferQueue *self)
{
  g_return_val_if_fail (FERRY_IS_TRANSFER_QUEUE (self), NULL);

  return self->services->shares;
}

FerryTransferServices *
ferry_transfer_queue_get_services (FerryTransferQueue *self)
{
  return self->services;
}

static FerryTransfer *
make_again (FerryTransferQueue *self,
            FerryTransfer      *transfer)
{
  if (transfer->wanted != NULL)
    return ferry_transfer_new_request (self->services, transfer->contact, transfer->to,
                                       transfer->wanted, transfer->folder);

  return ferry_transfer_new_outgoing (self->services, transfer->contact, transfer->to,
                                      transfer->file);
}

FerryTransfer *
ferry_transfer_queue_retry (FerryTransferQueue *self,
                            FerryTransfer      *transfer)
{
  g_autoptr(FerryTransfer) held = NULL;
  FerryTransfer *again;
  guint position;

  g_return_val_if_fail (FERRY_IS_TRANSFER_QUEUE (self), NULL);
  g_return_val_if_fail (FERRY_IS_TRANSFER (transfer), NULL);

  if (!ferry_transfer_can_retry (transfer)
      || !g_ptr_array_find (self->transfers, transfer, &position))
    return NULL;

  held = g_object_ref (transfer);
  again = make_again (self, transfer);
  g_signal_handlers_disconnect_by_data (transfer, self);
  g_object_unref (transfer);
  self->transfers->pdata[position] = again;
  watch_transfer (self, again);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 1);
  ferry_transfer_queue_schedule (self);

  return again;
}

void
ferry_transfer_queue_clear (FerryTransferQueue *self,
                            FerryContact       *contact)
{
  g_return_if_fail (FERRY_IS_TRANSFER_QUEUE (self));

  for (guint i = self->transfers->len; i > 0; i--)
    {
      FerryTransfer *transfer = self->transfers->pdata[i - 1];

      if (!ferry_transfer_is_ended (transfer)
          || (contact != NULL && transfer->contact != contact))
        continue;

      take_out (self, i - 1);
    }
}

FerryTransfer *
ferry_transfer_queue_find (FerryTransferQueue *self,
                           const char         *id)
{
  g_return_val_if_fail (FERRY_IS_TRANSFER_QUEUE (self), NULL);

  for (guint i = 0; i < self->transfers->len; i++)
    {
      FerryTransfer *transfer = self->transfers->pdata[i];

      if (g_strcmp0 (transfer->id, id) == 0)
        return transfer;
    }

  return NULL;
}

guint
ferry_transfer_queue_get_n_active (FerryTransferQueue *self)
{
  guint n = 0;

  g_return_val_if_fail (FERRY_IS_TRANSFER_QUEUE (self), 0);

  for (guint i = 0; i < self->transfers->len; i++)
    n += ferry_transfer_is_active (self->transfers->pdata[i]);

  return n;
}

void
ferry_transfer_queue_set_trust (FerryTransferQueue *self,
                                FerryTrust         *trust)
{
  ferry_transfer_services_set_trust (self->services, trust);
}

FerryTransferQueue *
ferry_transfer_queue_new (FerryRouter         *router,
                          FerryRoster         *roster,
                          FerryCapabilities   *capabilities,
                          FerryProxies        *proxies,
                          FerryAccount        *account,
                          const FerrySettings *settings)
{
  FerryTransferQueue *self = g_object_new (FERRY_TYPE_TRANSFER_QUEUE, NULL);

  self->services = ferry_transfer_services_new (router, roster, capabilities, proxies, settings,
                                                ferry_dialects_get ());
  self->entrances = ferry_entrances_new (self->services, self->services->dialects,
                                         &ferry_transfer_queue_entrances, self);

  ferry_transfer_queue_watch (self, roster, account);

  return self;
}

static GType
ferry_transfer_queue_get_item_type (GListModel *model)
{
  return FERRY_TYPE_TRANSFER;
}

static guint
ferry_transfer_queue_get_n_items (GListModel *model)
{
  return FERRY_TRANSFER_QUEUE (model)->transfers->len;
}

static gpointer
ferry_transfer_queue_get_item (GListModel *model,
                               guint       position)
{
  FerryTransferQueue *self = FERRY_TRANSFER_QUEUE (model);

  return position < self->transfers->len ? g_object_ref (self->transfers->pdata[position]) : NULL;
}

static void
ferry_transfer_queue_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = ferry_transfer_queue_get_item_type;
  iface->get_n_items = ferry_transfer_queue_get_n_items;
  iface->get_item = ferry_transfer_queue_get_item;
}

/* What is under way is told to the peers as cancelled, as far as they can be reached. */
static void
ferry_transfer_queue_dispose (GObject *object)
{
  FerryTransferQueue *self = FERRY_TRANSFER_QUEUE (object);
  g_autoptr(GPtrArray) transfers = ferry_transfer_queue_copy_transfers (self);

  self->is_scheduling = TRUE;

  for (guint i = 0; i < transfers->len; i++)
    {
      g_signal_handlers_disconnect_by_data (transfers->pdata[i], self);
      ferry_transfer_cancel (transfers->pdata[i]);
      ferry_transfer_cancel (transfers->pdata[i]); /* nobody waits for what the first one began */
    }

  g_ptr_array_set_size (self->nascent, 0);
  g_ptr_array_set_size (self->transfers, 0);
  g_hash_table_remove_all (self->watched);

  g_clear_pointer (&self->entrances, ferry_entrances_free);
  if (self->services != NULL)
    ferry_transfer_services_close (self->services);

  g_clear_pointer (&self->services, ferry_transfer_services_unref);

  G_OBJECT_CLASS (ferry_transfer_queue_parent_class)->dispose (object);
}

static void
ferry_transfer_queue_finalize (GObject *object)
{
  FerryTransferQueue *self = FERRY_TRANSFER_QUEUE (object);

  g_clear_pointer (&self->transfers, g_ptr_array_unref);
  g_clear_pointer (&self->nascent, g_ptr_array_unref);
  g_clear_pointer (&self->watched, g_hash_table_unref);
  g_clear_pointer (&self->limits, ferry_offer_limits_free);
  g_clear_pointer (&self->past, ferry_past_transfers_free);

  G_OBJECT_CLASS (ferry_transfer_queue_parent_class)->finalize (object);
}

static void
ferry_transfer_queue_class_init (FerryTransferQueueClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = ferry_transfer_queue_dispose;
  object_class->finalize = ferry_transfer_queue_finalize;

  signals[SIGNAL_OFFERED] =
    g_signal_new ("offered", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 1, FERRY_TYPE_TRANSFER);
  signals[SIGNAL_BROKEN] =
    g_signal_new ("broken", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 1, FERRY_TYPE_TRANSFER);
  signals[SIGNAL_ENDED] =
    g_signal_new ("ended", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 1, FERRY_TYPE_TRANSFER);
}

static void
ferry_transfer_queue_init (FerryTransferQueue *self)
{
  self->transfers = g_ptr_array_new_with_free_func (g_object_unref);
  self->nascent = g_ptr_array_new_with_free_func (g_object_unref);
  self->watched = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  self->limits = ferry_offer_limits_new ();
  self->past = ferry_past_transfers_new ();
}
