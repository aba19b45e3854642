/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/jingle-session-opening.h"

#define GONE_TIME (10 * G_TIME_SPAN_SECOND) /* J-13 */

/* What a reason of the peer's means, by how far the transfer came; protocols 3.4. */
static const struct
{
  FerryOutcome asking;     /* before the offer was accepted */
  FerryOutcome connecting; /* before the first byte */
  FerryOutcome moving;     /* after it */
} meanings[FERRY_JINGLE_N_REASONS] = {
#define SAME(outcome) { FERRY_OUTCOME_##outcome, FERRY_OUTCOME_##outcome, FERRY_OUTCOME_##outcome }
#define THEN(a, b, c) { FERRY_OUTCOME_##a, FERRY_OUTCOME_##b, FERRY_OUTCOME_##c }
  [FERRY_JINGLE_REASON_NONE] = SAME (PEER_CANCELLED),
  [FERRY_JINGLE_REASON_ALTERNATIVE_SESSION] = SAME (REFUSED), /* J-23 */
  [FERRY_JINGLE_REASON_BUSY] = SAME (PEER_BUSY),
  [FERRY_JINGLE_REASON_CANCEL] = SAME (PEER_CANCELLED),
  [FERRY_JINGLE_REASON_CONNECTIVITY_ERROR] = THEN (NO_ROUTE, NO_ROUTE, TRUNCATED),
  [FERRY_JINGLE_REASON_DECLINE] = SAME (DECLINED),
  [FERRY_JINGLE_REASON_EXPIRED] = THEN (EXPIRED, EXPIRED, PEER_GONE),
  [FERRY_JINGLE_REASON_FAILED_APPLICATION] = SAME (PEER_FAILED),
  [FERRY_JINGLE_REASON_FAILED_TRANSPORT] = THEN (NO_ROUTE, NO_ROUTE, TRUNCATED),
  [FERRY_JINGLE_REASON_GENERAL_ERROR] = SAME (PEER_FAILED),
  [FERRY_JINGLE_REASON_GONE] = SAME (PEER_GONE),
  [FERRY_JINGLE_REASON_INCOMPATIBLE_PARAMETERS] = THEN (REFUSED, REFUSED, PEER_FAILED),
  [FERRY_JINGLE_REASON_MEDIA_ERROR] = THEN (PEER_FAILED, PEER_FAILED, CORRUPT),
  [FERRY_JINGLE_REASON_SECURITY_ERROR] = SAME (REFUSED),
  [FERRY_JINGLE_REASON_SUCCESS] = THEN (PROTOCOL, PROTOCOL, DONE),
  [FERRY_JINGLE_REASON_TIMEOUT] = THEN (EXPIRED, NO_ROUTE, PEER_GONE),
  [FERRY_JINGLE_REASON_UNSUPPORTED_APPLICATIONS] = THEN (PEER_CANNOT, PEER_CANNOT, PEER_FAILED),
  [FERRY_JINGLE_REASON_UNSUPPORTED_TRANSPORTS] = THEN (PEER_CANNOT, NO_ROUTE, TRUNCATED),
#undef SAME
#undef THEN
};

/* Whether anybody spoke of encryption that can be had. */
static gboolean
is_about_security (const FerryJingleSession *self)
{
  return self->security.is_offered || self->security.said == FERRY_JINGLE_SAID_XTLS;
}

/* Who ends a stream that was there has no more to say; whether something that was said got
 * lost is the stream's affair (XS-13). */
static gboolean
is_good_bye (const FerryJingleSession *self,
             FerryJingleReason         reason)
{
  return self->direction == FERRY_DIRECTION_BOTH && self->phase >= PHASE_MOVING &&
         self->outcome != FERRY_OUTCOME_INSECURE &&
         (reason == FERRY_JINGLE_REASON_NONE || reason == FERRY_JINGLE_REASON_SUCCESS ||
          reason == FERRY_JINGLE_REASON_CANCEL || reason == FERRY_JINGLE_REASON_DECLINE);
}

static FerryOutcome
get_meaning (const FerryJingleSession *self,
             const FerryJingle        *jingle)
{
  const FerryElement *specific = jingle->reason_specific;
  FerryOutcome outcome;

  if (specific != NULL && ferry_element_is (specific, "file-too-large", NULL))
    return FERRY_OUTCOME_TOO_LARGE;
  if (specific != NULL && ferry_element_is (specific, "file-not-available", NULL))
    return self->direction == FERRY_DIRECTION_RECEIVE ? FERRY_OUTCOME_NOT_SHARED
                                                      : FERRY_OUTCOME_REFUSED;

  if (jingle->reason == FERRY_JINGLE_REASON_SECURITY_ERROR && is_about_security (self))
    return FERRY_OUTCOME_INSECURE;

  if (is_good_bye (self, jingle->reason))
    return FERRY_OUTCOME_DONE;

  if (self->phase < PHASE_CONNECTING)
    outcome = meanings[jingle->reason].asking;
  else if (self->phase < PHASE_MOVING)
    outcome = meanings[jingle->reason].connecting;
  else
    outcome = meanings[jingle->reason].moving;

  /* Only we know whether we have the file. */
  if (outcome == FERRY_OUTCOME_DONE && self->direction == FERRY_DIRECTION_RECEIVE)
    return FERRY_OUTCOME_TRUNCATED;

  /* A transport the peer cannot do or cannot connect says nothing about in-band. */
  if ((outcome == FERRY_OUTCOME_NO_ROUTE ||
       jingle->reason == FERRY_JINGLE_REASON_UNSUPPORTED_TRANSPORTS) &&
      self->phase < PHASE_MOVING && ferry_jingle_session_can_retry (self))
    return FERRY_OUTCOME_RETRY_IN_BAND;

  return outcome;
}

/* Nothing is what a receiver has as soon as there is a way for it: before we know of that. */
static gboolean
has_all_of_nothing (const FerryJingleSession *self)
{
  gint64 n_bytes = self->length >= 0 ? self->length : self->file->size - self->offset;

  return (self->phase == PHASE_CONNECTING || self->phase == PHASE_SECURING) &&
         self->is_opening && n_bytes == 0;
}

/* After the peer ended the session. It may have been right to do so before all
 * that it sent has reached our disk. */
static gboolean
can_complete_alone (const FerryJingleSession *self,
                    FerryJingleReason         reason)
{
  if (self->state != FERRY_JINGLE_ACTIVE || self->direction == FERRY_DIRECTION_BOTH)
    return FALSE;
  if (self->direction == FERRY_DIRECTION_SEND)
    return reason == FERRY_JINGLE_REASON_SUCCESS && has_all_of_nothing (self);

  if (reason == FERRY_JINGLE_REASON_SUCCESS)
    return self->phase == PHASE_CONNECTING || self->phase == PHASE_SECURING ||
           self->phase == PHASE_MOVING || self->phase == PHASE_CHECKSUM || self->phase == PHASE_STORING;

  return (self->phase == PHASE_CHECKSUM || self->phase == PHASE_STORING) &&
         (reason == FERRY_JINGLE_REASON_NONE || reason == FERRY_JINGLE_REASON_GONE ||
          reason == FERRY_JINGLE_REASON_TIMEOUT || reason == FERRY_JINGLE_REASON_FAILED_TRANSPORT ||
          reason == FERRY_JINGLE_REASON_CONNECTIVITY_ERROR);
}

/* What the end of a session that the peer wants means for us. */
static FerryOutcome
conclude (const FerryJingleSession *self,
          const FerryJingle        *jingle)
{
  gboolean is_void = self->direction == FERRY_DIRECTION_RECEIVE ||
                     self->outcome == FERRY_OUTCOME_INSECURE;
  FerryJingleReason reason = jingle->reason;

  if (self->received)
    return FERRY_OUTCOME_DONE;
  if (self->phase == PHASE_BROKEN &&
      (reason == FERRY_JINGLE_REASON_NONE || reason == FERRY_JINGLE_REASON_FAILED_TRANSPORT ||
       reason == FERRY_JINGLE_REASON_CONNECTIVITY_ERROR ||
       (reason == FERRY_JINGLE_REASON_SUCCESS && is_void)))
    return self->outcome;
  if (self->phase == PHASE_CONFIRMING && reason == FERRY_JINGLE_REASON_NONE)
    return FERRY_OUTCOME_UNCONFIRMED;

  return get_meaning (self, jingle);
}

static char *
describe (const FerryJingleSession *self,
          const FerryJingle        *jingle)
{
  const char *word = self->flavour->generation->reasons[jingle->reason];
  const char *text = jingle->reason_text;

  return g_strdup_printf ("the peer ended the session%s%s%s%s", word != NULL ? ": " : "",
                          word != NULL ? word : "", text != NULL ? ": " : "",
                          text != NULL ? text : "");
}

/* J-5 */
void
ferry_jingle_session_receive_terminate (FerryJingleSession       *self,
                                        const FerryJingleTurn    *turn,
                                        const FerryJingleRequest *request)
{
  g_autofree char *text = describe (self, request->jingle);
  gboolean goes_on = can_complete_alone (self, request->jingle->reason);

  ferry_jingle_session_acknowledge (self, turn, request);

  if (!goes_on)
    ferry_jingle_session_end (self, turn, conclude (self, request->jingle), text);
  else if (self->direction == FERRY_DIRECTION_SEND)
    self->received = TRUE;
  else if (self->phase == PHASE_CHECKSUM)
    ferry_jingle_session_store (self, turn);
}

/* FT3-2: it is the only file of the session. */
void
ferry_jingle_session_receive_abort (FerryJingleSession       *self,
                                    const FerryJingleTurn    *turn,
                                    const FerryJingleRequest *request)
{
  ferry_jingle_session_acknowledge (self, turn, request);
  ferry_jingle_session_finish (self, turn, FERRY_JINGLE_REASON_CANCEL,
                               FERRY_OUTCOME_PEER_CANCELLED, "the peer aborted the file");
}

/* The peer removed the last content. */
void
ferry_jingle_session_bereave (FerryJingleSession    *self,
                              const FerryJingleTurn *turn,
                              const FerryJingle     *jingle)
{
  g_autofree char *text = describe (self, jingle);

  ferry_jingle_session_finish (self, turn,
                               jingle->reason != FERRY_JINGLE_REASON_NONE
                                 ? jingle->reason : FERRY_JINGLE_REASON_CANCEL,
                               conclude (self, jingle), text);
}

void
ferry_jingle_session_cancel (FerryJingleSession    *self,
                             const FerryJingleTurn *turn)
{
  if (self->received)
    ferry_jingle_session_succeed (self, turn);
  else
    ferry_jingle_session_finish (self, turn, FERRY_JINGLE_REASON_CANCEL,
                                 FERRY_OUTCOME_CANCELLED, NULL);
}

/* A refusal after the agreement is a cancellation. */
void
ferry_jingle_session_decline (FerryJingleSession    *self,
                              const FerryJingleTurn *turn)
{
  if (self->phase == PHASE_ASKING)
    ferry_jingle_session_finish (self, turn, FERRY_JINGLE_REASON_DECLINE,
                                 FERRY_OUTCOME_DECLINED, NULL);
  else if (self->phase == PHASE_FINDING)
    ferry_jingle_session_not_found (self, turn);
  else
    ferry_jingle_session_cancel (self, turn);
}

/* Presence says that the peer left. A stream of its own may live on, and what is
 * here already needs nobody; everything else is over. */
void
ferry_jingle_session_peer_gone (FerryJingleSession    *self,
                                const FerryJingleTurn *turn)
{
  switch ((guint) self->phase)
    {
    case PHASE_SECURING:
    case PHASE_MOVING:
    case PHASE_BROKEN:
    case PHASE_STORING:
      break;
    case PHASE_CHECKSUM:
      ferry_jingle_session_store (self, turn);
      break;
    case PHASE_CONFIRMING:
      self->is_asked = TRUE; /* who is not there cannot be asked */
      ferry_jingle_session_enter (self, turn, PHASE_CONFIRMING,
                                  MIN (self->deadline, turn->now + GONE_TIME));
      break;
    default:
      ferry_jingle_session_finish (self, turn, FERRY_JINGLE_REASON_GONE, FERRY_OUTCOME_PEER_GONE,
                                   "the peer went offline");
      break;
    }
}

/* The executor's timer may be late or early; only what is due counts. */
void
ferry_jingle_session_expire (FerryJingleSession    *self,
                             const FerryJingleTurn *turn)
{
  if (self->deadline == 0 || turn->now < self->deadline)
    return;

  switch ((guint) self->phase)
    {
    case PHASE_OFFERED:
    case PHASE_ASKING:
    case PHASE_FINDING:
      ferry_jingle_session_finish (self, turn, FERRY_JINGLE_REASON_TIMEOUT,
                                   FERRY_OUTCOME_EXPIRED, NULL);
      break;
    case PHASE_FAILED:
      ferry_jingle_session_take_over (self, turn);
      break;
    case PHASE_SECURING:
      ferry_jingle_session_heard_method (self, turn);
      break;
    case PHASE_PROPOSED:
      ferry_jingle_session_give_up (self, turn, "the peer does not answer our transport");
      break;
    case PHASE_BROKEN:
      ferry_jingle_session_finish (self, turn, ferry_jingle_session_get_reason (self->outcome),
                                   self->received ? FERRY_OUTCOME_DONE : self->outcome, self->text);
      break;
    case PHASE_CHECKSUM:
      ferry_jingle_session_store (self, turn);
      break;
    case PHASE_CONFIRMING:
      ferry_jingle_session_confirm_late (self, turn);
      break;
    default:
      break;
    }
}
