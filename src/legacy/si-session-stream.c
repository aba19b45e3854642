/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "legacy/si-session-private.h"
#include "proto/iq.h"

/* The transport has limits of its own for all that it does. This one is for a peer that agreed
 * and then does nothing. */
#define CONNECT_TIME (3 * 60 * G_USEC_PER_SEC)

static gboolean
is_initiator (const FerrySiSession *self)
{
  return self->parent.role == FERRY_ROLE_INITIATOR;
}

/* SIFT-7: whether an in-band stream may follow, with the same id and without another word. */
static gboolean
falls_back (const FerrySiSession *self)
{
  return self->method == FERRY_SI_BYTESTREAMS && (self->methods & (1u << FERRY_SI_IN_BAND)) != 0;
}

/* SI95-5. The sender is the requester of the bytestream, or opens the in-band one. */
void
ferry_si_session_prepare (FerrySiSession    *self,
                          const FerrySiTurn *turn)
{
  FerrySessionEffect *effect;

  ferry_si_session_enter (self, turn, PHASE_PREPARING, 0);
  self->has_transport = TRUE;

  effect = ferry_session_effects_add (turn->effects, FERRY_SESSION_EFFECT_PREPARE);
  effect->transport_ns = ferry_si_method_get_transport (self->method);
  effect->proposer = is_initiator (self);
  effect->stream_sid = g_strdup (self->sid);
  effect->falls_back = falls_back (self);
}

/* The answer goes out when the transport is there: the peer's first word to it may be quick. */
static void
consent (FerrySiSession    *self,
         const FerrySiTurn *turn)
{
  g_autoptr(FerryElement) held = g_steal_pointer (&self->held);
  g_autoptr(FerryElement) si =
    ferry_si_answer_to_element (self->text, &self->offer, self->sid, self->method, self->offset);

  ferry_si_session_reply (turn, ferry_iq_new_result (held, si));
}

void
ferry_si_session_prepared (FerrySiSession    *self,
                           const FerrySiTurn *turn)
{
  if (turn->event->element == NULL)
    {
      ferry_si_session_failed (self, turn);
      return;
    }

  if (self->held != NULL)
    consent (self, turn);

  ferry_session_effects_add (turn->effects, FERRY_SESSION_EFFECT_OPEN);
  ferry_si_session_enter (self, turn, PHASE_CONNECTING, turn->now + CONNECT_TIME);
}

/* Peers: all but libpurple refuse an in-band stream under the old id, yet take one that is
 * offered afresh (SIFT-8, FB-7). */
void
ferry_si_session_failed (FerrySiSession    *self,
                         const FerrySiTurn *turn)
{
  gboolean can_retry = is_initiator (self) && falls_back (self);

  if (self->held != NULL)
    ferry_si_session_reply (turn, ferry_si_refuse (self->text, self->held,
                                                   FERRY_SI_REFUSE_NO_VALID_STREAMS));
  g_clear_pointer (&self->held, ferry_element_unref);

  ferry_si_session_end (self, turn,
                        can_retry ? FERRY_OUTCOME_RETRY_IN_BAND : FERRY_OUTCOME_NO_ROUTE,
                        turn->event->text);
}

void
ferry_si_session_opened (FerrySiSession    *self,
                         const FerrySiTurn *turn)
{
  FerrySessionEffect *effect;

  ferry_si_session_enter (self, turn, PHASE_MOVING, 0);

  effect = ferry_session_effects_add (turn->effects, FERRY_SESSION_EFFECT_PUMP);
  effect->range_offset = self->offset;
  effect->range_length = self->length;
  effect->close_confirms = TRUE;
}

/* SIFT-6: to the sender nobody says that the file arrived. That the peer has taken in the whole
 * stream is what there is; a peer that shows not even that may have it or not. */
static void
finish_sending (FerrySiSession    *self,
                const FerrySiTurn *turn)
{
  ferry_si_session_end (self, turn,
                        turn->event->confirmed ? FERRY_OUTCOME_DONE : FERRY_OUTCOME_UNCONFIRMED,
                        NULL);
}

/* All bytes are here; the stream stays open, for its end is what the sender takes for our word. */
static void
judge (FerrySiSession    *self,
       const FerrySiTurn *turn)
{
  FerryHashes computed = { 0 };
  FerryHashVerdict verdict;

  if (turn->event->hashes != NULL)
    computed = *turn->event->hashes;
  verdict = ferry_hashes_compare (&self->file->hashes, &computed);

  if (verdict == FERRY_HASHES_MISMATCH)
    {
      ferry_si_session_end (self, turn, FERRY_OUTCOME_CORRUPT, "checksum mismatch");
      return;
    }

  ferry_session_effects_add (turn->effects, FERRY_SESSION_EFFECT_STORE)->verdict = verdict;
  ferry_si_session_enter (self, turn, PHASE_STORING, 0);
}

void
ferry_si_session_data_done (FerrySiSession    *self,
                            const FerrySiTurn *turn)
{
  if (is_initiator (self))
    finish_sending (self, turn);
  else
    judge (self, turn);
}

/* A receiver that wants no more has no other word for it than to break the stream. What is known
 * of its presence, the executor knows better. */
void
ferry_si_session_data_failed (FerrySiSession    *self,
                              const FerrySiTurn *turn)
{
  FerryOutcome outcome = turn->event->outcome;

  if (is_initiator (self) && outcome == FERRY_OUTCOME_PEER_GONE)
    outcome = FERRY_OUTCOME_PEER_CANCELLED;

  ferry_si_session_end (self, turn, outcome, turn->event->text);
}

void
ferry_si_session_stored (FerrySiSession    *self,
                         const FerrySiTurn *turn)
{
  ferry_si_session_end (self, turn, FERRY_OUTCOME_DONE, NULL);
}
