/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "../proto/jingle-dialogues.h"
#include "legacy/jingle-0.h"
#include "legacy/jingle-1.h"
#include "proto/jingle-codec.h"

#define OLD         .dialect = &ferry_jingle_0_dialect
#define BYTESTREAMS .dialect = &ferry_jingle_0_bytestreams_dialect
#define IBB         .dialect = &ferry_jingle_0_ibb_dialect
#define MODERN      .dialect = &ferry_jingle_1_dialect
#define REQUEST     .is_request = TRUE

#define ALL "s5b:0 bytestreams:0 ibb:0"

#define HEARD                                                                                 \
  { "start", "prepare bytestreams:0 proposer sid" },                                          \
  { "empty bytestreams:0", "send session-initiate bytestreams:0?; wake 300000" },             \
  { "result", "open" } /* BS0-1: after the acknowledgement, while it is pending */
#define TWO_HEARD                                                                             \
  { "start", "prepare bytestreams:0 proposer sid" },                                          \
  { "empty bytestreams:0", "send session-initiate bytestreams:0 ibb:0?; wake 300000" },       \
  { "result", "open" }
#define INVITED                                                                               \
  { "@offer", "reply result; remote bytestreams:0; prepare bytestreams:0; ask; wake 300000" }, \
  { "empty bytestreams:0", "" }

/* The exchanges of XEP-0234 0.8, from both sides, and what they leave open. */
static const JingleDialogue dialogues[] = {
  { "bytestreams/BS0-1-initiator", INITIATOR, "bytestreams:0", "g", NULL, {
    HEARD,
    { "open", "" }, /* BS0-4 */
    { "@accept", "reply result; accepted; pump 0 -1; wake never" },
    { "done", "wake 15000" },
    { "<jingle xmlns='urn:xmpp:jingle:0' action='session-terminate' sid='851ba2'>"
      "<reason><success/></reason></jingle>", "reply result; close; wake never; end done" } },
    BYTESTREAMS },
  { "bytestreams/accepted-before-it-stands", INITIATOR, "bytestreams:0", "g", NULL, {
    HEARD,
    { "@accept", "reply result; accepted; wake never" },
    { "open", "pump 0 -1" } },
    BYTESTREAMS },
  { "bytestreams/BS0-4-responder", RESPONDER, ALL, NULL, NULL, {
    INVITED,
    { "accept", "wake never; open" },
    { "open", "send session-accept bytestreams:0?; pump 0 -1" },
    { "done g", "send session-terminate media-error; close; end corrupt" } },
    OLD },
  { "bytestreams/FT-6-nothing-to-wait-for", RESPONDER, ALL, NULL, NULL, {
    { "<jingle xmlns='urn:xmpp:jingle:0' action='session-initiate' sid='851ba2' "
      "initiator='kingclaudius@shakespeare.lit/castle'>"
      "<content creator='initiator' name='f'>"
      "<description xmlns='urn:xmpp:jingle:apps:file-transfer:0'><offer>"
      "<file xmlns='http://jabber.org/protocol/si/profile/file-transfer' name='a' size='6'/>"
      "</offer></description><transport xmlns='urn:xmpp:jingle:transports:bytestreams:0'/>"
      "</content></jingle>",
      "reply result; remote bytestreams:0; prepare bytestreams:0; ask; wake 300000" },
    { "accept", "wake never" }, /* not prepared yet */
    { "empty bytestreams:0", "open" },
    { "open", "send session-accept bytestreams:0?; pump 0 -1" },
    { "done g", "store unknown" },
    { "stored", "send session-terminate success; close; end done" } },
    OLD },
  { "bytestreams/BS0-7-declined", RESPONDER, ALL, NULL, NULL, {
    INVITED,
    { "decline", "send session-terminate decline; close; wake never; end declined" } },
    OLD },
  { "bytestreams/J0-2-no-initiator", RESPONDER, ALL, NULL, NULL, {
    { "<jingle xmlns='urn:xmpp:jingle:0' action='session-initiate' sid='851ba2'>"
      "<content creator='initiator' name='f'><description xmlns='urn:x'/>"
      "<transport xmlns='urn:y'/></content></jingle>", "reply bad-request; end protocol" } },
    OLD },
  { "fallback/BS0-5-initiator", INITIATOR, "bytestreams:0 ibb:0", "g", NULL, {
    TWO_HEARD,
    { "failed", "wake 400" },
    { "wait 400", "wake never; close; prepare ibb:0 proposer sid" },
    { "empty ibb:0", "send transport-replace ibb:0?; wake 15000" },
    { "@transport-accept", "reply result; remote ibb:0; open; wake 299600" }, /* J-12 */
    { "open", "" },
    { "@accept-in-band", "reply result; accepted; pump 0 -1; wake never" } },
    BYTESTREAMS },
  { "fallback/JI0-1-responder", RESPONDER, ALL, NULL, NULL, {
    INVITED,
    { "accept", "wake never; open" },
    { "failed", "wake 15000" },
    { "@replace", "reply result; wake never; close; remote ibb:0; prepare ibb:0 sid" },
    { "empty ibb:0", "send transport-accept ibb:0?; open" },
    { "open", "send session-accept ibb:0?; pump 0 -1" } },
    OLD },
  { "fallback/while-the-user-decides", RESPONDER, ALL, NULL, NULL, {
    INVITED,
    { "@replace", "reply result; close; remote ibb:0; prepare ibb:0 sid" },
    { "empty ibb:0", "send transport-accept ibb:0?" },
    { "accept", "wake never; open" },
    { "open", "send session-accept ibb:0?; pump 0 -1" } },
    OLD },
  { "fallback/FB-4-after-silence", RESPONDER, ALL, NULL, NULL, {
    INVITED,
    { "accept", "wake never; open" },
    { "failed", "wake 15000" },
    { "wait 15000", "wake never; close; prepare ibb:0 sid" }, /* JI0-1: the initiator opens */
    { "empty ibb:0", "send transport-replace ibb:0?; wake 15000" },
    { "<jingle xmlns='urn:xmpp:jingle:0' action='transport-accept' sid='851ba2'>"
      "<content creator='initiator' name='a-file-offer'>"
      "<transport xmlns='urn:xmpp:jingle:transports:ibb:0'/></content></jingle>",
      "reply result; remote ibb:0; open; wake never" },
    { "open", "send session-accept ibb:0?; pump 0 -1" } },
    OLD },
  { "fallback/S5B0-16-only-the-initiator-replaces", RESPONDER, ALL, NULL, NULL, {
    { "<jingle xmlns='urn:xmpp:jingle:0' action='session-initiate' sid='851ba2' "
      "initiator='kingclaudius@shakespeare.lit/castle'>"
      "<content creator='initiator' name='f'>"
      "<description xmlns='urn:xmpp:jingle:apps:file-transfer:0'><offer>"
      "<file xmlns='http://jabber.org/protocol/si/profile/file-transfer' name='a' size='6'/>"
      "</offer></description><transport xmlns='urn:xmpp:jingle:transports:s5b:0' sid='t1'/>"
      "</content></jingle>", "reply result; ask; wake 300000" },
    { "accept", "wake never; remote s5b:0; prepare s5b:0" },
    { "prepared s5b:0", "send session-accept s5b:0?; open" },
    { "failed", "wake 15000" },
    { "wait 15000", "send session-terminate connectivity-error; close; wake never; "
      "end no-route" } },
    OLD },
  { "fallback/SEL-2-in-the-form-with-attributes", INITIATOR, "s5b:0 ibb:0", "g", NULL, {
    { "start", "prepare s5b:0 proposer" },
    { "prepared s5b:0", "send session-initiate s5b:0?; wake 300000" },
    { "result", "" },
    { "<jingle xmlns='urn:xmpp:jingle:0' action='session-accept' sid='851ba2'>"
      "<content creator='initiator' name='file'>"
      "<transport xmlns='urn:xmpp:jingle:transports:s5b:0' sid='t1'/></content></jingle>",
      "reply result; accepted; remote s5b:0; open; wake never" }, /* FT0-4 */
    { "failed", "wake 400" },
    { "wait 400", "wake never; close; prepare ibb:0 proposer" },
    { "prepared ibb:0", "send transport-replace ibb:0?; wake 15000" } },
    OLD },
  { "choice/BS0-10-responder", RESPONDER, "bytestreams:0 ibb:0", NULL, NULL, {
    { "@offer-of-two-transports", "reply result; send content-remove decline; "
      "remote bytestreams:0; prepare bytestreams:0; ask; wake 300000" } },
    OLD },
  { "choice/BS0-10-initiator", INITIATOR, "bytestreams:0 ibb:0", "g", NULL, {
    TWO_HEARD,
    { "@remove", "reply result; wake never; close; prepare ibb:0 proposer sid" },
    { "empty ibb:0", "open; wake 300000" },
    { "open", "" },
    { "@accept-in-band", "reply result; accepted; pump 0 -1; wake never" } },
    BYTESTREAMS },
  { "choice/J-11-nothing-is-left", INITIATOR, "bytestreams:0", "g", NULL, {
    HEARD,
    { "@remove", "reply result; send session-terminate cancel; close; wake never; "
      "end peer-cancelled" } },
    BYTESTREAMS },
  { "choice/BS0-11-the-other-is-accepted", INITIATOR, "bytestreams:0 ibb:0", "g", NULL, {
    TWO_HEARD,
    { "<jingle xmlns='urn:xmpp:jingle:0' action='session-accept' sid='851ba2'>"
      "<content creator='initiator' name='file-2'>"
      "<transport xmlns='urn:xmpp:jingle:transports:ibb:0'/></content></jingle>",
      "reply result; accepted; wake never; close; prepare ibb:0 proposer sid" },
    { "empty ibb:0", "open" },
    { "open", "pump 0 -1" } },
    BYTESTREAMS },
  { "choice/BS0-11-both-are-accepted", INITIATOR, "bytestreams:0 ibb:0", "g", NULL, {
    TWO_HEARD,
    { "open", "" },
    { "<jingle xmlns='urn:xmpp:jingle:0' action='session-accept' sid='851ba2'>"
      "<content creator='initiator' name='file'>"
      "<transport xmlns='urn:xmpp:jingle:transports:bytestreams:0'/></content>"
      "<content creator='initiator' name='file-2'>"
      "<transport xmlns='urn:xmpp:jingle:transports:ibb:0'/></content></jingle>",
      "reply result; accepted; pump 0 -1; wake never; send content-remove decline" } },
    BYTESTREAMS },
  { "in-band/JI0-1-alone", INITIATOR, "ibb:0", "g", NULL, {
    { "start", "prepare ibb:0 proposer" }, /* SEL-2: the peer knows no bytestreams:0 */
    { "prepared ibb:0", "send session-initiate ibb:0?; wake 300000" },
    { "result", "" } },
    IBB },
  { "request/BS0-8a-responder-sends", RESPONDER, ALL, NULL, NULL, {
    { "@request", "reply result; remote bytestreams:0; prepare bytestreams:0; find; "
      "wake 300000" },
    { "empty bytestreams:0", "" },
    { "found", "wake never; open" },
    { "open", "send session-accept bytestreams:0?; pump 0 -1" },
    { "done", "wake 15000" } },
    OLD },
  { "request/SEC-22-no-such-file", RESPONDER, ALL, NULL, NULL, {
    { "@request", "reply result; remote bytestreams:0; prepare bytestreams:0; find; "
      "wake 300000" },
    { "decline", "send session-terminate general-error file-not-available; close; wake never; "
      "end refused" } },
    OLD },
  { "request/BS0-8a-initiator-receives", INITIATOR, "bytestreams:0", NULL, NULL, {
    HEARD,
    { "open", "" },
    { "@accept", "reply result; accepted; pump 0 -1; wake never" },
    { "done g", "send session-terminate media-error; close; end corrupt" } },
    BYTESTREAMS, REQUEST },
  { "request/SEC-22-not-shared", INITIATOR, "bytestreams:0", NULL, NULL, {
    HEARD,
    { "<jingle xmlns='urn:xmpp:jingle:0' action='session-terminate' sid='851ba2'><reason>"
      "<general-error/><file-not-available "
      "xmlns='urn:xmpp:jingle:apps:file-transfer:errors:0'/></reason></jingle>",
      "reply result; close; wake never; end not-shared" } },
    BYTESTREAMS, REQUEST },
  { "request/FT5-1-modern", INITIATOR, "s5b:1", NULL, NULL, {
    { "start", "prepare s5b:1 proposer" },
    { "prepared s5b:1", "send session-initiate s5b:1?; wake 300000" },
    { "<session-accept s5b:1 hash=g", "reply result; accepted; remote s5b:1; open; wake never" },
    { "open", "pump 0 -1" },
    { "done g", "store verified" },
    { "stored", "send session-info received; send session-terminate success; close; end done" } },
    MODERN, REQUEST },
  { "request/FT-8-a-part", RESPONDER, "s5b:1", NULL, NULL, {
    { "<session-initiate s5b:1 senders=responder range=2", "reply result; find; wake 300000" },
    { "found", "wake never; remote s5b:1; prepare s5b:1" },
    { "prepared s5b:1", "send session-accept s5b:1?; open" },
    { "open", "pump 2 -1" } },
    MODERN },
  { "request/SEC-21-more-than-there-is", RESPONDER, "s5b:1", NULL, NULL, {
    { "<jingle xmlns='urn:xmpp:jingle:1' action='session-initiate' sid='s1'>"
      "<content creator='initiator' name='f' senders='responder'>"
      "<description xmlns='urn:xmpp:jingle:apps:file-transfer:5'><file><name>a.txt</name>"
      "<range offset='7'/></file></description>"
      "<transport xmlns='urn:xmpp:jingle:transports:s5b:1' sid='t1'/></content></jingle>",
      "reply result; find; wake 300000" },
    { "found", "send session-terminate incompatible-parameters; wake never; end refused" } },
    MODERN },
  { "J-18-another-generation", INITIATOR, "bytestreams:0", "g", NULL, {
    HEARD,
    { "<jingle xmlns='urn:xmpp:jingle:1' action='session-terminate' sid='851ba2'/>",
      "reply item-not-found/unknown-session" },
    { "open", "" } },
    BYTESTREAMS },
  { "J-19-security-info", INITIATOR, "bytestreams:0", "g", NULL, {
    HEARD,
    { "<jingle xmlns='urn:xmpp:jingle:0' action='security-info' sid='851ba2'>"
      "<content creator='initiator' name='file'><security xmlns='urn:x'/></content></jingle>",
      "reply result" } },
    BYTESTREAMS },
};

/* J0-1, FT0-5: who is who is said on every action, who sends only in the description. */
static void
test_writes_as_in_the_book (void)
{
  JingleDesk desk;
  static const JingleLine lines[] = { INVITED, { "accept", "wake never; open" },
    { "open", "send session-accept bytestreams:0?; pump 0 -1" } };
  const FerryElement *content;

  jingle_desk_init_in (&desk, &ferry_jingle_0_dialect, FALSE, RESPONDER, ALL, NULL, NULL);
  jingle_desk_play (&desk, lines, G_N_ELEMENTS (lines));

  content = ferry_element_find (desk.sent, "content", "urn:xmpp:jingle:0");
  g_assert_cmpstr (ferry_element_get_attribute (desk.sent, "initiator"), ==,
                   "kingclaudius@shakespeare.lit/castle");
  g_assert_cmpstr (ferry_element_get_attribute (desk.sent, "responder"), ==,
                   "laertes@shakespeare.lit/castle");
  g_assert_null (ferry_element_get_attribute (content, "senders"));
  g_assert_cmpstr (ferry_element_get_attribute (content, "name"), ==, "a-file-offer");
  jingle_desk_clear (&desk);
}

/* The direction is known as soon as the opening stanza is handled. */
static void
test_knows_the_direction (void)
{
  static const struct { const char *in; FerryDirection direction; } cases[] = {
    { "@offer", FERRY_DIRECTION_RECEIVE },
    { "@request", FERRY_DIRECTION_SEND },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *out = NULL;
      JingleDesk desk;

      jingle_desk_init_in (&desk, &ferry_jingle_0_dialect, FALSE, RESPONDER, ALL, NULL, NULL);
      out = jingle_desk_say (&desk, cases[i].in);
      g_assert_cmpint (ferry_session_get_direction (desk.session), ==, cases[i].direction);
      jingle_desk_clear (&desk);
    }
}

/* Protocols 3.3, 3.4: errors of its own namespace, and only the words of its time. */
static void
test_has_words_of_its_time (void)
{
  static const char *const young[] = { "failed-transport", "failed-application",
                                       "incompatible-parameters" };

  g_assert_cmpstr (ferry_jingle_generation_0.errors_ns, ==, "urn:xmpp:jingle:errors:0");
  for (guint r = FERRY_JINGLE_REASON_NONE + 1; r < FERRY_JINGLE_N_REASONS; r++)
    {
      g_assert_nonnull (ferry_jingle_generation_0.reasons[r]);
      for (gsize i = 0; i < G_N_ELEMENTS (young); i++)
        g_assert_cmpstr (ferry_jingle_generation_0.reasons[r], !=, young[i]);
    }
}

/* SEL-2: a peer of bytestreams:0 means ibb:0 without attributes. */
static void
test_chooses_the_form_of_the_peer (void)
{
  static const char *const transports[] = { "urn:xmpp:jingle:transports:ibb:0", NULL };
  static const char *const bytestreams[] = { "urn:xmpp:jingle:transports:bytestreams:0", NULL };
  static const struct { const char *const *features; gboolean is_bare; } cases[] = {
    { NULL, FALSE }, { transports, FALSE }, { bytestreams, TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(FerryFileDescription) file = ferry_file_description_new ();
      const FerrySessionConfig config = {
        .own_jid = "a@b/c", .peer_jid = "d@e/f", .sid = "s1", .transports = transports,
        .profile = &jingle_script_profile, .file = file, .features = cases[i].features,
      };
      g_autoptr(FerrySession) session = ferry_jingle_0_ibb_dialect.offer (&config);
      const FerrySessionEvent start = { .kind = FERRY_SESSION_EVENT_START };
      g_autoptr(FerrySessionEffects) effects = ferry_session_effects_new ();
      FerrySessionEffect effect;

      ferry_session_handle (session, &start, 1, effects);
      g_assert_true (ferry_session_effects_next (effects, &effect));
      g_assert_cmpint (effect.kind, ==, FERRY_SESSION_EFFECT_PREPARE);
      g_assert_cmpstr (effect.stream_sid, ==, cases[i].is_bare ? "s1" : NULL);
      ferry_session_effect_clear (&effect);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  jingle_dialogues_add ("/legacy/jingle-0/", dialogues, G_N_ELEMENTS (dialogues));
  g_test_add_func ("/legacy/jingle-0/J0-1-writes-as-in-the-book", test_writes_as_in_the_book);
  g_test_add_func ("/legacy/jingle-0/knows-the-direction", test_knows_the_direction);
  g_test_add_func ("/legacy/jingle-0/SEL-2-chooses-the-form-of-the-peer",
                   test_chooses_the_form_of_the_peer);
  g_test_add_func ("/legacy/jingle-0/has-words-of-its-time", test_has_words_of_its_time);

  return g_test_run ();
}
