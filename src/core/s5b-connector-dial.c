/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-s5b-connector"

#include "config.h"

#include <errno.h>
#include <sys/socket.h>

#include "core/s5b-connector-private.h"
#include "net/local-addresses.h"
#include "proto/proto-error.h"

#define MAX_OWN       32 /* addresses looked at */
#define MAX_RESOLVED  4  /* addresses tried of one name */
#define MAX_ATTEMPTS  20 /* connections begun in all, SEC-17 */

/* One candidate: a host, its addresses one after another. */
typedef struct
{
  FerryS5bConnector *connector;   /* (owned) */
  guint              id;
  char              *host;        /* (owned): name or address */
  guint16            port;
  FerryS5bTrust      trust;
  char              *address;     /* (owned): to ask for */
  GList             *addresses;   /* (owned): GInetAddress, not tried yet */
  guint              n_tried;
  GCancellable      *cancellable; /* (owned) */
  gboolean           refused;     /* by the last: the request, not the connection */
  char              *text;        /* (owned) (nullable): what the last one said */
} Dial;

static void dial_try_next (Dial *dial);

void
_ferry_s5b_connection_free (S5bConnection *connection)
{
  g_cancellable_cancel (connection->cancellable);
  g_clear_object (&connection->cancellable);
  g_clear_object (&connection->stream);
  g_free (connection);
}

static void
dial_free (Dial *dial)
{
  g_list_free_full (dial->addresses, g_object_unref);
  g_clear_object (&dial->connector);
  g_clear_object (&dial->cancellable);
  g_free (dial->host);
  g_free (dial->address);
  g_free (dial->text);
  g_free (dial);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Dial, dial_free)

static void
dial_failed (Dial *dial)
{
  FerryS5bEvent event = {
    .kind = FERRY_S5B_EVENT_DIAL_FAILED,
    .id = dial->id,
    .refused = dial->refused,
    .text = dial->text,
  };

  if (g_cancellable_is_cancelled (dial->cancellable))
    return;

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

static void
dial_done_cb (GObject      *source,
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
      dial_try_next (g_steal_pointer (&dial));
      return;
    }

  connection = g_hash_table_lookup (dial->connector->connections, GUINT_TO_POINTER (dial->id));
  g_return_if_fail (connection != NULL);
  g_set_object (&connection->stream, stream);
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
  g_auto(GStrv) strings = ferry_local_addresses_list (TRUE, MAX_OWN);
  GArray *own = g_array_new (FALSE, FALSE, sizeof (FerryIpAddress));

  for (guint i = 0; strings[i] != NULL; i++)
    {
      g_autoptr(GInetAddress) address = g_inet_address_new_from_string (strings[i]);

      if (address != NULL)
        {
          FerryIpAddress ip = to_ip_address (address);

          g_array_append_val (own, ip);
        }
    }

  return own;
}

/* SEC-14: judged is the address that is connected to, not the name it came from. One
 * candidate may be a name of many, so the engine's count of dials is not the last word. */
static const char *
find_objection (Dial         *dial,
                GInetAddress *address)
{
  FerryS5bConnector *self = dial->connector;
  g_autoptr(GArray) own = list_own_addresses ();
  FerryIpAddress ip = to_ip_address (address);
  FerryS5bPolicy policy = {
    .own = (const FerryIpAddress *) (gpointer) own->data,
    .n_own = own->len,
    .own_port = self->expectation != 0 ? ferry_socks5_listener_get_port (self->listener) : 0,
    .allow_loopback = self->allow_loopback,
  };

  if (dial->trust != FERRY_S5B_TRUST_SERVER && self->n_attempts >= MAX_ATTEMPTS)
    return "too many attempts";

  return ferry_s5b_policy_objection (&policy, &ip, dial->port, dial->trust);
}

static void
dial_try_next (Dial *dial)
{
  g_autoptr(Dial) held = dial;

  while (held->addresses != NULL && held->n_tried++ < MAX_RESOLVED)
    {
      g_autoptr(GInetAddress) address = held->addresses->data;
      g_autoptr(GSocketAddress) place = g_inet_socket_address_new (address, held->port);
      const char *objection = find_objection (held, address);
      FerrySocks5Dialer *dialer = held->connector->dialer;
      GCancellable *cancellable = held->cancellable;

      held->addresses = g_list_delete_link (held->addresses, held->addresses);
      if (objection == NULL)
        {
          held->connector->n_attempts++;
          ferry_socks5_dialer_dial_async (dialer, G_SOCKET_CONNECTABLE (place), held->address,
                                          cancellable, dial_done_cb, held);
          g_steal_pointer (&held);
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

  dial_try_next (g_steal_pointer (&dial));
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

/* A proxy that we offered may be one of the peer's server: no more to be believed than the peer. */
static FerryS5bTrust
get_trust (FerryS5bConnector    *self,
           const FerryS5bEffect *effect)
{
  if (effect->whose == FERRY_S5B_HOST_PEER)
    return FERRY_S5B_TRUST_PEER;

  return is_of_own_server (self, effect) ? FERRY_S5B_TRUST_SERVER : FERRY_S5B_TRUST_PEER_PROXY;
}

/* SEC-15: whoever we dial learns where we are. */
static const char *
find_veto (FerryS5bConnector    *self,
           const FerryS5bEffect *effect)
{
  if (effect->whose == FERRY_S5B_HOST_PEER && !_ferry_s5b_connector_is_direct (self))
    return "nothing is dialled directly";

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
                                  dial_done_cb, dial);

  return TRUE;
}

static gboolean
dial_begin_cb (gpointer user_data)
{
  Dial *dial = user_data;

  if (dial_through_desktop_proxy (dial))
    return G_SOURCE_REMOVE;

  if (dial->text != NULL)
    g_list_free_full (g_steal_pointer (&dial->addresses), g_object_unref);
  dial_try_next (dial);

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
  g_hash_table_insert (self->connections, GUINT_TO_POINTER (effect->id), connection);

  dial->connector = g_object_ref (self);
  dial->id = effect->id;
  dial->host = g_strdup (effect->host);
  dial->port = effect->port;
  dial->trust = get_trust (self, effect);
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

/* Our end of @stream, in the form we offer it: the listener's socket shows IPv4
 * addresses as ::ffff:a.b.c.d. */
static char *
dup_local_host (GSocketConnection *stream)
{
  g_autoptr(GSocketAddress) place = g_socket_connection_get_local_address (stream, NULL);
  GInetAddress *address;
  g_autofree char *host = NULL;

  if (!G_IS_INET_SOCKET_ADDRESS (place))
    return NULL;

  address = g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (place));
  host = g_inet_address_to_string (address);
  if (g_str_has_prefix (host, "::ffff:") && strchr (host, '.') != NULL)
    return g_strdup (host + strlen ("::ffff:"));

  return g_steal_pointer (&host);
}

void
_ferry_s5b_connector_accepted_cb (GSocketConnection *stream,
                                  const char        *address,
                                  gpointer           user_data)
{
  FerryS5bConnector *self = user_data;
  g_autoptr(FerryS5bConnector) held = g_object_ref (self);
  S5bConnection *connection = g_new0 (S5bConnection, 1);
  g_autofree char *local = dup_local_host (stream);
  FerryS5bEvent event = { .kind = FERRY_S5B_EVENT_INBOUND, .text = local };

  connection->id = event.id = ferry_s5b_engine_new_id (self->engine);
  connection->cancellable = g_cancellable_new ();
  connection->stream = g_object_ref (stream);
  connection->inbound = TRUE;
  g_hash_table_insert (self->connections, GUINT_TO_POINTER (event.id), connection);

  if (self->funcs->called != NULL)
    self->funcs->called (self->user_data);
  ferry_s5b_connector_handle (held, &event);
}

static gboolean
has_hung_up (S5bConnection *connection)
{
  int fd = g_socket_get_fd (g_socket_connection_get_socket (connection->stream));
  char byte;
  gssize n = recv (fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);

  return n == 0 || (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}

static guint
count_inbound (FerryS5bConnector *self)
{
  GHashTableIter iter;
  S5bConnection *connection;
  guint n = 0;

  g_hash_table_iter_init (&iter, self->connections);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &connection))
    n += connection->inbound;

  return n;
}

/* Where the peer made several connections, tells the engine which of them it has
 * given up. Peeks only: the first byte may be the file's already (SOCKS-7). A
 * single one is kept even so: it may have carried an empty file. */
void
_ferry_s5b_connector_sweep (FerryS5bConnector *self)
{
  g_autoptr(GList) ids = g_hash_table_get_keys (self->connections);

  for (GList *link = ids; link != NULL; link = link->next)
    {
      S5bConnection *connection = g_hash_table_lookup (self->connections, link->data);
      FerryS5bEvent event = {
        .kind = FERRY_S5B_EVENT_INBOUND_LOST,
        .id = GPOINTER_TO_UINT (link->data),
      };

      if (connection == NULL || !connection->inbound || count_inbound (self) < 2 ||
          !has_hung_up (connection))
        continue;

      g_hash_table_remove (self->connections, link->data);
      ferry_s5b_connector_handle (self, &event);
    }
}
