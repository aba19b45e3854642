/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-transfer"

#include "config.h"

#include "core/transfer-private.h"

/* A peer asks for a file. What it names is looked up among what is shared with it;
 * whether there is no such file, or none for it, or one that cannot be read, it is
 * told the same (SEC-22). */

static void
serve_found (FerryTransfer *self)
{
  g_autoptr(FerryFileDescription) file = ferry_transfer_describe (self);
  const FerrySessionEvent event = { .kind = FERRY_SESSION_EVENT_FOUND, .file = file };

  self->started_at = g_get_real_time ();
  ferry_transfer_notify (self, FERRY_TRANSFER_PROP_STARTED_AT);
  ferry_transfer_set_state (self, FERRY_TRANSFER_CONNECTING);
  ferry_transfer_feed (self, &event);
}

static void
set_file (FerryTransfer *self,
          GFile         *file)
{
  g_autofree char *base = g_file_get_basename (file);
  g_autofree char *name = g_filename_display_name (base);
  g_autofree char *type = g_content_type_guess (base, NULL, 0, NULL);
  g_autofree char *mime = type != NULL ? g_content_type_get_mime_type (type) : NULL;

  self->file = g_object_ref (file);
  ferry_transfer_notify (self, FERRY_TRANSFER_PROP_FILE);
  ferry_transfer_set_string (self, FERRY_TRANSFER_PROP_NAME, &self->name, name);
  ferry_transfer_set_string (self, FERRY_TRANSFER_PROP_CONTENT_TYPE, &self->content_type, mime);
}

/* Effect FIND. */
void
ferry_transfer_find (FerryTransfer *self)
{
  const FerryFileDescription *wanted = ferry_transfer_get_agreed (self);
  g_autoptr(GFile) file = ferry_shares_lookup (self->services->shares, self->peer, wanted->name);

  if (file == NULL)
    {
      ferry_transfer_feed_kind (self, FERRY_SESSION_EVENT_DECLINE);
      return;
    }

  set_file (self, file);
  ferry_transfer_open_source (self, serve_found);
}
