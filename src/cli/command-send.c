/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "cli/cli.h"
#include "cli/command.h"

/* The roster and everybody's presence arrive within this time after a login, or the
 * recipient is not there. */
#define PRESENCE_LIMIT 5 /* seconds */

/* Whatever still waits for somebody who has not shown up will not be sent. What
 * waits for a free slot behind running transfers may wait on. */
static gboolean
send_presence_limit_cb (gpointer user_data)
{
  FerryCli *cli = user_data;
  g_autoptr(GPtrArray) running = ferry_cli_list_running (cli);
  guint i;

  cli->timer = 0;
  for (i = 0; i < running->len; i++)
    {
      FerryTransfer *transfer = g_ptr_array_index (running, i);
      FerryContact *contact = ferry_transfer_get_contact (transfer);

      if (ferry_transfer_get_state (transfer) == FERRY_TRANSFER_WAITING
          && ferry_contact_get_presence (contact) == FERRY_PRESENCE_OFFLINE)
        ferry_cli_give_up (cli, transfer, "offline");
    }

  return G_SOURCE_REMOVE;
}

void
ferry_command_send_start (FerryCli *cli)
{
  char **arguments = cli->options->arguments;
  FerryTransferQueue *queue = ferry_client_get_queue (cli->client);
  guint i;

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
