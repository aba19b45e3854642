/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/proxies-private.h"
#include "core/waiters.h"
#include "proto/jid.h"

#define MAX_FOREIGN 64 /* servers remembered */

/* How long it holds what was found at another server, and that nothing was. */
#define GOOD_FOR     (60 * G_TIME_SPAN_MINUTE)
#define NOT_GOOD_FOR (10 * G_TIME_SPAN_MINUTE)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FerryProxies, ferry_proxies, G_TYPE_OBJECT)

static void
settle (FerryProxies *self)
{
  if (ferry_proxies_is_settled (self))
    ferry_waiters_release (self->waiters);
}

void
ferry_proxies_changed (FerryProxies *self)
{
  g_autoptr(FerryProxies) held = g_object_ref (self);

  if (self->own == NULL || self->own->n_open == 0)
    g_clear_pointer (&self->former, ferry_proxy_search_unref);

  g_signal_emit (held, signals[SIGNAL_CHANGED], 0);
  settle (held);
}

/* Transfers that connect now go on with what is known. A search that has not ended knows less
 * than the one before it. */
static void
retire_own (FerryProxies *self)
{
  if (self->own == NULL)
    return;

  if (self->former == NULL || self->own->ended != 0)
    {
      g_clear_pointer (&self->former, ferry_proxy_search_unref);
      self->former = ferry_proxy_search_ref (self->own);
    }

  g_clear_pointer (&self->own, ferry_proxy_search_abandon);
}

void
ferry_proxies_discover (FerryProxies *self)
{
  const char *own;
  g_autofree char *domain = NULL;

  g_return_if_fail (FERRY_IS_PROXIES (self));

  own = ferry_router_get_jid (self->router);
  retire_own (self);
  g_hash_table_remove_all (self->foreign);

  if (own == NULL)
    {
      g_clear_pointer (&self->former, ferry_proxy_search_unref);
    }
  else
    {
      domain = ferry_jid_dup_domain (own);
      self->own = ferry_proxy_search_new (self, domain, FALSE);
      ferry_proxy_search_begin (self->own);
    }

  settle (self);
}

/* A lookup that found nothing of use is worth less. */
static gboolean
is_known (const FerryProxySearch *search)
{
  gint64 age = g_get_monotonic_time () - search->ended;
  gboolean is_good = FALSE;

  for (guint i = 0; i < search->proxies->len; i++)
    is_good = is_good || ((FerryPathProxy *) search->proxies->pdata[i])->fault == NULL;

  return search->n_open > 0 || age < (is_good ? GOOD_FOR : NOT_GOOD_FOR);
}

void
ferry_proxies_want (FerryProxies *self,
                    const char   *domain)
{
  FerryProxySearch *search;

  g_return_if_fail (FERRY_IS_PROXIES (self));
  g_return_if_fail (domain != NULL);

  if (self->own == NULL || ferry_router_get_jid (self->router) == NULL ||
      ferry_jid_equal (domain, self->own->domain))
    return;

  search = g_hash_table_lookup (self->foreign, domain);
  if (search != NULL && is_known (search))
    return;

  if (search == NULL && g_hash_table_size (self->foreign) >= MAX_FOREIGN)
    g_hash_table_remove_all (self->foreign);

  search = ferry_proxy_search_new (self, domain, TRUE);
  g_hash_table_replace (self->foreign, search->domain, search);
  ferry_proxy_search_begin (search);
}

gboolean
ferry_proxies_is_settled (FerryProxies *self)
{
  GHashTableIter iter;
  gpointer search;

  g_return_val_if_fail (FERRY_IS_PROXIES (self), TRUE);

  if (self->own != NULL && self->own->n_open > 0)
    return FALSE;

  g_hash_table_iter_init (&iter, self->foreign);
  while (g_hash_table_iter_next (&iter, NULL, &search))
    if (((FerryProxySearch *) search)->n_open > 0)
      return FALSE;

  return TRUE;
}

static void
probe_all (FerryProxySearch *search)
{
  for (guint i = 0; i < search->proxies->len; i++)
    ferry_proxy_search_probe (search, search->proxies->pdata[i]);
}

void
ferry_proxies_probe_anew (FerryProxies *self)
{
  g_return_if_fail (FERRY_IS_PROXIES (self));

  g_hash_table_remove_all (self->foreign);
  if (self->own != NULL)
    probe_all (self->own);
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

  g_return_if_fail (FERRY_IS_PROXIES (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, ferry_proxies_wait_async);

  if (ferry_proxies_is_settled (self))
    g_task_return_boolean (task, TRUE);
  else
    ferry_waiters_add (self->waiters, g_steal_pointer (&task), timeout_ms);
}

gboolean
ferry_proxies_wait_finish (FerryProxies  *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static guint
count (const FerryProxySearch *search)
{
  return search != NULL ? search->proxies->len : 0;
}

guint
ferry_proxies_get_n (FerryProxies *self)
{
  g_return_val_if_fail (FERRY_IS_PROXIES (self), 0);

  return count (self->former) + count (self->own);
}

/**
 * ferry_proxies_get:
 *
 * Returns: (transfer none) (nullable): until the next search, or the end of one; %NULL past the
 *   end
 */
const FerryPathProxy *
ferry_proxies_get (FerryProxies *self,
                   guint         index)
{
  guint n_former;

  g_return_val_if_fail (FERRY_IS_PROXIES (self), NULL);

  n_former = count (self->former);
  if (index < n_former)
    return self->former->proxies->pdata[index];

  return index - n_former < count (self->own) ? self->own->proxies->pdata[index - n_former] : NULL;
}

static gboolean
is_listed (GPtrArray            *list,
           const FerryPathProxy *proxy)
{
  for (guint i = 0; i < list->len; i++)
    {
      const FerryPathProxy *other = list->pdata[i];

      if (other->port == proxy->port && g_ascii_strcasecmp (other->host, proxy->host) == 0)
        return TRUE;
    }

  return FALSE;
}

static void
list_all (GPtrArray        *list,
          FerryProxySearch *search)
{
  for (guint i = 0; search != NULL && i < search->proxies->len; i++)
    if (!is_listed (list, search->proxies->pdata[i]))
      g_ptr_array_add (list, ferry_path_proxy_copy (search->proxies->pdata[i]));
}

GPtrArray *
ferry_proxies_list (FerryProxies *self,
                    const char   *domain)
{
  GPtrArray *list;

  g_return_val_if_fail (FERRY_IS_PROXIES (self), NULL);

  list = g_ptr_array_new_with_free_func ((GDestroyNotify) ferry_path_proxy_free);
  list_all (list, self->former);
  list_all (list, self->own);
  if (domain != NULL)
    list_all (list, g_hash_table_lookup (self->foreign, domain));

  return list;
}

void
ferry_proxies_allow_loopback (FerryProxies *self)
{
  g_return_if_fail (FERRY_IS_PROXIES (self));

  self->allow_loopback = TRUE;
}

void
ferry_proxies_set_desktop_proxy (FerryProxies   *self,
                                 GProxyResolver *resolver)
{
  g_return_if_fail (FERRY_IS_PROXIES (self));

  g_set_object (&self->desktop_proxy, resolver);
}

void
ferry_proxies_set_touch (FerryProxies            *self,
                         const FerryProxiesTouch *touch)
{
  self->touch = touch;
}

FerryProxies *
ferry_proxies_new (FerryRouter *router)
{
  FerryProxies *self;

  g_return_val_if_fail (FERRY_IS_ROUTER (router), NULL);

  self = g_object_new (FERRY_TYPE_PROXIES, NULL);
  self->router = g_object_ref (router);

  return self;
}

static void
ferry_proxies_finalize (GObject *object)
{
  FerryProxies *self = FERRY_PROXIES (object);

  g_clear_pointer (&self->own, ferry_proxy_search_abandon);
  g_clear_pointer (&self->former, ferry_proxy_search_unref);
  g_clear_pointer (&self->foreign, g_hash_table_unref);
  g_clear_object (&self->router);
  g_clear_object (&self->desktop_proxy);
  g_clear_pointer (&self->waiters, g_ptr_array_unref);

  G_OBJECT_CLASS (ferry_proxies_parent_class)->finalize (object);
}

static void
ferry_proxies_class_init (FerryProxiesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ferry_proxies_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", FERRY_TYPE_PROXIES, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
ferry_proxies_init (FerryProxies *self)
{
  self->touch = &ferry_proxies_touch;
  self->foreign = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                         (GDestroyNotify) ferry_proxy_search_abandon);
  self->waiters = ferry_waiters_new ();
}
