/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What outlives the program, where the user wants that (chat-history.c). */

#define G_LOG_DOMAIN "ferry-chat"

#include "config.h"

#include <string.h>

#include "core/chat-private.h"

static void
keep (FerryChat    *self,
      FerryMessage *message,
      const char   *body)
{
  const FerryChatRecord record = {
    .time = ferry_message_get_time (message),
    .is_own = ferry_message_is_own (message),
    .state = ferry_message_get_state (message),
    .body = (char *) body,
  };

  ferry_chat_history_add (self->services->history, ferry_contact_get_jid (self->contact), &record);
}

void
ferry_chat_keep (FerryChat    *self,
                 FerryMessage *message)
{
  keep (self, message, ferry_message_get_body (message));
}

void
ferry_chat_keep_state (FerryChat    *self,
                       FerryMessage *message)
{
  keep (self, message, NULL);
}

/* A file may have been changed by anybody: nothing in it is shown that a peer could not say.
 * Returns: (transfer full) (nullable) */
static FerryMessage *
to_message (const FerryChatRecord *record)
{
  g_autofree char *body = ferry_message_clean (record->body);

  if (*body == '\0')
    return NULL;

  return ferry_message_new_from_before (body, record->is_own, record->state, record->time);
}

/* Before all that was said while the file was read. */
static void
prepend (FerryChat       *self,
         const GPtrArray *records)
{
  guint n = 0;

  for (guint i = 0; i < records->len; i++)
    {
      FerryMessage *message = to_message (records->pdata[i]);

      if (message == NULL)
        continue;

      self->n_bytes += strlen (ferry_message_get_body (message));
      g_ptr_array_insert (self->messages, (int) n++, message);
    }

  if (n > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, 0, n);
}

static void
chat_read_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) records = ferry_chat_history_read_finish (result, &error);
  FerryChat *self = user_data;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* the chat is gone */

  g_clear_object (&self->recalling);
  if (records != NULL)
    prepend (self, records);
  else
    g_message ("Kept messages cannot be read: %s", error->message);
}

void
ferry_chat_recall (FerryChat *self)
{
  FerryChatHistory *history = self->services->history;

  if (!ferry_chat_history_is_on (history))
    return;

  self->recalling = g_cancellable_new ();
  ferry_chat_history_read_async (history, ferry_contact_get_jid (self->contact), self->recalling,
                                 chat_read_cb, self);
}
