/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "base/host.h"
#include "core/proxies-private.h"
#include "proto/bytestreams-codec.h"
#include "proto/disco.h"
#include "proto/jid.h"

#define MAX_ITEMS   20 /* of a server's that are asked what they are (protocols: 10.2) */
#define MAX_PROXIES 8  /* addresses at one server; a proxy may have some */
#define TIMEOUT     10 /* seconds an answer */

/* The search is three questions deep: the server's items, what each is, where a proxy is. Then
 * each is tried. */
typedef struct
{
  FerryProxySearch *search; /* (owned) */
  char             *jid;    /* (owned): who is asked */
} Question;

static void
question_free (Question *question)
{
  ferry_proxy_search_unref (question->search);
  g_free (question->jid);
  g_free (question);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Question, question_free)

FerryProxySearch *
ferry_proxy_search_new (FerryProxies *owner,
                        const char   *domain,
                        gboolean      is_foreign)
{
  FerryProxySearch *self = g_rc_box_new0 (FerryProxySearch);

  self->owner = owner;
  self->domain = g_strdup (domain);
  self->is_foreign = is_foreign;
  self->proxies = g_ptr_array_new_with_free_func ((GDestroyNotify) ferry_path_proxy_free);
  self->cancellable = g_cancellable_new ();

  return self;
}

FerryProxySearch *
ferry_proxy_search_ref (FerryProxySearch *self)
{
  return g_rc_box_acquire (self);
}

static void
search_clear (gpointer data)
{
  FerryProxySearch *self = data;

  g_free (self->domain);
  g_clear_pointer (&self->proxies, g_ptr_array_unref);
  g_clear_object (&self->cancellable);
}

void
ferry_proxy_search_unref (FerryProxySearch *self)
{
  g_rc_box_release_full (self, search_clear);
}

void
ferry_proxy_search_abandon (FerryProxySearch *self)
{
  self->owner = NULL;
  g_cancellable_cancel (self->cancellable);
  ferry_proxy_search_unref (self);
}

void
ferry_proxy_search_done (FerryProxySearch *self)
{
  g_autoptr(FerryProxies) owner = NULL;

  self->n_open--;
  if (self->owner == NULL)
    return;

  if (self->n_open == 0)
    self->ended = g_get_monotonic_time ();

  owner = g_object_ref (self->owner);
  ferry_proxies_changed (owner);
}

static void
ask (FerryProxySearch    *search,
     const char          *jid,
     FerryElement        *payload,
     GAsyncReadyCallback  callback)
{
  Question *question = g_new0 (Question, 1);

  search->n_open++;
  question->search = ferry_proxy_search_ref (search);
  question->jid = g_strdup (jid);
  ferry_router_request_async (search->owner->router, FERRY_IQ_GET, jid, payload, TIMEOUT, NULL,
                              callback, question);
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

  if (question->search->owner == NULL)
    return NULL;

  if (reply != NULL && ferry_iq_is (reply, FERRY_IQ_RESULT))
    query = ferry_element_find (reply, "query", xmlns);

  return query != NULL ? ferry_element_ref (query) : NULL;
}

/* The proxy's own address and nobody else's: an operator may not send us anywhere under
 * another name, and what it names must be a host. */
static void
take_streamhost (FerryProxySearch      *search,
                 const char            *jid,
                 const FerryStreamhost *host)
{
  FerryPathProxy *proxy;

  if (!ferry_jid_equal (host->jid, jid) || host->port == 0 || !ferry_host_is_valid (host->host) ||
      search->proxies->len >= MAX_PROXIES)
    return;

  proxy = ferry_path_proxy_new (jid, host->host, host->port);
  proxy->is_foreign = search->is_foreign;
  g_ptr_array_add (search->proxies, proxy);
  ferry_proxy_search_probe (search, proxy);
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
    take_streamhost (question->search, question->jid, address->hosts->pdata[i]);

  ferry_proxy_search_done (question->search);
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

      ask (question->search, question->jid, payload, address_answered_cb);
    }

  ferry_proxy_search_done (question->search);
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
        ask (question->search, item->jid, payload, info_answered_cb);
    }

  ferry_proxy_search_done (question->search);
}

void
ferry_proxy_search_begin (FerryProxySearch *self)
{
  g_autoptr(FerryElement) payload = ferry_disco_query_new (FERRY_NS_DISCO_ITEMS, NULL);

  ask (self, self->domain, payload, items_answered_cb);
}
