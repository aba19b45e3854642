/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/waiters.h"

typedef struct
{
  GPtrArray *waiters;   /* (owned) */
  GSource   *timeout;   /* (owned) */
  GSource   *cancelled; /* (owned) (nullable) */
} Wait;

static void
wait_free (Wait *wait)
{
  g_clear_pointer (&wait->waiters, g_ptr_array_unref);
  g_clear_pointer (&wait->timeout, g_source_unref);
  g_clear_pointer (&wait->cancelled, g_source_unref);
  g_free (wait);
}

/* Whichever comes first; the sources hold @task until they are destroyed. */
static void
end_wait (GTask *task)
{
  Wait *wait = g_task_get_task_data (task);

  g_object_ref (task);
  g_source_destroy (wait->timeout);
  if (wait->cancelled != NULL)
    g_source_destroy (wait->cancelled);

  g_ptr_array_remove (wait->waiters, task);
  g_task_return_boolean (task, TRUE);
  g_object_unref (task);
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

GPtrArray *
ferry_waiters_new (void)
{
  return g_ptr_array_new_with_free_func (g_object_unref);
}

void
ferry_waiters_add (GPtrArray *waiters,
                   GTask     *task,
                   guint      timeout)
{
  GCancellable *cancellable = g_task_get_cancellable (task);
  Wait *wait = g_new0 (Wait, 1);

  wait->waiters = g_ptr_array_ref (waiters);
  wait->timeout = g_timeout_source_new (timeout);
  g_task_set_task_data (task, wait, (GDestroyNotify) wait_free);
  g_task_attach_source (task, wait->timeout, wait_timeout_cb);

  if (cancellable != NULL)
    {
      wait->cancelled = g_cancellable_source_new (cancellable);
      g_task_attach_source (task, wait->cancelled, G_SOURCE_FUNC (wait_cancelled_cb));
    }

  g_ptr_array_add (waiters, task);
}

void
ferry_waiters_release (GPtrArray *waiters)
{
  while (waiters->len > 0)
    end_wait (waiters->pdata[0]);
}
