/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/s5b-nomination.h"

/**
 * ferry_s5b_nominate:
 * @our_pick: (nullable): priority of the candidate in our `<candidate-used/>`,
 *   or %NULL if we sent `<candidate-error/>`
 * @their_pick: (nullable): likewise for the peer
 *
 * Both sides run this on the same two facts and must agree (XEP-0260 §2.4). On
 * equal priorities the candidate *chosen by* the initiator wins, which is one
 * that the responder *offered*.
 */
FerryS5bWinner
ferry_s5b_nominate (FerryRole  our_role,
                    const guint32   *our_pick,
                    const guint32   *their_pick)
{
  if (our_pick == NULL && their_pick == NULL)
    return FERRY_S5B_NOBODY;

  if (their_pick == NULL)
    return FERRY_S5B_OURS;

  if (our_pick == NULL)
    return FERRY_S5B_THEIRS;

  if (*our_pick != *their_pick)
    return *our_pick > *their_pick ? FERRY_S5B_OURS : FERRY_S5B_THEIRS;

  return our_role == FERRY_ROLE_INITIATOR ? FERRY_S5B_OURS : FERRY_S5B_THEIRS;
}
