/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "jingle-world.h"
#include "legacy/jingle-0.h"
#include "legacy/jingle-1.h"
#include "legacy/stream-0.h"
#include "legacy/stream-1.h"
#include "proto/jingle-session-private.h"

/* Two worlds with the same print have the same future. */
static char *
print (const JingleWorld *world)
{
  GString *out = g_string_new (NULL);

  g_string_append_printf (out, "%d%d%d%u%u%u%u%d", world->bytes_sent, world->stored, world->closed,
                          world->alarms, world->disk_errors, world->replaces, world->handshakes,
                          world->sides[ROMEO].alarm < world->sides[JULIET].alarm);
  for (guint i = 0; i < N_SIDES; i++)
    {
      const JingleSide *side = &world->sides[i];
      const FerryJingleSession *session = (const FerryJingleSession *) side->session;

      g_string_append_printf (out, "|%d%d%d%d%d%d%d%d%d%d%u%u%u%u%u%s", side->alarm != 0,
                              side->transport,
                              side->preparing, side->opening, side->is_open, side->pumping,
                              side->asked, side->storing, side->ended, side->outcome, side->cancels,
                              side->declines, side->infos, side->leavings, side->hashes,
                              side->ns != NULL ? side->ns : "");
      g_string_append_printf (out, ",%d,%d,%u,%u,%d,%d,%u,%u,%u,%u,%d,%s", session->state,
                              session->phase,
                              session->file->hashes.present, session->computed.present,
                              session->received, session->has_transport, session->n_transports,
                              session->next_transport, session->said, session->n_unheard,
                              session->in_band_tried,
                              session->retired_ns != NULL ? session->retired_ns : "");
      g_string_append_printf (out, ",%d%d%d%d%u%s", session->is_opening, session->is_open,
                              session->local != NULL, session->remote != NULL,
                              session->alternatives,
                              session->way != NULL ? session->way->ns : "");
      g_string_append_printf (out, ",%d%d%d,%d,%d%d%d,%u", side->securing, side->is_secured,
                              side->was_secured, session->security.method,
                              session->security.is_begun, session->security.is_offered,
                              session->security.patience != 0, session->security.peer.methods);
      for (guint m = 0; m < side->inbox->len; m++)
        {
          const JingleMessage *message = &g_array_index (side->inbox, JingleMessage, m);
          g_autofree char *xml = ferry_element_print (message->iq);

          g_string_append_printf (out, ";%u%s", message->tag, xml);
        }
    }

  return g_string_free (out, FALSE);
}

static gboolean
is_stripped (const JingleScenario *scenario)
{
  return scenario->strips[ROMEO] || scenario->strips[JULIET];
}

/* Nobody disturbs it and there is a way: then the file arrives, whatever the order. */
static gboolean
must_succeed (const JingleScenario *scenario)
{
  return (scenario->s5b_works || scenario->ibb_works) && !scenario->unprepared &&
         !scenario->corrupt && scenario->cancels + scenario->declines + scenario->disk_errors +
         scenario->leavings + scenario->alarms + scenario->replaces + scenario->handshakes == 0 &&
         !is_stripped (scenario);
}

/* What is encrypted was so on both sides, or it did not happen. */
static void
check_security (const JingleWorld *world)
{
  const JingleScenario *scenario = world->scenario;

  for (guint side = 0; side < N_SIDES; side++)
    {
      const JingleSide *self = &world->sides[side];

      if (self->ended && self->outcome == FERRY_OUTCOME_DONE && scenario->terms[side] != NULL &&
          !scenario->is_plain)
        g_assert_true (self->was_secured &&
                       (world->sides[!side].was_secured ||
                        (scenario->is_stream && !world->closed)));
      g_assert_true (scenario->handshakes > 0 || !self->ended ||
                     self->outcome != FERRY_OUTCOME_INSECURE || !must_succeed (scenario));
      g_assert_true (!self->ended || self->outcome != FERRY_OUTCOME_KEY_CHANGED);
      g_assert_true (!self->ended || self->outcome != FERRY_OUTCOME_STRIPPED ||
                     is_stripped (scenario));
      if (is_stripped (scenario)) /* somebody notices, and not a byte crosses */
        g_assert_true (!self->was_secured && !world->bytes_sent && !world->closed);
    }
}

/* Who says it is done saw it closed, or the peer go. */
static void
check_stream (const JingleWorld *world)
{
  const JingleSide *sides = world->sides;

  if (must_succeed (world->scenario))
    {
      g_assert_true (world->closed);
      g_assert_cmpint (sides[ROMEO].outcome, ==, FERRY_OUTCOME_DONE);
      g_assert_cmpint (sides[JULIET].outcome, ==, FERRY_OUTCOME_DONE);
    }

  for (guint side = 0; side < N_SIDES; side++)
    if (sides[side].ended && sides[side].outcome == FERRY_OUTCOME_DONE && !world->closed)
      g_assert_cmpint (sides[!side].outcome, ==, FERRY_OUTCOME_CANCELLED);
}

static void
check_end (const JingleWorld *world)
{
  const JingleSide *sender = &world->sides[world->sender];
  const JingleSide *receiver = &world->sides[!world->sender];
  const JingleSide *juliet = &world->sides[JULIET];
  gboolean began = ((FerryJingleSession *) juliet->session)->phase != PHASE_IDLE;

  g_assert_true (world->sides[ROMEO].ended);
  g_assert_true (juliet->ended || !began);

  check_security (world);
  if (world->scenario->is_stream)
    {
      check_stream (world);
      return;
    }

  if (must_succeed (world->scenario))
    {
      g_assert_cmpint (sender->outcome, ==, FERRY_OUTCOME_DONE);
      g_assert_cmpint (receiver->outcome, ==, FERRY_OUTCOME_DONE);
    }
  if (sender->ended && sender->outcome == FERRY_OUTCOME_DONE)
    g_assert_true (world->stored);
  if (sender->ended && sender->outcome == FERRY_OUTCOME_CANCELLED && !world->bytes_sent)
    g_assert_false (world->stored);
  if (receiver->ended && receiver->outcome == FERRY_OUTCOME_DONE)
    {
      g_assert_true (world->stored && world->bytes_sent);
      g_assert_cmpint (sender->outcome, !=, FERRY_OUTCOME_CORRUPT);
    }
  if (receiver->ended && receiver->outcome == FERRY_OUTCOME_CORRUPT)
    g_assert_true (world->scenario->corrupt && sender->outcome != FERRY_OUTCOME_DONE);
  if (world->scenario->corrupt && !world->scenario->late_hash)
    g_assert_false (world->stored);
}

/* While nothing else can happen, time goes to the next alarm. Otherwise an alarm is
 * a disturbance, of which there are few. */
static gboolean
may_ring (const JingleWorld *world,
          guint        side,
          gboolean     quiet)
{
  gint64 other = world->sides[!side].alarm;

  return quiet ? other == 0 || world->sides[side].alarm <= other : world->alarms > 0;
}

/* Returns: how many worlds are new from here on */
static guint
walk (const JingleWorld *world,
      GHashTable  *seen,
      guint       *n_ends)
{
  char *name = print (world);
  guint n_worlds = 1;
  gboolean quiet = TRUE;

  if (!g_hash_table_add (seen, name))
    return 0;

  for (JingleMove move = 0; move < N_MOVES; move++)
    for (guint side = 0; side < N_SIDES; side++)
      {
        JingleWorld *next;

        if (!jingle_world_can (world, side, move) ||
            (move == ALARM && !may_ring (world, side, quiet)))
          continue;

        next = jingle_world_copy (world);
        if (move == ALARM && !quiet)
          next->alarms--;
        jingle_world_make (next, side, move);
        n_worlds += walk (next, seen, n_ends);
        jingle_world_free (next);
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

#define MODERN      .dialect = &ferry_jingle_1_dialect
#define OLD         .dialect = &ferry_jingle_0_dialect
#define BYTESTREAMS .dialect = &ferry_jingle_0_bytestreams_dialect
#define IBB         .dialect = &ferry_jingle_0_ibb_dialect
#define STREAM      .dialect = &ferry_stream_1_dialect, .is_stream = TRUE
#define OLD_STREAM  .dialect = &ferry_stream_0_dialect, .is_stream = TRUE
#define ENCRYPTED   .terms = { "auto expected", "auto expected" }
#define FT_3        .dialect = &ferry_jingle_1_ft3_dialect

static const JingleScenario scenarios[] = {
  { "all-goes-well", MODERN, .s5b_works = TRUE },
  { "late-hash", MODERN, .s5b_works = TRUE, .late_hash = TRUE, .alarms = 1 },
  { "either-cancels", MODERN, .s5b_works = TRUE, .cancels = 1 },
  { "either-cancels-with-a-late-hash", MODERN, .s5b_works = TRUE, .cancels = 1, .late_hash = TRUE },
  { "declined-or-cancelled", MODERN, .s5b_works = TRUE, .cancels = 1, .declines = 1 },
  { "alarms-strike-early", MODERN, .s5b_works = TRUE, .alarms = 2, .cancels = 1 },
  { "other-bytes", MODERN, .s5b_works = TRUE, .corrupt = TRUE, .cancels = 1 },
  { "other-bytes-and-a-late-hash", MODERN, .s5b_works = TRUE, .corrupt = TRUE, .late_hash = TRUE,
    .alarms = 1 },
  { "disk-error", MODERN, .s5b_works = TRUE, .disk_errors = 1, .cancels = 1 },
  { "falls-back-undisturbed", MODERN, .ibb_works = TRUE, .late_hash = TRUE },
  { "falls-back", MODERN, .ibb_works = TRUE, .alarms = 1 },
  { "falls-back-or-cancels", MODERN, .ibb_works = TRUE, .cancels = 1 },
  { "falls-back-amid-late-infos", MODERN, .ibb_works = TRUE, .infos = 1 },
  { "nothing-works", MODERN, .alarms = 1, .cancels = 1 },
  { "transports-that-cannot-be-had", MODERN, .ibb_works = TRUE, .unprepared = TRUE, .alarms = 1 },
  { "crossed-replaces", MODERN, .ibb_works = TRUE, .replaces = 2, .alarms = 1 },
  { "replaces-while-bytes-flow", MODERN, .s5b_works = TRUE, .ibb_works = TRUE, .replaces = 2 },
  { "infos-at-any-time", MODERN, .s5b_works = TRUE, .infos = 1, .cancels = 1 },
  { "either-leaves", MODERN, .s5b_works = TRUE, .leavings = 1, .cancels = 1 },
  { "many-things-at-once", MODERN, .ibb_works = TRUE, .late_hash = TRUE, .cancels = 1, .disk_errors = 1,
    .infos = 1, .alarms = 1 },

  { "ft-3/undisturbed", FT_3, .ibb_works = TRUE, .infos = 1 },
  { "request/all-goes-well", MODERN, .is_request = TRUE, .s5b_works = TRUE },
  { "request/falls-back", MODERN, .is_request = TRUE, .ibb_works = TRUE, .alarms = 1 },
  { "request/late-hash", MODERN, .is_request = TRUE, .s5b_works = TRUE, .late_hash = TRUE,
    .alarms = 1 },
  { "request/refused-or-cancelled", MODERN, .is_request = TRUE, .s5b_works = TRUE, .cancels = 1,
    .declines = 1 },
  { "request/disk-error", MODERN, .is_request = TRUE, .s5b_works = TRUE, .disk_errors = 1 },

  { "old/all-goes-well", OLD, .s5b_works = TRUE, .infos = 1 },
  { "old/falls-back", OLD, .ibb_works = TRUE, .alarms = 1, .cancels = 1 },
  { "old/request", OLD, .is_request = TRUE, .s5b_works = TRUE, .declines = 1, .cancels = 1 },
  { "old/request-falls-back", OLD, .is_request = TRUE, .ibb_works = TRUE },
  { "old/crossed-replaces", OLD, .ibb_works = TRUE, .replaces = 2, .alarms = 1 },

  { "early/all-goes-well", BYTESTREAMS, .s5b_works = TRUE },
  { "early/falls-back-undisturbed", BYTESTREAMS, .ibb_works = TRUE },
  { "early/falls-back", BYTESTREAMS, .ibb_works = TRUE, .alarms = 1 },
  { "early/either-cancels", BYTESTREAMS, .s5b_works = TRUE, .cancels = 1, .declines = 1 },
  { "early/falls-back-or-cancels", BYTESTREAMS, .ibb_works = TRUE, .cancels = 1, .declines = 1 },
  { "early/nothing-works", BYTESTREAMS, .alarms = 1, .cancels = 1 },
  { "early/transports-that-cannot-be-had", BYTESTREAMS, .ibb_works = TRUE, .unprepared = TRUE,
    .alarms = 1 },
  { "early/alarms-strike-early", BYTESTREAMS, .s5b_works = TRUE, .ibb_works = TRUE, .alarms = 2 },
  { "early/either-leaves", BYTESTREAMS, .s5b_works = TRUE, .leavings = 1, .cancels = 1 },
  { "early/other-bytes", BYTESTREAMS, .s5b_works = TRUE, .corrupt = TRUE, .cancels = 1 },
  { "early/disk-error", BYTESTREAMS, .s5b_works = TRUE, .disk_errors = 1, .cancels = 1 },
  { "early/crossed-replaces", BYTESTREAMS, .ibb_works = TRUE, .replaces = 2, .alarms = 1 },
  { "early/request", BYTESTREAMS, .is_request = TRUE, .s5b_works = TRUE, .declines = 1,
    .cancels = 1 },
  { "early/request-falls-back", BYTESTREAMS, .is_request = TRUE, .ibb_works = TRUE, .alarms = 1 },
  { "in-band-alone/all-goes-well", IBB, .ibb_works = TRUE, .infos = 1 },
  { "in-band-alone/request", IBB, .is_request = TRUE, .ibb_works = TRUE, .cancels = 1 },

  { "secured/all-goes-well", MODERN, ENCRYPTED, .s5b_works = TRUE },
  { "secured/a-known-certificate", MODERN, .terms = { "auto pin=o expected", "required pin=o" },
    .s5b_works = TRUE },
  { "secured/a-phrase", MODERN, .terms = { "auto expected x509+srp", "auto x509+srp" },
    .is_phrase = TRUE, .s5b_works = TRUE },
  { "secured/nobody-asks", MODERN, .terms = { "auto", "auto" }, .is_plain = TRUE,
    .s5b_works = TRUE },
  { "secured/either-cancels", MODERN, ENCRYPTED, .s5b_works = TRUE, .cancels = 1 },
  { "secured/alarms-strike-early", MODERN, ENCRYPTED, .s5b_works = TRUE, .alarms = 2 },
  { "secured/handshakes-fail", MODERN, ENCRYPTED, .s5b_works = TRUE, .handshakes = 1 },
  { "secured/handshakes-fail-or-are-cancelled", MODERN, ENCRYPTED, .s5b_works = TRUE, .cancels = 1,
    .handshakes = 2 },
  { "secured/falls-back", MODERN, ENCRYPTED, .ibb_works = TRUE, .alarms = 1 },
  { "secured/falls-back-or-cancels", MODERN, ENCRYPTED, .ibb_works = TRUE, .cancels = 1 },
  { "secured/crossed-replaces", MODERN, ENCRYPTED, .ibb_works = TRUE, .replaces = 2, .alarms = 1 },
  { "secured/either-leaves", MODERN, ENCRYPTED, .s5b_works = TRUE, .leavings = 1, .cancels = 1 },
  { "secured/infos-at-any-time", MODERN, ENCRYPTED, .s5b_works = TRUE, .infos = 1 },
  { "secured/late-hash", MODERN, ENCRYPTED, .s5b_works = TRUE, .late_hash = TRUE, .alarms = 1 },
  { "secured/an-offer-is-stripped", MODERN, ENCRYPTED, .strips = { FALSE, TRUE },
    .s5b_works = TRUE, .ibb_works = TRUE },
  { "secured/an-answer-is-stripped", MODERN, ENCRYPTED, .strips = { TRUE, FALSE },
    .s5b_works = TRUE, .ibb_works = TRUE, .alarms = 1 },
  { "secured/an-early-answer-is-stripped", BYTESTREAMS, ENCRYPTED, .strips = { TRUE, FALSE },
    .s5b_works = TRUE, .ibb_works = TRUE, .alarms = 1 },
  { "secured/all-is-stripped-from-who-requires-it", MODERN, .strips = { TRUE, TRUE },
    .terms = { "required", "required" }, .s5b_works = TRUE, .ibb_works = TRUE },
  { "secured/request", MODERN, ENCRYPTED, .is_request = TRUE, .s5b_works = TRUE, .cancels = 1 },
  { "secured/old", OLD, ENCRYPTED, .s5b_works = TRUE, .cancels = 1 },
  { "secured/early", BYTESTREAMS, ENCRYPTED, .s5b_works = TRUE, .cancels = 1 },
  { "secured/early-falls-back", BYTESTREAMS, ENCRYPTED, .ibb_works = TRUE, .alarms = 1 },
  { "secured/early-handshakes-fail", BYTESTREAMS, ENCRYPTED, .s5b_works = TRUE, .handshakes = 1,
    .alarms = 1 },
  { "secured/early-request", BYTESTREAMS, ENCRYPTED, .is_request = TRUE, .s5b_works = TRUE,
    .cancels = 1 },
  { "secured/in-band-alone", IBB, ENCRYPTED, .ibb_works = TRUE, .cancels = 1 },

  { "stream/all-goes-well", STREAM, ENCRYPTED, .s5b_works = TRUE },
  { "stream/a-phrase", STREAM, .terms = { "auto expected x509+srp", "none x509+srp" },
    .is_phrase = TRUE, .s5b_works = TRUE, .cancels = 1 },
  { "stream/declined-or-cancelled", STREAM, ENCRYPTED, .s5b_works = TRUE, .declines = 1,
    .cancels = 1 },
  { "stream/falls-back", STREAM, ENCRYPTED, .ibb_works = TRUE, .alarms = 1 },
  { "stream/falls-back-undisturbed", STREAM, ENCRYPTED, .ibb_works = TRUE },
  { "stream/stripped", STREAM, .terms = { "none", "none" }, .strips = { TRUE, FALSE },
    .s5b_works = TRUE, .ibb_works = TRUE },
  { "stream/nothing-works", STREAM, ENCRYPTED, .alarms = 1, .cancels = 1 },
  { "stream/handshakes-fail", STREAM, ENCRYPTED, .s5b_works = TRUE, .handshakes = 2, .cancels = 1 },
  { "stream/either-leaves", STREAM, ENCRYPTED, .s5b_works = TRUE, .leavings = 1, .cancels = 1 },
  { "stream/infos-and-replaces", STREAM, ENCRYPTED, .s5b_works = TRUE, .ibb_works = TRUE, .infos = 1,
    .replaces = 1 },
  { "stream/old", OLD_STREAM, ENCRYPTED, .s5b_works = TRUE, .cancels = 1 },
  { "stream/old-falls-back", OLD_STREAM, ENCRYPTED, .ibb_works = TRUE, .alarms = 1 },
};

static void
test_scenario (gconstpointer data)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  JingleWorld *world = jingle_world_new (data);
  guint n_ends = 0;
  guint n_worlds;

  jingle_world_tell (world, ROMEO, FERRY_SESSION_EVENT_START);
  n_worlds = walk (world, seen, &n_ends);
  jingle_world_free (world);

  g_test_message ("%u worlds, %u ends", n_worlds, n_ends);
  g_assert_cmpuint (n_worlds, >, is_stripped (data) ? 5 : 20);
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
