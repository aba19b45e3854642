/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "legacy/si-session-private.h"

/* The machine: what may happen when, and how it ends. Read on in si-session-offer.c, then in
 * si-session-stream.c. */

#define IN(phase) (1u << PHASE_##phase)
#define ALIVE     (IN (ENDED) - 1)
#define ALWAYS    (ALIVE | IN (ENDED))

void
ferry_si_session_enter (FerrySiSession    *self,
                        const FerrySiTurn *turn,
                        FerrySiPhase       phase,
                        gint64             deadline)
{
  self->phase = phase;
  if (self->deadline == deadline)
    return;

  self->deadline = deadline;
  ferry_session_effects_add (turn->effects, FERRY_SESSION_EFFECT_WAKE)->deadline = deadline;
}

void
ferry_si_session_reply (const FerrySiTurn *turn,
                        FerryElement      *iq)
{
  ferry_session_effects_add (turn->effects, FERRY_SESSION_EFFECT_REPLY)->element = iq;
}

void
ferry_si_session_end (FerrySiSession    *self,
                      const FerrySiTurn *turn,
                      FerryOutcome       outcome,
                      const char        *text)
{
  FerrySessionEffect *effect;

  /* GEN-1, whatever the reason: to the peer it is as if the user had refused. */
  if (self->held != NULL)
    ferry_si_session_reply (turn, ferry_si_refuse (self->text, self->held,
                                                   FERRY_SI_REFUSE_DECLINED));
  g_clear_pointer (&self->held, ferry_element_unref);

  if (self->has_transport)
    ferry_session_effects_add (turn->effects, FERRY_SESSION_EFFECT_CLOSE);
  self->has_transport = FALSE;

  ferry_si_session_enter (self, turn, PHASE_ENDED, 0);
  effect = ferry_session_effects_add (turn->effects, FERRY_SESSION_EFFECT_END);
  effect->outcome = outcome;
  effect->text = g_strdup (text);
}

/* No stanza takes an offer back, or ends a stream that does not stand yet: the peer finds out
 * when nothing comes of it. */
static void
cancel (FerrySiSession    *self,
        const FerrySiTurn *turn)
{
  ferry_si_session_end (self, turn, FERRY_OUTCOME_CANCELLED, NULL);
}

/* A refusal after the agreement is a cancellation. */
static void
decline (FerrySiSession    *self,
         const FerrySiTurn *turn)
{
  ferry_si_session_end (self, turn,
                        self->phase == PHASE_ASKING ? FERRY_OUTCOME_DECLINED
                                                    : FERRY_OUTCOME_CANCELLED,
                        NULL);
}

/* A stream of its own may live on, and what is here already needs nobody. */
static void
peer_gone (FerrySiSession    *self,
           const FerrySiTurn *turn)
{
  if (self->phase != PHASE_MOVING && self->phase != PHASE_STORING)
    ferry_si_session_end (self, turn, FERRY_OUTCOME_PEER_GONE, "the peer went offline");
}

/* SIFT-9. An alarm that comes too early, or for what is past, is nobody's. */
static void
expire (FerrySiSession    *self,
        const FerrySiTurn *turn)
{
  if (self->deadline == 0 || turn->now < self->deadline)
    return;

  if (self->phase == PHASE_CONNECTING)
    ferry_si_session_failed (self, turn);
  else
    ferry_si_session_end (self, turn, FERRY_OUTCOME_EXPIRED, "nobody answered the offer");
}

/* An event outside its phases is a race that was lost, and is forgotten. */
static const struct
{
  guint            phases;
  FerrySiEventFunc handle;
} events[] = {
  [FERRY_SESSION_EVENT_START] = { IN (IDLE), ferry_si_session_start },
  [FERRY_SESSION_EVENT_ACCEPT] = { IN (ASKING), ferry_si_session_agree },
  [FERRY_SESSION_EVENT_DECLINE] = { ALIVE, decline },
  [FERRY_SESSION_EVENT_CANCEL] = { ALIVE, cancel },
  [FERRY_SESSION_EVENT_STANZA] = { ALWAYS, ferry_si_session_receive },
  [FERRY_SESSION_EVENT_ANSWER] = { IN (OFFERED), ferry_si_session_answered },
  [FERRY_SESSION_EVENT_TRANSPORT_PREPARED] = { IN (PREPARING), ferry_si_session_prepared },
  [FERRY_SESSION_EVENT_TRANSPORT_OPEN] = { IN (CONNECTING), ferry_si_session_opened },
  [FERRY_SESSION_EVENT_TRANSPORT_FAILED] = { IN (PREPARING) | IN (CONNECTING),
                                             ferry_si_session_failed },
  [FERRY_SESSION_EVENT_DATA_DONE] = { IN (MOVING), ferry_si_session_data_done },
  [FERRY_SESSION_EVENT_DATA_FAILED] = { IN (MOVING) | IN (STORING),
                                        ferry_si_session_data_failed },
  [FERRY_SESSION_EVENT_STORED] = { IN (STORING), ferry_si_session_stored },
  [FERRY_SESSION_EVENT_PEER_GONE] = { ALIVE, peer_gone },
  [FERRY_SESSION_EVENT_DEADLINE] = { ALIVE, expire },
};

static void
si_session_handle (FerrySession            *session,
                   const FerrySessionEvent *event,
                   gint64                   now,
                   FerrySessionEffects     *effects)
{
  FerrySiSession *self = (FerrySiSession *) session;
  FerrySiTurn turn = { event, now, effects };

  g_return_if_fail (event->kind < G_N_ELEMENTS (events));

  if (events[event->kind].phases & (1u << self->phase))
    events[event->kind].handle (self, &turn);
}

static const FerryFileDescription *
si_session_get_file (const FerrySession *session)
{
  return ((const FerrySiSession *) session)->file;
}

static FerrySession *
si_session_copy (const FerrySession *session)
{
  const FerrySiSession *self = (const FerrySiSession *) session;
  FerrySiSession *copy = g_new (FerrySiSession, 1);

  *copy = *self;
  copy->sid = g_strdup (self->sid);
  copy->file = ferry_file_description_copy (self->file);
  copy->held = self->held != NULL ? ferry_element_ref (self->held) : NULL;

  return &copy->parent;
}

static void
si_session_free (FerrySession *session)
{
  FerrySiSession *self = (FerrySiSession *) session;

  g_free (self->sid);
  ferry_file_description_free (self->file);
  g_clear_pointer (&self->held, ferry_element_unref);
  g_free (self);
}

static const FerrySessionClass si_session_class = {
  .handle = si_session_handle,
  .get_file = si_session_get_file,
  .copy = si_session_copy,
  .free = si_session_free,
};

static guint
find_methods (const char *const *transports)
{
  guint methods = 0;

  for (FerrySiMethod method = 0; method < FERRY_SI_N_METHODS; method++)
    if (g_strv_contains (transports, ferry_si_method_get_transport (method)))
      methods |= 1u << method;

  return methods;
}

FerrySession *
ferry_si_session_new (const FerrySiText        *text,
                      FerryRole                 role,
                      const FerrySessionConfig *config)
{
  FerrySiSession *self;

  g_return_val_if_fail (text != NULL && config != NULL, NULL);
  g_return_val_if_fail (role == FERRY_ROLE_RESPONDER || config->file != NULL, NULL);

  self = g_new0 (FerrySiSession, 1);
  self->parent.klass = &si_session_class;
  self->parent.role = role;
  self->text = text;
  self->sid = g_strdup (config->sid);
  self->methods = find_methods (config->transports);
  self->file = config->file != NULL ? ferry_file_description_copy (config->file)
                                    : ferry_file_description_new ();
  self->length = -1;

  return &self->parent;
}
