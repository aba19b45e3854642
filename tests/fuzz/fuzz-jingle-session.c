/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "fuzz.h"
#include "legacy/jingle-0.h"
#include "legacy/jingle-1.h"
#include "legacy/stream-0.h"
#include "legacy/stream-1.h"
#include "proto/iq.h"

/* A line is an event. The first says whose session it is ('i' offers, 'q' asks, anything
 * else answers), a digit behind it in which dialect, and a character behind that which terms
 * of encryption there are; a line that begins with '<' is a stanza of the peer's, any other a letter and what
 * goes with it. The session may refuse what it likes, but it answers each stanza
 * once, and it ends once. */

#define ROMEO  "romeo@montague.lit/orchard"
#define JULIET "juliet@capulet.lit/balcony"

static const char kinds[] = {
  [FERRY_SESSION_EVENT_START] = 's',
  [FERRY_SESSION_EVENT_ACCEPT] = 'a',
  [FERRY_SESSION_EVENT_FOUND] = 'F',
  [FERRY_SESSION_EVENT_DECLINE] = 'd',
  [FERRY_SESSION_EVENT_CANCEL] = 'c',
  [FERRY_SESSION_EVENT_STANZA] = '<',
  [FERRY_SESSION_EVENT_ANSWER] = 'r',
  [FERRY_SESSION_EVENT_TRANSPORT_PREPARED] = 'p',
  [FERRY_SESSION_EVENT_TRANSPORT_INFO] = 't',
  [FERRY_SESSION_EVENT_TRANSPORT_OPEN] = 'o',
  [FERRY_SESSION_EVENT_TRANSPORT_FAILED] = 'f',
  [FERRY_SESSION_EVENT_SECURED] = 'k',
  [FERRY_SESSION_EVENT_SECURITY_FAILED] = 'x',
  [FERRY_SESSION_EVENT_HASHES] = 'h',
  [FERRY_SESSION_EVENT_DATA_DONE] = 'n',
  [FERRY_SESSION_EVENT_DATA_FAILED] = 'b',
  [FERRY_SESSION_EVENT_STORED] = 'w',
  [FERRY_SESSION_EVENT_PEER_GONE] = 'g',
  [FERRY_SESSION_EVENT_DEADLINE] = '.',
};

typedef struct
{
  FerrySession *session;
  gint64        now;
  const char   *ns;       /* of the transport there is; NULL: none */
  gboolean      is_strict; /* nothing may go in the clear */
  gboolean      is_securing, is_secured;
  gboolean      ended;
} Desk;

static const FerryPeerProfile profile = { .name = "fuzz", .answers_transport_replace = TRUE };

static const FerryDialect *const dialects[] = {
  &ferry_jingle_1_dialect,
  &ferry_jingle_1_ft4_dialect,
  &ferry_jingle_1_ft3_dialect,
  &ferry_jingle_1_ft1_dialect,
  &ferry_jingle_0_dialect,
  &ferry_jingle_0_bytestreams_dialect,
  &ferry_jingle_0_ibb_dialect,
  &ferry_jingle_0_ft1_dialect,
  &ferry_stream_1_dialect,
  &ferry_stream_0_dialect,
};

#define SHA1   "6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f"
#define SHA256 "6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f"

/* From '0' on: the policy, whether XTLS is expected, a certificate pinned, a phrase known. */
static gboolean
read_terms (FerrySecurityTerms *terms,
            const char         *text)
{
  guint number;

  if (strlen (text) < 3 || text[2] < '0')
    return FALSE;

  number = text[2] - '0';
  *terms = (FerrySecurityTerms) {
    .policy = number % 3,
    .is_expected = number / 3 % 2,
    .pinned_sha1 = number / 6 % 2 ? SHA1 : NULL,
    .pinned_sha256 = number / 6 % 2 ? SHA256 : NULL,
    .methods = FERRY_XTLS_X509 | (number / 12 % 2 ? FERRY_XTLS_SRP : 0),
    .own = { .sha1 = SHA1, .sha256 = SHA256 },
  };

  return TRUE;
}

static FerrySession *
session_new (const char *text,
             gboolean   *is_strict)
{
  guint index = *text != '\0' && g_ascii_isdigit (text[1]) ? text[1] - '0' : 0;
  const FerryDialect *dialect = dialects[index % G_N_ELEMENTS (dialects)];
  gboolean is_initiator = *text == 'i' || *text == 'q';
  g_autoptr(FerryFileDescription) file = ferry_file_description_new ();
  FerrySessionConfig config = {
    .own_jid = is_initiator ? ROMEO : JULIET,
    .peer_jid = is_initiator ? JULIET : ROMEO,
    .sid = "s1",
    .transports = is_initiator ? dialect->transports : dialect->accepts,
    .profile = &profile,
    .file = file,
  };
  FerrySecurityTerms terms;

  file->size = 6;
  if (read_terms (&terms, text))
    config.security = &terms;
  *is_strict = dialect->request == NULL ||
               (config.security != NULL && terms.policy == FERRY_SECURITY_REQUIRED);

  if (*text == 'q' && dialect->request != NULL)
    return dialect->request (&config);

  return is_initiator ? dialect->offer (&config) : dialect->answer (&config);
}

static void
carry_out (Desk                     *self,
           const FerrySessionEffect *effect,
           guint                    *n_answers)
{
  g_assert_true (!self->ended || effect->kind == FERRY_SESSION_EFFECT_REPLY);

  switch ((guint) effect->kind)
    {
    case FERRY_SESSION_EFFECT_REPLY:
      (*n_answers)++;
      break;
    case FERRY_SESSION_EFFECT_TRANSPORT_INFO:
      g_assert_nonnull (self->ns);
      (*n_answers)++;
      break;
    case FERRY_SESSION_EFFECT_PREPARE:
      g_assert_null (self->ns);
      g_assert_nonnull (effect->transport_ns);
      self->ns = effect->transport_ns;
      break;
    case FERRY_SESSION_EFFECT_OPEN:
      g_assert_nonnull (self->ns);
      break;
    case FERRY_SESSION_EFFECT_SECURE:
      g_assert_true (self->ns != NULL && !self->is_securing && !self->is_secured);
      g_assert_true (effect->method == FERRY_XTLS_X509 || effect->method == FERRY_XTLS_SRP);
      self->is_securing = TRUE;
      break;
    case FERRY_SESSION_EFFECT_PUMP:
      g_assert_nonnull (self->ns);
      g_assert_true (!self->is_securing && (self->is_secured || !self->is_strict));
      break;
    case FERRY_SESSION_EFFECT_CLOSE:
      g_assert_nonnull (self->ns);
      self->ns = NULL;
      self->is_securing = self->is_secured = FALSE;
      break;
    case FERRY_SESSION_EFFECT_END:
      g_assert_null (self->ns);
      self->ended = TRUE;
      break;
    default:
      break;
    }
}

static void
feed (Desk              *self,
      FerrySessionEvent *event)
{
  g_autoptr(FerrySessionEffects) effects = ferry_session_effects_new ();
  FerrySession *copy = ferry_session_copy (self->session);
  FerrySessionEffect effect;
  guint n_answers = 0;

  ferry_session_free (self->session);
  self->session = copy;

  ferry_session_handle (self->session, event, self->now, effects);
  while (ferry_session_effects_next (effects, &effect))
    {
      carry_out (self, &effect, &n_answers);
      ferry_session_effect_clear (&effect);
    }

  g_assert_cmpuint (n_answers, ==, event->kind == FERRY_SESSION_EVENT_STANZA ? 1 : 0);
  g_assert_nonnull (ferry_session_get_file (self->session));
}

static FerryElement *
wrap (FerryElement *payload)
{
  g_autoptr(FerryElement) iq = ferry_iq_new (FERRY_IQ_SET, "a@b/c", "i1", payload);
  FerryElementBuilder *builder = ferry_element_builder_new_from (iq);

  ferry_element_builder_attribute (builder, "from", "d@e/f");

  return ferry_element_builder_end (builder);
}

static void
play_line (Desk       *self,
           const char *line)
{
  const char *kind = memchr (kinds, *line, sizeof kinds);
  FerrySessionEvent event = { .kind = kind != NULL ? kind - kinds : FERRY_SESSION_EVENT_DEADLINE };
  g_autoptr(FerryFileDescription) file = ferry_file_description_new ();
  g_autoptr(FerryElement) payload = NULL;
  g_autoptr(FerryElement) iq = NULL;
  FerryHashes hashes = { 0 };
  guint number;

  if (*line == '\0')
    return;

  number = g_ascii_isdigit (line[1]) ? line[1] - '0' : 0;
  if (strchr (line, '<') != NULL)
    payload = ferry_element_parse (strchr (line, '<'), -1, NULL);

  event.element = payload;
  if (event.kind == FERRY_SESSION_EVENT_STANZA)
    {
      if (payload == NULL)
        return;
      event.element = iq = wrap (payload);
    }
  else if (event.kind == FERRY_SESSION_EVENT_TRANSPORT_INFO && payload == NULL)
    return;

  event.tag = number * 16;
  if (number > 0 && g_ascii_isdigit (line[2]))
    event.tag += line[2] - '0';
  else
    event.tag += strlen (line);
  event.range_offset = number;
  event.methods = number;
  event.file = file;
  file->size = number;
  event.outcome = FERRY_OUTCOME_CORRUPT + number % 4;
  if (event.kind == FERRY_SESSION_EVENT_SECURITY_FAILED)
    event.outcome = number == 0 ? FERRY_OUTCOME_PEER_GONE : FERRY_OUTCOME_INSECURE;
  if (number > 0)
    ferry_hashes_set (&hashes, number % FERRY_N_HASHES, (const guint8 *) hashes.digest);
  event.hashes = &hashes;
  self->now += number * G_USEC_PER_SEC * 60;

  if (event.kind == FERRY_SESSION_EVENT_SECURED && self->is_securing)
    self->is_secured = TRUE;
  if (event.kind == FERRY_SESSION_EVENT_SECURED || event.kind == FERRY_SESSION_EVENT_SECURITY_FAILED)
    self->is_securing = FALSE;

  feed (self, &event);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_auto(GStrv) lines = g_strsplit (text, "\n", 64);
  Desk desk = { .now = 1 };

  desk.session = session_new (text, &desk.is_strict);
  for (guint i = 1; lines[0] != NULL && lines[i] != NULL; i++)
    play_line (&desk, lines[i]);

  ferry_session_free (desk.session);

  return 0;
}
