/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-network"

#include "config.h"

#include "base/host.h"
#include "core/network-private.h"
#include "net/deadline.h"
#include "net/inet-address.h"

#define LOOK_UP_TIMEOUT 3    /* seconds */
#define QUERY_TIMEOUT   3000 /* ms */

/* One family of addresses: the servers one after another, until one answers. */
typedef struct
{
  FerryNetworkQuestion *question; /* (owned) */
  GSocketFamily         family;
  gboolean              is_by_hand;
  GQueue                servers;  /* of FerryStunServer (owned): not asked yet */
  FerryStunServer      *server;   /* (owned) (nullable): being asked */
  FerryDeadline        *deadline; /* (owned) (nullable): of the look-up */
  char                 *fault;    /* (owned) (nullable): of the last one */
} Hunt;

static void hunt_next (Hunt *hunt);

FerryStunServer *
ferry_stun_server_new (const char *host,
                       guint16     port)
{
  FerryStunServer *self = g_new0 (FerryStunServer, 1);

  self->host = g_strdup (host);
  self->port = port;

  return self;
}

void
ferry_stun_server_free (FerryStunServer *self)
{
  g_free (self->host);
  g_free (self);
}

static void
hunt_free (Hunt *hunt)
{
  g_queue_clear_full (&hunt->servers, (GDestroyNotify) ferry_stun_server_free);
  g_clear_pointer (&hunt->server, ferry_stun_server_free);
  g_clear_pointer (&hunt->deadline, ferry_deadline_free);
  g_free (hunt->fault);
  g_free (hunt);
}

static FerryReflexive *
get_place (FerryNetwork *self,
           Hunt         *hunt)
{
  return hunt->family == G_SOCKET_FAMILY_IPV4 ? &self->facts->reflexive4
                                              : &self->facts->reflexive6;
}

static gboolean
is_own (FerryNetwork         *self,
        const FerryIpAddress *address)
{
  for (guint i = 0; i < self->facts->addresses->len; i++)
    {
      const FerryInterfaceAddress *own = self->facts->addresses->pdata[i];

      if (ferry_ip_address_equal (&own->address, address))
        return TRUE;
    }

  return FALSE;
}

/* The fault is of interest while nobody has answered at all. */
static void
take_fault (FerryNetwork *self,
            Hunt         *hunt)
{
  if (self->facts->reflexive4.seen.len != 0 || self->facts->reflexive6.seen.len != 0)
    g_clear_pointer (&self->stun_fault, g_free);
  else if (hunt->fault != NULL)
    {
      g_free (self->stun_fault);
      self->stun_fault = g_strdup (hunt->fault);
    }
}

/* Consumes @hunt. @reflexive: (nullable): nobody said */
static void
hunt_end (Hunt                 *hunt,
          const FerryReflexive *reflexive)
{
  g_autoptr(FerryNetwork) self = ferry_network_answer (hunt->question);

  if (self != NULL)
    {
      FerryReflexive *place = get_place (self, hunt);

      *place = reflexive != NULL ? *reflexive : (FerryReflexive) { 0 };
      if (reflexive != NULL)
        place->is_ours = is_own (self, &place->seen);
      take_fault (self, hunt);
      ferry_network_changed (self);
    }

  hunt_free (hunt);
}

static void
set_fault (Hunt       *hunt,
           const char *fault)
{
  g_debug ("%s: %s", hunt->server->host, fault);
  g_free (hunt->fault);
  hunt->fault = g_strdup_printf ("%s: %s", hunt->server->host, fault);
}

/* Whoever is said to be seen nowhere is not believed. */
static gboolean
makes_sense (const Hunt           *hunt,
             const FerryReflexive *reflexive)
{
  guint len = hunt->family == G_SOCKET_FAMILY_IPV4 ? 4 : 16;

  switch (ferry_ip_address_get_scope (&reflexive->seen))
    {
    case FERRY_IP_GLOBAL:
    case FERRY_IP_SHARED:
    case FERRY_IP_PRIVATE:
      return reflexive->seen.len == len;

    case FERRY_IP_LOOPBACK:
      return reflexive->seen.len == len && hunt->is_by_hand;

    case FERRY_IP_NOBODY:
    case FERRY_IP_LINK_LOCAL:
    case FERRY_IP_TRANSLATED:
    default:
      return FALSE;
    }
}

static void
hunt_answered_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  Hunt *hunt = user_data;
  FerryNetwork *self = ferry_network_get_asker (hunt->question);
  const FerryNetworkSenses *senses = self != NULL ? self->senses : &ferry_network_senses;
  FerryReflexive reflexive = { 0 };
  g_autoptr(GError) error = NULL;

  if (senses->query_finish (result, &reflexive, &error) && makes_sense (hunt, &reflexive))
    {
      hunt_end (hunt, &reflexive);
      return;
    }

  set_fault (hunt, error != NULL ? error->message : "The answer makes no sense");
  hunt_next (hunt);
}

/* From which address of ours the system would ask: nothing is sent for it. */
static gboolean
find_own (GSocketAddress *server,
          FerryIpAddress *own)
{
  g_autoptr(GSocket) socket = g_socket_new (g_socket_address_get_family (server),
                                            G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, NULL);
  g_autoptr(GSocketAddress) local = NULL;

  if (socket == NULL || !g_socket_connect (socket, server, NULL, NULL))
    return FALSE;

  local = g_socket_get_local_address (socket, NULL);
  if (!G_IS_INET_SOCKET_ADDRESS (local))
    return FALSE;

  *own = ferry_inet_address_get_ip (
    g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (local)));

  return TRUE;
}

/* Our server may name whom it likes, but not make us knock at this machine. */
static const char *
find_objection (Hunt         *hunt,
                FerryNetwork *self,
                GInetAddress *address)
{
  FerryIpAddress ip = ferry_inet_address_get_ip (address);
  FerryIpScope scope = ferry_ip_address_get_scope (&ip);

  if (scope == FERRY_IP_NOBODY)
    return "An address that no host can have";

  if (scope == FERRY_IP_LOOPBACK && !hunt->is_by_hand && !self->settings->allow_loopback)
    return "A loopback address";

  return NULL;
}

static void
hunt_ask (Hunt         *hunt,
          GInetAddress *address)
{
  FerryNetwork *self = ferry_network_get_asker (hunt->question);
  g_autoptr(GSocketAddress) server = g_inet_socket_address_new (address, hunt->server->port);
  const char *objection;
  FerryIpAddress own;

  if (self == NULL)
    {
      hunt_end (hunt, NULL);
      return;
    }

  objection = find_objection (hunt, self, address);
  if (objection == NULL && !find_own (server, &own))
    objection = "There is no way there";

  if (objection == NULL)
    {
      self->senses->query_async (G_INET_SOCKET_ADDRESS (server), &own, QUERY_TIMEOUT,
                                 ferry_network_get_round (hunt->question), hunt_answered_cb, hunt);
      return;
    }

  set_fault (hunt, objection);
  hunt_next (hunt);
}

static void
hunt_resolved_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  Hunt *hunt = user_data;
  g_autoptr(GError) error = NULL;
  GList *addresses = g_resolver_lookup_by_name_with_flags_finish (G_RESOLVER (source), result,
                                                                  &error);
  gboolean is_late = ferry_deadline_has_passed (hunt->deadline);

  g_clear_pointer (&hunt->deadline, ferry_deadline_free);

  if (addresses != NULL)
    {
      hunt_ask (hunt, addresses->data);
      g_resolver_free_addresses (addresses);
      return;
    }

  set_fault (hunt, is_late ? "Its name is not found in time" : error->message);
  hunt_next (hunt);
}

static void
hunt_look_up (Hunt *hunt)
{
  g_autoptr(GResolver) resolver = g_resolver_get_default ();
  gboolean is_ipv4 = hunt->family == G_SOCKET_FAMILY_IPV4;

  hunt->deadline = ferry_deadline_new (LOOK_UP_TIMEOUT, ferry_network_get_round (hunt->question));
  g_resolver_lookup_by_name_with_flags_async (resolver, hunt->server->host,
                                              is_ipv4 ? G_RESOLVER_NAME_LOOKUP_FLAGS_IPV4_ONLY
                                                      : G_RESOLVER_NAME_LOOKUP_FLAGS_IPV6_ONLY,
                                              ferry_deadline_get_cancellable (hunt->deadline),
                                              hunt_resolved_cb, hunt);
}

static void
hunt_next (Hunt *hunt)
{
  g_autoptr(GInetAddress) literal = NULL;

  g_clear_pointer (&hunt->server, ferry_stun_server_free);
  if (ferry_network_get_asker (hunt->question) != NULL)
    hunt->server = g_queue_pop_head (&hunt->servers);

  if (hunt->server == NULL)
    {
      hunt_end (hunt, NULL);
      return;
    }

  literal = g_inet_address_new_from_string (hunt->server->host);
  if (literal == NULL)
    hunt_look_up (hunt);
  else if (g_inet_address_get_family (literal) == hunt->family)
    hunt_ask (hunt, literal);
  else
    hunt_next (hunt);
}

static void
hunt_begin (FerryNetwork  *self,
            GSocketFamily  family)
{
  Hunt *hunt = g_new0 (Hunt, 1);
  g_autofree char *host = NULL;
  guint16 port;

  hunt->family = family;
  g_queue_init (&hunt->servers);
  hunt->question = ferry_network_ask (self);

  if (self->settings->stun_server != NULL)
    {
      hunt->is_by_hand = TRUE;
      if (ferry_host_parse (self->settings->stun_server, FERRY_STUN_PORT, &host, &port))
        g_queue_push_tail (&hunt->servers, ferry_stun_server_new (host, port));
    }
  else
    {
      for (guint i = 0; i < self->stun_servers->len; i++)
        {
          const FerryStunServer *server = self->stun_servers->pdata[i];

          g_queue_push_tail (&hunt->servers,
                             ferry_stun_server_new (server->host, server->port));
        }
    }

  hunt_next (hunt);
}

static gboolean
has_family (FerryNetwork *self,
            guint         len)
{
  for (guint i = 0; i < self->facts->addresses->len; i++)
    {
      const FerryInterfaceAddress *own = self->facts->addresses->pdata[i];

      if (own->address.len == len)
        return TRUE;
    }

  return FALSE;
}

/* IPv6 first: without a server for it, IPv4 has the last word on the fault. */
void
ferry_network_ask_stun (FerryNetwork *self)
{
  self->n_open++; /* one may end before the other begins */
  if (has_family (self, 16))
    hunt_begin (self, G_SOCKET_FAMILY_IPV6);
  if (has_family (self, 4))
    hunt_begin (self, G_SOCKET_FAMILY_IPV4);
  self->n_open--;
}
