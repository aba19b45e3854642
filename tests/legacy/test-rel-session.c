/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "legacy/rel.h"
#include "proto/iq.h"
#include "si-script.h"

/* One link, step by step; XEP-0041 §2. */

#define PLAY(desk, lines) si_desk_play (desk, lines, G_N_ELEMENTS (lines))

#define REL_NS     "http://jabber.org/protocol/rel"
#define APP_OFFER  "<query xmlns='filexfer' filename='a.txt' size='6'/>"
#define CONSENT(cid) "<query xmlns='filexfer'><cid xmlns='" REL_NS "' value='" cid "'/></query>"
#define QUERY(keep, options) "get <query xmlns='" REL_NS "' cid='s1'" keep ">" \
  SI_FORM ("<field var='method' type='list-single'>" options "</field>") "</query>"
#define S5B        SI_OPTION ("s5b")
#define IBB        SI_OPTION ("ibb")
#define KEEP       " keepAlive='true'"
#define CHOICE(method) "<query xmlns='" REL_NS "' cid='s1'>" \
  SI_FORM ("<field var='method'><value>" method "</value></field>") "</query>"

/* The initiator's way, stop by stop. */
#define OFFERED    { "start", "send; wake 300" }
#define LINKED     { "result " CONSENT ("s1"), "accepted; send get s5b ibb keep-alive; wake never" }
#define CHOSEN     { "result " CHOICE ("s5b"), "prepare bytestreams proposer" }
#define PREPARED   { "prepared", "open; wake 180" }
#define OPEN       { "open", "wake never; pump 0 -1 close-confirms" }

/* The responder's. */
#define ASKED      { APP_OFFER, "ask; wake 300" }
#define AGREED     { "accept", "reply result; wake 60" }
#define PROPOSED   { QUERY (KEEP, S5B IBB), "wake never; prepare bytestreams" }
#define ANSWERED   { "prepared", "reply result s5b; open; wake 180" }
#define RECEIVING  { "open", "wake never; pump 0 -1 close-confirms" }

static void
play (FerryRole     role,
      const char   *transports,
      const SiLine *lines,
      gsize         n_lines)
{
  SiDesk desk;

  si_desk_init (&desk, &ferry_rel_dialect, role, transports);
  si_desk_play (&desk, lines, n_lines);
  si_desk_clear (&desk);
}

#define SEND(lines)    play (FERRY_ROLE_INITIATOR, "bytestreams ibb", lines, G_N_ELEMENTS (lines))
#define RECEIVE(lines) play (FERRY_ROLE_RESPONDER, "bytestreams ibb", lines, G_N_ELEMENTS (lines))

/* REL-8, REL-11 */
static void
test_sends (void)
{
  static const SiLine lines[] = {
    OFFERED, LINKED, CHOSEN, PREPARED, OPEN,
    { "confirmed", "close; end done" },
    { "ring", "" },
    { "failed", "" },
    { "gone", "" },
  };

  SEND (lines);
}

/* FT-7: all bytes are on disk before it is called done; nothing is ever verified (REL-14). */
static void
test_receives (void)
{
  static const SiLine lines[] = {
    ASKED, AGREED, PROPOSED, ANSWERED, RECEIVING,
    { "done good", "store unknown" },
    { "stored", "close; end done" },
  };

  RECEIVE (lines);
}

/* REL-14: nobody says how long it is */
static void
test_receives_without_a_size (void)
{
  SiDesk desk;
  g_autofree char *out = NULL;

  si_desk_init (&desk, &ferry_rel_dialect, FERRY_ROLE_RESPONDER, "bytestreams ibb");
  out = si_desk_say (&desk, "<query xmlns='filexfer' filename='a.txt'/>");
  g_assert_cmpstr (out, ==, "ask; wake 300");
  g_assert_cmpint (ferry_session_get_file (desk.session)->size, ==, -1);
  g_assert_cmpint (ferry_session_get_direction (desk.session), ==, FERRY_DIRECTION_RECEIVE);
  g_free (si_desk_say (&desk, "decline"));
  si_desk_clear (&desk);
}

/* REL-2: it is the id that the queue made up. */
static void
test_tells_its_cid (void)
{
  SiDesk desk;
  const FerryElement *query;

  si_desk_init (&desk, &ferry_rel_dialect, FERRY_ROLE_RESPONDER, "bytestreams ibb");
  g_free (si_desk_say (&desk, APP_OFFER));
  g_free (si_desk_say (&desk, "accept"));
  query = ferry_iq_get_payload (desk.said);
  g_assert_cmpstr (ferry_element_get_attribute (ferry_element_find (query, "cid", REL_NS), "value"),
                   ==, "s1");
  g_free (si_desk_say (&desk, "cancel"));
  si_desk_clear (&desk);
}

/* REL-5, REL-9, REL-15: the other method, the same cid, and it is the last */
static void
test_tries_another_method (void)
{
  static const SiLine lines[] = {
    OFFERED, LINKED, CHOSEN, PREPARED,
    { "failed", "close; send get ibb; wake never" },
    { "result " CHOICE ("ibb"), "prepare ibb proposer" },
    PREPARED, OPEN,
    { "confirmed", "close; end done" },
  };

  SEND (lines);
}

static void
test_gives_up_after_the_last (void)
{
  static const SiLine lines[] = {
    OFFERED, LINKED, CHOSEN,
    { "unprepared", "close; send get ibb" },
    { "result " CHOICE ("ibb"), "prepare ibb proposer" },
    PREPARED,
    { "failed", "close; wake never; end no-route" },
  };

  SEND (lines);
}

/* REL-6, FN-5: what failed was not offered again */
static void
test_refuses_the_method_that_failed (void)
{
  static const SiLine lines[] = {
    OFFERED, LINKED, CHOSEN, PREPARED,
    { "failed", "close; send get ibb; wake never" },
    { "result " CHOICE ("s5b"), "end protocol" },
  };

  SEND (lines);
}

/* REL-10: the cid is good for another minute */
static void
test_awaits_another_method (void)
{
  static const SiLine lines[] = {
    ASKED, AGREED, PROPOSED, ANSWERED,
    { "failed", "close; wake 60" },
    { "wait 59", "" },
    { QUERY ("", IBB), "wake never; prepare ibb" },
    { "prepared", "reply result ibb; open; wake 180" },
    RECEIVING,
    { "done good", "store unknown" },
    { "stored", "close; end done" },
  };

  RECEIVE (lines);
}

static void
test_forgets_the_cid_after_a_minute (void)
{
  static const SiLine lines[] = {
    ASKED, AGREED, PROPOSED, ANSWERED,
    { "failed", "close; wake 60" },
    { "wait 60", "wake never; end no-route" },
    { QUERY ("", IBB), "reply 404 item-not-found" },
  };

  RECEIVE (lines);
}

/* REL-10: without keepAlive BAD is the end */
static void
test_ends_where_nobody_keeps_alive (void)
{
  static const SiLine lines[] = {
    ASKED, AGREED,
    { QUERY ("", S5B IBB), "wake never; prepare bytestreams" },
    ANSWERED,
    { "failed", "close; wake never; end no-route" },
    { QUERY ("", IBB), "reply 404 item-not-found" },
  };

  RECEIVE (lines);
}

/* For the initiator it is BAD already, while we still dial. */
static void
test_follows_to_another_method (void)
{
  static const SiLine lines[] = {
    ASKED, AGREED, PROPOSED, ANSWERED,
    { QUERY ("", IBB), "close; wake never; prepare ibb" },
    { "prepared", "reply result ibb; open; wake 180" },
    { QUERY ("", IBB), "reply 404 item-not-found" },
    RECEIVING,
    { "done good", "store unknown" },
    { "stored", "close; end done" },
  };

  RECEIVE (lines);
}

/* REL-12, REL-3: a cid whose stream is GOOD, and was, is used up; nothing changes. */
static void
test_knows_no_cid_that_is_used_up (void)
{
  static const SiLine lines[] = {
    ASKED,
    { QUERY (KEEP, S5B), "reply 404 item-not-found" }, /* nobody was told it yet */
    AGREED, PROPOSED, ANSWERED, RECEIVING,
    { QUERY (KEEP, S5B IBB), "reply 404 item-not-found" },
    { "done good", "store unknown" },
    { QUERY (KEEP, IBB), "reply 404 item-not-found" },
    { "stored", "close; end done" },
    { QUERY (KEEP, IBB), "reply 404 item-not-found" },
  };

  RECEIVE (lines);
}

/* Listing 7, REL-7; protocols 8 */
static void
test_says_501 (void)
{
  static const SiLine unknown[] = {
    ASKED, AGREED,
    { QUERY (KEEP, SI_OPTION ("dcc")),
      "reply 501 feature-not-implemented; wake never; end no-route" },
  };
  static const SiLine tried[] = {
    ASKED, AGREED, PROPOSED, ANSWERED,
    { "failed", "close; wake 60" },
    { QUERY (KEEP, S5B), "reply 501 feature-not-implemented; wake never; end no-route" },
  };
  static const SiLine malformed[] = {
    ASKED, AGREED,
    { QUERY (KEEP, ""), "reply 400 bad-request; wake never; end protocol" },
  };

  RECEIVE (unknown);
  RECEIVE (tried);
  RECEIVE (malformed);
}

/* What cannot be prepared is not chosen. */
static void
test_chooses_what_can_be_had (void)
{
  static const SiLine other[] = {
    ASKED, AGREED, PROPOSED,
    { "unprepared", "close; prepare ibb" },
    { "prepared", "reply result ibb; open; wake 180" },
    { "cancel", "close; wake never; end cancelled" },
  };
  static const SiLine none[] = {
    ASKED, AGREED, PROPOSED,
    { "unprepared", "close; prepare ibb" },
    { "unprepared", "close; reply 501 feature-not-implemented; end no-route" },
  };
  static const SiLine in_band[] = {
    ASKED, AGREED,
    { QUERY (KEEP, S5B IBB), "wake never; prepare ibb" },
    { "cancel", "reply 404 item-not-found; close; end cancelled" },
  };

  RECEIVE (other);
  RECEIVE (none);
  play (FERRY_ROLE_RESPONDER, "ibb", in_band, G_N_ELEMENTS (in_band));
}

/* REL-14 */
static void
test_declines (void)
{
  static const SiLine declined[] = {
    ASKED, { "decline", "reply 403 forbidden; wake never; end declined" },
  };
  static const SiLine cancelled[] = {
    ASKED, { "cancel", "reply 403 forbidden; wake never; end cancelled" },
  };
  static const SiLine expired[] = {
    ASKED,
    { "wait 299", "" },
    { "ring", "" },
    { "wait 1", "reply 403 forbidden; wake never; end expired" },
  };
  static const SiLine linked[] = {
    ASKED, AGREED, { "decline", "wake never; end cancelled" },
  };
  static const SiLine gone[] = {
    ASKED, AGREED, { "wait 60", "wake never; end peer-gone" },
  };

  RECEIVE (declined);
  RECEIVE (cancelled);
  RECEIVE (expired);
  RECEIVE (linked);
  RECEIVE (gone);
}

static void
test_refuses_offers (void)
{
  static const SiLine nameless[] = {
    { "<query xmlns='filexfer'/>", "reply 400 bad-request; end refused" },
  };
  static const SiLine endless[] = {
    { "<query xmlns='filexfer' filename='a' size='much'/>", "reply 400 bad-request; end refused" },
  };
  static const SiLine early[] = {
    { QUERY (KEEP, S5B), "reply 400 bad-request; end refused" },
  };
  static const SiLine twice[] = {
    ASKED,
    { APP_OFFER, "reply 400 bad-request" },
    { "decline", "reply 403 forbidden; wake never; end declined" },
  };

  RECEIVE (nameless);
  RECEIVE (endless);
  RECEIVE (early);
  RECEIVE (twice);
}

#define ERROR(condition) "error <error type='cancel'><" condition " xmlns='" \
                         "urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"

static void
test_understands_refusals_of_the_offer (void)
{
  static const struct { const char *in; const char *out; } cases[] = {
    { ERROR ("forbidden"), "wake never; end declined" },
    { "error <error code='403'>Offer Declined</error>", "wake never; end declined" },
    { ERROR ("service-unavailable"), "wake never; end peer-cannot" },
    { "error <error code='501'>No</error>", "wake never; end peer-cannot" },
    { ERROR ("resource-constraint"), "wake never; end peer-busy" },
    { ERROR ("recipient-unavailable"), "wake never; end peer-gone" },
    { ERROR ("not-authorized"), "wake never; end refused" },
    { "silence", "wake never; end peer-gone" },
    { "result", "wake never; end protocol" },
    { "result " CONSENT (""), "wake never; end protocol" },
    { "result " APP_OFFER, "wake never; end protocol" },
    { "wait 300", "wake never; end expired" },
    { "decline", "wake never; end cancelled" },
    { "gone", "wake never; end peer-gone" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const SiLine lines[] = { OFFERED, { cases[i].in, cases[i].out } };

      SEND (lines);
    }
}

/* REL-7 */
static void
test_understands_refusals_of_the_methods (void)
{
  static const struct { const char *in; const char *out; } cases[] = {
    { "error <error code='501'>No supported protocols.</error>", "end no-route" },
    { ERROR ("item-not-found"), "end peer-cancelled" },
    { ERROR ("service-unavailable"), "end peer-cannot" },
    { "silence", "end peer-gone" },
    { "result", "end protocol" },
    { "result " CHOICE ("dcc"), "end protocol" },
    { "result <query xmlns='" REL_NS "' cid='other'/>", "end protocol" },
    { "cancel", "end cancelled" },
    { "gone", "end peer-gone" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const SiLine lines[] = { OFFERED, LINKED, { cases[i].in, cases[i].out } };

      SEND (lines);
    }
}

/* It is not the user who took the cid back. */
static void
test_understands_a_short_memory (void)
{
  static const SiLine lines[] = {
    OFFERED, LINKED, CHOSEN, PREPARED,
    { "failed", "close; send get ibb; wake never" },
    { ERROR ("item-not-found"), "end no-route" },
  };

  SEND (lines);
}

/* REL-5: a single method is the last from the beginning. */
static void
test_offers_what_is_allowed (void)
{
  static const SiLine one[] = {
    OFFERED,
    { "result " CONSENT ("s1"), "accepted; send get ibb; wake never" },
    { "result " CHOICE ("ibb"), "prepare ibb proposer" },
    { "failed", "close; end no-route" },
  };
  static const SiLine none[] = { { "start", "end no-route" } };

  play (FERRY_ROLE_INITIATOR, "ibb", one, G_N_ELEMENTS (one));
  play (FERRY_ROLE_INITIATOR, "", none, G_N_ELEMENTS (none));
}

/* CLOS without the peer's close, ERR, and a peer that never connects */
static void
test_streams_end (void)
{
  static const SiLine unconfirmed[] = {
    OFFERED, LINKED, CHOSEN, PREPARED, OPEN,
    { "done", "close; end unconfirmed" },
  };
  static const SiLine broken[] = {
    OFFERED, LINKED, CHOSEN, PREPARED, OPEN,
    { "broken peer-gone", "close; end peer-cancelled" },
  };
  static const SiLine cut[] = {
    ASKED, AGREED, PROPOSED, ANSWERED, RECEIVING,
    { "gone", "" }, /* the stream may live on */
    { "broken truncated", "close; end truncated" },
  };
  static const SiLine disk[] = {
    ASKED, AGREED, PROPOSED, ANSWERED, RECEIVING,
    { "done good", "store unknown" },
    { "broken disk", "close; end disk" },
  };
  static const SiLine idle[] = {
    OFFERED, LINKED, CHOSEN, PREPARED,
    { "wait 180", "close; send get ibb; wake never" },
    { "cancel", "end cancelled" },
  };

  SEND (unconfirmed);
  SEND (broken);
  RECEIVE (cut);
  RECEIVE (disk);
  SEND (idle);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/legacy/rel-session/sends", test_sends);
  g_test_add_func ("/legacy/rel-session/receives", test_receives);
  g_test_add_func ("/legacy/rel-session/receives-without-a-size", test_receives_without_a_size);
  g_test_add_func ("/legacy/rel-session/tells-its-cid", test_tells_its_cid);
  g_test_add_func ("/legacy/rel-session/tries-another-method", test_tries_another_method);
  g_test_add_func ("/legacy/rel-session/gives-up-after-the-last", test_gives_up_after_the_last);
  g_test_add_func ("/legacy/rel-session/refuses-the-method-that-failed",
                   test_refuses_the_method_that_failed);
  g_test_add_func ("/legacy/rel-session/awaits-another-method", test_awaits_another_method);
  g_test_add_func ("/legacy/rel-session/forgets-the-cid-after-a-minute",
                   test_forgets_the_cid_after_a_minute);
  g_test_add_func ("/legacy/rel-session/ends-where-nobody-keeps-alive",
                   test_ends_where_nobody_keeps_alive);
  g_test_add_func ("/legacy/rel-session/follows-to-another-method", test_follows_to_another_method);
  g_test_add_func ("/legacy/rel-session/knows-no-cid-that-is-used-up",
                   test_knows_no_cid_that_is_used_up);
  g_test_add_func ("/legacy/rel-session/says-501", test_says_501);
  g_test_add_func ("/legacy/rel-session/chooses-what-can-be-had", test_chooses_what_can_be_had);
  g_test_add_func ("/legacy/rel-session/declines", test_declines);
  g_test_add_func ("/legacy/rel-session/refuses-offers", test_refuses_offers);
  g_test_add_func ("/legacy/rel-session/understands-refusals-of-the-offer",
                   test_understands_refusals_of_the_offer);
  g_test_add_func ("/legacy/rel-session/understands-refusals-of-the-methods",
                   test_understands_refusals_of_the_methods);
  g_test_add_func ("/legacy/rel-session/understands-a-short-memory",
                   test_understands_a_short_memory);
  g_test_add_func ("/legacy/rel-session/offers-what-is-allowed", test_offers_what_is_allowed);
  g_test_add_func ("/legacy/rel-session/streams-end", test_streams_end);

  return g_test_run ();
}
