/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-link"

#include "config.h"

#include "net/deadline.h"
#include "net/link-attempt.h"
#include "net/link.h"
#include "net/server-lookup.h"
#include "proto/jid.h"

#define OPEN_TIMEOUT 30 /* seconds, for all attempts together */
#define DEFAULT_PORT 5222

typedef struct
{
  char             *domain;
  FerryLinkAttempt  attempt;
  GPtrArray        *targets;     /* (element-type FerryServerTarget) */
  guint             next;        /* in @targets */
  FerryDeadline    *deadline;    /* (owned) (nullable): of all attempts */
  GError           *error;       /* (owned) (nullable): the most telling so far */
} Open;

static void open_try_next (GTask *task);

void
ferry_link_free (FerryLink *self)
{
  g_clear_object (&self->stream);
  g_clear_object (&self->socket);
  g_free (self);
}

static void
open_free (Open *open)
{
  g_free (open->domain);
  g_clear_object (&open->attempt.trusted);
  g_clear_pointer (&open->targets, g_ptr_array_unref);
  g_clear_pointer (&open->deadline, ferry_deadline_free);
  g_clear_error (&open->error);
  g_free (open);
}

/* FERRY_CONNECTION_ERROR is declared in the order of how far one came. */
static void
open_keep_error (Open   *open,
                 GError *error)
{
  if (open->error == NULL || error->code > open->error->code)
    {
      g_clear_error (&open->error);
      open->error = error;
    }
  else
    {
      g_error_free (error);
    }
}

static void
open_end (GTask     *task,
          FerryLink *link)
{
  Open *open = g_task_get_task_data (task);

  if (link != NULL)
    g_task_return_pointer (task, link, (GDestroyNotify) ferry_link_free);
  else if (!g_task_return_error_if_cancelled (task))
    g_task_return_error (task, g_steal_pointer (&open->error));
}

static void
open_attempt_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  Open *open = g_task_get_task_data (task);
  GError *error = NULL;
  FerryLink *link = ferry_link_attempt_finish (result, &error);

  if (link != NULL)
    {
      open_end (task, link);
      return;
    }

  g_debug ("%s: %s", open->domain, error->message);

  if (g_cancellable_is_cancelled (ferry_deadline_get_cancellable (open->deadline)))
    {
      g_error_free (error);
      open_keep_error (open, g_error_new (FERRY_CONNECTION_ERROR,
                                          FERRY_CONNECTION_ERROR_UNREACHABLE,
                                          "No answer within %d seconds", OPEN_TIMEOUT));
      open_end (task, NULL);
      return;
    }

  open_keep_error (open, error);
  open_try_next (g_steal_pointer (&task));
}

/* Consumes @task. Who would not trust one server's certificate is not asked
 * about the next one's. */
static void
open_try_next (GTask *task)
{
  Open *open = g_task_get_task_data (task);

  if (open->next < open->targets->len &&
      !g_error_matches (open->error, FERRY_CONNECTION_ERROR, FERRY_CONNECTION_ERROR_CERTIFICATE))
    {
      ferry_link_attempt_async (&open->attempt, g_ptr_array_index (open->targets, open->next++),
                                ferry_deadline_get_cancellable (open->deadline),
                                open_attempt_cb, task);
      return;
    }

  open_end (task, NULL);
  g_object_unref (task);
}

static void
open_looked_up_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  Open *open = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  open->targets = ferry_server_lookup_finish (result, &error);

  if (open->targets != NULL)
    {
      open_try_next (g_steal_pointer (&task));
      return;
    }

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    open->error = g_error_new_literal (FERRY_CONNECTION_ERROR, FERRY_CONNECTION_ERROR_UNREACHABLE,
                                       "The name server does not answer");
  else
    open->error = g_steal_pointer (&error);

  open_end (task, NULL);
}

/* HOST:PORT, [IPv6]:PORT or HOST. Returns %NULL when it is neither. */
static GPtrArray *
parse_server (const char    *server,
              FerryTlsMode   tls,
              GError       **error)
{
  g_autoptr(GSocketConnectable) address = g_network_address_parse (server, DEFAULT_PORT, error);
  GPtrArray *targets;

  if (address == NULL)
    return NULL;

  targets = g_ptr_array_new_with_free_func ((GDestroyNotify) ferry_server_target_free);
  g_ptr_array_add (targets,
                   ferry_server_target_new (
                     g_network_address_get_hostname (G_NETWORK_ADDRESS (address)),
                     g_network_address_get_port (G_NETWORK_ADDRESS (address)),
                     tls == FERRY_TLS_AUTO ? FERRY_TLS_STARTTLS : tls));
  return targets;
}

static gboolean
open_prepare (Open                           *open,
              const FerryConnectionSettings  *settings,
              GError                        **error)
{
  open->domain = ferry_jid_dup_domain (settings->jid);

  if (open->domain == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "“%s” is no address",
                   settings->jid);
      return FALSE;
    }

  open->attempt.domain = open->domain;

  if (settings->ca_file != NULL)
    {
      open->attempt.trusted = g_tls_file_database_new (settings->ca_file, error);

      if (open->attempt.trusted == NULL)
        return FALSE;
    }

  if (settings->server != NULL)
    open->targets = parse_server (settings->server, settings->tls, error);

  return settings->server == NULL || open->targets != NULL;
}

void
ferry_link_open_async (const FerryConnectionSettings  *settings,
                       FerryLinkCertificateFunc        ask,
                       gpointer                        ask_data,
                       GCancellable                   *cancellable,
                       GAsyncReadyCallback             callback,
                       gpointer                        user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr(GError) error = NULL;
  Open *open = g_new0 (Open, 1);

  open->attempt.ask = ask;
  open->attempt.ask_data = ask_data;
  g_task_set_source_tag (task, ferry_link_open_async);
  g_task_set_task_data (task, open, (GDestroyNotify) open_free);

  if (!open_prepare (open, settings, &error))
    {
      g_task_return_new_error (task, FERRY_CONNECTION_ERROR,
                               error->domain == G_TLS_ERROR ? FERRY_CONNECTION_ERROR_TLS
                                                            : FERRY_CONNECTION_ERROR_NOT_FOUND,
                               "%s", error->message);
      return;
    }

  open->deadline = ferry_deadline_new (OPEN_TIMEOUT, cancellable);

  if (open->targets != NULL)
    open_try_next (g_steal_pointer (&task));
  else
    ferry_server_lookup_async (open->domain, settings->tls,
                               ferry_deadline_get_cancellable (open->deadline),
                               open_looked_up_cb, g_steal_pointer (&task));
}

FerryLink *
ferry_link_open_finish (GAsyncResult  *result,
                        GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
