/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "jingle-script.h"

G_BEGIN_DECLS

#define INITIATOR FERRY_ROLE_INITIATOR
#define RESPONDER FERRY_ROLE_RESPONDER
#define BOTH      "s5b:1 ibb:1"

/* The same beginnings again and again. */
#define OFFER                                                                                    \
  { "start", "prepare s5b:1 proposer" },                                                         \
  { "prepared s5b:1", "send session-initiate s5b:1?; wake 300000" },                             \
  { "result", "" }
#define ACCEPTED                                                                                 \
  OFFER,                                                                                         \
  { "<session-accept s5b:1", "reply result; accepted; remote s5b:1; open; wake never" }
#define SENDING                                                                                  \
  ACCEPTED,                                                                                      \
  { "open", "pump 0 -1" }
#define SENT                                                                                     \
  SENDING,                                                                                       \
  { "done", "wake 15000" }
#define REPLACING                                                                                \
  ACCEPTED,                                                                                      \
  { "failed", "wake 400" },                                                                      \
  { "wait 400", "wake never; close; prepare ibb:1 proposer" },                                   \
  { "prepared ibb:1", "send transport-replace ibb:1?; wake 15000" }
#define ASKED                                                                                    \
  { "<session-initiate s5b:1", "reply result; ask; wake 300000" }
#define AGREED                                                                                   \
  ASKED,                                                                                         \
  { "accept", "wake never; remote s5b:1; prepare s5b:1" },                                       \
  { "prepared s5b:1", "send session-accept s5b:1?; open" },                                      \
  { "result", "" }
#define RECEIVING                                                                                \
  AGREED,                                                                                        \
  { "open", "pump 0 -1" }
#define STORING                                                                                  \
  RECEIVING,                                                                                     \
  { "<session-info checksum=g", "reply result" },                                                \
  { "done g", "store verified" }

#define JINGLE_MAX_LINES 24

/* A promise, and the dialogue that proves it. */
typedef struct
{
  const char             *name;
  FerryRole               role;
  const char             *transports;
  const char             *file; /* NULL: no hash; "hash-used"; or a digest */
  const FerryPeerProfile *profile;
  JingleLine              lines[JINGLE_MAX_LINES];
  const FerryDialect     *dialect; /* NULL: jingle-1 */
  gboolean                is_request;
  const char             *terms;   /* of encryption; NULL: none */
} JingleDialogue;

static inline void
jingle_dialogue_hold (gconstpointer data)
{
  const JingleDialogue *dialogue = data;
  gsize n_lines = 0;
  JingleDesk desk;

  while (n_lines < JINGLE_MAX_LINES && dialogue->lines[n_lines].in != NULL)
    n_lines++;

  if (dialogue->terms != NULL)
    jingle_desk_init_secure (&desk, dialogue->dialect, dialogue->is_request, dialogue->role,
                             dialogue->transports, dialogue->file, dialogue->terms);
  else if (dialogue->dialect != NULL)
    jingle_desk_init_in (&desk, dialogue->dialect, dialogue->is_request, dialogue->role,
                         dialogue->transports, dialogue->profile, dialogue->file);
  else
    jingle_desk_init (&desk, dialogue->role, dialogue->transports, dialogue->profile,
                      dialogue->file);
  jingle_desk_play (&desk, dialogue->lines, n_lines);
  jingle_desk_clear (&desk);
}

/* Makes a test of each. @dialogues: static */
static inline void
jingle_dialogues_add (const char           *prefix,
                      const JingleDialogue *dialogues,
                      gsize                 n_dialogues)
{
  for (gsize i = 0; i < n_dialogues; i++)
    {
      g_autofree char *path = g_strconcat (prefix, dialogues[i].name, NULL);

      g_test_add_data_func (path, &dialogues[i], jingle_dialogue_hold);
    }
}

G_END_DECLS
