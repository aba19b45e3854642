/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "cli/cli.h"
#include "cli/command.h"

void
ferry_command_request_start (FerryCli *cli)
{
  char **arguments = cli->options->arguments;
  FerryTransferQueue *queue = ferry_client_get_queue (cli->client);
  g_autoptr(GFile) folder = g_file_new_for_path (cli->options->settings->download_dir);

  ferry_cli_limit_absence (cli);
  ferry_cli_watch (cli, ferry_transfer_queue_request (queue, arguments[0], arguments[1], folder));
}

void
ferry_command_request_ended (FerryCli      *cli,
                             FerryTransfer *transfer)
{
  ferry_cli_finish (cli, cli->verdict);
}
