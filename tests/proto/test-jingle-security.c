/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "jingle-dialogues.h"
#include "legacy/jingle-0.h"
#include "legacy/jingle-1.h"

/* Encrypted files: who offers, who answers, what is insisted on (XTLS, protocols 7.2). The
 * letters are certificates: ours is o, the peer's is p. */

#define MODERN(words)      .dialect = &ferry_jingle_1_dialect, .terms = words
#define OLD(words)         .dialect = &ferry_jingle_0_dialect, .terms = words
#define BYTESTREAMS(words) .dialect = &ferry_jingle_0_bytestreams_dialect, .terms = words

#define SAID(words)                                                                              \
  { "start", "prepare s5b:1 proposer" },                                                         \
  { "prepared s5b:1", "send session-initiate s5b:1 " words "?; wake 300000" },                   \
  { "result", "" }
#define SAID_NOTHING                                                                             \
  { "start", "prepare s5b:1 proposer" },                                                         \
  { "prepared s5b:1", "send session-initiate s5b:1?; wake 300000" },                             \
  { "result", "" }
#define TAKEN                                                                                    \
  SAID ("xtls=x509+o"),                                                                          \
  { "<session-accept s5b:1 xtls=x509+p",                                                         \
    "reply result; accepted; send security-info xtls=x509?; remote s5b:1; open; wake never" }
#define SECURING                                                                                 \
  TAKEN,                                                                                         \
  { "result", "" },                                                                              \
  { "open", "secure x509 p" }
#define ASKED_FOR(words)                                                                         \
  { "<session-initiate s5b:1 " words, "reply result; ask; wake 300000" }
#define ANSWERED(words)                                                                          \
  { "prepared s5b:1", "send session-accept s5b:1 " words "?; open" },                            \
  { "result", "" }
#define SERVING                                                                                  \
  ASKED_FOR ("xtls=x509+p"),                                                                     \
  { "accept", "wake never; remote s5b:1; prepare s5b:1" },                                       \
  ANSWERED ("xtls=x509+o"),                                                                      \
  { "open", "secure x509 p" }
#define TWO_HEARD                                                                                \
  { "start", "prepare bytestreams:0 proposer sid" },                                             \
  { "empty bytestreams:0",                                                                       \
    "send session-initiate bytestreams:0 xtls=x509+o ibb:0 xtls=x509+o?; wake 300000" },         \
  { "result", "open" }
#define FAILS(outcome)                                                                           \
  "reply result; send session-terminate security-error; close; wake never; end " outcome
#define REFUSES(outcome) "reply result; send session-terminate security-error; end " outcome

static const JingleDialogue initiator[] = {
  { "sends-encrypted", INITIATOR, BOTH, "g", NULL, {
    SECURING,
    { "secured", "pump 0 -1" },
    { "done", "wake 15000" },
    { "<session-info received", "reply result" },
    { "<session-terminate success", "reply result; close; wake never; end done" } },
    MODERN ("auto expected") },
  { "a-known-certificate", INITIATOR, BOTH, "g", NULL, { SECURING }, MODERN ("auto expected pin=p") },
  { "a-changed-certificate", INITIATOR, BOTH, "g", NULL, { /* SEC-33 */
    SAID ("xtls=x509+o"),
    { "<session-accept s5b:1 xtls=x509+q", FAILS ("key-changed") } },
    MODERN ("auto expected pin=p") },
  { "answered-as-the-draft-does", INITIATOR, BOTH, "g", NULL, { /* XTLS-12 */
    SAID ("xtls=x509+o"),
    { "<session-accept s5b:1 offer=x509+p",
      "reply result; accepted; send security-info xtls=x509 draft=x509?; remote s5b:1; open; "
      "wake never" } },
    MODERN ("auto expected") },
  { "offers-nothing-to-who-cannot", INITIATOR, BOTH, "g", NULL, { /* XTLS-1 */
    SAID_NOTHING,
    { "<session-accept s5b:1", "reply result; accepted; remote s5b:1; open; wake never" },
    { "open", "pump 0 -1" } },
    MODERN ("auto") },
  { "offers-nothing-if-nothing-is-wanted", INITIATOR, BOTH, "g", NULL, {
    SAID_NOTHING,
    { "<session-accept s5b:1", "reply result; accepted; remote s5b:1; open; wake never" },
    { "open", "pump 0 -1" } },
    MODERN ("none expected pin=p") },
  { "takes-nothing-that-it-did-not-offer", INITIATOR, BOTH, "g", NULL, {
    SAID_NOTHING,
    { "<session-accept s5b:1 xtls=x509+p", FAILS ("protocol") } },
    MODERN ("none") },
  { "stripped", INITIATOR, BOTH, "g", NULL, { /* XTLS-25 */
    SAID ("xtls=x509+o"),
    { "<session-accept s5b:1", FAILS ("stripped") } },
    MODERN ("auto expected") },
  { "stripped-though-required", INITIATOR, BOTH, "g", NULL, {
    SAID ("xtls=x509+o"),
    { "<session-accept s5b:1", FAILS ("stripped") } },
    MODERN ("required expected") },
  { "required-of-who-cannot", INITIATOR, BOTH, "g", NULL, {
    SAID ("xtls=x509+o"),
    { "<session-accept s5b:1", FAILS ("insecure") } },
    MODERN ("required") },
  { "answered-as-gajim-does", INITIATOR, BOTH, "g", NULL, { /* XTLS-22 */
    SAID ("xtls=x509+o"),
    { "<session-accept s5b:1 gajim=p", FAILS ("insecure") } },
    MODERN ("auto expected") },
  { "answered-with-another-encryption", INITIATOR, BOTH, "g", NULL, { /* J-21 */
    SAID ("xtls=x509+o"),
    { "<session-accept s5b:1 security=urn:xmpp:jingle:jet:0", FAILS ("protocol") } },
    MODERN ("auto expected") },
  { "a-certificate-that-is-not-announced", INITIATOR, BOTH, "g", NULL, { /* XTLS-15 */
    SAID ("xtls=x509+o"),
    { "<session-accept s5b:1 xtls=x509", FAILS ("insecure") } },
    MODERN ("auto expected") },
  { "a-malformed-answer-is-none", INITIATOR, BOTH, "g", NULL, {
    SAID ("xtls=x509+o"),
    { "<jingle xmlns='urn:xmpp:jingle:1' action='session-accept' sid='s1'>"
      "<content creator='initiator' name='file'>"
      "<transport xmlns='urn:xmpp:jingle:transports:s5b:1' sid='t1'/>"
      "<security xmlns='urn:xmpp:jingle:security:xtls:0'>"
      "<fingerprint>0000000000000000000000000000000000000000</fingerprint>"
      "<fingerprint>1111111111111111111111111111111111111111</fingerprint>"
      "</security></content></jingle>", "reply bad-request" },
    { "<session-accept s5b:1 xtls=x509+p",
      "reply result; accepted; send security-info xtls=x509?; remote s5b:1; open; wake never" } },
    MODERN ("auto expected") },
  { "a-phrase-that-both-know", INITIATOR, BOTH, "g", NULL, {
    SAID ("xtls=x509+srp+o"),
    { "<session-accept s5b:1 xtls=srp",
      "reply result; accepted; send security-info xtls=srp?; remote s5b:1; open; wake never" },
    { "result", "" },
    { "open", "secure srp" },
    { "secured", "pump 0 -1" } },
    MODERN ("auto expected x509+srp") },
  { "a-phrase-proves-a-changed-certificate", INITIATOR, BOTH, "g", NULL, {
    SAID ("xtls=x509+srp+o"),
    { "<session-accept s5b:1 xtls=x509+srp+q",
      "reply result; accepted; send security-info xtls=srp?; remote s5b:1; open; wake never" } },
    MODERN ("auto expected x509+srp pin=p") },
  { "a-phrase-has-to-be-used", INITIATOR, BOTH, "g", NULL, {
    SAID ("xtls=x509+srp+o"),
    { "<session-accept s5b:1 xtls=x509+p", FAILS ("insecure") } },
    MODERN ("auto expected x509+srp pin=p") },
  { "a-phrase-is-not-stripped", INITIATOR, BOTH, "g", NULL, {
    SAID ("xtls=x509+srp+o"),
    { "<session-accept s5b:1", FAILS ("stripped") } },
    MODERN ("auto expected x509+srp") },
  { "a-phrase-that-was-not-asked-for", INITIATOR, BOTH, "g", NULL, {
    SAID ("xtls=x509+o"),
    { "<session-accept s5b:1 xtls=srp", FAILS ("insecure") } },
    MODERN ("auto expected") },
  { "nothing-to-encrypt-with", INITIATOR, BOTH, "g", NULL, {
    { "start", "end insecure" } },
    MODERN ("required nothing") },
  { "waits-for-the-word", INITIATOR, BOTH, "g", NULL, { /* XTLS-11, C-13 */
    TAKEN,
    { "open", "wake 5000" },
    { "wait 4000", "" },
    { "result", "secure x509 p; wake never" } },
    MODERN ("auto expected") },
  { "a-word-that-is-not-understood", INITIATOR, BOTH, "g", NULL, { /* J-19 */
    TAKEN,
    { "open", "wake 5000" },
    { "error feature-not-implemented", "secure x509 p; wake never" },
    { "secured", "pump 0 -1" } },
    MODERN ("auto expected") },
  { "a-word-that-is-lost", INITIATOR, BOTH, "g", NULL, {
    TAKEN,
    { "open", "wake 5000" },
    { "wait 4999", "" },
    { "wait 1", "secure x509 p; wake never" },
    { "result", "" },
    { "secured", "pump 0 -1" } },
    MODERN ("auto expected") },
  { "a-word-that-was-lost-long-ago", INITIATOR, BOTH, "g", NULL, {
    TAKEN,
    { "wait 6000", "" },
    { "open", "secure x509 p" } },
    MODERN ("auto expected") },
  { "silence-is-an-answer", INITIATOR, BOTH, "g", NULL, {
    TAKEN,
    { "silence", "" },
    { "open", "secure x509 p" } },
    MODERN ("auto expected") },
  { "nothing-is-secured-before-it-began", INITIATOR, BOTH, "g", NULL, {
    TAKEN,
    { "secured", "" },
    { "open", "wake 5000" },
    { "secured", "" },
    { "insecure", "" },
    { "result", "secure x509 p; wake never" } },
    MODERN ("auto expected") },
  { "another-transport-is-secured-as-well", INITIATOR, BOTH, "g", NULL, {
    TAKEN,
    { "result", "" },
    { "failed", "wake 400" },
    { "wait 400", "wake never; close; prepare ibb:1 proposer" },
    { "prepared ibb:1", "send transport-replace ibb:1?; wake 15000" },
    { "<transport-accept ibb:1", "reply result; remote ibb:1; open; wake never" },
    { "open", "secure x509 p" },
    { "secured", "pump 0 -1" } },
    MODERN ("auto expected") },
  { "asks-for-a-file-encrypted", INITIATOR, BOTH, NULL, NULL, {
    TAKEN,
    { "result", "" },
    { "open", "secure x509 p" },
    { "secured", "pump 0 -1" } },
    MODERN ("auto expected"), .is_request = TRUE },
  { "the-handshake-fails", INITIATOR, BOTH, "g", NULL, { /* XTLS-10 */
    SECURING,
    { "insecure", "send session-terminate security-error; close; end insecure" } },
    MODERN ("auto expected") },
  { "the-handshake-shows-another-certificate", INITIATOR, BOTH, "g", NULL, {
    SECURING,
    { "insecure key-changed", "send session-terminate security-error; close; end key-changed" } },
    MODERN ("auto expected") },
  { "the-stream-ends-and-the-reason-follows", INITIATOR, BOTH, "g", NULL, {
    SECURING,
    { "insecure peer-gone", "close; wake 2000" },
    { "<session-terminate cancel", "reply result; wake never; end peer-cancelled" } },
    MODERN ("auto expected") },
  { "the-stream-ends-for-a-certificate", INITIATOR, BOTH, "g", NULL, {
    SECURING,
    { "insecure peer-gone", "close; wake 2000" },
    { "<session-terminate security-error", "reply result; wake never; end insecure" } },
    MODERN ("auto expected") },
  { "the-stream-ends-without-a-reason", INITIATOR, BOTH, "g", NULL, {
    SECURING,
    { "insecure peer-gone", "close; wake 2000" },
    { "wait 2000", "send session-terminate security-error; wake never; end insecure" } },
    MODERN ("auto expected") },
  { "success-without-encryption-is-none", INITIATOR, BOTH, "g", NULL, {
    SECURING,
    { "insecure peer-gone", "close; wake 2000" },
    { "<session-terminate success", "reply result; wake never; end insecure" } },
    MODERN ("auto expected") },
  { "success-before-encryption-is-none", INITIATOR, BOTH, "g", NULL, {
    SECURING,
    { "<session-terminate success", "reply result; close; end protocol" } },
    MODERN ("auto expected") },
  { "success-may-outrun-an-empty-stream", INITIATOR, BOTH, "g", NULL, {
    SAID ("xtls=x509+o"),
    { "<session-accept s5b:1 range=6 xtls=x509+p",
      "reply result; accepted; send security-info xtls=x509?; remote s5b:1; open; wake never" },
    { "result", "" },
    { "open", "secure x509 p" },
    { "<session-terminate success", "reply result" },
    { "secured", "pump 6 -1" },
    { "done", "close; end done" } },
    MODERN ("auto expected") },
  { "who-received-nothing-at-all-has-it", INITIATOR, BOTH, "g", NULL, {
    SAID ("xtls=x509+o"),
    { "<session-accept s5b:1 range=6 xtls=x509+p",
      "reply result; accepted; send security-info xtls=x509?; remote s5b:1; open; wake never" },
    { "result", "" },
    { "open", "secure x509 p" },
    { "<session-terminate success", "reply result" },
    { "insecure peer-gone", "close; end done" } },
    MODERN ("auto expected") },
  { "an-alert-amid-the-bytes", INITIATOR, BOTH, "g", NULL, {
    SECURING,
    { "secured", "pump 0 -1" },
    { "broken insecure", "send session-terminate security-error; close; end insecure" } },
    MODERN ("auto expected") },
  { "the-peer-finds-it-insecure", INITIATOR, BOTH, "g", NULL, {
    SECURING,
    { "<session-terminate security-error", "reply result; close; end insecure" } },
    MODERN ("auto expected") },
  { "the-peer-refuses-to-encrypt", INITIATOR, BOTH, "g", NULL, {
    SAID ("xtls=x509+o"),
    { "<session-terminate security-error", "reply result; close; wake never; end insecure" } },
    MODERN ("required") },
  { "the-peer-wants-what-we-did-not-offer", INITIATOR, BOTH, "g", NULL, {
    SAID_NOTHING,
    { "<session-terminate security-error", "reply result; close; wake never; end refused" } },
    MODERN ("auto") },
  { "cancelled-amid-the-handshake", INITIATOR, BOTH, "g", NULL, {
    SECURING,
    { "cancel", "send session-terminate cancel; close; end cancelled" } },
    MODERN ("auto expected") },
  { "the-peer-leaves-amid-the-handshake", INITIATOR, BOTH, "g", NULL, {
    SECURING,
    { "gone", "" },
    { "secured", "pump 0 -1" } },
    MODERN ("auto expected") },
  { "a-security-info-from-who-answered", INITIATOR, BOTH, "g", NULL, {
    TAKEN,
    { "<security-info xtls=x509", "reply feature-not-implemented/unsupported-info" } },
    MODERN ("auto expected") },
};

static const JingleDialogue responder[] = {
  { "receives-encrypted", RESPONDER, BOTH, NULL, NULL, {
    SERVING,
    { "secured", "pump 0 -1" },
    { "<session-info checksum=g", "reply result" },
    { "done g", "store verified" },
    { "stored", "send session-info received; send session-terminate success; close; end done" } },
    MODERN ("auto") },
  { "a-known-certificate", RESPONDER, BOTH, NULL, NULL, { SERVING }, MODERN ("auto pin=p") },
  { "a-changed-certificate", RESPONDER, BOTH, NULL, NULL, { /* SEC-33 */
    { "<session-initiate s5b:1 xtls=x509+q", REFUSES ("key-changed") } },
    MODERN ("auto pin=p") },
  { "a-changed-certificate-whatever-is-wanted", RESPONDER, BOTH, NULL, NULL, {
    { "<session-initiate s5b:1 xtls=x509+q", REFUSES ("key-changed") } },
    MODERN ("none pin=p") },
  { "answers-the-draft-as-it-asks", RESPONDER, BOTH, NULL, NULL, { /* XTLS-13 */
    ASKED_FOR ("offer=x509+srp+p"),
    { "accept", "wake never; remote s5b:1; prepare s5b:1" },
    ANSWERED ("offer=x509+o"),
    { "<security-info draft=x509", "reply result" },
    { "open", "secure x509 p" } },
    MODERN ("auto") },
  { "who-wants-it-gets-it", RESPONDER, BOTH, NULL, NULL, { SERVING }, MODERN ("none") },
  { "plain-from-who-cannot", RESPONDER, BOTH, NULL, NULL, { AGREED, { "open", "pump 0 -1" } },
    MODERN ("auto") },
  { "plain-if-that-is-wanted", RESPONDER, BOTH, NULL, NULL, { AGREED, { "open", "pump 0 -1" } },
    MODERN ("none expected") },
  { "stripped", RESPONDER, BOTH, NULL, NULL, { /* XTLS-25 */
    { "<session-initiate s5b:1", REFUSES ("stripped") } },
    MODERN ("auto expected") },
  { "stripped-though-required", RESPONDER, BOTH, NULL, NULL, {
    { "<session-initiate s5b:1", REFUSES ("stripped") } },
    MODERN ("required expected pin=p") },
  { "required-of-who-cannot", RESPONDER, BOTH, NULL, NULL, {
    { "<session-initiate s5b:1", REFUSES ("insecure") } },
    MODERN ("required") },
  { "gajim-is-answered-in-the-clear", RESPONDER, BOTH, NULL, NULL, { /* XTLS-22 */
    ASKED_FOR ("gajim=p"),
    { "accept", "wake never; remote s5b:1; prepare s5b:1" },
    { "prepared s5b:1", "send session-accept s5b:1?; open" },
    { "open", "pump 0 -1" } },
    MODERN ("auto") },
  { "gajim-is-not-answered-in-the-clear", RESPONDER, BOTH, NULL, NULL, {
    { "<session-initiate s5b:1 gajim=p", REFUSES ("insecure") } },
    MODERN ("auto expected") },
  { "gajim-is-not-enough", RESPONDER, BOTH, NULL, NULL, {
    { "<session-initiate s5b:1 gajim=p", REFUSES ("insecure") } },
    MODERN ("required") },
  { "no-method-in-common", RESPONDER, BOTH, NULL, NULL, {
    { "<session-initiate s5b:1 xtls=srp", REFUSES ("insecure") } },
    MODERN ("required") },
  { "no-method-in-common-is-as-good-as-none", RESPONDER, BOTH, NULL, NULL, {
    ASKED_FOR ("xtls=srp"),
    { "accept", "wake never; remote s5b:1; prepare s5b:1" },
    { "prepared s5b:1", "send session-accept s5b:1?; open" } },
    MODERN ("auto") },
  { "another-encryption", RESPONDER, BOTH, NULL, NULL, { /* J-21 */
    { "<session-initiate s5b:1 security=urn:xmpp:jingle:jet:0", REFUSES ("refused") } },
    MODERN ("auto") },
  { "encryption-without-terms", RESPONDER, BOTH, NULL, NULL, {
    { "<session-initiate s5b:1 xtls=x509+p", REFUSES ("refused") } } },
  { "a-malformed-offer", RESPONDER, BOTH, NULL, NULL, {
    { "<jingle xmlns='urn:xmpp:jingle:1' action='session-initiate' sid='s1'>"
      "<content creator='initiator' name='file'>"
      "<description xmlns='urn:xmpp:jingle:apps:file-transfer:5'><file/></description>"
      "<transport xmlns='urn:xmpp:jingle:transports:s5b:1' sid='t1'/>"
      "<security xmlns='urn:xmpp:jingle:security:xtls:0'>"
      "<fingerprint>0000000000000000000000000000000000000000</fingerprint>"
      "<fingerprint>1111111111111111111111111111111111111111</fingerprint>"
      "</security></content></jingle>", "reply bad-request; end protocol" } },
    MODERN ("auto") },
  { "a-phrase-that-both-know", RESPONDER, BOTH, NULL, NULL, {
    ASKED_FOR ("xtls=x509+srp+p"),
    { "accept srp", "wake never; remote s5b:1; prepare s5b:1" },
    ANSWERED ("xtls=srp"), /* XTLS-5: without a fingerprint */
    { "open", "secure srp p" },
    { "secured", "pump 0 -1" } },
    MODERN ("auto x509+srp") },
  { "a-phrase-proves-a-changed-certificate", RESPONDER, BOTH, NULL, NULL, {
    ASKED_FOR ("xtls=x509+srp+q"),
    { "accept srp", "wake never; remote s5b:1; prepare s5b:1" },
    ANSWERED ("xtls=srp") },
    MODERN ("auto x509+srp pin=p") },
  { "a-changed-certificate-without-a-phrase", RESPONDER, BOTH, NULL, NULL, {
    ASKED_FOR ("xtls=x509+srp+q"),
    { "accept", "send session-terminate security-error; wake never; end key-changed" } },
    MODERN ("auto x509+srp pin=p") },
  { "a-phrase-refused", RESPONDER, BOTH, NULL, NULL, {
    ASKED_FOR ("xtls=x509+srp+p"),
    { "accept", "wake never; remote s5b:1; prepare s5b:1" },
    ANSWERED ("xtls=x509+o") },
    MODERN ("auto x509+srp") },
  { "a-phrase-nobody-gave", RESPONDER, BOTH, NULL, NULL, {
    ASKED_FOR ("xtls=srp"),
    { "accept", "send session-terminate security-error; wake never; end insecure" } },
    MODERN ("auto x509+srp") },
  { "a-phrase-nobody-asked-for", RESPONDER, BOTH, NULL, NULL, {
    ASKED_FOR ("xtls=x509+p"),
    { "accept srp", "send session-terminate security-error; wake never; end insecure" } },
    MODERN ("auto x509+srp") },
  { "a-phrase-for-who-cannot-encrypt", RESPONDER, BOTH, NULL, NULL, {
    ASKED,
    { "accept srp", "send session-terminate security-error; wake never; end insecure" } },
    MODERN ("auto x509+srp") },
  { "hears-the-method", RESPONDER, BOTH, NULL, NULL, {
    SERVING,
    { "<security-info xtls=x509", "reply result" },
    { "<security-info draft=x509", "reply result" },
    { "secured", "pump 0 -1" } },
    MODERN ("auto") },
  { "hears-another-method", RESPONDER, BOTH, NULL, NULL, {
    SERVING,
    { "<security-info xtls=srp",
      "reply result; send session-terminate security-error; close; end insecure" } },
    MODERN ("auto") },
  { "hears-nothing-in-a-method", RESPONDER, BOTH, NULL, NULL, {
    SERVING,
    { "<security-info", "reply bad-request" },
    { "<security-info security=urn:x", "reply bad-request" } },
    MODERN ("auto") },
  { "a-method-before-there-is-one", RESPONDER, BOTH, NULL, NULL, {
    ASKED_FOR ("xtls=x509+p"),
    { "<security-info xtls=x509", "reply feature-not-implemented/unsupported-info" } },
    MODERN ("auto") },
  { "the-handshake-fails", RESPONDER, BOTH, NULL, NULL, {
    SERVING,
    { "insecure", "send session-terminate security-error; close; end insecure" } },
    MODERN ("auto") },
  { "the-handshake-shows-another-certificate", RESPONDER, BOTH, NULL, NULL, {
    SERVING,
    { "insecure key-changed", "send session-terminate security-error; close; end key-changed" } },
    MODERN ("auto") },
  { "the-peer-finds-it-insecure", RESPONDER, BOTH, NULL, NULL, {
    SERVING,
    { "<session-terminate security-error", "reply result; close; end insecure" } },
    MODERN ("auto") },
  { "the-peer-finds-our-plain-answer-insecure", RESPONDER, BOTH, NULL, NULL, {
    AGREED,
    { "<session-terminate security-error", "reply result; close; end refused" } },
    MODERN ("auto") },
  { "success-of-the-sender-leaves-us-the-bytes", RESPONDER, BOTH, NULL, NULL, {
    SERVING,
    { "<session-terminate success", "reply result" },
    { "secured", "pump 0 -1" },
    { "done g", "store unknown" },
    { "stored", "close; end done" } },
    MODERN ("auto") },
  { "success-of-the-sender-secures-nothing", RESPONDER, BOTH, NULL, NULL, {
    SERVING,
    { "<session-terminate success", "reply result" },
    { "insecure", "close; end insecure" } },
    MODERN ("auto") },
  { "our-acceptance-is-refused-amid-the-handshake", RESPONDER, BOTH, NULL, NULL, {
    ASKED_FOR ("xtls=x509+p"),
    { "accept", "wake never; remote s5b:1; prepare s5b:1" },
    { "prepared s5b:1", "send session-accept s5b:1 xtls=x509+o?; open" },
    { "open", "secure x509 p" },
    { "error bad-request", "send session-terminate general-error; close; end peer-failed" } },
    MODERN ("auto") },
  { "a-stream-that-stands-needs-no-acknowledgement", RESPONDER, BOTH, NULL, NULL, {
    ASKED_FOR ("xtls=x509+p"),
    { "accept", "wake never; remote s5b:1; prepare s5b:1" },
    { "prepared s5b:1", "send session-accept s5b:1 xtls=x509+o?; open" },
    { "open", "secure x509 p" },
    { "silence", "" } },
    MODERN ("auto") },
  { "the-transports-go-on-talking", RESPONDER, BOTH, NULL, NULL, {
    SERVING,
    { "<transport-info s5b:1 candidate", "pass s5b:1" },
    { "info s5b:1", "send transport-info s5b:1?" },
    { "<transport-replace ibb:1", "reply result; send transport-reject ibb:1" }, /* FB-8 */
    { "secured", "pump 0 -1" } },
    MODERN ("auto") },
  { "follows-to-another-transport", RESPONDER, BOTH, NULL, NULL, {
    ASKED_FOR ("xtls=x509+p"),
    { "accept", "wake never; remote s5b:1; prepare s5b:1" },
    ANSWERED ("xtls=x509+o"),
    { "<transport-replace ibb:1", "reply result; close; remote ibb:1; prepare ibb:1" },
    { "prepared ibb:1", "send transport-accept ibb:1?; open" },
    { "open", "secure x509 p" } },
    MODERN ("auto") },
  { "gives-a-file-encrypted", RESPONDER, BOTH, NULL, NULL, {
    { "<session-initiate s5b:1 senders=responder xtls=x509+p", "reply result; find; wake 300000" },
    { "found", "wake never; remote s5b:1; prepare s5b:1" },
    ANSWERED ("xtls=x509+o"),
    { "open", "secure x509 p" },
    { "secured", "pump 0 -1" } },
    MODERN ("auto") },
};

/* C-15: what stands before it is accepted. */
static const JingleDialogue early[] = {
  { "offers-it-with-every-transport", INITIATOR, "bytestreams:0 ibb:0", "g", NULL, {
    { "start", "prepare bytestreams:0 proposer sid" },
    { "empty bytestreams:0",
      "send session-initiate bytestreams:0 xtls=x509+o ibb:0 xtls=x509+o?; wake 300000" },
    { "result", "open" },
    { "open", "" },
    { "@accept xtls=x509+p",
      "reply result; accepted; send security-info xtls=x509?; wake 5000" },
    { "result", "secure x509 p; wake never" },
    { "secured", "pump 0 -1" } },
    BYTESTREAMS ("auto expected") },
  { "accepted-before-it-stands", INITIATOR, "bytestreams:0", "g", NULL, {
    { "start", "prepare bytestreams:0 proposer sid" },
    { "empty bytestreams:0", "send session-initiate bytestreams:0 xtls=x509+o?; wake 300000" },
    { "result", "open" },
    { "@accept xtls=x509+p", "reply result; accepted; send security-info xtls=x509?; wake never" },
    { "result", "" },
    { "open", "secure x509 p" } },
    BYTESTREAMS ("auto expected") },
  { "stripped", INITIATOR, "bytestreams:0", "g", NULL, {
    { "start", "prepare bytestreams:0 proposer sid" },
    { "empty bytestreams:0", "send session-initiate bytestreams:0 xtls=x509+o?; wake 300000" },
    { "result", "open" },
    { "open", "" },
    { "@accept", FAILS ("stripped") } },
    BYTESTREAMS ("auto expected") },
  { "the-other-transport-is-accepted", INITIATOR, "bytestreams:0 ibb:0", "g", NULL, { /* BS0-11 */
    TWO_HEARD,
    { "<jingle xmlns='urn:xmpp:jingle:0' action='session-accept' sid='851ba2'>"
      "<content creator='initiator' name='file-2'>"
      "<transport xmlns='urn:xmpp:jingle:transports:ibb:0'/>"
      "<security xmlns='urn:xmpp:jingle:security:xtls:0'>"
      "<fingerprint>7070707070707070707070707070707070707070</fingerprint>"
      "<method name='x509'/></security></content></jingle>",
      "reply result; accepted; wake never; close; prepare ibb:0 proposer sid; "
      "send security-info xtls=x509?" },
    { "result", "" },
    { "empty ibb:0", "open" },
    { "open", "secure x509" },
    { "secured", "pump 0 -1" } },
    BYTESTREAMS ("auto expected") },
  { "the-other-transport-is-stripped", INITIATOR, "bytestreams:0 ibb:0", "g", NULL, {
    TWO_HEARD,
    { "<jingle xmlns='urn:xmpp:jingle:0' action='session-accept' sid='851ba2'>"
      "<content creator='initiator' name='file-2'>"
      "<transport xmlns='urn:xmpp:jingle:transports:ibb:0'/></content></jingle>",
      FAILS ("stripped") } },
    BYTESTREAMS ("auto expected") },
  { "answers-it", RESPONDER, "bytestreams:0 ibb:0", NULL, NULL, {
    { "@offer xtls=x509+p",
      "reply result; remote bytestreams:0; prepare bytestreams:0; ask; wake 300000" },
    { "empty bytestreams:0", "" },
    { "accept", "wake never; open" },
    { "open", "send session-accept bytestreams:0 xtls=x509+o?; secure x509 p" },
    { "secured", "pump 0 -1" } },
    OLD ("auto") },
  { "a-changed-certificate", RESPONDER, "bytestreams:0 ibb:0", NULL, NULL, {
    { "@offer xtls=x509+q", REFUSES ("key-changed") } },
    OLD ("auto pin=p") },
  { "acknowledges-what-was-undefined", RESPONDER, "bytestreams:0 ibb:0", NULL, NULL, { /* J-19 */
    { "@offer", "reply result; remote bytestreams:0; prepare bytestreams:0; ask; wake 300000" },
    { "<security-info old xtls=x509", "reply result" } },
    OLD ("auto") },
};

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  jingle_dialogues_add ("/proto/jingle-security/initiator/", initiator, G_N_ELEMENTS (initiator));
  jingle_dialogues_add ("/proto/jingle-security/responder/", responder, G_N_ELEMENTS (responder));
  jingle_dialogues_add ("/proto/jingle-security/early/", early, G_N_ELEMENTS (early));

  return g_test_run ();
}
