/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "plain-world.h"
#include "proto/bytestreams-codec.h"
#include "proto/iq.h"

static const char *const jids[N_SIDES] = {
  "romeo@montague.lit/orchard",
  "juliet@capulet.lit/balcony",
};

static FerrySession *
new_session (const PlainScenario *scenario,
             guint                side)
{
  g_autoptr(FerryFileDescription) file = ferry_file_description_new ();
  FerrySessionConfig config = {
    .own_jid = jids[side],
    .peer_jid = jids[!side],
    .sid = "s1",
    .transports = scenario->dialect->transports,
    .file = side == ROMEO ? file : NULL,
  };

  file->name = g_strdup ("a.txt");
  file->size = 6;

  return side == ROMEO ? scenario->dialect->offer (&config) : scenario->dialect->answer (&config);
}

static void
post (PlainWorld   *world,
      guint         to,
      FerryElement *iq,
      guint         tag)
{
  PlainMessage message = { iq, tag };

  g_array_append_val (world->sides[to].inbox, message);
}

static FerryElement *
new_request (guint                     from,
             const FerrySessionEffect *effect)
{
  FerryElementBuilder *builder = ferry_element_builder_new ("iq", FERRY_NS_CLIENT);

  ferry_element_builder_attribute (builder, "type", effect->is_get ? "get" : "set");
  ferry_element_builder_attribute (builder, "id", "i1");
  ferry_element_builder_attribute (builder, "from", jids[from]);
  ferry_element_builder_attribute (builder, "to", jids[!from]);
  ferry_element_builder_child (builder, effect->element);

  return ferry_element_builder_end (builder);
}

static void
answer (PlainWorld   *world,
        guint         side,
        FerryElement *iq)
{
  PlainSide *self = &world->sides[side];

  g_assert_cmpuint (self->owed, ==, 1);
  self->owed = 0;
  post (world, !side, iq, self->owed_tag);
}

static void
prepare (PlainWorld               *world,
         guint                     side,
         const FerrySessionEffect *effect)
{
  PlainSide *self = &world->sides[side];
  guint bit = g_strcmp0 (effect->transport_ns, FERRY_NS_BYTESTREAMS) == 0 ? 1 : 2;

  g_assert_null (self->ns);
  g_assert_cmpstr (effect->stream_sid, ==, "s1");
  g_assert_true (effect->proposer == (side == ROMEO));
  g_assert_false (self->tried & bit); /* REL-9: never the same again */
  self->tried |= bit;
  self->ns = effect->transport_ns;
  self->falls_back = effect->falls_back;
  self->preparing = TRUE;
}

static void
close_way (PlainSide *self)
{
  self->ns = NULL;
  self->preparing = self->opening = self->is_open = self->pumping = FALSE;
}

static void
end (PlainSide                *self,
     const FerrySessionEffect *effect)
{
  g_assert_false (self->ended);
  g_assert_null (self->ns);
  g_assert_cmpint (self->alarm, ==, 0);
  g_assert_cmpuint (self->owed, ==, 0);
  self->ended = TRUE;
  self->outcome = effect->outcome;
}

static void
execute (PlainWorld               *world,
         guint                     side,
         const FerrySessionEffect *effect)
{
  PlainSide *self = &world->sides[side];

  g_assert_true (!self->ended || effect->kind == FERRY_SESSION_EFFECT_REPLY);

  switch ((guint) effect->kind)
    {
    case FERRY_SESSION_EFFECT_REPLY:
      answer (world, side, ferry_element_ref (effect->element));
      break;
    case FERRY_SESSION_EFFECT_SEND:
      post (world, !side, new_request (side, effect), effect->tag);
      break;
    case FERRY_SESSION_EFFECT_ASK:
      self->asked = TRUE;
      break;
    case FERRY_SESSION_EFFECT_ACCEPTED:
      g_assert_cmpuint (side, ==, ROMEO);
      break;
    case FERRY_SESSION_EFFECT_PREPARE:
      prepare (world, side, effect);
      break;
    case FERRY_SESSION_EFFECT_OPEN:
      self->opening = TRUE;
      break;
    case FERRY_SESSION_EFFECT_PUMP:
      g_assert_true (self->is_open);
      self->pumping = TRUE;
      break;
    case FERRY_SESSION_EFFECT_STORE:
      g_assert_true (world->bytes_sent);
      self->storing = TRUE;
      break;
    case FERRY_SESSION_EFFECT_CLOSE:
      close_way (self);
      break;
    case FERRY_SESSION_EFFECT_WAKE:
      self->alarm = effect->deadline;
      break;
    case FERRY_SESSION_EFFECT_END:
      end (self, effect);
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
feed (PlainWorld              *world,
      guint                    side,
      const FerrySessionEvent *event)
{
  g_autoptr(FerrySessionEffects) effects = ferry_session_effects_new ();
  FerrySessionEffect effect;

  ferry_session_handle (world->sides[side].session, event, world->now, effects);
  while (ferry_session_effects_next (effects, &effect))
    {
      execute (world, side, &effect);
      ferry_session_effect_clear (&effect);
    }
}

PlainWorld *
plain_world_new (const PlainScenario *scenario)
{
  PlainWorld *world = g_new0 (PlainWorld, 1);

  world->scenario = scenario;
  world->now = G_USEC_PER_SEC;
  world->alarms = scenario->alarms;
  world->disk_errors = scenario->disk_errors;
  for (guint i = 0; i < N_SIDES; i++)
    {
      world->sides[i].session = new_session (scenario, i);
      world->sides[i].inbox = g_array_new (FALSE, FALSE, sizeof (PlainMessage));
      world->sides[i].cancels = scenario->cancels;
      world->sides[i].declines = scenario->declines;
      world->sides[i].leavings = scenario->leavings;
    }

  feed (world, ROMEO, &(FerrySessionEvent) { .kind = FERRY_SESSION_EVENT_START });

  return world;
}

PlainWorld *
plain_world_copy (const PlainWorld *world)
{
  PlainWorld *copy = g_new (PlainWorld, 1);

  *copy = *world;
  for (guint i = 0; i < N_SIDES; i++)
    {
      copy->sides[i].session = ferry_session_copy (world->sides[i].session);
      copy->sides[i].inbox = g_array_copy (world->sides[i].inbox);
      for (guint m = 0; m < copy->sides[i].inbox->len; m++)
        ferry_element_ref (g_array_index (copy->sides[i].inbox, PlainMessage, m).iq);
    }

  return copy;
}

void
plain_world_free (PlainWorld *world)
{
  for (guint i = 0; i < N_SIDES; i++)
    {
      for (guint m = 0; m < world->sides[i].inbox->len; m++)
        ferry_element_unref (g_array_index (world->sides[i].inbox, PlainMessage, m).iq);
      g_array_unref (world->sides[i].inbox);
      ferry_session_free (world->sides[i].session);
    }

  g_free (world);
}

/* SIFT-7: who falls back needs only one of them. */
static gboolean
works (const PlainWorld *world,
       const PlainSide  *side)
{
  const PlainScenario *scenario = world->scenario;

  if (g_strcmp0 (side->ns, FERRY_NS_BYTESTREAMS) != 0)
    return scenario->ibb_works;

  return scenario->s5b_works || (side->falls_back && scenario->ibb_works);
}

static gboolean
can_open (const PlainWorld *world,
          const PlainSide  *self,
          const PlainSide  *other)
{
  return self->opening && works (world, self) && g_strcmp0 (self->ns, other->ns) == 0 &&
         (other->opening || other->is_open);
}

gboolean
plain_world_can (const PlainWorld *world,
                 guint             side,
                 PlainMove         move)
{
  const PlainSide *self = &world->sides[side];
  const PlainSide *other = &world->sides[!side];

  switch (move)
    {
    case DELIVER:
      return self->inbox->len > 0;
    case PREPARED:
      return self->preparing;
    case UNPREPARED:
      return self->preparing && world->scenario->unprepared;
    case OPENED:
      return can_open (world, self, other);
    case FAILED:
      return self->opening && (!works (world, self) || other->ended);
    case DONE:
      return self->pumping && (side == ROMEO ? world->bytes_sent && other->ended : other->pumping);
    case UNCONFIRMED:
      return side == ROMEO && self->pumping && world->bytes_sent && world->alarms > 0;
    case BROKEN:
      return self->pumping && !world->bytes_sent && other->ended;
    case STORED:
      return self->storing;
    case DISK:
      return self->storing && world->disk_errors > 0;
    case ACCEPT:
      return self->asked;
    case DECLINE:
      return self->asked && self->declines > 0;
    case CANCEL:
      return !self->ended && self->cancels > 0 && (side == ROMEO || world->has_begun);
    case LEAVE:
      return !self->ended && self->leavings > 0 && (side == ROMEO || world->has_begun);
    case ALARM:
      return self->alarm != 0;
    case N_MOVES:
    default:
      g_assert_not_reached ();
    }
}

/* What core does with a request: by its id to the session, or to nobody. */
static void
deliver_request (PlainWorld         *world,
                 guint               side,
                 const PlainMessage *message)
{
  const FerryDialect *dialect = world->scenario->dialect;
  PlainSide *self = &world->sides[side];
  gboolean opens = !world->has_begun && dialect->is_opening (message->iq);

  g_assert_cmpuint (self->owed, ==, 0);
  self->owed = 1;
  self->owed_tag = message->tag;

  if (opens || (!self->ended && g_strcmp0 (dialect->get_sid (message->iq), "s1") == 0))
    {
      world->has_begun = TRUE;
      feed (world, side, &(FerrySessionEvent) { .kind = FERRY_SESSION_EVENT_STANZA,
                                                .element = message->iq });
    }
  else
    answer (world, side, dialect->refuse (message->iq));
}

static void
deliver (PlainWorld *world,
         guint       side)
{
  PlainSide *self = &world->sides[side];
  PlainMessage message = g_array_index (self->inbox, PlainMessage, 0);

  g_array_remove_index (self->inbox, 0);
  if (ferry_iq_is_request (message.iq))
    deliver_request (world, side, &message);
  else if (!self->ended)
    feed (world, side, &(FerrySessionEvent) { .kind = FERRY_SESSION_EVENT_ANSWER,
                                              .element = message.iq, .tag = message.tag });
  ferry_element_unref (message.iq);
}

static const FerrySessionEventKind kinds[N_MOVES] = {
  [PREPARED] = FERRY_SESSION_EVENT_TRANSPORT_PREPARED,
  [UNPREPARED] = FERRY_SESSION_EVENT_TRANSPORT_PREPARED,
  [OPENED] = FERRY_SESSION_EVENT_TRANSPORT_OPEN,
  [FAILED] = FERRY_SESSION_EVENT_TRANSPORT_FAILED,
  [DONE] = FERRY_SESSION_EVENT_DATA_DONE,
  [UNCONFIRMED] = FERRY_SESSION_EVENT_DATA_DONE,
  [BROKEN] = FERRY_SESSION_EVENT_DATA_FAILED,
  [STORED] = FERRY_SESSION_EVENT_STORED,
  [DISK] = FERRY_SESSION_EVENT_DATA_FAILED,
  [ACCEPT] = FERRY_SESSION_EVENT_ACCEPT,
  [DECLINE] = FERRY_SESSION_EVENT_DECLINE,
  [CANCEL] = FERRY_SESSION_EVENT_CANCEL,
  [LEAVE] = FERRY_SESSION_EVENT_PEER_GONE,
  [ALARM] = FERRY_SESSION_EVENT_DEADLINE,
};

/* What a move changes in the world, apart from what the session makes of it. */
static void
happen (PlainWorld *world,
        guint       side,
        PlainMove   move)
{
  PlainSide *self = &world->sides[side];

  switch ((guint) move)
    {
    case PREPARED: case UNPREPARED:
      self->preparing = FALSE;
      break;
    case OPENED:
      self->is_open = TRUE;
      self->opening = FALSE;
      break;
    case FAILED:
      self->opening = FALSE;
      break;
    case DONE:
      world->bytes_sent = TRUE;
      self->pumping = FALSE;
      break;
    case UNCONFIRMED: case BROKEN:
      self->pumping = FALSE;
      break;
    case STORED: case DISK:
      self->storing = FALSE;
      world->stored = move == STORED;
      world->disk_errors -= move == DISK;
      break;
    case ACCEPT: case DECLINE:
      self->asked = FALSE;
      break;
    case CANCEL:
      self->asked = FALSE;
      self->cancels--;
      break;
    case LEAVE:
      self->leavings--;
      break;
    case ALARM:
      world->now = MAX (world->now, self->alarm);
      self->alarm = 0;
      break;
    default:
      g_assert_not_reached ();
    }
}

void
plain_world_make (PlainWorld *world,
                  guint       side,
                  PlainMove   move)
{
  g_autoptr(FerryElement) transport = NULL;
  FerrySessionEvent event = { .kind = kinds[move] };
  FerryHashes hashes = { 0 };

  if (move == DELIVER)
    {
      deliver (world, side);
      return;
    }

  if (move == PREPARED)
    event.element = transport = ferry_element_builder_end (ferry_element_builder_new ("t", "any"));
  event.confirmed = move == DONE;
  event.hashes = &hashes;
  event.outcome = move == DISK ? FERRY_OUTCOME_DISK : FERRY_OUTCOME_PEER_GONE;

  happen (world, side, move);
  feed (world, side, &event);
  world->sides[side].asked &= !world->sides[side].ended;
}
