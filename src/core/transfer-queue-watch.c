/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-transfer-queue"

#include "config.h"

#include "core/transfer-queue-private.h"
#include "core/transfer-resume.h"

/* Transfers may leave the model while they are told things: walk a copy. */
GPtrArray *
ferry_transfer_queue_copy_transfers (FerryTransferQueue *self)
{
  GPtrArray *copy = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->nascent->len; i++)
    g_ptr_array_add (copy, g_object_ref (self->nascent->pdata[i]));
  for (guint i = 0; i < self->transfers->len; i++)
    g_ptr_array_add (copy, g_object_ref (self->transfers->pdata[i]));

  return copy;
}

/* Presences that end because our own connection did say nothing about the peers. */
static void
roster_resource_gone_cb (FerryTransferQueue *self,
                         const char         *full_jid)
{
  g_autoptr(GPtrArray) transfers = ferry_transfer_queue_copy_transfers (self);

  if (ferry_router_get_jid (self->services->router) == NULL)
    return;

  for (guint i = 0; i < transfers->len; i++)
    ferry_transfer_peer_gone (transfers->pdata[i], full_jid);
}

static void
go_offline (FerryTransferQueue *self)
{
  g_autoptr(GPtrArray) transfers = ferry_transfer_queue_copy_transfers (self);

  g_hash_table_remove_all (self->services->greeted);

  for (guint i = 0; i < transfers->len; i++)
    ferry_transfer_went_offline (transfers->pdata[i]);
}

static void
account_changed_cb (FerryTransferQueue *self)
{
  gboolean is_online = ferry_router_get_jid (self->services->router) != NULL;

  if (self->is_online == is_online)
    return;

  self->is_online = is_online;

  if (is_online)
    ferry_transfer_services_resume (self->services);
  else
    go_offline (self);

  ferry_transfer_queue_schedule (self);
}

/* Our user signs out: sessions end while there is somebody to tell. What waits waits on. */
static void
account_leaving_cb (FerryTransferQueue *self)
{
  g_autoptr(GPtrArray) transfers = ferry_transfer_queue_copy_transfers (self);

  self->is_scheduling = TRUE; /* nothing takes the places that become free */
  for (guint i = 0; i < transfers->len; i++)
    {
      if (ferry_transfer_is_active (transfers->pdata[i]))
        ferry_transfer_cancel (transfers->pdata[i]);
    }
  self->is_scheduling = FALSE;
}

static void
network_changed_cb (FerryTransferQueue *self)
{
  g_autoptr(GPtrArray) transfers = ferry_transfer_queue_copy_transfers (self);

  for (guint i = 0; i < transfers->len; i++)
    ferry_transfer_network_changed (transfers->pdata[i]);
}

void
ferry_transfer_queue_watch (FerryTransferQueue *self,
                            FerryRoster        *roster,
                            FerryAccount       *account)
{
  self->is_online = ferry_router_get_jid (self->services->router) != NULL;
  g_signal_connect_object (roster, "resource-gone", G_CALLBACK (roster_resource_gone_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (roster, "notify::loaded", G_CALLBACK (ferry_transfer_queue_schedule),
                           self, G_CONNECT_SWAPPED);

  g_signal_connect_object (g_network_monitor_get_default (), "network-changed",
                           G_CALLBACK (network_changed_cb), self, G_CONNECT_SWAPPED);

  if (account != NULL)
    {
      g_signal_connect_object (account, "notify::state", G_CALLBACK (account_changed_cb), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (account, "online", G_CALLBACK (account_changed_cb), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (account, "leaving", G_CALLBACK (account_leaving_cb), self,
                               G_CONNECT_SWAPPED);
    }
}
