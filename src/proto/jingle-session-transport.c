/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/jingle-session-opening.h"

static gboolean
is_allowed (const FerryJingleSession *self,
            const char               *ns)
{
  return ns != NULL && g_strv_contains (self->transports, ns);
}

/**
 * ferry_jingle_session_find_way:
 *
 * How we would propose the transport @ns: in the form of the one that it replaces.
 *
 * Returns: (nullable): what may not be used is not found
 */
const FerryJingleWay *
ferry_jingle_session_find_way (const FerryJingleSession *self,
                               const char               *ns)
{
  const FerryJingleWay *found = NULL;

  if (!is_allowed (self, ns))
    return NULL;

  for (const FerryJingleWay *way = self->flavour->ways; way->ns != NULL; way++)
    {
      if (g_strcmp0 (way->ns, ns) != 0)
        continue;

      if (found == NULL || (self->way != NULL && way->is_early == self->way->is_early))
        found = way;
    }

  return found;
}

/* What the peer means by @transport. C-8: it is the early form that has no attributes.
 *
 * Returns: (nullable) */
const FerryJingleWay *
ferry_jingle_session_read_way (const FerryJingleSession *self,
                               const FerryElement       *transport)
{
  const char *ns = ferry_element_get_xmlns (transport);
  gboolean is_empty = ferry_element_get_attribute (transport, "sid") == NULL &&
                      ferry_element_get_attribute (transport, "block-size") == NULL;
  const FerryJingleWay *found = NULL;

  if (!is_allowed (self, ns))
    return NULL;

  for (const FerryJingleWay *way = self->flavour->ways; way->ns != NULL; way++)
    if (g_strcmp0 (way->ns, ns) == 0 && (found == NULL || way->is_early == is_empty))
      found = way;

  return found;
}

gboolean
ferry_jingle_session_is_on_table (const FerryJingleSession *self,
                                  const FerryElement       *transport)
{
  return self->way != NULL && ferry_element_is (transport, NULL, self->way->ns);
}

/* JI0-1, BS0-8a: the initiator opens an early one, whoever proposed it, and whichever
 * way the bytes go. */
static void
add_prepare (FerryJingleSession    *self,
             const FerryJingleTurn *turn,
             gboolean               is_ours)
{
  const FerryJingleWay *way = self->way;
  FerrySessionEffect *effect;

  effect = ferry_session_effects_add (turn->effects, FERRY_SESSION_EFFECT_PREPARE);
  effect->transport_ns = way->ns;
  effect->proposer = way->is_early ? self->role == FERRY_ROLE_INITIATOR : is_ours;
  if (way->is_early && (effect->proposer || !way->takes_any))
    effect->stream_sid = g_strdup (self->sid);
}

/**
 * ferry_jingle_session_prepare:
 * @remote: (nullable): the peer's, if it proposed this transport
 *
 * Puts a transport on the table. The one before is closed first, so that a
 * REMOTE always belongs to the next PREPARE when there is no transport.
 */
void
ferry_jingle_session_prepare (FerryJingleSession    *self,
                              const FerryJingleTurn *turn,
                              const FerryJingleWay  *way,
                              FerryElement          *remote)
{
  if (self->has_transport)
    self->retired_ns = self->way->ns;
  ferry_jingle_session_close (self, turn);

  self->way = way;
  self->n_transports++;

  if (remote != NULL)
    ferry_jingle_session_remote (self, turn, remote);

  add_prepare (self, turn, remote == NULL);
  self->has_transport = TRUE;
}

void
ferry_jingle_session_open (FerryJingleSession    *self,
                           const FerryJingleTurn *turn,
                           FerryJinglePhase       phase,
                           gint64                 deadline)
{
  ferry_session_effects_add (turn->effects, FERRY_SESSION_EFFECT_OPEN);
  self->is_opening = TRUE;
  ferry_jingle_session_enter (self, turn, phase, deadline);
}

/* Both sides know of the transport on the table: on to what it is for. */
void
ferry_jingle_session_go_on (FerryJingleSession    *self,
                            const FerryJingleTurn *turn)
{
  if (self->state == FERRY_JINGLE_ACTIVE)
    ferry_jingle_session_open (self, turn, PHASE_CONNECTING, 0);
  else if (self->role == FERRY_ROLE_RESPONDER)
    ferry_jingle_session_accept (self, turn);
  else if (self->way->is_early)
    ferry_jingle_session_open (self, turn, PHASE_OFFERED, self->decision);
  else
    ferry_jingle_session_enter (self, turn, PHASE_OFFERED, self->decision);
}

/* The peer proposed the transport on the table and has not been answered yet. */
static void
answer_replace (FerryJingleSession    *self,
                const FerryJingleTurn *turn)
{
  if (self->remote == NULL)
    return;

  ferry_jingle_session_send_content (self, turn, FERRY_JINGLE_TRANSPORT_ACCEPT, self->local,
                                     TAG_TRANSPORT_ACCEPT);
  g_clear_pointer (&self->remote, ferry_element_unref);
}

static void
reject_replace (FerryJingleSession    *self,
                const FerryJingleTurn *turn)
{
  if (self->remote == NULL)
    return;

  ferry_jingle_session_send_content (self, turn, FERRY_JINGLE_TRANSPORT_REJECT, self->remote,
                                     TAG_NONE);
  g_clear_pointer (&self->remote, ferry_element_unref);
}

/* The transport on the table cannot be had on our side. */
static void
prepare_failed (FerryJingleSession    *self,
                const FerryJingleTurn *turn)
{
  const char *text = "our side of the transport cannot be had";

  switch ((guint) self->phase)
    {
    case PHASE_PREPARING:
    case PHASE_PROPOSING:
      ferry_jingle_session_try_next (self, turn, text);
      break;
    case PHASE_FOLLOWING:
      reject_replace (self, turn);
      ferry_jingle_session_fail_over (self, turn, text);
      break;
    case PHASE_ASKING:
    case PHASE_FINDING:
      reject_replace (self, turn);
      ferry_jingle_session_close (self, turn);
      break;
    case PHASE_ACCEPTING:
    default:
      reject_replace (self, turn);
      ferry_jingle_session_give_up (self, turn, text);
      break;
    }
}

void
ferry_jingle_session_prepared (FerryJingleSession    *self,
                               const FerryJingleTurn *turn)
{
  if (!self->has_transport || self->local != NULL)
    return;

  if (turn->event->element == NULL)
    {
      prepare_failed (self, turn);
      return;
    }

  self->local = ferry_element_ref (turn->event->element);

  switch ((guint) self->phase)
    {
    case PHASE_PREPARING:
      ferry_jingle_session_initiate (self, turn);
      break;
    case PHASE_ASKING:
    case PHASE_FINDING:
      answer_replace (self, turn);
      break;
    case PHASE_ACCEPTING:
      answer_replace (self, turn);
      ferry_jingle_session_accept (self, turn);
      break;
    case PHASE_PROPOSING:
      ferry_jingle_session_replace (self, turn);
      break;
    case PHASE_FOLLOWING:
    default:
      answer_replace (self, turn);
      ferry_jingle_session_go_on (self, turn);
      break;
    }
}

/* C-15: an early transport stands before the session is accepted. The responder says
 * that it does by accepting; the initiator has to hear it. */
void
ferry_jingle_session_opened (FerryJingleSession    *self,
                             const FerryJingleTurn *turn)
{
  if (!self->is_opening)
    return;

  self->in_band_tried = self->in_band_tried || self->way->is_in_band;
  self->is_open = TRUE;

  if (self->phase == PHASE_OFFERED)
    return;

  if (self->state == FERRY_JINGLE_PENDING)
    ferry_jingle_session_say_accept (self, turn);
  ferry_jingle_session_use (self, turn);
}

void
ferry_jingle_session_pump (FerryJingleSession    *self,
                           const FerryJingleTurn *turn)
{
  FerrySessionEffect *effect;

  effect = ferry_session_effects_add (turn->effects, FERRY_SESSION_EFFECT_PUMP);
  effect->range_offset = self->offset;
  effect->range_length = self->length;
  ferry_jingle_session_enter (self, turn, PHASE_MOVING, 0);
}

void
ferry_jingle_session_failed (FerryJingleSession    *self,
                             const FerryJingleTurn *turn)
{
  if (!self->is_opening)
    return;

  self->in_band_tried = self->in_band_tried || self->way->is_in_band;
  if (self->state == FERRY_JINGLE_ENDED) /* by the peer, which we went on without */
    ferry_jingle_session_end (self, turn,
                              self->received ? FERRY_OUTCOME_DONE : FERRY_OUTCOME_NO_ROUTE,
                              turn->event->text);
  else
    ferry_jingle_session_fail_over (self, turn, turn->event->text);
}
