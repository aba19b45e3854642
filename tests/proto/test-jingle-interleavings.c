/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "jingle-script.h"
#include "proto/iq.h"
#include "proto/jingle-dialect.h"
#include "proto/jingle-session-private.h"

/* Two of us, joined by two queues in memory. Everything that can happen next, does:
 * the world is copied before each step, and every order of deliveries, of local
 * events and of the user's moods is walked to its end. */

enum
{
  ROMEO,  /* initiator, sends the file */
  JULIET, /* responder */
  N_SIDES,
};

static const char *const jids[] = { "romeo@montague.lit/orchard", "juliet@capulet.lit/balcony" };

#define S5B "urn:xmpp:jingle:transports:s5b:1"
#define IBB "urn:xmpp:jingle:transports:ibb:1"

typedef struct
{
  const char *name;
  gboolean    s5b_works;
  gboolean    ibb_works;
  gboolean    unprepared;  /* a transport may turn out not to be had */
  gboolean    corrupt;     /* other bytes arrive than were sent */
  gboolean    late_hash;   /* the offer only announces it */
  guint       cancels;     /* on each side */
  guint       declines;
  guint       disk_errors;
  guint       infos;       /* transport-infos of each side, at any time */
  guint       leavings;    /* how often each side's presence goes away */
  guint       alarms;      /* deadlines that strike while other things could happen */
  guint       replaces;    /* transport-replaces that Juliet's broken client throws in */
} Scenario;

/* What travels: a request, or the answer to one. */
typedef struct
{
  FerryElement *iq;  /* (owned) */
  guint         tag; /* of the request; 0: nobody waits */
} Message;

typedef struct
{
  FerrySession *session;  /* (owned) */
  GArray       *inbox;    /* (element-type Message) (owned) */
  gint64        alarm;
  guint         transport; /* which one is prepared, counted; 0: none */
  const char   *ns;
  gboolean      preparing, opening, is_open, pumping, asked, storing;
  gboolean      ended;
  FerryOutcome  outcome;
  guint         cancels, declines, infos, leavings, hashes;
} Side;

typedef struct
{
  const Scenario *scenario;
  Side            sides[N_SIDES];
  gint64          now;
  gboolean        bytes_sent;
  gboolean        stored;
  guint           alarms, disk_errors, replaces;
} World;

typedef enum
{
  DELIVER, PREPARED, UNPREPARED, OPENED, FAILED, DONE, BROKEN, STORED, DISK, HASHES, ACCEPT, DECLINE,
  CANCEL, INFO, LEAVE, REPLACE, ALARM, N_MOVES,
} Move;

static void
clear_message (gpointer data)
{
  ferry_element_unref (((Message *) data)->iq);
}

static GArray *
inbox_new (void)
{
  GArray *inbox = g_array_new (FALSE, FALSE, sizeof (Message));

  g_array_set_clear_func (inbox, clear_message);

  return inbox;
}

static void
post (World              *world,
      guint               to,
      const FerryElement *iq,
      guint               tag)
{
  FerryElementBuilder *builder = ferry_element_builder_new_from (iq);
  Message message = { NULL, tag };

  ferry_element_builder_attribute (builder, "from", jids[!to]);
  message.iq = ferry_element_builder_end (builder);
  g_array_append_val (world->sides[to].inbox, message);
}

static void
post_request (World        *world,
              guint         to,
              FerryElement *payload,
              guint         tag)
{
  g_autoptr(FerryElement) iq = ferry_iq_new (FERRY_IQ_SET, jids[to], "i1", payload);

  post (world, to, iq, tag);
}

static World *
world_new (const Scenario *scenario)
{
  static const char *const transports[] = { S5B, IBB, NULL };
  g_autoptr(FerryFileDescription) file = ferry_file_description_new ();
  FerrySessionConfig config = {
    .sid = "s1", .transports = transports, .profile = &jingle_script_profile, .file = file,
  };
  World *world = g_new0 (World, 1);

  file->name = g_strdup ("a.txt");
  file->size = 6;
  if (scenario->late_hash)
    ferry_hashes_announce (&file->hashes, FERRY_HASH_SHA256);
  else
    jingle_script_fill_digest (&file->hashes, FERRY_HASH_SHA256, 'g');

  world->scenario = scenario;
  world->now = 1;
  world->alarms = scenario->alarms;
  world->disk_errors = scenario->disk_errors;
  world->replaces = scenario->replaces;
  for (guint side = 0; side < N_SIDES; side++)
    {
      config.own_jid = jids[side];
      config.peer_jid = jids[!side];
      world->sides[side].session = side == ROMEO ? ferry_jingle_1_dialect.offer (&config)
                                                 : ferry_jingle_1_dialect.answer (&config);
      world->sides[side].inbox = inbox_new ();
      world->sides[side].cancels = scenario->cancels;
      world->sides[side].declines = side == JULIET ? scenario->declines : 0;
      world->sides[side].infos = scenario->infos;
      world->sides[side].leavings = scenario->leavings;
      world->sides[side].hashes = side == ROMEO && scenario->late_hash;
    }

  return world;
}

static World *
world_copy (const World *world)
{
  World *copy = g_new (World, 1);

  *copy = *world;
  for (guint side = 0; side < N_SIDES; side++)
    {
      copy->sides[side].session = ferry_session_copy (world->sides[side].session);
      copy->sides[side].inbox = inbox_new ();
      for (guint i = 0; i < world->sides[side].inbox->len; i++)
        {
          Message message = g_array_index (world->sides[side].inbox, Message, i);

          ferry_element_ref (message.iq);
          g_array_append_val (copy->sides[side].inbox, message);
        }
    }

  return copy;
}

static void
world_free (World *world)
{
  for (guint side = 0; side < N_SIDES; side++)
    {
      ferry_session_free (world->sides[side].session);
      g_array_unref (world->sides[side].inbox);
    }
  g_free (world);
}

static void
close_transport (Side *self)
{
  self->transport = 0;
  self->ns = NULL;
  self->preparing = self->opening = self->is_open = self->pumping = FALSE;
}

static void
end_side (Side               *self,
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
carry_out (World                    *world,
           guint                     side,
           const FerrySessionEffect *effect,
           guint                     tag,
           guint                    *n_replies)
{
  Side *self = &world->sides[side];
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
      self->asked = TRUE;
      break;
    case FERRY_SESSION_EFFECT_PREPARE:
      g_assert_cmpuint (self->transport, ==, 0);
      self->transport = 1;
      self->ns = effect->transport_ns;
      self->preparing = TRUE;
      break;
    case FERRY_SESSION_EFFECT_TRANSPORT_INFO:
      g_assert_cmpuint (self->transport, >, 0);
      iq = ferry_iq_new_result (effect->request, NULL);
      post (world, !side, iq, tag);
      (*n_replies)++;
      break;
    case FERRY_SESSION_EFFECT_OPEN:
      g_assert_true (self->transport > 0 && !self->preparing);
      self->opening = TRUE;
      break;
    case FERRY_SESSION_EFFECT_PUMP:
      g_assert_true (self->is_open);
      self->pumping = TRUE;
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

static guint
feed (World             *world,
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

static void
tell (World                 *world,
      guint                  side,
      FerrySessionEventKind  kind)
{
  FerrySessionEvent event = { .kind = kind };

  feed (world, side, &event, 0);
}

static void
tell_element (World                 *world,
              guint                  side,
              FerrySessionEventKind  kind,
              const char            *ns)
{
  FerrySessionEvent event = { .kind = kind };
  g_autoptr(FerryElement) transport = NULL;

  transport = ferry_element_builder_end (ferry_element_builder_new ("transport", ns));
  event.element = transport;
  feed (world, side, &event, 0);
}

/* GEN-1: every request is answered exactly once, by the session or in its stead. */
static void
deliver (World *world,
         guint  side)
{
  Side *self = &world->sides[side];
  Message message = g_array_index (self->inbox, Message, 0);
  g_autoptr(FerryElement) iq = ferry_element_ref (message.iq);
  FerrySessionEvent event = { .element = iq, .tag = message.tag };

  g_array_remove_index (self->inbox, 0);

  if (ferry_iq_is_request (iq) && self->ended)
    {
      g_autoptr(FerryElement) refusal = ferry_jingle_1_dialect.refuse (iq);

      post (world, !side, refusal, message.tag);
    }
  else if (ferry_iq_is_request (iq))
    {
      event.kind = FERRY_SESSION_EVENT_STANZA;
      g_assert_cmpuint (feed (world, side, &event, message.tag), ==, 1);
    }
  else if (!self->ended && message.tag != 0)
    {
      event.kind = FERRY_SESSION_EVENT_ANSWER;
      feed (world, side, &event, 0);
    }
}

static void
move_data (World        *world,
           guint         side,
           Move          move)
{
  FerrySessionEvent event = { .kind = FERRY_SESSION_EVENT_DATA_DONE };
  FerryHashes hashes = { 0 };

  world->sides[side].pumping = FALSE;
  if (move == BROKEN)
    {
      event.kind = FERRY_SESSION_EVENT_DATA_FAILED;
      event.outcome = FERRY_OUTCOME_TRUNCATED;
    }
  else if (side == ROMEO)
    world->bytes_sent = TRUE;
  else
    jingle_script_fill_digest (&hashes, FERRY_HASH_SHA256, world->scenario->corrupt ? 'b' : 'g');

  event.hashes = &hashes;
  feed (world, side, &event, 0);
}

static void
end_store (World *world,
           Move   move)
{
  FerrySessionEvent event = { .kind = FERRY_SESSION_EVENT_STORED, .outcome = FERRY_OUTCOME_DISK };

  world->sides[JULIET].storing = FALSE;
  if (move == DISK)
    {
      world->disk_errors--;
      event.kind = FERRY_SESSION_EVENT_DATA_FAILED;
    }
  else
    world->stored = TRUE;
  feed (world, JULIET, &event, 0);
}

static gboolean
works (const World *world,
       const char  *ns)
{
  return strcmp (ns, S5B) == 0 ? world->scenario->s5b_works : world->scenario->ibb_works;
}

static gboolean
is_there (const Side *self)
{
  return self->opening || self->is_open;
}

static gboolean
is_active (const Side *self)
{
  return ((const FerryJingleSession *) self->session)->state == FERRY_JINGLE_ACTIVE;
}

/* Whether @move may happen next; alarms are asked for last. */
static gboolean
can (const World *world,
     guint        side,
     Move         move)
{
  const Side *self = &world->sides[side];
  const Side *peer = &world->sides[!side];
  gboolean met = is_there (self) && is_there (peer) && self->ns == peer->ns;

  switch (move)
    {
    case DELIVER:    return self->inbox->len > 0;
    case PREPARED:   return self->preparing;
    case UNPREPARED: return self->preparing && world->scenario->unprepared;
    case OPENED:     return self->opening && works (world, self->ns) && met;
    case FAILED:     return self->opening && (!works (world, self->ns) || peer->ns != self->ns);
    case DONE:       return self->pumping && (side == ROMEO || world->bytes_sent);
    case BROKEN:     return self->pumping && !world->bytes_sent && !met;
    case STORED:     return self->storing;
    case DISK:       return self->storing && world->disk_errors > 0;
    case HASHES:     return self->hashes > 0 && !self->ended;
    case ACCEPT:     return self->asked;
    case DECLINE:    return self->asked && self->declines > 0;
    case CANCEL:     return self->cancels > 0 && !self->ended;
    case INFO:       return self->infos > 0 && is_there (self);
    case LEAVE:      return peer->leavings > 0 && !self->ended;
    case REPLACE:    return side == JULIET && world->replaces > 0 && is_active (self);
    case ALARM:      return self->alarm != 0;
    case N_MOVES:
    default:         return FALSE;
    }
}

static void
throw_in_replace (World *world)
{
  g_autoptr(FerryElement) payload = jingle_script_build ("transport-replace ibb:1");

  world->replaces--;
  post_request (world, ROMEO, payload, 0);
}

static void
tell_hashes (World *world,
             guint  side)
{
  FerrySessionEvent event = { .kind = FERRY_SESSION_EVENT_HASHES };
  FerryHashes hashes = { 0 };

  jingle_script_fill_digest (&hashes, FERRY_HASH_SHA256, 'g');
  event.hashes = &hashes;
  world->sides[side].hashes--;
  feed (world, side, &event, 0);
}

static void
make (World *world,
      guint  side,
      Move   move)
{
  Side *self = &world->sides[side];

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
      tell (world, side, FERRY_SESSION_EVENT_TRANSPORT_PREPARED);
      break;
    case OPENED:
      self->opening = FALSE;
      self->is_open = TRUE;
      tell (world, side, FERRY_SESSION_EVENT_TRANSPORT_OPEN);
      break;
    case FAILED:
      self->opening = FALSE;
      tell (world, side, FERRY_SESSION_EVENT_TRANSPORT_FAILED);
      break;
    case DONE:
    case BROKEN:
      move_data (world, side, move);
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
      tell (world, side, FERRY_SESSION_EVENT_ACCEPT);
      break;
    case DECLINE:
      self->asked = FALSE;
      tell (world, side, FERRY_SESSION_EVENT_DECLINE);
      break;
    case CANCEL:
      self->cancels--;
      self->asked = FALSE;
      tell (world, side, FERRY_SESSION_EVENT_CANCEL);
      break;
    case INFO:
      self->infos--;
      tell_element (world, side, FERRY_SESSION_EVENT_TRANSPORT_INFO, self->ns);
      break;
    case LEAVE:
      world->sides[!side].leavings--;
      tell (world, side, FERRY_SESSION_EVENT_PEER_GONE);
      break;
    case REPLACE:
      throw_in_replace (world);
      break;
    case ALARM:
      world->now = MAX (world->now, self->alarm);
      tell (world, side, FERRY_SESSION_EVENT_DEADLINE);
      break;
    case N_MOVES:
    default:
      g_assert_not_reached ();
    }
}

/* Two worlds with the same print have the same future. */
static char *
print (const World *world)
{
  GString *out = g_string_new (NULL);

  g_string_append_printf (out, "%d%d%u%u%u%d", world->bytes_sent, world->stored, world->alarms,
                          world->disk_errors, world->replaces,
                          world->sides[ROMEO].alarm < world->sides[JULIET].alarm);
  for (guint i = 0; i < N_SIDES; i++)
    {
      const Side *side = &world->sides[i];
      const FerryJingleSession *session = (const FerryJingleSession *) side->session;

      g_string_append_printf (out, "|%d%d%d%d%d%d%d%d%d%d%u%u%u%u%u%s", side->alarm != 0, side->transport,
                              side->preparing, side->opening, side->is_open, side->pumping,
                              side->asked, side->storing, side->ended, side->outcome, side->cancels,
                              side->declines, side->infos, side->leavings, side->hashes,
                              side->ns != NULL ? side->ns : "");
      g_string_append_printf (out, ",%d,%d,%u,%u,%d,%d,%u,%u,%u,%d,%s", session->state, session->phase,
                              session->file->hashes.present, session->computed.present,
                              session->received, session->has_transport, session->n_transports,
                              session->next_transport, session->said, session->in_band_tried,
                              session->retired_ns != NULL ? session->retired_ns : "");
      for (guint m = 0; m < side->inbox->len; m++)
        {
          const Message *message = &g_array_index (side->inbox, Message, m);
          g_autofree char *xml = ferry_element_print (message->iq);

          g_string_append_printf (out, ";%u%s", message->tag, xml);
        }
    }

  return g_string_free (out, FALSE);
}

/* Nobody disturbs it and there is a way: then the file arrives, whatever the order. */
static gboolean
must_succeed (const Scenario *scenario)
{
  return (scenario->s5b_works || scenario->ibb_works) && !scenario->unprepared &&
         !scenario->corrupt && scenario->cancels + scenario->declines + scenario->disk_errors +
         scenario->leavings + scenario->alarms + scenario->replaces == 0;
}

static void
check_end (const World *world)
{
  const Side *romeo = &world->sides[ROMEO];
  const Side *juliet = &world->sides[JULIET];
  gboolean began = ((FerryJingleSession *) juliet->session)->phase != PHASE_IDLE;

  g_assert_true (romeo->ended);
  g_assert_true (juliet->ended || !began);

  if (must_succeed (world->scenario))
    {
      g_assert_cmpint (romeo->outcome, ==, FERRY_OUTCOME_DONE);
      g_assert_cmpint (juliet->outcome, ==, FERRY_OUTCOME_DONE);
    }
  if (romeo->outcome == FERRY_OUTCOME_DONE)
    g_assert_true (world->stored);
  if (romeo->outcome == FERRY_OUTCOME_CANCELLED && !world->bytes_sent)
    g_assert_false (world->stored);
  if (juliet->ended && juliet->outcome == FERRY_OUTCOME_DONE)
    {
      g_assert_true (world->stored && world->bytes_sent);
      g_assert_cmpint (romeo->outcome, !=, FERRY_OUTCOME_CORRUPT);
    }
  if (juliet->ended && juliet->outcome == FERRY_OUTCOME_CORRUPT)
    g_assert_true (world->scenario->corrupt && romeo->outcome != FERRY_OUTCOME_DONE);
  if (world->scenario->corrupt && !world->scenario->late_hash)
    g_assert_false (world->stored);
}

/* While nothing else can happen, time goes to the next alarm. Otherwise an alarm is
 * a disturbance, of which there are few. */
static gboolean
may_ring (const World *world,
          guint        side,
          gboolean     quiet)
{
  gint64 other = world->sides[!side].alarm;

  return quiet ? other == 0 || world->sides[side].alarm <= other : world->alarms > 0;
}

/* Returns: how many worlds are new from here on */
static guint
walk (const World *world,
      GHashTable  *seen,
      guint       *n_ends)
{
  char *name = print (world);
  guint n_worlds = 1;
  gboolean quiet = TRUE;

  if (!g_hash_table_add (seen, name))
    return 0;

  for (Move move = 0; move < N_MOVES; move++)
    for (guint side = 0; side < N_SIDES; side++)
      {
        World *next;

        if (!can (world, side, move) || (move == ALARM && !may_ring (world, side, quiet)))
          continue;

        next = world_copy (world);
        if (move == ALARM && !quiet)
          next->alarms--;
        make (next, side, move);
        n_worlds += walk (next, seen, n_ends);
        world_free (next);
        quiet = quiet && (move == ALARM || move == CANCEL || move == LEAVE || move == REPLACE);
      }

  /* Nobody has to cancel, leave or break in: those are not what a world waits for. */
  if (quiet && world->sides[ROMEO].alarm == 0 && world->sides[JULIET].alarm == 0)
    {
      check_end (world);
      (*n_ends)++;
    }

  return n_worlds;
}

static const Scenario scenarios[] = {
  { "all-goes-well", .s5b_works = TRUE },
  { "late-hash", .s5b_works = TRUE, .late_hash = TRUE, .alarms = 1 },
  { "either-cancels", .s5b_works = TRUE, .cancels = 1 },
  { "either-cancels-with-a-late-hash", .s5b_works = TRUE, .cancels = 1, .late_hash = TRUE },
  { "declined-or-cancelled", .s5b_works = TRUE, .cancels = 1, .declines = 1 },
  { "alarms-strike-early", .s5b_works = TRUE, .alarms = 2, .cancels = 1 },
  { "other-bytes", .s5b_works = TRUE, .corrupt = TRUE, .cancels = 1 },
  { "other-bytes-and-a-late-hash", .s5b_works = TRUE, .corrupt = TRUE, .late_hash = TRUE, .alarms = 1 },
  { "disk-error", .s5b_works = TRUE, .disk_errors = 1, .cancels = 1 },
  { "falls-back-undisturbed", .ibb_works = TRUE, .late_hash = TRUE },
  { "falls-back", .ibb_works = TRUE, .alarms = 1 },
  { "falls-back-or-cancels", .ibb_works = TRUE, .cancels = 1 },
  { "falls-back-amid-late-infos", .ibb_works = TRUE, .infos = 1 },
  { "nothing-works", .alarms = 1, .cancels = 1 },
  { "transports-that-cannot-be-had", .ibb_works = TRUE, .unprepared = TRUE, .alarms = 1 },
  { "crossed-replaces", .ibb_works = TRUE, .replaces = 2, .alarms = 1 },
  { "replaces-while-bytes-flow", .s5b_works = TRUE, .ibb_works = TRUE, .replaces = 2 },
  { "infos-at-any-time", .s5b_works = TRUE, .infos = 1, .cancels = 1 },
  { "either-leaves", .s5b_works = TRUE, .leavings = 1, .cancels = 1 },
  { "many-things-at-once", .ibb_works = TRUE, .late_hash = TRUE, .cancels = 1, .disk_errors = 1,
    .infos = 1, .alarms = 1 },
};

static void
test_scenario (gconstpointer data)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  World *world = world_new (data);
  guint n_ends = 0;
  guint n_worlds;

  tell (world, ROMEO, FERRY_SESSION_EVENT_START);
  n_worlds = walk (world, seen, &n_ends);
  world_free (world);

  g_test_message ("%u worlds, %u ends", n_worlds, n_ends);
  g_assert_cmpuint (n_worlds, >, 20);
  g_assert_cmpuint (n_ends, >, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (scenarios); i++)
    {
      g_autofree char *path = g_strconcat ("/proto/jingle-interleavings/", scenarios[i].name, NULL);

      g_test_add_data_func (path, &scenarios[i], test_scenario);
    }

  return g_test_run ();
}
