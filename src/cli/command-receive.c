/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "cli/cli.h"
#include "cli/command.h"
#include "proto/jid.h"

static gboolean
is_admitted (FerryCli      *cli,
             FerryTransfer *transfer)
{
  const char *from = cli->options->from;
  const char *peer = ferry_transfer_get_peer (transfer);

  if (from == NULL)
    return ferry_contact_is_trusted (ferry_transfer_get_contact (transfer));

  return ferry_jid_is_full (from) ? ferry_jid_equal (from, peer)
                                  : ferry_jid_equal_bare (from, peer);
}

void
ferry_command_receive_start (FerryCli *cli)
{
  ferry_output_say (&cli->output, "Receiving into %s", cli->options->settings->download_dir);
}

void
ferry_command_receive_offered (FerryCli      *cli,
                               FerryTransfer *transfer)
{
  guint count = cli->options->count;

  if (!is_admitted (cli, transfer) || (count != 0 && cli->n_ended + cli->reports->len == count))
    {
      ferry_output_say (&cli->output, "%s: not wanted from %s", ferry_transfer_get_name (transfer),
                        ferry_transfer_get_peer (transfer));
      ferry_transfer_decline (transfer);
      return;
    }

  ferry_cli_watch (cli, transfer);
  ferry_transfer_accept (transfer, NULL, NULL);
}

void
ferry_command_receive_ended (FerryCli      *cli,
                             FerryTransfer *transfer)
{
  if (cli->options->count != 0 && cli->n_ended == cli->options->count)
    ferry_cli_finish (cli, cli->verdict);
}
