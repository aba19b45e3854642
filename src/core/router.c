/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-router"

#include "config.h"

#include "core/random-id.h"
#include "core/route-table.h"
#include "core/router.h"
#include "proto/jid.h"

struct _FerryRouter
{
  GObject          parent_instance;
  FerryStanzaPort *port;       /* (owned) (nullable) */
  gulong           received_id;
  FerryRouteTable *routes;     /* (owned) */
  GHashTable      *requests;   /* (owned): id (borrowed from its Request) → GTask (owned) */
};

G_DEFINE_FINAL_TYPE (FerryRouter, ferry_router, G_TYPE_OBJECT)

typedef struct
{
  char    *id;        /* (owned) */
  char    *to;        /* (owned) (nullable) */
  GSource *timeout;   /* (owned) */
  GSource *cancelled; /* (owned) (nullable) */
} Request;

static void
request_free (Request *request)
{
  g_clear_pointer (&request->id, g_free);
  g_clear_pointer (&request->to, g_free);
  g_clear_pointer (&request->timeout, g_source_unref);
  g_clear_pointer (&request->cancelled, g_source_unref);
  g_free (request);
}

/* Ends the wait of @task, which the caller then returns. The sources hold the task alive until
 * they are destroyed. */
static GTask *
request_steal (FerryRouter *self,
               const char  *id)
{
  GTask *task = NULL;
  Request *request;

  if (!g_hash_table_steal_extended (self->requests, id, NULL, (gpointer *) &task))
    return NULL;

  request = g_task_get_task_data (task);
  g_source_destroy (request->timeout);

  if (request->cancelled != NULL)
    g_source_destroy (request->cancelled);

  return task;
}

static gboolean
request_timeout_cb (gpointer user_data)
{
  Request *request = g_task_get_task_data (G_TASK (user_data));
  g_autoptr(GTask) task = request_steal (g_task_get_source_object (G_TASK (user_data)),
                                         request->id);

  if (task != NULL)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "%s did not answer",
                             request->to != NULL ? request->to : "The server");

  return G_SOURCE_REMOVE;
}

static gboolean
request_cancelled_cb (GCancellable *cancellable,
                      gpointer      user_data)
{
  Request *request = g_task_get_task_data (G_TASK (user_data));
  g_autoptr(GTask) task = request_steal (g_task_get_source_object (G_TASK (user_data)),
                                         request->id);

  if (task != NULL)
    g_task_return_error_if_cancelled (task);

  return G_SOURCE_REMOVE;
}

static void
fail_requests (FerryRouter *self)
{
  g_autofree char **ids = (char **) g_hash_table_get_keys_as_array (self->requests, NULL);
  g_autoptr(GPtrArray) tasks = g_ptr_array_new_with_free_func (g_object_unref);

  for (gsize i = 0; ids[i] != NULL; i++)
    g_ptr_array_add (tasks, request_steal (self, ids[i]));

  /* Whoever is told may send anew: the table is in order by now. */
  for (guint i = 0; i < tasks->len; i++)
    g_task_return_new_error (tasks->pdata[i], G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED,
                             "The connection to the server is gone");
}

/* Whether @jid is our account, our server, or nobody named, which means the same. */
static gboolean
is_own_server (FerryRouter *self,
               const char  *jid)
{
  const char *own = ferry_router_get_jid (self);
  g_autofree char *domain = NULL;

  if (jid == NULL)
    return TRUE;

  if (own == NULL)
    return FALSE;

  domain = ferry_jid_dup_domain (own);

  return ferry_jid_equal (jid, own) ||
         (!ferry_jid_is_full (jid) && ferry_jid_equal_bare (jid, own)) ||
         ferry_jid_equal (jid, domain);
}

/* SEC-2: who may answer a request to @to. A reply of our server's own may come from the
 * account, from the server, or without a sender (RFC 6120 §8.1.2.1). */
static gboolean
may_answer (FerryRouter *self,
            const char  *to,
            const char  *from)
{
  if (to != NULL && from != NULL && ferry_jid_equal (to, from))
    return TRUE;

  /* Our own full JID is another matter: what we asked ourselves, we answer ourselves. */
  if (to != NULL && ferry_jid_is_full (to))
    return FALSE;

  return is_own_server (self, to) && is_own_server (self, from);
}

static void
receive_reply (FerryRouter  *self,
               FerryElement *stanza)
{
  const char *id = ferry_element_get_attribute (stanza, "id");
  const char *from = ferry_element_get_attribute (stanza, "from");
  g_autoptr(GTask) task = NULL;
  Request *request;

  if (id == NULL)
    return;

  task = g_hash_table_lookup (self->requests, id);

  if (task == NULL)
    return;

  g_object_ref (task);
  request = g_task_get_task_data (task);

  if (!may_answer (self, request->to, from))
    {
      g_debug ("Dropped a reply to %s from %s", request->to, from);
      return;
    }

  g_object_unref (request_steal (self, request->id));
  g_task_return_pointer (task, ferry_element_ref (stanza), (GDestroyNotify) ferry_element_unref);
}

static void
refuse (FerryRouter  *self,
        FerryElement *request)
{
  const FerryStanzaError error = {
    .type = FERRY_STANZA_ERROR_CANCEL,
    .condition = FERRY_CONDITION_SERVICE_UNAVAILABLE,
  };
  g_autoptr(FerryElement) answer = ferry_iq_new_error (request, &error);

  ferry_router_send (self, answer);
}

static void
router_received_cb (FerryStanzaPort *port,
                    FerryElement    *stanza,
                    gpointer         user_data)
{
  g_autoptr(FerryRouter) self = g_object_ref (FERRY_ROUTER (user_data));
  g_autoptr(FerryElement) held = ferry_element_ref (stanza);

  if (ferry_iq_is (held, FERRY_IQ_RESULT) || ferry_iq_is (held, FERRY_IQ_ERROR))
    receive_reply (self, held);
  else if (!ferry_route_table_dispatch (self->routes, held) && ferry_iq_is_request (held))
    refuse (self, held);
}

/**
 * ferry_router_set_port:
 * @port: (nullable): %NULL: offline
 */
void
ferry_router_set_port (FerryRouter     *self,
                       FerryStanzaPort *port)
{
  g_return_if_fail (FERRY_IS_ROUTER (self));
  g_return_if_fail (port == NULL || FERRY_IS_STANZA_PORT (port));

  if (self->port == port)
    return;

  if (self->port != NULL)
    g_clear_signal_handler (&self->received_id, self->port);

  g_set_object (&self->port, port);

  if (port != NULL)
    self->received_id = g_signal_connect_object (port, "received",
                                                 G_CALLBACK (router_received_cb), self, 0);

  fail_requests (self);
}

/**
 * ferry_router_get_port:
 *
 * Returns: (nullable) (transfer none)
 */
FerryStanzaPort *
ferry_router_get_port (FerryRouter *self)
{
  g_return_val_if_fail (FERRY_IS_ROUTER (self), NULL);

  return self->port;
}

const char *
ferry_router_get_jid (FerryRouter *self)
{
  g_return_val_if_fail (FERRY_IS_ROUTER (self), NULL);

  return self->port != NULL ? ferry_stanza_port_get_jid (self->port) : NULL;
}

/**
 * ferry_router_add_handler:
 * @route: copied
 *
 * Returns: an id for remove_handler()
 */
guint
ferry_router_add_handler (FerryRouter        *self,
                          const FerryRoute   *route,
                          FerryRouterHandler  handler,
                          gpointer            user_data)
{
  g_return_val_if_fail (FERRY_IS_ROUTER (self), 0);
  g_return_val_if_fail (route != NULL && handler != NULL, 0);

  return ferry_route_table_add (self->routes, route, handler, user_data);
}

void
ferry_router_remove_handler (FerryRouter *self,
                             guint        id)
{
  g_return_if_fail (FERRY_IS_ROUTER (self));

  ferry_route_table_remove (self->routes, id);
}

void
ferry_router_send (FerryRouter  *self,
                   FerryElement *stanza)
{
  g_return_if_fail (FERRY_IS_ROUTER (self));
  g_return_if_fail (stanza != NULL);

  if (ferry_router_get_jid (self) != NULL)
    ferry_stanza_port_send (self->port, stanza);
}

static void
request_watch (GTask *task,
               guint  timeout)
{
  Request *request = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  request->timeout = g_timeout_source_new_seconds (timeout);
  g_task_attach_source (task, request->timeout, request_timeout_cb);

  if (cancellable == NULL)
    return;

  request->cancelled = g_cancellable_source_new (cancellable);
  g_task_attach_source (task, request->cancelled, G_SOURCE_FUNC (request_cancelled_cb));
}

/**
 * ferry_router_request_async:
 * @to: (nullable)
 * @payload: (transfer none) (nullable)
 * @timeout: in seconds
 */
void
ferry_router_request_async (FerryRouter         *self,
                            FerryIqType          type,
                            const char          *to,
                            FerryElement        *payload,
                            guint                timeout,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr(FerryElement) iq = NULL;
  g_autoptr(GTask) task = NULL;
  Request *request;

  g_return_if_fail (FERRY_IS_ROUTER (self));
  g_return_if_fail (type == FERRY_IQ_GET || type == FERRY_IQ_SET);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, ferry_router_request_async);

  if (g_task_return_error_if_cancelled (task))
    return;

  if (ferry_router_get_jid (self) == NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED, "Not connected");
      return;
    }

  request = g_new0 (Request, 1);
  request->id = ferry_random_id_new ();
  request->to = g_strdup (to);
  g_task_set_task_data (task, request, (GDestroyNotify) request_free);
  request_watch (task, timeout);

  iq = ferry_iq_new (type, to, request->id, payload);
  g_hash_table_insert (self->requests, request->id, g_steal_pointer (&task));
  ferry_stanza_port_send (self->port, iq);
}

FerryElement *
ferry_router_request_finish (FerryRouter   *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

FerryRouter *
ferry_router_new (void)
{
  return g_object_new (FERRY_TYPE_ROUTER, NULL);
}

static void
ferry_router_dispose (GObject *object)
{
  FerryRouter *self = FERRY_ROUTER (object);

  ferry_router_set_port (self, NULL);

  G_OBJECT_CLASS (ferry_router_parent_class)->dispose (object);
}

static void
ferry_router_finalize (GObject *object)
{
  FerryRouter *self = FERRY_ROUTER (object);

  g_clear_pointer (&self->routes, ferry_route_table_free);
  g_clear_pointer (&self->requests, g_hash_table_unref);

  G_OBJECT_CLASS (ferry_router_parent_class)->finalize (object);
}

static void
ferry_router_class_init (FerryRouterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = ferry_router_dispose;
  object_class->finalize = ferry_router_finalize;
}

static void
ferry_router_init (FerryRouter *self)
{
  self->routes = ferry_route_table_new ();
  self->requests = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);
}
