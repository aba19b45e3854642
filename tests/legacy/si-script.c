/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "legacy/feature-negotiation.h"
#include "legacy/si-file.h"
#include "proto/iq.h"
#include "si-script.h"

#define ROMEO  "romeo@montague.lit/orchard"
#define JULIET "juliet@capulet.lit/balcony"

/* Those that a session of this kind can have. */
static const char *const outcomes[] = {
  [FERRY_OUTCOME_DONE] = "done",
  [FERRY_OUTCOME_UNCONFIRMED] = "unconfirmed",
  [FERRY_OUTCOME_DECLINED] = "declined",
  [FERRY_OUTCOME_CANCELLED] = "cancelled",
  [FERRY_OUTCOME_PEER_CANCELLED] = "peer-cancelled",
  [FERRY_OUTCOME_PEER_GONE] = "peer-gone",
  [FERRY_OUTCOME_PEER_CANNOT] = "peer-cannot",
  [FERRY_OUTCOME_PEER_BUSY] = "peer-busy",
  [FERRY_OUTCOME_REFUSED] = "refused",
  [FERRY_OUTCOME_NO_ROUTE] = "no-route",
  [FERRY_OUTCOME_RETRY_IN_BAND] = "retry-in-band",
  [FERRY_OUTCOME_CORRUPT] = "corrupt",
  [FERRY_OUTCOME_TOO_LARGE] = "too-large",
  [FERRY_OUTCOME_TRUNCATED] = "truncated",
  [FERRY_OUTCOME_DISK] = "disk",
  [FERRY_OUTCOME_EXPIRED] = "expired",
  [FERRY_OUTCOME_PROTOCOL] = "protocol",
};

static const char *const verdicts[] = { "unknown", "weak", "verified", "mismatch" };

/* Those of hello\n, protocols 16; or of anything else. */
static void
fill_hashes (FerryHashes *hashes,
             gboolean     is_good)
{
  const guint8 other[FERRY_HASH_MAX_SIZE] = { 0 };

  g_assert_true (ferry_hashes_parse_digest (hashes, FERRY_HASH_MD5, SI_MD5, NULL));
  g_assert_true (ferry_hashes_parse_digest (hashes, FERRY_HASH_SHA1, SI_SHA1, NULL));
  ferry_hashes_set (hashes, FERRY_HASH_SHA256, other);

  if (is_good)
    return;

  ferry_hashes_set (hashes, FERRY_HASH_MD5, other);
  ferry_hashes_set (hashes, FERRY_HASH_SHA1, other);
}

void
si_desk_init (SiDesk             *self,
              const FerryDialect *dialect,
              FerryRole           role,
              const char         *transports)
{
  gboolean is_romeo = role == FERRY_ROLE_INITIATOR;
  g_autoptr(FerryFileDescription) file = ferry_file_description_new ();
  const char *allowed[3] = { NULL };
  FerrySessionConfig config = {
    .own_jid = is_romeo ? ROMEO : JULIET,
    .peer_jid = is_romeo ? JULIET : ROMEO,
    .sid = "s1",
    .transports = allowed,
    .file = is_romeo ? file : NULL,
  };
  guint n = 0;

  if (strstr (transports, "bytestreams") != NULL)
    allowed[n++] = SI_S5B;
  if (strstr (transports, "ibb") != NULL)
    allowed[n++] = SI_IBB;

  file->name = g_strdup ("a.txt");
  file->size = strstr (transports, "empty") != NULL ? 0 : 6;
  file->has_range = TRUE;
  fill_hashes (&file->hashes, TRUE);

  memset (self, 0, sizeof *self);
  self->dialect = dialect;
  self->now = G_USEC_PER_SEC;
  self->session = is_romeo ? dialect->offer (&config) : dialect->answer (&config);
  g_assert_cmpint (self->session->role, ==, role);
}

void
si_desk_clear (SiDesk *self)
{
  g_assert_cmpuint (self->n_held, ==, 0);
  ferry_session_free (self->session);
  g_clear_pointer (&self->said, ferry_element_unref);
}

static void
append_value (const FerryElement *element,
              GString            *out)
{
  for (guint i = 0; i < ferry_element_get_n_children (element); i++)
    {
      const FerryElement *child = ferry_element_get_child (element, i);

      if (ferry_element_is (child, "value", FERRY_NS_DATA_FORM))
        g_string_append_printf (out, " %s", ferry_element_get_text (child));
      append_value (child, out);
    }
}

static void
append_reply (GString            *out,
              const FerryElement *iq)
{
  g_autoptr(FerryStanzaError) error = ferry_stanza_error_from_stanza (iq);
  const FerryElement *si = ferry_iq_get_payload (iq);
  const FerryElement *file;

  g_assert_cmpstr (ferry_element_get_attribute (iq, "id"), ==, "i1");
  g_assert_cmpstr (ferry_element_get_attribute (iq, "to"), ==, ROMEO);

  if (error != NULL)
    {
      g_string_append_printf (out, "reply %u %s%s%s", error->code,
                              ferry_condition_to_string (error->condition),
                              error->specific != NULL ? "/" : "",
                              error->specific != NULL ? error->specific : "");
      return;
    }

  g_string_append (out, "reply result");
  append_value (si, out);
  file = ferry_element_find (si, "file", SI_FILE_NS);
  if (file != NULL)
    {
      g_autoptr(FerryFileDescription) answer = ferry_si_file_parse (file, NULL);

      g_string_append_printf (out, " from %d", (int) answer->range_offset);
    }
}

/* An offer waits for a user, SIFT-9; a get is answered at once. */
static void
append_send (SiDesk                   *self,
             GString                  *out,
             const FerrySessionEffect *effect)
{
  g_string_append (out, effect->is_get ? "send get" : "send");
  g_assert_cmpint (effect->deadline, ==,
                   effect->is_get ? 0 : self->now + 300 * G_USEC_PER_SEC);
  append_value (effect->element, out);
  if (ferry_element_get_attribute (effect->element, "keepAlive") != NULL)
    g_string_append (out, " keep-alive");
}

static void
append_prepare (GString                  *out,
                const FerrySessionEffect *effect)
{
  g_assert_cmpstr (effect->stream_sid, ==, "s1");
  g_string_append_printf (out, "prepare %s%s%s", strrchr (effect->transport_ns, '/') + 1,
                          effect->proposer ? " proposer" : "",
                          effect->falls_back ? " falls-back" : "");
}

static void
append_effect (SiDesk                   *self,
               GString                  *out,
               const FerrySessionEffect *effect)
{
  switch ((guint) effect->kind)
    {
    case FERRY_SESSION_EFFECT_REPLY:
      append_reply (out, effect->element);
      break;
    case FERRY_SESSION_EFFECT_SEND:
      append_send (self, out, effect);
      break;
    case FERRY_SESSION_EFFECT_ASK:
      g_string_append (out, "ask");
      break;
    case FERRY_SESSION_EFFECT_ACCEPTED:
      g_string_append (out, "accepted");
      break;
    case FERRY_SESSION_EFFECT_PREPARE:
      append_prepare (out, effect);
      break;
    case FERRY_SESSION_EFFECT_OPEN:
      g_string_append (out, "open");
      break;
    case FERRY_SESSION_EFFECT_PUMP:
      g_string_append_printf (out, "pump %d %d%s", (int) effect->range_offset,
                              (int) effect->range_length,
                              effect->close_confirms ? " close-confirms" : "");
      break;
    case FERRY_SESSION_EFFECT_STORE:
      g_string_append_printf (out, "store %s", verdicts[effect->verdict]);
      break;
    case FERRY_SESSION_EFFECT_CLOSE:
      g_string_append (out, "close");
      break;
    case FERRY_SESSION_EFFECT_WAKE:
      if (effect->deadline == 0)
        g_string_append (out, "wake never");
      else
        g_string_append_printf (out, "wake %d",
                                (int) ((effect->deadline - self->now) / G_USEC_PER_SEC));
      break;
    case FERRY_SESSION_EFFECT_END:
      g_string_append_printf (out, "end %s", outcomes[effect->outcome]);
      break;
    default:
      g_assert_not_reached ();
    }
}

/* Remembers what the played world has to know of an effect. */
static void
note (SiDesk                   *self,
      const FerrySessionEffect *effect)
{
  g_assert_true (!self->ended || effect->kind == FERRY_SESSION_EFFECT_REPLY);

  if (effect->kind == FERRY_SESSION_EFFECT_WAKE)
    self->alarm = effect->deadline;
  else if (effect->kind == FERRY_SESSION_EFFECT_SEND)
    self->tag = effect->tag;
  else if (effect->kind == FERRY_SESSION_EFFECT_END)
    self->ended = TRUE;

  if (effect->kind == FERRY_SESSION_EFFECT_REPLY)
    {
      g_assert_cmpuint (self->n_held, >, 0);
      self->n_held--;
    }
  if (effect->kind == FERRY_SESSION_EFFECT_REPLY || effect->kind == FERRY_SESSION_EFFECT_SEND)
    {
      g_clear_pointer (&self->said, ferry_element_unref);
      self->said = ferry_element_ref (effect->element);
    }
}

static char *
collect (SiDesk              *self,
         FerrySessionEffects *effects)
{
  GString *out = g_string_new (NULL);
  FerrySessionEffect effect;

  while (ferry_session_effects_next (effects, &effect))
    {
      g_string_append (out, out->len > 0 ? "; " : "");
      append_effect (self, out, &effect);
      note (self, &effect);
      ferry_session_effect_clear (&effect);
    }

  return g_string_free (out, FALSE);
}

static FerryElement *
build_iq (const char *type,
          const char *xml)
{
  FerryElementBuilder *builder = ferry_element_builder_new ("iq", FERRY_NS_CLIENT);

  ferry_element_builder_attribute (builder, "type", type);
  ferry_element_builder_attribute (builder, "id", "i1");
  ferry_element_builder_attribute (builder, "from", ROMEO);
  ferry_element_builder_attribute (builder, "to", JULIET);

  if (xml != NULL)
    {
      g_autofree char *whole = g_strdup_printf ("<iq xmlns='jabber:client'>%s</iq>", xml);
      g_autoptr(GError) error = NULL;
      g_autoptr(FerryElement) iq = ferry_element_parse (whole, -1, &error);

      g_assert_no_error (error);
      ferry_element_builder_child (builder, ferry_element_get_child (iq, 0));
    }

  return ferry_element_builder_end (builder);
}

static const struct
{
  const char            *word;
  FerrySessionEventKind  kind;
} words_in[] = {
  { "start", FERRY_SESSION_EVENT_START },
  { "accept", FERRY_SESSION_EVENT_ACCEPT },
  { "decline", FERRY_SESSION_EVENT_DECLINE },
  { "cancel", FERRY_SESSION_EVENT_CANCEL },
  { "prepared", FERRY_SESSION_EVENT_TRANSPORT_PREPARED },
  { "unprepared", FERRY_SESSION_EVENT_TRANSPORT_PREPARED },
  { "open", FERRY_SESSION_EVENT_TRANSPORT_OPEN },
  { "failed", FERRY_SESSION_EVENT_TRANSPORT_FAILED },
  { "done", FERRY_SESSION_EVENT_DATA_DONE },
  { "confirmed", FERRY_SESSION_EVENT_DATA_DONE },
  { "broken", FERRY_SESSION_EVENT_DATA_FAILED },
  { "stored", FERRY_SESSION_EVENT_STORED },
  { "gone", FERRY_SESSION_EVENT_PEER_GONE },
  { "get", FERRY_SESSION_EVENT_STANZA },
  { "result", FERRY_SESSION_EVENT_ANSWER },
  { "error", FERRY_SESSION_EVENT_ANSWER },
  { "silence", FERRY_SESSION_EVENT_ANSWER },
  { "ring", FERRY_SESSION_EVENT_DEADLINE },
  { "wait", FERRY_SESSION_EVENT_DEADLINE },
};

static FerrySessionEventKind
read_kind (const char *word)
{
  if (*word == '<')
    return FERRY_SESSION_EVENT_STANZA;

  for (gsize i = 0; i < G_N_ELEMENTS (words_in); i++)
    if (strcmp (words_in[i].word, word) == 0)
      return words_in[i].kind;

  g_assert_not_reached ();
}

static FerryOutcome
read_outcome (const char *word)
{
  for (gsize i = 0; i < G_N_ELEMENTS (outcomes); i++)
    if (g_strcmp0 (outcomes[i], word) == 0)
      return i;

  g_assert_not_reached ();
}

/* Every step is made by a copy, so that a copy is proved to be as good. */
static char *
feed (SiDesk                  *self,
      const FerrySessionEvent *event)
{
  g_autoptr(FerrySessionEffects) effects = ferry_session_effects_new ();
  FerrySession *original = self->session;

  self->session = ferry_session_copy (original);
  ferry_session_free (original);
  ferry_session_handle (self->session, event, self->now, effects);

  return collect (self, effects);
}

char *
si_desk_say (SiDesk     *self,
             const char *in)
{
  g_auto(GStrv) words = g_strsplit (in, " ", *in == '<' ? 1 : 2);
  const char *more = *in == '<' ? in : words[1];
  FerrySessionEvent event = { .kind = read_kind (words[0]), .tag = self->tag };
  g_autoptr(FerryElement) element = NULL;
  FerryHashes hashes = { 0 };

  switch ((guint) event.kind)
    {
    case FERRY_SESSION_EVENT_STANZA:
      element = build_iq (*in == '<' ? "set" : "get", more);
      self->n_held++;
      break;
    case FERRY_SESSION_EVENT_ANSWER:
      if (strcmp (words[0], "silence") != 0)
        element = build_iq (words[0], more);
      break;
    case FERRY_SESSION_EVENT_TRANSPORT_PREPARED:
      if (strcmp (words[0], "prepared") == 0)
        element = ferry_element_builder_end (ferry_element_builder_new ("transport", "any"));
      break;
    case FERRY_SESSION_EVENT_DATA_DONE:
      event.confirmed = strcmp (words[0], "confirmed") == 0;
      if (more != NULL)
        fill_hashes (&hashes, strcmp (more, "good") == 0);
      event.hashes = &hashes;
      break;
    case FERRY_SESSION_EVENT_DATA_FAILED:
      event.outcome = read_outcome (more);
      break;
    case FERRY_SESSION_EVENT_ACCEPT:
      event.range_offset = more != NULL ? g_ascii_strtoll (more, NULL, 10) : 0;
      break;
    case FERRY_SESSION_EVENT_DEADLINE:
      self->now += more != NULL ? g_ascii_strtoll (more, NULL, 10) * G_USEC_PER_SEC : 0;
      if (more != NULL && (self->alarm == 0 || self->now < self->alarm))
        return g_strdup ("");
      break;
    default:
      break;
    }

  event.element = element;

  return feed (self, &event);
}

void
si_desk_play (SiDesk       *self,
              const SiLine *lines,
              gsize         n_lines)
{
  for (gsize i = 0; i < n_lines; i++)
    {
      g_autofree char *out = si_desk_say (self, lines[i].in);

      if (g_strcmp0 (out, lines[i].out) != 0)
        g_error ("line %d: %s\n  wanted: %s\n  got:    %s", (int) i, lines[i].in, lines[i].out,
                 out);
    }
}
