/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib-unix.h>
#include <signal.h>

#include "cli/cli.h"
#include "cli/transfer-report.h"

#define LOGOUT_LIMIT 3  /* seconds: for goodbyes, to peers and to the server */
#define RETURN_LIMIT 30 /* seconds: as long as a peer waits for our word */

static void
cli_quit (FerryCli *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  g_main_loop_quit (self->loop);
}

static gboolean
cli_logout_limit_cb (gpointer user_data)
{
  FerryCli *self = user_data;

  self->timer = 0;
  g_main_loop_quit (self->loop);

  return G_SOURCE_REMOVE;
}

void
ferry_cli_set_timer (FerryCli    *self,
                     guint        seconds,
                     GSourceFunc  callback)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  self->timer = g_timeout_add_seconds (seconds, callback, self);
}

/* One of the two that an orderly end waits for. */
static void
cli_goodbye_said (FerryCli *self)
{
  if (--self->n_goodbyes == 0)
    cli_quit (self);
}

static void
cli_logout_closed_cb (FerryStanzaPort *port,
                      GError          *error,
                      gpointer         user_data)
{
  FerryCli *self = user_data;

  g_signal_handlers_disconnect_by_func (port, cli_logout_closed_cb, self);
  cli_goodbye_said (self);
}

/* What routers let in for us is given back. */
static void
cli_network_stopped_cb (GObject      *source,
                        GAsyncResult *result,
                        gpointer      user_data)
{
  FerryCli *self = user_data;

  ferry_network_stop_finish (FERRY_NETWORK (source), result);
  cli_goodbye_said (self);
}

/* The account is offline as soon as it is told to; what was said last is on its way
 * only when the port says so too. */
static void
cli_log_out (FerryCli *self)
{
  FerryStanzaPort *port = NULL;

  if (self->client != NULL)
    port = ferry_router_get_port (ferry_client_get_router (self->client));

  self->ending = TRUE;
  ferry_output_progress (&self->output, "");
  ferry_cli_set_timer (self, LOGOUT_LIMIT, cli_logout_limit_cb);

  if (port != NULL)
    {
      self->n_goodbyes++;
      self->port = g_object_ref (port);
      g_signal_connect (port, "closed", G_CALLBACK (cli_logout_closed_cb), self);
    }

  if (self->client == NULL)
    {
      cli_quit (self);
      return;
    }

  self->n_goodbyes++;
  ferry_account_disconnect (ferry_client_get_account (self->client));
  ferry_network_stop_async (ferry_client_get_network (self->client), cli_network_stopped_cb, self);
}

static gboolean
cli_return_limit_cb (gpointer user_data)
{
  FerryCli *self = user_data;

  self->timer = 0;
  cli_log_out (self);

  return G_SOURCE_REMOVE;
}

/* While the account is on its way back, somebody may still have to be told that his
 * file has arrived: the core does that as soon as we are online. */
static gboolean
must_come_back (FerryCli *self)
{
  FerryAccountState state;

  if (self->interrupted || !self->has_received)
    return FALSE;

  state = ferry_account_get_state (ferry_client_get_account (self->client));

  return state == FERRY_ACCOUNT_WAITING || state == FERRY_ACCOUNT_CONNECTING;
}

void
ferry_cli_finish (FerryCli  *self,
                  FerryExit  status)
{
  if (self->ending)
    return;

  self->status = self->interrupted ? FERRY_EXIT_INTERRUPTED : status;
  self->finished = must_come_back (self);
  if (self->finished)
    ferry_cli_set_timer (self, RETURN_LIMIT, cli_return_limit_cb);
  else
    cli_log_out (self);
}

static const char *
reason_to_string (const GError *error)
{
  static const char *const names[] = {
    [FERRY_CONNECTION_ERROR_NOT_FOUND] = "not-found",
    [FERRY_CONNECTION_ERROR_UNREACHABLE] = "unreachable",
    [FERRY_CONNECTION_ERROR_TLS] = "tls",
    [FERRY_CONNECTION_ERROR_CERTIFICATE] = "certificate",
    [FERRY_CONNECTION_ERROR_AUTH] = "auth",
    [FERRY_CONNECTION_ERROR_CONFLICT] = "conflict",
    [FERRY_CONNECTION_ERROR_REFUSED] = "refused",
    [FERRY_CONNECTION_ERROR_LOST] = "lost",
  };

  if (error->domain != FERRY_CONNECTION_ERROR
      || error->code < 0 || error->code >= (int) G_N_ELEMENTS (names))
    return "other";

  return names[error->code];
}

void
ferry_cli_report_error (FerryCli     *self,
                        const char   *step,
                        const GError *error)
{
  FerryJsonLine *line = ferry_json_line_new ("error");

  ferry_json_line_add_string (line, "step", step);
  ferry_json_line_add_string (line, "reason", reason_to_string (error));
  ferry_json_line_add_string (line, "detail", error->message);
  ferry_output_event (&self->output, line);
  ferry_output_say (&self->output, "%s: %s", step, error->message);
}

/* The core has heard of it before us and said what was left to say. */
static void
cli_account_online_cb (FerryAccount *account,
                       gpointer      user_data)
{
  FerryCli *self = user_data;
  FerryRouter *router = ferry_client_get_router (self->client);
  FerryJsonLine *line = ferry_json_line_new ("connected");

  ferry_json_line_add_string (line, "jid", ferry_router_get_jid (router));
  ferry_output_event (&self->output, line);
  ferry_output_say (&self->output, "Connected as %s", ferry_router_get_jid (router));

  if (self->finished)
    cli_log_out (self);
  else if (!self->started)
    {
      self->started = TRUE;
      self->options->command->start (self);
    }
}

/* From now on the account is nothing to us. */
static void
cli_start_offline (FerryCli *self)
{
  self->started = TRUE;
  self->failed_login = self->client != NULL;
  self->options->command->start_offline (self);
}

/* Before the first login every trouble is final: whoever started us wants to know.
 * Later the account goes on by itself unless it says that there is no point. */
static void
cli_offline (FerryCli *self,
             gboolean  for_good)
{
  const GError *error = ferry_account_get_error (ferry_client_get_account (self->client));

  if (error != NULL)
    ferry_cli_report_error (self, self->started ? "connection" : "connect", error);
  if (for_good && self->finished)
    cli_log_out (self);
  else if (!self->started && self->options->command->start_offline != NULL)
    cli_start_offline (self);
  else if (for_good || !self->started)
    ferry_cli_finish (self, FERRY_EXIT_CONNECTION);
}

static void
cli_account_state_cb (FerryAccount *account,
                      GParamSpec   *pspec,
                      gpointer      user_data)
{
  FerryCli *self = user_data;
  FerryAccountState state = ferry_account_get_state (account);

  if (self->ending || self->failed_login)
    return;

  if (state == FERRY_ACCOUNT_WAITING || state == FERRY_ACCOUNT_OFFLINE)
    cli_offline (self, state == FERRY_ACCOUNT_OFFLINE);
}

static gboolean
cli_interrupt_limit_cb (gpointer user_data)
{
  FerryCli *self = user_data;

  self->timer = 0;
  ferry_cli_finish (self, FERRY_EXIT_INTERRUPTED);

  return G_SOURCE_REMOVE;
}

/* The first signal cancels, so that peers hear of it; the second leaves at once. */
static gboolean
cli_signal_cb (gpointer user_data)
{
  FerryCli *self = user_data;
  g_autoptr(GPtrArray) running = NULL;
  guint i;

  if (self->interrupted)
    {
      self->status = FERRY_EXIT_INTERRUPTED;
      cli_quit (self);
      return G_SOURCE_CONTINUE;
    }

  self->interrupted = TRUE;
  if (self->ending)
    return G_SOURCE_CONTINUE;

  ferry_cli_set_timer (self, LOGOUT_LIMIT, cli_interrupt_limit_cb);
  running = ferry_cli_list_running (self);
  for (i = 0; i < running->len; i++)
    ferry_transfer_cancel (g_ptr_array_index (running, i));
  if (self->examination != NULL)
    g_cancellable_cancel (self->examination); /* it ends in order, and then we */
  else if (self->reports->len == 0)
    ferry_cli_finish (self, FERRY_EXIT_INTERRUPTED);

  return G_SOURCE_CONTINUE;
}

static void
cli_queue_offered_cb (FerryTransferQueue *queue,
                      FerryTransfer      *transfer,
                      gpointer            user_data)
{
  FerryCli *self = user_data;

  if (self->options->command->offered != NULL && !self->ending && !self->interrupted)
    self->options->command->offered (self, transfer);
  else
    ferry_transfer_decline (transfer);
}

/* Who receives for months must not remember every file, nor every offer declined. */
static void
cli_queue_ended_cb (FerryTransferQueue *queue,
                    FerryTransfer      *transfer,
                    gpointer            user_data)
{
  FerryCli *self = user_data;

  if (!self->ending)
    ferry_cli_tell_refused (self, transfer);
  ferry_transfer_queue_clear (queue, NULL);
}

static void
cli_chats_offered_cb (FerryChats *chats,
                      FerryChat  *chat,
                      gpointer    user_data)
{
  FerryCli *self = user_data;

  if (self->options->command->asked != NULL && !self->ending && !self->interrupted)
    self->options->command->asked (self, chat);
  else
    ferry_chat_decline (chat);
}

/* What is known of others is lost, or our own key: whoever goes on should know. */
static void
tell_doubts (FerryCli *self)
{
  const GError *error = ferry_trust_get_error (ferry_client_get_trust (self->client));

  if (error != NULL)
    ferry_output_say (&self->output, "Encryption: %s", error->message);
}

static void
cli_init_client (FerryCli *self)
{
  self->client = ferry_client_new (self->options->settings);

  g_signal_connect (ferry_client_get_account (self->client), "notify::state",
                    G_CALLBACK (cli_account_state_cb), self);
  g_signal_connect (ferry_client_get_account (self->client), "online",
                    G_CALLBACK (cli_account_online_cb), self);
  g_signal_connect (ferry_client_get_queue (self->client), "offered",
                    G_CALLBACK (cli_queue_offered_cb), self);
  g_signal_connect (ferry_client_get_queue (self->client), "ended",
                    G_CALLBACK (cli_queue_ended_cb), self);
  g_signal_connect (ferry_client_get_chats (self->client), "offered",
                    G_CALLBACK (cli_chats_offered_cb), self);
  tell_doubts (self);
}

static void
cli_init (FerryCli           *self,
          const FerryOptions *options)
{
  self->options = options;
  ferry_output_init (&self->output, options->json);
  self->loop = g_main_loop_new (NULL, FALSE);
  self->reports = g_ptr_array_new_with_free_func ((GDestroyNotify) ferry_transfer_report_free);
  if (options->settings->jid != NULL)
    cli_init_client (self);
}

static void
cli_clear_client (FerryCli *self)
{
  ferry_command_chat_stop (self);
  g_signal_handlers_disconnect_by_data (ferry_client_get_account (self->client), self);
  g_signal_handlers_disconnect_by_data (ferry_client_get_chats (self->client), self);
  g_signal_handlers_disconnect_by_data (ferry_client_get_queue (self->client), self);
  g_signal_handlers_disconnect_by_data (ferry_client_get_roster (self->client), self);
}

static void
cli_clear (FerryCli *self)
{
  guint i;

  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->client != NULL)
    cli_clear_client (self);
  if (self->port != NULL)
    g_signal_handlers_disconnect_by_data (self->port, self);
  g_clear_object (&self->port);
  for (i = 0; i < self->reports->len; i++)
    {
      FerryTransferReport *report = g_ptr_array_index (self->reports, i);

      g_signal_handlers_disconnect_by_data (report->transfer, self);
    }
  g_clear_pointer (&self->reports, g_ptr_array_unref);
  g_clear_object (&self->examination);
  g_clear_object (&self->client);
  g_clear_pointer (&self->loop, g_main_loop_unref);
}

FerryExit
ferry_cli_run (const FerryOptions *options)
{
  FerryCli self = { 0 };
  guint interrupt, terminate;

  cli_init (&self, options);
  interrupt = g_unix_signal_add (SIGINT, cli_signal_cb, &self);
  terminate = g_unix_signal_add (SIGTERM, cli_signal_cb, &self);

  if (self.client != NULL)
    ferry_account_connect (ferry_client_get_account (self.client));
  else
    cli_start_offline (&self);
  g_main_loop_run (self.loop);

  g_source_remove (interrupt);
  g_source_remove (terminate);
  cli_clear (&self);

  return self.status;
}
