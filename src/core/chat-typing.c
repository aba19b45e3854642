/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-chat"

#include "config.h"

#include "core/chat-private.h"

#define AT_MOST_EVERY (G_USEC_PER_SEC)      /* is the other side told */
#define PAUSE         (30 * G_USEC_PER_SEC) /* without a key: our user thinks, or has left */

static gboolean typing_due_cb (gpointer user_data);

static void
tell (FerryChat *self,
      gint64     now)
{
  self->is_typing_told = self->is_typing;
  self->typing_told_at = now;
  ferry_chat_say (self, ferry_chat_stanza_new_state (self->is_typing ? FERRY_CHAT_STANZA_COMPOSING
                                                                     : FERRY_CHAT_STANZA_PAUSED));
}

/* Says what is to be said now, and comes back when there may be more. */
static void
settle (FerryChat *self)
{
  gint64 now = g_get_monotonic_time ();
  gint64 may_tell_at = self->typing_told_at + AT_MOST_EVERY;

  if (self->is_typing && now >= self->typed_at + PAUSE)
    self->is_typing = FALSE;

  ferry_chat_set_alarm (self, &self->typing, 0, NULL);

  if (self->is_typing != self->is_typing_told && now >= may_tell_at)
    tell (self, now);

  if (self->state != FERRY_CHAT_OPEN)
    return;

  if (self->is_typing != self->is_typing_told)
    ferry_chat_set_alarm (self, &self->typing, may_tell_at, typing_due_cb);
  else if (self->is_typing)
    ferry_chat_set_alarm (self, &self->typing, self->typed_at + PAUSE, typing_due_cb);
}

static gboolean
typing_due_cb (gpointer user_data)
{
  g_autoptr(FerryChat) self = g_object_ref (user_data);

  settle (self);
  return G_SOURCE_REMOVE;
}

void
ferry_chat_set_composing (FerryChat *self,
                          gboolean   is_composing)
{
  g_return_if_fail (FERRY_IS_CHAT (self));

  if (self->state != FERRY_CHAT_OPEN)
    return;

  self->is_typing = is_composing;
  self->typed_at = g_get_monotonic_time ();
  settle (self);
}

/* A message says it without a word (XEP-0085 §5.3), and so does the end of a stream. */
void
ferry_chat_forget_typing (FerryChat *self)
{
  self->is_typing = FALSE;
  self->is_typing_told = FALSE;
  ferry_chat_set_alarm (self, &self->typing, 0, NULL);
}

void
ferry_chat_set_peer_typing (FerryChat *self,
                            gboolean   is_composing)
{
  if (self->is_composing == is_composing)
    return;

  self->is_composing = is_composing;
  ferry_chat_notify (self, FERRY_CHAT_PROP_IS_COMPOSING);
}
