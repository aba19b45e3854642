/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "legacy/refusal.h"
#include "legacy/rel-session-private.h"
#include "proto/iq.h"

/* The transport has limits of its own for all that it does. This one is for a peer that agreed
 * and then does nothing. */
#define CONNECT_TIME  (3 * 60 * G_USEC_PER_SEC)
#define REMEMBER_TIME (60 * G_USEC_PER_SEC) /* REL-10 */

#define TAG_QUERY 2

/* REL-4. There is another round exactly if, whatever is chosen in this one, something is left
 * for it (REL-5, REL-9). */
void
ferry_rel_session_propose (FerryRelSession    *self,
                           const FerryRelTurn *turn)
{
  FerrySessionEffect *effect;

  self->offered = self->methods;
  self->keep_alive = g_bit_nth_lsf (self->methods, g_bit_nth_lsf (self->methods, -1)) >= 0;

  effect = ferry_session_effects_add (turn->effects, FERRY_SESSION_EFFECT_SEND);
  effect->element = ferry_rel_query_to_element (self->cid, self->offered, self->keep_alive);
  effect->is_get = TRUE;
  effect->tag = TAG_QUERY;
  ferry_rel_session_enter (self, turn, PHASE_NEGOTIATING, 0);
}

/* REL-8, REL-11. A fallback has its own round here: the stream is opened with no other method. */
static void
prepare (FerryRelSession    *self,
         const FerryRelTurn *turn)
{
  FerrySessionEffect *effect;

  ferry_rel_session_enter (self, turn, PHASE_PREPARING, 0);
  self->has_transport = TRUE;

  effect = ferry_session_effects_add (turn->effects, FERRY_SESSION_EFFECT_PREPARE);
  effect->transport_ns = ferry_rel_method_get_transport (self->method);
  effect->proposer = self->parent.role == FERRY_ROLE_INITIATOR;
  effect->stream_sid = g_strdup (self->cid);
}

/* REL-7. A cid that the peer told and does not know any more is one that its user took back, or,
 * once a stream was BAD, one that it did not want to remember. */
static FerryOutcome
get_meaning (const FerryRelSession  *self,
             const FerryStanzaError *error)
{
  switch ((guint) error->condition)
    {
    case FERRY_CONDITION_ITEM_NOT_FOUND:
      return self->was_bad ? FERRY_OUTCOME_NO_ROUTE : FERRY_OUTCOME_PEER_CANCELLED;
    case FERRY_CONDITION_FEATURE_NOT_IMPLEMENTED:
      return FERRY_OUTCOME_NO_ROUTE;
    default:
      return ferry_refusal_get_outcome (error);
    }
}

/* The peer has chosen, or not. */
void
ferry_rel_session_chosen (FerryRelSession    *self,
                          const FerryRelTurn *turn)
{
  const FerryElement *iq = turn->event->element;
  g_autoptr(FerryStanzaError) refusal = NULL;
  g_autoptr(GError) error = NULL;

  if (iq == NULL)
    {
      ferry_rel_session_end (self, turn, FERRY_OUTCOME_PEER_GONE, "no answer to the methods");
      return;
    }

  refusal = ferry_stanza_error_from_stanza (iq);
  if (refusal != NULL)
    {
      g_autofree char *text = ferry_refusal_dup_text (refusal, "the choice of methods");

      ferry_rel_session_end (self, turn, get_meaning (self, refusal), text);
    }
  else if (ferry_rel_choice_parse (ferry_iq_get_payload (iq), self->cid, self->offered,
                                   &self->method, &error))
    prepare (self, turn);
  else
    ferry_rel_session_end (self, turn, FERRY_OUTCOME_PROTOCOL, error->message);
}

/* Responder: our best method in the proposal, or none. */
static void
choose (FerryRelSession    *self,
        const FerryRelTurn *turn)
{
  guint common = self->methods & self->offered;

  if (common == 0)
    {
      ferry_rel_session_refuse (self, turn, FERRY_REL_REFUSE_NO_METHOD);
      ferry_rel_session_end (self, turn, FERRY_OUTCOME_NO_ROUTE, "no method in common");
      return;
    }

  self->method = g_bit_nth_lsf (common, -1);
  prepare (self, turn);
}

/* REL-9: another round means that the stream of this one is BAD for the initiator, even if we
 * still hope. Anything else comes after the cid was used up. */
static gboolean
may_propose (const FerryRelSession *self)
{
  return self->phase == PHASE_LINKED || (self->phase == PHASE_CONNECTING && self->keep_alive);
}

static void
give_up_method (FerryRelSession    *self,
                const FerryRelTurn *turn)
{
  ferry_rel_session_close (self, turn);
  self->methods &= ~(1u << self->method);
  self->was_bad = TRUE;
}

void
ferry_rel_session_receive_query (FerryRelSession    *self,
                                 const FerryRelTurn *turn)
{
  FerryElement *iq = turn->event->element;
  g_autoptr(GError) error = NULL;

  if (!may_propose (self))
    {
      ferry_rel_session_reply (turn, ferry_rel_refuse (iq, FERRY_REL_REFUSE_CID));
      return;
    }

  if (self->phase == PHASE_CONNECTING)
    give_up_method (self, turn);

  self->held = ferry_element_ref (iq);
  if (ferry_rel_query_parse (ferry_iq_get_payload (iq), &self->offered, &self->keep_alive, &error))
    choose (self, turn);
  else
    {
      ferry_rel_session_refuse (self, turn, FERRY_REL_REFUSE_MALFORMED);
      ferry_rel_session_end (self, turn, FERRY_OUTCOME_PROTOCOL, error->message);
    }
}

/* The answer goes out when the transport is there: the peer's first word to it may be quick. */
static void
answer (FerryRelSession    *self,
        const FerryRelTurn *turn)
{
  g_autoptr(FerryElement) held = g_steal_pointer (&self->held);
  g_autoptr(FerryElement) choice = ferry_rel_choice_to_element (self->cid, self->method);

  ferry_rel_session_reply (turn, ferry_iq_new_result (held, choice));
}

void
ferry_rel_session_prepared (FerryRelSession    *self,
                            const FerryRelTurn *turn)
{
  if (turn->event->element == NULL)
    {
      ferry_rel_session_failed (self, turn);
      return;
    }

  if (self->held != NULL)
    answer (self, turn);

  ferry_session_effects_add (turn->effects, FERRY_SESSION_EFFECT_OPEN);
  ferry_rel_session_enter (self, turn, PHASE_CONNECTING, turn->now + CONNECT_TIME);
}

/* A method that cannot even be prepared was not agreed on yet: the responder has another choice. */
void
ferry_rel_session_failed (FerryRelSession    *self,
                          const FerryRelTurn *turn)
{
  give_up_method (self, turn);

  if (self->held != NULL)
    choose (self, turn);
  else if (!self->keep_alive)
    ferry_rel_session_end (self, turn, FERRY_OUTCOME_NO_ROUTE, turn->event->text);
  else if (self->parent.role == FERRY_ROLE_INITIATOR)
    ferry_rel_session_propose (self, turn);
  else
    ferry_rel_session_enter (self, turn, PHASE_LINKED, turn->now + REMEMBER_TIME);
}
