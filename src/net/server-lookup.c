/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-server-lookup"

#include "config.h"

#include "net/server-lookup.h"

#define PORT_STARTTLS 5222
#define PORT_DIRECT 5223

typedef struct
{
  char         *domain;
  FerryTlsMode  tls;
  guint         n_pending;
  gboolean      is_refused;
  GList        *records;  /* (element-type GSrvTarget) (owned) */
  GHashTable   *direct;   /* set of those of @records that speak TLS at once */
} Lookup;

FerryServerTarget *
ferry_server_target_new (const char   *host,
                         guint16       port,
                         FerryTlsMode  tls)
{
  FerryServerTarget *self = g_new0 (FerryServerTarget, 1);

  self->host = g_strdup (host);
  self->port = port;
  self->tls = tls;

  return self;
}

void
ferry_server_target_free (FerryServerTarget *self)
{
  g_free (self->host);
  g_free (self);
}

static void
lookup_free (Lookup *lookup)
{
  g_free (lookup->domain);
  g_resolver_free_targets (lookup->records);
  g_hash_table_unref (lookup->direct);
  g_free (lookup);
}

/* RFC 2782: a lone target "." means that the service is decidedly not there. */
static gboolean
is_refusal (GSrvTarget *record)
{
  const char *host = g_srv_target_get_hostname (record);

  return host[0] == '\0' || g_str_equal (host, ".");
}

static void
lookup_add_record (Lookup     *lookup,
                   GSrvTarget *record,
                   gboolean    is_direct)
{
  if (is_refusal (record))
    {
      /* Not to speak TLS at once says nothing of STARTTLS (XEP-0368). */
      lookup->is_refused |= !is_direct || lookup->tls == FERRY_TLS_DIRECT;
      g_srv_target_free (record);
      return;
    }

  if (is_direct)
    g_hash_table_add (lookup->direct, record);

  lookup->records = g_list_prepend (lookup->records, record);
}

static GPtrArray *
build_targets (Lookup *lookup)
{
  GPtrArray *targets = g_ptr_array_new_with_free_func ((GDestroyNotify) ferry_server_target_free);
  FerryTlsMode plain = lookup->tls == FERRY_TLS_NONE ? FERRY_TLS_NONE : FERRY_TLS_STARTTLS;

  for (GList *l = lookup->records; l != NULL; l = l->next)
    {
      gboolean is_direct = g_hash_table_contains (lookup->direct, l->data);

      g_ptr_array_add (targets, ferry_server_target_new (g_srv_target_get_hostname (l->data),
                                                         g_srv_target_get_port (l->data),
                                                         is_direct ? FERRY_TLS_DIRECT : plain));
    }

  if (lookup->records != NULL || lookup->is_refused)
    return targets;

  if (lookup->tls == FERRY_TLS_DIRECT)
    g_ptr_array_add (targets, ferry_server_target_new (lookup->domain, PORT_DIRECT,
                                                       FERRY_TLS_DIRECT));
  else
    g_ptr_array_add (targets, ferry_server_target_new (lookup->domain, PORT_STARTTLS, plain));

  return targets;
}

static void
lookup_complete (GTask *task)
{
  Lookup *lookup = g_task_get_task_data (task);
  g_autoptr(GPtrArray) targets = NULL;

  if (g_task_return_error_if_cancelled (task))
    return;

  lookup->records = g_srv_target_list_sort (lookup->records);
  targets = build_targets (lookup);

  if (targets->len == 0)
    g_task_return_new_error (task, FERRY_CONNECTION_ERROR, FERRY_CONNECTION_ERROR_NOT_FOUND,
                             "%s has no XMPP service", lookup->domain);
  else
    g_task_return_pointer (task, g_steal_pointer (&targets), (GDestroyNotify) g_ptr_array_unref);
}

/* A name server that does not answer is no reason to give up: the domain itself
 * is tried, and the error of that is the one to show. */
static void
lookup_add (GTask        *task,
            GObject      *resolver,
            GAsyncResult *result,
            gboolean      is_direct)
{
  Lookup *lookup = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  GList *records = g_resolver_lookup_service_finish (G_RESOLVER (resolver), result, &error);

  if (error != NULL)
    g_debug ("%s: %s", lookup->domain, error->message);

  for (GList *l = records; l != NULL; l = l->next)
    lookup_add_record (lookup, l->data, is_direct);

  g_list_free (records);
  lookup->n_pending--;

  if (lookup->n_pending == 0)
    lookup_complete (task);
}

static void
lookup_direct_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);

  lookup_add (task, source, result, TRUE);
}

static void
lookup_starttls_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);

  lookup_add (task, source, result, FALSE);
}

void
ferry_server_lookup_async (const char          *domain,
                           FerryTlsMode         tls,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr(GResolver) resolver = g_resolver_get_default ();
  gboolean want_direct = tls == FERRY_TLS_AUTO || tls == FERRY_TLS_DIRECT;
  gboolean want_starttls = tls != FERRY_TLS_DIRECT;
  Lookup *lookup = g_new0 (Lookup, 1);

  lookup->domain = g_strdup (domain);
  lookup->tls = tls;
  lookup->direct = g_hash_table_new (NULL, NULL);
  lookup->n_pending = want_direct + want_starttls;
  g_task_set_source_tag (task, ferry_server_lookup_async);
  g_task_set_task_data (task, lookup, (GDestroyNotify) lookup_free);

  if (want_direct)
    g_resolver_lookup_service_async (resolver, "xmpps-client", "tcp", domain, cancellable,
                                     lookup_direct_cb, g_object_ref (task));

  if (want_starttls)
    g_resolver_lookup_service_async (resolver, "xmpp-client", "tcp", domain, cancellable,
                                     lookup_starttls_cb, g_object_ref (task));
}

GPtrArray *
ferry_server_lookup_finish (GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
