/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-chat"

#include "config.h"

#include "core/chat-private.h"
#include "core/random-id.h"

#define RATE (1024 * 1024) /* bytes a second that we listen to (SEC-10), and at once */

static void
ask_for_life (FerryChat *self)
{
  g_autofree char *id = ferry_random_id_new ();

  self->is_pinged = TRUE;
  ferry_chat_say (self, ferry_chat_stanza_new_ping (id));
}

static gboolean
alive_cb (gpointer user_data)
{
  g_autoptr(FerryChat) self = g_object_ref (user_data);
  gint64 now = g_get_monotonic_time ();
  gint64 next = self->last_heard + self->patience;

  ferry_chat_set_alarm (self, &self->alive, 0, NULL);

  if (self->pubkeys_id != NULL && now >= self->begun_at + self->patience)
    {
      ferry_chat_fail (self, FERRY_OUTCOME_PROTOCOL, FERRY_CHAT_ERROR_STREAM,
                       "the other side does not show its certificate");
      return G_SOURCE_REMOVE;
    }

  if (self->is_pinged)
    {
      ferry_chat_fail (self, FERRY_OUTCOME_PEER_GONE, FERRY_CHAT_ERROR_LOST,
                       "the other side fell silent");
      return G_SOURCE_REMOVE;
    }

  if (now >= next)
    {
      ask_for_life (self);
      next = now + self->patience;
    }

  /* What was to be said may have ended it. */
  if (self->duplex != NULL)
    ferry_chat_set_alarm (self, &self->alive, next, alive_cb);

  return G_SOURCE_REMOVE;
}

void
ferry_chat_watch_silence (FerryChat *self)
{
  self->begun_at = g_get_monotonic_time ();
  self->last_heard = self->begun_at;
  self->is_pinged = FALSE;
  self->allowance = RATE;
  ferry_chat_set_alarm (self, &self->alive, self->begun_at + self->patience, alive_cb);
}

static gboolean
breath_cb (gpointer user_data)
{
  FerryChat *self = user_data;

  ferry_chat_set_alarm (self, &self->breath, 0, NULL);
  ferry_duplex_set_paused (self->duplex, FALSE);

  return G_SOURCE_REMOVE;
}

/* Whoever talks faster has to wait: by his own path, and not in our memory. */
void
ferry_chat_heard (FerryChat *self,
                  gsize      n_bytes)
{
  gint64 now = g_get_monotonic_time ();
  gint64 elapsed = MIN (now - self->last_heard, G_USEC_PER_SEC);

  self->allowance = MIN (self->allowance + elapsed * RATE / G_USEC_PER_SEC, RATE);
  self->allowance -= n_bytes;
  self->last_heard = now;
  self->is_pinged = FALSE;

  if (self->allowance > 0)
    return;

  ferry_duplex_set_paused (self->duplex, TRUE);
  ferry_chat_set_alarm (self, &self->breath, now + G_USEC_PER_SEC / 10, breath_cb);
}
