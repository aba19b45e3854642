/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-chat"

#include "config.h"

#include "base/secret.h"
#include "core/chat-private.h"
#include "core/transfer.h"

static FerryChatError
get_code (const GError *error)
{
  if (error->domain == FERRY_CHAT_ERROR)
    return error->code;

  if (error->domain != FERRY_TRANSFER_ERROR)
    return FERRY_CHAT_ERROR_FAILED;

  switch (error->code)
    {
    case FERRY_TRANSFER_ERROR_OFFLINE:
    case FERRY_TRANSFER_ERROR_CONNECTION_LOST:
      return FERRY_CHAT_ERROR_OFFLINE;
    case FERRY_TRANSFER_ERROR_NO_COMMON_DIALECT:
      return FERRY_CHAT_ERROR_CANNOT;
    case FERRY_TRANSFER_ERROR_NO_ROUTE:
      return FERRY_CHAT_ERROR_NO_ROUTE;
    case FERRY_TRANSFER_ERROR_KEY_CHANGED:
      return FERRY_CHAT_ERROR_KEY_CHANGED;
    case FERRY_TRANSFER_ERROR_SECURITY:
      return FERRY_CHAT_ERROR_INSECURE;
    default:
      return FERRY_CHAT_ERROR_FAILED;
    }
}

void
ferry_chat_give_up (FerryChat *self,
                    GError    *error)
{
  g_autoptr(GError) held = error;

  g_clear_error (&self->error);
  self->error = g_error_new (FERRY_CHAT_ERROR, get_code (held), "ask: %s", held->message);
  g_clear_object (&self->choosing);
  g_object_freeze_notify (G_OBJECT (self));
  ferry_chat_notify (self, FERRY_CHAT_PROP_ERROR);
  ferry_chat_set_state (self, FERRY_CHAT_CLOSED);
  g_object_thaw_notify (G_OBJECT (self));
  ferry_chat_reopen_later (self);
}

static void
give_up_with (FerryChat      *self,
              FerryChatError  code,
              const char     *reason)
{
  ferry_chat_give_up (self, g_error_new_literal (FERRY_CHAT_ERROR, code, reason));
}

/* Effects of the session come from here on. %FALSE: there is none, and it is told. */
gboolean
ferry_chat_begin (FerryChat *self)
{
  const FerryNegotiationTerms terms = {
    .dialect = self->dialect,
    .profile = self->profile,
    .role = FERRY_ROLE_INITIATOR,
    .peer = self->peer,
    .allowed = self->allowed,
    .phrase = self->phrase,
  };
  GError *error = NULL;

  if (!ferry_negotiation_begin (self->negotiation, &terms, &error))
    {
      ferry_chat_give_up (self, error);
      return FALSE;
    }

  ferry_negotiation_feed_kind (self->negotiation, FERRY_SESSION_EVENT_START);
  return TRUE;
}

static void
ask_chosen_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(FerryChat) self = user_data;
  g_autoptr(FerryRecipient) recipient = NULL;
  GError *error = NULL;

  recipient = ferry_capabilities_choose_finish (FERRY_CAPABILITIES (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_error_free (error);
      return;
    }

  g_clear_object (&self->choosing);
  if (recipient == NULL)
    {
      ferry_chat_give_up (self, error);
      return;
    }

  self->dialect = recipient->dialect;
  self->profile = recipient->profile;
  ferry_chat_set_string (self, FERRY_CHAT_PROP_PEER, &self->peer, recipient->jid);
  ferry_chat_begin (self);
}

static void
keep (char       **field,
      const char  *value)
{
  char *copy = g_strdup (value);

  g_free (*field);
  *field = copy;
}

/* Whether there is a reason not to ask at all; then it is told. */
static gboolean
is_forbidden (FerryChat *self)
{
  if (ferry_router_get_jid (self->services->router) == NULL)
    give_up_with (self, FERRY_CHAT_ERROR_OFFLINE, "we are not connected");
  else if (self->phrase == NULL && ferry_chat_is_changed (self))
    give_up_with (self, FERRY_CHAT_ERROR_KEY_CHANGED, "another certificate than the known one");
  else if (self->phrase != NULL && ferry_chat_is_exhausted (self))
    give_up_with (self, FERRY_CHAT_ERROR_PHRASE, "too many phrases were wrong within an hour");
  else
    return FALSE;

  return TRUE;
}

void
ferry_chat_ask (FerryChat  *self,
                const char *to,
                const char *phrase)
{
  const char *whom = to != NULL ? to : ferry_contact_get_jid (self->contact);

  keep (&self->to, to);
  ferry_secret_set (&self->phrase, phrase);
  if (is_forbidden (self))
    return;

  g_object_freeze_notify (G_OBJECT (self));
  g_clear_error (&self->error);
  self->role = FERRY_ROLE_INITIATOR;
  self->allowed = self->services->settings->paths;
  self->has_tried_in_band = FALSE;
  self->is_leaving = FALSE;
  self->is_crossing = FALSE;
  self->choosing = g_cancellable_new ();
  ferry_chat_notify (self, FERRY_CHAT_PROP_ERROR);
  ferry_chat_set_state (self, FERRY_CHAT_OFFERING);
  g_object_thaw_notify (G_OBJECT (self));

  ferry_capabilities_choose_async (self->services->capabilities, whom, NULL, FERRY_DIRECTION_BOTH,
                                   self->choosing, ask_chosen_cb, g_object_ref (self));
}

static void
ask_next (FerryChat  *self,
          const char *to,
          const char *phrase)
{
  self->is_next = TRUE;
  keep (&self->next_to, to);
  ferry_secret_set (&self->next_phrase, phrase);
}

void
ferry_chat_open (FerryChat  *self,
                 const char *to,
                 const char *phrase)
{
  g_return_if_fail (FERRY_IS_CHAT (self));

  if (phrase != NULL && *phrase == '\0')
    phrase = NULL;

  ferry_chat_forget_reopening (self);

  switch (self->state)
    {
    case FERRY_CHAT_CLOSED:
      ferry_chat_ask (self, to, phrase);
      break;

    case FERRY_CHAT_OFFERED:
      ferry_chat_accept (self, phrase);
      break;

    case FERRY_CHAT_OPEN:
      if (phrase == NULL)
        break;
      ask_next (self, to != NULL ? to : self->peer, phrase);
      ferry_chat_close (self);
      break;

    case FERRY_CHAT_CLOSING:
      ask_next (self, to, phrase);
      break;

    case FERRY_CHAT_OFFERING:
    case FERRY_CHAT_CONNECTING:
    case FERRY_CHAT_SECURING:
    default:
      break;
    }
}

void
ferry_chat_accept (FerryChat  *self,
                   const char *phrase)
{
  FerrySessionEvent event = { .kind = FERRY_SESSION_EVENT_ACCEPT };

  g_return_if_fail (FERRY_IS_CHAT (self));

  if (self->state != FERRY_CHAT_OFFERED)
    return;

  /* By certificates alone nobody proves to know it. */
  if (!self->is_phrase_wanted || (phrase != NULL && *phrase == '\0'))
    phrase = NULL;

  ferry_secret_set (&self->phrase, phrase);
  ferry_negotiation_set_phrase (self->negotiation, phrase);
  event.methods = phrase != NULL ? FERRY_XTLS_SRP : FERRY_XTLS_X509;
  ferry_chat_set_state (self, FERRY_CHAT_CONNECTING);
  ferry_negotiation_feed (self->negotiation, &event);
}

void
ferry_chat_decline (FerryChat *self)
{
  g_return_if_fail (FERRY_IS_CHAT (self));

  if (self->state != FERRY_CHAT_OFFERED)
    return;

  self->is_leaving = TRUE;
  ferry_negotiation_feed_kind (self->negotiation, FERRY_SESSION_EVENT_DECLINE);
}

static void
take_back (FerryChat *self)
{
  self->is_leaving = TRUE;

  if (self->choosing == NULL)
    {
      ferry_negotiation_feed_kind (self->negotiation, FERRY_SESSION_EVENT_CANCEL);
      return;
    }

  g_cancellable_cancel (self->choosing);
  g_clear_object (&self->choosing);
  ferry_chat_set_state (self, FERRY_CHAT_CLOSED);
}

void
ferry_chat_close (FerryChat *self)
{
  g_return_if_fail (FERRY_IS_CHAT (self));

  ferry_chat_forget_reopening (self);

  switch (self->state)
    {
    case FERRY_CHAT_OFFERED:
      ferry_chat_decline (self);
      break;

    case FERRY_CHAT_OFFERING:
    case FERRY_CHAT_CONNECTING:
    case FERRY_CHAT_SECURING:
      take_back (self);
      break;

    case FERRY_CHAT_OPEN:
      self->is_leaving = TRUE;
      ferry_chat_set_state (self, FERRY_CHAT_CLOSING);
      ferry_chat_close_stream (self);
      break;

    case FERRY_CHAT_CLOSING:
      self->is_leaving = TRUE; /* it is not to be opened again by itself */
      break;

    case FERRY_CHAT_CLOSED:
    default:
      break;
    }
}
