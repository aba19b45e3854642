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

static void
init (JingleDesk             *self,
      const FerryDialect     *dialect,
      gboolean                is_request,
      FerryRole               role,
      const char             *transports,
      const FerryPeerProfile *profile,
      const char             *file,
      const char             *terms)
{
  gboolean is_romeo = role == FERRY_ROLE_INITIATOR;
  g_auto(GStrv) names = g_strsplit (transports, " ", -1);
  g_autoptr(FerryFileDescription) offered = ferry_file_description_new ();
  FerrySessionConfig config = {
    .profile = profile != NULL ? profile : &jingle_script_profile,
    .file = is_romeo ? offered : NULL,
  };
  FerrySecurityTerms security;
  FerryXtls pin;
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

  if (terms != NULL)
    {
      jingle_script_fill_terms (&security, &pin, terms);
      config.security = &security;
    }

  self->session = make_session (dialect, is_request, role, &config);
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
  init (self, dialect, is_request, role, transports, profile, file, NULL);
}

void
jingle_desk_init_secure (JingleDesk         *self,
                         const FerryDialect *dialect,
                         gboolean            is_request,
                         FerryRole           role,
                         const char         *transports,
                         const char         *file,
                         const char         *terms)
{
  init (self, dialect, is_request, role, transports, NULL, file, terms);
}

void
jingle_desk_clear (JingleDesk *self)
{
  ferry_session_free (self->session);
  g_clear_pointer (&self->sent, ferry_element_unref);
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
      jingle_script_describe (out, &effect, get_generation (self), self->now);

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
load (const JingleDesk *self,
      const char       *in)
{
  g_auto(GStrv) words = g_strsplit_set (in, " =", 3);
  g_autoptr(FerryElement) payload = jingle_script_load (words[0]);
  g_autoptr(FerryJingle) jingle = NULL;
  g_autofree char *security = NULL;

  if (words[1] == NULL)
    return g_steal_pointer (&payload);

  jingle = ferry_jingle_parse (payload, get_generation (self), NULL);
  security = jingle_script_build_security (words[1], words[2]);
  for (guint i = 0; i < ferry_jingle_get_n_contents (jingle); i++)
    ferry_jingle_get_content (jingle, i)->security = ferry_element_parse (security, -1, NULL);

  return ferry_jingle_to_element (jingle, get_generation (self));
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
    payload = load (self, in + 1);
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
  { "secured", FERRY_SESSION_EVENT_SECURED },
  { "insecure", FERRY_SESSION_EVENT_SECURITY_FAILED },
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

/* Reads what goes with an event. @hashes, @file: room for what it borrows. %FALSE: it does not
 * happen yet. */
static gboolean
fill_event (JingleDesk           *self,
            FerrySessionEvent    *event,
            const char           *in,
            FerryHashes          *hashes,
            FerryFileDescription *file)
{
  g_auto(GStrv) words = *in == '<' || *in == '@' ? g_strsplit (in, "\n", 1)
                                                 : g_strsplit (in, " ", 2);
  FerryHashAlgorithm algorithm = is_old (self) ? FERRY_HASH_MD5 : FERRY_HASH_SHA256;

  event->kind = read_kind (words[0]);
  switch ((guint) event->kind)
    {
    case FERRY_SESSION_EVENT_STANZA:
      event->element = wrap (self, in);
      break;
    case FERRY_SESSION_EVENT_ANSWER:
      event->tag = strcmp (words[0], "late") == 0 ? self->late : self->tag;
      if (strcmp (words[0], "silence") != 0)
        event->element = build_answer (words[1]);
      break;
    case FERRY_SESSION_EVENT_TRANSPORT_PREPARED:
    case FERRY_SESSION_EVENT_TRANSPORT_INFO:
      if (strcmp (words[1], "none") != 0)
        event->element = build_transport (words[1], strcmp (words[0], "empty") == 0);
      break;
    case FERRY_SESSION_EVENT_HASHES:
    case FERRY_SESSION_EVENT_DATA_DONE:
      if (words[1] != NULL)
        jingle_script_fill_digest (hashes, algorithm, *words[1]);
      event->hashes = hashes;
      break;
    case FERRY_SESSION_EVENT_DATA_FAILED:
      event->outcome = jingle_script_read_outcome (words[1]);
      event->text = "a secret path";
      break;
    case FERRY_SESSION_EVENT_FOUND:
      fill_file (file, "g", algorithm);
      file->name = g_strdup ("a.txt");
      event->file = file;
      break;
    case FERRY_SESSION_EVENT_SECURITY_FAILED:
      event->outcome = words[1] != NULL ? jingle_script_read_outcome (words[1])
                                        : FERRY_OUTCOME_INSECURE;
      event->text = "an alert";
      break;
    case FERRY_SESSION_EVENT_ACCEPT:
      if (words[1] != NULL && g_ascii_isdigit (*words[1]))
        event->range_offset = g_ascii_strtoll (words[1], NULL, 10);
      else if (words[1] != NULL)
        event->methods = jingle_script_read_methods (words[1], NULL);
      break;
    case FERRY_SESSION_EVENT_DEADLINE:
      if (words[1] == NULL)
        break;
      self->now += g_ascii_strtoll (words[1], NULL, 10) * 1000;
      if (self->alarm == 0 || self->now < self->alarm)
        return FALSE;
      break;
    default:
      break;
    }

  return TRUE;
}

char *
jingle_desk_say (JingleDesk *self,
                 const char *in)
{
  g_autoptr(FerrySessionEffects) effects = ferry_session_effects_new ();
  g_autoptr(FerryFileDescription) file = ferry_file_description_new ();
  g_autoptr(FerryElement) element = NULL;
  FerrySessionEvent event = { 0 };
  FerryHashes hashes = { 0 };
  FerrySession *original;

  if (!fill_event (self, &event, in, &hashes, file))
    return g_strdup ("");
  element = event.element;

  /* Every step is made by a copy, so that a copy is proved to be as good. */
  original = self->session;
  self->session = ferry_session_copy (original);
  ferry_session_free (original);

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
