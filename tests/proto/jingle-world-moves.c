/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "jingle-script.h"
#include "jingle-world.h"
#include "proto/iq.h"
#include "proto/jingle-session-private.h"

static void
post (JingleWorld              *world,
      guint               to,
      const FerryElement *iq,
      guint               tag)
{
  g_autoptr(FerryElement) heard = NULL;
  FerryElementBuilder *builder;
  JingleMessage message = { NULL, tag };

  heard = world->scenario->strips[to] ? jingle_world_strip (iq)
                                      : ferry_element_ref ((FerryElement *) iq);
  builder = ferry_element_builder_new_from (heard);
  ferry_element_builder_attribute (builder, "from", jingle_world_jids[!to]);
  message.iq = ferry_element_builder_end (builder);
  g_array_append_val (world->sides[to].inbox, message);
}

static void
post_request (JingleWorld        *world,
              guint         to,
              FerryElement *payload,
              guint         tag)
{
  g_autoptr(FerryElement) iq = ferry_iq_new (FERRY_IQ_SET, jingle_world_jids[to], "i1", payload);

  post (world, to, iq, tag);
}

static void
close_transport (JingleSide *self)
{
  self->transport = 0;
  self->ns = NULL;
  self->preparing = self->opening = self->is_open = self->pumping = FALSE;
  self->securing = self->is_secured = FALSE;
}

static void
end_side (JingleSide               *self,
          const FerrySessionEffect *effect)
{
  g_assert_false (self->ended);
  g_assert_cmpuint (self->transport, ==, 0);
  g_assert_cmpint (self->alarm, ==, 0);
  self->ended = TRUE;
  self->asked = self->storing = FALSE;
  self->outcome = effect->outcome;
}

/* @n_replies: (inout): how often the stanza at hand was answered */
static void
carry_out (JingleWorld                    *world,
           guint                     side,
           const FerrySessionEffect *effect,
           guint                     tag,
           guint                    *n_replies)
{
  JingleSide *self = &world->sides[side];
  g_autoptr(FerryElement) iq = NULL;

  g_assert_false (self->ended && effect->kind != FERRY_SESSION_EFFECT_REPLY);

  switch (effect->kind)
    {
    case FERRY_SESSION_EFFECT_REPLY:
      post (world, !side, effect->element, tag);
      (*n_replies)++;
      break;
    case FERRY_SESSION_EFFECT_SEND:
      post_request (world, !side, effect->element, effect->tag);
      break;
    case FERRY_SESSION_EFFECT_ASK:
    case FERRY_SESSION_EFFECT_FIND:
      g_assert_cmpint (effect->kind == FERRY_SESSION_EFFECT_FIND, ==, world->sender == side);
      self->asked = TRUE;
      break;
    case FERRY_SESSION_EFFECT_PREPARE:
      g_assert_cmpuint (self->transport, ==, 0);
      self->transport = 1;
      self->ns = effect->transport_ns;
      self->is_bare = effect->stream_sid != NULL || strstr (self->ns, "bytestreams") != NULL;
      self->preparing = TRUE;
      break;
    case FERRY_SESSION_EFFECT_TRANSPORT_INFO:
      g_assert_cmpuint (self->transport, >, 0);
      iq = ferry_iq_new_result (effect->request, NULL);
      post (world, !side, iq, tag);
      (*n_replies)++;
      break;
    case FERRY_SESSION_EFFECT_OPEN:
      g_assert_true (self->transport > 0 && !self->preparing && !self->opening && !self->is_open);
      self->opening = TRUE;
      break;
    case FERRY_SESSION_EFFECT_SECURE:
      g_assert_true (self->is_open && !self->securing && !self->is_secured && !self->pumping);
      g_assert_true (!world->scenario->is_plain &&
                     effect->method == (world->scenario->is_phrase ? FERRY_XTLS_SRP
                                                                   : FERRY_XTLS_X509));
      self->securing = TRUE;
      break;
    case FERRY_SESSION_EFFECT_PUMP: /* XTLS-9 */
      g_assert_true (self->is_open && !self->pumping && !self->securing);
      g_assert_true (self->is_secured == jingle_world_is_secured (world));
      self->pumping = TRUE;
      break;
    case FERRY_SESSION_EFFECT_INFO_ANSWERED:
      g_assert_cmpuint (self->transport, >, 0);
      break;
    case FERRY_SESSION_EFFECT_STORE:
      g_assert_cmpint (effect->verdict, !=, FERRY_HASHES_MISMATCH);
      self->storing = TRUE;
      break;
    case FERRY_SESSION_EFFECT_CLOSE:
      g_assert_cmpuint (self->transport, >, 0);
      close_transport (self);
      break;
    case FERRY_SESSION_EFFECT_WAKE:
      self->alarm = effect->deadline;
      break;
    case FERRY_SESSION_EFFECT_END:
      end_side (self, effect);
      break;
    case FERRY_SESSION_EFFECT_ACCEPTED:
    case FERRY_SESSION_EFFECT_REMOTE:
    default:
      break;
    }
}

/* Returns: how often a stanza that the event is was answered */
guint
jingle_world_feed (JingleWorld       *world,
                   guint              side,
                   FerrySessionEvent *event,
                   guint              tag)
{
  g_autoptr(FerrySessionEffects) effects = ferry_session_effects_new ();
  FerrySessionEffect effect;
  guint n_replies = 0;

  ferry_session_handle (world->sides[side].session, event, world->now, effects);
  while (ferry_session_effects_next (effects, &effect))
    {
      carry_out (world, side, &effect, tag, &n_replies);
      ferry_session_effect_clear (&effect);
    }

  return n_replies;
}

void
jingle_world_tell (JingleWorld                 *world,
      guint                  side,
      FerrySessionEventKind  kind)
{
  FerrySessionEvent event = { .kind = kind };

  jingle_world_feed (world, side, &event, 0);
}

static void
tell_element (JingleWorld                 *world,
              guint                  side,
              FerrySessionEventKind  kind,
              const char            *ns)
{
  FerrySessionEvent event = { .kind = kind };
  FerryElementBuilder *builder = ferry_element_builder_new ("transport", ns);
  g_autoptr(FerryElement) transport = NULL;

  if (!world->sides[side].is_bare)
    ferry_element_builder_attribute (builder, "sid", "t1");
  transport = ferry_element_builder_end (builder);
  event.element = transport;
  jingle_world_feed (world, side, &event, 0);
}

/* GEN-1: every request is answered exactly once, by the session or in its stead. */
static void
deliver (JingleWorld *world,
         guint  side)
{
  JingleSide *self = &world->sides[side];
  JingleMessage message = g_array_index (self->inbox, JingleMessage, 0);
  g_autoptr(FerryElement) iq = ferry_element_ref (message.iq);
  FerrySessionEvent event = { .element = iq, .tag = message.tag };

  g_array_remove_index (self->inbox, 0);

  if (ferry_iq_is_request (iq) && self->ended)
    {
      g_autoptr(FerryElement) refusal = world->scenario->dialect->refuse (iq);

      post (world, !side, refusal, message.tag);
    }
  else if (ferry_iq_is_request (iq))
    {
      event.kind = FERRY_SESSION_EVENT_STANZA;
      g_assert_cmpuint (jingle_world_feed (world, side, &event, message.tag), ==, 1);
    }
  else if (!self->ended && message.tag != 0)
    {
      event.kind = FERRY_SESSION_EVENT_ANSWER;
      jingle_world_feed (world, side, &event, 0);
    }
}

static void
move_data (JingleWorld        *world,
           guint         side,
           JingleMove          move)
{
  FerrySessionEvent event = { .kind = FERRY_SESSION_EVENT_DATA_DONE };
  FerryHashes hashes = { 0 };

  world->sides[side].pumping = FALSE;
  if (move == BROKEN)
    {
      event.kind = FERRY_SESSION_EVENT_DATA_FAILED;
      event.outcome = FERRY_OUTCOME_TRUNCATED;
    }
  else if (side == world->sender)
    world->bytes_sent = TRUE;
  else
    jingle_world_fill_digests (world->scenario, &hashes, world->scenario->corrupt ? 'b' : 'g');

  event.hashes = &hashes;
  jingle_world_feed (world, side, &event, 0);
}

static void
end_store (JingleWorld *world,
           JingleMove   move)
{
  FerrySessionEvent event = { .kind = FERRY_SESSION_EVENT_STORED, .outcome = FERRY_OUTCOME_DISK };

  world->sides[!world->sender].storing = FALSE;
  if (move == DISK)
    {
      world->disk_errors--;
      event.kind = FERRY_SESSION_EVENT_DATA_FAILED;
    }
  else
    world->stored = TRUE;
  jingle_world_feed (world, !world->sender, &event, 0);
}

static gboolean
works (const JingleWorld *world,
       const char  *ns)
{
  return strstr (ns, ":ibb:") == NULL ? world->scenario->s5b_works : world->scenario->ibb_works;
}

static gboolean
is_active (const JingleSide *self)
{
  return ((const FerryJingleSession *) self->session)->state == FERRY_JINGLE_ACTIVE;
}

/* Whether @move may happen next; alarms are asked for last. */
gboolean
jingle_world_can (const JingleWorld *world,
     guint        side,
     JingleMove         move)
{
  const JingleSide *self = &world->sides[side];
  const JingleSide *peer = &world->sides[!side];
  gboolean met = jingle_world_is_met (world);

  switch (move)
    {
    case DELIVER:    return self->inbox->len > 0;
    case PREPARED:   return self->preparing;
    case UNPREPARED: return self->preparing && world->scenario->unprepared;
    case OPENED:     return self->opening && works (world, self->ns) && met;
    case FAILED:     return self->opening && (!works (world, self->ns) || peer->ns != self->ns);
    case DONE:       return self->pumping && jingle_world_can_be_done (world, side);
    case BROKEN:     return self->pumping && !world->bytes_sent && !world->closed && !met;
    case STORED:     return self->storing;
    case DISK:       return self->storing && world->disk_errors > 0;
    case HASHES:     return self->hashes > 0 && !self->ended;
    case ACCEPT:     return self->asked;
    case DECLINE:    return self->asked && self->declines > 0;
    case CANCEL:     return self->cancels > 0 && !self->ended;
    case INFO:       return self->infos > 0 && jingle_world_is_there (self);
    case LEAVE:      return peer->leavings > 0 && !self->ended;
    case REPLACE:    return side == JULIET && world->replaces > 0 && is_active (self);
    case SECURED:    return self->securing && met && (peer->securing || peer->is_secured);
    case UNSECURED:  return self->securing && (!met || world->handshakes > 0);
    case ALARM:      return self->alarm != 0;
    case N_MOVES:
    default:         return FALSE;
    }
}

static void
throw_in_replace (JingleWorld *world)
{
  const FerryDialect *dialect = world->scenario->dialect;
  const char *const *last = dialect->transports + g_strv_length ((char **) dialect->transports) - 1;
  FerryElementBuilder *builder = ferry_element_builder_new ("jingle", dialect->entrances[0].ns);
  g_autoptr(FerryElement) payload = NULL;

  ferry_element_builder_attribute (builder, "action", "transport-replace");
  ferry_element_builder_attribute (builder, "sid", "s1");
  ferry_element_builder_open (builder, "content", NULL);
  ferry_element_builder_attribute (builder, "creator", "initiator");
  ferry_element_builder_attribute (builder, "name",
                                   world->scenario->is_stream ? "xmlstream" : "file");
  ferry_element_builder_open (builder, "transport", *last);
  if (!world->sides[JULIET].is_bare)
    ferry_element_builder_attribute (builder, "sid", "t1");
  ferry_element_builder_close (builder);
  ferry_element_builder_close (builder);
  payload = ferry_element_builder_end (builder);

  world->replaces--;
  post_request (world, ROMEO, payload, 0);
}

static void
tell_hashes (JingleWorld *world,
             guint  side)
{
  FerrySessionEvent event = { .kind = FERRY_SESSION_EVENT_HASHES };
  FerryHashes hashes = { 0 };

  jingle_script_fill_digest (&hashes, FERRY_HASH_SHA256, 'g');
  event.hashes = &hashes;
  world->sides[side].hashes--;
  jingle_world_feed (world, side, &event, 0);
}

/* The user agreed, or the file that was asked for is here. */
static void
agree (JingleWorld *world,
       guint        side)
{
  g_autoptr(FerryFileDescription) file = jingle_world_describe_file (world->scenario);
  FerrySessionEvent event = {
    .kind = world->sender == side ? FERRY_SESSION_EVENT_FOUND : FERRY_SESSION_EVENT_ACCEPT,
    .file = file,
    .methods = world->scenario->is_phrase ? FERRY_XTLS_SRP : 0,
  };

  jingle_world_feed (world, side, &event, 0);
}

void
jingle_world_make (JingleWorld *world,
      guint  side,
      JingleMove   move)
{
  JingleSide *self = &world->sides[side];

  switch (move)
    {
    case DELIVER:
      deliver (world, side);
      break;
    case PREPARED:
      self->preparing = FALSE;
      tell_element (world, side, FERRY_SESSION_EVENT_TRANSPORT_PREPARED, self->ns);
      break;
    case UNPREPARED:
      self->preparing = FALSE;
      jingle_world_tell (world, side, FERRY_SESSION_EVENT_TRANSPORT_PREPARED);
      break;
    case OPENED:
      self->opening = FALSE;
      self->is_open = TRUE;
      jingle_world_tell (world, side, FERRY_SESSION_EVENT_TRANSPORT_OPEN);
      break;
    case FAILED:
      self->opening = FALSE;
      jingle_world_tell (world, side, FERRY_SESSION_EVENT_TRANSPORT_FAILED);
      break;
    case DONE:
    case BROKEN:
      if (world->scenario->is_stream)
        jingle_world_end_stream (world, side, move);
      else
        move_data (world, side, move);
      break;
    case SECURED:
    case UNSECURED:
      jingle_world_end_handshake (world, side, move);
      break;
    case STORED:
    case DISK:
      end_store (world, move);
      break;
    case HASHES:
      tell_hashes (world, side);
      break;
    case ACCEPT:
      self->asked = FALSE;
      agree (world, side);
      break;
    case DECLINE:
      self->asked = FALSE;
      jingle_world_tell (world, side, FERRY_SESSION_EVENT_DECLINE);
      break;
    case CANCEL:
      self->cancels--;
      self->asked = FALSE;
      jingle_world_tell (world, side, FERRY_SESSION_EVENT_CANCEL);
      break;
    case INFO:
      self->infos--;
      tell_element (world, side, FERRY_SESSION_EVENT_TRANSPORT_INFO, self->ns);
      break;
    case LEAVE:
      world->sides[!side].leavings--;
      jingle_world_tell (world, side, FERRY_SESSION_EVENT_PEER_GONE);
      break;
    case REPLACE:
      throw_in_replace (world);
      break;
    case ALARM:
      world->now = MAX (world->now, self->alarm);
      jingle_world_tell (world, side, FERRY_SESSION_EVENT_DEADLINE);
      break;
    case N_MOVES:
    default:
      g_assert_not_reached ();
    }
}
