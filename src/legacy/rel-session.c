/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "legacy/namespaces.h"
#include "legacy/rel-session-private.h"
#include "proto/iq.h"

/* The machine: what may happen when, and how it ends. Read on in rel-session-offer.c, then in
 * rel-session-method.c. */

#define IN(phase) (1u << PHASE_##phase)
#define ALIVE     (IN (ENDED) - 1)
#define ALWAYS    (ALIVE | IN (ENDED))

void
ferry_rel_session_enter (FerryRelSession    *self,
                         const FerryRelTurn *turn,
                         FerryRelPhase       phase,
                         gint64              deadline)
{
  self->phase = phase;
  if (self->deadline == deadline)
    return;

  self->deadline = deadline;
  ferry_session_effects_add (turn->effects, FERRY_SESSION_EFFECT_WAKE)->deadline = deadline;
}

void
ferry_rel_session_reply (const FerryRelTurn *turn,
                         FerryElement       *iq)
{
  ferry_session_effects_add (turn->effects, FERRY_SESSION_EFFECT_REPLY)->element = iq;
}

void
ferry_rel_session_refuse (FerryRelSession    *self,
                          const FerryRelTurn *turn,
                          FerryRelRefusal     refusal)
{
  g_autoptr(FerryElement) held = g_steal_pointer (&self->held);

  if (held != NULL)
    ferry_rel_session_reply (turn, ferry_rel_refuse (held, refusal));
}

void
ferry_rel_session_close (FerryRelSession    *self,
                         const FerryRelTurn *turn)
{
  if (self->has_transport)
    ferry_session_effects_add (turn->effects, FERRY_SESSION_EFFECT_CLOSE);
  self->has_transport = FALSE;
}

void
ferry_rel_session_end (FerryRelSession    *self,
                       const FerryRelTurn *turn,
                       FerryOutcome        outcome,
                       const char         *text)
{
  FerrySessionEffect *effect;

  /* GEN-1. An offer is declined, whatever the reason; a proposal is about a cid that is no more. */
  ferry_rel_session_refuse (self, turn, self->phase == PHASE_ASKING ? FERRY_REL_REFUSE_DECLINED
                                                                     : FERRY_REL_REFUSE_CID);
  ferry_rel_session_close (self, turn);
  ferry_rel_session_enter (self, turn, PHASE_ENDED, 0);

  effect = ferry_session_effects_add (turn->effects, FERRY_SESSION_EFFECT_END);
  effect->outcome = outcome;
  effect->text = g_strdup (text);
}

/* No stanza takes an offer or a cid back: the peer finds out when it comes to it. */
static void
cancel (FerryRelSession    *self,
        const FerryRelTurn *turn)
{
  ferry_rel_session_end (self, turn, FERRY_OUTCOME_CANCELLED, NULL);
}

/* A refusal after the agreement is a cancellation. */
static void
decline (FerryRelSession    *self,
         const FerryRelTurn *turn)
{
  ferry_rel_session_end (self, turn,
                         self->phase == PHASE_ASKING ? FERRY_OUTCOME_DECLINED
                                                     : FERRY_OUTCOME_CANCELLED,
                         NULL);
}

/* An offer opens the session, everything else is a query with its cid. */
static void
receive (FerryRelSession    *self,
         const FerryRelTurn *turn)
{
  const FerryElement *query = ferry_iq_get_payload (turn->event->element);

  if (self->phase == PHASE_IDLE && self->parent.role == FERRY_ROLE_RESPONDER)
    ferry_rel_session_receive_offer (self, turn);
  else if (query != NULL && ferry_element_is (query, "query", FERRY_NS_REL))
    ferry_rel_session_receive_query (self, turn);
  else
    ferry_rel_session_reply (turn, ferry_rel_refuse (turn->event->element,
                                                     FERRY_REL_REFUSE_MALFORMED));
}

static void
answered (FerryRelSession    *self,
          const FerryRelTurn *turn)
{
  if (self->phase == PHASE_OFFERED)
    ferry_rel_session_consented (self, turn);
  else
    ferry_rel_session_chosen (self, turn);
}

/* GOOD */
static void
opened (FerryRelSession    *self,
        const FerryRelTurn *turn)
{
  FerrySessionEffect *effect;

  ferry_rel_session_enter (self, turn, PHASE_MOVING, 0);

  effect = ferry_session_effects_add (turn->effects, FERRY_SESSION_EFFECT_PUMP);
  effect->range_length = -1;
  effect->close_confirms = TRUE;
}

/* CLOS. To the sender nobody says that the file arrived: that the peer has taken in the whole
 * stream is what there is. To the receiver nobody says what it should be: it is never verified,
 * and without a size it may even be a part (REL-14). */
static void
data_done (FerryRelSession    *self,
           const FerryRelTurn *turn)
{
  if (self->parent.role == FERRY_ROLE_INITIATOR)
    {
      ferry_rel_session_end (self, turn,
                             turn->event->confirmed ? FERRY_OUTCOME_DONE
                                                    : FERRY_OUTCOME_UNCONFIRMED,
                             NULL);
      return;
    }

  ferry_session_effects_add (turn->effects, FERRY_SESSION_EFFECT_STORE)->verdict =
    FERRY_HASHES_UNKNOWN;
  ferry_rel_session_enter (self, turn, PHASE_STORING, 0);
}

/* ERR (REL-12). A receiver that wants no more has no other word for it than to break the stream.
 * What is known of its presence, the executor knows better. */
static void
data_failed (FerryRelSession    *self,
             const FerryRelTurn *turn)
{
  FerryOutcome outcome = turn->event->outcome;

  if (self->parent.role == FERRY_ROLE_INITIATOR && outcome == FERRY_OUTCOME_PEER_GONE)
    outcome = FERRY_OUTCOME_PEER_CANCELLED;

  ferry_rel_session_end (self, turn, outcome, turn->event->text);
}

static void
stored (FerryRelSession    *self,
        const FerryRelTurn *turn)
{
  ferry_rel_session_end (self, turn, FERRY_OUTCOME_DONE, NULL);
}

/* A stream of its own may live on, and what is here already needs nobody. */
static void
peer_gone (FerryRelSession    *self,
           const FerryRelTurn *turn)
{
  if (self->phase != PHASE_MOVING && self->phase != PHASE_STORING)
    ferry_rel_session_end (self, turn, FERRY_OUTCOME_PEER_GONE, "the peer went offline");
}

/* An alarm that comes too early, or for what is past, is nobody's. */
static void
expire (FerryRelSession    *self,
        const FerryRelTurn *turn)
{
  if (self->deadline == 0 || turn->now < self->deadline)
    return;

  if (self->phase == PHASE_CONNECTING)
    ferry_rel_session_failed (self, turn);
  else if (self->phase == PHASE_LINKED)
    ferry_rel_session_end (self, turn,
                           self->was_bad ? FERRY_OUTCOME_NO_ROUTE : FERRY_OUTCOME_PEER_GONE,
                           "the peer proposes no method");
  else
    ferry_rel_session_end (self, turn, FERRY_OUTCOME_EXPIRED, "nobody answered the offer");
}

/* An event outside its phases is a race that was lost, and is forgotten. */
static const struct
{
  guint             phases;
  FerryRelEventFunc handle;
} events[] = {
  [FERRY_SESSION_EVENT_START] = { IN (IDLE), ferry_rel_session_start },
  [FERRY_SESSION_EVENT_ACCEPT] = { IN (ASKING), ferry_rel_session_agree },
  [FERRY_SESSION_EVENT_DECLINE] = { ALIVE, decline },
  [FERRY_SESSION_EVENT_CANCEL] = { ALIVE, cancel },
  [FERRY_SESSION_EVENT_STANZA] = { ALWAYS, receive },
  [FERRY_SESSION_EVENT_ANSWER] = { IN (OFFERED) | IN (NEGOTIATING), answered },
  [FERRY_SESSION_EVENT_TRANSPORT_PREPARED] = { IN (PREPARING), ferry_rel_session_prepared },
  [FERRY_SESSION_EVENT_TRANSPORT_OPEN] = { IN (CONNECTING), opened },
  [FERRY_SESSION_EVENT_TRANSPORT_FAILED] = { IN (PREPARING) | IN (CONNECTING),
                                             ferry_rel_session_failed },
  [FERRY_SESSION_EVENT_DATA_DONE] = { IN (MOVING), data_done },
  [FERRY_SESSION_EVENT_DATA_FAILED] = { IN (MOVING) | IN (STORING), data_failed },
  [FERRY_SESSION_EVENT_STORED] = { IN (STORING), stored },
  [FERRY_SESSION_EVENT_PEER_GONE] = { ALIVE, peer_gone },
  [FERRY_SESSION_EVENT_DEADLINE] = { ALIVE, expire },
};

static void
rel_session_handle (FerrySession            *session,
                    const FerrySessionEvent *event,
                    gint64                   now,
                    FerrySessionEffects     *effects)
{
  FerryRelSession *self = (FerryRelSession *) session;
  FerryRelTurn turn = { event, now, effects };

  g_return_if_fail (event->kind < G_N_ELEMENTS (events));

  if (events[event->kind].phases & (1u << self->phase))
    events[event->kind].handle (self, &turn);
}

static const FerryFileDescription *
rel_session_get_file (const FerrySession *session)
{
  return ((const FerryRelSession *) session)->file;
}

static FerrySession *
rel_session_copy (const FerrySession *session)
{
  const FerryRelSession *self = (const FerryRelSession *) session;
  FerryRelSession *copy = g_new (FerryRelSession, 1);

  *copy = *self;
  copy->cid = g_strdup (self->cid);
  copy->file = ferry_file_description_copy (self->file);
  copy->held = self->held != NULL ? ferry_element_ref (self->held) : NULL;

  return &copy->parent;
}

static void
rel_session_free (FerrySession *session)
{
  FerryRelSession *self = (FerryRelSession *) session;

  g_free (self->cid);
  ferry_file_description_free (self->file);
  g_clear_pointer (&self->held, ferry_element_unref);
  g_free (self);
}

static const FerrySessionClass rel_session_class = {
  .handle = rel_session_handle,
  .get_file = rel_session_get_file,
  .copy = rel_session_copy,
  .free = rel_session_free,
};

FerrySession *
ferry_rel_session_new (FerryRole                 role,
                       const FerrySessionConfig *config)
{
  FerryRelSession *self;

  g_return_val_if_fail (config != NULL, NULL);
  g_return_val_if_fail (role == FERRY_ROLE_RESPONDER || config->file != NULL, NULL);

  self = g_new0 (FerryRelSession, 1);
  self->parent.klass = &rel_session_class;
  self->parent.role = role;
  self->cid = role == FERRY_ROLE_RESPONDER ? g_strdup (config->sid) : NULL;
  self->file = config->file != NULL ? ferry_file_description_copy (config->file)
                                    : ferry_file_description_new ();

  for (FerryRelMethod method = 0; method < FERRY_REL_N_METHODS; method++)
    if (g_strv_contains (config->transports, ferry_rel_method_get_transport (method)))
      self->methods |= 1u << method;

  return &self->parent;
}
