/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "jingle-dialogues.h"

/* From one transport to the next, XEP-0260 §3 and protocols 4.6. */

static const FerryPeerProfile dino = { .name = "dino-like", .never_sends_checksum = TRUE };

static const JingleDialogue dialogues[] = {
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
  { "replace/in-band-given-up-by-the-peer", INITIATOR, "ibb:1", "g", NULL, {
    { "start", "prepare ibb:1 proposer" },
    { "prepared ibb:1", "send session-initiate ibb:1?; wake 300000" },
    { "<session-terminate failed-transport", "reply result; close; wake never; end no-route" } } },
  { "replace/late-words-before-we-propose", INITIATOR, BOTH, "g", NULL, {
    ACCEPTED,
    { "failed", "wake 400" },
    { "<transport-info s5b:1 candidate-used", "reply result" } } },
  { "replace/late-answers-about-an-earlier-one", INITIATOR, "s5b:1 s5b:0 ibb:1", "g", NULL, {
    ACCEPTED,
    { "failed", "wake 400" },
    { "wait 400", "wake never; close; prepare s5b:0 proposer" },
    { "prepared s5b:0", "send transport-replace s5b:0?; wake 15000" },
    { "<transport-accept s5b:0", "reply result; remote s5b:0; open; wake never" },
    { "failed", "wake 400" },
    { "wait 400", "wake never; close; prepare ibb:1 proposer" },
    { "prepared ibb:1", "send transport-replace ibb:1?; wake 15000" },
    { "late bad-request", "" },
    { "<transport-accept ibb:1", "reply result; remote ibb:1; open; wake never" } } },
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
    { "error bad-request",
      "send session-terminate failed-transport; close; end retry-in-band" } } },
  { "replace/the-responder-waits", RESPONDER, BOTH, NULL, NULL, {
    AGREED,
    { "failed", "wake 15000" },
    { "<transport-replace ibb:1", "reply result; wake never; close; remote ibb:1; prepare ibb:1" },
    { "prepared ibb:1", "send transport-accept ibb:1?; open" },
    { "open", "pump 0 -1" } } },
  { "replace/the-responder-does-not-wait-for-ever", RESPONDER, BOTH, NULL, NULL, {
    AGREED,
    { "failed", "wake 15000" },
    { "wait 15000",
      "send session-terminate failed-transport; close; wake never; end no-route" } } },
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
  { "replace/what-the-peer-proposed-is-not-proposed-again", INITIATOR, "s5b:1 s5b:0 ibb:1",
    "g", NULL, {
    ACCEPTED,
    { "failed", "wake 400" },
    { "<transport-replace s5b:0", "reply result; wake never; close; remote s5b:0; prepare s5b:0" },
    { "prepared s5b:0", "send transport-accept s5b:0?; open" },
    { "failed", "wake 400" },
    { "wait 400", "wake never; close; prepare ibb:1 proposer" } } },
  { "replace/by-nothing", INITIATOR, BOTH, "g", NULL, {
    ACCEPTED,
    { "<transport-replace", "reply bad-request" } } },
};

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  jingle_dialogues_add ("/proto/jingle-session/", dialogues, G_N_ELEMENTS (dialogues));

  return g_test_run ();
}
