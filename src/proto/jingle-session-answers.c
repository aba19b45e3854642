/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/jingle-session-opening.h"
#include "proto/stanza-error.h"

#define CHECKSUM_TRIES 3

/* What an error in answer to our offer means (SEL-4, protocols 3.3). */
static FerryOutcome
get_meaning (const FerryStanzaError *error)
{
  switch ((guint) error->condition)
    {
    case FERRY_CONDITION_SERVICE_UNAVAILABLE:
    case FERRY_CONDITION_FEATURE_NOT_IMPLEMENTED:
      return FERRY_OUTCOME_PEER_CANNOT;
    case FERRY_CONDITION_RESOURCE_CONSTRAINT:
      return FERRY_OUTCOME_PEER_BUSY;
    case FERRY_CONDITION_GONE:
    case FERRY_CONDITION_RECIPIENT_UNAVAILABLE:
    case FERRY_CONDITION_REMOTE_SERVER_NOT_FOUND:
    case FERRY_CONDITION_REMOTE_SERVER_TIMEOUT:
      return FERRY_OUTCOME_PEER_GONE;
    default:
      return FERRY_OUTCOME_REFUSED;
    }
}

static char *
describe (const char             *what,
          const FerryStanzaError *error)
{
  if (error == NULL)
    return g_strdup_printf ("no answer to %s", what);

  return g_strdup_printf ("%s was answered %s%s%s%s%s", what,
                          ferry_condition_to_string (error->condition),
                          error->specific != NULL ? ", " : "",
                          error->specific != NULL ? error->specific : "",
                          error->text != NULL ? ": " : "", error->text != NULL ? error->text : "");
}

/* The peer has no such session: there is nothing to terminate. */
static void
offer_failed (FerryJingleSession     *self,
              const FerryJingleTurn  *turn,
              const FerryStanzaError *error)
{
  g_autofree char *text = describe ("the offer", error);

  if (error != NULL)
    ferry_jingle_session_end (self, turn, get_meaning (error), text);
  else
    ferry_jingle_session_finish (self, turn, FERRY_JINGLE_REASON_TIMEOUT,
                                 FERRY_OUTCOME_PEER_GONE, text);
}

static void
accept_failed (FerryJingleSession     *self,
               const FerryJingleTurn  *turn,
               const FerryStanzaError *error)
{
  g_autofree char *text = describe ("the acceptance", error);

  ferry_jingle_session_finish (self, turn, FERRY_JINGLE_REASON_GENERAL_ERROR,
                               error != NULL ? FERRY_OUTCOME_PEER_FAILED : FERRY_OUTCOME_PEER_GONE,
                               text);
}

/* FB-7. Peer: Dino ≤ 0.5 answers our transport-accept with bad-request after it
 * proposed the transport itself. */
static void
replacement_failed (FerryJingleSession     *self,
                    const FerryJingleTurn  *turn,
                    const FerryStanzaError *error)
{
  g_autofree char *text = describe ("the other transport", error);

  ferry_jingle_session_give_up (self, turn, text);
}

/* A receiver whose bytes do not come through the server may be reconnecting to it just
 * then. Without the digest it would store the file unverified, so what it did not hear
 * counts as not said. */
static void
checksum_failed (FerryJingleSession     *self,
                 const FerryStanzaError *error)
{
  gboolean is_unheard = error == NULL ||
                        error->condition == FERRY_CONDITION_RECIPIENT_UNAVAILABLE ||
                        error->condition == FERRY_CONDITION_SERVICE_UNAVAILABLE;

  if (is_unheard && ++self->n_unheard < CHECKSUM_TRIES)
    self->said = 0;
}

/* BS0-1, JI0-1: an early transport is opened as soon as the peer knows of it. */
static void
offer_heard (FerryJingleSession    *self,
             const FerryJingleTurn *turn)
{
  if (self->phase == PHASE_OFFERED && self->way->is_early && !self->is_opening)
    ferry_jingle_session_open (self, turn, PHASE_OFFERED, self->deadline);
}

/* It is the transport that asked. */
static void
info_answered (FerryJingleSession    *self,
               const FerryJingleTurn *turn)
{
  FerryElement *answer = turn->event->element;

  if (self->has_transport)
    ferry_session_effects_add (turn->effects, FERRY_SESSION_EFFECT_INFO_ANSWERED)->element =
      answer != NULL ? ferry_element_ref (answer) : NULL;
}

static gboolean
is_connecting (const FerryJingleSession *self)
{
  return self->phase >= PHASE_CONNECTING && self->phase < PHASE_SECURING;
}

/* The peer's end of the transport was seen: it knows what we said. */
static gboolean
is_met (const FerryJingleSession *self)
{
  return self->phase == PHASE_SECURING || self->phase == PHASE_MOVING;
}

/* A reply to one of our requests. Mostly only failures tell something, and only while
 * the session has not gone on without them. */
void
ferry_jingle_session_answered (FerryJingleSession    *self,
                               const FerryJingleTurn *turn)
{
  g_autoptr(FerryStanzaError) error = NULL;
  guint kind = turn->event->tag & ((1u << TAG_BITS) - 1);

  if (turn->event->element != NULL)
    error = ferry_stanza_error_from_stanza (turn->event->element);

  if (kind == TAG_SECURITY)
    {
      ferry_jingle_session_heard_method (self, turn);
    }
  else if (kind == TAG_PING)
    {
      if (self->phase == PHASE_CONFIRMING && turn->event->element != NULL)
        ferry_jingle_session_pinged (self, turn);
    }
  else if (turn->event->tag == ferry_jingle_session_get_tag (self, TAG_INFO))
    {
      info_answered (self, turn);
    }
  else if (turn->event->element != NULL && error == NULL)
    {
      if (kind == TAG_INITIATE)
        offer_heard (self, turn);
    }
  else if (kind == TAG_CHECKSUM)
    {
      checksum_failed (self, error);
    }
  else if (kind == TAG_INITIATE)
    {
      if (self->phase == PHASE_OFFERED)
        offer_failed (self, turn, error);
    }
  else if (kind == TAG_ACCEPT)
    {
      if (is_connecting (self) || (is_met (self) && error != NULL))
        accept_failed (self, turn, error);
    }
  else if (turn->event->tag == ferry_jingle_session_get_tag (self, TAG_REPLACE))
    {
      if (self->phase == PHASE_PROPOSED)
        replacement_failed (self, turn, error);
    }
  else if (turn->event->tag == ferry_jingle_session_get_tag (self, TAG_TRANSPORT_ACCEPT))
    {
      if (self->phase == PHASE_CONNECTING)
        replacement_failed (self, turn, error);
    }
}
