/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/jingle-session-opening.h"

#define MAX_CANDIDATES 20 /* in one transport, SEC-11 */

/* Our transport has something to tell the peer's. */
void
ferry_jingle_session_say_transport (FerryJingleSession    *self,
                                    const FerryJingleTurn *turn)
{
  if (self->state == FERRY_JINGLE_PENDING || self->state == FERRY_JINGLE_ACTIVE)
    ferry_jingle_session_send_content (self, turn, FERRY_JINGLE_TRANSPORT_INFO,
                                       turn->event->element, TAG_INFO);
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
  if (!ferry_jingle_session_is_on_table (self, transport))
    return self->retired_ns != NULL && ferry_element_is (transport, NULL, self->retired_ns);

  return !self->has_transport || self->phase == PHASE_FAILED || self->phase == PHASE_BROKEN;
}

/* Whether our user still decides about a transport that is only described. */
static gboolean
is_described (const FerryJingleSession *self)
{
  return self->way == NULL && self->remote != NULL;
}

void
ferry_jingle_session_receive_transport_info (FerryJingleSession       *self,
                                             const FerryJingleTurn    *turn,
                                             const FerryJingleRequest *request)
{
  const FerryJingleContent *content = ferry_jingle_session_find_content (self, request->jingle);

  if (content == NULL || content->transport == NULL)
    ferry_jingle_session_refuse (self, turn, FERRY_JINGLE_REFUSE_MALFORMED, NULL);
  else if (is_described (self) &&
           ferry_element_is (content->transport, NULL, ferry_element_get_xmlns (self->remote)) &&
           merge_candidates (self, content->transport))
    ferry_jingle_session_acknowledge (self, turn, request);
  else if (is_late (self, content->transport))
    ferry_jingle_session_acknowledge (self, turn, request);
  else if (ferry_jingle_session_is_on_table (self, content->transport))
    pass_transport_info (turn, content->transport);
  else
    ferry_jingle_session_refuse (self, turn, FERRY_JINGLE_REFUSE_MALFORMED, NULL);
}
