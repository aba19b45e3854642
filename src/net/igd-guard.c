/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-igd-guard"

#include "config.h"

#include "net/port-mappings-private.h"

/* Anybody on the link may answer a search for routers with an address of any HTTP server, and
 * any HTTP server may send us on to another. The HTTP client asks this object how to get to
 * each, and learns of no way but to the one router (SEC-14). */
#define FERRY_TYPE_IGD_GUARD (ferry_igd_guard_get_type ())
G_DECLARE_FINAL_TYPE (FerryIgdGuard, ferry_igd_guard, FERRY, IGD_GUARD, GObject)

struct _FerryIgdGuard
{
  GObject  parent_instance;
  char    *host; /* (owned) */
};

static void ferry_igd_guard_iface_init (GProxyResolverInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FerryIgdGuard, ferry_igd_guard, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_PROXY_RESOLVER,
                                                      ferry_igd_guard_iface_init))

static char **
ferry_igd_guard_lookup (GProxyResolver  *resolver,
                        const char      *uri,
                        GCancellable    *cancellable,
                        GError         **error)
{
  static const char *const direct[] = { "direct://", NULL };
  FerryIgdGuard *self = FERRY_IGD_GUARD (resolver);
  g_autoptr(GUri) parsed = g_uri_parse (uri, G_URI_FLAGS_NONE, NULL);

  if (parsed != NULL && g_strcmp0 (g_uri_get_host (parsed), self->host) == 0)
    return g_strdupv ((char **) direct);

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                       "This is not the router");
  return NULL;
}

static void
ferry_igd_guard_lookup_async (GProxyResolver      *resolver,
                              const char          *uri,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (resolver, cancellable, callback, user_data);
  GError *error = NULL;
  char **proxies = ferry_igd_guard_lookup (resolver, uri, cancellable, &error);

  g_task_set_source_tag (task, ferry_igd_guard_lookup_async);
  if (proxies != NULL)
    g_task_return_pointer (task, proxies, (GDestroyNotify) g_strfreev);
  else
    g_task_return_error (task, error);
}

static char **
ferry_igd_guard_lookup_finish (GProxyResolver  *resolver,
                               GAsyncResult    *result,
                               GError         **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
ferry_igd_guard_is_supported (GProxyResolver *resolver)
{
  return TRUE;
}

GProxyResolver *
ferry_igd_guard_new (const char *host)
{
  FerryIgdGuard *self = g_object_new (FERRY_TYPE_IGD_GUARD, NULL);

  self->host = g_strdup (host);
  return G_PROXY_RESOLVER (self);
}

static void
ferry_igd_guard_iface_init (GProxyResolverInterface *iface)
{
  iface->is_supported = ferry_igd_guard_is_supported;
  iface->lookup = ferry_igd_guard_lookup;
  iface->lookup_async = ferry_igd_guard_lookup_async;
  iface->lookup_finish = ferry_igd_guard_lookup_finish;
}

static void
ferry_igd_guard_finalize (GObject *object)
{
  FerryIgdGuard *self = FERRY_IGD_GUARD (object);

  g_free (self->host);
  G_OBJECT_CLASS (ferry_igd_guard_parent_class)->finalize (object);
}

static void
ferry_igd_guard_class_init (FerryIgdGuardClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ferry_igd_guard_finalize;
}

static void
ferry_igd_guard_init (FerryIgdGuard *self)
{
}
