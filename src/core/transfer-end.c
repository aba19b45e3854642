/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-transfer"

#include "config.h"

#include "core/transfer-delivery.h"
#include "core/transfer-resume.h"

/* Lets go of the session, and of all that was meant for it. */
void
ferry_transfer_drop_session (FerryTransfer *self)
{
  if (self->greeting != NULL)
    g_source_destroy (self->greeting);

  g_clear_pointer (&self->greeting, g_source_unref);
  ferry_transfer_stop_pump (self);
  ferry_negotiation_drop (self->negotiation);
}

/* Whether the peer may understand @dialect, and we can say in it what we want. */
static gboolean
is_worth_a_try (FerryTransfer      *self,
                const FerryDialect *dialect)
{
  const char *const *features =
    ferry_capabilities_get_features (self->services->capabilities, self->peer);

  if ((self->wanted != NULL && dialect->request == NULL)
      || !ferry_negotiation_may_try (self->negotiation, dialect))
    return FALSE;

  return features != NULL ? ferry_capabilities_allow (features, dialect) : dialect->is_guess;
}

/* SEL-4, SEL-9: the best dialect after this one that the recipient speaks, or may speak. */
static const FerryDialect *
find_next_dialect (FerryTransfer *self)
{
  const FerryDialect *const *dialects = self->services->dialects;
  guint i = 0;

  if (self->services->settings->dialect != NULL)
    return NULL;

  while (dialects[i] != NULL && dialects[i] != self->dialect)
    i++;

  while (dialects[i] != NULL && dialects[++i] != NULL)
    {
      if (is_worth_a_try (self, dialects[i]))
        return dialects[i];
    }

  return NULL;
}

static gboolean
has_in_band (FerryTransfer *self)
{
  const char *const *transports = self->dialect->transports;

  for (guint i = 0; transports[i] != NULL; i++)
    {
      if ((ferry_transport_get_paths_of (transports[i]) & FERRY_PATH_IN_BAND) != 0)
        return (self->allowed & FERRY_PATH_IN_BAND) != 0;
    }

  return FALSE;
}

static void
begin_again (FerryTransfer *self)
{
  ferry_transfer_drop_session (self);

  if (self->direction == FERRY_DIRECTION_RECEIVE)
    ferry_transfer_drop_inbox (self);

  ferry_transfer_open_session (self);
}

/* Whether another session may do what this one could not; then it has begun. */
static gboolean
try_otherwise (FerryTransfer *self,
               FerryOutcome   outcome)
{
  const FerryDialect *next;

  if (self->role != FERRY_ROLE_INITIATOR)
    return FALSE;

  if (outcome == FERRY_OUTCOME_RETRY_IN_BAND && !self->has_tried_in_band && has_in_band (self))
    {
      self->has_tried_in_band = TRUE;
      self->allowed = FERRY_PATH_IN_BAND;
      begin_again (self);
      return TRUE;
    }

  next = outcome == FERRY_OUTCOME_PEER_CANNOT && !self->has_tried_next_dialect
         && !ferry_transfer_is_looking (self) ? find_next_dialect (self) : NULL;

  if (next == NULL)
    return FALSE;

  self->has_tried_next_dialect = TRUE;
  self->dialect = next;
  ferry_transfer_notify (self, FERRY_TRANSFER_PROP_DIALECT);
  begin_again (self);
  return TRUE;
}

/* What becomes of @outcome when it was for a reason of our own that we gave up: our disk, or that
 * it was not safe to go on. */
static FerryOutcome
get_own_outcome (FerryTransfer *self,
                 FerryOutcome   outcome)
{
  if (self->failure == NULL || self->failure->domain != FERRY_TRANSFER_ERROR)
    return outcome;

  if (outcome == FERRY_OUTCOME_CANCELLED)
    return FERRY_OUTCOME_DISK;

  if (outcome == FERRY_OUTCOME_DECLINED && ferry_transfer_error_is_security (self->failure->code))
    return FERRY_OUTCOME_INSECURE;

  return outcome;
}

static gboolean
is_insecure (FerryOutcome outcome)
{
  return outcome == FERRY_OUTCOME_INSECURE || outcome == FERRY_OUTCOME_STRIPPED
         || outcome == FERRY_OUTCOME_KEY_CHANGED;
}

/* Before the bytes, all that there is to be sure of is whom they go to. */
static const char *
get_step (FerryTransfer *self,
          gboolean       is_about_security)
{
  const char *stage = ferry_transfer_get_stage (self);
  gboolean is_before = g_str_equal (stage, "offer") || g_str_equal (stage, "connect");

  return is_about_security && is_before ? "secure" : stage;
}

/* Effect END. */
void
ferry_transfer_conclude (FerryTransfer *self,
                         FerryOutcome   outcome,
                         const char    *text)
{
  g_autoptr(GError) error = NULL;

  g_debug ("Transfer %s: outcome %d, %s", self->id, outcome, text != NULL ? text : "-");
  if (outcome == FERRY_OUTCOME_DONE && !ferry_transfer_settle_data (self))
    {
      outcome = FERRY_OUTCOME_PROTOCOL;
      text = "the peer says that it has what was not sent yet";
    }

  outcome = get_own_outcome (self, outcome);
  if (is_insecure (outcome) && self->state == FERRY_TRANSFER_WAITING)
    ferry_transfer_learn_offer (self);

  error = ferry_outcome_to_error (outcome, get_step (self, is_insecure (outcome)), text,
                                  self->failure);
  if (try_otherwise (self, outcome) || (error != NULL && ferry_transfer_look_on (self, error)))
    return;

  ferry_transfer_end (self, ferry_outcome_get_state (outcome), g_steal_pointer (&error));
}

void
ferry_transfer_fail (FerryTransfer      *self,
                     FerryTransferError  code,
                     const char         *reason)
{
  const char *step = get_step (self, ferry_transfer_error_is_security (code));
  g_autoptr(GError) error = g_error_new (FERRY_TRANSFER_ERROR, code, "%s: %s", step, reason);

  if (!ferry_transfer_look_on (self, error))
    ferry_transfer_end (self, FERRY_TRANSFER_FAILED, g_steal_pointer (&error));
}

void
ferry_transfer_end (FerryTransfer      *self,
                    FerryTransferState  state,
                    GError             *error)
{
  if (ferry_transfer_is_ended (self))
    {
      g_clear_error (&error);
      return;
    }

  g_object_ref (self);
  g_object_freeze_notify (G_OBJECT (self));

  if (error != NULL)
    {
      self->error = error;
      if (self->step == NULL)
        self->step = get_step (self, ferry_transfer_error_is_security (error->code));
      ferry_transfer_notify (self, FERRY_TRANSFER_PROP_ERROR);
      ferry_transfer_notify (self, FERRY_TRANSFER_PROP_STEP);
    }

  ferry_transfer_drop_session (self);
  ferry_transfer_stop_looking (self);
  g_cancellable_cancel (self->cancellable);
  g_cancellable_cancel (self->way.whole);

  /* Ended ones may stay in the list for long. */
  ferry_transfer_leave_inbox (self);
  ferry_transfer_close_source (self);

  self->rate = 0;
  self->seconds_left = -1;
  self->ended_at = g_get_real_time ();
  ferry_transfer_notify (self, FERRY_TRANSFER_PROP_RATE);
  ferry_transfer_notify (self, FERRY_TRANSFER_PROP_SECONDS_LEFT);
  ferry_transfer_notify (self, FERRY_TRANSFER_PROP_ENDED_AT);
  ferry_transfer_set_state (self, state);
  g_object_thaw_notify (G_OBJECT (self));
  g_object_unref (self);
}
