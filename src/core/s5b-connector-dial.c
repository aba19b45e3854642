/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-s5b-connector"

#include "config.h"

#include "core/s5b-connector-dial.h"
#include "net/interfaces.h"
#include "proto/proto-error.h"

#define MAX_RESOLVED  4  /* addresses tried of one name */
#define MAX_ATTEMPTS  20 /* connections begun in all, SEC-17 */

void
_ferry_s5b_connection_free (S5bConnection *connection)
{
  g_cancellable_cancel (connection->cancellable);
  g_clear_object (&connection->cancellable);
  g_clear_object (&connection->stream);
  g_free (connection->host);
  g_free (connection);
}

void
_ferry_s5b_dial_free (Dial *dial)
{
  g_list_free_full (dial->addresses, g_object_unref);
  g_clear_object (&dial->connector);
  g_clear_object (&dial->cancellable);
  g_clear_object (&dial->place);
  g_free (dial->host);
  g_free (dial->address);
  g_free (dial->text);
  g_free (dial);
}

static void
dial_failed (Dial *dial)
{
  FerryS5bEvent event = {
    .kind = FERRY_S5B_EVENT_DIAL_FAILED,
    .id = dial->id,
    .refused = dial->refused,
    .text = dial->text,
  };
  S5bConnection *connection;

  if (g_cancellable_is_cancelled (dial->cancellable))
    return;

  connection = g_hash_table_lookup (dial->connector->connections, GUINT_TO_POINTER (dial->id));
  g_return_if_fail (connection != NULL);
  _ferry_s5b_connector_note_attempt (dial->connector, connection, FERRY_PATH_STEP_REFUSED,
                                     dial->text);
  g_hash_table_remove (dial->connector->connections, GUINT_TO_POINTER (dial->id));
  ferry_s5b_connector_handle (dial->connector, &event);
}

/* Whether the host was there, and it was our question it did not like (SOCKS-10). */
static gboolean
is_refusal (const GError *error)
{
  return error->domain == FERRY_PROTO_ERROR ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
}

void
_ferry_s5b_dial_done_cb (GObject      *source,
                         GAsyncResult *result,
                         gpointer      user_data)
{
  g_autoptr(Dial) dial = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GSocketConnection) stream =
    ferry_socks5_dialer_dial_finish (FERRY_SOCKS5_DIALER (source), result, &error);
  S5bConnection *connection;
  FerryS5bEvent event = { .kind = FERRY_S5B_EVENT_DIALLED, .id = dial->id };

  if (g_cancellable_is_cancelled (dial->cancellable))
    return;

  if (stream == NULL)
    {
      g_free (dial->text);
      dial->text = g_strdup (error->message);
      dial->refused = is_refusal (error);
      _ferry_s5b_dial_try_next (g_steal_pointer (&dial));
      return;
    }

  connection = g_hash_table_lookup (dial->connector->connections, GUINT_TO_POINTER (dial->id));
  g_return_if_fail (connection != NULL);
  g_set_object (&connection->stream, stream);
  _ferry_s5b_connector_note_attempt (dial->connector, connection, FERRY_PATH_STEP_REACHED, NULL);
  ferry_s5b_connector_handle (dial->connector, &event);
}

static FerryIpAddress
to_ip_address (GInetAddress *address)
{
  return ferry_ip_address (g_inet_address_to_bytes (address),
                           g_inet_address_get_native_size (address));
}

static GArray *
list_own_addresses (void)
{
  g_autoptr(GPtrArray) all = ferry_interfaces_list (TRUE);
  GArray *own = g_array_new (FALSE, FALSE, sizeof (FerryIpAddress));

  for (guint i = 0; i < all->len; i++)
    {
      const FerryInterfaceAddress *one = g_ptr_array_index (all, i);

      g_array_append_val (own, one->address);
    }

  return own;
}

/* SEC-14: a router may lead back in what is meant for its outside. */
static gboolean
is_own_mapping (FerryS5bConnector    *self,
                const FerryIpAddress *address,
                guint16               port)
{
  const FerryPathFacts *facts =
    self->network != NULL ? ferry_network_get_facts (self->network) : NULL;

  for (guint i = 0; facts != NULL && i < facts->mappings->len; i++)
    {
      const FerryPortMapping *mapping = &g_array_index (facts->mappings, FerryPortMapping, i);

      if (mapping->external_port == port && ferry_ip_address_equal (&mapping->external, address))
        return TRUE;
    }

  return FALSE;
}

/* SEC-14: judged is the address that is connected to, not the name it came from. One
 * candidate may be a name of many, so the engine's count of dials is not the last word. */
const char *
_ferry_s5b_connector_object (FerryS5bConnector *self,
                             GInetAddress      *address,
                             guint16            port,
                             FerryS5bTrust      trust)
{
  g_autoptr(GArray) own = list_own_addresses ();
  FerryIpAddress ip = to_ip_address (address);
  FerryS5bPolicy policy = {
    .own = (const FerryIpAddress *) (gpointer) own->data,
    .n_own = own->len,
    .own_port = self->expectation != 0 ? ferry_socks5_listener_get_port (self->listener) : 0,
    .allow_loopback = self->allow_loopback,
  };

  if (trust != FERRY_S5B_TRUST_SERVER && self->n_attempts >= MAX_ATTEMPTS)
    return "too many attempts";

  if (is_own_mapping (self, &ip, port))
    return "our own port of the router";

  return ferry_s5b_policy_objection (&policy, &ip, port, trust);
}

/* Consumes @dial. */
static void
dial_connect (Dial           *dial,
              GSocketAddress *place)
{
  FerryS5bConnector *self = dial->connector;

  self->n_attempts++;
  if (dial->is_punched)
    _ferry_s5b_dial_punch (dial, G_INET_SOCKET_ADDRESS (place));
  else
    ferry_socks5_dialer_dial_async (self->dialer, G_SOCKET_CONNECTABLE (place), dial->address,
                                    dial->cancellable, _ferry_s5b_dial_done_cb, dial);
}

void
_ferry_s5b_dial_try_next (Dial *dial)
{
  g_autoptr(Dial) held = dial;

  while (held->addresses != NULL && held->n_tried++ < MAX_RESOLVED)
    {
      g_autoptr(GInetAddress) address = held->addresses->data;
      g_autoptr(GSocketAddress) place = g_inet_socket_address_new (address, held->port);
      const char *objection =
        _ferry_s5b_connector_object (held->connector, address, held->port, held->trust);

      held->addresses = g_list_delete_link (held->addresses, held->addresses);
      if (objection == NULL)
        {
          dial_connect (g_steal_pointer (&held), place);
          return;
        }

      g_free (held->text);
      held->text = g_strdup (objection);
    }

  dial_failed (held);
}

static void
dial_resolved_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(Dial) dial = user_data;
  g_autoptr(GError) error = NULL;

  dial->addresses = g_resolver_lookup_by_name_finish (G_RESOLVER (source), result, &error);
  if (error != NULL)
    dial->text = g_strdup (error->message);

  _ferry_s5b_dial_try_next (g_steal_pointer (&dial));
}

static gboolean
is_of_own_server (FerryS5bConnector    *self,
                  const FerryS5bEffect *effect)
{
  for (guint i = 0; self->proxies != NULL && i < ferry_proxies_get_n (self->proxies); i++)
    {
      const FerryPathProxy *proxy = ferry_proxies_get (self->proxies, i);

      if (proxy->port == effect->port && g_ascii_strcasecmp (proxy->host, effect->host) == 0)
        return TRUE;
    }

  return FALSE;
}

static gboolean
is_peers_own (const FerryS5bEffect *effect)
{
  return effect->whose == FERRY_S5B_HOST_PEER || effect->whose == FERRY_S5B_HOST_PUNCHED;
}

/* A proxy that we offered may be one of the peer's server: no more to be believed than the peer. */
static FerryS5bTrust
get_trust (FerryS5bConnector    *self,
           const FerryS5bEffect *effect)
{
  if (is_peers_own (effect))
    return FERRY_S5B_TRUST_PEER;

  return is_of_own_server (self, effect) ? FERRY_S5B_TRUST_SERVER : FERRY_S5B_TRUST_PEER_PROXY;
}

/* SEC-15: whoever we dial learns where we are. */
static const char *
find_veto (FerryS5bConnector    *self,
           const FerryS5bEffect *effect)
{
  if (is_peers_own (effect) && !_ferry_s5b_connector_is_direct (self))
    return "nothing is dialled directly";

  if (self->network != NULL && !ferry_network_knows_desktop (self->network))
    return "whether to go through a desktop proxy is not known";

  if (self->relay_only && !is_of_own_server (self, effect))
    return "it is no proxy of our own server";

  return NULL;
}

/* (nullable) */
static GProxyResolver *
get_desktop_proxy (FerryS5bConnector *self)
{
  return self->network != NULL ? ferry_network_get_desktop_proxy (self->network) : NULL;
}

/* By its name: behind a desktop proxy nothing is looked up here. */
static gboolean
dial_through_desktop_proxy (Dial *dial)
{
  FerryS5bConnector *self = dial->connector;
  GProxyResolver *desktop_proxy = get_desktop_proxy (self);
  const FerryS5bPolicy policy = { .allow_loopback = self->allow_loopback };
  g_autoptr(GSocketConnectable) place = NULL;

  if (desktop_proxy == NULL || dial->text != NULL)
    return FALSE;

  dial->text = g_strdup (ferry_s5b_policy_object_to_host (&policy, dial->host, dial->port,
                                                          dial->trust));
  if (dial->text != NULL)
    return FALSE;

  g_list_free_full (g_steal_pointer (&dial->addresses), g_object_unref);
  place = g_network_address_new (dial->host, dial->port);
  ferry_socks5_dialer_set_proxy_resolver (self->dialer, desktop_proxy);
  ferry_socks5_dialer_dial_async (self->dialer, place, dial->address, dial->cancellable,
                                  _ferry_s5b_dial_done_cb, dial);

  return TRUE;
}

static gboolean
dial_begin_cb (gpointer user_data)
{
  Dial *dial = user_data;

  if (g_cancellable_is_cancelled (dial->cancellable))
    {
      _ferry_s5b_dial_free (dial);
      return G_SOURCE_REMOVE;
    }

  if (dial_through_desktop_proxy (dial))
    return G_SOURCE_REMOVE;

  if (dial->text != NULL)
    g_list_free_full (g_steal_pointer (&dial->addresses), g_object_unref);
  _ferry_s5b_dial_try_next (dial);

  return G_SOURCE_REMOVE;
}

static void
dial_look_up (Dial *dial)
{
  g_autoptr(GResolver) resolver = g_resolver_get_default ();

  g_resolver_lookup_by_name_async (resolver, dial->host, dial->cancellable, dial_resolved_cb,
                                   dial);
}

/* Every outcome comes from the main loop, never from within. */
void
_ferry_s5b_connector_dial (FerryS5bConnector    *self,
                           const FerryS5bEffect *effect)
{
  S5bConnection *connection = g_new0 (S5bConnection, 1);
  GInetAddress *literal = g_inet_address_new_from_string (effect->host);
  Dial *dial = g_new0 (Dial, 1);

  connection->id = effect->id;
  connection->cancellable = g_cancellable_new ();
  connection->host = g_strdup (effect->host);
  connection->port = effect->port;
  connection->way = _ferry_s5b_connector_get_way_to (self, effect);
  g_hash_table_insert (self->connections, GUINT_TO_POINTER (effect->id), connection);
  _ferry_s5b_connector_note_attempt (self, connection, FERRY_PATH_STEP_TRIED, NULL);

  dial->connector = g_object_ref (self);
  dial->id = effect->id;
  dial->host = g_strdup (effect->host);
  dial->port = effect->port;
  dial->trust = get_trust (self, effect);
  dial->is_punched = effect->whose == FERRY_S5B_HOST_PUNCHED;
  dial->address = g_strdup (effect->address);
  dial->cancellable = g_object_ref (connection->cancellable);
  dial->text = g_strdup (find_veto (self, effect));
  if (literal != NULL)
    dial->addresses = g_list_append (NULL, literal);

  if (literal == NULL && dial->text == NULL && get_desktop_proxy (self) == NULL)
    {
      dial_look_up (dial);
    }
  else
    {
      g_autoptr(GSource) source = g_idle_source_new ();

      g_source_set_priority (source, G_PRIORITY_DEFAULT);
      g_source_set_callback (source, dial_begin_cb, dial, NULL);
      g_source_attach (source, g_main_context_get_thread_default ());
    }
}
