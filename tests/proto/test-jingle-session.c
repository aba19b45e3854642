/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "jingle-script.h"

#define INITIATOR FERRY_ROLE_INITIATOR
#define RESPONDER FERRY_ROLE_RESPONDER
#define BOTH      "s5b:1 ibb:1"

static const FerryPeerProfile dino = { .name = "dino-like", .never_sends_checksum = TRUE };

/* The same beginnings again and again. */
#define OFFER                                                                                    \
  { "start", "prepare s5b:1 proposer" },                                                         \
  { "prepared s5b:1", "send session-initiate s5b:1?; wake 300000" },                             \
  { "result", "" }
#define ACCEPTED                                                                                 \
  OFFER,                                                                                         \
  { "<session-accept s5b:1", "reply result; accepted; remote s5b:1; open; wake never" }
#define SENDING                                                                                  \
  ACCEPTED,                                                                                      \
  { "open", "pump 0 -1" }
#define SENT                                                                                     \
  SENDING,                                                                                       \
  { "done", "wake 30000" }
#define REPLACING                                                                                \
  ACCEPTED,                                                                                      \
  { "failed", "wake 400" },                                                                      \
  { "wait 400", "wake never; close; prepare ibb:1 proposer" },                                   \
  { "prepared ibb:1", "send transport-replace ibb:1?; wake 15000" }
#define ASKED                                                                                    \
  { "<session-initiate s5b:1", "reply result; ask; wake 300000" }
#define AGREED                                                                                   \
  ASKED,                                                                                         \
  { "accept", "wake never; remote s5b:1; prepare s5b:1" },                                       \
  { "prepared s5b:1", "send session-accept s5b:1?; open" },                                      \
  { "result", "" }
#define RECEIVING                                                                                \
  AGREED,                                                                                        \
  { "open", "pump 0 -1" }
#define STORING                                                                                  \
  RECEIVING,                                                                                     \
  { "<session-info checksum=g", "reply result" },                                                \
  { "done g", "store verified" }

#define MAX_LINES 24

typedef struct
{
  const char             *name; /* of the promise */
  FerryRole               role;
  const char             *transports;
  const char             *file; /* NULL: no hash; "hash-used"; or a digest */
  const FerryPeerProfile *profile;
  JingleLine              lines[MAX_LINES];
} Dialogue;

static const Dialogue dialogues[] = {
  { "offer/is-done-when-the-receiver-says-so", INITIATOR, BOTH, "g", NULL, {
    SENT,
    { "<session-info received", "reply result" },
    { "<session-terminate success", "reply result; close; wake never; end done" } } },
  { "offer/success-alone-is-enough", INITIATOR, BOTH, "g", NULL, {
    SENT,
    { "<session-terminate success", "reply result; close; wake never; end done" } } },
  { "offer/success-may-outrun-our-pump", INITIATOR, BOTH, "g", NULL, { /* Q-DI-10 */
    SENDING,
    { "<session-terminate success", "reply result; close; end done" } } },
  { "offer/silence-is-unconfirmed", INITIATOR, BOTH, "g", NULL, { /* FT-4 */
    SENT,
    { "wait 29999", "" },
    { "wait 1", "send session-terminate success; close; wake never; end unconfirmed" } } },
  { "offer/silence-after-received-is-done", INITIATOR, BOTH, "g", NULL, {
    SENT,
    { "<session-info received", "reply result" },
    { "wait 30000", "send session-terminate success; close; wake never; end done" } } },
  { "offer/received-outlives-a-broken-stream", INITIATOR, BOTH, "g", NULL, {
    SENDING,
    { "<session-info received", "reply result" },
    { "broken truncated", "send session-terminate success; close; end done" } } },
  { "offer/tells-the-checksum-late", INITIATOR, BOTH, "hash-used", NULL, { /* FT5-3 */
    SENT,
    { "hashes g", "send session-info checksum" } } },
  { "offer/tells-the-checksum-early", INITIATOR, BOTH, "hash-used", NULL, {
    SENDING,
    { "hashes g", "send session-info checksum" },
    { "done", "wake 30000" },
    { "hashes g", "" } } },
  { "offer/keeps-the-checksum-until-the-peer-agreed", INITIATOR, BOTH, "hash-used", NULL, {
    OFFER,
    { "hashes g", "" },
    { "<session-accept s5b:1",
      "reply result; accepted; remote s5b:1; open; wake never; send session-info checksum" } } },
  { "offer/a-hash-known-in-time-goes-with-the-offer", INITIATOR, BOTH, "hash-used", NULL, {
    { "start", "prepare s5b:1 proposer" },
    { "hashes g", "" },
    { "prepared s5b:1", "send session-initiate s5b:1?; wake 300000" },
    { "<session-accept s5b:1", "reply result; accepted; remote s5b:1; open; wake never" } } },
  { "offer/honours-a-range", INITIATOR, BOTH, "g", NULL, { /* FT5-7 */
    OFFER,
    { "<session-accept s5b:1 range=4", "reply result; accepted; remote s5b:1; open; wake never" },
    { "open", "pump 4 -1" } } },
  { "offer/refuses-a-range-beyond-the-file", INITIATOR, BOTH, "g", NULL, { /* SEC-21 */
    OFFER,
    { "<session-accept s5b:1 range=7",
      "reply result; send session-terminate incompatible-parameters; close; wake never; "
      "end protocol" } } },
  { "offer/needs-no-file-in-the-answer", INITIATOR, BOTH, "g", NULL, { /* Q-PS-5 */
    OFFER,
    { "<jingle xmlns='urn:xmpp:jingle:1' action='session-accept' sid='s1'><content name='file'>"
      "<description xmlns='urn:xmpp:jingle:apps:file-transfer:5'/>"
      "<transport xmlns='urn:xmpp:jingle:transports:s5b:1'/></content></jingle>",
      "reply result; accepted; remote s5b:1; open; wake never" } } },
  { "offer/accept-may-overtake-the-acknowledgement", INITIATOR, BOTH, "g", NULL, {
    { "start", "prepare s5b:1 proposer" },
    { "prepared s5b:1", "send session-initiate s5b:1?; wake 300000" },
    { "<session-accept s5b:1", "reply result; accepted; remote s5b:1; open; wake never" },
    { "silence", "" },
    { "open", "pump 0 -1" } } },
  { "offer/expires", INITIATOR, BOTH, "g", NULL, {
    OFFER,
    { "wait 299999", "" },
    { "wait 1", "send session-terminate timeout; close; wake never; end expired" } } },
  { "offer/takes-the-next-transport-when-one-cannot-be-had", INITIATOR, BOTH, "g", NULL, {
    { "start", "prepare s5b:1 proposer" },
    { "prepared none", "close; prepare ibb:1 proposer" },
    { "prepared ibb:1", "send session-initiate ibb:1?; wake 300000" } } },
  { "offer/ends-without-any-transport", INITIATOR, "s5b:1", "g", NULL, {
    { "start", "prepare s5b:1 proposer" },
    { "prepared none", "close; end no-route" } } },
  { "offer/refuses-encryption-nobody-offered", INITIATOR, BOTH, "g", NULL, {
    OFFER,
    { "<session-accept s5b:1 security=urn:x",
      "reply result; send session-terminate security-error; close; wake never; end protocol" } } },
  { "offer/content-reject-ends-it", INITIATOR, BOTH, "g", NULL, { /* J-11 */
    OFFER,
    { "<content-reject decline",
      "reply result; send session-terminate decline; close; wake never; end declined" } } },

  { "offer/needs-a-transport", INITIATOR, "", "g", NULL, {
    { "start", "end no-route" } } },
  { "offer/another-transport-is-no-answer", INITIATOR, BOTH, "g", NULL, {
    OFFER,
    { "<session-accept ibb:1", "reply bad-request" },
    { "<session-accept s5b:1", "reply result; accepted; remote s5b:1; open; wake never" } } },
  { "offer/two-files-are-no-answer", INITIATOR, BOTH, "g", NULL, {
    OFFER,
    { "<jingle xmlns='urn:xmpp:jingle:1' action='session-accept' sid='s1'><content name='file'>"
      "<description xmlns='urn:xmpp:jingle:apps:file-transfer:5'><file/><file/></description>"
      "<transport xmlns='urn:xmpp:jingle:transports:s5b:1'/></content></jingle>",
      "reply result; send session-terminate incompatible-parameters; close; wake never; "
      "end protocol" } } },
  { "offer/an-end-without-reason-confirms-nothing", INITIATOR, BOTH, "g", NULL, {
    SENT,
    { "<session-terminate", "reply result; close; wake never; end unconfirmed" } } },

  { "answer/is-done-when-all-is-stored", RESPONDER, BOTH, NULL, NULL, { /* FT-7, FT5-8 */
    STORING,
    { "stored", "send session-info received; send session-terminate success; close; end done" } } },
  { "answer/waits-for-a-checksum", RESPONDER, BOTH, NULL, NULL, { /* FT-6, Q-CO-7 */
    RECEIVING,
    { "done g", "wake 2500" },
    { "<session-info checksum=g", "reply result; store verified; wake never" } } },
  { "answer/does-not-wait-for-ever", RESPONDER, BOTH, NULL, NULL, {
    RECEIVING,
    { "done g", "wake 2500" },
    { "wait 2500", "store unknown; wake never" } } },
  { "answer/does-not-wait-for-whom-it-knows", RESPONDER, BOTH, NULL, &dino, {
    RECEIVING,
    { "done g", "store unknown" } } },
  { "answer/compares-with-the-offer", RESPONDER, BOTH, NULL, NULL, {
    { "<session-initiate s5b:1 hash=g", "reply result; ask; wake 300000" },
    { "accept", "wake never; remote s5b:1; prepare s5b:1" },
    { "prepared s5b:1", "send session-accept s5b:1?; open" },
    { "open", "pump 0 -1" },
    { "done g", "store verified" } } },
  { "answer/refuses-other-bytes", RESPONDER, BOTH, NULL, NULL, {
    RECEIVING,
    { "<session-info checksum=g", "reply result" },
    { "done b", "send session-terminate media-error; close; end corrupt" } } },
  { "answer/refuses-other-bytes-late", RESPONDER, BOTH, NULL, NULL, {
    RECEIVING,
    { "done b", "wake 2500" },
    { "<session-info checksum=g",
      "reply result; send session-terminate media-error; close; wake never; end corrupt" } } },
  { "answer/refuses-other-bytes-until-they-are-stored", RESPONDER, BOTH, NULL, NULL, {
    RECEIVING,
    { "done b", "wake 2500" },
    { "wait 2500", "store unknown; wake never" },
    { "<session-info checksum=g",
      "reply result; send session-terminate media-error; close; end corrupt" } } },
  { "answer/a-second-checksum-may-not-contradict", RESPONDER, BOTH, NULL, NULL, {
    RECEIVING,
    { "<session-info checksum=g", "reply result" },
    { "<session-info checksum=b", "reply bad-request" },
    { "done g", "store verified" } } },
  { "answer/asks-for-a-part-if-it-can-be-had", RESPONDER, BOTH, NULL, NULL, { /* FT-9 */
    { "<session-initiate s5b:1 range", "reply result; ask; wake 300000" },
    { "accept 4", "wake never; remote s5b:1; prepare s5b:1" },
    { "prepared s5b:1", "send session-accept s5b:1?; open" },
    { "open", "pump 4 -1" } } },
  { "answer/asks-for-no-part-otherwise", RESPONDER, BOTH, NULL, NULL, {
    ASKED,
    { "accept 4", "wake never; remote s5b:1; prepare s5b:1" },
    { "prepared s5b:1", "send session-accept s5b:1?; open" },
    { "open", "pump 0 -1" } } },
  { "answer/declines", RESPONDER, BOTH, NULL, NULL, {
    ASKED,
    { "decline", "send session-terminate decline; wake never; end declined" } } },
  { "answer/expires", RESPONDER, BOTH, NULL, NULL, { /* SEC-31 */
    ASKED,
    { "wait 300000", "send session-terminate timeout; wake never; end expired" } } },
  { "answer/gathers-what-trickles-in", RESPONDER, BOTH, NULL, NULL, { /* Q-PS-2 */
    ASKED,
    { "<transport-info s5b:1 candidate", "reply result" },
    { "<transport-info ibb:1 candidate", "reply bad-request" },
    { "accept", "wake never; remote s5b:1; prepare s5b:1" },
    { "<transport-info s5b:1 candidate", "pass s5b:1" } } },
  { "answer/success-of-the-sender-leaves-us-the-bytes", RESPONDER, BOTH, NULL, NULL, {
    RECEIVING,
    { "<session-terminate success", "reply result" },
    { "done g", "store unknown" },
    { "stored", "close; end done" } } },
  { "answer/success-of-the-sender-brings-no-checksum", RESPONDER, BOTH, NULL, NULL, {
    RECEIVING,
    { "done g", "wake 2500" },
    { "<session-terminate success", "reply result; store unknown; wake never" } } },
  { "answer/a-peer-that-leaves-does-not-undo-what-is-here", RESPONDER, BOTH, NULL, NULL, {
    STORING,
    { "gone", "" },
    { "<session-terminate gone", "reply result" },
    { "stored", "close; end done" } } },
  { "answer/our-disk-is-our-affair", RESPONDER, BOTH, NULL, NULL, {
    STORING,
    { "broken disk", "send session-terminate failed-application; close; end disk" } } },
  { "answer/too-many-bytes", RESPONDER, BOTH, NULL, NULL, { /* SEC-20 */
    RECEIVING,
    { "broken too-large", "send session-terminate media-error file-too-large; close; end too-large" } } },
  { "answer/an-unknown-application", RESPONDER, BOTH, NULL, NULL, {
    { "<jingle xmlns='urn:xmpp:jingle:1' action='session-initiate' sid='s1'><content name='v'>"
      "<description xmlns='urn:xmpp:jingle:apps:rtp:1'/><transport xmlns='urn:x'/></content></jingle>",
      "reply result; send session-terminate unsupported-applications; end refused" } } },
  { "answer/an-unknown-transport", RESPONDER, BOTH, NULL, NULL, {
    { "<session-initiate raw-udp:1",
      "reply result; send session-terminate unsupported-transports; end refused" } } },
  { "answer/encryption-we-cannot-read", RESPONDER, BOTH, NULL, NULL, { /* J-21 */
    { "<session-initiate s5b:1 security=urn:xmpp:jingle:jet:0",
      "reply result; send session-terminate security-error; end refused" } } },
  { "answer/a-request-finds-no-file", RESPONDER, BOTH, NULL, NULL, { /* SEC-22 */
    { "<session-initiate s5b:1 senders=responder",
      "reply result; send session-terminate failed-application file-not-available; end refused" } } },
  { "answer/nobody-sends", RESPONDER, BOTH, NULL, NULL, { /* FT5-1 */
    { "<session-initiate s5b:1 senders=both", "reply bad-request; end protocol" } } },
  { "answer/no-file", RESPONDER, BOTH, NULL, NULL, {
    { "<jingle xmlns='urn:xmpp:jingle:1' action='session-initiate' sid='s1'><content name='f'>"
      "<description xmlns='urn:xmpp:jingle:apps:file-transfer:5'/>"
      "<transport xmlns='urn:xmpp:jingle:transports:s5b:1'/></content></jingle>",
      "reply bad-request; end protocol" } } },
  { "answer/a-negative-size", RESPONDER, BOTH, NULL, NULL, {
    { "<jingle xmlns='urn:xmpp:jingle:1' action='session-initiate' sid='s1'><content name='f'>"
      "<description xmlns='urn:xmpp:jingle:apps:file-transfer:5'><file><size>-1</size></file>"
      "</description><transport xmlns='urn:xmpp:jingle:transports:s5b:1'/></content></jingle>",
      "reply result; send session-terminate incompatible-parameters; end refused" } } },
  { "answer/somebody-elses-session", RESPONDER, BOTH, NULL, NULL, { /* J-17 */
    { "<jingle xmlns='urn:xmpp:jingle:1' action='session-initiate' sid='s1' "
      "initiator='mallory@example.net/x'><content name='f'>"
      "<description xmlns='urn:xmpp:jingle:apps:file-transfer:5'><file/></description>"
      "<transport xmlns='urn:xmpp:jingle:transports:s5b:1'/></content></jingle>",
      "reply bad-request; end protocol" } } },
  { "answer/takes-the-better-of-two-alternatives", RESPONDER, BOTH, NULL, NULL, { /* J-20, FB-9 */
    { "<jingle xmlns='urn:xmpp:jingle:1' action='session-initiate' sid='s1'><content name='second'>"
      "<description xmlns='urn:xmpp:jingle:apps:file-transfer:5'><file><name>a</name></file></description>"
      "<transport xmlns='urn:xmpp:jingle:transports:ibb:1'/></content><content name='first'>"
      "<description xmlns='urn:xmpp:jingle:apps:file-transfer:5'><file><name>a</name></file></description>"
      "<transport xmlns='urn:xmpp:jingle:transports:s5b:1'/></content></jingle>",
      "reply result; send content-remove decline; ask; wake 300000" },
    { "<content-remove name=second", "reply result" },
    { "accept", "wake never; remote s5b:1; prepare s5b:1" } } },
  { "answer/an-offer-without-a-transport", RESPONDER, BOTH, NULL, NULL, {
    { "<session-initiate", "reply bad-request; end protocol" } } },
  { "answer/an-offer-of-a-part", RESPONDER, BOTH, NULL, NULL, {
    { "<session-initiate s5b:1 range=4",
      "reply result; send session-terminate incompatible-parameters; end refused" } } },
  { "answer/a-peer-that-leaves-sends-no-checksum", RESPONDER, BOTH, NULL, NULL, {
    RECEIVING,
    { "done g", "wake 2500" },
    { "gone", "store unknown; wake never" } } },
  { "answer/success-does-not-make-a-broken-stream-whole", RESPONDER, BOTH, NULL, NULL, {
    RECEIVING,
    { "broken truncated", "close; wake 2000" },
    { "<transport-info s5b:1", "reply result" },
    { "<session-terminate success", "reply result; wake never; end truncated" } } },
  { "answer/nor-when-it-comes-first", RESPONDER, BOTH, NULL, NULL, {
    RECEIVING,
    { "<session-terminate success", "reply result" },
    { "broken truncated", "close; end truncated" } } },
  { "answer/success-before-our-stream-opened", RESPONDER, BOTH, NULL, NULL, {
    AGREED,
    { "<session-terminate success", "reply result" },
    { "open", "pump 0 -1" },
    { "done g", "store unknown" },
    { "stored", "close; end done" } } },
  { "answer/hashes-are-the-senders-affair", RESPONDER, BOTH, NULL, NULL, {
    RECEIVING,
    { "hashes b", "" },
    { "done g", "wake 2500" } } },
  { "answer/our-transport-cannot-be-had", RESPONDER, BOTH, NULL, NULL, {
    ASKED,
    { "accept", "wake never; remote s5b:1; prepare s5b:1" },
    { "prepared none", "send session-terminate failed-transport; close; end no-route" } } },
  { "answer/not-an-offer", RESPONDER, BOTH, NULL, NULL, {
    { "<transport-info s5b:1", "reply item-not-found/unknown-session; end protocol" } } },
  { "answer/the-acceptance-is-refused", RESPONDER, BOTH, NULL, NULL, {
    ASKED,
    { "accept", "wake never; remote s5b:1; prepare s5b:1" },
    { "prepared s5b:1", "send session-accept s5b:1?; open" },
    { "error bad-request", "send session-terminate general-error; close; end peer-failed" } } },

  { "replace/the-initiator-proposes-the-next", INITIATOR, BOTH, "g", NULL, { /* FB-5 */
    REPLACING,
    { "result", "" },
    { "<transport-accept ibb:1", "reply result; remote ibb:1; open; wake never" },
    { "open", "pump 0 -1" } } },
  { "replace/the-peer-may-be-faster", INITIATOR, BOTH, "g", NULL, { /* FB-5, Q-DI-7 */
    ACCEPTED,
    { "failed", "wake 400" },
    { "<transport-replace ibb:1", "reply result; wake never; close; remote ibb:1; prepare ibb:1" },
    { "prepared ibb:1", "send transport-accept ibb:1?; open" },
    { "result", "" },
    { "open", "pump 0 -1" } } },
  { "replace/the-peer-may-be-faster-than-our-gathering", INITIATOR, BOTH, "g", NULL, {
    ACCEPTED,
    { "failed", "wake 400" },
    { "wait 400", "wake never; close; prepare ibb:1 proposer" },
    { "<transport-replace ibb:1", "reply result; close; remote ibb:1; prepare ibb:1" } } },
  { "replace/of-two-that-cross-ours-counts", INITIATOR, BOTH, "g", NULL, { /* J-14, FB-6 */
    REPLACING,
    { "<transport-replace ibb:1", "reply conflict/tie-break" },
    { "<transport-accept ibb:1", "reply result; remote ibb:1; open; wake never" } } },
  { "replace/rejected", INITIATOR, BOTH, "g", NULL, { /* FB-7 */
    REPLACING,
    { "<transport-reject ibb:1",
      "reply result; send session-terminate failed-transport; close; wake never; "
      "end retry-in-band" } } },
  { "replace/answered-with-an-error", INITIATOR, BOTH, "g", NULL, {
    REPLACING,
    { "error bad-request",
      "send session-terminate failed-transport; close; wake never; end retry-in-band" } } },
  { "replace/not-answered", INITIATOR, BOTH, "g", NULL, {
    REPLACING,
    { "result", "" },
    { "wait 15000",
      "send session-terminate failed-transport; close; wake never; end retry-in-band" } } },
  { "replace/not-with-whom-it-cannot-work", INITIATOR, BOTH, "g", &dino, { /* Q-DI-7 */
    ACCEPTED,
    { "failed", "send session-terminate failed-transport; close; end retry-in-band" } } },
  { "replace/nothing-left", INITIATOR, "s5b:1", "g", NULL, {
    ACCEPTED,
    { "failed", "send session-terminate failed-transport; close; end no-route" } } },
  { "replace/in-band-failed-as-well", INITIATOR, BOTH, "g", NULL, {
    REPLACING,
    { "<transport-accept ibb:1", "reply result; remote ibb:1; open; wake never" },
    { "failed", "send session-terminate failed-transport; close; end no-route" } } },
  { "replace/a-session-in-band-is-not-tried-again", INITIATOR, "ibb:1", "g", NULL, {
    { "start", "prepare ibb:1 proposer" },
    { "prepared ibb:1", "send session-initiate ibb:1?; wake 300000" },
    { "<session-accept ibb:1", "reply result; accepted; remote ibb:1; open; wake never" },
    { "failed", "send session-terminate failed-transport; close; end no-route" } } },
  { "replace/late-words-about-the-old-one-are-forgotten", INITIATOR, BOTH, "g", NULL, { /* FB-10 */
    REPLACING,
    { "<transport-info s5b:1 candidate-used", "reply result" },
    { "<transport-info raw:1 candidate-used", "reply bad-request" },
    { "<transport-accept ibb:1", "reply result; remote ibb:1; open; wake never" },
    { "<transport-info s5b:1 activated", "reply result" },
    { "<transport-info ibb:1", "pass ibb:1" } } },
  { "replace/another-transport-is-no-answer", INITIATOR, BOTH, "g", NULL, {
    REPLACING,
    { "<transport-accept s5b:1", "reply bad-request" } } },
  { "replace/the-peers-proposal-ends-in-an-error", INITIATOR, BOTH, "g", NULL, { /* Q-DI-7 */
    ACCEPTED,
    { "failed", "wake 400" },
    { "<transport-replace ibb:1", "reply result; wake never; close; remote ibb:1; prepare ibb:1" },
    { "prepared ibb:1", "send transport-accept ibb:1?; open" },
    { "error bad-request", "send session-terminate failed-transport; close; end retry-in-band" } } },
  { "replace/the-responder-waits", RESPONDER, BOTH, NULL, NULL, {
    AGREED,
    { "failed", "wake 15000" },
    { "<transport-replace ibb:1", "reply result; wake never; close; remote ibb:1; prepare ibb:1" },
    { "prepared ibb:1", "send transport-accept ibb:1?; open" },
    { "open", "pump 0 -1" } } },
  { "replace/the-responder-does-not-wait-for-ever", RESPONDER, BOTH, NULL, NULL, {
    AGREED,
    { "failed", "wake 15000" },
    { "wait 15000", "send session-terminate failed-transport; close; wake never; end no-route" } } },
  { "replace/before-we-noticed-the-failure", RESPONDER, BOTH, NULL, NULL, {
    AGREED,
    { "<transport-replace ibb:1", "reply result; close; remote ibb:1; prepare ibb:1" } } },
  { "replace/not-while-bytes-flow", RESPONDER, BOTH, NULL, NULL, { /* FB-8 */
    RECEIVING,
    { "<transport-replace ibb:1", "reply result; send transport-reject ibb:1" },
    { "done g", "wake 2500" } } },
  { "replace/not-before-the-acceptance", RESPONDER, BOTH, NULL, NULL, {
    ASKED,
    { "<transport-replace ibb:1", "reply result; send transport-reject ibb:1" },
    { "accept", "wake never; remote s5b:1; prepare s5b:1" } } },
  { "replace/not-by-what-we-do-not-allow", RESPONDER, "s5b:1", NULL, NULL, {
    AGREED,
    { "failed", "wake 15000" },
    { "<transport-replace ibb:1", "reply result; send transport-reject ibb:1" },
    { "<session-terminate failed-transport",
      "reply result; close; wake never; end no-route" } } },
  { "replace/our-side-of-the-peers-proposal-cannot-be-had", RESPONDER, BOTH, NULL, NULL, {
    AGREED,
    { "<transport-replace ibb:1", "reply result; close; remote ibb:1; prepare ibb:1" },
    { "prepared none", "send transport-reject ibb:1; wake 15000" } } },

  { "replace/what-the-peer-proposed-is-not-proposed-again", INITIATOR, "s5b:1 ice:0 ibb:1", "g", NULL, {
    ACCEPTED,
    { "failed", "wake 400" },
    { "<transport-replace ice:0", "reply result; wake never; close; remote ice:0; prepare ice:0" },
    { "prepared ice:0", "send transport-accept ice:0?; open" },
    { "failed", "wake 400" },
    { "wait 400", "wake never; close; prepare ibb:1 proposer" } } },
  { "replace/by-nothing", INITIATOR, BOTH, "g", NULL, {
    ACCEPTED,
    { "<transport-replace", "reply bad-request" } } },

  { "end/cancel-before-the-offer", INITIATOR, BOTH, "g", NULL, {
    { "start", "prepare s5b:1 proposer" },
    { "cancel", "close; end cancelled" } } },
  { "end/cancel-an-offer", INITIATOR, BOTH, "g", NULL, {
    OFFER,
    { "cancel", "send session-terminate cancel; close; wake never; end cancelled" },
    { "<session-accept s5b:1", "reply item-not-found/unknown-session" } } },
  { "end/cancel-midway", RESPONDER, BOTH, NULL, NULL, {
    RECEIVING,
    { "cancel", "send session-terminate cancel; close; end cancelled" },
    { "done g", "" } } },
  { "end/cancel-after-received-comes-too-late", INITIATOR, BOTH, "g", NULL, {
    SENT,
    { "<session-info received", "reply result" },
    { "cancel", "send session-terminate success; close; wake never; end done" } } },
  { "end/a-broken-stream-waits-for-the-reason", INITIATOR, BOTH, "g", NULL, {
    SENDING,
    { "broken truncated", "close; wake 2000" },
    { "<session-terminate cancel", "reply result; wake never; end peer-cancelled" } } },
  { "end/a-broken-stream-has-no-reason", INITIATOR, BOTH, "g", NULL, {
    SENDING,
    { "broken truncated", "close; wake 2000" },
    { "wait 2000", "send session-terminate failed-transport; wake never; end truncated" } } },
  { "end/content-remove-of-the-only-content", RESPONDER, BOTH, NULL, NULL, { /* J-11, FT5-9 */
    RECEIVING,
    { "<content-remove cancel",
      "reply result; send session-terminate cancel; close; end peer-cancelled" } } },
  { "end/a-success-that-is-none", RESPONDER, BOTH, NULL, NULL, {
    RECEIVING,
    { "<content-remove success",
      "reply result; send session-terminate success; close; end truncated" } } },
  { "end/the-peer-leaves-before-the-bytes", RESPONDER, BOTH, NULL, NULL, { /* J-13 */
    AGREED,
    { "gone", "send session-terminate gone; close; end peer-gone" } } },
  { "end/the-peer-leaves-while-bytes-flow", INITIATOR, BOTH, "g", NULL, {
    SENDING,
    { "gone", "" },
    { "done", "wake 30000" },
    { "gone", "wake 10000" },
    { "wait 10000", "send session-terminate success; close; wake never; end unconfirmed" } } },
  { "end/the-file-is-too-large", INITIATOR, BOTH, "g", NULL, { /* protocols 6.3 */
    SENDING,
    { "<jingle xmlns='urn:xmpp:jingle:1' action='session-terminate' sid='s1'><reason><media-error/>"
      "<file-too-large xmlns='urn:xmpp:jingle:apps:file-transfer:errors:0'/></reason></jingle>",
      "reply result; close; end too-large" } } },
  { "end/the-file-is-not-there", INITIATOR, BOTH, "g", NULL, {
    OFFER,
    { "<jingle xmlns='urn:xmpp:jingle:1' action='content-reject' sid='s1'><content name='file'/>"
      "<reason><failed-application/>"
      "<file-not-available xmlns='urn:xmpp:jingle:apps:file-transfer:errors:0'/></reason></jingle>",
      "reply result; send session-terminate failed-application; close; wake never; end refused" } } },
  { "end/content-remove-without-reason", INITIATOR, BOTH, "g", NULL, {
    SENDING,
    { "<content-remove", "reply result; send session-terminate cancel; close; end peer-cancelled" } } },
  { "end/a-late-decline-cancels", RESPONDER, BOTH, NULL, NULL, {
    RECEIVING,
    { "decline", "send session-terminate cancel; close; end cancelled" } } },
  { "end/any-other-failure", RESPONDER, BOTH, NULL, NULL, {
    RECEIVING,
    { "broken protocol", "send session-terminate general-error; close; end protocol" } } },
  { "end/retries-in-band-when-the-peer-gives-up", INITIATOR, BOTH, "g", NULL, {
    ACCEPTED,
    { "<session-terminate failed_transport", "reply result; close; end retry-in-band" } } },
  { "end/retries-in-band-when-the-peer-lacks-the-transport", INITIATOR, BOTH, "g", NULL, {
    OFFER,
    { "<session-terminate unsupported-transports",
      "reply result; close; wake never; end retry-in-band" } } },

  { "info/ping", RESPONDER, BOTH, NULL, NULL, { /* J-6 */
    RECEIVING,
    { "<session-info", "reply result" } } },
  { "info/unknown", RESPONDER, BOTH, NULL, NULL, { /* J-7 */
    RECEIVING,
    { "<session-info ringing", "reply feature-not-implemented/unsupported-info" },
    { "done g", "wake 2500" } } },
  { "info/received-by-the-sender", RESPONDER, BOTH, NULL, NULL, {
    RECEIVING,
    { "<session-info received", "reply feature-not-implemented/unsupported-info" } } },
  { "info/received-too-early", INITIATOR, BOTH, "g", NULL, {
    ACCEPTED,
    { "<session-info received", "reply unexpected-request/out-of-order" } } },
  { "info/checksum-by-the-receiver", INITIATOR, BOTH, "g", NULL, {
    SENDING,
    { "<session-info checksum=g", "reply feature-not-implemented/unsupported-info" } } },
  { "info/of-the-transport", INITIATOR, BOTH, "g", NULL, {
    ACCEPTED,
    { "info s5b:1", "send transport-info s5b:1" },
    { "<transport-info s5b:1 candidate-used", "pass s5b:1" },
    { "<transport-info s5b:1 candidate-used creator=responder", "pass s5b:1" } } }, /* J-12 */
  { "info/a-transport-that-never-was", INITIATOR, BOTH, "g", NULL, {
    ACCEPTED,
    { "<transport-info ibb:1", "reply bad-request" } } },
  { "info/a-checksum-of-nothing", RESPONDER, BOTH, NULL, NULL, { /* FT5-4 */
    RECEIVING,
    { "<jingle xmlns='urn:xmpp:jingle:1' action='session-info' sid='s1'>"
      "<checksum xmlns='urn:xmpp:jingle:apps:file-transfer:5'/></jingle>", "reply bad-request" },
    { "<jingle xmlns='urn:xmpp:jingle:1' action='session-info' sid='s1'>"
      "<checksum xmlns='urn:xmpp:jingle:apps:file-transfer:5'><file>"
      "<hash xmlns='urn:xmpp:hashes:2' algo='sha-256'>AAAA</hash></file></checksum></jingle>",
      "reply bad-request" } } },
  { "info/about-another-content", RESPONDER, BOTH, NULL, NULL, {
    RECEIVING,
    { "<jingle xmlns='urn:xmpp:jingle:1' action='session-info' sid='s1'>"
      "<checksum xmlns='urn:xmpp:jingle:apps:file-transfer:5' name='other'><file/></checksum></jingle>",
      "reply bad-request" } } },
  { "content/one-file-a-session", RESPONDER, BOTH, NULL, NULL, { /* J-8, FT5-10 */
    RECEIVING,
    { "<content-add s5b:1 name=other creator=initiator",
      "reply result; send content-reject decline" },
    { "<content-remove name=other", "reply result" },
    { "done g", "wake 2500" } } },
  { "content/is-not-modified", RESPONDER, BOTH, NULL, NULL, { /* J-9 */
    RECEIVING,
    { "<content-modify senders=both", "reply feature-not-implemented" } } },
};

static void
test_dialogue (gconstpointer data)
{
  const Dialogue *dialogue = data;
  gsize n_lines = 0;
  JingleDesk desk;

  while (n_lines < MAX_LINES && dialogue->lines[n_lines].in != NULL)
    n_lines++;

  jingle_desk_init (&desk, dialogue->role, dialogue->transports, dialogue->profile, dialogue->file);
  jingle_desk_play (&desk, dialogue->lines, n_lines);
  jingle_desk_clear (&desk);
}

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
                          agreed[] = { AGREED }, receiving[] = { RECEIVING }, storing[] = { STORING };
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
    { INITIATOR | RESPONDER, "<description-info", "reply feature-not-implemented/unsupported-info" },
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
    { INITIATOR | RESPONDER, "<jingle xmlns='urn:xmpp:jingle:1' action='session-terminate' sid='s2'/>",
      "reply item-not-found/unknown-session" },
    { INITIATOR | RESPONDER, "<jingle xmlns='urn:xmpp:jingle:0' action='session-terminate' sid='s1'/>",
      "reply bad-request" },
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

  for (gsize i = 0; i < G_N_ELEMENTS (dialogues); i++)
    {
      g_autofree char *path = g_strconcat ("/proto/jingle-session/", dialogues[i].name, NULL);

      g_test_add_data_func (path, &dialogues[i], test_dialogue);
    }
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
