/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/past-transfers.h"
#include "proto/jid.h"

#define MAX_PAST 32

struct _FerryPastTransfers
{
  GQueue all; /* of FerryPastTransfer (owned), oldest first */
};

static void
past_free (gpointer data)
{
  FerryPastTransfer *past = data;

  ferry_file_description_free (past->file);
  g_free (past->peer);
  g_free (past->story);
  g_free (past);
}

FerryPastTransfers *
ferry_past_transfers_new (void)
{
  FerryPastTransfers *self = g_new0 (FerryPastTransfers, 1);

  g_queue_init (&self->all);

  return self;
}

void
ferry_past_transfers_free (FerryPastTransfers *self)
{
  g_queue_clear_full (&self->all, past_free);
  g_free (self);
}

void
ferry_past_transfers_add (FerryPastTransfers      *self,
                          const FerryPastTransfer *past)
{
  FerryPastTransfer *copy = g_new0 (FerryPastTransfer, 1);

  *copy = *past;
  copy->peer = ferry_jid_dup_bare (past->peer);
  copy->story = g_strdup (past->story);
  copy->file = ferry_file_description_copy (past->file);
  g_queue_push_tail (&self->all, copy);

  if (g_queue_get_length (&self->all) > MAX_PAST)
    past_free (g_queue_pop_head (&self->all));
}

FerryPastTransfer *
ferry_past_transfers_find (FerryPastTransfers *self,
                           const char         *from,
                           const char         *story,
                           gint64              now)
{
  for (GList *link = self->all.tail; link != NULL; link = link->prev)
    {
      FerryPastTransfer *past = link->data;

      if (now < past->until && g_str_equal (past->story, story)
          && ferry_jid_equal_bare (past->peer, from))
        return past;
    }

  return NULL;
}
