/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-transfer"

#include "config.h"

#include "core/transfer-private.h"

static FerryVerified
get_verified (FerryHashVerdict verdict)
{
  switch (verdict)
    {
    case FERRY_HASHES_VERIFIED:
      return FERRY_VERIFIED_YES;
    case FERRY_HASHES_WEAK:
      return FERRY_VERIFIED_WEAK;
    case FERRY_HASHES_UNKNOWN:
    case FERRY_HASHES_MISMATCH:
    default:
      return FERRY_VERIFIED_NO;
    }
}

static void
store_done_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(FerryTransfer) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GFile) file = ferry_inbox_commit_finish (FERRY_INBOX (source), result, &error);
  const FerrySessionEvent event = { .kind = FERRY_SESSION_EVENT_STORED };

  /* The last moment: it was cancelled, yet it lies there whole. It is the user's. */
  self->is_stored = file != NULL;
  if (file != NULL && g_set_object (&self->file, file))
    ferry_transfer_notify (self, FERRY_TRANSFER_PROP_FILE);

  if (!ferry_transfer_has_session (self))
    return;

  if (file != NULL)
    ferry_transfer_feed (self, &event);
  else
    ferry_transfer_file_failed (self, error);
}

/* Effect STORE. */
void
ferry_transfer_store (FerryTransfer    *self,
                      FerryHashVerdict  verdict)
{
  const FerrySessionEvent stored = { .kind = FERRY_SESSION_EVENT_STORED };
  FerryVerified verified = get_verified (verdict);

  if (self->way.is_echo)
    {
      ferry_transfer_feed (self, &stored);
      return;
    }

  self->is_storing = TRUE;
  if (self->verified != verified)
    {
      self->verified = verified;
      ferry_transfer_notify (self, FERRY_TRANSFER_PROP_VERIFIED);
    }

  ferry_inbox_commit_async (self->inbox, self->cancellable, store_done_cb, g_object_ref (self));
}
