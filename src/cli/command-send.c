/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "cli/cli.h"
#include "cli/command.h"

/* The roster and everybody's presence arrive within this time after a login, or the
 * recipient is not there. */
#define PRESENCE_LIMIT 5 /* seconds */

/* Whether @transfer waits for somebody who is not there. What waits for a free slot
 * behind running transfers may wait on. */
static gboolean
is_in_vain (FerryTransfer *transfer)
{
  FerryContact *contact = ferry_transfer_get_contact (transfer);

  return ferry_transfer_get_state (transfer) == FERRY_TRANSFER_WAITING
         && ferry_contact_get_presence (contact) == FERRY_PRESENCE_OFFLINE;
}

/* Whatever still waits for somebody who has not shown up will not be sent. Nor when
 * they leave later, unless they are soon back; while we are not connected ourselves,
 * we cannot know. */
static gboolean
send_presence_limit_cb (gpointer user_data)
{
  FerryCli *cli = user_data;
  FerryAccount *account = ferry_client_get_account (cli->client);
  gboolean is_online = ferry_account_get_state (account) == FERRY_ACCOUNT_ONLINE;
  g_autoptr(GPtrArray) running = ferry_cli_list_running (cli);
  guint n_in_vain = 0;
  guint i;

  for (i = 0; is_online && i < running->len; i++)
    n_in_vain += is_in_vain (g_ptr_array_index (running, i));

  cli->n_absences = n_in_vain > 0 ? cli->n_absences + 1 : 0;
  for (i = 0; cli->n_absences > 1 && i < running->len; i++)
    {
      if (is_in_vain (g_ptr_array_index (running, i)))
        ferry_cli_give_up (cli, g_ptr_array_index (running, i), "offline");
    }

  return G_SOURCE_CONTINUE;
}

void
ferry_command_send_start (FerryCli *cli)
{
  char **arguments = cli->options->arguments;
  FerryTransferQueue *queue = ferry_client_get_queue (cli->client);
  guint i;

  cli->n_absences = 1; /* before the login */
  ferry_cli_set_timer (cli, PRESENCE_LIMIT, send_presence_limit_cb);
  for (i = 1; arguments[i] != NULL; i++)
    {
      g_autoptr(GFile) file = g_file_new_for_path (arguments[i]);

      ferry_cli_watch (cli, ferry_transfer_queue_send (queue, arguments[0], file));
    }
}

void
ferry_command_send_ended (FerryCli      *cli,
                          FerryTransfer *transfer)
{
  if (cli->n_ended == g_strv_length (cli->options->arguments) - 1)
    ferry_cli_finish (cli, cli->verdict);
}
