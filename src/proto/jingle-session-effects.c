/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/iq.h"
#include "proto/jingle-session-opening.h"

static void
reply (const FerryJingleTurn *turn,
       FerryElement          *iq)
{
  ferry_session_effects_add (turn->effects, FERRY_SESSION_EFFECT_REPLY)->element = iq;
}

/* J-1, GEN-3: acknowledges first; what the request leads to comes after. */
void
ferry_jingle_session_acknowledge (FerryJingleSession       *self,
                                  const FerryJingleTurn    *turn,
                                  const FerryJingleRequest *request)
{
  reply (turn, ferry_iq_new_result (request->iq, NULL));
  self->state = request->next;
}

/* Answers the stanza at hand with an error; the session stays as it is. */
void
ferry_jingle_session_refuse (FerryJingleSession    *self,
                             const FerryJingleTurn *turn,
                             FerryJingleRefusal     refusal,
                             const char            *text)
{
  reply (turn, ferry_jingle_refuse (self->flavour->generation, turn->event->element,
                                    refusal, text));
}

/* What comes back in ANSWER. Later transports get tags of their own, so that a
 * late answer about an earlier one is not mistaken. */
guint
ferry_jingle_session_get_tag (const FerryJingleSession *self,
                              guint                     kind)
{
  return kind == TAG_NONE ? 0 : self->n_transports << TAG_BITS | kind;
}

/**
 * ferry_jingle_session_send:
 * @request: (transfer full)
 * @kind: which answer is waited for; TAG_NONE: nobody waits
 */
void
ferry_jingle_session_send (FerryJingleSession    *self,
                           const FerryJingleTurn *turn,
                           FerryJingle           *request,
                           guint                  kind)
{
  const FerryJingleGeneration *generation = self->flavour->generation;
  gboolean is_initiator = self->role == FERRY_ROLE_INITIATOR;
  g_autoptr(FerryJingle) jingle = request;
  FerryJingleVerdict verdict;
  FerrySessionEffect *effect;

  verdict = ferry_jingle_state_step (&self->state, jingle->action, self->role);
  g_return_if_fail (verdict == FERRY_JINGLE_OK);

  /* J1-1, J0-1 */
  if (jingle->action == FERRY_JINGLE_SESSION_INITIATE || generation->names_parties)
    jingle->initiator = g_strdup (is_initiator ? self->own_jid : self->peer_jid);
  if (jingle->action == FERRY_JINGLE_SESSION_ACCEPT ||
      (jingle->action != FERRY_JINGLE_SESSION_INITIATE && generation->names_parties))
    jingle->responder = g_strdup (is_initiator ? self->peer_jid : self->own_jid);

  effect = ferry_session_effects_add (turn->effects, FERRY_SESSION_EFFECT_SEND);
  effect->element = ferry_jingle_to_element (jingle, generation);
  effect->tag = ferry_jingle_session_get_tag (self, kind);
}

/* Whether the initiator asked for the file, rather than offering it. */
static gboolean
is_request (const FerryJingleSession *self)
{
  return self->direction != FERRY_DIRECTION_BOTH &&
         (self->role == FERRY_ROLE_INITIATOR) == (self->direction == FERRY_DIRECTION_RECEIVE);
}

static FerryJingleSenders
get_senders (const FerryJingleSession *self)
{
  if (self->application->omits_senders)
    return FERRY_JINGLE_SENDERS_UNSAID;
  if (self->direction == FERRY_DIRECTION_BOTH) /* XS-16 */
    return FERRY_JINGLE_SENDERS_BOTH;

  return is_request (self) ? FERRY_JINGLE_SENDERS_RESPONDER : FERRY_JINGLE_SENDERS_INITIATOR;
}

/* Sends @action about our content. The two actions that open a session carry its
 * description as well. @transport: (transfer none) (nullable) */
void
ferry_jingle_session_send_content (FerryJingleSession    *self,
                                   const FerryJingleTurn *turn,
                                   FerryJingleAction      action,
                                   FerryElement          *transport,
                                   guint                  kind)
{
  FerryJingle *jingle = ferry_jingle_new (action, self->sid);
  FerryJingleContent *content;

  content = ferry_jingle_add_content (jingle, self->creator, self->content);
  if (transport != NULL)
    content->transport = ferry_element_ref (transport);

  if (action == FERRY_JINGLE_SESSION_INITIATE || action == FERRY_JINGLE_SESSION_ACCEPT)
    {
      content->senders = get_senders (self);
      content->description = self->application->build_description (self->file,
                                                                   is_request (self));
      content->security = ferry_jingle_session_build_security (self, action);
    }
  if (action == FERRY_JINGLE_SESSION_INITIATE && self->flavour->offers_all)
    ferry_jingle_session_add_alternatives (self, jingle);

  ferry_jingle_session_send (self, turn, jingle, kind);
}

/* @info: (transfer full) (nullable): %NULL: a ping (J-6) */
void
ferry_jingle_session_send_info (FerryJingleSession    *self,
                                const FerryJingleTurn *turn,
                                FerryElement          *info,
                                guint                  kind)
{
  FerryJingle *jingle = ferry_jingle_new (FERRY_JINGLE_SESSION_INFO, self->sid);

  jingle->info = info;
  ferry_jingle_session_send (self, turn, jingle, kind);
}

void
ferry_jingle_session_remote (FerryJingleSession    *self,
                             const FerryJingleTurn *turn,
                             FerryElement          *transport)
{
  ferry_session_effects_add (turn->effects, FERRY_SESSION_EFFECT_REMOTE)->element =
    ferry_element_ref (transport);
}

/* @deadline: µs, monotonic; 0: the phase may last as long as it likes */
void
ferry_jingle_session_enter (FerryJingleSession    *self,
                            const FerryJingleTurn *turn,
                            FerryJinglePhase       phase,
                            gint64                 deadline)
{
  self->phase = phase;
  if (self->deadline == deadline)
    return;

  self->deadline = deadline;
  ferry_session_effects_add (turn->effects, FERRY_SESSION_EFFECT_WAKE)->deadline = deadline;
}

void
ferry_jingle_session_close (FerryJingleSession    *self,
                            const FerryJingleTurn *turn)
{
  if (self->has_transport)
    ferry_session_effects_add (turn->effects, FERRY_SESSION_EFFECT_CLOSE);

  self->has_transport = self->is_opening = self->is_open = FALSE;
  g_clear_pointer (&self->local, ferry_element_unref);
}

/* Nothing more is said to the peer. */
void
ferry_jingle_session_end (FerryJingleSession    *self,
                          const FerryJingleTurn *turn,
                          FerryOutcome           outcome,
                          const char            *text)
{
  FerrySessionEffect *effect;

  ferry_jingle_session_close (self, turn);
  ferry_jingle_session_enter (self, turn, PHASE_ENDED, 0);
  self->state = FERRY_JINGLE_ENDED;

  effect = ferry_session_effects_add (turn->effects, FERRY_SESSION_EFFECT_END);
  effect->outcome = outcome;
  effect->text = g_strdup (text);
}

/* Terminates the session if the peer knows of it, and ends. The peer reads @text
 * only about its own bytes: about our disk it is told nothing. */
void
ferry_jingle_session_finish (FerryJingleSession    *self,
                             const FerryJingleTurn *turn,
                             FerryJingleReason      reason,
                             FerryOutcome           outcome,
                             const char            *text)
{
  if (self->state == FERRY_JINGLE_PENDING || self->state == FERRY_JINGLE_ACTIVE)
    {
      FerryJingle *jingle = ferry_jingle_new (FERRY_JINGLE_SESSION_TERMINATE, self->sid);

      jingle->reason = reason;
      if (outcome == FERRY_OUTCOME_CORRUPT)
        jingle->reason_text = g_strdup (text);
      if (outcome == FERRY_OUTCOME_TOO_LARGE)
        jingle->reason_specific = ferry_element_builder_end (
          ferry_element_builder_new ("file-too-large", FERRY_NS_FILE_TRANSFER_ERRORS));

      ferry_jingle_session_send (self, turn, jingle, TAG_NONE);
    }

  ferry_jingle_session_end (self, turn, outcome, text);
}

void
ferry_jingle_session_succeed (FerryJingleSession    *self,
                              const FerryJingleTurn *turn)
{
  ferry_jingle_session_finish (self, turn, FERRY_JINGLE_REASON_SUCCESS, FERRY_OUTCOME_DONE, NULL);
}
