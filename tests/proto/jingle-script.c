/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "jingle-script.h"
#include "legacy/jingle-0.h"
#include "legacy/jingle-1.h"
#include "proto/iq.h"
#include "proto/jingle-codec.h"

/* By age: those of :1, and those of :0. */
static const struct
{
  const char *initiator;
  const char *responder;
  const char *sid;
} parties[] = {
  { "romeo@montague.lit/orchard", "juliet@capulet.lit/balcony", "s1" },
  { "kingclaudius@shakespeare.lit/castle", "laertes@shakespeare.lit/castle", "851ba2" },
};

#define TRANSPORTS "urn:xmpp:jingle:transports:"

const FerryPeerProfile jingle_script_profile = {
  .name = "test",
  .answers_transport_replace = TRUE,
  .ends_with_received = TRUE,
  .in_band_block_size = 4096,
  .in_band_window = 1,
};

static const char *const outcomes[] = {
  "done", "unconfirmed", "declined", "cancelled", "peer-cancelled", "peer-gone", "peer-cannot",
  "peer-busy", "refused", "not-shared", "no-route", "retry-in-band", "corrupt", "too-large",
  "truncated", "disk",
  "peer-failed", "expired", "protocol",
};

static const char *const verdicts[] = { "unknown", "weak", "verified", "mismatch" };

static gboolean
is_old (const JingleDesk *self)
{
  return strcmp (self->dialect->entrances[0].ns, FERRY_NS_JINGLE_1) != 0;
}

static const FerryJingleGeneration *
get_generation (const JingleDesk *self)
{
  return is_old (self) ? &ferry_jingle_generation_0 : &ferry_jingle_generation_1;
}

static FerryElement *
build_transport (const char *ns,
                 gboolean    is_empty)
{
  g_autofree char *full = g_strconcat (TRANSPORTS, ns, NULL);
  FerryElementBuilder *builder = ferry_element_builder_new ("transport", full);

  if (!is_empty)
    ferry_element_builder_attribute (builder, "sid", "t1");

  return ferry_element_builder_end (builder);
}

static void
fill_file (FerryFileDescription *self,
           const char           *file,
           FerryHashAlgorithm    algorithm)
{
  self->size = 6;
  self->has_range = TRUE;
  if (g_strcmp0 (file, "hash-used") == 0)
    ferry_hashes_announce (&self->hashes, algorithm);
  else if (file != NULL)
    jingle_script_fill_digest (&self->hashes, algorithm, *file);
}

static FerrySession *
make_session (const FerryDialect       *dialect,
              gboolean                  is_request,
              FerryRole                 role,
              const FerrySessionConfig *config)
{
  if (role == FERRY_ROLE_RESPONDER)
    return dialect->answer (config);

  return is_request ? dialect->request (config) : dialect->offer (config);
}

void
jingle_desk_init (JingleDesk             *self,
                  FerryRole               role,
                  const char             *transports,
                  const FerryPeerProfile *profile,
                  const char             *file)
{
  jingle_desk_init_in (self, &ferry_jingle_1_dialect, FALSE, role, transports, profile, file);
}

void
jingle_desk_init_in (JingleDesk             *self,
                     const FerryDialect     *dialect,
                     gboolean                is_request,
                     FerryRole               role,
                     const char             *transports,
                     const FerryPeerProfile *profile,
                     const char             *file)
{
  gboolean is_romeo = role == FERRY_ROLE_INITIATOR;
  g_auto(GStrv) names = g_strsplit (transports, " ", -1);
  g_autoptr(FerryFileDescription) offered = ferry_file_description_new ();
  FerrySessionConfig config = {
    .profile = profile != NULL ? profile : &jingle_script_profile,
    .file = is_romeo ? offered : NULL,
  };
  guint age;

  memset (self, 0, sizeof *self);
  self->dialect = dialect;
  self->role = role;
  self->now = 1000000;

  age = is_old (self) ? 1 : 0;
  config.own_jid = is_romeo ? parties[age].initiator : parties[age].responder;
  config.peer_jid = is_romeo ? parties[age].responder : parties[age].initiator;
  config.sid = parties[age].sid;

  for (guint i = 0; names[i] != NULL; i++)
    {
      char *full = g_strconcat (TRANSPORTS, names[i], NULL);

      g_free (names[i]);
      names[i] = full;
    }
  config.transports = (const char *const *) names;

  offered->name = g_strdup ("a.txt");
  if (!is_request)
    fill_file (offered, file, is_old (self) ? FERRY_HASH_MD5 : FERRY_HASH_SHA256);

  self->session = make_session (dialect, is_request, role, &config);
}

void
jingle_desk_clear (JingleDesk *self)
{
  ferry_session_free (self->session);
  g_clear_pointer (&self->sent, ferry_element_unref);
}

static const char *
get_short_ns (const FerryElement *transport)
{
  const char *ns = ferry_element_get_xmlns (transport);

  return g_str_has_prefix (ns, TRANSPORTS) ? ns + strlen (TRANSPORTS) : ns;
}

static void
append_reply (GString            *out,
              const FerryElement *iq)
{
  g_autoptr(FerryStanzaError) error = ferry_stanza_error_from_stanza (iq);

  g_assert_cmpstr (ferry_element_get_attribute (iq, "id"), ==, "i1");
  if (error == NULL)
    g_string_append (out, "reply result");
  else
    g_string_append_printf (out, "reply %s%s%s", ferry_condition_to_string (error->condition),
                            error->specific != NULL ? "/" : "",
                            error->specific != NULL ? error->specific : "");
}

static void
append_sent (const JingleDesk         *self,
             GString                  *out,
             const FerrySessionEffect *effect)
{
  const FerryJingleGeneration *generation = get_generation (self);
  g_autoptr(GError) error = NULL;
  g_autoptr(FerryJingle) jingle = ferry_jingle_parse (effect->element, generation, &error);

  g_assert_no_error (error);
  g_string_append_printf (out, "send %s", ferry_jingle_action_get_name (jingle->action));
  if (jingle->reason != FERRY_JINGLE_REASON_NONE)
    g_string_append_printf (out, " %s", ferry_element_get_name (ferry_element_get_child (
                              ferry_element_find (effect->element, "reason", generation->ns), 0)));
  if (jingle->reason_specific != NULL)
    g_string_append_printf (out, " %s", ferry_element_get_name (jingle->reason_specific));
  if (jingle->info != NULL)
    g_string_append_printf (out, " %s", ferry_element_get_name (jingle->info));
  for (guint i = 0; i < ferry_jingle_get_n_contents (jingle); i++)
    {
      const FerryElement *transport = ferry_jingle_get_content (jingle, i)->transport;

      if (transport != NULL)
        g_string_append_printf (out, " %s", get_short_ns (transport));
    }
  if (effect->tag != 0)
    g_string_append_c (out, '?');
}

static void
append_effect (JingleDesk               *self,
               GString                  *out,
               const FerrySessionEffect *effect)
{
  switch (effect->kind)
    {
    case FERRY_SESSION_EFFECT_REPLY:
      append_reply (out, effect->element);
      break;
    case FERRY_SESSION_EFFECT_SEND:
      append_sent (self, out, effect);
      break;
    case FERRY_SESSION_EFFECT_ASK:
      g_string_append (out, "ask");
      break;
    case FERRY_SESSION_EFFECT_ACCEPTED:
      g_string_append (out, "accepted");
      break;
    case FERRY_SESSION_EFFECT_PREPARE:
      g_string_append_printf (out, "prepare %s%s%s", effect->transport_ns + strlen (TRANSPORTS),
                              effect->proposer ? " proposer" : "",
                              effect->stream_sid != NULL ? " sid" : "");
      break;
    case FERRY_SESSION_EFFECT_REMOTE:
      g_string_append_printf (out, "remote %s", get_short_ns (effect->element));
      break;
    case FERRY_SESSION_EFFECT_TRANSPORT_INFO:
      g_assert_nonnull (effect->request);
      g_string_append_printf (out, "pass %s", get_short_ns (effect->element));
      break;
    case FERRY_SESSION_EFFECT_INFO_ANSWERED:
      g_string_append (out, "info answered");
      break;
    case FERRY_SESSION_EFFECT_FIND:
      g_string_append (out, "find");
      break;
    case FERRY_SESSION_EFFECT_OPEN:
      g_string_append (out, "open");
      break;
    case FERRY_SESSION_EFFECT_SECURE:
      g_string_append (out, effect->method == FERRY_XTLS_SRP ? "secure srp" : "secure x509");
      break;
    case FERRY_SESSION_EFFECT_PUMP:
      g_string_append_printf (out, "pump %d %d", (int) effect->range_offset,
                              (int) effect->range_length);
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
        g_string_append_printf (out, "wake %d", (int) ((effect->deadline - self->now) / 1000));
      break;
    case FERRY_SESSION_EFFECT_END:
      g_string_append_printf (out, "end %s", outcomes[effect->outcome]);
      break;
    default:
      g_assert_not_reached ();
    }
}

/* Takes the effects and remembers what the played world has to know of them. */
static char *
collect (JingleDesk          *self,
         FerrySessionEffects *effects)
{
  GString *out = g_string_new (NULL);
  FerrySessionEffect effect;

  while (ferry_session_effects_next (effects, &effect))
    {
      if (out->len > 0)
        g_string_append (out, "; ");
      append_effect (self, out, &effect);

      if (effect.kind == FERRY_SESSION_EFFECT_SEND)
        {
          if (effect.tag != 0)
            {
              self->late = self->tag;
              self->tag = effect.tag;
            }
          g_clear_pointer (&self->sent, ferry_element_unref);
          self->sent = ferry_element_ref (effect.element);
        }
      else if (effect.kind == FERRY_SESSION_EFFECT_WAKE)
        self->alarm = effect.deadline;
      else if (effect.kind == FERRY_SESSION_EFFECT_END)
        {
          g_assert_false (self->ended);
          self->ended = TRUE;
          self->outcome = effect.outcome;
        }
      ferry_session_effect_clear (&effect);
    }

  return g_string_free (out, FALSE);
}

static FerryElement *
wrap (const JingleDesk *self,
      const char       *in)
{
  gboolean is_romeo = self->role == FERRY_ROLE_INITIATOR;
  guint age = is_old (self) ? 1 : 0;
  g_autoptr(FerryElement) payload = NULL;
  FerryElementBuilder *builder;

  if (*in == '@')
    payload = jingle_script_load (in + 1);
  else
    payload = g_str_has_prefix (in, "<jingle") ? ferry_element_parse (in, -1, NULL)
                                                : jingle_script_build (in + 1);
  g_assert_nonnull (payload);

  builder = ferry_element_builder_new ("iq", FERRY_NS_CLIENT);
  ferry_element_builder_attribute (builder, "type", "set");
  ferry_element_builder_attribute (builder, "id", "i1");
  ferry_element_builder_attribute (builder, "from", is_romeo ? parties[age].responder
                                                              : parties[age].initiator);
  ferry_element_builder_attribute (builder, "to", is_romeo ? parties[age].initiator
                                                            : parties[age].responder);
  ferry_element_builder_child (builder, payload);

  return ferry_element_builder_end (builder);
}

static FerryElement *
build_answer (const char *condition)
{
  FerryElementBuilder *builder = ferry_element_builder_new ("iq", FERRY_NS_CLIENT);

  ferry_element_builder_attribute (builder, "type", condition != NULL ? "error" : "result");
  if (condition != NULL)
    {
      ferry_element_builder_open (builder, "error", NULL);
      ferry_element_builder_attribute (builder, "type", "cancel");
      ferry_element_builder_open (builder, condition, FERRY_NS_STANZAS);
      ferry_element_builder_close (builder);
      ferry_element_builder_close (builder);
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
  { "found", FERRY_SESSION_EVENT_FOUND },
  { "decline", FERRY_SESSION_EVENT_DECLINE },
  { "cancel", FERRY_SESSION_EVENT_CANCEL },
  { "open", FERRY_SESSION_EVENT_TRANSPORT_OPEN },
  { "failed", FERRY_SESSION_EVENT_TRANSPORT_FAILED },
  { "stored", FERRY_SESSION_EVENT_STORED },
  { "gone", FERRY_SESSION_EVENT_PEER_GONE },
  { "prepared", FERRY_SESSION_EVENT_TRANSPORT_PREPARED },
  { "empty", FERRY_SESSION_EVENT_TRANSPORT_PREPARED },
  { "info", FERRY_SESSION_EVENT_TRANSPORT_INFO },
  { "hashes", FERRY_SESSION_EVENT_HASHES },
  { "done", FERRY_SESSION_EVENT_DATA_DONE },
  { "broken", FERRY_SESSION_EVENT_DATA_FAILED },
  { "result", FERRY_SESSION_EVENT_ANSWER },
  { "error", FERRY_SESSION_EVENT_ANSWER },
  { "silence", FERRY_SESSION_EVENT_ANSWER },
  { "late", FERRY_SESSION_EVENT_ANSWER },
  { "ring", FERRY_SESSION_EVENT_DEADLINE },
  { "wait", FERRY_SESSION_EVENT_DEADLINE },
};

static FerrySessionEventKind
read_kind (const char *in)
{
  if (*in == '<' || *in == '@')
    return FERRY_SESSION_EVENT_STANZA;

  for (guint i = 0; i < G_N_ELEMENTS (words_in); i++)
    if (strcmp (words_in[i].word, in) == 0)
      return words_in[i].kind;

  g_assert_not_reached ();
}

static FerryOutcome
read_outcome (const char *word)
{
  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    if (strcmp (outcomes[i], word) == 0)
      return i;

  g_assert_not_reached ();
}

char *
jingle_desk_say (JingleDesk *self,
                 const char *in)
{
  g_auto(GStrv) words = *in == '<' || *in == '@' ? g_strsplit (in, "\n", 1) : g_strsplit (in, " ", 2);
  g_autoptr(FerrySessionEffects) effects = ferry_session_effects_new ();
  g_autoptr(FerryFileDescription) file = ferry_file_description_new ();
  g_autoptr(FerryElement) element = NULL;
  FerrySessionEvent event = { .kind = read_kind (words[0]) };
  FerryHashes hashes = { 0 };
  FerrySession *original;

  switch ((guint) event.kind)
    {
    case FERRY_SESSION_EVENT_STANZA:
      element = wrap (self, in);
      break;
    case FERRY_SESSION_EVENT_ANSWER:
      event.tag = strcmp (words[0], "late") == 0 ? self->late : self->tag;
      if (strcmp (words[0], "silence") != 0)
        element = build_answer (words[1]);
      break;
    case FERRY_SESSION_EVENT_TRANSPORT_PREPARED:
    case FERRY_SESSION_EVENT_TRANSPORT_INFO:
      if (strcmp (words[1], "none") != 0)
        element = build_transport (words[1], strcmp (words[0], "empty") == 0);
      break;
    case FERRY_SESSION_EVENT_HASHES:
    case FERRY_SESSION_EVENT_DATA_DONE:
      if (words[1] != NULL)
        jingle_script_fill_digest (&hashes, is_old (self) ? FERRY_HASH_MD5 : FERRY_HASH_SHA256,
                                   *words[1]);
      event.hashes = &hashes;
      break;
    case FERRY_SESSION_EVENT_DATA_FAILED:
      event.outcome = read_outcome (words[1]);
      event.text = "a secret path";
      break;
    case FERRY_SESSION_EVENT_FOUND:
      fill_file (file, "g", is_old (self) ? FERRY_HASH_MD5 : FERRY_HASH_SHA256);
      file->name = g_strdup ("a.txt");
      event.file = file;
      break;
    case FERRY_SESSION_EVENT_ACCEPT:
      event.range_offset = words[1] != NULL ? g_ascii_strtoll (words[1], NULL, 10) : 0;
      break;
    case FERRY_SESSION_EVENT_DEADLINE:
      if (words[1] == NULL)
        break;
      self->now += g_ascii_strtoll (words[1], NULL, 10) * 1000;
      if (self->alarm == 0 || self->now < self->alarm)
        return g_strdup ("");
      break;
    default:
      break;
    }

  /* Every step is made by a copy, so that a copy is proved to be as good. */
  original = self->session;
  self->session = ferry_session_copy (original);
  ferry_session_free (original);

  event.element = element;
  ferry_session_handle (self->session, &event, self->now, effects);

  return collect (self, effects);
}

void
jingle_desk_play (JingleDesk       *self,
                  const JingleLine *lines,
                  gsize             n_lines)
{
  for (gsize i = 0; i < n_lines; i++)
    {
      g_autofree char *out = jingle_desk_say (self, lines[i].in);

      if (g_strcmp0 (out, lines[i].out) != 0)
        g_error ("line %d: %s\n  wanted: %s\n  got:    %s", (int) i, lines[i].in,
                 lines[i].out, out);
    }
}
