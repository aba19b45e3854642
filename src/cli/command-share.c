/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "cli/cli.h"
#include "cli/command.h"

/* Requests come unasked, and show up in the queue once they are found to be in order. */
static void
share_items_changed_cb (GListModel *queue,
                        guint       position,
                        guint       n_removed,
                        guint       n_added,
                        gpointer    user_data)
{
  FerryCli *cli = user_data;

  for (guint i = position; i < position + n_added; i++)
    {
      g_autoptr(FerryTransfer) transfer = g_list_model_get_item (queue, i);

      if (ferry_transfer_is_request (transfer) && !cli->ending)
        ferry_cli_watch (cli, transfer);
    }
}

void
ferry_command_share_start (FerryCli *cli)
{
  FerryTransferQueue *queue = ferry_client_get_queue (cli->client);
  g_autoptr(GFile) folder = g_file_new_for_path (cli->options->arguments[0]);

  ferry_shares_add (ferry_transfer_queue_get_shares (queue), folder,
                    (const char *const *) cli->options->with);
  g_signal_connect (queue, "items-changed", G_CALLBACK (share_items_changed_cb), cli);
  ferry_output_say (&cli->output, "Sharing %s", cli->options->arguments[0]);
}
