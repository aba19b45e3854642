/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/jingle-session-opening.h"

#define REPLACE_GRACE  (400 * G_TIME_SPAN_MILLISECOND) /* initiator, FB-5 */
#define REPLACE_WAIT   (15 * G_TIME_SPAN_SECOND)       /* responder, and for an answer */
#define MAX_TRANSPORTS 8                               /* in one session; nobody needs so many */

/* FB-7: whether a session of its own with in-band alone can still help. */
gboolean
ferry_jingle_session_can_retry (const FerryJingleSession *self)
{
  if (self->role != FERRY_ROLE_INITIATOR || self->in_band_tried)
    return FALSE;

  for (guint i = 1; self->transports[0] != NULL && self->transports[i] != NULL; i++)
    if (ferry_jingle_session_find_way (self, self->transports[i])->is_in_band)
      return TRUE;

  return FALSE;
}

void
ferry_jingle_session_give_up (FerryJingleSession    *self,
                              const FerryJingleTurn *turn,
                              const char            *text)
{
  ferry_jingle_session_finish (self, turn, FERRY_JINGLE_REASON_FAILED_TRANSPORT,
                               ferry_jingle_session_can_retry (self) ? FERRY_OUTCOME_RETRY_IN_BAND
                                                                     : FERRY_OUTCOME_NO_ROUTE,
                               text);
}

/* What to propose instead of the transport that just failed, whoever had proposed that.
 * A responder proposes only what always works (FB-4).
 *
 * Returns: (nullable) */
static const FerryJingleWay *
find_next (const FerryJingleSession *self,
           guint                    *rank)
{
  for (guint i = self->next_transport; self->transports[i] != NULL; i++)
    {
      const FerryJingleWay *way = ferry_jingle_session_find_way (self, self->transports[i]);

      if (way != NULL && way != self->way &&
          (self->role == FERRY_ROLE_INITIATOR || way->is_in_band))
        {
          *rank = i;
          return way;
        }
    }

  return NULL;
}

static gboolean
has_next (const FerryJingleSession *self)
{
  guint rank;

  return find_next (self, &rank) != NULL;
}

/* FB-3: replacing is the initiator's duty. The peer may be faster (FB-5). */
void
ferry_jingle_session_fail_over (FerryJingleSession    *self,
                                const FerryJingleTurn *turn,
                                const char            *text)
{
  if (self->role == FERRY_ROLE_RESPONDER)
    ferry_jingle_session_enter (self, turn, PHASE_FAILED, turn->now + REPLACE_WAIT);
  else if (has_next (self) && self->profile->answers_transport_replace)
    ferry_jingle_session_enter (self, turn, PHASE_FAILED, turn->now + REPLACE_GRACE);
  else
    ferry_jingle_session_give_up (self, turn, text);
}

static void
propose (FerryJingleSession    *self,
         const FerryJingleTurn *turn,
         FerryJinglePhase       phase)
{
  guint rank = 0;
  const FerryJingleWay *way = find_next (self, &rank);

  self->next_transport = rank + 1;
  ferry_jingle_session_enter (self, turn, phase, 0);
  ferry_jingle_session_prepare (self, turn, way, NULL);
}

/* The transport we wanted to propose cannot be had. */
void
ferry_jingle_session_try_next (FerryJingleSession    *self,
                               const FerryJingleTurn *turn,
                               const char            *text)
{
  if (has_next (self))
    propose (self, turn, self->phase);
  else if (self->phase == PHASE_PROPOSING)
    ferry_jingle_session_give_up (self, turn, text);
  else
    ferry_jingle_session_end (self, turn, FERRY_OUTCOME_NO_ROUTE, text);
}

/* The grace is over and the peer proposed nothing. */
void
ferry_jingle_session_take_over (FerryJingleSession    *self,
                                const FerryJingleTurn *turn)
{
  gboolean may_propose = self->role == FERRY_ROLE_INITIATOR ||
                         (self->way->both_replace && self->state == FERRY_JINGLE_PENDING);

  if (may_propose && has_next (self))
    propose (self, turn, PHASE_PROPOSING);
  else
    ferry_jingle_session_give_up (self, turn, "the peer replaced no transport");
}

/* Our transport is known: the proposal can go out. */
void
ferry_jingle_session_replace (FerryJingleSession    *self,
                              const FerryJingleTurn *turn)
{
  ferry_jingle_session_send_content (self, turn, FERRY_JINGLE_TRANSPORT_REPLACE, self->local,
                                     TAG_REPLACE);
  ferry_jingle_session_enter (self, turn, PHASE_PROPOSED, turn->now + REPLACE_WAIT);
}

/* An early transport may fail while somebody still decides. */
static gboolean
is_deciding (const FerryJingleSession *self)
{
  return self->phase == PHASE_ASKING || self->phase == PHASE_FINDING ||
         self->phase == PHASE_ACCEPTING;
}

/* FB-8: only a transport that does not carry bytes is replaced. */
static gboolean
can_follow (const FerryJingleSession *self,
            const FerryElement       *transport)
{
  gboolean is_early = self->way != NULL && self->way->is_early && !self->is_open &&
                      (is_deciding (self) || self->phase == PHASE_OFFERED);

  return (is_early || (self->phase >= PHASE_CONNECTING && self->phase <= PHASE_FOLLOWING)) &&
         self->n_transports < MAX_TRANSPORTS &&
         ferry_jingle_session_read_way (self, transport) != NULL;
}

void
ferry_jingle_session_receive_transport_replace (FerryJingleSession       *self,
                                                const FerryJingleTurn    *turn,
                                                const FerryJingleRequest *request)
{
  const FerryJingleContent *content = ferry_jingle_session_find_content (self, request->jingle);

  if (content == NULL || content->transport == NULL)
    {
      ferry_jingle_session_refuse (self, turn, FERRY_JINGLE_REFUSE_MALFORMED, NULL);
      return;
    }

  /* J-14, FB-6: of two that cross, the initiator's counts. */
  if (self->phase == PHASE_PROPOSED && self->role == FERRY_ROLE_INITIATOR)
    {
      ferry_jingle_session_refuse (self, turn, FERRY_JINGLE_REFUSE_TIE_BREAK, NULL);
      return;
    }

  ferry_jingle_session_acknowledge (self, turn, request);

  if (!can_follow (self, content->transport))
    {
      ferry_jingle_session_send_content (self, turn, FERRY_JINGLE_TRANSPORT_REJECT,
                                         content->transport, TAG_NONE);
      return;
    }

  g_clear_pointer (&self->remote, ferry_element_unref);
  self->remote = ferry_element_ref (content->transport);
  if (!is_deciding (self))
    ferry_jingle_session_enter (self, turn, PHASE_FOLLOWING, 0);
  ferry_jingle_session_prepare (self, turn,
                                ferry_jingle_session_read_way (self, content->transport),
                                content->transport);
}

void
ferry_jingle_session_receive_transport_accept (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn,
                                               const FerryJingleRequest *request)
{
  const FerryJingleContent *content = ferry_jingle_session_find_content (self, request->jingle);

  if (self->phase != PHASE_PROPOSED)
    {
      ferry_jingle_session_refuse (self, turn, FERRY_JINGLE_REFUSE_OUT_OF_ORDER, NULL);
      return;
    }
  if (content == NULL || content->transport == NULL ||
      !ferry_jingle_session_is_on_table (self, content->transport))
    {
      ferry_jingle_session_refuse (self, turn, FERRY_JINGLE_REFUSE_MALFORMED, NULL);
      return;
    }

  ferry_jingle_session_acknowledge (self, turn, request);
  ferry_jingle_session_remote (self, turn, content->transport);
  ferry_jingle_session_go_on (self, turn);
}

void
ferry_jingle_session_receive_transport_reject (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn,
                                               const FerryJingleRequest *request)
{
  if (self->phase != PHASE_PROPOSED)
    {
      ferry_jingle_session_refuse (self, turn, FERRY_JINGLE_REFUSE_OUT_OF_ORDER, NULL);
      return;
    }

  ferry_jingle_session_acknowledge (self, turn, request);
  ferry_jingle_session_give_up (self, turn, "the peer rejects our transport");
}
