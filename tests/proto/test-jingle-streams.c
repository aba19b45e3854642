/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "jingle-dialogues.h"
#include "legacy/stream-0.h"
#include "legacy/stream-1.h"
#include "proto/iq.h"
#include "proto/jingle-codec.h"
#include "proto/xml-stream.h"

/* XML streams in Jingle sessions (XEP-0247, protocols 7.4): no file, both sides write, and
 * encrypted or not at all. */

#define NEW(words)   .dialect = &ferry_stream_1_dialect, .terms = words
#define OLD(words)   .dialect = &ferry_stream_0_dialect, .terms = words

#define OFFERED(words)                                                                           \
  { "start", "prepare s5b:1 proposer" },                                                         \
  { "prepared s5b:1", "send session-initiate s5b:1 " words "?; wake 300000" },                   \
  { "result", "" }
#define TAKEN                                                                                    \
  OFFERED ("xtls=x509+o"),                                                                       \
  { "<session-accept stream s5b:1 senders=both xtls=x509+p",                                     \
    "reply result; accepted; send security-info xtls=x509?; remote s5b:1; open; wake never" },   \
  { "result", "" }
#define TALKING                                                                                  \
  TAKEN,                                                                                         \
  { "open", "secure x509 p" },                                                                   \
  { "secured", "pump 0 -1" }
#define INVITED(words)                                                                           \
  { "<session-initiate stream s5b:1 " words, "reply result; ask; wake 300000" }
#define ANSWERING                                                                                \
  INVITED ("senders=both xtls=x509+p"),                                                          \
  { "accept", "wake never; remote s5b:1; prepare s5b:1" },                                       \
  { "prepared s5b:1", "send session-accept s5b:1 xtls=x509+o?; open" },                          \
  { "result", "" },                                                                              \
  { "open", "secure x509 p" },                                                                   \
  { "secured", "pump 0 -1" }
#define REFUSES(outcome) "reply result; send session-terminate security-error; end " outcome

static const JingleDialogue dialogues[] = {
  { "we-close-it", INITIATOR, BOTH, NULL, NULL, { /* XS-11 */
    TALKING,
    { "done", "send session-terminate success; close; end done" } },
    NEW ("auto expected") },
  { "the-peer-closes-it", INITIATOR, BOTH, NULL, NULL, {
    TALKING,
    { "<session-terminate success", "reply result; close; end done" } },
    NEW ("auto expected") },
  { "the-peer-ends-without-a-word", INITIATOR, BOTH, NULL, NULL, {
    TALKING,
    { "<session-terminate", "reply result; close; end done" } },
    NEW ("auto expected") },
  { "the-peer-cancels-it", INITIATOR, BOTH, NULL, NULL, {
    TALKING,
    { "<session-terminate cancel", "reply result; close; end done" } },
    NEW ("auto expected") },
  { "the-peer-leaves", INITIATOR, BOTH, NULL, NULL, {
    TALKING,
    { "gone", "" },
    { "<session-terminate gone", "reply result; close; end peer-gone" } },
    NEW ("auto expected") },
  { "the-peer-cannot-go-on", INITIATOR, BOTH, NULL, NULL, {
    TALKING,
    { "<session-terminate general-error", "reply result; close; end peer-failed" } },
    NEW ("auto expected") },
  { "the-peer-found-us-to-be-somebody-else", INITIATOR, BOTH, NULL, NULL, {
    TALKING,
    { "<session-terminate security-error", "reply result; close; end insecure" } },
    NEW ("auto expected") },
  { "it-breaks", INITIATOR, BOTH, NULL, NULL, { /* XS-13 */
    TALKING,
    { "broken truncated", "close; wake 2000" },
    { "wait 2000", "send session-terminate failed-transport; wake never; end truncated" } },
    NEW ("auto expected") },
  { "it-breaks-for-a-reason", INITIATOR, BOTH, NULL, NULL, {
    TALKING,
    { "broken truncated", "close; wake 2000" },
    { "<session-terminate cancel", "reply result; wake never; end done" } },
    NEW ("auto expected") },
  { "it-breaks-and-the-peer-noticed", INITIATOR, BOTH, NULL, NULL, {
    TALKING,
    { "broken peer-gone", "close; wake 2000" },
    { "<session-terminate failed-transport", "reply result; wake never; end peer-gone" } },
    NEW ("auto expected") },
  { "a-header-of-somebody-else", INITIATOR, BOTH, NULL, NULL, { /* protocols 7.4 */
    TALKING,
    { "broken insecure", "send session-terminate security-error; close; end insecure" } },
    NEW ("auto expected") },
  { "not-well-formed", INITIATOR, BOTH, NULL, NULL, {
    TALKING,
    { "broken protocol", "send session-terminate general-error; close; end protocol" } },
    NEW ("auto expected") },
  { "we-cancel-it", INITIATOR, BOTH, NULL, NULL, {
    TALKING,
    { "cancel", "send session-terminate cancel; close; end cancelled" } },
    NEW ("auto expected") },
  { "knows-no-words-of-files", INITIATOR, BOTH, NULL, NULL, {
    TALKING,
    { "hashes g", "" },
    { "<session-info checksum=g", "reply feature-not-implemented/unsupported-info" },
    { "<session-info received", "reply feature-not-implemented/unsupported-info" },
    { "<session-info", "reply result" } }, /* J-6 */
    NEW ("auto expected") },
  { "is-declined", INITIATOR, BOTH, NULL, NULL, {
    OFFERED ("xtls=x509+o"),
    { "<session-terminate decline", "reply result; close; wake never; end declined" } },
    NEW ("auto expected") },
  { "handshake-broken-and-cancelled", INITIATOR, BOTH, NULL, NULL, {
    TAKEN,
    { "open", "secure x509 p" },
    { "insecure peer-gone", "close; wake 2000" },
    { "<session-terminate cancel", "reply result; wake never; end peer-cancelled" } },
    NEW ("auto expected") },
  { "is-offered-encrypted-whatever-is-known", INITIATOR, BOTH, NULL, NULL, { TALKING }, /* XS-4 */
    NEW ("auto") },
  { "is-encrypted-even-where-files-are-not", INITIATOR, BOTH, NULL, NULL, { TALKING }, /* XS-5 */
    NEW ("none") },
  { "accepted-in-the-clear", INITIATOR, BOTH, NULL, NULL, {
    OFFERED ("xtls=x509+o"),
    { "<session-accept stream s5b:1",
      "reply result; send session-terminate security-error; close; wake never; end insecure" } },
    NEW ("none") },
  { "stripped", INITIATOR, BOTH, NULL, NULL, {
    OFFERED ("xtls=x509+o"),
    { "<session-accept stream s5b:1",
      "reply result; send session-terminate security-error; close; wake never; end stripped" } },
    NEW ("auto expected") },
  { "with-a-phrase", INITIATOR, BOTH, NULL, NULL, {
    OFFERED ("xtls=x509+srp+o"),
    { "<session-accept stream s5b:1 xtls=srp",
      "reply result; accepted; send security-info xtls=srp?; remote s5b:1; open; wake never" },
    { "result", "" },
    { "open", "secure srp" },
    { "secured", "pump 0 -1" } },
    NEW ("auto expected x509+srp") },
  { "without-the-phrase", INITIATOR, BOTH, NULL, NULL, {
    OFFERED ("xtls=x509+srp+o"),
    { "<session-accept stream s5b:1 xtls=x509+p",
      "reply result; send session-terminate security-error; close; wake never; end insecure" } },
    NEW ("auto expected x509+srp") },
  { "falls-back", INITIATOR, BOTH, NULL, NULL, { /* XS-1 */
    TAKEN,
    { "failed", "wake 400" },
    { "wait 400", "wake never; close; prepare ibb:1 proposer" },
    { "prepared ibb:1", "send transport-replace ibb:1?; wake 15000" },
    { "<transport-accept stream ibb:1", "reply result; remote ibb:1; open; wake never" },
    { "open", "secure x509 p" },
    { "secured", "pump 0 -1" } },
    NEW ("auto expected") },
  { "cannot-be-without-terms", INITIATOR, BOTH, NULL, NULL, {
    { "start", "end insecure" } },
    .dialect = &ferry_stream_1_dialect },

  { "answered", RESPONDER, BOTH, NULL, NULL, {
    ANSWERING,
    { "done", "send session-terminate success; close; end done" } },
    NEW ("auto") },
  { "answered-when-senders-are-unsaid", RESPONDER, BOTH, NULL, NULL, {
    INVITED ("xtls=x509+p") },
    NEW ("auto") },
  { "one-side-alone-is-no-stream", RESPONDER, BOTH, NULL, NULL, { /* XS-16 */
    { "<session-initiate stream s5b:1 senders=initiator xtls=x509+p",
      "reply bad-request; end protocol" } },
    NEW ("auto") },
  { "answered-by-the-first-name", RESPONDER, BOTH, NULL, NULL, { /* C-2 */
    { "<session-initiate tmp-stream s5b:1 offer=x509+p", "reply result; ask; wake 300000" },
    { "accept", "wake never; remote s5b:1; prepare s5b:1" },
    { "prepared s5b:1", "send session-accept s5b:1 offer=x509+o?; open" },
    { "<security-info tmp-stream draft=x509", "reply result" } },
    NEW ("auto") },
  { "offered-in-the-clear", RESPONDER, BOTH, NULL, NULL, { /* XS-5 */
    { "<session-initiate stream s5b:1", REFUSES ("insecure") } },
    NEW ("none") },
  { "offered-stripped", RESPONDER, BOTH, NULL, NULL, {
    { "<session-initiate stream s5b:1", REFUSES ("stripped") } },
    NEW ("auto expected") },
  { "offered-as-gajim-does", RESPONDER, BOTH, NULL, NULL, {
    { "<session-initiate stream s5b:1 gajim=p", REFUSES ("insecure") } },
    NEW ("none") },
  { "offered-without-terms", RESPONDER, BOTH, NULL, NULL, {
    { "<session-initiate stream s5b:1 xtls=x509+p", REFUSES ("refused") } },
    .dialect = &ferry_stream_1_dialect },
  { "a-file-is-no-stream", RESPONDER, BOTH, NULL, NULL, {
    { "<session-initiate s5b:1 xtls=x509+p",
      "reply result; send session-terminate unsupported-applications; end refused" } },
    NEW ("auto") },
  { "we-decline-it", RESPONDER, BOTH, NULL, NULL, {
    INVITED ("xtls=x509+p"),
    { "decline", "send session-terminate decline; wake never; end declined" } },
    NEW ("auto") },

  { "draft/breaks", INITIATOR, "s5b:0 ibb:0", NULL, NULL, { /* protocols 7.4 */
    { "start", "prepare s5b:0 proposer" },
    { "prepared s5b:0", "send session-initiate s5b:0 xtls=x509+o?; wake 300000" },
    { "result", "" },
    { "<session-accept old stream s5b:0 offer=x509+p",
      "reply result; accepted; send security-info xtls=x509 draft=x509?; remote s5b:0; open; "
      "wake never" },
    { "open", "wake 5000" },
    { "result", "secure x509 p; wake never" },
    { "secured", "pump 0 -1" },
    { "broken truncated", "close; wake 2000" },
    { "wait 2000", "send session-terminate connectivity-error; wake never; end truncated" } },
    OLD ("auto") },
  { "draft/answered", RESPONDER, "s5b:0 ibb:0", NULL, NULL, {
    { "<session-initiate old tmp-stream s5b:0 offer=x509+srp+p",
      "reply result; ask; wake 300000" },
    { "accept srp", "wake never; remote s5b:0; prepare s5b:0" },
    { "prepared s5b:0", "send session-accept s5b:0 offer=srp?; open" },
    { "<security-info old tmp-stream draft=srp", "reply result" },
    { "open", "secure srp p" },
    { "secured", "pump 0 -1" },
    { "<session-terminate old", "reply result; close; end done" } },
    OLD ("auto x509+srp") },
};

/* XS-2, XS-3, XS-16: what an offer of a stream says of itself. */
static void
check_offer (const FerryDialect *dialect,
             const char         *ns)
{
  JingleDesk desk;
  g_autofree char *start = NULL;
  g_autofree char *prepared = NULL;
  const FerryElement *content;
  const FerryElement *description;

  jingle_desk_init_secure (&desk, dialect, FALSE, INITIATOR, BOTH, NULL, "auto");
  g_assert_cmpint (ferry_session_get_direction (desk.session), ==, FERRY_DIRECTION_BOTH);
  g_assert_cmpstr (ferry_session_get_application (desk.session), ==, ns);
  g_assert_null (ferry_session_get_security (desk.session));

  start = jingle_desk_say (&desk, "start");
  prepared = jingle_desk_say (&desk, "prepared s5b:1");

  content = ferry_element_find (desk.sent, "content", NULL);
  g_assert_cmpstr (ferry_element_get_attribute (content, "name"), ==, "xmlstream");
  g_assert_cmpstr (ferry_element_get_attribute (content, "senders"), ==, "both");
  description = ferry_element_find (content, "description", ns);
  g_assert_nonnull (description);
  g_assert_cmpuint (ferry_element_get_n_children (description), ==, 0);

  jingle_desk_clear (&desk);
}

static void
test_offers (void)
{
  check_offer (&ferry_stream_1_dialect, FERRY_NS_XML_STREAM);
  check_offer (&ferry_stream_1_draft_dialect, FERRY_NS_XML_STREAM_TMP);
}

/* What is known of the peer's encryption, and when. */
static void
test_tells_security (void)
{
  static const char *const stanzas[] = {
    "<session-initiate tmp-stream s5b:1 xtls=x509+srp+p",
    "<session-initiate tmp-stream s5b:1 xtls=x509+q",
  };

  for (guint i = 0; i < G_N_ELEMENTS (stanzas); i++)
    {
      g_autofree char *out = NULL;
      const FerryXtls *security;
      JingleDesk desk;

      jingle_desk_init_secure (&desk, &ferry_stream_1_dialect, FALSE, RESPONDER, BOTH, NULL,
                               "auto x509+srp pin=p");
      g_assert_null (ferry_session_get_security (desk.session));
      out = jingle_desk_say (&desk, stanzas[i]);
      security = ferry_session_get_security (desk.session);

      g_assert_nonnull (security);
      g_assert_cmpuint (security->methods, ==,
                        i == 0 ? FERRY_XTLS_X509 | FERRY_XTLS_SRP : FERRY_XTLS_X509);
      g_assert_true (desk.ended == (i == 1));
      g_assert_true (g_str_has_prefix (security->sha256, i == 0 ? "7070" : "7171"));
      g_assert_cmpint (ferry_session_get_direction (desk.session), ==, FERRY_DIRECTION_BOTH);
      g_assert_cmpstr (ferry_session_get_application (desk.session), ==, FERRY_NS_XML_STREAM_TMP);
      jingle_desk_clear (&desk);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/proto/jingle-streams/offers-what-the-peer-has", test_offers);
  g_test_add_func ("/proto/jingle-streams/tells-what-was-said-of-encryption", test_tells_security);
  jingle_dialogues_add ("/proto/jingle-streams/", dialogues, G_N_ELEMENTS (dialogues));

  return g_test_run ();
}
