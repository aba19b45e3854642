/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-transfer"

#include "config.h"

#include "base/safe-name.h"
#include "core/transfer-private.h"

/* Where an incoming file lands: one that our user accepts, or one that we asked for. */

static void
inbox_opened_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(FerryTransfer) self = user_data;
  g_autoptr(GError) error = NULL;
  int fd = ferry_inbox_open_finish (FERRY_INBOX (source), result, &error);

  if (!ferry_transfer_has_session (self) || self->inbox != FERRY_INBOX (source))
    return;

  self->fd = fd;

  /* There is no word for this before the bytes: to the peer it is as if we gave up. */
  if (fd < 0)
    {
      self->is_storing = TRUE;
      ferry_transfer_file_failed (self, error);
      ferry_transfer_cancel (self);
      return;
    }

  if (self->role == FERRY_ROLE_RESPONDER)
    ferry_transfer_feed_kind (self, FERRY_SESSION_EVENT_ACCEPT);
  else if (self->is_pump_due)
    ferry_transfer_begin_pump (self);
}

static void
open_inbox (FerryTransfer *self,
            const char    *name)
{
  self->inbox = ferry_inbox_new (self->folder, name, self->size);
  ferry_transfer_set_state (self, FERRY_TRANSFER_CONNECTING);
  ferry_inbox_open_async (self->inbox, self->cancellable, inbox_opened_cb, g_object_ref (self));
}

/* Some of it is here from before: only the rest is asked for. */
static gboolean
resume_inbox (FerryTransfer *self,
              const char    *name)
{
  const FerryFileDescription *file = ferry_transfer_get_agreed (self);
  FerrySessionEvent event = { .kind = FERRY_SESSION_EVENT_ACCEPT };

  g_clear_pointer (&self->offer, ferry_file_description_free);
  self->offer = ferry_file_description_copy (file);
  self->inbox_name = ferry_safe_name (name);
  self->inbox = ferry_kept_parts_take (self->services->kept_parts, self->peer, file, self->folder,
                                       self->inbox_name, &event.range_offset);
  if (self->inbox == NULL)
    return FALSE;

  self->fd = ferry_inbox_get_fd (self->inbox);
  ferry_transfer_set_state (self, FERRY_TRANSFER_CONNECTING);
  self->position = event.range_offset;
  ferry_transfer_feed (self, &event);

  return TRUE;
}

void
ferry_transfer_accept (FerryTransfer *self,
                       GFile         *folder,
                       const char    *name)
{
  g_return_if_fail (FERRY_IS_TRANSFER (self));
  g_return_if_fail (folder == NULL || G_IS_FILE (folder));

  if (self->state != FERRY_TRANSFER_OFFERED || self->inbox != NULL)
    return;

  if (folder != NULL)
    self->folder = g_object_ref (folder);
  else
    self->folder = g_file_new_for_path (self->services->settings->download_dir);

  if (name == NULL)
    name = self->name;
  if (!resume_inbox (self, name))
    open_inbox (self, name);
}

void
ferry_transfer_decline (FerryTransfer *self)
{
  g_return_if_fail (FERRY_IS_TRANSFER (self));

  if (self->state == FERRY_TRANSFER_OFFERED)
    ferry_transfer_feed_kind (self, FERRY_SESSION_EVENT_DECLINE);
}

/* They give us what we asked for, and said how much it is. It lands under the name
 * that our user asked for, whatever they call it. */
void
ferry_transfer_expect_file (FerryTransfer *self)
{
  const FerryFileDescription *file = ferry_transfer_get_agreed (self);

  if (self->inbox != NULL)
    return;

  self->size = file->size;
  ferry_transfer_notify (self, FERRY_TRANSFER_PROP_SIZE);
  ferry_transfer_set_string (self, FERRY_TRANSFER_PROP_CONTENT_TYPE, &self->content_type,
                             file->media_type);
  open_inbox (self, self->name);
}

/* The path broke, or the other side: it may be offered again. What was refused as wrong, or
 * cancelled by a person, is done with, and so is what our own disk would not take. */
static gboolean
may_go_on (const FerryTransfer *self)
{
  return self->offer != NULL && self->inbox != NULL
         && (g_error_matches (self->error, FERRY_TRANSFER_ERROR, FERRY_TRANSFER_ERROR_TRUNCATED)
             || g_error_matches (self->error, FERRY_TRANSFER_ERROR, FERRY_TRANSFER_ERROR_PEER_GONE)
             || g_error_matches (self->error, FERRY_TRANSFER_ERROR, FERRY_TRANSFER_ERROR_PEER_FAILED)
             || g_error_matches (self->error, FERRY_TRANSFER_ERROR,
                                 FERRY_TRANSFER_ERROR_CONNECTION_LOST));
}

/* The end: what came so far may be of use for another try. */
void
ferry_transfer_leave_inbox (FerryTransfer *self)
{
  if (may_go_on (self)
      && ferry_kept_parts_keep (self->services->kept_parts, self->peer, self->offer, self->folder,
                                self->inbox_name, self->inbox))
    {
      g_clear_object (&self->inbox);
      self->fd = -1;
    }
  else
    {
      ferry_transfer_drop_inbox (self);
    }
}

/* What came so far is of no use. A stored file is not in the inbox any more. */
void
ferry_transfer_drop_inbox (FerryTransfer *self)
{
  if (self->inbox == NULL)
    return;

  ferry_inbox_discard (self->inbox);
  g_clear_object (&self->inbox);
  self->fd = -1;
}
