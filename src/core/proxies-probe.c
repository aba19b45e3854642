/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-proxies"

#include "config.h"

#include "core/proxies-private.h"
#include "net/deadline.h"
#include "net/inet-address.h"
#include "net/socks5-probe.h"
#include "proto/proto-error.h"
#include "proto/s5b-policy.h"

/* Whether a proxy is there, before anybody is sent to it: a server may well announce one that
 * its firewall hides, or an address that it knows itself by and nobody else. */

#define TIMEOUT         2 /* seconds, for all addresses of one proxy */
#define PATIENT_TIMEOUT 8 /* seconds, through a desktop proxy: Tor takes its time */
#define MAX_RESOLVED    4 /* addresses tried of one name */

const FerryProxiesTouch ferry_proxies_touch = {
  .probe_async = ferry_socks5_probe_async,
  .probe_finish = ferry_socks5_probe_finish,
};

typedef struct
{
  FerryProxySearch        *search;     /* (owned) */
  FerryPathProxy          *proxy;      /* of @search */
  const FerryProxiesTouch *touch;      /* static */
  FerryDeadline           *deadline;   /* (owned) */
  GList                   *addresses;  /* (owned): GInetAddress (owned), not tried yet */
  guint                    n_tried;
  gboolean                 is_private; /* one of them, of those tried */
  char                    *fault;      /* (owned) (nullable): of the last one */
} Probe;

static void probe_try_next (Probe *probe);

static void
probe_free (Probe *probe)
{
  g_list_free_full (probe->addresses, g_object_unref);
  ferry_deadline_free (probe->deadline);
  ferry_proxy_search_unref (probe->search);
  g_free (probe->fault);
  g_free (probe);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Probe, probe_free)

/* Consumes @probe. @delay: µs; -1: it is of no use, for the fault we have. */
static void
probe_end (Probe  *probe,
           gint64  delay)
{
  g_autoptr(Probe) held = probe;
  FerryPathProxy *proxy = held->proxy;

  if (held->search->owner == NULL)
    {
      ferry_proxy_search_done (held->search); /* given up: what was known of it stays */
      return;
    }

  proxy->delay = delay;
  g_clear_pointer (&proxy->fault, g_free);
  if (delay < 0 && held->is_private)
    proxy->fault = g_strdup_printf ("%s; its address is one of a private network", held->fault);
  else if (delay < 0)
    proxy->fault = g_strdup (held->fault);

  g_debug ("%s at %s port %u: %s", proxy->jid, proxy->host, proxy->port,
           proxy->fault != NULL ? proxy->fault : "good");
  ferry_proxy_search_done (held->search);
}

static const char *
describe (Probe        *probe,
          const GError *error)
{
  if (ferry_deadline_has_passed (probe->deadline) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return "it does not answer";

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    return "it refuses connections";

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_HOST_UNREACHABLE) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE))
    return "it cannot be reached from here";

  if (error->domain == G_RESOLVER_ERROR)
    return "its name is not known";

  if (error->domain == FERRY_PROTO_ERROR ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED))
    return "it is no proxy that takes us";

  return error->message;
}

static void
set_fault (Probe      *probe,
           const char *fault)
{
  g_free (probe->fault);
  probe->fault = g_strdup (fault);
}

static void
probe_tried_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  Probe *probe = user_data;
  g_autoptr(GError) error = NULL;
  gint64 delay = probe->touch->probe_finish (result, &error);

  if (delay >= 0)
    {
      probe_end (probe, delay);
      return;
    }

  set_fault (probe, describe (probe, error));
  probe_try_next (probe);
}

static void
set_objection (Probe      *probe,
               const char *objection)
{
  g_free (probe->fault);
  probe->fault = g_strdup_printf ("it is not dialled: %s", objection);
}

static FerryS5bTrust
get_trust (const FerryProxySearch *search)
{
  return search->is_foreign ? FERRY_S5B_TRUST_PEER_PROXY : FERRY_S5B_TRUST_SERVER;
}

/* SEC-14: what we dial is what was looked at. */
static const char *
find_objection (Probe        *probe,
                GInetAddress *address)
{
  FerryProxySearch *search = probe->search;
  FerryIpAddress ip = ferry_inet_address_get_ip (address);
  FerryS5bPolicy policy = {
    .allow_loopback = search->owner != NULL && search->owner->allow_loopback,
  };

  return ferry_s5b_policy_objection (&policy, &ip, probe->proxy->port,
                                     get_trust (search));
}

static gboolean
is_private (GInetAddress *address)
{
  FerryIpAddress ip = ferry_inet_address_get_ip (address);
  FerryIpScope scope = ferry_ip_address_get_scope (&ip);

  return scope == FERRY_IP_PRIVATE || scope == FERRY_IP_SHARED;
}

static void
probe_dial (Probe              *probe,
            GSocketConnectable *place,
            GProxyResolver     *desktop_proxy)
{
  probe->touch->probe_async (place, desktop_proxy, 0,
                             ferry_deadline_get_cancellable (probe->deadline), probe_tried_cb,
                             probe);
}

/* Consumes @probe if there is no next. */
static void
probe_try_next (Probe *probe)
{
  while (probe->addresses != NULL && probe->n_tried++ < MAX_RESOLVED &&
         !g_cancellable_is_cancelled (ferry_deadline_get_cancellable (probe->deadline)))
    {
      g_autoptr(GInetAddress) address = probe->addresses->data;
      const char *objection = find_objection (probe, address);
      g_autoptr(GSocketAddress) place = g_inet_socket_address_new (address, probe->proxy->port);

      probe->addresses = g_list_delete_link (probe->addresses, probe->addresses);
      probe->is_private = probe->is_private || is_private (address);
      if (objection == NULL)
        {
          probe_dial (probe, G_SOCKET_CONNECTABLE (place), NULL);
          return;
        }

      set_objection (probe, objection);
    }

  probe_end (probe, -1);
}

static void
probe_resolved_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  Probe *probe = user_data;
  g_autoptr(GError) error = NULL;

  probe->addresses = g_resolver_lookup_by_name_finish (G_RESOLVER (source), result, &error);
  if (error != NULL)
    set_fault (probe, describe (probe, error));

  probe_try_next (probe);
}

/* Behind a desktop proxy nothing is resolved here: the look-up alone would tell. */
static gboolean
probe_through_desktop_proxy (Probe *probe)
{
  FerryProxySearch *search = probe->search;
  GProxyResolver *desktop_proxy = search->owner->desktop_proxy;
  FerryS5bPolicy policy = { .allow_loopback = search->owner->allow_loopback };
  g_autoptr(GSocketConnectable) place = NULL;
  const char *objection;

  if (desktop_proxy == NULL)
    return FALSE;

  objection = ferry_s5b_policy_object_to_host (&policy, probe->proxy->host, probe->proxy->port,
                                               get_trust (search));
  if (objection != NULL)
    {
      set_objection (probe, objection);
      return FALSE;
    }

  place = g_network_address_new (probe->proxy->host, probe->proxy->port);
  probe_dial (probe, place, desktop_proxy);

  return TRUE;
}

/* Every outcome comes from the main loop, never from within. */
static gboolean
probe_begin_cb (gpointer user_data)
{
  Probe *probe = user_data;
  gboolean is_abandoned = probe->search->owner == NULL;

  if (is_abandoned || !probe_through_desktop_proxy (probe))
    probe_try_next (probe);

  return G_SOURCE_REMOVE;
}

static void
probe_look_up (Probe *probe)
{
  g_autoptr(GResolver) resolver = g_resolver_get_default ();

  g_resolver_lookup_by_name_async (resolver, probe->proxy->host,
                                   ferry_deadline_get_cancellable (probe->deadline),
                                   probe_resolved_cb, probe);
}

void
ferry_proxy_search_probe (FerryProxySearch *search,
                          FerryPathProxy   *proxy)
{
  Probe *probe = g_new0 (Probe, 1);
  GInetAddress *literal = g_inet_address_new_from_string (proxy->host);
  gboolean is_patient = search->owner->desktop_proxy != NULL;

  search->n_open++;
  probe->search = ferry_proxy_search_ref (search);
  probe->proxy = proxy;
  probe->touch = search->owner->touch;
  probe->deadline = ferry_deadline_new (is_patient ? PATIENT_TIMEOUT : TIMEOUT,
                                        search->cancellable);
  set_fault (probe, "it has no address");

  if (literal == NULL && !is_patient)
    {
      probe_look_up (probe);
    }
  else
    {
      g_autoptr(GSource) source = g_idle_source_new ();

      if (!is_patient)
        probe->addresses = g_list_append (NULL, g_steal_pointer (&literal));
      g_clear_object (&literal);
      g_source_set_priority (source, G_PRIORITY_DEFAULT);
      g_source_set_callback (source, probe_begin_cb, probe, NULL);
      g_source_attach (source, g_main_context_get_thread_default ());
    }
}
