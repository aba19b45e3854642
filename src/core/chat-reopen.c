/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-chat"

#include "config.h"

#include "core/chat-private.h"

/* A chat that was lost is opened again by itself, by whoever opened it; and whoever had it open
 * a moment ago is not asked about it again. */

#define GRACE       (120 * G_USEC_PER_SEC) /* for a chat that was open */
#define SHORT_GRACE (30 * G_USEC_PER_SEC)  /* for one that our user had accepted, in vain */
#define FIRST_DELAY (G_USEC_PER_SEC)
#define MAX_DOUBLED 3 /* then it stays at eight seconds */

/* Whom we would not know again by certificate is a question for people. */
static gboolean
is_known (FerryChat *self)
{
  FerryTrust *trust = self->services->trust;
  const FerryPin *pin;

  pin = trust != NULL ? ferry_trust_lookup (trust, ferry_contact_get_jid (self->contact)) : NULL;
  return pin != NULL && pin->level >= FERRY_TRUST_FIRST_USE && pin->changed_sha256 == NULL;
}

static gboolean
is_lost (const GError *error)
{
  return g_error_matches (error, FERRY_CHAT_ERROR, FERRY_CHAT_ERROR_LOST);
}

/* @error: (nullable): why the session that ends now does. */
void
ferry_chat_forget_or_welcome (FerryChat    *self,
                              const GError *error)
{
  gint64 now = g_get_monotonic_time ();
  gboolean was_in_vain = g_error_matches (error, FERRY_CHAT_ERROR, FERRY_CHAT_ERROR_NO_ROUTE)
                         && self->role == FERRY_ROLE_RESPONDER;

  /* Who was known by a phrase alone had no certificate to be known again by. */
  if (self->was_open && is_lost (error) && !self->is_leaving && self->fingerprint != NULL)
    {
      self->welcome_until = now + GRACE;
      if (self->role == FERRY_ROLE_INITIATOR)
        self->reopen_until = now + GRACE;
    }
  else if (was_in_vain)
    {
      self->welcome_until = now + SHORT_GRACE;
    }
  else
    {
      self->welcome_until = 0;
    }
}

gboolean
ferry_chat_is_welcome (FerryChat *self)
{
  return g_get_monotonic_time () < self->welcome_until && is_known (self);
}

static gboolean
reopen_cb (gpointer user_data)
{
  FerryChat *self = user_data;
  g_autofree char *to = NULL;

  ferry_chat_set_alarm (self, &self->reopen, 0, NULL);

  if (ferry_router_get_jid (self->services->router) == NULL
      || ferry_contact_get_presence (self->contact) == FERRY_PRESENCE_OFFLINE)
    {
      ferry_chat_reopen_later (self);
      return G_SOURCE_REMOVE;
    }

  if (self->peer != NULL && ferry_contact_find_resource (self->contact, self->peer) != NULL)
    to = g_strdup (self->peer);

  ferry_chat_ask (self, to, NULL);
  return G_SOURCE_REMOVE;
}

/* Whether another try may bring what this one did not. */
static gboolean
is_worth_a_try (FerryChat *self)
{
  if (g_get_monotonic_time () >= self->reopen_until || !is_known (self) || self->error == NULL)
    return FALSE;

  switch (self->error->code)
    {
    case FERRY_CHAT_ERROR_LOST:
    case FERRY_CHAT_ERROR_OFFLINE:
    case FERRY_CHAT_ERROR_NO_ROUTE:
      return TRUE;

    default:
      return FALSE;
    }
}

/* The chat is closed, and why is known. */
void
ferry_chat_reopen_later (FerryChat *self)
{
  gint64 delay = FIRST_DELAY << MIN (self->n_reopened, MAX_DOUBLED);

  if (!is_worth_a_try (self))
    {
      ferry_chat_forget_reopening (self);
      return;
    }

  self->n_reopened++;
  ferry_chat_set_alarm (self, &self->reopen, g_get_monotonic_time () + delay, reopen_cb);
}

/* It is open, or our user has decided. */
void
ferry_chat_forget_reopening (FerryChat *self)
{
  self->reopen_until = 0;
  self->n_reopened = 0;
  ferry_chat_set_alarm (self, &self->reopen, 0, NULL);
}
