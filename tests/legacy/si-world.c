/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/iq.h"
#include "si-script.h"
#include "si-world.h"

static const char *const jids[] = { "romeo@montague.lit/orchard", "juliet@capulet.lit/balcony" };

static void
clear_message (gpointer data)
{
  ferry_element_unref (((SiMessage *) data)->iq);
}

static GArray *
inbox_new (void)
{
  GArray *inbox = g_array_new (FALSE, FALSE, sizeof (SiMessage));

  g_array_set_clear_func (inbox, clear_message);

  return inbox;
}

static void
post (SiWorld            *world,
      guint               to,
      const FerryElement *iq,
      guint               tag)
{
  FerryElementBuilder *builder = ferry_element_builder_new_from (iq);
  SiMessage message = { NULL, tag };

  ferry_element_builder_attribute (builder, "from", jids[!to]);
  message.iq = ferry_element_builder_end (builder);
  g_array_append_val (world->sides[to].inbox, message);
}

SiWorld *
si_world_new (const SiScenario *scenario)
{
  g_autoptr(FerryFileDescription) file = ferry_file_description_new ();
  FerrySessionConfig config = {
    .sid = "s1", .transports = scenario->dialect->transports, .file = file,
  };
  SiWorld *world = g_new0 (SiWorld, 1);

  file->name = g_strdup ("a.txt");
  file->size = 6;
  ferry_hashes_parse_digest (&file->hashes, FERRY_HASH_MD5, SI_MD5, NULL);
  ferry_hashes_parse_digest (&file->hashes, FERRY_HASH_SHA1, SI_SHA1, NULL);

  world->scenario = scenario;
  world->now = 1;
  world->alarms = scenario->alarms;
  world->disk_errors = scenario->disk_errors;
  world->repeats = scenario->repeats;

  for (guint side = 0; side < N_SIDES; side++)
    {
      config.own_jid = jids[side];
      config.peer_jid = jids[!side];
      world->sides[side].session = side == ROMEO ? scenario->dialect->offer (&config)
                                                 : scenario->dialect->answer (&config);
      world->sides[side].inbox = inbox_new ();
      world->sides[side].cancels = scenario->cancels;
      world->sides[side].declines = side == JULIET ? scenario->declines : 0;
      world->sides[side].leavings = scenario->leavings;
    }

  return world;
}

SiWorld *
si_world_copy (const SiWorld *world)
{
  SiWorld *copy = g_new (SiWorld, 1);

  *copy = *world;
  if (copy->offer != NULL)
    ferry_element_ref (copy->offer);

  for (guint side = 0; side < N_SIDES; side++)
    {
      const GArray *inbox = world->sides[side].inbox;

      copy->sides[side].session = ferry_session_copy (world->sides[side].session);
      copy->sides[side].inbox = inbox_new ();
      for (guint i = 0; i < inbox->len; i++)
        {
          SiMessage message = g_array_index (inbox, SiMessage, i);

          ferry_element_ref (message.iq);
          g_array_append_val (copy->sides[side].inbox, message);
        }
    }

  return copy;
}

void
si_world_free (SiWorld *world)
{
  for (guint side = 0; side < N_SIDES; side++)
    {
      ferry_session_free (world->sides[side].session);
      g_array_unref (world->sides[side].inbox);
    }
  g_clear_pointer (&world->offer, ferry_element_unref);
  g_free (world);
}

static void
send_request (SiWorld      *world,
              FerryIqType   type,
              FerryElement *payload,
              guint         tag)
{
  g_autoptr(FerryElement) iq = ferry_iq_new (type, jids[JULIET], "i1", payload);

  post (world, JULIET, iq, tag);
}

/* Only one offer is made by itself. */
static void
execute_send (SiWorld                  *world,
              const FerrySessionEffect *effect)
{
  if (effect->is_get)
    {
      send_request (world, FERRY_IQ_GET, effect->element, effect->tag);
      return;
    }

  g_assert_null (world->offer);
  world->offer = ferry_element_ref (effect->element);
  send_request (world, FERRY_IQ_SET, effect->element, effect->tag);
}

/* REL-9: no transport is tried twice. */
static void
execute_prepare (SiSide                   *self,
                 const FerrySessionEffect *effect)
{
  g_assert_false (self->has_transport);
  g_assert_cmpstr (effect->stream_sid, ==, "s1");
  g_assert_cmpstr (effect->transport_ns, !=, self->ns);
  self->ns = effect->transport_ns;
  self->has_transport = self->preparing = TRUE;
}

static void
carry_out (SiWorld                  *world,
           guint                     side,
           const FerrySessionEffect *effect,
           guint                     tag)
{
  SiSide *self = &world->sides[side];

  g_assert_true (!self->ended || effect->kind == FERRY_SESSION_EFFECT_REPLY);

  switch ((guint) effect->kind)
    {
    case FERRY_SESSION_EFFECT_REPLY:
      g_assert_cmpuint (self->n_held, >, 0);
      self->n_held--;
      post (world, !side, effect->element, tag != 0 ? tag : self->held_tag);
      break;
    case FERRY_SESSION_EFFECT_SEND:
      g_assert_cmpuint (side, ==, ROMEO);
      execute_send (world, effect);
      break;
    case FERRY_SESSION_EFFECT_ASK:
      self->asked = TRUE;
      break;
    case FERRY_SESSION_EFFECT_PREPARE:
      g_assert_cmpint (effect->proposer, ==, side == ROMEO);
      execute_prepare (self, effect);
      break;
    case FERRY_SESSION_EFFECT_OPEN:
      g_assert_true (self->has_transport && !self->preparing);
      self->opening = TRUE;
      break;
    case FERRY_SESSION_EFFECT_PUMP:
      g_assert_true (self->is_open);
      g_assert_true (effect->close_confirms);
      self->pumping = TRUE;
      break;
    case FERRY_SESSION_EFFECT_STORE:
      g_assert_cmpint (effect->verdict, ==, world->scenario->dialect->hashes != 0
                                              ? FERRY_HASHES_WEAK : FERRY_HASHES_UNKNOWN);
      self->storing = TRUE;
      break;
    case FERRY_SESSION_EFFECT_CLOSE:
      g_assert_true (self->has_transport);
      self->has_transport = self->preparing = self->opening = self->is_open = FALSE;
      self->pumping = self->storing = FALSE;
      break;
    case FERRY_SESSION_EFFECT_WAKE:
      self->alarm = effect->deadline;
      break;
    case FERRY_SESSION_EFFECT_END:
      g_assert_false (self->has_transport);
      g_assert_cmpint (self->alarm, ==, 0);
      self->ended = TRUE;
      self->asked = FALSE;
      self->outcome = effect->outcome;
      break;
    default:
      g_assert_cmpint (effect->kind, ==, FERRY_SESSION_EFFECT_ACCEPTED);
    }
}

/* @tag: of the request at hand, which is answered now if it is at all; 0: there is none */
static void
feed (SiWorld           *world,
      guint              side,
      FerrySessionEvent *event,
      guint              tag)
{
  g_autoptr(FerrySessionEffects) effects = ferry_session_effects_new ();
  FerrySessionEffect effect;

  ferry_session_handle (world->sides[side].session, event, world->now, effects);
  while (ferry_session_effects_next (effects, &effect))
    {
      carry_out (world, side, &effect, tag);
      ferry_session_effect_clear (&effect);
    }
}

static void
tell (SiWorld               *world,
      guint                  side,
      FerrySessionEventKind  kind)
{
  FerrySessionEvent event = { .kind = kind };

  feed (world, side, &event, 0);
}

void
si_world_start (SiWorld *world)
{
  tell (world, ROMEO, FERRY_SESSION_EVENT_START);
}

static void
deliver (SiWorld *world,
         guint    side)
{
  SiSide *self = &world->sides[side];
  SiMessage message = g_array_index (self->inbox, SiMessage, 0);
  g_autoptr(FerryElement) iq = ferry_element_ref (message.iq);
  FerrySessionEvent event = { .kind = FERRY_SESSION_EVENT_ANSWER, .element = iq,
                              .tag = message.tag };

  g_array_remove_index (self->inbox, 0);

  if (ferry_iq_is_request (iq))
    {
      event.kind = FERRY_SESSION_EVENT_STANZA;
      event.tag = 0;
      self->n_held++;
      if (self->n_held == 1)
        self->held_tag = message.tag;
      feed (world, side, &event, message.tag);
    }
  else if (message.tag != G_MAXUINT)
    feed (world, side, &event, 0);
}

static void
done (SiWorld  *world,
      guint     side,
      gboolean  confirmed)
{
  FerrySessionEvent event = { .kind = FERRY_SESSION_EVENT_DATA_DONE, .confirmed = confirmed };
  const char *sha1 = world->scenario->corrupt ? "0000000000000000000000000000000000000000"
                                              : SI_SHA1;
  const char *md5 = world->scenario->corrupt ? "00000000000000000000000000000000" : SI_MD5;
  FerryHashes hashes = { 0 };

  ferry_hashes_parse_digest (&hashes, FERRY_HASH_MD5, md5, NULL);
  ferry_hashes_parse_digest (&hashes, FERRY_HASH_SHA1, sha1, NULL);
  event.hashes = &hashes;
  feed (world, side, &event, 0);
}

static void
fail_data (SiWorld      *world,
           guint         side,
           FerryOutcome  outcome)
{
  FerrySessionEvent event = { .kind = FERRY_SESSION_EVENT_DATA_FAILED, .outcome = outcome };

  feed (world, side, &event, 0);
}

static void
prepare (SiWorld  *world,
         guint     side,
         gboolean  ok)
{
  g_autoptr(FerryElement) any = ferry_element_builder_end (ferry_element_builder_new ("t", "any"));
  FerrySessionEvent event = { .kind = FERRY_SESSION_EVENT_TRANSPORT_PREPARED };

  event.element = ok ? any : NULL;
  world->sides[side].preparing = FALSE;
  feed (world, side, &event, 0);
}

static gboolean
works (const SiWorld *world,
       const SiSide  *side)
{
  return world->scenario->works &&
         !(world->scenario->s5b_fails && g_strcmp0 (side->ns, SI_S5B) == 0);
}

/* A stream has two ends. */
static gboolean
can_open (const SiWorld *world,
          const SiSide  *self,
          const SiSide  *other)
{
  return self->opening && works (world, self) && g_strcmp0 (self->ns, other->ns) == 0 &&
         (other->opening || other->was_open);
}

gboolean
si_world_can (const SiWorld *world,
              guint          side,
              SiMove         move)
{
  const SiSide *self = &world->sides[side];
  const SiSide *other = &world->sides[!side];
  gboolean is_alive = !self->ended && self->session != NULL;
  gboolean is_done = side == ROMEO ? world->sent : world->taken;

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
    case SENT:
      return side == ROMEO && self->pumping && !world->sent && other->is_open;
    case TAKEN:
      return side == JULIET && self->pumping && world->sent && !world->taken;
    case CONFIRMED:
      return side == ROMEO && self->pumping && world->taken && !other->is_open;
    case UNCONFIRMED:
      return side == ROMEO && self->pumping && world->sent &&
             (world->scenario->silent || (!other->is_open && !world->taken));
    case BROKEN:
      return self->pumping && !is_done && (side == ROMEO || !world->sent) &&
             (other->ended || (other->was_open && !other->is_open));
    case STORED:
      return self->storing;
    case DISK:
      return side == JULIET && (self->storing || self->pumping) && world->disk_errors > 0;
    case ACCEPT:
      return self->asked;
    case DECLINE:
      return self->asked && self->declines > 0;
    case CANCEL:
      return is_alive && self->cancels > 0;
    case LEAVE:
      return is_alive && other->leavings > 0;
    case REPEAT:
      return side == ROMEO && world->repeats > 0 && world->offer != NULL;
    case ALARM:
      return self->alarm != 0;
    case N_MOVES:
    default:
      return FALSE;
    }
}

void
si_world_make (SiWorld *world,
               guint    side,
               SiMove   move)
{
  SiSide *self = &world->sides[side];

  switch (move)
    {
    case DELIVER:
      deliver (world, side);
      break;
    case PREPARED:
    case UNPREPARED:
      prepare (world, side, move == PREPARED);
      break;
    case OPENED:
      self->opening = FALSE;
      self->is_open = self->was_open = TRUE;
      tell (world, side, FERRY_SESSION_EVENT_TRANSPORT_OPEN);
      break;
    case FAILED:
      self->opening = FALSE;
      tell (world, side, FERRY_SESSION_EVENT_TRANSPORT_FAILED);
      break;
    case SENT:
      world->sent = TRUE;
      break;
    case TAKEN:
      world->taken = TRUE;
      self->pumping = FALSE;
      done (world, side, FALSE);
      break;
    case CONFIRMED:
    case UNCONFIRMED:
      self->pumping = FALSE;
      done (world, side, move == CONFIRMED);
      break;
    case BROKEN:
      self->pumping = FALSE;
      fail_data (world, side, side == ROMEO ? FERRY_OUTCOME_PEER_GONE : FERRY_OUTCOME_TRUNCATED);
      break;
    case STORED:
      self->storing = FALSE;
      world->stored = TRUE;
      tell (world, side, FERRY_SESSION_EVENT_STORED);
      break;
    case DISK:
      world->disk_errors--;
      self->storing = self->pumping = FALSE;
      fail_data (world, side, FERRY_OUTCOME_DISK);
      break;
    case ACCEPT:
    case DECLINE:
      self->asked = FALSE;
      tell (world, side, move == ACCEPT ? FERRY_SESSION_EVENT_ACCEPT
                                        : FERRY_SESSION_EVENT_DECLINE);
      break;
    case CANCEL:
      self->cancels--;
      self->asked = FALSE;
      tell (world, side, FERRY_SESSION_EVENT_CANCEL);
      break;
    case LEAVE:
      world->sides[!side].leavings--;
      tell (world, side, FERRY_SESSION_EVENT_PEER_GONE);
      break;
    case REPEAT:
      world->repeats--;
      send_request (world, FERRY_IQ_SET, world->offer, G_MAXUINT);
      break;
    case ALARM:
      world->now = MAX (world->now, self->alarm);
      self->alarm = 0;
      tell (world, side, FERRY_SESSION_EVENT_DEADLINE);
      break;
    case N_MOVES:
    default:
      g_assert_not_reached ();
    }
}
