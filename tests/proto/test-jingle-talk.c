/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "jingle-dialogues.h"

/* Ends of all kinds, and what is said beside the transfer. */

static const JingleDialogue dialogues[] = {
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
    { "done", "wake 15000" },
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
      "reply result; send session-terminate failed-application; close; wake never; "
      "end refused" } } },
  { "end/content-remove-without-reason", INITIATOR, BOTH, "g", NULL, {
    SENDING,
    { "<content-remove",
      "reply result; send session-terminate cancel; close; end peer-cancelled" } } },
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
    { "info s5b:1", "send transport-info s5b:1?" },
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
      "<checksum xmlns='urn:xmpp:jingle:apps:file-transfer:5' name='other'><file/></checksum>"
      "</jingle>",
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

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  jingle_dialogues_add ("/proto/jingle-session/", dialogues, G_N_ELEMENTS (dialogues));

  return g_test_run ();
}
