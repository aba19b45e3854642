/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "jingle-dialogues.h"

/* An offer to us, from the question to our user to the file on disk. */

static const FerryPeerProfile dino = { .name = "dino-like", .never_sends_checksum = TRUE };

static const JingleDialogue dialogues[] = {
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
    { "broken too-large",
      "send session-terminate media-error file-too-large; close; end too-large" } } },
  { "answer/an-unknown-application", RESPONDER, BOTH, NULL, NULL, {
    { "<jingle xmlns='urn:xmpp:jingle:1' action='session-initiate' sid='s1'><content name='v'>"
      "<description xmlns='urn:xmpp:jingle:apps:rtp:1'/><transport xmlns='urn:x'/>"
      "</content></jingle>",
      "reply result; send session-terminate unsupported-applications; end refused" } } },
  { "answer/an-unknown-transport", RESPONDER, BOTH, NULL, NULL, {
    { "<session-initiate raw-udp:1",
      "reply result; send session-terminate unsupported-transports; end refused" } } },
  { "answer/encryption-we-cannot-read", RESPONDER, BOTH, NULL, NULL, { /* J-21 */
    { "<session-initiate s5b:1 security=urn:xmpp:jingle:jet:0",
      "reply result; send session-terminate security-error; end refused" } } },
  { "answer/a-request-finds-no-file", RESPONDER, BOTH, NULL, NULL, { /* SEC-22 */
    { "<session-initiate s5b:1 senders=responder", "reply result; find; wake 300000" },
    { "decline",
      "send session-terminate failed-application file-not-available; wake never; "
      "end refused" } } },
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
      "<description xmlns='urn:xmpp:jingle:apps:file-transfer:5'><file><name>a</name></file>"
      "</description>"
      "<transport xmlns='urn:xmpp:jingle:transports:ibb:1'/></content><content name='first'>"
      "<description xmlns='urn:xmpp:jingle:apps:file-transfer:5'><file><name>a</name></file>"
      "</description>"
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
  { "answer/bytes-that-flow-need-no-acknowledgement", RESPONDER, BOTH, NULL, NULL, {
    ASKED,
    { "accept", "wake never; remote s5b:1; prepare s5b:1" },
    { "prepared s5b:1", "send session-accept s5b:1?; open" },
    { "open", "pump 0 -1" },
    { "silence", "" },
    { "done g", "wake 2500" } } },
  { "answer/the-acceptance-is-refused", RESPONDER, BOTH, NULL, NULL, {
    ASKED,
    { "accept", "wake never; remote s5b:1; prepare s5b:1" },
    { "prepared s5b:1", "send session-accept s5b:1?; open" },
    { "error bad-request", "send session-terminate general-error; close; end peer-failed" } } },
};

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  jingle_dialogues_add ("/proto/jingle-session/", dialogues, G_N_ELEMENTS (dialogues));

  return g_test_run ();
}
