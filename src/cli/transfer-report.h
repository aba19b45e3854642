/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cli/cli.h"

G_BEGIN_DECLS

/**
 * FerryTransferReport:
 *
 * Tells what happens to one transfer, from the moment it is watched to its end.
 */
typedef struct
{
  FerryTransfer      *transfer;      /* (owned) */
  FerryOutput        *output;        /* (unowned) */
  FerryPathReport    *path_report;   /* (owned) (nullable): watched, once it is there */
  FerryTransferState  state;         /* last told */
  const char         *given_up;      /* (nullable): static: why we cancelled it ourselves */
  gboolean            path_told;
  gboolean            ended;
} FerryTransferReport;

FerryTransferReport *ferry_transfer_report_new      (FerryTransfer       *transfer,
                                                     FerryOutput         *output);
void                 ferry_transfer_report_free     (FerryTransferReport *self);
/* Tells what is new. Returns: whether the transfer ended just now. */
gboolean             ferry_transfer_report_update   (FerryTransferReport *self);
void                 ferry_transfer_report_progress (FerryTransferReport *self);
/* What it alone amounts to. */
FerryExit            ferry_transfer_report_get_exit (FerryTransferReport *self);

G_END_DECLS
