/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-chat"

#include "config.h"

#include "base/secret.h"
#include "core/chat-private.h"

static FerryChatError
outcome_to_code (FerryOutcome outcome)
{
  switch ((int) outcome)
    {
    case FERRY_OUTCOME_DONE:
    case FERRY_OUTCOME_PEER_CANCELLED:
      return FERRY_CHAT_ERROR_CLOSED;
    case FERRY_OUTCOME_DECLINED:
      return FERRY_CHAT_ERROR_DECLINED;
    case FERRY_OUTCOME_PEER_GONE:
      return FERRY_CHAT_ERROR_LOST;
    case FERRY_OUTCOME_PEER_CANNOT:
      return FERRY_CHAT_ERROR_CANNOT;
    case FERRY_OUTCOME_NO_ROUTE:
    case FERRY_OUTCOME_RETRY_IN_BAND:
      return FERRY_CHAT_ERROR_NO_ROUTE;
    case FERRY_OUTCOME_EXPIRED:
      return FERRY_CHAT_ERROR_EXPIRED;
    case FERRY_OUTCOME_INSECURE:
      return FERRY_CHAT_ERROR_INSECURE;
    case FERRY_OUTCOME_STRIPPED:
      return FERRY_CHAT_ERROR_STRIPPED;
    case FERRY_OUTCOME_KEY_CHANGED:
      return FERRY_CHAT_ERROR_KEY_CHANGED;
    default:
      return FERRY_CHAT_ERROR_FAILED;
    }
}

static const char *
get_step (FerryChat *self)
{
  switch (self->state)
    {
    case FERRY_CHAT_CONNECTING:
      return "connect";
    case FERRY_CHAT_SECURING:
      return "secure";
    case FERRY_CHAT_OPEN:
    case FERRY_CHAT_CLOSING:
      return "talk";
    case FERRY_CHAT_CLOSED:
    case FERRY_CHAT_OFFERING:
    case FERRY_CHAT_OFFERED:
    default:
      return "offer";
    }
}

static gboolean
is_by_phrase (FerryChat *self)
{
  return self->phrase != NULL || (self->role == FERRY_ROLE_RESPONDER && self->is_phrase_wanted);
}

/* Returns: (transfer full) (nullable): none for what our user wanted */
static GError *
make_error (FerryChat    *self,
            FerryOutcome  outcome,
            const char   *text)
{
  FerryChatError code = outcome_to_code (outcome);

  /* The path was not lost: the other side has ended it, and says why. */
  if (code != FERRY_CHAT_ERROR_LOST
      && g_error_matches (self->failure, FERRY_CHAT_ERROR, FERRY_CHAT_ERROR_LOST))
    g_clear_error (&self->failure);

  if (self->failure != NULL)
    return g_steal_pointer (&self->failure);

  if (self->is_leaving || outcome == FERRY_OUTCOME_CANCELLED)
    return NULL;

  /* Neither side can tell a wrong phrase from none, nor from somebody between. */
  if (code == FERRY_CHAT_ERROR_INSECURE && is_by_phrase (self) && !self->was_open)
    code = FERRY_CHAT_ERROR_PHRASE;

  return g_error_new (FERRY_CHAT_ERROR, code, "%s: %s", get_step (self),
                      text != NULL ? text : "the session ended");
}

/* XTLS-17. Who shook hands by the phrase and then ended otherwise may have guessed, too. */
static void
count_wrong (FerryChat    *self,
             const GError *error)
{
  gboolean is_doubtful = self->state == FERRY_CHAT_SECURING && !self->is_leaving;

  if (self->phrase == NULL
      || !(is_doubtful || g_error_matches (error, FERRY_CHAT_ERROR, FERRY_CHAT_ERROR_PHRASE)))
    return;

  self->wrong[self->n_wrong % FERRY_CHAT_MAX_WRONG] = g_get_monotonic_time ();
  self->n_wrong++;
}

/* FB-7: where no way was found, another session may do it through the server alone. */
static gboolean
try_in_band (FerryChat    *self,
             FerryOutcome  outcome)
{
  FerryPaths allowed = self->services->settings->paths;

  if (outcome != FERRY_OUTCOME_RETRY_IN_BAND || self->role != FERRY_ROLE_INITIATOR
      || self->has_tried_in_band || self->is_leaving || (allowed & FERRY_PATH_IN_BAND) == 0)
    return FALSE;

  self->has_tried_in_band = TRUE;
  self->allowed = FERRY_PATH_IN_BAND;
  ferry_chat_set_state (self, FERRY_CHAT_OFFERING);
  ferry_chat_begin (self);
  return TRUE;
}

/* An offer that was none is not our user's business, unless it was an attack. */
static gboolean
is_worth_telling (FerryChat    *self,
                  FerryOutcome  outcome)
{
  return self->state != FERRY_CHAT_CLOSED || self->failure != NULL
         || outcome == FERRY_OUTCOME_INSECURE || outcome == FERRY_OUTCOME_STRIPPED
         || outcome == FERRY_OUTCOME_KEY_CHANGED;
}

/* What was of this session. The peer, the path and the number stay to be read. */
static void
forget_session (FerryChat *self)
{
  ferry_chat_mark_undelivered (self);
  ferry_chat_forget_typing (self);
  ferry_chat_set_peer_typing (self, FALSE);
  ferry_chat_forget_comparison (self);
  g_clear_pointer (&self->fingerprint, g_free);
  self->level = FERRY_TRUST_NONE;
  self->is_phrase_wanted = FALSE;
  ferry_chat_set_string (self, FERRY_CHAT_PROP_CIPHER, &self->cipher, NULL);
  ferry_chat_notify (self, FERRY_CHAT_PROP_IS_PHRASE_WANTED);
  ferry_chat_trust_changed (self);

  g_clear_pointer (&self->phrase, ferry_secret_free);
}

static void
ask_next (FerryChat *self)
{
  g_autofree char *to = g_steal_pointer (&self->next_to);
  char *phrase = g_steal_pointer (&self->next_phrase);

  self->is_next = FALSE;
  ferry_chat_ask (self, to, phrase);
  ferry_secret_free (phrase);
}

static void
tell_end (FerryChat *self,
          GError    *error)
{
  ferry_chat_forget_or_welcome (self, error);
  g_clear_error (&self->error);
  self->error = error;
  forget_session (self);
  self->was_open = FALSE;
  ferry_chat_notify (self, FERRY_CHAT_PROP_ERROR);
  ferry_chat_set_state (self, FERRY_CHAT_CLOSED);
}

void
ferry_chat_conclude (FerryChat    *self,
                     FerryOutcome  outcome,
                     const char   *text)
{
  GError *error;

  g_debug ("Chat with %s: outcome %d, %s", ferry_contact_get_jid (self->contact), outcome,
           text != NULL ? text : "-");

  if (try_in_band (self, outcome) || !is_worth_telling (self, outcome))
    return;

  g_object_ref (self);
  error = make_error (self, outcome, text);
  count_wrong (self, error);
  g_object_freeze_notify (G_OBJECT (self));
  tell_end (self, error);
  g_object_thaw_notify (G_OBJECT (self));

  if (self->is_next)
    ask_next (self);
  else
    ferry_chat_reopen_later (self);

  g_object_unref (self);
}
