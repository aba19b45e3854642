/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/proxies-private.h"

/* Of wait_async(). */
typedef struct
{
  GSource *timeout;   /* (owned) */
  GSource *cancelled; /* (owned) (nullable) */
} Wait;

static void
wait_free (Wait *wait)
{
  g_clear_pointer (&wait->timeout, g_source_unref);
  g_clear_pointer (&wait->cancelled, g_source_unref);
  g_free (wait);
}

/* Ends the wait of @task, whichever comes first; the sources hold it until destroyed. */
static void
end_wait (GTask *task)
{
  FerryProxies *self = g_task_get_source_object (task);
  Wait *wait = g_task_get_task_data (task);

  g_object_ref (task);
  g_source_destroy (wait->timeout);
  if (wait->cancelled != NULL)
    g_source_destroy (wait->cancelled);

  g_ptr_array_remove (self->waiters, task);
  g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

void
ferry_proxies_settle (FerryProxies *self)
{
  g_autoptr(FerryProxies) held = g_object_ref (self);

  while (self->waiters->len > 0 && ferry_proxies_is_settled (self))
    end_wait (self->waiters->pdata[0]);
}

static gboolean
wait_timeout_cb (gpointer user_data)
{
  end_wait (G_TASK (user_data));

  return G_SOURCE_REMOVE;
}

static gboolean
wait_cancelled_cb (GCancellable *cancellable,
                   gpointer      user_data)
{
  end_wait (G_TASK (user_data));

  return G_SOURCE_REMOVE;
}

/* Always ends well but for @cancellable: no proxy is no failure. */
void
ferry_proxies_wait_async (FerryProxies        *self,
                          guint                timeout_ms,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  Wait *wait;

  g_return_if_fail (FERRY_IS_PROXIES (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, ferry_proxies_wait_async);

  if (ferry_proxies_is_settled (self))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  wait = g_new0 (Wait, 1);
  wait->timeout = g_timeout_source_new (timeout_ms);
  g_task_set_task_data (task, wait, (GDestroyNotify) wait_free);
  g_task_attach_source (task, wait->timeout, wait_timeout_cb);

  if (cancellable != NULL)
    {
      wait->cancelled = g_cancellable_source_new (cancellable);
      g_task_attach_source (task, wait->cancelled, G_SOURCE_FUNC (wait_cancelled_cb));
    }

  g_ptr_array_add (self->waiters, g_steal_pointer (&task));
}

gboolean
ferry_proxies_wait_finish (FerryProxies  *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
