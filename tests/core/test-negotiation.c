/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/entrances.h"
#include "legacy/dialects.h"
#include "proto/iq.h"
#include "two-clients.h"

/* Sessions of another owner than a transfer: two sides that want a stream, and no file. */

#define TEST_TYPE_OWNER (test_owner_get_type ())
G_DECLARE_FINAL_TYPE (TestOwner, test_owner, TEST, OWNER, GObject)

struct _TestOwner
{
  GObject           parent_instance;
  FerryNegotiation *negotiation; /* (owned) */
  FerryEntrances   *entrances;   /* (owned) */
  const char       *phrase;      /* (nullable): to accept with */
  gboolean          is_mute;     /* says nothing to who asks */
  gboolean          is_pumping;
  gboolean          was_securing;
  gboolean          is_ended;
  FerryOutcome      outcome;
  guint             n_calls;
};

G_DEFINE_FINAL_TYPE (TestOwner, test_owner, G_TYPE_OBJECT)

static void
test_owner_dispose (GObject *object)
{
  TestOwner *self = TEST_OWNER (object);

  if (self->negotiation != NULL)
    ferry_negotiation_disown (self->negotiation);

  g_clear_object (&self->negotiation);
  g_clear_pointer (&self->entrances, ferry_entrances_free);

  G_OBJECT_CLASS (test_owner_parent_class)->dispose (object);
}

static void
test_owner_class_init (TestOwnerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = test_owner_dispose;
}

static void
test_owner_init (TestOwner *self)
{
}

static void
owner_accept (TestOwner *self)
{
  const FerrySessionEvent event = {
    .kind = FERRY_SESSION_EVENT_ACCEPT,
    .methods = self->phrase != NULL ? FERRY_XTLS_SRP : FERRY_XTLS_X509,
  };

  ferry_negotiation_set_phrase (self->negotiation, self->phrase);
  ferry_negotiation_feed (self->negotiation, &event);
}

static void
owner_execute (gpointer                  owner,
               const FerrySessionEffect *effect)
{
  TestOwner *self = owner;

  self->n_calls++;

  if (effect->kind == FERRY_SESSION_EFFECT_ASK && !self->is_mute)
    owner_accept (self);
  else if (effect->kind == FERRY_SESSION_EFFECT_PUMP)
    self->is_pumping = TRUE;
  else if (effect->kind == FERRY_SESSION_EFFECT_END)
    {
      self->is_ended = TRUE;
      self->outcome = effect->outcome;
    }
}

static void
owner_way_changed (gpointer owner)
{
  TestOwner *self = owner;

  self->n_calls++;
  self->was_securing |= ferry_negotiation_is_securing (self->negotiation);
}

static gboolean
owner_is_on_its_own (gpointer owner)
{
  return TEST_OWNER (owner)->is_pumping;
}

static void
owner_went_offline (gpointer owner)
{
  TEST_OWNER (owner)->n_calls++;
}

static const FerryNegotiationOwner owner_vtable = {
  .execute = owner_execute,
  .way_changed = owner_way_changed,
  .is_on_its_own = owner_is_on_its_own,
  .went_offline = owner_went_offline,
};

static void
owner_take (gpointer            owner,
            const FerryDialect *dialect,
            FerryContact       *contact,
            FerryElement       *iq)
{
  TestOwner *self = owner;
  const FerryNegotiationTerms terms = {
    .dialect = dialect,
    .profile = ferry_peer_profile_get_default (),
    .role = FERRY_ROLE_RESPONDER,
    .peer = ferry_element_get_attribute (iq, "from"),
    .sid = dialect->get_sid (iq),
    .allowed = FERRY_PATH_DIRECT | FERRY_PATH_IN_BAND,
    .takes_phrase = TRUE,
  };

  g_assert_true (ferry_negotiation_begin (self->negotiation, &terms, NULL));
  ferry_negotiation_receive (self->negotiation, iq);
}

static gboolean
owner_may_offer (gpointer    owner,
                 const char *from)
{
  return TRUE;
}

static const FerryEntrancesOwner entrances_vtable = {
  .take = owner_take,
  .may_offer = owner_may_offer,
};

typedef struct
{
  TwoClients  clients;
  TestOwner  *romeo;  /* (owned): asks */
  TestOwner  *juliet; /* (owned): is asked */
} Story;

/* In place of the party's chats. */
static TestOwner *
owner_new (Party *party)
{
  TestOwner *self = g_object_new (TEST_TYPE_OWNER, NULL);
  FerryTransferServices *services = ferry_transfer_queue_get_services (party->queue);

  g_object_run_dispose (G_OBJECT (party->chats));
  g_clear_object (&party->chats);
  self->negotiation = ferry_negotiation_new (services, &owner_vtable, self);
  self->entrances = ferry_entrances_new (services, ferry_stream_dialects_get (),
                                         &entrances_vtable, self);
  return self;
}

static void
story_set_up (Story         *story,
              gconstpointer  data)
{
  two_clients_set_up (&story->clients, NULL);
  party_give_trust (&story->clients.romeo, FERRY_SECURITY_AUTO);
  party_give_trust (&story->clients.juliet, FERRY_SECURITY_AUTO);
  two_clients_befriend (&story->clients);
  story->romeo = owner_new (&story->clients.romeo);
  story->juliet = owner_new (&story->clients.juliet);
}

static void
story_tear_down (Story         *story,
                 gconstpointer  data)
{
  g_assert_finalize_object (story->romeo);
  g_assert_finalize_object (story->juliet);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (story->clients.juliet.queue)), ==, 0);
  two_clients_tear_down (&story->clients);
}

static gboolean
begin (Story       *story,
       FerryPaths   path,
       const char  *phrase,
       GError     **error)
{
  const FerryNegotiationTerms terms = {
    .dialect = ferry_stream_dialects_find ("stream-1"),
    .profile = ferry_peer_profile_get_default (),
    .role = FERRY_ROLE_INITIATOR,
    .peer = JULIET,
    .allowed = path,
    .phrase = phrase,
  };

  return ferry_negotiation_begin (story->romeo->negotiation, &terms, error);
}

/* @phrase, @theirs: (nullable) */
static void
ask (Story      *story,
     FerryPaths  path,
     const char *phrase,
     const char *theirs)
{
  g_autoptr(GError) error = NULL;

  story->juliet->phrase = theirs;
  begin (story, path, phrase, &error);
  g_assert_no_error (error);
  ferry_negotiation_feed_kind (story->romeo->negotiation, FERRY_SESSION_EVENT_START);
}

static void
wait_for (const gboolean *condition)
{
  for (guint i = 0; i < 4000 && !*condition; i++)
    wait_ms (5);

  g_assert_true (*condition);
}

static void
assert_both_secured (Story           *story,
                     FerryTrustLevel  level)
{
  TestOwner *const both[] = { story->romeo, story->juliet };

  for (guint i = 0; i < G_N_ELEMENTS (both); i++)
    {
      FerryNegotiation *negotiation = both[i]->negotiation;

      wait_for (&both[i]->is_pumping);
      g_assert_true (ferry_negotiation_is_secured (negotiation));
      g_assert_false (ferry_negotiation_is_securing (negotiation));
      g_assert_true (both[i]->was_securing);
      g_assert_cmpint (ferry_negotiation_get_level (negotiation), ==, level);
      g_assert_true ((gpointer) ferry_negotiation_get_stream (negotiation)
                     == (gpointer) ferry_negotiation_get_tls (negotiation));
    }
}

/* What one side says the other hears. */
static void
assert_connected (Story *story)
{
  GIOStream *from = ferry_negotiation_get_stream (story->romeo->negotiation);
  GIOStream *to = ferry_negotiation_get_stream (story->juliet->negotiation);
  g_autoptr(GError) error = NULL;
  char heard[6] = "";

  g_output_stream_write_all (g_io_stream_get_output_stream (from), "hello", 5, NULL, NULL, &error);
  g_assert_no_error (error);
  g_input_stream_read_all (g_io_stream_get_input_stream (to), heard, 5, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (heard, ==, "hello");
}

static void
test_by_certificates (Story         *story,
                      gconstpointer  data)
{
  ask (story, FERRY_PATH_DIRECT, NULL, NULL);
  assert_both_secured (story, FERRY_TRUST_FIRST_USE);
  assert_connected (story);
  g_assert_nonnull (ferry_trust_lookup (story->clients.romeo.trust, JULIET));
  g_assert_nonnull (ferry_trust_lookup (story->clients.juliet.trust, ROMEO));
}

/* XTLS-17. Whose certificate is whose is not known by that (XTLS-19). */
static void
test_by_a_phrase (Story         *story,
                  gconstpointer  data)
{
  if (!ferry_tls_stream_has_srp ())
    {
      g_test_skip ("this GnuTLS cannot");
      return;
    }

  ask (story, FERRY_PATH_DIRECT, "seven swans a-swimming", "seven swans a-swimming");
  assert_both_secured (story, FERRY_TRUST_PHRASE);
  assert_connected (story);
  g_assert_null (ferry_trust_lookup (story->clients.romeo.trust, JULIET));
}

static void
assert_insecure (Story *story)
{
  wait_for (&story->romeo->is_ended);
  wait_for (&story->juliet->is_ended);
  g_assert_cmpint (story->romeo->outcome, ==, FERRY_OUTCOME_INSECURE);
  g_assert_cmpint (story->juliet->outcome, ==, FERRY_OUTCOME_INSECURE);
  g_assert_false (story->romeo->is_pumping || story->juliet->is_pumping);
  g_assert_null (ferry_negotiation_get_session (story->romeo->negotiation));
  g_assert_null (ferry_negotiation_get_stream (story->romeo->negotiation));
  g_assert_null (ferry_trust_lookup (story->clients.romeo.trust, JULIET));
}

static void
test_another_phrase_fails (Story         *story,
                           gconstpointer  data)
{
  if (ferry_tls_stream_has_srp ())
    {
      ask (story, FERRY_PATH_DIRECT, "seven swans a-swimming", "six geese a-laying");
      assert_insecure (story);
    }
  else
    g_test_skip ("this GnuTLS cannot");
}

/* A phrase that was asked for has to be used. */
static void
test_a_certificate_is_no_phrase (Story         *story,
                                 gconstpointer  data)
{
  if (ferry_tls_stream_has_srp ())
    {
      ask (story, FERRY_PATH_DIRECT, "seven swans a-swimming", NULL);
      assert_insecure (story);
    }
  else
    g_test_skip ("this GnuTLS cannot");
}

/* Nothing is told to an owner that is gone, whatever is under way. */
static void
test_a_disowned_one_is_quiet (Story         *story,
                              gconstpointer  data)
{
  guint n_calls;

  story->clients.drop = "<data ";
  ask (story, FERRY_PATH_IN_BAND, NULL, NULL);
  wait_for (&story->romeo->was_securing);
  wait_for (&story->juliet->was_securing);
  ferry_negotiation_disown (story->romeo->negotiation);
  g_assert_null (ferry_negotiation_get_owner (story->romeo->negotiation));
  g_assert_null (ferry_negotiation_get_sid (story->romeo->negotiation));
  n_calls = story->romeo->n_calls;
  ferry_negotiation_feed_kind (story->romeo->negotiation, FERRY_SESSION_EVENT_CANCEL);
  ferry_negotiation_feed_kind (story->juliet->negotiation, FERRY_SESSION_EVENT_CANCEL);
  wait_for (&story->juliet->is_ended);
  wait_ms (50);
  g_assert_cmpuint (story->romeo->n_calls, ==, n_calls);
}

/* One after the other; what was on its way to the first does not reach the second. */
static void
test_another_session_begins_anew (Story         *story,
                                  gconstpointer  data)
{
  g_autofree char *first = NULL;

  story->juliet->is_mute = TRUE;
  ask (story, FERRY_PATH_DIRECT, NULL, NULL);
  first = g_strdup (ferry_negotiation_get_sid (story->romeo->negotiation));
  story->juliet->is_mute = FALSE;
  ask (story, FERRY_PATH_DIRECT, NULL, NULL);
  g_assert_cmpstr (ferry_negotiation_get_sid (story->romeo->negotiation), !=, first);
  assert_both_secured (story, FERRY_TRUST_FIRST_USE);
  g_assert_false (story->romeo->is_ended);
}

static void
test_nothing_begins_without_a_path (Story         *story,
                                    gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (begin (story, 0, NULL, &error));
  g_assert_error (error, FERRY_TRANSFER_ERROR, FERRY_TRANSFER_ERROR_NO_ROUTE);
  g_clear_error (&error);
  party_lose_connection (&story->clients.romeo, story->clients.server);
  g_assert_false (begin (story, FERRY_PATH_DIRECT, NULL, &error));
  g_assert_error (error, FERRY_TRANSFER_ERROR, FERRY_TRANSFER_ERROR_CONNECTION_LOST);
  g_assert_null (ferry_negotiation_get_session (story->romeo->negotiation));
}

/* Whom nothing may be sent to, and how it cannot be sent. */
static void
test_checks_before_it_begins (Story         *story,
                              gconstpointer  data)
{
  const FerryDialect *jingle = ferry_dialects_find ("jingle-1");
  const FerryDialect *si = ferry_dialects_find ("si");
  const struct
  {
    gboolean            is_pinned;
    gboolean            is_changed;
    FerrySecurityPolicy policy;
    int                 secured; /* -1: it may be; else the error */
    int                 clear;
  } rows[] = {
    { FALSE, FALSE, FERRY_SECURITY_AUTO, -1, -1 },
    { FALSE, FALSE, FERRY_SECURITY_NONE, -1, -1 },
    { FALSE, FALSE, FERRY_SECURITY_REQUIRED, -1, FERRY_TRANSFER_ERROR_SECURITY },
    { TRUE, FALSE, FERRY_SECURITY_AUTO, -1, FERRY_TRANSFER_ERROR_SECURITY },
    { TRUE, FALSE, FERRY_SECURITY_NONE, -1, -1 },
    { TRUE, TRUE, FERRY_SECURITY_AUTO, FERRY_TRANSFER_ERROR_KEY_CHANGED,
      FERRY_TRANSFER_ERROR_KEY_CHANGED },
    { TRUE, TRUE, FERRY_SECURITY_NONE, FERRY_TRANSFER_ERROR_KEY_CHANGED,
      FERRY_TRANSFER_ERROR_KEY_CHANGED },
  };
  FerryTransferServices *services = ferry_transfer_queue_get_services (story->clients.romeo.queue);
  FerryTrust *trust = story->clients.romeo.trust;
  GBytes *certificate =
    ferry_tls_identity_get_certificate (ferry_trust_get_identity (story->clients.juliet.trust));

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const FerryDialect *const dialects[] = { jingle, si };

      ferry_trust_forget (trust, JULIET);
      ferry_trust_set_policy (trust, JULIET, rows[i].policy);
      if (rows[i].is_pinned)
        ferry_trust_pin (trust, JULIET, certificate, FERRY_TRUST_FIRST_USE);
      if (rows[i].is_changed)
        ferry_trust_report_change (trust, JULIET, "00", NULL);

      for (guint d = 0; d < 2; d++)
        {
          int expected = d == 0 ? rows[i].secured : rows[i].clear;
          g_autoptr(GError) error = NULL;

          g_test_message ("row %" G_GSIZE_FORMAT ", %s", i, dialects[d]->name);
          g_assert_cmpint (ferry_negotiation_check (services, dialects[d], JULIET, FALSE, &error),
                           ==, expected < 0);
          if (expected >= 0)
            g_assert_error (error, FERRY_TRANSFER_ERROR, expected);
        }

      /* A phrase is how to decide about another key. */
      g_assert_true (ferry_negotiation_check (services, jingle, JULIET, TRUE, NULL));
    }
}

/* SEC-1: what is said in the session, by its name, is for nobody else. */
static void
test_files_do_not_get_its_stanzas (Story         *story,
                                   gconstpointer  data)
{
  g_autoptr(FerryElement) offer = NULL;
  g_autofree char *sid = NULL;

  ask (story, FERRY_PATH_DIRECT, NULL, NULL);
  assert_both_secured (story, FERRY_TRUST_FIRST_USE);
  sid = g_strdup (ferry_negotiation_get_sid (story->romeo->negotiation));
  offer = fake_stanza (
    "<iq type='set' to='" JULIET "' id='1'>"
    "<jingle xmlns='urn:xmpp:jingle:1' action='session-initiate' initiator='" ROMEO "' sid='%s'>"
    "<content creator='initiator' name='f' senders='initiator'>"
    "<description xmlns='urn:xmpp:jingle:apps:file-transfer:5'>"
    "<file><name>a.txt</name><size>6</size></file></description>"
    "<transport xmlns='urn:xmpp:jingle:transports:ibb:1' sid='t' block-size='4096'/>"
    "</content></jingle></iq>", sid);
  ferry_router_send (story->clients.romeo.router, offer);
  wait_ms (50);
  g_assert_true (story->juliet->is_pumping);
  g_assert_cmpstr (ferry_negotiation_get_sid (story->juliet->negotiation), ==, sid);
}

int
main (int    argc,
      char **argv)
{
  const struct
  {
    const char  *path;
    void       (*func) (Story         *story,
                        gconstpointer  data);
  } tests[] = {
    { "by-certificates", test_by_certificates },
    { "by-a-phrase", test_by_a_phrase },
    { "another-phrase-fails", test_another_phrase_fails },
    { "a-certificate-is-no-phrase", test_a_certificate_is_no_phrase },
    { "a-disowned-one-is-quiet", test_a_disowned_one_is_quiet },
    { "another-session-begins-anew", test_another_session_begins_anew },
    { "nothing-begins-without-a-path", test_nothing_begins_without_a_path },
    { "checks-before-it-begins", test_checks_before_it_begins },
    { "files-do-not-get-its-stanzas", test_files_do_not_get_its_stanzas },
  };

  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/core/negotiation/", tests[i].path, NULL);

      g_test_add (path, Story, NULL, story_set_up, tests[i].func, story_tear_down);
    }

  return g_test_run ();
}
