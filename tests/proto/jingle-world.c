/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "jingle-script.h"
#include "jingle-world.h"

const char *const jingle_world_jids[N_SIDES] = { "romeo@montague.lit/orchard", "juliet@capulet.lit/balcony" };

static void
clear_message (gpointer data)
{
  ferry_element_unref (((JingleMessage *) data)->iq);
}

static GArray *
inbox_new (void)
{
  GArray *inbox = g_array_new (FALSE, FALSE, sizeof (JingleMessage));

  g_array_set_clear_func (inbox, clear_message);

  return inbox;
}

/* The digests that the dialect can tell; a late one is SHA-256. */
void
jingle_world_fill_digests (const JingleScenario *scenario,
                           FerryHashes          *hashes,
                           char                  letter)
{
  for (guint i = 0; i < FERRY_N_HASHES; i++)
    if (scenario->dialect->hashes & (1u << i))
      jingle_script_fill_digest (hashes, i, letter);
}

FerryFileDescription *
jingle_world_describe_file (const JingleScenario *scenario)
{
  FerryFileDescription *file = ferry_file_description_new ();

  file->name = g_strdup ("a.txt");
  file->size = 6;
  if (scenario->late_hash)
    ferry_hashes_announce (&file->hashes, FERRY_HASH_SHA256);
  else
    jingle_world_fill_digests (scenario, &file->hashes, 'g');

  return file;
}

static FerrySession *
make_session (const JingleScenario       *scenario,
              guint                       side,
              const FerryFileDescription *file)
{
  const FerryDialect *dialect = scenario->dialect;
  g_autoptr(FerryFileDescription) asked = ferry_file_description_new ();
  FerrySessionConfig config = {
    .own_jid = jingle_world_jids[side],
    .peer_jid = jingle_world_jids[!side],
    .sid = "s1",
    .transports = side == JULIET && dialect->accepts != NULL ? dialect->accepts
                                                             : dialect->transports,
    .profile = &jingle_script_profile,
    .file = scenario->is_request ? asked : file,
  };
  FerrySecurityTerms terms;
  FerryXtls pin;

  asked->name = g_strdup (file->name);
  if (scenario->terms[side] != NULL)
    {
      jingle_script_fill_terms (&terms, &pin, scenario->terms[side]);
      config.security = &terms;
    }

  if (side == JULIET)
    return dialect->answer (&config);

  return scenario->is_request ? dialect->request (&config) : dialect->offer (&config);
}

JingleWorld *
jingle_world_new (const JingleScenario *scenario)
{
  g_autoptr(FerryFileDescription) file = jingle_world_describe_file (scenario);
  JingleWorld *world = g_new0 (JingleWorld, 1);

  world->scenario = scenario;
  world->sender = scenario->is_request ? JULIET : ROMEO;
  world->now = 1;
  world->alarms = scenario->alarms;
  world->disk_errors = scenario->disk_errors;
  world->replaces = scenario->replaces;
  world->handshakes = scenario->handshakes;
  for (guint side = 0; side < N_SIDES; side++)
    {
      world->sides[side].session = make_session (scenario, side, file);
      world->sides[side].inbox = inbox_new ();
      world->sides[side].cancels = scenario->cancels;
      world->sides[side].declines = side == JULIET ? scenario->declines : 0;
      world->sides[side].infos = scenario->infos;
      world->sides[side].leavings = scenario->leavings;
      world->sides[side].hashes = side == world->sender && scenario->late_hash;
    }

  return world;
}

JingleWorld *
jingle_world_copy (const JingleWorld *world)
{
  JingleWorld *copy = g_new (JingleWorld, 1);

  *copy = *world;
  for (guint side = 0; side < N_SIDES; side++)
    {
      copy->sides[side].session = ferry_session_copy (world->sides[side].session);
      copy->sides[side].inbox = inbox_new ();
      for (guint i = 0; i < world->sides[side].inbox->len; i++)
        {
          JingleMessage message = g_array_index (world->sides[side].inbox, JingleMessage, i);

          ferry_element_ref (message.iq);
          g_array_append_val (copy->sides[side].inbox, message);
        }
    }

  return copy;
}

void
jingle_world_free (JingleWorld *world)
{
  for (guint side = 0; side < N_SIDES; side++)
    {
      ferry_session_free (world->sides[side].session);
      g_array_unref (world->sides[side].inbox);
    }
  g_free (world);
}
