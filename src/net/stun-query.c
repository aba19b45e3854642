/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-stun-query"

#include "config.h"

#include <netinet/in.h>
#include <stun/stunagent.h>
#include <stun/usages/bind.h>

#include "net/inet-address.h"
#include "net/interfaces.h"
#include "net/stun-query.h"

#define FIRST_PAUSE 200  /* ms until it is asked again; doubled each time (RFC 8489 §6.2.1) */
#define MAX_MESSAGE 1280 /* bytes; nothing that answers us is longer */

/* The attributes we know to read; the zero ends them. */
static const guint16 known_attributes[] = {
  STUN_ATTRIBUTE_MAPPED_ADDRESS,
  STUN_ATTRIBUTE_ERROR_CODE,
  STUN_ATTRIBUTE_UNKNOWN_ATTRIBUTES,
  STUN_ATTRIBUTE_XOR_MAPPED_ADDRESS,
  0
};

/* libnice writes and reads the messages; its NiceAgent is not asked to send them, because that
 * believes whoever knows the transaction, and goes where ALTERNATE-SERVER tells it. Our socket
 * is connected: what others send does not arrive. */
typedef struct
{
  GSocket     *socket;    /* (owned) */
  StunAgent    agent;
  StunMessage  request;
  guint8       bytes[MAX_MESSAGE]; /* of @request */
  gsize        size;
  guint        pause;     /* ms */
  GSource     *readable;  /* (owned) */
  GSource     *again;     /* (owned) (nullable) */
  GSource     *deadline;  /* (owned) */
} Query;

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
query_free (Query *query)
{
  clear_source (&query->readable);
  clear_source (&query->again);
  clear_source (&query->deadline);
  g_clear_object (&query->socket);
  g_free (query);
}

/* The sources hold the task: they go first. */
static void
query_end (GTask *task)
{
  Query *query = g_task_get_task_data (task);

  clear_source (&query->readable);
  clear_source (&query->again);
  clear_source (&query->deadline);
}

/* @error: (transfer full) */
static void
query_fail (GTask  *task,
            GError *error)
{
  g_autoptr(GTask) held = g_object_ref (task);

  query_end (held);
  g_task_return_error (held, error);
}

/* What a server may say of us: not that we are nobody, or that it sees our own loopback. */
static gboolean
is_plausible (const FerryIpAddress *seen,
              const FerryIpAddress *own)
{
  FerryIpScope scope = ferry_ip_address_get_scope (seen);

  if (seen->len != own->len || scope == FERRY_IP_NOBODY || scope == FERRY_IP_LINK_LOCAL)
    return FALSE;

  return scope != FERRY_IP_LOOPBACK || ferry_ip_address_get_scope (own) == FERRY_IP_LOOPBACK;
}

static gboolean
is_ours (const FerryIpAddress *seen)
{
  g_autoptr(GPtrArray) all = ferry_interfaces_list (TRUE);

  for (guint i = 0; i < all->len; i++)
    {
      FerryInterfaceAddress *one = g_ptr_array_index (all, i);

      if (ferry_ip_address_equal (&one->address, seen))
        return TRUE;
    }

  return FALSE;
}

static gboolean
get_own (GSocket         *socket,
         FerryIpAddress  *own,
         guint16         *port,
         GError         **error)
{
  g_autoptr(GSocketAddress) address = g_socket_get_local_address (socket, error);
  GInetSocketAddress *inet;

  if (address == NULL)
    return FALSE;

  inet = G_INET_SOCKET_ADDRESS (address);
  *own = ferry_inet_address_get_ip (g_inet_socket_address_get_address (inet));
  *port = g_inet_socket_address_get_port (inet);
  return TRUE;
}

/* @place: what a good answer says of us */
static void
query_succeed (GTask              *task,
               GInetSocketAddress *place)
{
  g_autoptr(GTask) held = g_object_ref (task);
  Query *query = g_task_get_task_data (held);
  FerryReflexive reflexive = { 0 };
  GError *error = NULL;
  FerryIpAddress seen;
  FerryIpAddress own;
  guint16 own_port;

  if (!get_own (query->socket, &own, &own_port, &error))
    {
      query_fail (held, error);
      return;
    }

  seen = ferry_inet_address_get_ip (g_inet_socket_address_get_address (place));
  reflexive.seen = ferry_ip_address_unmap (&seen);

  if (!is_plausible (&reflexive.seen, &own))
    {
      query_fail (held, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                                             "The STUN server tells us nonsense"));
      return;
    }

  reflexive.is_ours = is_ours (&reflexive.seen);
  reflexive.keeps_ports = g_inet_socket_address_get_port (place) == own_port;
  query_end (held);
  g_task_return_pointer (held, g_memdup2 (&reflexive, sizeof reflexive), g_free);
}

/* What is not the answer to our request is as if it had never come. */
static void
query_receive (GTask        *task,
               const guint8 *data,
               gsize         size)
{
  Query *query = g_task_get_task_data (task);
  g_autoptr(GSocketAddress) place = NULL;
  struct sockaddr_storage address = { 0 };
  struct sockaddr_storage other = { 0 };
  socklen_t address_size = sizeof address;
  socklen_t other_size = sizeof other;
  StunUsageBindReturn result;
  StunMessage message;

  if (stun_agent_validate (&query->agent, &message, data, size, NULL, NULL) !=
      STUN_VALIDATION_SUCCESS)
    return;

  result = stun_usage_bind_process (&message, (struct sockaddr *) &address, &address_size,
                                    (struct sockaddr *) &other, &other_size);

  if (result == STUN_USAGE_BIND_RETURN_SUCCESS)
    place = g_socket_address_new_from_native (&address, address_size);

  if (G_IS_INET_SOCKET_ADDRESS (place))
    query_succeed (task, G_INET_SOCKET_ADDRESS (place));
  else if (result == STUN_USAGE_BIND_RETURN_ALTERNATE_SERVER)
    query_fail (task, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED,
                                           "The STUN server sends us to another one"));
  else if (result != STUN_USAGE_BIND_RETURN_INVALID)
    query_fail (task, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED,
                                           "The STUN server answers with an error"));
}

static gboolean
query_readable_cb (GSocket      *socket,
                   GIOCondition  condition,
                   gpointer      user_data)
{
  GTask *task = user_data;
  GError *error = NULL;
  guint8 data[MAX_MESSAGE + 1];
  gssize n_read;

  n_read = g_socket_receive (socket, (char *) data, sizeof data, g_task_get_cancellable (task),
                             &error);

  if (n_read >= 0)
    {
      if (n_read <= MAX_MESSAGE)
        query_receive (task, data, (gsize) n_read);
    }
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    {
      g_error_free (error);
    }
  else
    {
      g_prefix_error (&error, "No answer from the STUN server: ");
      query_fail (task, error);
    }

  return G_SOURCE_CONTINUE;
}

static gboolean query_send (GTask *task);

static gboolean
query_again_cb (gpointer user_data)
{
  query_send (user_data);
  return G_SOURCE_REMOVE;
}

/* Sends the request, and plans when to send it again. */
static gboolean
query_send (GTask *task)
{
  Query *query = g_task_get_task_data (task);
  GError *error = NULL;

  if (g_socket_send (query->socket, (const char *) query->bytes, query->size, NULL, &error) < 0 &&
      !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    {
      g_prefix_error (&error, "The STUN server cannot be asked: ");
      query_fail (task, error);
      return FALSE;
    }

  g_clear_error (&error);
  clear_source (&query->again);
  query->again = g_timeout_source_new (query->pause);
  query->pause *= 2;
  g_task_attach_source (task, query->again, query_again_cb);

  return TRUE;
}

static gboolean
query_deadline_cb (gpointer user_data)
{
  query_fail (user_data, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                                              "The STUN server does not answer"));
  return G_SOURCE_REMOVE;
}

static GSocket *
open_socket (GInetSocketAddress    *server,
             const FerryIpAddress  *own,
             GError               **error)
{
  g_autoptr(GSocketAddress) from = ferry_inet_address_new_socket (own, 0);
  g_autoptr(GSocket) socket = NULL;

  if (from == NULL ||
      g_socket_address_get_family (from) != g_socket_address_get_family (G_SOCKET_ADDRESS (server)))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                           "No way to this STUN server");
      return NULL;
    }

  socket = g_socket_new (g_socket_address_get_family (from), G_SOCKET_TYPE_DATAGRAM,
                         G_SOCKET_PROTOCOL_UDP, error);
  if (socket == NULL)
    return NULL;

  g_socket_set_blocking (socket, FALSE);
  if (!g_socket_bind (socket, from, FALSE, error) ||
      !g_socket_connect (socket, G_SOCKET_ADDRESS (server), NULL, error))
    return NULL;

  return g_steal_pointer (&socket);
}

static Query *
query_new (GSocket *socket)
{
  Query *query = g_new0 (Query, 1);

  query->socket = g_object_ref (socket);
  query->pause = FIRST_PAUSE;
  stun_agent_init (&query->agent, known_attributes, STUN_COMPATIBILITY_RFC5389, 0);
  query->size = stun_usage_bind_create (&query->agent, &query->request, query->bytes,
                                        sizeof query->bytes);

  return query;
}

void
ferry_stun_query_async (GInetSocketAddress   *server,
                        const FerryIpAddress *own,
                        guint                 timeout,
                        GCancellable         *cancellable,
                        GAsyncReadyCallback   callback,
                        gpointer              user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr(GSocket) socket = NULL;
  GError *error = NULL;
  Query *query;

  g_return_if_fail (G_IS_INET_SOCKET_ADDRESS (server) && own != NULL);

  g_task_set_source_tag (task, ferry_stun_query_async);
  socket = open_socket (server, own, &error);
  if (socket == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  query = query_new (socket);
  g_task_set_task_data (task, query, (GDestroyNotify) query_free);
  if (!query_send (task))
    return;

  query->deadline = g_timeout_source_new (timeout);
  g_task_attach_source (task, query->deadline, query_deadline_cb);
  query->readable = g_socket_create_source (socket, G_IO_IN, cancellable);
  g_task_attach_source (task, query->readable, G_SOURCE_FUNC (query_readable_cb));
}

gboolean
ferry_stun_query_finish (GAsyncResult    *result,
                         FerryReflexive  *reflexive,
                         GError         **error)
{
  g_autofree FerryReflexive *found = NULL;

  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  found = g_task_propagate_pointer (G_TASK (result), error);
  if (found == NULL)
    return FALSE;

  *reflexive = *found;
  return TRUE;
}
