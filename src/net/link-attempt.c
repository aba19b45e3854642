/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-link-attempt"

#include "config.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include "net/deadline.h"
#include "net/link-attempt.h"
#include "proto/proto-error.h"
#include "proto/starttls.h"

#define ATTEMPT_TIMEOUT 10 /* seconds */

typedef struct
{
  const FerryLinkAttempt *shared;
  FerryTlsMode            tls;
  GSocketConnection      *connection; /* (owned) */
  FerryStarttls          *starttls;   /* (owned) (nullable) */
  GBytes                 *sending;    /* (owned) (nullable) */
  GIOStream              *tls_stream; /* (owned) (nullable) */
  gboolean                is_distrusted;
  FerryDeadline          *deadline;
  guint8                  buffer[4096];
} Attempt;

static void
attempt_free (Attempt *attempt)
{
  g_clear_object (&attempt->connection);
  g_clear_pointer (&attempt->starttls, ferry_starttls_free);
  g_clear_pointer (&attempt->sending, g_bytes_unref);
  g_clear_object (&attempt->tls_stream);
  g_clear_pointer (&attempt->deadline, ferry_deadline_free);
  g_free (attempt);
}

static FerryConnectionError
error_code (const Attempt *attempt,
            const GError  *error)
{
  if (attempt->is_distrusted)
    return FERRY_CONNECTION_ERROR_CERTIFICATE;

  if (error->domain == FERRY_CONNECTION_ERROR)
    return error->code;

  if (attempt->starttls != NULL || attempt->tls_stream != NULL)
    return FERRY_CONNECTION_ERROR_TLS;

  if (g_error_matches (error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND))
    return FERRY_CONNECTION_ERROR_NOT_FOUND;

  return FERRY_CONNECTION_ERROR_UNREACHABLE;
}

/* Either @link or @error. */
static void
attempt_end (GTask     *task,
             FerryLink *link,
             GError    *error)
{
  Attempt *attempt = g_task_get_task_data (task);

  if (link != NULL)
    {
      g_task_return_pointer (task, link, (GDestroyNotify) ferry_link_free);
      return;
    }

  if (!g_task_return_error_if_cancelled (task))
    g_task_return_new_error (task, FERRY_CONNECTION_ERROR, error_code (attempt, error), "%s",
                             ferry_deadline_has_passed (attempt->deadline) ? "No answer in time"
                                                                         : error->message);

  g_error_free (error);
}

static void
attempt_succeed (GTask     *task,
                 GIOStream *stream,
                 gboolean   is_secure)
{
  Attempt *attempt = g_task_get_task_data (task);
  FerryLink *link = g_new0 (FerryLink, 1);

  link->stream = g_object_ref (stream);
  link->socket = g_object_ref (g_socket_connection_get_socket (attempt->connection));
  link->is_secure = is_secure;
  attempt_end (task, link, NULL);
}

/* Without TLS everybody on the way reads the contact list, and could have the
 * password: only where there is no way. */
static gboolean
is_loopback (GSocketConnection *connection)
{
  g_autoptr(GSocketAddress) address = g_socket_connection_get_remote_address (connection, NULL);

  return G_IS_INET_SOCKET_ADDRESS (address) &&
         g_inet_address_get_is_loopback (
           g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));
}

static gboolean
attempt_accept_certificate_cb (GTlsConnection       *tls,
                               GTlsCertificate      *certificate,
                               GTlsCertificateFlags  problems,
                               gpointer              user_data)
{
  Attempt *attempt = user_data;
  const FerryLinkAttempt *shared = attempt->shared;
  GSocketConnectable *identity =
    g_tls_client_connection_get_server_identity (G_TLS_CLIENT_CONNECTION (tls));

  if (shared->trusted != NULL)
    {
      g_autoptr(GTlsDatabase) system =
        g_tls_backend_get_default_database (g_tls_backend_get_default ());

      problems = g_tls_database_verify_chain (system, certificate,
                                              G_TLS_DATABASE_PURPOSE_AUTHENTICATE_SERVER,
                                              identity, NULL, G_TLS_DATABASE_VERIFY_NONE,
                                              NULL, NULL);
      if (problems == 0)
        return TRUE;
    }

  attempt->is_distrusted = shared->ask == NULL ||
                           !shared->ask (certificate, problems, shared->ask_data);
  return !attempt->is_distrusted;
}

static void
attempt_handshaken_cb (GObject      *source,
                       GAsyncResult *result,
                       gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  GError *error = NULL;

  g_signal_handlers_disconnect_by_func (source, attempt_accept_certificate_cb,
                                        g_task_get_task_data (task));

  if (g_tls_connection_handshake_finish (G_TLS_CONNECTION (source), result, &error))
    attempt_succeed (task, G_IO_STREAM (source), TRUE);
  else
    attempt_end (task, NULL, error);
}

/* What g_tls_client_connection_new() does, with the database from the start: the
 * system's certificates take 10 MB once somebody asks for them. */
static GIOStream *
new_tls_stream (Attempt             *attempt,
                GSocketConnectable  *identity,
                GError             **error)
{
  GTlsBackend *backend = g_tls_backend_get_default ();

  if (attempt->shared->trusted == NULL)
    return g_tls_client_connection_new (G_IO_STREAM (attempt->connection), identity, error);

  return g_initable_new (g_tls_backend_get_client_connection_type (backend), NULL, error,
                         "base-io-stream", attempt->connection, "server-identity", identity,
                         "database", attempt->shared->trusted, NULL);
}

/* Consumes @task. */
static void
attempt_shake_hands (GTask *task)
{
  static const char *const alpn[] = { "xmpp-client", NULL };
  Attempt *attempt = g_task_get_task_data (task);
  g_autoptr(GSocketConnectable) identity = g_network_address_new (attempt->shared->domain, 5222);
  GError *error = NULL;

  attempt->tls_stream = new_tls_stream (attempt, identity, &error);

  if (attempt->tls_stream == NULL)
    {
      attempt_end (task, NULL, error);
      g_object_unref (task);
      return;
    }

  g_tls_connection_set_require_close_notify (G_TLS_CONNECTION (attempt->tls_stream), FALSE);

  if (attempt->tls == FERRY_TLS_DIRECT)
    g_tls_connection_set_advertised_protocols (G_TLS_CONNECTION (attempt->tls_stream), alpn);

  g_signal_connect (attempt->tls_stream, "accept-certificate",
                    G_CALLBACK (attempt_accept_certificate_cb), attempt);
  g_tls_connection_handshake_async (G_TLS_CONNECTION (attempt->tls_stream),
                                    g_task_get_priority (task),
                                    ferry_deadline_get_cancellable (attempt->deadline),
                                    attempt_handshaken_cb, task);
}

static void attempt_advance (GTask *task);

static void
attempt_read_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  Attempt *attempt = g_task_get_task_data (task);
  GError *error = NULL;
  gssize n = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &error);

  if (n == 0)
    error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED,
                                 "The server hung up instead of starting TLS");

  if (n <= 0 || !ferry_starttls_receive (attempt->starttls, attempt->buffer, n,
                                         &attempt->sending, &error))
    attempt_end (task, NULL, error);
  else
    attempt_advance (g_steal_pointer (&task));
}

static void
attempt_written_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  Attempt *attempt = g_task_get_task_data (task);
  GError *error = NULL;

  g_clear_pointer (&attempt->sending, g_bytes_unref);

  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, &error))
    attempt_end (task, NULL, error);
  else
    attempt_advance (g_steal_pointer (&task));
}

/* Does whatever STARTTLS wants next. Consumes @task. */
static void
attempt_advance (GTask *task)
{
  Attempt *attempt = g_task_get_task_data (task);
  GCancellable *cancellable = ferry_deadline_get_cancellable (attempt->deadline);
  GIOStream *stream = G_IO_STREAM (attempt->connection);

  if (attempt->sending != NULL)
    g_output_stream_write_all_async (g_io_stream_get_output_stream (stream),
                                     g_bytes_get_data (attempt->sending, NULL),
                                     g_bytes_get_size (attempt->sending),
                                     g_task_get_priority (task), cancellable,
                                     attempt_written_cb, task);
  else if (ferry_starttls_is_ready (attempt->starttls))
    attempt_shake_hands (task);
  else
    g_input_stream_read_async (g_io_stream_get_input_stream (stream), attempt->buffer,
                               sizeof attempt->buffer, g_task_get_priority (task),
                               cancellable, attempt_read_cb, task);
}

static void
attempt_connected_cb (GObject      *source,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  Attempt *attempt = g_task_get_task_data (task);
  GError *error = NULL;

  attempt->connection = g_socket_client_connect_finish (G_SOCKET_CLIENT (source), result, &error);

  if (attempt->connection == NULL)
    {
      attempt_end (task, NULL, error);
      return;
    }

  g_socket_set_option (g_socket_connection_get_socket (attempt->connection),
                       IPPROTO_TCP, TCP_NODELAY, TRUE, NULL);

  if (attempt->tls == FERRY_TLS_DIRECT)
    {
      attempt_shake_hands (g_steal_pointer (&task));
    }
  else if (attempt->tls == FERRY_TLS_STARTTLS)
    {
      attempt->starttls = ferry_starttls_new (attempt->shared->domain);
      attempt->sending = ferry_starttls_start (attempt->starttls);
      attempt_advance (g_steal_pointer (&task));
    }
  else if (is_loopback (attempt->connection))
    {
      attempt_succeed (task, G_IO_STREAM (attempt->connection), FALSE);
    }
  else
    {
      attempt_end (task, NULL, g_error_new_literal (FERRY_CONNECTION_ERROR,
                                                    FERRY_CONNECTION_ERROR_TLS,
                                                    "Only a server on this machine may do "
                                                    "without TLS"));
    }
}

void
ferry_link_attempt_async (const FerryLinkAttempt  *shared,
                          const FerryServerTarget *target,
                          GCancellable            *cancellable,
                          GAsyncReadyCallback      callback,
                          gpointer                 user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GSocketConnectable) address = g_network_address_new (target->host, target->port);
  Attempt *attempt = g_new0 (Attempt, 1);

  attempt->shared = shared;
  attempt->tls = target->tls;
  attempt->deadline = ferry_deadline_new (ATTEMPT_TIMEOUT, cancellable);
  g_task_set_source_tag (task, ferry_link_attempt_async);
  g_task_set_task_data (task, attempt, (GDestroyNotify) attempt_free);

  /* A proxy on this machine is not a server on this machine. */
  g_socket_client_set_enable_proxy (client, target->tls != FERRY_TLS_NONE);
  g_socket_client_connect_async (client, address,
                                 ferry_deadline_get_cancellable (attempt->deadline),
                                 attempt_connected_cb, g_steal_pointer (&task));
}

FerryLink *
ferry_link_attempt_finish (GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
