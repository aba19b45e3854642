/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-proxies"

#include "config.h"

#include <string.h>

#include "core/proxies.h"
#include "proto/bytestreams-codec.h"
#include "proto/disco.h"
#include "proto/jid.h"

#define MAX_ITEMS   20 /* of the server's that are asked what they are (protocols: 10.2) */
#define MAX_PROXIES 8 /* addresses; a proxy may have some */
#define TIMEOUT     10 /* seconds an answer */

struct _FerryProxies
{
  GObject      parent_instance;
  FerryRouter *router;   /* (owned) */
  GPtrArray   *proxies;  /* (owned): FerryProxy */
  GPtrArray   *waiters;  /* (owned): GTask (owned) of wait_async() */
  guint        search;   /* counts them: answers to an older one are late */
  guint        n_asked;  /* answers outstanding */
};

G_DEFINE_FINAL_TYPE (FerryProxies, ferry_proxies, G_TYPE_OBJECT)

/* The search is three questions deep: the server's items, what each is, where a proxy is. */
typedef struct
{
  FerryProxies *self;   /* (owned) */
  char         *jid;    /* (owned): who is asked */
  guint         search;
} Question;

/* Of wait_async(). */
typedef struct
{
  GSource *timeout;   /* (owned) */
  GSource *cancelled; /* (owned) (nullable) */
} Wait;

static void
question_free (Question *question)
{
  g_object_unref (question->self);
  g_free (question->jid);
  g_free (question);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Question, question_free)

static void
proxy_free (FerryProxy *proxy)
{
  g_free (proxy->jid);
  g_free (proxy->host);
  g_free (proxy);
}

static void
ask (FerryProxies        *self,
     const char          *jid,
     FerryElement        *payload,
     GAsyncReadyCallback  callback)
{
  Question *question = g_new0 (Question, 1);

  question->self = g_object_ref (self);
  question->jid = g_strdup (jid);
  question->search = self->search;
  self->n_asked++;
  ferry_router_request_async (self->router, FERRY_IQ_GET, jid, payload, TIMEOUT, NULL,
                              callback, question);
}

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

static void
release_waiters (FerryProxies *self)
{
  while (self->waiters->len > 0)
    end_wait (self->waiters->pdata[0]);
}

/* Ends one question. Returns: (nullable) (transfer full): the answer, if it is one of use */
static FerryElement *
finish_question (Question     *question,
                 GObject      *router,
                 GAsyncResult *result,
                 const char   *xmlns)
{
  g_autoptr(FerryElement) reply = ferry_router_request_finish (FERRY_ROUTER (router), result,
                                                               NULL);
  FerryElement *query = NULL;

  if (question->search != question->self->search)
    return NULL;

  if (reply != NULL && ferry_iq_is (reply, FERRY_IQ_RESULT))
    query = ferry_element_find (reply, "query", xmlns);

  return query != NULL ? ferry_element_ref (query) : NULL;
}

static void
question_done (Question *question)
{
  FerryProxies *self = question->self;

  if (question->search == self->search && --self->n_asked == 0)
    release_waiters (self);
}

/* The proxy's own address and nobody else's: an operator may not send us anywhere under
 * another name, and what it names must be a host. */
static void
take_streamhost (FerryProxies          *self,
                 const char            *jid,
                 const FerryStreamhost *host)
{
  FerryProxy *proxy;

  if (!ferry_jid_equal (host->jid, jid) || host->port == 0 || *host->host == '\0' ||
      self->proxies->len >= MAX_PROXIES)
    return;

  if (!g_hostname_is_ip_address (host->host) && strpbrk (host->host, " /@:%[]") != NULL)
    return;

  proxy = g_new0 (FerryProxy, 1);
  proxy->jid = g_strdup (jid);
  proxy->host = g_strdup (host->host);
  proxy->port = host->port;
  g_ptr_array_add (self->proxies, proxy);
  g_debug ("%s at %s port %u", proxy->jid, proxy->host, proxy->port);
}

static void
address_answered_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(Question) question = user_data;
  g_autoptr(FerryElement) query = finish_question (question, source, result,
                                                   FERRY_NS_BYTESTREAMS);
  g_autoptr(FerryBytestreamsQuery) address = NULL;

  if (query != NULL)
    address = ferry_bytestreams_query_decode (query, NULL);
  for (guint i = 0; address != NULL && i < address->hosts->len; i++)
    take_streamhost (question->self, question->jid, address->hosts->pdata[i]);

  question_done (question);
}

static gboolean
is_proxy (FerryElement *query)
{
  g_autoptr(FerryDiscoInfo) info = ferry_disco_info_parse (query, NULL);

  return info != NULL && (ferry_disco_info_has_identity (info, "proxy", "bytestreams") ||
                          ferry_disco_info_has_feature (info, FERRY_NS_BYTESTREAMS));
}

static void
info_answered_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(Question) question = user_data;
  g_autoptr(FerryElement) query = finish_question (question, source, result,
                                                   FERRY_NS_DISCO_INFO);

  if (query != NULL && is_proxy (query))
    {
      g_autoptr(FerryElement) payload = ferry_bytestreams_address_query_new ();

      ask (question->self, question->jid, payload, address_answered_cb);
    }

  question_done (question);
}

static void
items_answered_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(Question) question = user_data;
  g_autoptr(FerryElement) query = finish_question (question, source, result,
                                                   FERRY_NS_DISCO_ITEMS);
  g_autoptr(FerryElement) payload = ferry_disco_query_new (FERRY_NS_DISCO_INFO, NULL);
  g_autoptr(GPtrArray) items = NULL;

  if (query != NULL)
    items = ferry_disco_items_parse (query, NULL);

  for (guint i = 0; items != NULL && i < MIN (items->len, MAX_ITEMS); i++)
    {
      const FerryDiscoItem *item = items->pdata[i];

      /* A node is a part of a service, and no proxy. */
      if (item->node == NULL)
        ask (question->self, item->jid, payload, info_answered_cb);
    }

  question_done (question);
}

void
ferry_proxies_discover (FerryProxies *self)
{
  g_autoptr(FerryElement) payload = ferry_disco_query_new (FERRY_NS_DISCO_ITEMS, NULL);
  const char *own;
  g_autofree char *domain = NULL;

  g_return_if_fail (FERRY_IS_PROXIES (self));

  own = ferry_router_get_jid (self->router);
  self->search++;
  self->n_asked = 0;
  g_ptr_array_set_size (self->proxies, 0);

  if (own == NULL)
    {
      release_waiters (self);
      return;
    }

  domain = ferry_jid_dup_domain (own);
  ask (self, domain, payload, items_answered_cb);
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

  if (self->n_asked == 0)
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

guint
ferry_proxies_get_n (FerryProxies *self)
{
  g_return_val_if_fail (FERRY_IS_PROXIES (self), 0);

  return self->proxies->len;
}

/**
 * ferry_proxies_get:
 *
 * Returns: (transfer none) (nullable): until the next search; %NULL past the end
 */
const FerryProxy *
ferry_proxies_get (FerryProxies *self,
                   guint         index)
{
  g_return_val_if_fail (FERRY_IS_PROXIES (self), NULL);

  return index < self->proxies->len ? self->proxies->pdata[index] : NULL;
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

  g_clear_object (&self->router);
  g_clear_pointer (&self->proxies, g_ptr_array_unref);
  g_clear_pointer (&self->waiters, g_ptr_array_unref);

  G_OBJECT_CLASS (ferry_proxies_parent_class)->finalize (object);
}

static void
ferry_proxies_class_init (FerryProxiesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ferry_proxies_finalize;
}

static void
ferry_proxies_init (FerryProxies *self)
{
  self->proxies = g_ptr_array_new_with_free_func ((GDestroyNotify) proxy_free);
  self->waiters = g_ptr_array_new_with_free_func (g_object_unref);
}
