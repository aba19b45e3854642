/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "fuzz.h"
#include "legacy/dialects.h"
#include "legacy/si.h"
#include "proto/iq.h"

/* A line is an event. The first says whose session it is ('i' or anything else) and, after a
 * space, of which dialect: of REL, or of stream initiation of either age. A line that begins with
 * '<' is a stanza of the peer's, any other a letter and what goes with it. The session may refuse
 * what it likes, but no stanza is left unanswered, and it ends once. */

static const char kinds[] = {
  [FERRY_SESSION_EVENT_START] = 's',
  [FERRY_SESSION_EVENT_ACCEPT] = 'a',
  [FERRY_SESSION_EVENT_DECLINE] = 'd',
  [FERRY_SESSION_EVENT_CANCEL] = 'c',
  [FERRY_SESSION_EVENT_STANZA] = '<',
  [FERRY_SESSION_EVENT_ANSWER] = 'r',
  [FERRY_SESSION_EVENT_TRANSPORT_PREPARED] = 'p',
  [FERRY_SESSION_EVENT_TRANSPORT_OPEN] = 'o',
  [FERRY_SESSION_EVENT_TRANSPORT_FAILED] = 'f',
  [FERRY_SESSION_EVENT_DATA_DONE] = 'n',
  [FERRY_SESSION_EVENT_DATA_FAILED] = 'b',
  [FERRY_SESSION_EVENT_STORED] = 'w',
  [FERRY_SESSION_EVENT_PEER_GONE] = 'g',
  [FERRY_SESSION_EVENT_DEADLINE] = '.',
};

typedef struct
{
  FerrySession *session; /* (owned) */
  gint64        now;     /* µs */
  guint         tag;     /* of the last request */
  guint         n_held;  /* stanzas not answered yet */
  gboolean      has_transport;
  gboolean      ended;
} Desk;

static FerrySession *
session_new (const char *first)
{
  g_autoptr(FerryFileDescription) file = ferry_file_description_new ();
  const FerryDialect *dialect = *first != '\0' && first[1] != '\0'
                                ? ferry_dialects_find (first + 2) : NULL;
  FerrySessionConfig config = {
    .own_jid = "a@b/c",
    .peer_jid = "d@e/f",
    .sid = "c",
    .file = file,
  };

  if (dialect == NULL || g_str_has_prefix (dialect->name, "jingle"))
    dialect = &ferry_si_dialect;

  config.transports = dialect->transports;
  file->size = 6;

  return *first == 'i' ? dialect->offer (&config) : dialect->answer (&config);
}

static void
carry_out (Desk                     *self,
           const FerrySessionEffect *effect)
{
  g_assert_true (!self->ended || effect->kind == FERRY_SESSION_EFFECT_REPLY);

  switch ((guint) effect->kind)
    {
    case FERRY_SESSION_EFFECT_REPLY:
      g_assert_cmpuint (self->n_held, >, 0);
      self->n_held--;
      break;
    case FERRY_SESSION_EFFECT_SEND:
      self->tag = effect->tag;
      break;
    case FERRY_SESSION_EFFECT_PREPARE:
      g_assert_false (self->has_transport);
      g_assert_nonnull (effect->stream_sid);
      self->has_transport = TRUE;
      break;
    case FERRY_SESSION_EFFECT_OPEN:
    case FERRY_SESSION_EFFECT_PUMP:
      g_assert_true (self->has_transport);
      break;
    case FERRY_SESSION_EFFECT_CLOSE:
      g_assert_true (self->has_transport);
      self->has_transport = FALSE;
      break;
    case FERRY_SESSION_EFFECT_END:
      g_assert_false (self->has_transport);
      g_assert_cmpuint (self->n_held, ==, 0);
      self->ended = TRUE;
      break;
    default:
      break;
    }
}

static void
feed (Desk                    *self,
      const FerrySessionEvent *event)
{
  g_autoptr(FerrySessionEffects) effects = ferry_session_effects_new ();
  FerrySession *copy = ferry_session_copy (self->session);
  FerrySessionEffect effect;

  ferry_session_free (self->session);
  self->session = copy;

  self->n_held += event->kind == FERRY_SESSION_EVENT_STANZA;
  ferry_session_handle (self->session, event, self->now, effects);
  while (ferry_session_effects_next (effects, &effect))
    {
      carry_out (self, &effect);
      ferry_session_effect_clear (&effect);
    }

  g_assert_cmpuint (self->n_held, <=, 1);
  g_assert_nonnull (ferry_session_get_file (self->session));
}

static FerryElement *
wrap (FerryElement *payload,
      FerryIqType   type)
{
  g_autoptr(FerryElement) iq = ferry_iq_new (type, "a@b/c", "i1", payload);
  FerryElementBuilder *builder = ferry_element_builder_new_from (iq);

  ferry_element_builder_attribute (builder, "from", "d@e/f");

  return ferry_element_builder_end (builder);
}

/* What an event is about: a payload, in what carries it. */
static FerryElement *
read_element (FerrySessionEventKind  kind,
              const char            *xml)
{
  g_autoptr(FerryElement) payload = ferry_element_parse (xml, -1, NULL);
  gboolean is_error = payload != NULL && g_str_equal (ferry_element_get_name (payload), "error");

  if (payload == NULL || kind == FERRY_SESSION_EVENT_TRANSPORT_PREPARED)
    return g_steal_pointer (&payload);
  if (kind == FERRY_SESSION_EVENT_STANZA)
    return wrap (payload, FERRY_IQ_SET);

  return wrap (payload, is_error ? FERRY_IQ_ERROR : FERRY_IQ_RESULT);
}

static void
play_line (Desk       *self,
           const char *line)
{
  const char *kind = memchr (kinds, *line, sizeof kinds);
  FerrySessionEvent event = { .kind = kind != NULL ? kind - kinds : FERRY_SESSION_EVENT_DEADLINE };
  g_autoptr(FerryElement) element = NULL;
  static const guint8 zeros[FERRY_HASH_MAX_SIZE];
  FerryHashes hashes = { 0 };
  guint number;

  if (*line == '\0')
    return;

  number = g_ascii_isdigit (line[1]) ? line[1] - '0' : 0;
  element = read_element (event.kind, *line == '<' ? line : line + 1);
  if (event.kind == FERRY_SESSION_EVENT_STANZA && element == NULL)
    return;

  event.element = element;
  event.tag = self->tag;
  event.outcome = FERRY_OUTCOME_CORRUPT + number % 4;
  event.confirmed = number > 0;
  event.range_offset = number;
  if (number > 1)
    ferry_hashes_set (&hashes, number % FERRY_N_HASHES, zeros);
  event.hashes = &hashes;
  self->now += number * G_USEC_PER_SEC * 30;

  feed (self, &event);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_auto(GStrv) lines = g_strsplit (text, "\n", 64);
  Desk desk = { .session = session_new (lines[0] != NULL ? lines[0] : ""), .now = 1 };

  for (guint i = 1; lines[0] != NULL && lines[i] != NULL; i++)
    play_line (&desk, lines[i]);

  ferry_session_free (desk.session);

  return 0;
}
