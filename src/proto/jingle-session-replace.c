/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/jingle-session-private.h"

#define REPLACE_GRACE  (400 * G_TIME_SPAN_MILLISECOND) /* initiator, FB-5 */
#define REPLACE_WAIT   (15 * G_TIME_SPAN_SECOND)       /* responder, and for an answer */
#define MAX_TRANSPORTS 8                               /* in one session; nobody needs so many */

/* FB-7: whether a session of its own with in-band alone can still help. */
gboolean
ferry_jingle_session_can_retry (const FerryJingleSession *self)
{
  const char *in_band = ferry_jingle_session_find_allowed (self, self->flavour->in_band_ns);

  return self->role == FERRY_ROLE_INITIATOR && in_band != NULL && in_band != self->transports[0] &&
         !self->in_band_tried;
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

/* Skips the transport that just failed, if the peer had proposed it. */
static const char *
peek_next (const FerryJingleSession *self)
{
  const char *ns = self->transports[self->next_transport];

  if (ns != NULL && ns == self->transport_ns)
    ns = self->transports[self->next_transport + 1];

  return ns;
}

/* FB-3: replacing is the initiator's duty. The peer may be faster (FB-5). */
void
ferry_jingle_session_fail_over (FerryJingleSession    *self,
                                const FerryJingleTurn *turn,
                                const char            *text)
{
  if (self->state != FERRY_JINGLE_ACTIVE)
    ferry_jingle_session_end (self, turn, FERRY_OUTCOME_NO_ROUTE, text);
  else if (self->role == FERRY_ROLE_RESPONDER)
    ferry_jingle_session_enter (self, turn, PHASE_FAILED, turn->now + REPLACE_WAIT);
  else if (peek_next (self) != NULL && self->profile->answers_transport_replace)
    ferry_jingle_session_enter (self, turn, PHASE_FAILED, turn->now + REPLACE_GRACE);
  else
    ferry_jingle_session_give_up (self, turn, text);
}

static void
propose (FerryJingleSession    *self,
         const FerryJingleTurn *turn,
         FerryJinglePhase       phase)
{
  const char *ns = peek_next (self);

  while (self->transports[self->next_transport] != ns)
    self->next_transport++;
  self->next_transport++;

  ferry_jingle_session_enter (self, turn, phase, 0);
  ferry_jingle_session_prepare (self, turn, ns, NULL);
}

/* The transport we wanted to propose cannot be had. */
void
ferry_jingle_session_try_next (FerryJingleSession    *self,
                               const FerryJingleTurn *turn,
                               const char            *text)
{
  if (peek_next (self) != NULL)
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
  if (self->role == FERRY_ROLE_INITIATOR && peek_next (self) != NULL)
    propose (self, turn, PHASE_PROPOSING);
  else
    ferry_jingle_session_give_up (self, turn, "the peer replaced no transport");
}

/* Our transport is known: the proposal can go out. */
void
ferry_jingle_session_replace (FerryJingleSession    *self,
                              const FerryJingleTurn *turn)
{
  ferry_jingle_session_send_content (self, turn, FERRY_JINGLE_TRANSPORT_REPLACE,
                                     turn->event->element, TAG_REPLACE);
  ferry_jingle_session_enter (self, turn, PHASE_PROPOSED, turn->now + REPLACE_WAIT);
}

/* FB-8: only a transport that does not carry bytes is replaced. */
static gboolean
can_follow (const FerryJingleSession *self,
            const FerryElement       *transport)
{
  return self->phase >= PHASE_CONNECTING && self->phase <= PHASE_FOLLOWING &&
         self->n_transports < MAX_TRANSPORTS && ferry_jingle_session_allows (self, transport);
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
  ferry_jingle_session_enter (self, turn, PHASE_FOLLOWING, 0);
  ferry_jingle_session_prepare (self, turn, ferry_element_get_xmlns (content->transport),
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
      !ferry_element_is (content->transport, NULL, self->transport_ns))
    {
      ferry_jingle_session_refuse (self, turn, FERRY_JINGLE_REFUSE_MALFORMED, NULL);
      return;
    }

  ferry_jingle_session_acknowledge (self, turn, request);
  ferry_jingle_session_remote (self, turn, content->transport);
  ferry_jingle_session_open (self, turn);
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
