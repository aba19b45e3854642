/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-network"

#include "config.h"

#include "base/host.h"
#include "core/network-private.h"
#include "core/waiters.h"
#include "proto/jid.h"

#define DEFAULT_PORT 5222
#define SOME_HOST    "xmpp.invalid" /* there is no account: any, but not one of this network */
#define LEASE_FILE   "leases"

static gboolean
is_same_list (GPtrArray *a,
              GPtrArray *b)
{
  if (a->len != b->len)
    return FALSE;

  for (guint i = 0; i < a->len; i++)
    {
      const FerryInterfaceAddress *one = a->pdata[i];
      const FerryInterfaceAddress *other = b->pdata[i];

      if (!ferry_ip_address_equal (&one->address, &other->address) ||
          one->flags != other->flags || g_strcmp0 (one->interface, other->interface) != 0)
        return FALSE;
    }

  return TRUE;
}

gboolean
ferry_network_look_at_addresses (FerryNetwork *self)
{
  GPtrArray *now = self->senses->list_addresses (self->settings->allow_loopback);
  gboolean is_changed = !is_same_list (now, self->facts->addresses);

  g_ptr_array_unref (self->facts->addresses);
  self->facts->addresses = now;

  return is_changed;
}

static void
take_mappings (FerryNetwork *self)
{
  g_array_set_size (self->facts->mappings, 0);

  if (self->mappings != NULL)
    {
      GArray *now = self->senses->mappings_get (self->mappings);

      g_array_append_vals (self->facts->mappings, now->data, now->len);
    }

  ferry_network_changed (self);
}

static void
ask_routers (FerryNetwork *self)
{
  g_autofree char *lease_file = g_build_filename (self->settings->data_dir, LEASE_FILE, NULL);

  if (!self->settings->map_ports || self->facts->port == 0)
    return;

  if (self->mappings == NULL)
    {
      g_mkdir_with_parents (self->settings->data_dir, 0700);
      self->mappings = self->senses->mappings_new (lease_file);
      g_signal_connect_object (self->mappings, "changed", G_CALLBACK (take_mappings), self,
                               G_CONNECT_SWAPPED);
    }

  self->senses->mappings_start (self->mappings, self->facts->port);
}

static void
mappings_stopped_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(FerryNetwork) self = FERRY_NETWORK (user_data);

  self->senses->mappings_stop_finish (source, result);
  if (--self->n_leaving == 0)
    ferry_waiters_release (self->stoppers);
}

void
ferry_network_leave_routers (FerryNetwork *self)
{
  g_autoptr(GObject) mappings = g_steal_pointer (&self->mappings);

  g_array_set_size (self->facts->mappings, 0);
  if (mappings == NULL)
    return;

  g_signal_handlers_disconnect_by_data (mappings, self);
  self->n_leaving++;
  self->senses->mappings_stop_async (mappings, mappings_stopped_cb, g_object_ref (self));
}

static void
forget_place (FerryNetwork *self)
{
  g_ptr_array_set_size (self->facts->addresses, 0);
  self->facts->reflexive4 = (FerryReflexive) { 0 };
  self->facts->reflexive6 = (FerryReflexive) { 0 };
  self->facts->port = 0;
  g_clear_pointer (&self->stun_fault, g_free);
  ferry_network_leave_routers (self);
}

/* Everything that is ours, and nobody between. */
static void
look_around (FerryNetwork *self)
{
  if (ferry_network_look_at_addresses (self))
    {
      self->facts->reflexive4 = (FerryReflexive) { 0 };
      self->facts->reflexive6 = (FerryReflexive) { 0 };
    }

  self->facts->port = self->senses->reserve_port (self->listener);
  self->n_open++; /* until all have been asked: one may answer at once */

  if (self->settings->map_ports)
    ask_routers (self);
  else
    ferry_network_leave_routers (self);

  if (self->is_online)
    ferry_network_ask_services (self);
  else if (self->settings->stun_server != NULL)
    ferry_network_ask_stun (self);

  self->n_open--;
}

/* All that the desktop says leads to our server, without "directly": nothing that is dialled
 * through it may go around it. */
static GProxyResolver *
find_proxy (char **uris)
{
  for (char **uri = uris; uri != NULL && *uri != NULL; uri++)
    if (!g_str_has_prefix (*uri, "direct:"))
      return g_simple_proxy_resolver_new (*uri, NULL);

  return NULL;
}

static void
desktop_asked_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(FerryNetwork) self = ferry_network_answer (user_data);
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) uris = g_proxy_resolver_lookup_finish (G_PROXY_RESOLVER (source), result, &error);

  if (self == NULL)
    return;

  /* Not to know it is no reason to go around it, nor around the one that was there. */
  self->knows_desktop = uris != NULL;
  if (uris != NULL)
    {
      g_clear_object (&self->desktop_proxy);
      self->desktop_proxy = find_proxy (uris);
    }
  else
    {
      g_info ("Whether there is a desktop proxy is not known: %s", error->message);
    }

  if (self->proxies != NULL)
    ferry_proxies_set_desktop_proxy (self->proxies, self->desktop_proxy);
  if (self->proxies != NULL && self->is_online && self->knows_desktop)
    ferry_proxies_probe_anew (self->proxies);

  if (ferry_network_is_direct (self))
    look_around (self);
  else
    forget_place (self);

  ferry_network_changed (self);
}

/* As GSocketClient asks for it. Returns: (transfer full) */
static char *
dup_server_uri (FerryNetwork *self)
{
  g_autofree char *host = NULL;
  guint16 port = DEFAULT_PORT;

  if (self->settings->server == NULL ||
      !ferry_host_parse (self->settings->server, DEFAULT_PORT, &host, &port))
    host = self->settings->jid != NULL ? ferry_jid_dup_domain (self->settings->jid)
                                       : g_strdup (SOME_HOST);

  return g_uri_join (G_URI_FLAGS_NONE, "none", NULL, host, port, "", NULL, NULL);
}

static void
desktop_checked_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(FerryNetwork) self = ferry_network_answer (user_data);
  g_auto(GStrv) uris = g_proxy_resolver_lookup_finish (G_PROXY_RESOLVER (source), result, NULL);
  g_autoptr(GProxyResolver) proxy = find_proxy (uris);

  if (self == NULL)
    return;

  if (uris == NULL || (proxy != NULL) != (self->desktop_proxy != NULL))
    {
      self->knows_desktop = FALSE; /* nothing direct from now on, until it is clear */
      ferry_network_begin_round (self);
    }

  ferry_network_changed (self);
}

/* People switch it on without a word to us. */
void
ferry_network_check_desktop (FerryNetwork *self)
{
  g_autofree char *uri = dup_server_uri (self);

  g_proxy_resolver_lookup_async (self->resolver, uri, self->round, desktop_checked_cb,
                                 ferry_network_ask (self));
}

/* What is on its way of the round before counts for nothing any more; what is known stays until
 * it is known better. */
void
ferry_network_begin_round (FerryNetwork *self)
{
  g_autofree char *uri = dup_server_uri (self);

  g_cancellable_cancel (self->round);
  g_clear_object (&self->round);
  self->round = g_cancellable_new ();
  self->n_open = 0;
  g_proxy_resolver_lookup_async (self->resolver, uri, self->round, desktop_asked_cb,
                                 ferry_network_ask (self));
}

void
ferry_network_take_proxies (FerryNetwork *self)
{
  g_ptr_array_unref (self->facts->proxies);
  self->facts->proxies = ferry_proxies_list (self->proxies, NULL);
  ferry_network_changed (self);
}
