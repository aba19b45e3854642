/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "cli/cli.h"
#include "cli/command.h"

void
ferry_command_send_start (FerryCli *cli)
{
  char **arguments = cli->options->arguments;
  FerryTransferQueue *queue = ferry_client_get_queue (cli->client);
  guint i;

  ferry_cli_limit_absence (cli);
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
