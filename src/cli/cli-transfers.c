/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "cli/cli.h"
#include "cli/transfer-report.h"

static FerryTransferReport *
find_report (FerryCli      *self,
             FerryTransfer *transfer)
{
  guint i;

  for (i = 0; i < self->reports->len; i++)
    {
      FerryTransferReport *report = g_ptr_array_index (self->reports, i);

      if (report->transfer == transfer)
        return report;
    }

  return NULL;
}

static void
cli_transfer_ended (FerryCli            *self,
                    FerryTransferReport *report)
{
  g_autoptr(FerryTransfer) transfer = g_object_ref (report->transfer);
  FerryExit status = ferry_transfer_report_get_exit (report);

  self->verdict = self->n_ended == 0 || self->verdict == status ? status : FERRY_EXIT_FAILED;
  self->n_ended++;
  if (status == FERRY_EXIT_DONE)
    self->has_received |= ferry_transfer_get_direction (transfer) == FERRY_DIRECTION_RECEIVE;

  g_signal_handlers_disconnect_by_data (transfer, self);
  g_ptr_array_remove (self->reports, report);

  if (self->interrupted && self->reports->len == 0)
    ferry_cli_finish (self, FERRY_EXIT_INTERRUPTED);
  else if (!self->interrupted && self->options->command->ended != NULL)
    self->options->command->ended (self, transfer);
}

static void
cli_transfer_notify_cb (FerryTransfer *transfer,
                        GParamSpec    *pspec,
                        gpointer       user_data)
{
  FerryCli *self = user_data;
  FerryTransferReport *report = find_report (self, transfer);

  if (self->ending || report == NULL)
    return;

  if (g_str_equal (pspec->name, "bytes"))
    ferry_transfer_report_progress (report);
  else if (ferry_transfer_report_update (report))
    cli_transfer_ended (self, report);
}

void
ferry_cli_watch (FerryCli      *self,
                 FerryTransfer *transfer)
{
  FerryTransferReport *report = ferry_transfer_report_new (transfer, &self->output);

  g_ptr_array_add (self->reports, report);
  g_signal_connect (transfer, "notify::bytes", G_CALLBACK (cli_transfer_notify_cb), self);
  g_signal_connect (transfer, "notify::path", G_CALLBACK (cli_transfer_notify_cb), self);
  g_signal_connect (transfer, "notify::state", G_CALLBACK (cli_transfer_notify_cb), self);
  if (ferry_transfer_report_update (report))
    cli_transfer_ended (self, report);
}

void
ferry_cli_tell_refused (FerryCli      *self,
                        FerryTransfer *transfer)
{
  FerryTransferReport *report;

  if (find_report (self, transfer) != NULL
      || ferry_transfer_get_state (transfer) != FERRY_TRANSFER_FAILED)
    return;

  report = ferry_transfer_report_new (transfer, &self->output);
  ferry_transfer_report_update (report);
  ferry_transfer_report_free (report);
}

void
ferry_cli_give_up (FerryCli      *self,
                   FerryTransfer *transfer,
                   const char    *reason)
{
  FerryTransferReport *report = find_report (self, transfer);

  if (report == NULL)
    return;

  report->given_up = reason;
  ferry_transfer_cancel (transfer);
}

/* Returns: (transfer full) (element-type FerryTransfer): those that have not ended; a
 * copy, for what one does with them may end them */
GPtrArray *
ferry_cli_list_running (FerryCli *self)
{
  GPtrArray *running = g_ptr_array_new_with_free_func (g_object_unref);
  guint i;

  for (i = 0; i < self->reports->len; i++)
    {
      FerryTransferReport *report = g_ptr_array_index (self->reports, i);

      g_ptr_array_add (running, g_object_ref (report->transfer));
    }

  return running;
}
