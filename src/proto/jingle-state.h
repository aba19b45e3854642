/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/role.h"

G_BEGIN_DECLS

typedef enum
{
  FERRY_JINGLE_IDLE,
  FERRY_JINGLE_PENDING,
  FERRY_JINGLE_ACTIVE,
  FERRY_JINGLE_ENDED,
} FerryJingleState;

/* XEP-0166 §7.2, in its order. */
typedef enum
{
  FERRY_JINGLE_CONTENT_ACCEPT,
  FERRY_JINGLE_CONTENT_ADD,
  FERRY_JINGLE_CONTENT_MODIFY,
  FERRY_JINGLE_CONTENT_REJECT,
  FERRY_JINGLE_CONTENT_REMOVE,
  FERRY_JINGLE_DESCRIPTION_INFO,
  FERRY_JINGLE_SECURITY_INFO,
  FERRY_JINGLE_SESSION_ACCEPT,
  FERRY_JINGLE_SESSION_INFO,
  FERRY_JINGLE_SESSION_INITIATE,
  FERRY_JINGLE_SESSION_TERMINATE,
  FERRY_JINGLE_TRANSPORT_ACCEPT,
  FERRY_JINGLE_TRANSPORT_INFO,
  FERRY_JINGLE_TRANSPORT_REJECT,
  FERRY_JINGLE_TRANSPORT_REPLACE,
} FerryJingleAction;

#define FERRY_JINGLE_N_ACTIONS (FERRY_JINGLE_TRANSPORT_REPLACE + 1)

/**
 * FerryJingleVerdict:
 * @FERRY_JINGLE_OK: the action is legal; acknowledge it
 * @FERRY_JINGLE_OUT_OF_ORDER: answer `<unexpected-request/>` + `<out-of-order/>`
 * @FERRY_JINGLE_UNKNOWN_SESSION: answer `<item-not-found/>` + `<unknown-session/>`
 *
 * What to answer to an action (XEP-0166 §10).
 */
typedef enum
{
  FERRY_JINGLE_OK,
  FERRY_JINGLE_OUT_OF_ORDER,
  FERRY_JINGLE_UNKNOWN_SESSION,
} FerryJingleVerdict;

FerryJingleVerdict ferry_jingle_state_step (FerryJingleState  *state,
                                            FerryJingleAction  action,
                                            FerryRole    sender);

G_END_DECLS
