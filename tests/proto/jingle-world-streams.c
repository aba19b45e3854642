/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "jingle-world.h"

/* What the transports carry: whether it is encrypted, and how an XML stream ends. */

/* Whether nothing may go in the clear. */
gboolean
jingle_world_is_secured (const JingleWorld *world)
{
  return world->scenario->terms[JULIET] != NULL && !world->scenario->is_plain;
}

/* XTLS-25 */
FerryElement *
jingle_world_strip (const FerryElement *iq)
{
  g_autofree char *xml = ferry_element_print (iq);
  g_autoptr(GRegex) security = g_regex_new ("<security .*?</security>", 0, 0, NULL);
  g_autofree char *stripped = g_regex_replace_literal (security, xml, -1, 0, "", 0, NULL);

  return ferry_element_parse (stripped, -1, NULL);
}

gboolean
jingle_world_is_there (const JingleSide *self)
{
  return self->opening || self->is_open;
}

/* Whether the two stand at the ends of one transport. */
gboolean
jingle_world_is_met (const JingleWorld *world)
{
  const JingleSide *romeo = &world->sides[ROMEO];
  const JingleSide *juliet = &world->sides[JULIET];

  return jingle_world_is_there (romeo) && jingle_world_is_there (juliet) &&
         romeo->ns == juliet->ns;
}

/* The bytes have arrived, or the stream can be closed from both ends. */
gboolean
jingle_world_can_be_done (const JingleWorld *world,
                          guint              side)
{
  if (world->scenario->is_stream)
    return world->closed || world->sides[!side].pumping;

  return side == world->sender || world->bytes_sent;
}

/* Both said that it ends, or it was cut. */
void
jingle_world_end_stream (JingleWorld *world,
                         guint        side,
                         JingleMove   move)
{
  FerrySessionEvent event = { .kind = FERRY_SESSION_EVENT_DATA_DONE };

  world->sides[side].pumping = FALSE;
  if (move == DONE)
    world->closed = TRUE;
  else
    {
      event.kind = FERRY_SESSION_EVENT_DATA_FAILED;
      event.outcome = FERRY_OUTCOME_TRUNCATED;
    }
  jingle_world_feed (world, side, &event, 0);
}

void
jingle_world_end_handshake (JingleWorld *world,
                            guint        side,
                            JingleMove   move)
{
  gboolean is_met = jingle_world_is_met (world);
  FerrySessionEvent event = {
    .kind = move == SECURED ? FERRY_SESSION_EVENT_SECURED : FERRY_SESSION_EVENT_SECURITY_FAILED,
    .outcome = is_met ? FERRY_OUTCOME_INSECURE : FERRY_OUTCOME_PEER_GONE,
  };
  JingleSide *self = &world->sides[side];

  self->securing = FALSE;
  self->is_secured = self->was_secured = move == SECURED;
  if (move == UNSECURED && is_met)
    world->handshakes--;
  jingle_world_feed (world, side, &event, 0);
}
