/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/jingle-session-private.h"

#define MAX_CANDIDATES 20 /* in one transport, SEC-11 */

/* Returns: (nullable): @ns as one of ours */
const char *
ferry_jingle_session_find_allowed (const FerryJingleSession *self,
                                   const char               *ns)
{
  for (guint i = 0; self->transports[i] != NULL; i++)
    if (g_strcmp0 (self->transports[i], ns) == 0)
      return self->transports[i];

  return NULL;
}

gboolean
ferry_jingle_session_allows (const FerryJingleSession *self,
                             const FerryElement       *transport)
{
  return ferry_jingle_session_find_allowed (self, ferry_element_get_xmlns (transport)) != NULL;
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
                              const char            *ns,
                              FerryElement          *remote)
{
  FerrySessionEffect *effect;

  if (self->has_transport)
    self->retired_ns = self->transport_ns;
  ferry_jingle_session_close (self, turn);

  self->transport_ns = ferry_jingle_session_find_allowed (self, ns);
  self->n_transports++;

  if (remote != NULL)
    ferry_jingle_session_remote (self, turn, remote);

  effect = ferry_session_effects_add (turn->effects, FERRY_SESSION_EFFECT_PREPARE);
  effect->transport_ns = self->transport_ns;
  effect->proposer = remote == NULL;
  self->has_transport = TRUE;
}

void
ferry_jingle_session_open (FerryJingleSession    *self,
                           const FerryJingleTurn *turn)
{
  ferry_session_effects_add (turn->effects, FERRY_SESSION_EFFECT_OPEN);
  ferry_jingle_session_enter (self, turn, PHASE_CONNECTING, 0);
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
      ferry_jingle_session_send_content (self, turn, FERRY_JINGLE_TRANSPORT_REJECT, self->remote,
                                         TAG_NONE);
      g_clear_pointer (&self->remote, ferry_element_unref);
      ferry_jingle_session_fail_over (self, turn, text);
      break;
    case PHASE_ACCEPTING:
    default:
      ferry_jingle_session_give_up (self, turn, text);
      break;
    }
}

void
ferry_jingle_session_prepared (FerryJingleSession    *self,
                               const FerryJingleTurn *turn)
{
  FerryElement *transport = turn->event->element;

  if (transport == NULL)
    {
      prepare_failed (self, turn);
      return;
    }

  switch ((guint) self->phase)
    {
    case PHASE_PREPARING:
      ferry_jingle_session_initiate (self, turn);
      break;
    case PHASE_ACCEPTING:
      ferry_jingle_session_accept (self, turn);
      break;
    case PHASE_PROPOSING:
      ferry_jingle_session_replace (self, turn);
      break;
    case PHASE_FOLLOWING:
    default:
      ferry_jingle_session_send_content (self, turn, FERRY_JINGLE_TRANSPORT_ACCEPT, transport,
                                         TAG_TRANSPORT_ACCEPT);
      g_clear_pointer (&self->remote, ferry_element_unref);
      ferry_jingle_session_open (self, turn);
      break;
    }
}

/* Our transport has something to tell the peer's. */
void
ferry_jingle_session_say_transport (FerryJingleSession    *self,
                                    const FerryJingleTurn *turn)
{
  if (self->state == FERRY_JINGLE_PENDING || self->state == FERRY_JINGLE_ACTIVE)
    ferry_jingle_session_send_content (self, turn, FERRY_JINGLE_TRANSPORT_INFO,
                                       turn->event->element, TAG_NONE);
}

static gboolean
is_in_band (const FerryJingleSession *self)
{
  return g_strcmp0 (self->transport_ns, self->flavour->in_band_ns) == 0;
}

void
ferry_jingle_session_opened (FerryJingleSession    *self,
                             const FerryJingleTurn *turn)
{
  FerrySessionEffect *effect;

  self->in_band_tried = self->in_band_tried || is_in_band (self);

  effect = ferry_session_effects_add (turn->effects, FERRY_SESSION_EFFECT_PUMP);
  effect->range_offset = self->offset;
  effect->range_length = self->length;
  ferry_jingle_session_enter (self, turn, PHASE_MOVING, 0);
}

void
ferry_jingle_session_failed (FerryJingleSession    *self,
                             const FerryJingleTurn *turn)
{
  self->in_band_tried = self->in_band_tried || is_in_band (self);
  ferry_jingle_session_fail_over (self, turn, turn->event->text);
}

/* While our user decides there is no transport to tell: what trickles in joins the
 * offer. Peer: Psi sends candidates one by one (Q-PS-2). */
static gboolean
merge_candidates (FerryJingleSession *self,
                  const FerryElement *transport)
{
  guint n_added = ferry_element_get_n_children (transport);
  FerryElementBuilder *builder;

  if (ferry_element_get_n_children (self->remote) + n_added > MAX_CANDIDATES)
    return FALSE;

  builder = ferry_element_builder_new_from (self->remote);
  for (guint i = 0; i < n_added; i++)
    ferry_element_builder_child (builder, ferry_element_get_child (transport, i));

  ferry_element_unref (self->remote);
  self->remote = ferry_element_builder_end (builder);

  return TRUE;
}

static void
pass_transport_info (const FerryJingleTurn *turn,
                     FerryElement          *transport)
{
  FerrySessionEffect *effect;

  effect = ferry_session_effects_add (turn->effects, FERRY_SESSION_EFFECT_TRANSPORT_INFO);
  effect->element = ferry_element_ref (transport);
  effect->request = ferry_element_ref (turn->event->element);
}

/* FB-10: what concerns a transport that is gone is acknowledged and forgotten. */
static gboolean
is_late (const FerryJingleSession *self,
         const FerryElement       *transport)
{
  const char *ns = ferry_element_get_xmlns (transport);

  if (g_strcmp0 (ns, self->transport_ns) != 0)
    return g_strcmp0 (ns, self->retired_ns) == 0;

  return !self->has_transport || self->phase == PHASE_FAILED || self->phase == PHASE_BROKEN;
}

void
ferry_jingle_session_receive_transport_info (FerryJingleSession       *self,
                                             const FerryJingleTurn    *turn,
                                             const FerryJingleRequest *request)
{
  const FerryJingleContent *content = ferry_jingle_session_find_content (self, request->jingle);
  const char *ns = self->transport_ns;

  if (self->phase == PHASE_ASKING)
    ns = ferry_element_get_xmlns (self->remote);

  if (content == NULL || content->transport == NULL)
    ferry_jingle_session_refuse (self, turn, FERRY_JINGLE_REFUSE_MALFORMED, NULL);
  else if (self->phase == PHASE_ASKING && ferry_element_is (content->transport, NULL, ns) &&
           merge_candidates (self, content->transport))
    ferry_jingle_session_acknowledge (self, turn, request);
  else if (self->phase != PHASE_ASKING && is_late (self, content->transport))
    ferry_jingle_session_acknowledge (self, turn, request);
  else if (self->phase != PHASE_ASKING && ferry_element_is (content->transport, NULL, ns))
    pass_transport_info (turn, content->transport);
  else
    ferry_jingle_session_refuse (self, turn, FERRY_JINGLE_REFUSE_MALFORMED, NULL);
}
