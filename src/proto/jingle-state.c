/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/jingle-state.h"

/* The overall session state machine, XEP-0166 §5.1.
 *
 * This file does not know which side we are. It sees who sent an action, ours
 * and the peer's alike, so both sides are held to one set of rules, and a
 * session we drive into an illegal state fails here before it reaches the wire.
 */

typedef struct
{
  FerryRole  by; /* who may send it; 0: nobody */
  FerryJingleState to;
} Edge;

#define EITHER (FERRY_ROLE_INITIATOR | FERRY_ROLE_RESPONDER)

/* The box that XEP-0166 draws twice, beside PENDING and beside ACTIVE. */
#define IN_SESSION_ACTIONS(state)                           \
  [FERRY_JINGLE_CONTENT_ACCEPT] = { EITHER, (state) },      \
  [FERRY_JINGLE_CONTENT_ADD] = { EITHER, (state) },         \
  [FERRY_JINGLE_CONTENT_MODIFY] = { EITHER, (state) },      \
  [FERRY_JINGLE_CONTENT_REJECT] = { EITHER, (state) },      \
  [FERRY_JINGLE_CONTENT_REMOVE] = { EITHER, (state) },      \
  [FERRY_JINGLE_DESCRIPTION_INFO] = { EITHER, (state) },    \
  [FERRY_JINGLE_SECURITY_INFO] = { EITHER, (state) },       \
  [FERRY_JINGLE_SESSION_INFO] = { EITHER, (state) },        \
  [FERRY_JINGLE_TRANSPORT_ACCEPT] = { EITHER, (state) },    \
  [FERRY_JINGLE_TRANSPORT_INFO] = { EITHER, (state) },      \
  [FERRY_JINGLE_TRANSPORT_REJECT] = { EITHER, (state) },    \
  [FERRY_JINGLE_TRANSPORT_REPLACE] = { EITHER, (state) }

static const Edge edges[][FERRY_JINGLE_N_ACTIONS] = {
  [FERRY_JINGLE_IDLE] = {
    [FERRY_JINGLE_SESSION_INITIATE] = { FERRY_ROLE_INITIATOR, FERRY_JINGLE_PENDING },
  },
  [FERRY_JINGLE_PENDING] = {
    [FERRY_JINGLE_SESSION_ACCEPT] = { FERRY_ROLE_RESPONDER, FERRY_JINGLE_ACTIVE },
    [FERRY_JINGLE_SESSION_TERMINATE] = { EITHER, FERRY_JINGLE_ENDED },
    IN_SESSION_ACTIONS (FERRY_JINGLE_PENDING),
  },
  [FERRY_JINGLE_ACTIVE] = {
    [FERRY_JINGLE_SESSION_TERMINATE] = { EITHER, FERRY_JINGLE_ENDED },
    IN_SESSION_ACTIONS (FERRY_JINGLE_ACTIVE),
  },
  [FERRY_JINGLE_ENDED] = { { 0 } },
};

/**
 * ferry_jingle_state_step:
 * @state: (inout): the state; unchanged unless the verdict is OK
 * @sender: which party sent @action
 *
 * Returns: how to answer @action
 */
FerryJingleVerdict
ferry_jingle_state_step (FerryJingleState  *state,
                         FerryJingleAction  action,
                         FerryRole    sender)
{
  const Edge *edge;

  g_return_val_if_fail (state != NULL && *state < G_N_ELEMENTS (edges), FERRY_JINGLE_UNKNOWN_SESSION);
  g_return_val_if_fail (action < FERRY_JINGLE_N_ACTIONS, FERRY_JINGLE_OUT_OF_ORDER);

  edge = &edges[*state][action];

  if (edge->by & sender)
    {
      *state = edge->to;
      return FERRY_JINGLE_OK;
    }

  if (*state == FERRY_JINGLE_IDLE || *state == FERRY_JINGLE_ENDED)
    return FERRY_JINGLE_UNKNOWN_SESSION;

  return FERRY_JINGLE_OUT_OF_ORDER;
}
