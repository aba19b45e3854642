/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "legacy/refusal.h"
#include "legacy/rel-session-private.h"
#include "proto/iq.h"

#define DECISION_TIME (5 * 60 * G_USEC_PER_SEC) /* of a user; protocols 15 */
#define PROPOSAL_TIME (60 * G_USEC_PER_SEC)     /* from the cid to the proposal, as in REL-10 */

#define TAG_OFFER 1

void
ferry_rel_session_start (FerryRelSession    *self,
                         const FerryRelTurn *turn)
{
  FerrySessionEffect *effect;

  if (self->parent.role != FERRY_ROLE_INITIATOR)
    return;

  if (self->methods == 0)
    {
      ferry_rel_session_end (self, turn, FERRY_OUTCOME_NO_ROUTE, "no method is allowed");
      return;
    }

  effect = ferry_session_effects_add (turn->effects, FERRY_SESSION_EFFECT_SEND);
  effect->element = ferry_rel_offer_to_element (self->file);
  effect->tag = TAG_OFFER;
  effect->deadline = turn->now + DECISION_TIME;
  ferry_rel_session_enter (self, turn, PHASE_OFFERED, turn->now + DECISION_TIME);
}

/* The peer's user has agreed, or not. */
void
ferry_rel_session_consented (FerryRelSession    *self,
                             const FerryRelTurn *turn)
{
  const FerryElement *iq = turn->event->element;
  g_autoptr(FerryStanzaError) refusal = NULL;
  g_autoptr(GError) error = NULL;

  if (iq == NULL)
    {
      ferry_rel_session_end (self, turn, FERRY_OUTCOME_PEER_GONE, "no answer to the offer");
      return;
    }

  refusal = ferry_stanza_error_from_stanza (iq);
  if (refusal != NULL)
    {
      g_autofree char *text = ferry_refusal_dup_text (refusal, "the offer");

      ferry_rel_session_end (self, turn, ferry_refusal_get_outcome (refusal), text);
      return;
    }

  self->cid = ferry_rel_consent_parse (ferry_iq_get_payload (iq), &error);
  if (self->cid == NULL)
    {
      ferry_rel_session_end (self, turn, FERRY_OUTCOME_PROTOCOL, error->message);
      return;
    }

  ferry_session_effects_add (turn->effects, FERRY_SESSION_EFFECT_ACCEPTED);
  ferry_rel_session_propose (self, turn);
}

void
ferry_rel_session_receive_offer (FerryRelSession    *self,
                                 const FerryRelTurn *turn)
{
  const FerryElement *query = ferry_iq_get_payload (turn->event->element);
  FerryFileDescription *file = NULL;
  g_autoptr(GError) error = NULL;

  self->held = ferry_element_ref (turn->event->element);

  if (query != NULL && ferry_element_is (query, "query", FERRY_NS_REL_APPLICATION))
    file = ferry_rel_offer_parse (query, &error);

  if (file == NULL)
    {
      ferry_rel_session_refuse (self, turn, FERRY_REL_REFUSE_MALFORMED);
      ferry_rel_session_end (self, turn, FERRY_OUTCOME_REFUSED,
                             error != NULL ? error->message : "not an offer");
      return;
    }

  ferry_file_description_free (self->file);
  self->file = file;
  ferry_session_effects_add (turn->effects, FERRY_SESSION_EFFECT_ASK);
  ferry_rel_session_enter (self, turn, PHASE_ASKING, turn->now + DECISION_TIME);
}

/* Our user agreed. There are no parts of files here: the event's offset is of no use. */
void
ferry_rel_session_agree (FerryRelSession    *self,
                         const FerryRelTurn *turn)
{
  g_autoptr(FerryElement) held = g_steal_pointer (&self->held);
  g_autoptr(FerryElement) consent = ferry_rel_consent_to_element (self->cid);

  ferry_rel_session_reply (turn, ferry_iq_new_result (held, consent));
  ferry_rel_session_enter (self, turn, PHASE_LINKED, turn->now + PROPOSAL_TIME);
}
