/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-chat"

#include "config.h"

#include "base/secret.h"
#include "core/chat-private.h"
#include "proto/jid.h"

/* The oldest of the last few was within the hour. */
gboolean
ferry_chat_is_exhausted (FerryChat *self)
{
  gint64 oldest = self->wrong[self->n_wrong % FERRY_CHAT_MAX_WRONG];

  return self->n_wrong >= FERRY_CHAT_MAX_WRONG
         && oldest + G_TIME_SPAN_HOUR > g_get_monotonic_time ();
}

static void
refuse_offer (FerryChat      *self,
              FerryChatError  code,
              const char     *reason)
{
  g_clear_error (&self->failure);
  self->failure = g_error_new (FERRY_CHAT_ERROR, code, "offer: %s", reason);
  ferry_negotiation_feed_kind (self->negotiation, FERRY_SESSION_EVENT_DECLINE);
}

/* Why the last one ended is of no interest any more. */
static void
begin_anew (FerryChat *self)
{
  g_clear_error (&self->error);
  ferry_chat_notify (self, FERRY_CHAT_PROP_ERROR);
  ferry_chat_set_state (self, FERRY_CHAT_OFFERED);
}

static void
show_offer (FerryChat *self)
{
  begin_anew (self);
  ferry_chat_emit_offered (self);
}

/* As if our user had been asked, who has said so before. */
static void
accept_unasked (FerryChat *self)
{
  char *phrase = g_strdup (self->phrase);

  begin_anew (self);
  ferry_chat_accept (self, phrase);
  ferry_secret_free (phrase);
}

/* Effect ASK: whether there is something to ask, since it may be answered already. */
static void
execute_ask (FerryChat *self)
{
  FerrySession *session = ferry_negotiation_get_session (self->negotiation);
  const FerryXtls *security = ferry_session_get_security (session);
  gboolean wants_phrase = security != NULL && (security->methods & FERRY_XTLS_SRP) != 0;

  self->is_phrase_wanted = wants_phrase;
  ferry_chat_notify (self, FERRY_CHAT_PROP_IS_PHRASE_WANTED);

  if (!wants_phrase && ferry_chat_is_changed (self))
    refuse_offer (self, FERRY_CHAT_ERROR_KEY_CHANGED, "another certificate than the known one");
  else if (wants_phrase && ferry_chat_is_exhausted (self))
    refuse_offer (self, FERRY_CHAT_ERROR_PHRASE, "too many phrases were wrong within an hour");
  else if (self->phrase != NULL && !wants_phrase)
    refuse_offer (self, FERRY_CHAT_ERROR_PHRASE, "the other side asks for the same without it");
  else if (self->is_crossing && (self->phrase != NULL) == wants_phrase)
    accept_unasked (self);
  else if (!wants_phrase && ferry_chat_is_welcome (self))
    accept_unasked (self);
  else
    show_offer (self);
}

static void
execute_cb (gpointer                  owner,
            const FerrySessionEffect *effect)
{
  FerryChat *self = owner;

  switch ((int) effect->kind)
    {
    case FERRY_SESSION_EFFECT_ASK:
      execute_ask (self);
      break;

    case FERRY_SESSION_EFFECT_ACCEPTED:
      ferry_chat_set_state (self, FERRY_CHAT_CONNECTING);
      break;

    case FERRY_SESSION_EFFECT_PUMP:
      ferry_chat_begin_stream (self);
      break;

    case FERRY_SESSION_EFFECT_CLOSE:
      ferry_chat_stop_stream (self);
      break;

    case FERRY_SESSION_EFFECT_END:
      ferry_chat_conclude (self, effect->outcome, effect->text);
      break;

    default:
      /* There is no file to find or to store. */
      break;
    }
}

static void
way_changed_cb (gpointer owner)
{
  FerryChat *self = owner;
  FerryPaths path = ferry_negotiation_get_path (self->negotiation);

  if (self->path != path)
    {
      self->path = path;
      ferry_chat_notify (self, FERRY_CHAT_PROP_PATH);
    }

  if (path != 0 && self->state == FERRY_CHAT_CONNECTING)
    ferry_chat_set_state (self, FERRY_CHAT_SECURING);
}

gboolean
ferry_chat_is_on_its_own (FerryChat *self)
{
  return self->duplex != NULL && self->path != FERRY_PATH_IN_BAND;
}

static gboolean
is_on_its_own_cb (gpointer owner)
{
  return ferry_chat_is_on_its_own (owner);
}

/* Nobody can be told. */
static void
abandon (FerryChat  *self,
         const char *reason)
{
  g_clear_error (&self->failure);
  self->failure = g_error_new (FERRY_CHAT_ERROR, FERRY_CHAT_ERROR_LOST, "%s: %s",
                               self->was_open ? "talk" : "connect", reason);
  ferry_chat_stop_stream (self);
  ferry_negotiation_drop (self->negotiation);
  ferry_chat_conclude (self, FERRY_OUTCOME_PEER_GONE, reason);
}

static void
went_offline_cb (gpointer owner)
{
  abandon (owner, "the connection to the server is gone");
}

static const FerryNegotiationOwner owner_vtable = {
  execute_cb,
  way_changed_cb,
  is_on_its_own_cb,
  went_offline_cb,
};

FerryNegotiation *
ferry_chat_new_negotiation (FerryChat *self)
{
  return ferry_negotiation_new (self->services, &owner_vtable, self);
}

void
ferry_chat_went_offline (FerryChat *self)
{
  if (self->choosing != NULL)
    {
      g_cancellable_cancel (self->choosing);
      ferry_chat_give_up (self, g_error_new_literal (FERRY_CHAT_ERROR, FERRY_CHAT_ERROR_OFFLINE,
                                                     "the connection to the server is gone"));
    }
  else if (self->state != FERRY_CHAT_CLOSED && !ferry_chat_is_on_its_own (self))
    {
      abandon (self, "the connection to the server is gone");
    }
}

/* Presence says less than an open stream of its own: there, silence tells. */
void
ferry_chat_peer_gone (FerryChat  *self,
                      const char *full_jid)
{
  if (ferry_negotiation_get_session (self->negotiation) == NULL || ferry_chat_is_on_its_own (self)
      || self->peer == NULL || !ferry_jid_equal (self->peer, full_jid))
    return;

  if (self->duplex != NULL)
    ferry_chat_fail (self, FERRY_OUTCOME_PEER_GONE, FERRY_CHAT_ERROR_LOST,
                     "the other side went offline");
  else
    ferry_negotiation_feed_kind (self->negotiation, FERRY_SESSION_EVENT_PEER_GONE);
}

void
ferry_chat_leave (FerryChat *self)
{
  ferry_chat_forget_reopening (self);
  self->is_next = FALSE;

  if (self->state == FERRY_CHAT_OPEN)
    ferry_chat_close (self);

  if (self->state == FERRY_CHAT_CLOSING)
    ferry_negotiation_feed_kind (self->negotiation, FERRY_SESSION_EVENT_CANCEL);
  else
    ferry_chat_close (self);
}

/* The first reason counts; after our own close nobody is missed. */
void
ferry_chat_blame (FerryChat      *self,
                  FerryChatError  code,
                  const char     *reason)
{
  if (self->failure == NULL && !self->is_leaving)
    self->failure = g_error_new (FERRY_CHAT_ERROR, code, "%s: %s",
                                 self->was_open ? "talk" : "open", reason);
}

void
ferry_chat_fail (FerryChat      *self,
                 FerryOutcome    outcome,
                 FerryChatError  code,
                 const char     *format,
                 ...)
{
  g_autofree char *reason = NULL;
  FerrySessionEvent event = { .kind = FERRY_SESSION_EVENT_DATA_FAILED, .outcome = outcome };
  va_list arguments;

  va_start (arguments, format);
  reason = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  ferry_chat_blame (self, code, reason);
  if (self->state == FERRY_CHAT_OPEN)
    ferry_chat_set_state (self, FERRY_CHAT_CLOSING);

  event.text = reason;
  ferry_negotiation_feed (self->negotiation, &event);
}
