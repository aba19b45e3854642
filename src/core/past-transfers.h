/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/file-description.h"

G_BEGIN_DECLS

/* One that is over. */
typedef struct
{
  char                 *peer;     /* (owned): bare */
  char                 *story;    /* (owned): what the ids of its sessions have in common */
  FerryFileDescription *file;     /* (owned): as it was offered */
  FerryHashes           hashes;   /* of what arrived */
  gboolean              is_done;
  guint                 n_echoes; /* times that its sender was told so */
  gint64                until;    /* µs, monotonic */
} FerryPastTransfer;

/**
 * FerryPastTransfers:
 *
 * Files that we received, or gave up, a while ago, for senders who have not heard of that and
 * offer them again by themselves: what a person stopped is not asked for again, and what arrived
 * need not come twice. The oldest go when there are too many.
 */
typedef struct _FerryPastTransfers FerryPastTransfers;

FerryPastTransfers      *ferry_past_transfers_new  (void);
void                     ferry_past_transfers_free (FerryPastTransfers   *self);
/* @past: its strings and its file are copied. */
void                     ferry_past_transfers_add  (FerryPastTransfers      *self,
                                                    const FerryPastTransfer *past);
/* What a session of @from (bare or full) goes on with. Returns: (nullable) (transfer none) */
FerryPastTransfer       *ferry_past_transfers_find (FerryPastTransfers      *self,
                                                    const char              *from,
                                                    const char              *story,
                                                    gint64                   now);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FerryPastTransfers, ferry_past_transfers_free)

G_END_DECLS
