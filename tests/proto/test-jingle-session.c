/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "jingle-dialogues.h"

/* What no single dialogue shows: every state against every illegal stanza, what
 * errors and reasons mean, and limits. */

/* What a peer's reason means, in three stages of the transfer. */
static void
test_reasons (void)
{
  static const JingleLine asking[] = { OFFER };
  static const JingleLine moving[] = { SENDING };
  static const struct
  {
    const char *reason;
    const char *asking;
    const char *moving;
  } cases[] = {
    { "decline", "declined", "declined" },
    { "busy", "peer-busy", "peer-busy" },
    { "cancel", "peer-cancelled", "peer-cancelled" },
    { "timeout", "expired", "peer-gone" },
    { "expired", "expired", "peer-gone" },
    { "gone", "peer-gone", "peer-gone" },
    { "general-error", "peer-failed", "peer-failed" },
    { "failed-application", "peer-failed", "peer-failed" },
    { "failed_application", "peer-failed", "peer-failed" },
    { "failed-transport", "no-route", "truncated" },
    { "connectivity-error", "no-route", "truncated" },
    { "media-error", "peer-failed", "corrupt" },
    { "security-error", "refused", "refused" },
    { "incompatible-parameters", "refused", "peer-failed" },
    { "unsupported-applications", "peer-cannot", "peer-failed" },
    { "unsupported-transports", "peer-cannot", "truncated" },
    { "alternative-session", "refused", "refused" },
    { "success", "protocol", "done" },
    { "bored", "peer-failed", "peer-failed" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (guint stage = 0; stage < 2; stage++)
      {
        g_autofree char *in = g_strdup_printf ("<session-terminate %s", cases[i].reason);
        g_autofree char *wanted = NULL;
        g_autofree char *out = NULL;
        JingleDesk desk;

        jingle_desk_init (&desk, INITIATOR, "s5b:1", NULL, "g");
        if (stage == 0)
          jingle_desk_play (&desk, asking, G_N_ELEMENTS (asking));
        else
          jingle_desk_play (&desk, moving, G_N_ELEMENTS (moving));

        wanted = g_strdup_printf ("reply result; close; %send %s", stage == 0 ? "wake never; " : "",
                                  stage == 0 ? cases[i].asking : cases[i].moving);
        out = jingle_desk_say (&desk, in);
        g_assert_cmpstr (out, ==, wanted);
        jingle_desk_clear (&desk);
      }
}

static void
test_refused_offers (void)
{
  static const JingleLine opening[] = {
    { "start", "prepare s5b:1 proposer" },
    { "prepared s5b:1", "send session-initiate s5b:1?; wake 300000" },
  };
  static const JingleLine cases[] = {
    { "error service-unavailable", "close; wake never; end peer-cannot" },
    { "error feature-not-implemented", "close; wake never; end peer-cannot" },
    { "error resource-constraint", "close; wake never; end peer-busy" },
    { "error recipient-unavailable", "close; wake never; end peer-gone" },
    { "error remote-server-timeout", "close; wake never; end peer-gone" },
    { "error conflict", "close; wake never; end refused" },
    { "error redirect", "close; wake never; end refused" }, /* J-23 */
    { "error bad-request", "close; wake never; end refused" },
    { "silence", "send session-terminate timeout; close; wake never; end peer-gone" }, /* GEN-4 */
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      JingleDesk desk;

      jingle_desk_init (&desk, INITIATOR, BOTH, NULL, "g");
      jingle_desk_play (&desk, opening, G_N_ELEMENTS (opening));
      jingle_desk_play (&desk, &cases[i], 1);
      jingle_desk_clear (&desk);
    }
}

/* In every state, what is not legal gets its answer and leaves no trace: the state
 * is compared by what the session does next, on a copy that heard it and one that did not. */
static void
test_illegal_changes_nothing (void)
{
  static const JingleLine offered[] = { OFFER }, accepted[] = { ACCEPTED }, sending[] = { SENDING },
                          sent[] = { SENT }, replacing[] = { REPLACING }, asked[] = { ASKED },
                          agreed[] = { AGREED }, receiving[] = { RECEIVING },
                          storing[] = { STORING };
  static const struct
  {
    FerryRole         role;
    const JingleLine *lines;
    gsize             n_lines;
    const char       *then; /* something it does when it is well */
  } states[] = {
    { INITIATOR, offered, G_N_ELEMENTS (offered), "<session-accept s5b:1" },
    { INITIATOR, accepted, G_N_ELEMENTS (accepted), "open" },
    { INITIATOR, sending, G_N_ELEMENTS (sending), "done" },
    { INITIATOR, sent, G_N_ELEMENTS (sent), "<session-terminate success" },
    { INITIATOR, replacing, G_N_ELEMENTS (replacing), "<transport-accept ibb:1" },
    { RESPONDER, asked, G_N_ELEMENTS (asked), "accept" },
    { RESPONDER, agreed, G_N_ELEMENTS (agreed), "open" },
    { RESPONDER, receiving, G_N_ELEMENTS (receiving), "done g" },
    { RESPONDER, storing, G_N_ELEMENTS (storing), "stored" },
  };
  static const struct
  {
    guint       roles; /* where it is illegal in all of the states */
    const char *in;
    const char *out;
  } illegal[] = {
    { INITIATOR | RESPONDER, "<session-initiate s5b:1", "reply unexpected-request/out-of-order" },
    { RESPONDER, "<session-accept s5b:1", "reply unexpected-request/out-of-order" },
    { INITIATOR | RESPONDER, "<content-accept s5b:1", "reply unexpected-request/out-of-order" },
    { RESPONDER, "<content-reject decline", "reply unexpected-request/out-of-order" },
    { RESPONDER, "<transport-accept ibb:1", "reply unexpected-request/out-of-order" },
    { RESPONDER, "<transport-reject ibb:1", "reply unexpected-request/out-of-order" },
    { INITIATOR | RESPONDER, "<transport-info raw-udp:1", "reply bad-request" },
    { INITIATOR | RESPONDER, "<transport-info", "reply bad-request" },
    { INITIATOR | RESPONDER, "<description-info",
      "reply feature-not-implemented/unsupported-info" },
    { INITIATOR | RESPONDER, "<security-info security=urn:x",
      "reply feature-not-implemented/unsupported-info" },
    { INITIATOR | RESPONDER, "<content-modify senders=none", "reply feature-not-implemented" },
    { INITIATOR | RESPONDER, "<session-info ringing",
      "reply feature-not-implemented/unsupported-info" },
    { INITIATOR | RESPONDER, "<session-dance", "reply bad-request" },
    { INITIATOR | RESPONDER, "<jingle xmlns='urn:xmpp:jingle:1' action='transport-info' sid='s1'/>",
      "reply bad-request" },
    { INITIATOR | RESPONDER, "<jingle xmlns='urn:xmpp:jingle:1' action='session-terminate'/>",
      "reply bad-request" },
    { INITIATOR | RESPONDER,
      "<jingle xmlns='urn:xmpp:jingle:1' action='session-terminate' sid='s2'/>",
      "reply item-not-found/unknown-session" },
    { INITIATOR | RESPONDER,
      "<jingle xmlns='urn:xmpp:jingle:0' action='session-terminate' sid='s1'/>",
      "reply item-not-found/unknown-session" }, /* J-18 */
  };

  for (gsize s = 0; s < G_N_ELEMENTS (states); s++)
    for (gsize i = 0; i < G_N_ELEMENTS (illegal); i++)
      {
        g_autofree char *undisturbed = NULL;
        g_autofree char *disturbed = NULL;
        g_autofree char *answer = NULL;
        JingleDesk desk, twin;

        if ((illegal[i].roles & states[s].role) == 0)
          continue;

        jingle_desk_init (&desk, states[s].role, BOTH, NULL, "g");
        jingle_desk_play (&desk, states[s].lines, states[s].n_lines);
        twin = desk;
        twin.sent = NULL;
        twin.session = ferry_session_copy (desk.session);

        answer = jingle_desk_say (&desk, illegal[i].in);
        g_assert_cmpstr (answer, ==, illegal[i].out);

        disturbed = jingle_desk_say (&desk, states[s].then);
        undisturbed = jingle_desk_say (&twin, states[s].then);
        g_assert_cmpstr (disturbed, ==, undisturbed);
        g_assert_cmpuint (strlen (disturbed), >, 0);

        jingle_desk_clear (&desk);
        jingle_desk_clear (&twin);
      }
}

/* Local events that come when nobody waits for them are races, not errors. */
static void
test_stray_events_do_nothing (void)
{
  static const JingleLine stray[] = {
    { "start", "" }, { "accept", "" }, { "open", "" }, { "failed", "" }, { "stored", "" },
    { "prepared s5b:1", "" }, { "done g", "" }, { "broken disk", "" }, { "info s5b:1", "" },
  };
  static const JingleLine ended[] = {
    ASKED, { "decline", "send session-terminate decline; wake never; end declined" },
    { "cancel", "" }, { "decline", "" }, { "gone", "" }, { "silence", "" }, { "hashes g", "" },
  };
  JingleDesk desk;

  jingle_desk_init (&desk, RESPONDER, BOTH, NULL, NULL);
  jingle_desk_play (&desk, stray, G_N_ELEMENTS (stray));
  jingle_desk_play (&desk, ended, G_N_ELEMENTS (ended));
  jingle_desk_play (&desk, stray, G_N_ELEMENTS (stray));
  jingle_desk_clear (&desk);
}

/* SEC-11: also by trickling, an offer does not grow without end. */
static void
test_limits_candidates (void)
{
  static const JingleLine asked[] = { ASKED };
  JingleDesk desk;

  jingle_desk_init (&desk, RESPONDER, BOTH, NULL, NULL);
  jingle_desk_play (&desk, asked, G_N_ELEMENTS (asked));
  for (guint i = 0; i <= 20; i++)
    {
      g_autofree char *out = jingle_desk_say (&desk, "<transport-info s5b:1 candidate");

      g_assert_cmpstr (out, ==, i < 20 ? "reply result" : "reply bad-request");
    }
  jingle_desk_clear (&desk);
}

/* A peer may not keep us busy with transports (MAX_TRANSPORTS). */
static void
test_limits_transports (void)
{
  static const JingleLine agreed[] = { AGREED };
  JingleDesk desk;
  guint n = 0;

  jingle_desk_init (&desk, RESPONDER, BOTH, NULL, NULL);
  jingle_desk_play (&desk, agreed, G_N_ELEMENTS (agreed));
  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *out = jingle_desk_say (&desk, "<transport-replace ibb:1");

      n += strstr (out, "prepare") != NULL;
    }
  g_assert_cmpuint (n, ==, 7);
  jingle_desk_clear (&desk);
}

static void
test_shows_the_file (void)
{
  static const JingleLine lines[] = {
    { "<session-initiate s5b:1 range hash=g", "reply result; ask; wake 300000" },
    { "accept 4", "wake never; remote s5b:1; prepare s5b:1" },
  };
  const FerryFileDescription *file;
  JingleDesk desk;

  jingle_desk_init (&desk, RESPONDER, BOTH, NULL, NULL);
  jingle_desk_play (&desk, lines, G_N_ELEMENTS (lines));
  file = ferry_session_get_file (desk.session);
  g_assert_cmpstr (file->name, ==, "a.txt");
  g_assert_cmpint (file->size, ==, 6);
  g_assert_cmpint (file->range_offset, ==, 4);
  g_assert_cmpint (ferry_hashes_get (&file->hashes, FERRY_HASH_SHA256)[0], ==, 'g');
  jingle_desk_clear (&desk);
}

/* An executor that dies in the middle leaks nothing. */
static void
test_effects_may_be_left_over (void)
{
  g_autoptr(FerrySessionEffects) effects = ferry_session_effects_new ();
  FerrySessionEffect effect;

  for (guint i = 0; i < 3; i++)
    {
      FerrySessionEffect *added = ferry_session_effects_add (effects, FERRY_SESSION_EFFECT_SEND);

      added->tag = i;
      added->element = ferry_element_builder_end (ferry_element_builder_new ("x", NULL));
      added->text = g_strdup ("text");
    }

  g_assert_true (ferry_session_effects_next (effects, &effect));
  g_assert_cmpuint (effect.tag, ==, 0);
  ferry_session_effect_clear (&effect);
}

/* Errors are told to the peer without what is on our disk. */
static void
test_keeps_local_words_local (void)
{
  static const JingleLine lines[] = {
    STORING, { "broken disk", "send session-terminate failed-application; close; end disk" },
  };
  g_autofree char *sent = NULL;
  JingleDesk desk;

  jingle_desk_init (&desk, RESPONDER, BOTH, NULL, NULL);
  jingle_desk_play (&desk, lines, G_N_ELEMENTS (lines));
  sent = ferry_element_print (desk.sent);
  g_assert_null (strstr (sent, "secret"));
  jingle_desk_clear (&desk);
}

/* The wire profile that all living peers take (peers 3.9). */
static void
test_says_what_peers_need (void)
{
  static const JingleLine offer[] = { OFFER };
  static const JingleLine answer[] = {
    { "<session-initiate s5b:1 hash=g range", "reply result; ask; wake 300000" },
    { "accept 4", "wake never; remote s5b:1; prepare s5b:1" },
    { "prepared s5b:1", "send session-accept s5b:1?; open" },
  };
  static const char offered[] =
    "<jingle xmlns='urn:xmpp:jingle:1' action='session-initiate' sid='s1'"
    " initiator='romeo@montague.lit/orchard'>"
    "<content creator='initiator' name='file' senders='initiator'>"
    "<description xmlns='urn:xmpp:jingle:apps:file-transfer:5'><file><name>a.txt</name><range/>"
    "<size>6</size><hash-used xmlns='urn:xmpp:hashes:2' algo='sha-256'/></file></description>"
    "<transport xmlns='urn:xmpp:jingle:transports:s5b:1' sid='t1'/></content></jingle>";
  static const char accepted[] =
    "<jingle xmlns='urn:xmpp:jingle:1' action='session-accept' sid='s1'"
    " responder='juliet@capulet.lit/balcony'>"
    "<content creator='initiator' name='file' senders='initiator'>"
    "<description xmlns='urn:xmpp:jingle:apps:file-transfer:5'><file><name>a.txt</name>"
    "<range offset='4'/><size>6</size><hash xmlns='urn:xmpp:hashes:2' algo='sha-256'>"
    "Z2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2c=</hash></file></description>"
    "<transport xmlns='urn:xmpp:jingle:transports:s5b:1' sid='t1'/></content></jingle>";
  g_autoptr(FerryElement) wanted_offer = ferry_element_parse (offered, -1, NULL);
  g_autoptr(FerryElement) wanted_answer = ferry_element_parse (accepted, -1, NULL);
  JingleDesk desk;

  jingle_desk_init (&desk, INITIATOR, BOTH, NULL, "hash-used");
  jingle_desk_play (&desk, offer, G_N_ELEMENTS (offer));
  g_assert_true (ferry_element_equal (desk.sent, wanted_offer));
  jingle_desk_clear (&desk);

  jingle_desk_init (&desk, RESPONDER, BOTH, NULL, NULL);
  jingle_desk_play (&desk, answer, G_N_ELEMENTS (answer));
  g_assert_true (ferry_element_equal (desk.sent, wanted_answer));
  jingle_desk_clear (&desk);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/proto/jingle-session/reasons-have-a-meaning", test_reasons);
  g_test_add_func ("/proto/jingle-session/refused-offers-have-a-meaning", test_refused_offers);
  g_test_add_func ("/proto/jingle-session/illegal-stanzas-change-nothing",
                   test_illegal_changes_nothing);
  g_test_add_func ("/proto/jingle-session/stray-events-do-nothing", test_stray_events_do_nothing);
  g_test_add_func ("/proto/jingle-session/limits-candidates", test_limits_candidates);
  g_test_add_func ("/proto/jingle-session/limits-transports", test_limits_transports);
  g_test_add_func ("/proto/jingle-session/shows-the-file", test_shows_the_file);
  g_test_add_func ("/proto/jingle-session/effects-may-be-left-over", test_effects_may_be_left_over);
  g_test_add_func ("/proto/jingle-session/keeps-local-words-local", test_keeps_local_words_local);
  g_test_add_func ("/proto/jingle-session/says-what-peers-need", test_says_what_peers_need);

  return g_test_run ();
}
