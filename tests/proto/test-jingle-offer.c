/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "jingle-dialogues.h"

/* Our offer, from START to the receiver's word. */

static const JingleDialogue dialogues[] = {
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
  /* Who wants no byte has them all once its stream stands, which ours may not yet. */
  { "offer/success-may-outrun-an-empty-stream", INITIATOR, BOTH, "g", NULL, {
    OFFER,
    { "<session-accept s5b:1 range=6", "reply result; accepted; remote s5b:1; open; wake never" },
    { "<session-terminate success", "reply result" },
    { "info s5b:1", "" },
    { "open", "pump 6 -1" },
    { "done", "close; end done" } } },
  { "offer/success-is-enough-for-an-empty-stream", INITIATOR, BOTH, "g", NULL, {
    OFFER,
    { "<session-accept s5b:1 range=6", "reply result; accepted; remote s5b:1; open; wake never" },
    { "<session-terminate success", "reply result" },
    { "failed", "close; end done" } } },
  { "offer/success-cannot-outrun-bytes", INITIATOR, BOTH, "g", NULL, {
    ACCEPTED,
    { "<session-terminate success", "reply result; close; end protocol" } } },
  { "offer/silence-is-unconfirmed", INITIATOR, BOTH, "g", NULL, { /* FT-4 */
    SENT,
    { "wait 14999", "" },
    { "wait 1", "send session-info?; wake 15000" },
    { "wait 14999", "" },
    { "wait 1", "send session-terminate success; close; wake never; end unconfirmed" } } },
  { "offer/a-slow-receiver-is-waited-for", INITIATOR, BOTH, "g", NULL, { /* FT-4 */
    SENT,
    { "wait 15000", "send session-info?; wake 15000" },
    { "wait 14000", "" },
    { "result", "wake 15000" },
    { "wait 15000", "send session-info?; wake 15000" },
    { "result", "" },
    { "<session-info received", "reply result" },
    { "<session-terminate success", "reply result; close; wake never; end done" } } },
  { "offer/patience-has-an-end", INITIATOR, BOTH, "g", NULL, {
    SENT,
    { "wait 595000", "send session-info?; wake 15000" },
    { "result", "wake 5000" },
    { "wait 5000", "send session-terminate success; close; wake never; end unconfirmed" } } },
  { "offer/a-receiver-that-does-not-understand-is-silent", INITIATOR, BOTH, "g", NULL, {
    SENT,
    { "wait 15000", "send session-info?; wake 15000" },
    { "error feature-not-implemented", "" },
    { "wait 15000", "send session-terminate success; close; wake never; end unconfirmed" } } },
  { "offer/a-receiver-that-knows-nothing-any-more", INITIATOR, BOTH, "g", NULL, {
    SENT,
    { "wait 15000", "send session-info?; wake 15000" },
    { "error item-not-found", "close; wake never; end unconfirmed" } } },
  { "offer/silence-after-received-is-done", INITIATOR, BOTH, "g", NULL, {
    SENT,
    { "<session-info received", "reply result" },
    { "wait 15000", "send session-terminate success; close; wake never; end done" } } },
  { "offer/received-outlives-a-broken-stream", INITIATOR, BOTH, "g", NULL, {
    SENDING,
    { "<session-info received", "reply result" },
    { "broken truncated", "send session-terminate success; close; end done" } } },
  { "offer/tells-the-checksum-late", INITIATOR, BOTH, "hash-used", NULL, { /* FT5-3 */
    SENT,
    { "hashes g", "send session-info checksum?" } } },
  { "offer/tells-the-checksum-early", INITIATOR, BOTH, "hash-used", NULL, {
    SENDING,
    { "hashes g", "send session-info checksum?" },
    { "done", "wake 15000" },
    { "hashes g", "" } } },
  { "offer/says-an-unheard-checksum-with-the-last-byte", INITIATOR, BOTH, "hash-used", NULL, {
    SENDING,
    { "hashes g", "send session-info checksum?" },
    { "error recipient-unavailable", "" },
    { "done", "send session-info checksum?; wake 15000" },
    { "result", "" },
    { "<session-info", "reply result" } } },
  { "offer/says-an-unheard-checksum-to-who-is-back", INITIATOR, BOTH, "hash-used", NULL, {
    SENDING,
    { "hashes g", "send session-info checksum?" },
    { "silence", "" },
    { "<session-info", "reply result; send session-info checksum?" },
    { "result", "" },
    { "done", "wake 15000" } } },
  { "offer/says-an-unheard-checksum-three-times", INITIATOR, BOTH, "hash-used", NULL, {
    SENT,
    { "hashes g", "send session-info checksum?" },
    { "error service-unavailable", "" },
    { "wait 15000", "send session-info?; wake 15000" },
    { "result", "send session-info checksum?" },
    { "error recipient-unavailable", "" },
    { "wait 15000", "send session-info?; wake 15000" },
    { "result", "send session-info checksum?" },
    { "silence", "" },
    { "wait 15000", "send session-info?; wake 15000" },
    { "result", "" } } },
  { "offer/repeats-no-checksum-that-was-refused", INITIATOR, BOTH, "hash-used", NULL, {
    SENDING,
    { "hashes g", "send session-info checksum?" },
    { "error feature-not-implemented", "" },
    { "done", "wake 15000" } } },
  { "offer/keeps-the-checksum-until-the-peer-agreed", INITIATOR, BOTH, "hash-used", NULL, {
    OFFER,
    { "hashes g", "" },
    { "<session-accept s5b:1",
      "reply result; accepted; remote s5b:1; open; wake never; send session-info checksum?" } } },
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
  { "offer/what-was-received-stays-received", INITIATOR, BOTH, "g", NULL, {
    SENT,
    { "<session-info received", "reply result" },
    { "<session-terminate gone", "reply result; close; wake never; end done" } } },
  { "offer/an-alarm-that-is-not-due", INITIATOR, BOTH, "g", NULL, {
    OFFER,
    { "ring", "" },
    { "wait 1000", "" },
    { "ring", "" } } },
};

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  jingle_dialogues_add ("/proto/jingle-session/", dialogues, G_N_ELEMENTS (dialogues));

  return g_test_run ();
}
